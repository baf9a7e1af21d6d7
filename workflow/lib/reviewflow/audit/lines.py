"""The lines of votes.csv with their times read: when a decision was made, and how exactly that is known."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple, TypeVar

import pandas as pd

from reviewflow.tables import parse_time

from .findings import Finding

_COLUMNS = (
    "stage", "report_id", "reviewer", "role", "record_id", "decision", "reason", "decided_at", "event_id", "seen",
    "imported", "seal", "seal_problem", "holds", "file", "line", "note",
)  # fmt: skip
_Key = TypeVar("_Key")
_SECONDS = re.compile(r"[^0-9W-]\d\d:?\d\d:?\d\d")
_DATE = 10
_OLDEST = datetime.min.replace(tzinfo=UTC)
_WIDTHS = {"minute": timedelta(minutes=1), "day": timedelta(days=1)}


class Line(NamedTuple):
    """One decision. `time` is None where the line has none; it was made at `time` or later, but before `until` (or at
    `time` itself where the two are the same). `exact` is second, minute, day, or blank."""

    stage: str
    report_id: str
    reviewer: str
    role: str
    record_id: str
    decision: str
    reason: str
    decided_at: str
    event_id: str
    seen: str
    imported: str
    seal: str
    seal_problem: str
    holds: bool
    file: str
    line: int
    note: str
    time: datetime | None
    until: datetime | None
    exact: str

    @property
    def said(self) -> str | tuple[str, str]:
        """What counts of the decision at its stage: reasons matter at full text only."""
        return (self.decision, self.reason) if self.stage == "full_text" else self.decision

    @property
    def place(self) -> tuple[str, int]:
        """File and line."""
        return self.file, self.line

    @property
    def by_page(self) -> bool:
        """Whether the page wrote the line: its seal holds, and it was not imported."""
        return self.seal == "sealed" and not self.imported


def lines_of(votes: pd.DataFrame) -> list[Line]:
    """The lines of votes.csv, oldest first; those without a time come before all others, as screening has it."""
    rows = zip(*(votes[name].tolist() for name in _COLUMNS), strict=True)
    return sorted((Line._make((*row, *_when(row[7]))) for row in rows), key=_age)


def _when(cell: str) -> tuple[datetime | None, datetime | None, str]:
    time = parse_time(cell) if cell else None
    if time is None:
        return None, None, ""
    exact = "day" if len(cell) <= _DATE else "second" if _SECONDS.search(cell) else "minute"
    if exact == "second":
        return time, time, exact
    # The last day that a date can have has no end.
    until = time + _WIDTHS[exact] if time.year < datetime.max.year else time
    return time, until, exact


def _age(line: Line) -> tuple[datetime, str, int]:
    return line.time or _OLDEST, line.file, line.line


def before(one: Line, other: Line) -> bool:
    """Whether one decision is surely older than another."""
    if one.time is None or other.time is None or one.until is None:
        return False
    return one.until <= other.time and one.time != other.time


def grouped(lines: Iterable[Line], *names: str) -> dict[tuple[str, ...], list[Line]]:
    """Lines by these two or more fields, each group in the order of the lines."""
    return _grouped(lines, attrgetter(*names))


def by(lines: Iterable[Line], name: str) -> dict[str, list[Line]]:
    """Lines by one field, each group in the order of the lines."""
    return _grouped(lines, attrgetter(name))


def _grouped(lines: Iterable[Line], key: Callable[[Line], _Key]) -> dict[_Key, list[Line]]:
    found: defaultdict[_Key, list[Line]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return dict(found)


def votes_of(lines: Iterable[Line]) -> Iterator[Line]:
    """Those that vote: a withdrawal is none."""
    return (line for line in lines if line.decision != "withdraw")


def about(line: Line, severity: str, check: str, said: str, mend: str = "") -> Finding:
    """A finding about one line."""
    who = (line.stage, line.reviewer, line.report_id, line.record_id, line.event_id)
    return Finding(severity, check, said, mend, *who, line.file, line.line)
