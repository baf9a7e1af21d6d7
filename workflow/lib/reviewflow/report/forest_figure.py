"""A forest plot as a drawing, in the layout that it asks for."""

import math
from collections.abc import Iterator

from reviewflow.page import svg
from reviewflow.page.wording import typographic

from .forest import Forest, Panel
from .forest_columns import (
    GAP,
    INDENT,
    MARGIN,
    NOTE,
    PLOT,
    SIZE,
    Columns,
    clauses,
    columns_of,
    label_of,
    side_of,
    sides,
)
from .forest_rows import ForestRow, Interval, Prediction, Summary

ROW, LEADING, FOOT = 21.0, 15.0, 11.5
SMALLEST = 3.5
_HALF = 5.5


def draw(forest: Forest) -> str:
    """The drawing."""
    at = columns_of(forest)
    lines = _favours(forest) if forest.layout.favours_on_top else []
    above = max((len(side_of(head)) for head in forest.heads), default=1)
    top = MARGIN + 2 * ROW + LEADING * max(above - 1, len(lines) - 2, 0) + 6
    body, y = [], top
    for panel in forest.panels:
        drawn, y = _panel(forest, panel, at, y)
        body += drawn
    axis, below = _axis(forest, at, top, y)
    # The line of no effect lies behind diamonds and squares.
    body = [*_header(forest, at, top, lines), *axis, *body]
    y = below + 18
    notes = [note for note in forest.panels[-1].notes if forest.layout.notes_below]
    for size, colour, texts in ((NOTE, svg.INK, notes), (FOOT, svg.MUTED, forest.feet)):
        for line in (piece for text in texts for piece in svg.wrap(text, at.width - 2 * MARGIN, size)):
            body.append(svg.text(MARGIN, y, typographic(line), font_size=size, fill=colour))
            y += 16 if size == FOOT else 18
    return svg.drawing(forest.name, at.width, y, forest.title, forest.description, body)


def _header(forest: Forest, at: Columns, top: float, favours: list[tuple[str, str]]) -> Iterator[str]:
    second = top - 13
    first = second - ROW
    yield svg.text(MARGIN, second, forest.layout.study, bold=True)
    for column in at.columns:
        for y, text in zip((first, second), column.head, strict=True):
            if text:
                yield svg.text(column.edge, y, text, "end", bold=True)
    if forest.heads:
        edges = [column.edge for column in at.columns if column.kind == "stats"]
        for _, last in sides(forest):
            for i, line in enumerate(reversed(side_of(forest.heads[last]))):
                if line:
                    yield svg.text(edges[last], first - i * LEADING, line, "end", bold=True)
    if forest.layout.favours_on_top:
        yield from _sides_of_null(at, second - LEADING * (len(favours) - 1), favours, True)
    elif not forest.layout.right:
        for y, text in zip((first, second), forest.effect_head, strict=True):
            yield svg.text(at.plot + PLOT / 2, y, text, "middle", bold=True)
    yield svg.line(MARGIN, second + 7, at.width - MARGIN, second + 7, stroke=svg.RULE)


def _favours(forest: Forest) -> list[tuple[str, str]]:
    """The labels left and right of no effect, line by line."""
    if not any(forest.favours):
        return []
    bold = forest.layout.favours_on_top
    left, right = (svg.wrap(text, PLOT / 2, 12, bold)[:4] for text in forest.favours)
    n = max(len(left), len(right))
    return list(zip(left + [""] * (n - len(left)), right + [""] * (n - len(right)), strict=True))


def _sides_of_null(at: Columns, y: float, lines: list[tuple[str, str]], bold: bool = False) -> Iterator[str]:
    null = at.plot + PLOT / 2
    for i, (left, right) in enumerate(lines):
        for x, text, anchor in ((null - 8, left, "end"), (null + 8, right, "")):
            if text:
                yield svg.text(x, y + i * LEADING, text, anchor, bold=bold, font_size=12)


def _panel(forest: Forest, panel: Panel, at: Columns, y: float) -> tuple[list[str], float]:
    drawn = []
    room = at.written - MARGIN
    for line in svg.wrap(panel.title, room, SIZE, True) if panel.title else ():
        y += ROW
        drawn.append(svg.text(MARGIN, y - 6, line, bold=True))
    heaviest = max((row.weight for part in forest.panels for row in part.rows), default=0.0)
    for row in panel.rows:
        y += ROW
        drawn.append(_study(forest, row, at, y, heaviest))
        y += LEADING * (len(label_of(row)) - 1)
    if panel.summary:
        y += ROW
        drawn.append(_pooled(forest, panel.summary, at, y))
    if panel.prediction:
        y += ROW
        drawn.append(_predicted(forest, panel.prediction, at, y))
    beside = () if forest.layout.notes_below and panel is forest.panels[-1] else panel.notes
    for line in (piece for note in beside for piece in clauses(note, room)):
        y += ROW - 3
        drawn.append(svg.text(MARGIN, y - 6, typographic(line), font_size=NOTE))
    return drawn, y + (8 if panel.title else 0)


def _texts(
    at: Columns, base: float, weight: str, effect: str, cells: tuple[str, ...] = (), bold: bool = False
) -> list[str]:
    found = []
    for column in at.columns:
        text = {"weight": weight, "effect": effect}.get(column.kind, cells[column.stat] if cells else "")
        if text:
            found.append(svg.text(column.edge, base, typographic(text), "end", bold=bold))
    return found


def _study(forest: Forest, row: ForestRow, at: Columns, y: float, heaviest: float) -> str:
    base = y - 6
    texts = [
        *(svg.text(MARGIN + INDENT, base + i * LEADING, line) for i, line in enumerate(label_of(row))),
        *_texts(at, base, row.weight_text, row.effect, row.cells),
    ]
    if row.interval:
        side = max(SMALLEST, forest.layout.largest * math.sqrt(row.weight / heaviest)) if heaviest else SMALLEST
        texts += _marks(forest, row, row.interval, at, base - 4.5, side)
    whole = svg.label(row.label) if "\u2026" in label_of(row)[-1] else ""
    return svg.element("g", whole, *texts)


def _marks(forest: Forest, row: ForestRow, interval: Interval, at: Columns, y: float, side: float) -> Iterator[str]:
    yield from _line(forest, interval, at, y, stroke_width=1.3)
    if not forest.axis.inside(interval.middle):
        return  # the arrow stands for it
    x = at.plot + forest.axis.place(interval.middle) * PLOT
    # A study that is not pooled has no weight, hence an open square.
    fill = {"fill": forest.colour} if row.weight else {"fill": "#ffffff", "stroke": forest.colour}
    yield svg.rectangle(x - side / 2, y - side / 2, side, side, **fill)


def _line(forest: Forest, interval: Interval, at: Columns, y: float, **look: object) -> Iterator[str]:
    """An interval as a line; an end beyond the axis is an arrow at its end."""
    low, high = (forest.axis.held(value) * PLOT + at.plot for value in (interval.low, interval.high))
    if low < high:
        yield svg.line(low, y, high, y, **look)
    for x, beyond, way in (
        (at.plot, interval.low < forest.axis.left and not forest.axis.inside(interval.low), 1),
        (at.plot + PLOT, interval.high > forest.axis.right and not forest.axis.inside(interval.high), -1),
    ):
        if beyond:
            yield svg.polygon([(x - 2 * way, y), (x + 6 * way, y - 4), (x + 6 * way, y + 4)])


def _pooled(forest: Forest, summary: Summary, at: Columns, y: float) -> str:
    base, middle = y - 6, y - 10.5
    found = summary.interval
    low, centre, high = (at.plot + forest.axis.held(value) * PLOT for value in (found.low, found.middle, found.high))
    points = [(low, middle), (centre, middle - _HALF), (high, middle), (centre, middle + _HALF)]
    return "\n".join(
        [
            svg.text(MARGIN, base, summary.label, bold=True),
            *_texts(at, base, summary.weight, summary.effect, bold=True),
            svg.polygon(points, fill=forest.layout.diamond, stroke=svg.INK, stroke_width=0.8),
        ]
    )


def _predicted(forest: Forest, prediction: Prediction, at: Columns, y: float) -> str:
    """The prediction interval: a line with a bar at each end that the axis shows, in metafor's layout dotted."""
    base, middle = y - 6, y - 10.5
    dots = {"stroke_dasharray": "2 3"} if forest.layout.dotted_prediction else {}
    found = prediction.interval
    ends = [
        svg.line(x, middle - 4, x, middle + 4, stroke_width=1.6)
        for x in (at.plot + forest.axis.place(v) * PLOT for v in (found.low, found.high) if forest.axis.inside(v))
    ]
    return "\n".join(
        [
            svg.text(MARGIN, base, prediction.label),
            *_texts(at, base, "", prediction.effect),
            *_line(forest, found, at, middle, stroke_width=1.6, **dots),
            *ends,
        ]
    )


def _axis(forest: Forest, at: Columns, top: float, bottom: float) -> tuple[list[str], float]:
    """The axis and what stands under it, and the last baseline of that."""
    y = bottom + 6
    body = []
    if forest.axis.null is not None:
        null = at.plot + forest.axis.place(forest.axis.null) * PLOT
        body.append(svg.line(null, top, null, y, stroke=svg.MUTED))
    if forest.mark is not None and forest.axis.inside(forest.mark):
        mark = at.plot + forest.axis.place(forest.mark) * PLOT
        body.append(svg.line(mark, top, mark, y, stroke_dasharray="4 3"))
    body.append(svg.line(at.plot, y, at.plot + PLOT, y))
    for place, label in forest.axis.ticks:
        x = at.plot + forest.axis.place(place) * PLOT
        body.append(svg.line(x, y, x, y + 5))
        body.append(svg.text(x, y + 18, typographic(label), "middle", font_size=12))
    if forest.layout.right:
        name = ", ".join(forest.effect_head)
        for line in svg.wrap(name, PLOT + 2 * GAP, 12):
            body.append(svg.text(at.plot + PLOT / 2, y + 36, line, "middle", font_size=12))
            y += 15
        y -= 15 if forest.layout.favours_on_top else -3
        if forest.layout.favours_on_top:
            return body, y + 36
    lines = _favours(forest)
    body += _sides_of_null(at, y + 36, lines)
    return body, y + 36 + 15 * max(0, len(lines) - 1)
