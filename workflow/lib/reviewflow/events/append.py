"""Appending to a CSV file that people write too: one writer at a time, each line on disk before the call returns."""

import csv
import io
import os
import secrets
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from reviewflow.faults import DataFaults, Fault

WORKROOM = ".reviewflow"


class Busy(Exception):
    """Another process writes the file."""


class Appender:
    """A CSV file of records/, open for appending by this process alone.

    `root` is the review's folder, `columns` those that the file must have: a new file gets them, and they are added to
    the header of one that lacks them. Its delimiter, byte order mark and line ends stay as they are, and a line that a
    crash cut off is put aside in the hidden folder. Who only looks changes nothing: a file is made, and its header
    widened, with the first line that is written. `patience` is how many seconds to wait for another writer; raises
    Busy where that one goes on, DataFaults where the file cannot be appended to as it is.
    """

    def __init__(self, root: Path, file: str, columns: Sequence[str], lock: str, patience: float = 0) -> None:
        self.path = root / file
        self.file = file
        self.mended = ""
        self._columns = list(columns)
        self._found = self._unwritten = b""
        self._room, self._name = root / WORKROOM, lock
        self._room.mkdir(parents=True, exist_ok=True)
        # A page answers each request in a thread of its own: the lock is the process's, not the thread's.
        self._lock = FileLock(self._room / f"{lock}.lock", thread_local=False)
        try:
            self._lock.acquire(timeout=patience)
        except Timeout as error:
            raise Busy(f"{file} is open in another window or process of reviewflow; close that one first") from error
        try:
            self._read(self._prepare())
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

    def write(self, cells: Mapping[str, str]) -> str:
        """Write one line and return it as it stands in the file; it is on disk then."""
        self._make_ready()
        line = _line([cells.get(name, "") for name in self._header], self._delimiter, self._line_end)
        with open(self.path, "ab") as handle:
            handle.write(line.encode("utf-8"))
            handle.flush()
            os.fsync(handle.fileno())
        return line

    def content(self) -> bytes:
        """The file as the next line will find it."""
        return self._unwritten or self.path.read_bytes()

    def take_back(self, line: str) -> bool:
        """Remove a line that `write` returned, and say so; nothing is removed where it is not the last one any more."""
        content, end = self.path.read_bytes(), line.encode("utf-8")
        if not content.endswith(b"\n" + end):
            return False
        self._replace(content[: len(content) - len(end)])
        return True

    def _read(self, rows: list[dict[str, str]]) -> None:
        """The rows that stand in the file when it is opened, for those who build on this."""
        self.rows = rows

    def _cut(self, _cells: Mapping[str, str]) -> bool:
        """Whether a last line with all its cells was cut off nevertheless."""
        return False

    def _begun(self, tail: str, _cells: Mapping[str, str]) -> bool:
        """Whether a last line that is not whole may be one that this program began: what people wrote is theirs to
        mend, and is never moved. The program's own lines are one line of text each."""
        return "\n" not in tail

    def _prepare(self) -> list[dict[str, str]]:
        """Read the rows, and make what the file has to be before a line can be added."""
        there = self.path.exists()
        mark, text = self._text() if there else ("", _line(self._columns, ",", "\n"))
        first = text.lstrip("\r\n").split("\n", 1)[0]
        self._delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
        self._line_end = "\r\n" if first.endswith("\r") else "\n"
        whole, torn = self._torn(text)
        if torn:
            self._set_aside(torn)
            self._replace((mark + whole).encode("utf-8"))
        elif not text.endswith(("\n", "\r")):
            whole += self._line_end
        rows = [row for row in csv.reader(io.StringIO(whole, newline=""), delimiter=self._delimiter) if any(row)]
        rows = rows or [[]]
        self._header = [cell.strip() for cell in rows[0]]
        self._refuse_long(rows)
        lacking = [column for column in self._columns if column not in self._header]
        if lacking:
            width = len(self._header)
            self._header += lacking
            rows = [self._header, *([*row[:width], *[""] * (len(self._header) - len(row[:width]))] for row in rows[1:])]
            whole = "".join(_line(row, self._delimiter, self._line_end) for row in rows)
        if whole != text or not there:
            self._unwritten = (mark + whole).encode("utf-8")
            self._found = self._bytes()
        return [dict(zip(self._header, row, strict=False)) for row in rows[1:]]

    def _make_ready(self) -> None:
        """Write the header, and the blank cells below it, that the first line needs; anew where somebody has changed
        the file since it was read."""
        if self._unwritten and self._bytes() != self._found:
            self._unwritten = b""
            self._read(self._prepare())
        if self._unwritten:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(self._unwritten)
            self._unwritten = b""

    def _bytes(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""

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

    def _torn(self, text: str) -> tuple[str, str]:
        """The whole lines of a file and the beginning of one that a crash cut off: a last line without its line end
        that has fewer cells than the header, or a quotation mark left open, if the program may have begun it."""
        begun, start, whole = _last_row(text, self._delimiter)
        if whole and text.endswith(("\n", "\r")):
            return text, ""
        tail = text[start:]
        header, cells = (
            next(csv.reader(io.StringIO(t, newline=""), delimiter=self._delimiter), []) for t in (text, tail)
        )
        row = dict(zip((name.strip() for name in header), cells, strict=False))
        cut = not whole or len(cells) < len(header) or self._cut(row)
        if start and cut and self._begun(tail, row):
            return text[:start], tail
        if not whole:
            # All lines behind a quotation mark that nobody closed would be one.
            mend = "close the quotation marks of the cell that begins here, or of one above"
            raise DataFaults([Fault(self.file, begun + 1, "", "the line is not CSV", mend)])
        return text, ""

    def _set_aside(self, torn: str) -> None:
        """Keep what a crash left of a line: it was never confirmed to the person, but it is theirs."""
        place = self._room / f"torn_{self._name}_{secrets.token_hex(4)}.txt"
        place.write_text(torn, encoding="utf-8")
        self.mended = f"the last line of {self.file} was cut off by a crash and was moved to {place}"

    def _replace(self, content: bytes) -> None:
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with open(temporary, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, self.path)


def _last_row(text: str, delimiter: str) -> tuple[int, int, bool]:
    """Where the last row begins, as the number of lines and of characters before it, and whether it is CSV; it goes to
    the end where it is not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = end = 0
    whole = True
    try:
        for _ in reader:
            begun, end = end, reader.line_num
    except csv.Error:
        begun, whole = end, False
    return begun, sum(map(len, islice(io.StringIO(text, newline=""), begun))), whole


def _line(row: Sequence[str], delimiter: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerow(row)
    return out.getvalue()
