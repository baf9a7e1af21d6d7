"""Readers of export files: bytes in, entries out, none lost. Our own, because the usual library drops the first
record of a file with a byte order mark, the last one without ER, and repeated tags (rispy 0.10)."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass
class Entry:
    """One entry of an export: the line where it begins (from 1) and its tags in order, as (tag, value)."""

    line: int
    tags: list[tuple[str, str]] = field(default_factory=list)
    closed: bool = True

    def add(self, tag: str, value: str) -> None:
        """Append a tag."""
        self.tags.append((tag, value.strip()))

    def extend(self, text: str, separator: str = " ") -> None:
        """Append a continuation line to the last tag."""
        if self.tags and text.strip():
            tag, value = self.tags[-1]
            self.tags[-1] = (tag, f"{value}{separator}{text.strip()}" if value else text.strip())

    def all(self, *names: str) -> list[str]:
        """Values of the tags in the order in which `names` are given, blank ones left out."""
        return [v for name in names for tag, v in self.tags if tag == name and v]

    def first(self, *names: str) -> str:
        """The first value among the tags, or ""."""
        return next(iter(self.all(*names)), "")


class Export(NamedTuple):
    """What a file holds: its format, encoding, the total that it states, the number of entries by a count that does
    not use the reader, the entries, and what a person should look at."""

    format: str
    encoding: str
    stated: int | None
    counted: int
    entries: list[Entry]
    note: str


class UnknownFormat(ValueError):
    """The content is in no format that is read."""


def decode(raw: bytes) -> tuple[str, str]:
    """Text and encoding, decided strictly: byte order mark, UTF-8, GB 18030 where it gives Chinese, Windows-1252.

    Raises UnicodeDecodeError where none fits; no character is ever replaced.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
        # Windows-1252 text can pass as GB 18030, but then hardly any pair falls on the common Han characters.
        if len(re.findall(r"[\u4e00-\u9fff]{2}", text)) >= 3:
            return text, "gb18030"
    except UnicodeDecodeError:
        pass
    return raw.decode("cp1252"), "cp1252"


def read_export(raw: bytes) -> Export:
    """Read one export file.

    Raises UnknownFormat where the content is in no known format, UnicodeDecodeError where no encoding fits.
    """
    text, encoding = decode(raw)
    if not text.strip():
        return Export("empty", encoding, None, 0, [], "the file is empty")
    for name, (pattern, reader, counter) in FORMATS.items():
        if pattern.search(text):
            entries = list(reader(NEWLINE.split(text)))
            note = _note(entries, cut=not text.endswith(("\n", "\r")))
            return Export(name, encoding, _stated(text), counter(text), entries, note)
    raise UnknownFormat


def _stated(text: str) -> int | None:
    """The total that the file states. CENTRAL numbers its records `#i of n`; where the numbers are not 1, 2, 3 ...
    somebody exported a selection, and n is not the number of entries to expect."""
    marks = [(int(i), int(n)) for i, n in _STATED.findall(text)]
    return marks[0][1] if marks and [i for i, _ in marks] == list(range(1, len(marks) + 1)) else None


CUT = "the file is cut off within the entry at line"


def _note(entries: list[Entry], cut: bool) -> str:
    """What a missing end of record tells: nothing where no entry has one, a cut where the file ends within a line."""
    unclosed = [e.line for e in entries if not e.closed]
    if not unclosed or len(unclosed) == len(entries) > 1:
        return ""
    if cut and not entries[-1].closed:
        return f"{CUT} {entries[-1].line}, which has no end of record (ER)"
    lines = ", ".join(map(str, unclosed))
    return f"no end of record (ER) for the entry at line {lines}: the file may be truncated"


_STATED = re.compile(r"(?m)^Record #(\d{1,9}) of (\d{1,9})\s*$")
_RIS_START = re.compile(r"(?m)^[ \t\ufeff]{0,4}TY {1,2}-")
_RIS_MARK = re.compile(r"(?:^|(?<=[\r\n]))[ \t\ufeff]{0,4}([A-Z][A-Z0-9])  ?-(?=[ \r\n]|$)")
_RIS_MARK_STRICT = re.compile(r"(?:^|(?<=[\r\n]))[ \t\ufeff]{0,4}([A-Z][A-Z0-9])  -(?=[ \r\n]|$)")
_RIS_TAG = re.compile(r"[ \t\ufeff]{0,4}([A-Z][A-Z0-9])  ?-(?: (.*)|)$", re.DOTALL)
_RIS_TAG_STRICT = re.compile(r"[ \t\ufeff]{0,4}([A-Z][A-Z0-9])  -(?: (.*)|)$", re.DOTALL)
_NBIB_START = re.compile(r"(?m)^\ufeff?PMID- ")
_NBIB_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)$", re.DOTALL)
_NOTEEXPRESS_START = re.compile(r"(?m)^\ufeff?\{Reference Type\}: ?")
_NOTEEXPRESS_TAG = re.compile(r"\{([A-Za-z][A-Za-z /]{1,40})\}: ?(.*)$", re.DOTALL)


def read_ris(lines: list[str]) -> Iterator[Entry]:
    """RIS in the dialects seen in the wild: any text outside records, missing ER or TY, wrapped lines."""
    strict = any(re.match(r"[ \t\ufeff]{0,4}TY  -", line) for line in lines)
    pattern = _RIS_TAG_STRICT if strict else _RIS_TAG
    current: Entry | None = None
    stray: Entry | None = None
    for number, line in enumerate(lines, 1):
        match = pattern.match(line)
        tag, value = (match.group(1), match.group(2) or "") if match else ("", line)
        if tag == "TY":
            if current:
                current.closed = False
                yield current
            current, stray = Entry(number), None
            current.add(tag, value)
        elif tag == "ER":
            ended = current or stray
            if ended:
                yield ended
            current = stray = None
        elif current is not None:
            current.add(tag, value) if tag else current.extend(value)
        elif tag:
            stray = stray or Entry(number)
            stray.add(tag, value)
    if current:
        current.closed = False
        yield current


def count_ris(text: str) -> int:
    """Records by the sequence of tags alone: each TY, and each ER that ends tags without a TY."""
    pattern = _RIS_MARK_STRICT if re.search(r"(?m)(?:^|\r)[ \t\ufeff]{0,4}TY  -", text) else _RIS_MARK
    names = {"TY": "T", "ER": "E"}
    marks = "".join(names.get(tag, "x") for tag in pattern.findall(text))
    return marks.count("T") + len(re.findall(r"(?:^|E)x+(?=E)", marks))


def read_nbib(lines: list[str]) -> Iterator[Entry]:
    """PubMed's tagged format: PMID begins a record, lines that are indented go on with the tag before."""
    current: Entry | None = None
    for number, line in enumerate(lines, 1):
        match = _NBIB_TAG.match(line.lstrip("\ufeff"))
        if match and match.group(1) == "PMID":
            if current:
                yield current
            current = Entry(number)
        if current is None:
            continue
        if match:
            current.add(match.group(1), match.group(2))
        else:
            current.extend(line)
    if current:
        yield current


def read_noteexpress(lines: list[str]) -> Iterator[Entry]:
    """NoteExpress, as CBM (SinoMed), Wanfang and CNKI write it: {Reference Type} begins a record."""
    current: Entry | None = None
    for number, line in enumerate(lines, 1):
        match = _NOTEEXPRESS_TAG.match(line.lstrip("\ufeff"))
        if match and match.group(1) == "Reference Type":
            if current:
                yield current
            current = Entry(number)
        if current is None:
            continue
        if match:
            current.add(match.group(1), match.group(2))
        else:
            current.extend(line)
    if current:
        yield current


def _count(pattern: re.Pattern[str]) -> Callable[[str], int]:
    return lambda text: len(pattern.findall(text))


Reader = Callable[[list[str]], Iterator[Entry]]
FORMATS: dict[str, tuple[re.Pattern[str], Reader, Callable[[str], int]]] = {
    "ris": (_RIS_START, read_ris, count_ris),
    "nbib": (_NBIB_START, read_nbib, _count(_NBIB_START)),
    "noteexpress": (_NOTEEXPRESS_START, read_noteexpress, _count(_NOTEEXPRESS_START)),
}
