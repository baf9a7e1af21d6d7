"""What a reader hands over: entries, the export that they come from, and why a file is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Tags = list[tuple[str, str]]
# So many entries tell what database a file comes from.
HEAD = 100


@dataclass(slots=True)
class Entry:
    """One entry of an export: the line where it begins (from 1) and what the file holds of it; whether it has its end,
    and whether it looks as if it were two or had lost its beginning to the one above it.

    `parse` takes the tags out of `source` each time they are asked for, so that counting a file needs none of them.
    """

    line: int
    source: Any
    parse: Callable[[Any], Tags]
    closed: bool = True
    torn: bool = False

    @property
    def tags(self) -> Tags:
        """Tags and values in the order of the file. A value keeps its line breaks: some mean a list, some a wrap."""
        return self.parse(self.source)

    def all(self, *names: str) -> list[str]:
        """Values of the tags in the order in which `names` are given, blank ones left out."""
        tags = self.tags
        return [v for name in names for tag, v in tags if tag == name and v]

    def first(self, *names: str) -> str:
        """The first value among the tags, or ""."""
        return next(iter(self.all(*names)), "")


class Export(NamedTuple):
    """What a file was found to hold: its format, encoding, the total that it states, the number of entries by a count
    that does not use the reader, the number that was read, the line where the last one begins, what a person should
    look at, and its first entries, or all where they were kept."""

    format: str
    encoding: str
    stated: int | None
    counted: int
    read: int
    last: int
    note: str
    entries: Sequence[Entry] = ()


class UnknownFormat(ValueError):
    """The content is in no format that is read, or cannot be read safely; `mend` says what helps."""

    def __init__(self, problem: str = "the format is not recognised", line: int = 1, mend: str = "") -> None:
        super().__init__(problem)
        self.problem, self.line, self.mend = problem, line, mend
