"""Appending to one person's decision file: one writer at a time, each line on disk before the call returns."""

import csv
import io
import os
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from reviewflow.faults import DataFaults, Fault
from reviewflow.tables import parse_time

from .seal import SEAL_LENGTH, seal

# Columns that the page fills beside those that every decision file has.
SEALING = ("event_id", "seen", "previous", "seal")
WORKROOM = ".reviewflow"
# Clocks of two computers, and the hour of summer time, may differ by less than this.
_CLOCK_SKEW = timedelta(days=1)


class Busy(Exception):
    """Another process writes this person's file."""


class Journal:
    """The decision file of one person at one stage, open for appending by this process alone.

    `root` is the review's folder, `columns` those that a new file gets (without the sealing ones). Raises Busy where
    another process has it open, DataFaults where the file cannot be appended to as it is.
    """

    def __init__(self, root: Path, stage: str, person: str, file: str, columns: Sequence[str]) -> None:
        self.path = root / file
        self.stage, self.person, self.file = stage, person, file
        self.mended = ""
        self._room = root / WORKROOM
        self._last: tuple[tuple[str, str], datetime | None]
        self._lock = FileLock(self._room / f"{stage}_{Path(file).stem}.lock")
        (self._room).mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise Busy(f"{file} is open in another window or process of reviewflow; close that one first") from error
        try:
            self._prepare([*columns, *SEALING])
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others write."""
        self._lock.release()

    def append(self, cells: Mapping[str, str], now: datetime | None = None) -> dict[str, str]:
        """Write one event and return it with decided_at, event_id, previous and seal.

        The line is on disk when this returns. Its time lies after every time in the file, also where the clock was set
        back, for the newest line of a record holds.
        """
        before, last = self._last
        instant = now or datetime.now(UTC)
        if last and last - instant > _CLOCK_SKEW:
            problem = f"a decision is dated {last:%Y-%m-%d %H:%M}, which lies in the future"
            raise DataFaults([Fault(self.file, 0, "decided_at", problem, "correct it, or set this computer's clock")])
        if last and instant <= last:
            instant = last + timedelta(milliseconds=1)
        instant = instant.astimezone(UTC).replace(microsecond=instant.microsecond // 1000 * 1000)
        event = dict.fromkeys(self._header, "") | dict(cells)
        event["decided_at"] = instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event["event_id"] = f"ev{secrets.token_hex(8)}"
        event["previous"] = before[0]
        event["seal"] = seal(self.stage, self.person, event, before[1])
        self._write(_line([event[name] for name in self._header], self._delimiter, self._line_end))
        self._last = ((event["event_id"], event["seal"]), instant)
        return event

    def _write(self, line: str) -> None:
        with open(self.path, "ab") as handle:
            handle.write(line.encode("utf-8"))
            handle.flush()
            os.fsync(handle.fileno())

    def _prepare(self, columns: list[str]) -> None:
        """Read the header and the end of the chain; make the file, or add the columns it lacks, where needed."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(_line(columns, ",", "\n"))
        mark, text = self._text()
        first = text.lstrip("\r\n").split("\n", 1)[0]
        self._delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
        self._line_end = "\r\n" if first.endswith("\r") else "\n"
        whole, torn = _torn(text, self._delimiter)
        if torn:
            self._set_aside(torn)
        elif not text.endswith(("\n", "\r")):
            whole += self._line_end
        rows = [row for row in csv.reader(io.StringIO(whole, newline=""), delimiter=self._delimiter) if any(row)]
        self._header = [cell.strip() for cell in rows[0]]
        self._refuse_long(rows)
        lacking = [column for column in columns if column not in self._header]
        if lacking:
            width = len(self._header)
            self._header += lacking
            rows = [self._header, *([*row[:width], *[""] * (len(self._header) - len(row[:width]))] for row in rows[1:])]
            whole = "".join(_line(row, self._delimiter, self._line_end) for row in rows)
        if whole != text:
            self._replace(mark + whole)
        self._last = self._end([dict(zip(self._header, row, strict=False)) for row in rows[1:]])

    def _refuse_long(self, rows: list[list[str]]) -> None:
        """A cell beyond the header has no name; it must not be lost when the file is written anew."""
        for row in rows:
            if any(cell.strip() for cell in row[len(self._header) :]):
                problem = f"{len(row)} cells where the header has {len(self._header)}: {self._delimiter.join(row)[:80]}"
                raise DataFaults([Fault(self.file, 0, "", problem, "give each column a cell")])

    def _text(self) -> tuple[str, str]:
        """The byte order mark, if there is one, and the text behind it."""
        try:
            text = self.path.read_bytes().decode("utf-8")
            return ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
        except UnicodeDecodeError as error:
            raise DataFaults([Fault(self.file, 0, "", "the file is not UTF-8", 'save it as "CSV UTF-8"')]) from error

    def _end(self, rows: list[dict[str, str]]) -> tuple[tuple[str, str], datetime | None]:
        """The event that nothing was written behind (the newest where copies were merged), and the newest time."""
        sealed = [row for row in rows if row.get("event_id") and row.get("seal")]
        followed = {row.get("previous", "") for row in sealed}
        ends = [row for row in sealed if row["event_id"] not in followed]
        times = [time for row in rows if (time := parse_time((row.get("decided_at") or "").strip()))]
        end = max(ends, key=lambda row: row.get("decided_at", ""), default=None)
        return (end["event_id"], end["seal"]) if end else ("", ""), max(times, default=None)

    def _set_aside(self, torn: str) -> None:
        """Keep what a crash left of a line: it was never confirmed to the person, but it is theirs."""
        place = self._room / f"torn_{self.stage}_{Path(self.file).stem}_{secrets.token_hex(4)}.txt"
        place.write_text(torn, encoding="utf-8")
        self.mended = f"the last line of {self.file} was cut off by a crash and was moved to {place}"

    def _replace(self, text: str) -> None:
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with open(temporary, "w", encoding="utf-8", newline="") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, self.path)


def _torn(text: str, delimiter: str) -> tuple[str, str]:
    """The whole lines of a file and the beginning of one that a crash cut off: a last line without its line end that
    has fewer cells than the header, or a quotation mark left open."""
    open_quote = text.count('"') % 2 == 1
    if text.endswith(("\n", "\r")) and not open_quote:
        return text, ""
    whole, tail = _last_line(text)
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    cells = next(csv.reader(io.StringIO(tail, newline=""), delimiter=delimiter), [])
    cut = open_quote or len(cells) < len(header) or _half_sealed(dict(zip(header, cells, strict=False)))
    return (whole, tail) if whole and cut else (text, "")


def _half_sealed(row: Mapping[str, str]) -> bool:
    """Whether a line that the page began ends before its seal does."""
    return bool(row.get("event_id")) and len(row.get("seal", "")) != SEAL_LENGTH


def _last_line(text: str) -> tuple[str, str]:
    """The text up to its last row, and that row, which may have line breaks within quotation marks."""
    start = 0
    open_quote = False
    for place, character in enumerate(text):
        if character == '"':
            open_quote = not open_quote
        elif character == "\n" and not open_quote:
            start = place + 1
    return text[:start], text[start:]


def _line(row: Sequence[str], delimiter: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerow(row)
    return out.getvalue()
