"""Reading one export: bytes in, entries out, none lost; the format is told by the content, never by the file's name."""

import re

from .encoding import decode
from .entry import Entry, Export, UnknownFormat
from .formats import FORMATS, Format, xlsx
from .formats.headers import known

__all__ = ["CUT", "Entry", "Export", "UnknownFormat", "decode", "read_export"]

# What people drop into the folder that no reader can be made for, by the first bytes.
_REFUSED = (
    (b"%PDF", "a PDF holds no records that can be read", "export the records from the database"),
    (b"\xd0\xcf\x11\xe0", "this is an old Excel or Word file", "save it as .xlsx or CSV"),
    (b"\x1f\x8b", "the file is packed (gzip)", "unpack it"),
    (b"{\\rtf", "this is a word processor's file", "export the records as RIS"),
)
_STATED = re.compile(r"(?m)^Record #(\d{1,9}) of (\d{1,9})\s*$")
# What begins a record of some format, all in two passes over a large file. Each format then looks closer.
_BEGINNINGS = re.compile(
    r"\n(?=[PT{VRr%@t])(?:PMID|\{Ref|Title-|VN {1,2}- Ov|PT [A-Z][ \t\n]|[Rr][Tt] |%[T0]|TY {1,3}-|ty {1,3}-|@)"
)
_ELEMENTS = re.compile(r"<(?:Pubmed|ref-type)")
# A line with that many known names of columns is the head of a table.
_NAMED = 3
_LONGEST_HEAD = 5000
CUT = "the file is cut off within the entry at line"
_NAMED_LINES = 10


def read_export(raw: bytes) -> Export:
    """Read one export file.

    Raises UnknownFormat where the content is in no known format or cannot be read safely, UnicodeDecodeError where no
    encoding fits.
    """
    if xlsx.is_xlsx(raw):
        entries, counted, note = xlsx.read(raw)
        return Export("xlsx", "utf-8", None, counted, entries, note)
    for start, problem, mend in _REFUSED:
        if raw.startswith(start):
            raise UnknownFormat(problem, 1, mend)
    text, encoding = decode(raw)
    if not text.strip("\ufeff \t\r\n"):
        return Export("empty", encoding, None, 0, [], "the file is empty")
    text = _lines(text)
    kind = next((kind for kind in FORMATS.values() if _marked(kind, text) and kind.recognise(text)), None)
    if kind is None:
        raise UnknownFormat
    entries = list(kind.read(text))
    others = _others(kind, text)
    counted = kind.count(text) + sum(others.values())
    mixed = f"the file also holds {', '.join(others)}: split it" if others else ""
    empty = "" if entries or counted else "the file holds no records"
    note = mixed or empty or _note(kind, entries, cut=not text.endswith("\n"))
    return Export(kind.name, encoding, _stated(text), counted, entries, note)


def _lines(text: str) -> str:
    r"""The text with every line end as "\n", one before the first line, and no byte order mark (files that are glued
    together have some within)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n" + (text.replace("\ufeff", "") if "\ufeff" in text else text)


def _marked(kind: Format, text: str) -> bool:
    return not kind.marks or any(mark in text for mark in kind.marks)


def _others(chosen: Format, text: str) -> dict[str, int]:
    """Entries of other formats within the same file, by what the format is called: somebody glued files together."""
    found: dict[str, int] = {}
    marks = {mark[:4] for mark in _BEGINNINGS.findall(text)} | set(_ELEMENTS.findall(text))
    own = {mark for mark in marks if any(mark.strip() in begin for begin in chosen.marks)}
    for kind in FORMATS.values() if marks - own else ():
        if kind is not chosen and kind.marks and _marked(kind, text) and kind.recognise(text):
            number = kind.count(text)
            found |= {kind.label: number} if number else {}
    tables = len(_heads(text)) - (not chosen.marks)
    return found | ({"a table": tables} if tables > 0 else {})


def _heads(text: str) -> set[str]:
    """Lines that name the columns of a table, each once."""
    lines = set()
    for word in ("itle", "题名"):
        at = text.find(word)
        while at >= 0:
            if text[at + len(word) : at + len(word) + 1] in ('"', ",", ";", "\t"):
                stop = text.find("\n", at)
                line = text[text.rfind("\n", 0, at) + 1 : stop if stop >= 0 else len(text)]
                lines |= {line} if len(line) < _LONGEST_HEAD and _is_head(line.replace('"', "")) else set()
                at = stop if stop >= 0 else len(text)
            at = text.find(word, at + 1)
    return lines


def _is_head(line: str) -> bool:
    """Whether most cells are names of columns; "Title, abstract, keywords" in a sentence has blanks behind commas."""
    rows = [line.split(mark) for mark in ",;\t"]
    return any(
        known(row) >= max(_NAMED, len(row) / 3) and not any(cell.startswith(" ") for cell in row) for row in rows
    )


def _stated(text: str) -> int | None:
    """The total that the file states. CENTRAL numbers its records `#i of n`; where the numbers are not 1, 2, 3 ...
    somebody exported a selection, and n is not the number of entries to expect."""
    if "\nRecord #" not in text:
        return None
    marks = [(int(i), int(n)) for i, n in _STATED.findall(text)]
    return marks[0][1] if marks and [i for i, _ in marks] == list(range(1, len(marks) + 1)) else None


def _note(kind: Format, entries: list[Entry], cut: bool) -> str:
    """What a missing end of record tells: nothing where no entry has one, a cut where the file ends within a line."""
    unclosed = [entry.line for entry in entries if not entry.closed]
    if not unclosed or len(unclosed) == len(entries) > 1:
        return ""
    end = "end of record (ER)" if kind.name in ("ris", "wos") else "beginning or end"
    if cut and not entries[-1].closed:
        return f"{CUT} {entries[-1].line}, which has no {end}"
    lines = ", ".join(map(str, unclosed[:_NAMED_LINES]))
    more = f" and {len(unclosed) - _NAMED_LINES} more" if len(unclosed) > _NAMED_LINES else ""
    return f"no {end} for the entry at line {lines}{more}: the file may be truncated"
