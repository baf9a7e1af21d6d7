"""A format as data, and what the formats of tagged lines share.

Readers and counters get the text with every line end as "\\n", one more "\\n" before the first line and no byte order
mark, so that "\\n" begins each line. All patterns are linear: no repetition can match the same text in two ways.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..entry import Entry, Tags

Values = dict[str, list[str]]
Fields = dict[str, Any]


def _as_it_is(values: Values, fields: Fields) -> None:
    """No quirk to mend."""


@dataclass(frozen=True)
class Format:
    """One format. `marks` are texts of which one stands in every such file and in no other, `recognise` looks closer;
    `read` gives the entries, `count` their number without the reader; `columns` names the tags of each column, the
    most telling first, and `refine` mends the quirks of its platforms."""

    name: str
    label: str
    marks: tuple[str, ...]
    recognise: Callable[[str], bool]
    read: Callable[[str], Iterable[Entry]]
    count: Callable[[str], int]
    columns: Mapping[str, tuple[str, ...]] = field(hash=False)
    refine: Callable[[Values, Fields], None] = _as_it_is


class Lines:
    """The line number of ever later positions in a text, counted once through."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 0

    def number(self, position: int) -> int:
        """Line of the "\\n" at `position`, from 1."""
        self._line += self._text.count("\n", self._at, position + 1)
        self._at = max(self._at, position + 1)
        return self._line


def tag_lines(head: str, flags: int = 0) -> re.Pattern[str]:
    """Pattern of a tag and its value with the lines that go on with it, from the pattern of a line's head, whose one
    group is the tag."""
    follow = head.replace("(", "(?:", 1)
    return re.compile(rf"\n{head}([^\n]*+(?:\n(?!{follow})[^\n]*+)*+)", flags)


def parse_tags(pattern: re.Pattern[str]) -> Callable[[str], Tags]:
    """Parser of an entry's text by a pattern of `tag_lines`."""

    def parse(text: str) -> Tags:
        return [(tag, value.strip()) for tag, value in pattern.findall(text)]

    return parse


def blocks(text: str, starts: Iterable[int], parse: Callable[[str], Tags], tags: re.Pattern[str]) -> Iterator[Entry]:
    """Entries from where each starts to where the next does. Tags before the first one are an entry too: its
    beginning was cut off. Where none starts, all is one."""
    lines = Lines(text)
    previous = -1
    for start in starts:
        if previous >= 0:
            yield Entry(lines.number(previous), text[previous:start], parse)
        elif head := tags.search(text, 0, start):
            yield Entry(lines.number(head.start()), text[:start], parse, closed=False)
        previous = start
    if previous >= 0:
        yield Entry(lines.number(previous), text[previous:], parse)
    elif head := tags.search(text):
        yield Entry(lines.number(head.start()), text, parse, closed=False)


def starts_of(pattern: re.Pattern[str]) -> Callable[[str], Iterator[int]]:
    """Positions where a pattern matches."""
    return lambda text: (found.start() for found in pattern.finditer(text))


def search(pattern: str) -> Callable[[str], bool]:
    """Whether a pattern is found anywhere."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None


def count(pattern: str) -> Callable[[str], int]:
    """How often a pattern is found."""
    compiled = re.compile(pattern)
    return lambda text: sum(1 for _ in compiled.finditer(text))
