"""One person's own decision file at one stage: what stands in it, and appending to it."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from reviewflow.events import Journal
from reviewflow.formulas import plain
from reviewflow.tables import parse_time, read_people, rows_of, schema

TABLE = "records/screening/decisions"
_UNDATED = datetime.min.replace(tzinfo=UTC)


class Event(NamedTuple):
    """One line of the file that says something."""

    record_id: str
    decision: str
    reason: str
    note: str
    decided_at: str
    event_id: str = ""
    seen: str = ""

    @property
    def time(self) -> datetime:
        """When; a line that was imported without its time is older than all others."""
        return parse_time(self.decided_at) or _UNDATED

    @property
    def seconds(self) -> float:
        """When, in seconds since 1970; 0 where that is not known."""
        return self.time.timestamp() if self.decided_at else 0.0

    @property
    def token(self) -> str:
        """By what a form names this event; a line written by hand has no event_id."""
        return self.event_id or f"at {self.decided_at}"


def event_of(cells: Mapping[str, str]) -> Event:
    """The event of a line as it stands in the file."""
    read = {name: str(cells.get(name) or "") for name in Event._fields}
    return Event(**read | {"note": plain(read["note"])})


class OwnFile:
    """The events of one person at one stage, and the journal that adds to them.

    Opening it makes it this process's own until `close`. Raises Busy and DataFaults.
    """

    table = TABLE

    def __init__(self, root: Path, stage: str, person: str) -> None:
        self.file = f"records/screening/{stage}/{person}.csv"
        self._made = (root, stage, person, self.file, _columns(self.table))
        self._root, self._path = root, root / self.file
        self._journal = Journal(*self._made)
        self.mended = self._journal.mended
        self._state = self._stat()

    def read(self) -> list[Event]:
        """Every event, oldest first. Where two are of one time their order is that in which the workflow reads them."""
        return _events(self._path, self.table, self._root)

    def changed(self) -> bool:
        """Whether anybody but this process has written the file since it was last read or appended to."""
        return self._stat() != self._state

    def reopen(self) -> None:
        """Take the file as it stands now."""
        self._journal.close()
        self._journal = Journal(*self._made)
        self._state = self._stat()

    def append(self, events: Iterable[Event]) -> list[Event]:
        """Write events, each on disk when this returns, and give them with their times and ids."""
        written = []
        for event in events:
            written.append(event_of(self._journal.append(self.cells(event))))
            self._state = self._stat()
        return written

    def cells(self, event: Event) -> dict[str, str]:
        """The cells of an event's line, without those that the journal fills."""
        return {name: getattr(event, name) for name in ("record_id", "decision", "reason", "note", "seen")}

    def close(self) -> None:
        """Let others write."""
        self._journal.close()

    def _stat(self) -> tuple[int, int, int]:
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return (0, 0, 0)
        return (found.st_ino, found.st_size, found.st_mtime_ns)


def _columns(table: str) -> list[str]:
    return [column.name for column in schema(table).columns.values() if not column.optional]


def read_only(root: Path, stage: str, person: str, table: str = TABLE) -> list[Event]:
    """The events of a file that another process has open."""
    return _events(root / f"records/screening/{stage}/{person}.csv", table, root)


def _events(path: Path, table: str, root: Path) -> list[Event]:
    """The events of a file; none where nobody has decided yet and it is not there."""
    lines = rows_of(read_people(path, table, root)) if path.is_file() else []
    return sorted(
        map(event_of, (line for line in lines if line["decision"])), key=lambda e: (e.time, e.decision, e.reason)
    )
