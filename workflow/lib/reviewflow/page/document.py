"""The page as data: sections of blocks. What a block says is decided here, how it looks in the templates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Pixels of a drawing: at its usual width a printed A4 page has room for about this many, in letters of 5 points.
TALLEST = 1600.0
FOOT = (
    "Made by reviewflow from the tables of this review. The page computes nothing; every number is a cell of a table "
    "in results/."
)


@dataclass(frozen=True)
class Link:
    """A piece of text, a link where `href` is filled. `kind` names its look, such as "badge calibrated"."""

    text: str
    href: str = ""
    kind: str = ""


Inline = str | Link


@dataclass(frozen=True)
class Cell:
    """A cell: pieces of text side by side. `shade` colours its ground, 0 not at all to 5 darkest."""

    parts: tuple[Link, ...]
    shade: int = 0

    @property
    def plain(self) -> bool:
        """Whether the cell is one piece of text that neither leads anywhere nor has a look of its own."""
        return len(self.parts) < 2 and not any(part.href or part.kind for part in self.parts)

    @property
    def text(self) -> str:
        """The cell as it stands in the CSV."""
        return "; ".join(part.text for part in self.parts if part.text)


@dataclass(frozen=True)
class Head:
    """A column. `wide` ones hold sentences and have room to wrap, `whole` ones what must not break, such as dates."""

    label: str
    numeric: bool = False
    wide: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Row:
    """A row. Rows with one `group` follow each other under a heading of that name."""

    cells: tuple[Cell, ...]
    group: str = ""
    id: str = ""
    group_id: str = ""


@dataclass(frozen=True)
class Table:
    """A table; its first column heads the rows. `file` names the CSV that is written beside the page, `href` one that
    lies somewhere already; with a `limit` the page shows no more rows than that, and the CSV all."""

    name: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    group: str = ""
    empty: str = "None."
    file: str = ""
    href: str = ""
    limit: int = 0

    @property
    def csv(self) -> str:
        """Where the table lies as CSV; blank where it lies nowhere."""
        return self.href or (f"tables/{self.file}.csv" if self.file else "")

    @property
    def hidden(self) -> int:
        """How many rows only the CSV has."""
        return max(0, len(self.rows) - self.limit) if self.limit else 0

    @property
    def shown(self) -> tuple[int, ...]:
        """Columns that the page shows: all but those of sentences that no row has. The CSV has every column."""
        filled = {i for row in self.rows for i, cell in enumerate(row.cells) if cell.text}
        return tuple(i for i, head in enumerate(self.heads) if not head.wide or i in filled)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `kind` names its look, such as "note"."""

    parts: tuple[Inline, ...]
    kind: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    entries: tuple[tuple[Inline, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, of level 3 or 4."""

    text: str
    id: str
    level: int = 3


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption; `file` is where the same drawing lies on its own, blank where it does not."""

    name: str
    caption: str
    svg: str
    file: str = ""

    @property
    def tall(self) -> bool:
        """Whether the drawing is too high for one printed page: its letters would be too small to read there."""
        height = re.search(r' height="([\d.]+)"', self.svg)
        return bool(height) and float(height[1]) > TALLEST  # type: ignore[index]


@dataclass(frozen=True)
class Verbatim:
    """Text kept exactly as it was written."""

    label: str
    text: str


@dataclass(frozen=True)
class Word:
    """A piece of text, `only` where the other side has nothing like it."""

    text: str
    only: bool = False


@dataclass(frozen=True)
class Difference:
    """One field of two records: what each side says, and in a word how they compare."""

    label: str
    sides: tuple[tuple[Word, ...], tuple[Word, ...]]
    verdict: str
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """Two records side by side, why they stand here, and the lines of a file with which a person can answer."""

    id: str
    title: str
    names: tuple[str, str]
    why: str
    fields: tuple[Difference, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """Blocks that a reader unfolds."""

    id: str
    summary: str
    blocks: tuple["Block", ...]


Block = Table | Paragraph | Bullets | Heading | Figure | Verbatim | Comparison | Details


@dataclass(frozen=True)
class Section:
    """One section of the page; `short` is its name in the navigation."""

    id: str
    title: str
    short: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A page: the kind of thing it is, its heading and state, sections, and what its foot says. `called` is what the
    page calls itself in names for screen readers."""

    kind: str
    heading: str
    name: str
    sections: tuple[Section, ...]
    foot: str
    called: str = "page"
    state: Link | None = None


def col(label: str) -> Head:
    """A column of short text."""
    return Head(label)


def num(label: str) -> Head:
    """A column of numbers."""
    return Head(label, numeric=True)


def whole(label: str) -> Head:
    """A column of dates and names that must not be broken."""
    return Head(label, whole=True)


def wide(label: str) -> Head:
    """A column of sentences."""
    return Head(label, wide=True)


def cell(value: Inline | Cell | tuple[Link, ...]) -> Cell:
    """A cell of anything that can stand in one."""
    if isinstance(value, Cell):
        return value
    if isinstance(value, tuple):
        return Cell(value)
    return Cell((value if isinstance(value, Link) else Link(value),))


def row(*values: Inline | Cell | tuple[Link, ...], group: str = "", place: str = "", group_id: str = "") -> Row:
    """A row of anything that can stand in its cells."""
    return Row(tuple(cell(value) for value in values), group, place, group_id)


def paragraph(*parts: Inline, kind: str = "") -> Paragraph:
    """A paragraph of texts and links."""
    return Paragraph(parts, kind)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, those inside others included, in the order of the page."""
    for block in blocks:
        yield block
        if isinstance(block, Details):
            yield from walk(block.blocks)
