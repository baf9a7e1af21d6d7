"""A format as data, and what the formats of tagged lines share.

Readers and counters take the text (`stream.Text`) in pieces, each ending where an entry does, so that a piece read by
itself gives what it gives within the whole. "\\n" begins each line. All patterns are linear: no repetition can match
the same text in two ways.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..entry import Entry, Tags
from ..stream import Text, last

Values = dict[str, list[str]]
Fields = dict[str, Any]


def _as_it_is(values: Values, fields: Fields) -> None:
    """No quirk to mend."""


@dataclass(frozen=True)
class Format:
    """One format. `marks` are texts of which one stands in every such file and in no other, `recognise` looks closer;
    `read` gives the entries one after the other, `count` their number without the reader; `columns` names the tags of
    each column, the most telling first, and `refine` mends the quirks of its platforms."""

    name: str
    label: str
    marks: tuple[str, ...]
    recognise: Callable[[str], bool]
    read: Callable[[Text], Iterable[Entry]]
    count: Callable[[Text], int]
    columns: Mapping[str, tuple[str, ...]] = field(hash=False)
    refine: Callable[[Values, Fields], None] = _as_it_is


class Lines:
    """The line number of ever later positions in a text with `above` lines above it, counted once through."""

    def __init__(self, text: str, above: int = 0) -> None:
        self._text, self._at, self._line = text, 0, above

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


def blocks(text: Text, start: re.Pattern[str], parse: Callable[[str], Tags], tags: re.Pattern[str]) -> Iterator[Entry]:
    """Entries from where each starts (at the group of `start`, if it has one) to where the next does. Tags before the
    first one are an entry too: its beginning was cut off. Where none starts, all is one."""
    for piece, above in text.pieces(last(start)):
        lines = Lines(piece, above)
        previous = -1
        for at in (found.start(start.groups) for found in start.finditer(piece)):
            if previous >= 0:
                yield Entry(lines.number(previous), piece[previous:at], parse)
            elif head := tags.search(piece, 0, at):
                yield Entry(lines.number(head.start()), piece[:at], parse, closed=False)
            previous = at
        if previous >= 0:
            yield Entry(lines.number(previous), piece[previous:], parse)
        elif head := tags.search(piece):
            yield Entry(lines.number(head.start()), piece, parse, closed=False)


def summed(count: Callable[[str], int], start: re.Pattern[str]) -> Callable[[Text], int]:
    """Count of a text as the sum over pieces that begin where `start` matches."""
    return lambda text: sum(count(piece) for piece, _ in text.pieces(last(start)))


def search(pattern: str) -> Callable[[str], bool]:
    """Whether a pattern is found anywhere."""
    compiled = re.compile(pattern)
    return lambda text: compiled.search(text) is not None
