"""What an audit finds: one shape for every check, the gravest first."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import frame

SEVERITIES = ("error", "warning", "note")
_TABLE = "results/audit/findings"


class Finding(NamedTuple):
    """One finding, as the columns of findings.csv have it."""

    severity: str
    check: str
    finding: str
    mend: str = ""
    stage: str = ""
    reviewer: str = ""
    report_id: str = ""
    record_id: str = ""
    event_id: str = ""
    file: str = ""
    line: int | None = None

    @property
    def rank(self) -> int:
        """1 for an error, 3 for a note."""
        return SEVERITIES.index(self.severity) + 1

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        said = f"{self.finding}; {self.mend}" if self.mend else self.finding
        who = ", ".join(part for part in (self.stage.replace("_", " "), self.reviewer, self.report_id) if part)
        where = self.place or who
        return f"{where}: {said}" if where else said


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then by check and place; what was found twice stands once."""
    return sorted(set(findings), key=_key)


def _key(finding: Finding) -> tuple[object, ...]:
    first = (finding.rank, finding.check, finding.stage, finding.file, finding.line or 0)
    return (*first, finding.reviewer, finding.report_id, finding.record_id, finding.finding)


def table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Table findings."""
    return frame(_TABLE, [finding._asdict() | {"rank": finding.rank} for finding in ordered(findings)])


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    listed = [finding.severity for finding in findings]
    return {severity: listed.count(severity) for severity in SEVERITIES}


def several(n: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{n} {one if n == 1 else many or one + 's'}"
