"""What a file holds besides the entries of its format: entries of others, where somebody glued files together, and the
total that it states."""

import re
from typing import NamedTuple

from .formats import FORMATS, Format
from .formats.headers import known
from .stream import Text

_STATED = re.compile(r"(?m)^Record #(\d{1,9}) of (\d{1,9})\s*$")
# What begins a record of some format, all in two passes over a large file. Each format then looks closer.
_BEGINNINGS = re.compile(
    r"\n(?=[PT{VRr%@t\"])(?:PMID|\{Ref|Title-|VN {1,2}- Ov|PT [A-Z][ \t\n]|[Rr][Tt] |%[T0]|TY {1,3}-|ty {1,3}-|@|"
    r"\"TITLE\",)"
)
_ELEMENTS = re.compile(r"<(?:Pubmed|ref-type)")
# A line with that many known names of columns is the head of a table.
_NAMED = 3
_LONGEST_HEAD = 5000


class Survey(NamedTuple):
    """The total that a file states, the number of its entries by the label of each other format, and whether its last
    line is whole."""

    stated: int | None
    others: dict[str, int]
    whole_line: bool


def survey(chosen: Format, text: Text) -> Survey:
    """What stands in a file of the format `chosen`, in one pass."""
    stated = _Stated()
    marks: set[str] = set()
    heads: set[str] = set()
    whole_line = False
    for part in text.parts():
        piece = f"\n{part}" if whole_line else part
        stated.add(piece)
        marks |= {mark[:4] for mark in _BEGINNINGS.findall(piece)} | set(_ELEMENTS.findall(piece))
        # The rest of a line that is longer than a part is no head of a table.
        heads |= _heads(piece[piece.find("\n") :] if "\n" in piece else "")
        whole_line = piece.endswith("\n") if part else whole_line
    others = _others(chosen, text, marks)
    tables = len(heads) - (not chosen.marks)
    return Survey(stated.total(), others | ({"a table": tables} if tables > 0 else {}), whole_line)


def is_marked(kind: Format, text: str) -> bool:
    """Whether the text has a mark of the format, or the format has none."""
    return not kind.marks or any(mark in text for mark in kind.marks)


def _others(chosen: Format, text: Text, marks: set[str]) -> dict[str, int]:
    """Entries of other formats within the same file, by what the format is called."""
    found: dict[str, int] = {}
    own = {mark for mark in marks if any(mark.strip() in begin for begin in chosen.marks)}
    for kind in FORMATS.values() if marks - own else ():
        if kind is not chosen and kind.marks and _is_in(kind, text):
            number = kind.count(text)
            found |= {kind.label: number} if number else {}
    return found


def _is_in(kind: Format, text: Text) -> bool:
    return any(is_marked(kind, window) and kind.recognise(window) for window in text.windows())


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


class _Stated:
    """The total that a file states. CENTRAL numbers its records `#i of n`; where the numbers are not 1, 2, 3 ...
    somebody exported a selection, and n is not the number of entries to expect."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._number, self._whole = 0, True

    def add(self, text: str) -> None:
        """Look through the next piece of the text."""
        for number, total in _STATED.findall(text) if "\nRecord #" in text else ():
            self._first = int(total) if self._first is None else self._first
            self._number += 1
            self._whole = self._whole and int(number) == self._number

    def total(self) -> int | None:
        """The total, if there is one to be held to."""
        return self._first if self._whole else None
