"""The flow diagram as a drawing: boxes in rows, straight arrows, each count a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewflow.page import svg

from .flow import BoxLines, Column, Flow, Line

SIZE, LEADING, PAD = 13.0, 19.0, 9.0
BAR, MAIN, SIDE, GAP, MARGIN = 30.0, 280.0, 290.0, 44.0, 12.0
DOWN = 34.0
HEADER = 34.0
ROWS = ("identified", "screened", "sought", "assessed", "included")
BANDS = (("Identification", "identified", "identified"), ("Screening", "screened", "assessed"))
BAR_FILL, HEADER_FILL, AWAITING = "#dbe7f3", "#fdf3d6", "#7a4b00"
CREDIT = "After: Page MJ, et al. The PRISMA 2020 statement. BMJ 2021;372:n71."


@dataclass(frozen=True)
class _Place:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def draw(flow: Flow, name: str = "flow", base: str = "") -> str:
    """The drawing. `base` is the page that the links lead to; "" where the drawing stands in that page."""
    columns = [flow.databases, *([flow.other] if flow.other else [])]
    lefts = [MARGIN + BAR + 16 + i * (MAIN + SIDE + 2 * GAP) for i in range(len(columns))]
    tops, heights = _rows(flow, columns)
    width = lefts[-1] + MAIN + GAP + SIDE + MARGIN
    body = list(_bars(tops, heights))
    for column, left in zip(columns, lefts, strict=True):
        body += _header(column.header, left)
        body += _column(column, left, tops, heights, base)
    body += _included(flow, lefts, tops, heights, base)
    bottom = tops["included"] + heights["included"]
    body.append(svg.text(lefts[0], bottom + 26, CREDIT, font_size=11, fill=svg.MUTED))
    return svg.drawing(name, width, bottom + 38, flow.title, flow.description, body, role="group")


def _wrapped(lines: BoxLines, width: float) -> list[tuple[Line, list[str]]]:
    return [(line, svg.wrap(_words(line), width - 2 * PAD - _indent(line), SIZE)) for line in lines]


def _words(line: Line) -> str:
    if line.n is None:
        return line.text
    text, colon = line.text.removesuffix(":"), ":" * line.text.endswith(":")
    # Spaces that do not break, so that a count is never torn apart.
    return f"{text} (n\u00a0=\u00a0{line.n}){colon}"


def _indent(line: Line) -> float:
    return 14.0 * line.indent


def _height(lines: BoxLines, width: float) -> float:
    return 2 * PAD + LEADING * sum(len(words) for _, words in _wrapped(lines, width))


def _rows(flow: Flow, columns: list[Column]) -> tuple[dict[str, float], dict[str, float]]:
    heights = dict.fromkeys(ROWS, 0.0)
    for column in columns:
        for boxes, width in ((column.main, MAIN), (column.side, SIDE)):
            for row, lines in boxes.items():
                heights[row] = max(heights[row], _height(lines, width))
    heights["included"] = _height(flow.included, MAIN)
    tops, y = {}, MARGIN + HEADER + 22
    for row in ROWS:
        tops[row] = y
        y += heights[row] + DOWN
    return tops, heights


def _bars(tops: dict[str, float], heights: dict[str, float]) -> Iterator[str]:
    for label, first, last in (*BANDS, ("Included", "included", "included")):
        top, bottom = tops[first], tops[last] + heights[last]
        yield svg.rectangle(MARGIN, top, BAR, bottom - top, rx=6, fill=BAR_FILL, stroke=svg.RULE)
        x, y = MARGIN + BAR / 2 + 4.5, (top + bottom) / 2
        yield svg.text(
            x,
            y,
            label,
            "middle",
            bold=True,
            transform=f"rotate(-90 {x:.1f} {y:.1f})",
            font_size=_bar_size(label, bottom - top),
        )


def _bar_size(label: str, room: float) -> float:
    return min(SIZE, SIZE * (room - 6) / svg.text_width(label, SIZE, bold=True))


def _header(label: str, left: float) -> list[str]:
    width = MAIN + GAP + SIDE
    return [
        svg.rectangle(left, MARGIN, width, HEADER, rx=6, fill=HEADER_FILL, stroke=svg.RULE),
        svg.text(left + width / 2, MARGIN + HEADER / 2 + 4.5, label, "middle", bold=True),
    ]


def _column(column: Column, left: float, tops: dict[str, float], heights: dict[str, float], base: str) -> Iterator[str]:
    previous: _Place | None = None
    for row in ROWS:
        if row not in column.main:
            continue
        place = _Place(left, tops[row], MAIN, heights[row])
        yield _box(column.main[row], place, base)
        if previous:
            yield _arrow([(left + MAIN / 2, previous.bottom), (left + MAIN / 2, place.y)])
        if row in column.side:
            side = _Place(left + MAIN + GAP, tops[row], SIDE, heights[row])
            yield _box(column.side[row], side, base)
            yield _arrow([(left + MAIN, place.middle), (side.x, place.middle)])
        previous = place


def _included(
    flow: Flow, lefts: list[float], tops: dict[str, float], heights: dict[str, float], base: str
) -> Iterator[str]:
    place = _Place(lefts[0], tops["included"], MAIN, heights["included"])
    yield _box(flow.included, place, base)
    from_y = tops["assessed"] + heights["assessed"]
    yield _arrow([(lefts[0] + MAIN / 2, from_y), (lefts[0] + MAIN / 2, place.y)])
    if flow.other:
        x = lefts[1] + MAIN / 2
        yield _arrow([(x, from_y), (x, place.middle), (place.x + MAIN, place.middle)])


def _box(lines: BoxLines, place: _Place, base: str) -> str:
    wrapped = _wrapped(lines, place.width)
    y = place.middle - LEADING * sum(len(words) for _, words in wrapped) / 2
    drawn = [svg.rectangle(place.x, place.y, place.width, place.height, fill="#ffffff", stroke=svg.INK)]
    for line, words in wrapped:
        drawn.append(_line(line, words, place.x + PAD + _indent(line), y, base))
        y += LEADING * len(words)
    return "\n".join(drawn)


def _line(line: Line, words: list[str], x: float, y: float, base: str) -> str:
    look: dict[str, Any] = {"font_style": "italic", "fill": AWAITING} if line.awaiting else {}
    texts = [_words_at(x, y + 14 + i * LEADING, part, bool(line.href), look) for i, part in enumerate(words)]
    if not line.href:
        return "".join(texts)
    room = max(svg.text_width(part, SIZE) for part in words)
    # A transparent ground makes the whole line answer to the pointer.
    ground = svg.rectangle(x, y, room, LEADING * len(words), fill="transparent")
    return svg.element("a", ground, *texts, href=f"{base}{line.href}")


def _words_at(x: float, y: float, part: str, linked: bool, look: dict[str, Any]) -> str:
    """A line of text; where it leads somewhere its count looks like a link."""
    before, opening, count = part.rpartition("(n\u00a0=")
    if not (linked and opening):
        return svg.text(x, y, part, **look)
    marked = svg.span(opening + count, fill=svg.LINK, text_decoration="underline")
    return svg.text(x, y, before, after=marked, **look)


def _arrow(points: list[tuple[float, float]]) -> str:
    (x0, y0), (x, y) = points[-2:]
    path = " ".join(f"{'L' if i else 'M'}{px:.1f} {py:.1f}" for i, (px, py) in enumerate(points))
    along = 1 if (x > x0 or y > y0) else -1
    if y == y0:
        head = [(x, y), (x - 8 * along, y - 4), (x - 8 * along, y + 4)]
    else:
        head = [(x, y), (x - 4, y - 8 * along), (x + 4, y - 8 * along)]
    return svg.element("path", d=path, fill="none", stroke=svg.INK) + svg.polygon(head)
