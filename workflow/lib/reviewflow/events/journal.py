"""One person's decision file: dated, sealed events, appended by one writer at a time."""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reviewflow.faults import DataFaults, Fault
from reviewflow.formulas import neutral
from reviewflow.tables import parse_time

from .append import Appender
from .seal import SEAL_LENGTH, seal

# Columns that the page fills beside those that every decision file has.
SEALING = ("event_id", "seen", "previous", "seal")
_SEAL = re.compile(rf"\bs[0-9a-f]{{{SEAL_LENGTH - 1}}}\b")
# How the page writes a time; people and other tools do not.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# Clocks of two computers, and the hour of summer time, may differ by less than this.
_CLOCK_SKEW = timedelta(days=1)


class Journal(Appender):
    """The decision file of one person at one stage, open for appending by this process alone.

    `root` is the review's folder, `columns` those that a new file gets (without the sealing ones). Raises Busy where
    another process has it open, DataFaults where the file cannot be appended to as it is.
    """

    def __init__(self, root: Path, stage: str, person: str, file: str, columns: Sequence[str]) -> None:
        self.stage, self.person = stage, person
        self._last: tuple[tuple[str, str], datetime | None]
        super().__init__(root, file, [*columns, *SEALING], f"{stage}_{Path(file).stem}")

    def append(self, cells: Mapping[str, str], now: datetime | None = None) -> dict[str, str]:
        """Write one event and return it with decided_at, event_id, previous and seal.

        The line is on disk when this returns. Its time lies after every time in the file, also where the clock was set
        back, for the newest line of a record holds.
        """
        self._make_ready()
        before, last = self._last
        instant = (now or datetime.now(UTC)).astimezone(UTC)
        instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
        if last and last - instant > _CLOCK_SKEW:
            problem = f"a decision is dated {last:%Y-%m-%d %H:%M}, which lies in the future"
            raise DataFaults([Fault(self.file, 0, "decided_at", problem, "correct it, or set this computer's clock")])
        if last and instant <= last:
            instant = last + timedelta(milliseconds=1)
        event = dict.fromkeys(self._header, "") | dict(cells)
        # What a person types is opened in spreadsheets later; the seal covers the cell as it stands in the file.
        event["note"] = neutral(event.get("note", ""))
        event["decided_at"] = instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event["event_id"] = f"ev{secrets.token_hex(8)}"
        event["previous"] = before[0]
        event["seal"] = seal(self.stage, self.person, event, before[1])
        self.write(event)
        self._last = ((event["event_id"], event["seal"]), instant)
        return event

    def _cut(self, _cells: Mapping[str, str]) -> bool:
        """Whether a line that the page began ends before its seal does."""
        return bool(_cells.get("event_id")) and len(_cells.get("seal", "")) != SEAL_LENGTH

    def _begun(self, tail: str, cells: Mapping[str, str]) -> bool:
        """Whether the page may have begun the line: it has no whole seal in it, and the page's way of writing the time.
        Where it ends within or before the time, it is one line of text."""
        if _SEAL.search(tail):
            return False
        timed = "decided_at" in list(cells)[:-1]
        return bool(_TIME.fullmatch(cells["decided_at"])) if timed else super()._begun(tail, cells)

    def _read(self, rows: list[dict[str, str]]) -> None:
        """The event that nothing was written behind (the newest where copies were merged), and the newest time."""
        super()._read(rows)
        sealed = [row for row in rows if row.get("event_id") and row.get("seal")]
        followed = {row.get("previous", "") for row in sealed}
        ends = [row for row in sealed if row["event_id"] not in followed]
        times = [time for row in rows if (time := parse_time((row.get("decided_at") or "").strip()))]
        end = max(ends, key=lambda row: row.get("decided_at", ""), default=None)
        self._last = ((end["event_id"], end["seal"]) if end else ("", ""), max(times, default=None))
