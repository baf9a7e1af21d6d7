"""A forest plot as a drawing, in RevMan's layout: all columns left of the plot."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reviewflow.page import svg
from reviewflow.page.wording import typographic

from .forest import Forest, ForestRow, Interval, Panel, Summary

SIZE, NOTE, ROW, GAP, MARGIN = 13.0, 12.5, 21.0, 16.0, 14.0
PLOT = 300.0
LONGEST_LABEL = 300.0
LARGEST, SMALLEST = 13.0, 3.5
INDENT = 14.0


@dataclass(frozen=True)
class _Layout:
    """Right edges of the columns (left edge of the first), and the plot's left end."""

    heads: tuple[float, ...]
    weight: float
    effect: float
    plot: float
    width: float


def draw(forest: Forest) -> str:
    """The drawing."""
    layout = _layout(forest)
    top = MARGIN + 2 * ROW + 6
    body = [*_header(forest, layout)]
    y = top
    null_top = y
    for panel in forest.panels:
        drawn, y = _panel(forest, panel, layout, y)
        body += drawn
    body += _axis(forest, layout, null_top, y)
    y += 56
    for foot in _feet(forest, layout.width):
        body.append(svg.text(MARGIN, y, foot, font_size=11.5, fill=svg.MUTED))
        y += 16
    return svg.drawing(forest.name, layout.width, y, forest.title, forest.description, body)


def _feet(forest: Forest, width: float) -> list[str]:
    return [line for foot in forest.feet for line in svg.wrap(foot, width - 2 * MARGIN, 11.5)]


def _label(row: ForestRow) -> str:
    return svg.shorten(row.label, LONGEST_LABEL, SIZE) + (f" {row.mark}" if row.mark else "")


def _layout(forest: Forest) -> _Layout:
    rows = [row for panel in forest.panels for row in panel.rows]
    summaries = [panel.summary for panel in forest.panels if panel.summary]
    first = max(
        [svg.text_width("Study or subgroup", SIZE, True), *(svg.text_width(_label(r), SIZE) for r in rows)],
    )
    x = MARGIN + INDENT + first
    edges = []
    for i, head in enumerate(forest.heads):
        texts = [row.cells[i] for row in rows]
        x += GAP + max([svg.text_width(head.name, SIZE, True), *(svg.text_width(text, SIZE) for text in texts)])
        edges.append(x)
    x = _room_for_sides(forest, edges, x)
    # A pooled label runs from the first column to the weights.
    x = max([x, *(MARGIN + svg.text_width(s.label, SIZE, True) for s in summaries)])
    weight = x + GAP + max(svg.text_width(t, SIZE, True) for t in ["Weight", *(r.weight_text for r in rows)])
    effects = [*(row.effect for row in rows), *(s.effect for s in summaries), *forest.effect_head]
    effect = weight + GAP + max(svg.text_width(text, SIZE, True) for text in effects)
    notes = [svg.text_width(note, NOTE) for panel in forest.panels for note in panel.notes]
    plot = max([effect + 2 * GAP, *(MARGIN + note + GAP for note in notes)])
    return _Layout(tuple(edges), weight, effect, plot, plot + PLOT + MARGIN + 8)


def _sides(forest: Forest) -> list[tuple[int, int]]:
    """First and last column of each side."""
    sides = [head.field[-1] for head in forest.heads]
    return [(sides.index(side), len(sides) - 1 - sides[::-1].index(side)) for side in dict.fromkeys(sides)]


def _room_for_sides(forest: Forest, edges: list[float], x: float) -> float:
    """Move columns apart until the names of the sides fit above them."""
    for first, last in _sides(forest):
        start = edges[first] - svg.text_width(forest.heads[first].name, SIZE, True)
        short = svg.text_width(forest.heads[last].side, SIZE, True) - (edges[last] - start)
        if short > 0:
            for i in range(first, len(edges)):
                edges[i] += short
    return edges[-1] if edges else x


def _header(forest: Forest, layout: _Layout) -> Iterator[str]:
    first, second = MARGIN + 14, MARGIN + 14 + ROW
    yield svg.text(MARGIN, second, "Study or subgroup", bold=True)
    for x, head in zip(layout.heads, forest.heads, strict=True):
        yield svg.text(x, second, head.name, "end", bold=True)
    for first_column, last_column in _sides(forest):
        yield svg.text(layout.heads[last_column], first, forest.heads[first_column].side, "end", bold=True)
    yield svg.text(layout.weight, second, "Weight", "end", bold=True)
    for x, anchor in ((layout.effect, "end"), (layout.plot + PLOT / 2, "middle")):
        yield svg.text(x, first, forest.effect_head[0], anchor, bold=True)
        yield svg.text(x, second, forest.effect_head[1], anchor, bold=True)
    yield svg.line(MARGIN, second + 7, layout.width - MARGIN, second + 7, stroke=svg.RULE)


def _panel(forest: Forest, panel: Panel, layout: _Layout, y: float) -> tuple[list[str], float]:
    drawn = []
    if panel.title:
        y += ROW
        drawn.append(svg.text(MARGIN, y - 6, panel.title, bold=True))
    heaviest = max((row.weight for row in panel.rows), default=0.0)
    for row in panel.rows:
        y += ROW
        drawn.append(_study(forest, row, layout, y, heaviest))
    if panel.summary:
        y += ROW
        drawn.append(_pooled(forest, panel.summary, layout, y))
    for note in panel.notes:
        y += ROW - 3
        drawn.append(svg.text(MARGIN, y - 6, typographic(note), font_size=NOTE))
    return drawn, y + (8 if panel.title else 0)


def _study(forest: Forest, row: ForestRow, layout: _Layout, y: float, heaviest: float) -> str:
    base = y - 6
    cells = zip(layout.heads, row.cells, strict=True)
    texts = [
        svg.text(MARGIN + INDENT, base, _label(row)),
        *(svg.text(x, base, typographic(text), "end") for x, text in cells if text),
        svg.text(layout.weight, base, row.weight_text, "end"),
        svg.text(layout.effect, base, typographic(row.effect), "end"),
    ]
    if row.interval:
        side = max(SMALLEST, LARGEST * math.sqrt(row.weight / heaviest)) if heaviest else SMALLEST
        texts += _marks(forest, row, row.interval, layout, base - 4.5, side)
    whole = svg.label(row.label) if svg.shorten(row.label, LONGEST_LABEL, SIZE) != row.label else ""
    return svg.element("g", whole, *texts)


def _marks(forest: Forest, row: ForestRow, interval: Interval, layout: _Layout, y: float, side: float) -> Iterator[str]:
    low, high = (min(1.0, max(0.0, forest.axis.place(v))) * PLOT + layout.plot for v in (interval.low, interval.high))
    yield svg.line(low, y, high, y, stroke_width=1.3)
    for x, value, way in ((low, interval.low, 1), (high, interval.high, -1)):
        if not forest.axis.inside(value):
            yield svg.polygon([(x - 2 * way, y), (x + 6 * way, y - 4), (x + 6 * way, y + 4)])
    x = layout.plot + forest.axis.place(interval.middle) * PLOT
    # A study that is not pooled has no weight, hence an open square.
    fill = {"fill": forest.colour} if row.weight else {"fill": "#ffffff", "stroke": forest.colour}
    yield svg.rectangle(x - side / 2, y - side / 2, side, side, **fill)


def _pooled(forest: Forest, summary: Summary, layout: _Layout, y: float) -> str:
    base, middle = y - 6, y - 10.5
    low, centre, high = (
        layout.plot + min(1.0, max(0.0, forest.axis.place(value))) * PLOT
        for value in (summary.interval.low, summary.interval.middle, summary.interval.high)
    )
    half = 5.5
    return "\n".join(
        [
            svg.text(MARGIN, base, summary.label, bold=True),
            svg.text(layout.weight, base, "100.0%", "end", bold=True),
            svg.text(layout.effect, base, typographic(summary.effect), "end", bold=True),
            svg.polygon([(low, middle), (centre, middle - half), (high, middle), (centre, middle + half)]),
        ]
    )


def _axis(forest: Forest, layout: _Layout, top: float, bottom: float) -> Iterator[str]:
    y = bottom + 6
    null = layout.plot + PLOT / 2
    yield svg.line(null, top, null, y, stroke=svg.MUTED)
    yield svg.line(layout.plot, y, layout.plot + PLOT, y)
    for place, label in forest.axis.ticks:
        x = layout.plot + forest.axis.place(place) * PLOT
        yield svg.line(x, y, x, y + 5)
        yield svg.text(x, y + 18, typographic(label), "middle", font_size=12)
    left, right = forest.favours
    room = PLOT / 2 + GAP
    yield svg.text(null - 8, y + 36, svg.shorten(left, room, 12), "end", font_size=12)
    yield svg.text(null + 8, y + 36, svg.shorten(right, PLOT / 2, 12), font_size=12)
