"""Reading one export: bytes in, entries out one by one, none lost; the format is told by the content, never by the
file's name."""

from collections.abc import Iterable, Iterator, Sequence

from .encoding import decode, encoding_of
from .entry import HEAD, Entry, Export, UnknownFormat
from .formats import FORMATS, Format, xlsx
from .mixture import Survey, is_marked, survey
from .stream import Raw, Text

__all__ = ["CUT", "Entry", "Export", "Reading", "UnknownFormat", "decode", "read_export"]

# What people drop into the folder that no reader can be made for, by the first bytes.
_REFUSED = (
    (b"%PDF", "a PDF holds no records that can be read", "export the records from the database"),
    (b"\xd0\xcf\x11\xe0", "this is an old Excel or Word file", "save it as .xlsx or CSV"),
    (b"\x1f\x8b", "the file is packed (gzip)", "unpack it"),
    (b"{\\rtf", "this is a word processor's file", "export the records as RIS"),
)
CUT = "the file is cut off within the entry at line"
_NAMED_LINES = 10
_FEW = 3


class Reading:
    """One export while it is read: its format and encoding at once, its entries as they are asked for, and, when the
    last of them has gone by, what the file was found to hold.

    Raises UnknownFormat where the content is in no known format or cannot be read safely (broken XML shows only while
    it is read), UnicodeDecodeError where no encoding fits.
    """

    def __init__(self, raw: Raw) -> None:
        self.format, self.encoding, self._note, self._counted = "", "utf-8", "", 0
        self._found: Survey = Survey(None, {}, True)
        self._entries: Iterable[Entry] = ()
        self._read = self._last = self._unclosed = self._torn = 0
        self._lines: list[int] = []
        self._torn_lines: list[int] = []
        self._first: list[Entry] = []
        self._closed = True
        head = raw[:16]
        if xlsx.is_xlsx(head):
            self.format = "xlsx"
            self._entries, self._counted, self._note = xlsx.read(raw[: len(raw)])
            return
        for start, problem, mend in _REFUSED:
            if head.startswith(start):
                raise UnknownFormat(problem, 1, mend)
        self.encoding = encoding_of(raw)
        self._open(Text(raw, self.encoding))

    def _open(self, text: Text) -> None:
        if not any(piece.strip(" \t\n") for piece in text.parts()):
            self.format, self._note = "empty", "the file is empty"
            return
        kind = _kind(text)
        self.format, self._entries, self._counted = kind.name, kind.read(text), kind.count(text)
        self._found = survey(kind, text)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self._read, self._last, self._closed = self._read + 1, entry.line, entry.closed
            if self._read <= HEAD:
                self._first.append(entry)
            if not entry.closed:
                self._unclosed += 1
                self._lines += [entry.line] if len(self._lines) < _NAMED_LINES else []
            if entry.torn:
                self._torn += 1
                self._torn_lines += [entry.line] if len(self._torn_lines) < _NAMED_LINES else []
            yield entry

    def export(self, entries: Sequence[Entry] | None = None) -> Export:
        """What the file holds, once all entries were asked for, with the first of them or those that were kept."""
        entries = self._first if entries is None else entries
        others = self._found.others
        counted = self._counted + sum(others.values())
        mixed = f"the file also holds {', '.join(others)}: split it" if others else ""
        empty = "" if self._read or counted else "the file holds no records"
        note = self._note or mixed or empty or self._ends() or self._joints()
        return Export(
            self.format, self.encoding, self._found.stated, counted, self._read, self._last or 1, note, entries
        )

    def _ends(self) -> str:
        """What a missing end of record tells: nothing where no entry has one, a cut where the file ends within a
        line."""
        if not self._unclosed or self._unclosed == self._read > 1:
            return ""
        end = "end of record (ER)" if self.format in ("ris", "wos") else "beginning or end"
        if not self._found.whole_line and not self._closed:
            return f"{CUT} {self._last}, which has no {end}"
        return f"no {end} for the entry at line {_named(self._lines, self._unclosed)}: the file may be truncated"

    def _joints(self) -> str:
        """Entries that may be two: nothing where all are so but the first, for it is the habit of the source then."""
        if not self._torn or (self._read > _FEW and self._torn >= self._read - 1):
            return ""
        lines = _named(self._torn_lines, self._torn)
        return f"a title or an accession stands twice: records may run together in or above the entry at line {lines}"


def _named(lines: list[int], number: int) -> str:
    """The first lines of so many."""
    left = number - len(lines)
    return ", ".join(map(str, lines)) + (f" and {left} more" if left else "")


def _kind(text: Text) -> Format:
    """The first format that the text has a mark of and that recognises it. Raises UnknownFormat."""
    found, before = None, list(FORMATS.values())
    for number, window in enumerate(text.windows()):
        # A table is told by the head of the file alone.
        asked = [kind for kind in before if kind.marks or not number]
        kind = next((kind for kind in asked if is_marked(kind, window) and kind.recognise(window)), None)
        if kind:
            found, before = kind, before[: before.index(kind)]
        if not before:
            break
    if not found:
        raise UnknownFormat
    return found


def read_export(raw: Raw) -> Export:
    """One export with all its entries. Raises what `Reading` does."""
    reading = Reading(raw)
    return reading.export(tuple(reading))
