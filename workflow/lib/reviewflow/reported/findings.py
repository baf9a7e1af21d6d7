"""What a check says: findings, how many rows it examined, and the two tables made of both."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import frame, join_list

SEVERITIES = ("critical", "major", "moderate", "minor", "info")


class Finding(NamedTuple):
    """One finding, as the columns of reported_statistics.csv have it."""

    subject: str
    severity: str
    certainty: str
    finding: str
    location: str = ""
    analyses: Sequence[str] = ()
    studies: Sequence[str] = ()
    printed: str = ""
    expected: str = ""
    evidence: str = ""
    ask: str = ""


class Outcome(NamedTuple):
    """What one check came to. `examined` counts the rows, pairs or groups that it could look at."""

    check: str
    about: str
    examined: int
    findings: Sequence[Finding]

    @property
    def verdict(self) -> str:
        """clean, finding, or not_applicable."""
        if self.findings:
            return "finding"
        return "clean" if self.examined else "not_applicable"


def tables(outcomes: Iterable[Outcome]) -> dict[str, pd.DataFrame]:
    """Tables reported_statistics and reported_checks."""
    listed = list(outcomes)
    checks = [
        {
            "check": o.check, "about": o.about, "examined": o.examined,
            "findings": len(o.findings), "verdict": o.verdict,
        }
        for o in listed
    ]  # fmt: skip
    found = [_row(outcome.check, finding) for outcome in listed for finding in outcome.findings]
    found.sort(key=lambda row: (row["rank"], row["check"], row["finding_id"]))
    return {
        "reported_statistics": frame("results/audit/reported_statistics", found),
        "reported_checks": frame("results/audit/reported_checks", checks),
    }


def _row(check: str, finding: Finding) -> dict[str, object]:
    lists = {name: join_list(getattr(finding, name)) for name in ("analyses", "studies")}
    about = {"finding_id": f"{check}:{finding.subject}", "rank": SEVERITIES.index(finding.severity) + 1, "check": check}
    return {**finding._asdict(), **lists, **about}


def several(n: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{n} {one if n == 1 else many or one + 's'}"
