"""Where the columns of a forest plot stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reviewflow.page import svg

from .forest import Forest
from .forest_rows import ForestRow, Stat

SIZE, NOTE, GAP, MARGIN, INDENT = 13.0, 12.5, 16.0, 14.0, 14.0
PLOT = 300.0
LONGEST_LABEL, LONGEST_SIDE, LONGEST_NOTE = 260.0, 140.0, 620.0
_LINES, _SIDE_LINES = 3, 4


@dataclass(frozen=True)
class Column:
    """A column beside the plot: its right edge, the lines of its head, and the number of the stat that it shows."""

    kind: str
    edge: float
    head: tuple[str, str]
    stat: int = -1


@dataclass(frozen=True)
class Columns:
    """All columns, the left end of the plot, the right end of what may be written left of it, and the whole width."""

    columns: tuple[Column, ...]
    plot: float
    written: float
    width: float


def label_of(row: ForestRow) -> list[str]:
    """A study as its row names it, in lines; what needs more than three is cut."""
    mark = f" {row.mark}" if row.mark else ""
    lines = svg.wrap(row.label, LONGEST_LABEL, SIZE)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], svg.shorten(" ".join(lines[_LINES - 1 :]), LONGEST_LABEL - 14, SIZE)]
    return [*lines[:-1], lines[-1] + mark]


def side_of(stat: Stat) -> list[str]:
    """The name of a side above its columns, in lines."""
    lines = svg.wrap(stat.side, LONGEST_SIDE, SIZE, True)
    if len(lines) > _SIDE_LINES:
        lines = [*lines[: _SIDE_LINES - 1], svg.shorten(" ".join(lines[_SIDE_LINES - 1 :]), LONGEST_SIDE / 1.1, SIZE)]
    return lines


def clauses(note: str, room: float) -> list[str]:
    """A note in lines, cut between its clauses where it is too long."""
    if svg.text_width(note, NOTE) <= room:
        return [note]
    lines = [""]
    for clause in note.split("; "):
        joined = f"{lines[-1]}; {clause}" if lines[-1] else clause
        if svg.text_width(joined, NOTE) <= room:
            lines[-1] = joined
        else:
            lines += [clause] if lines[-1] else []
            lines[-1] = clause
    return [piece for line in lines for piece in svg.wrap(line, room, NOTE)]


def columns_of(forest: Forest) -> Columns:
    """The columns, each as wide as its widest text."""
    rows = [row for panel in forest.panels for row in panel.rows]
    labels = [svg.text_width(line, SIZE) for row in rows for line in label_of(row)]
    x = MARGIN + INDENT + max([svg.text_width(forest.layout.study, SIZE, True), *labels])
    found: list[Column] = []
    for kind in forest.layout.left:
        added, x = _added(forest, kind, x)
        found += added
    found, x = _room_for_totals(forest, found, x)
    written = max(x, MARGIN + forest.layout.least, *_note_widths(forest))
    plot = written + 2 * GAP
    right, x = plot + PLOT + 4, plot + PLOT + 4
    for kind in forest.layout.right:
        added, x = _added(forest, kind, x)
        found += added
    return Columns(tuple(found), plot, written, max(x, right) + MARGIN + 4)


def _room_for_totals(forest: Forest, found: list[Column], x: float) -> tuple[list[Column], float]:
    """Move the columns that have something in pooled rows right until the labels of these rows fit before them."""
    rows = [row for panel in forest.panels for row in (panel.summary, panel.prediction) if row]
    room = max((MARGIN + svg.text_width(row.label, SIZE, True) for row in rows), default=0.0)
    filled = [column for column in found if column.kind != "stats"]
    if not filled:
        return found, max(x, room)
    first = filled[0]
    widest = max(_widths(forest, first), default=0.0)
    short = max(0.0, room + GAP - (first.edge - widest))
    moved = [Column(c.kind, c.edge + short * (c.kind != "stats"), c.head, c.stat) for c in found]
    return moved, x + short


def _note_widths(forest: Forest) -> list[float]:
    """Notes beside the plot; a layout that writes below it wraps them in the room that there is."""
    if forest.layout.notes_below:
        return [0.0]
    titles = [min(LONGEST_NOTE, svg.text_width(panel.title, SIZE, True)) for panel in forest.panels]
    notes = [svg.text_width(note, NOTE) for panel in forest.panels for note in panel.notes]
    return [MARGIN + min(width, LONGEST_NOTE) for width in (*titles, *notes)] or [0.0]


def _added(forest: Forest, kind: str, x: float) -> tuple[list[Column], float]:
    """The columns of one kind from x on, and where they end."""
    if kind == "stats":
        return _stats(forest, x)
    head = ("", forest.layout.weight) if kind == "weight" else forest.effect_head
    widest = max(_widths(forest, Column(kind, 0.0, head)))
    return [Column(kind, x + GAP + widest, head)], x + GAP + widest


def _widths(forest: Forest, column: Column) -> Iterator[float]:
    """Room that each text of a column needs."""
    yield from (svg.text_width(text, SIZE, True) for text in column.head)
    for panel in forest.panels:
        texts = [(row.weight_text, row.effect) for row in panel.rows]
        texts += [(panel.summary.weight, panel.summary.effect)] if panel.summary else []
        yield from (svg.text_width(text[column.kind == "effect"], SIZE, True) for text in texts)
        if panel.prediction and column.kind == "effect":
            yield svg.text_width(panel.prediction.effect, SIZE, True)


def _stats(forest: Forest, x: float) -> tuple[list[Column], float]:
    rows = [row for panel in forest.panels for row in panel.rows]
    edges = []
    for i, head in enumerate(forest.heads):
        widths = [svg.text_width(row.cells[i], SIZE) for row in rows]
        x += GAP + max([svg.text_width(head.name, SIZE, True), *widths])
        edges.append(x)
    # The name of a side stands above its last column and needs the room of all of them.
    for first, last in sides(forest):
        start = (edges[first - 1] if first else edges[0] - svg.text_width(forest.heads[0].name, SIZE, True) - GAP) + GAP
        widest = max(svg.text_width(line, SIZE, True) for line in side_of(forest.heads[last]))
        short = widest - (edges[last] - start)
        if short > 0:
            edges = [edge + (short if i >= first else 0.0) for i, edge in enumerate(edges)]
    found = [
        Column("stats", edge, ("", head.name), i)
        for i, (edge, head) in enumerate(zip(edges, forest.heads, strict=True))
    ]
    return found, edges[-1] if edges else x


def sides(forest: Forest) -> list[tuple[int, int]]:
    """First and last column of each side."""
    starts = [i for i, head in enumerate(forest.heads) if not i or head.field[-1] != forest.heads[i - 1].field[-1]]
    return [(a, b - 1) for a, b in pairwise([*starts, len(forest.heads)])]
