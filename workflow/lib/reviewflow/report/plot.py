"""A plot with two axes: its frame, its ticks, points that have names, and labels that lie on nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reviewflow.page import svg, wording
from reviewflow.page.wording import typographic

from . import forest_text
from .axis import Axis
from .review import Line, Review

WIDTH, HEIGHT = 704.0, 440.0
LEFT, TOP, BOTTOM, RIGHT = 74.0, 16.0, 58.0, 24.0
SIZE, SMALL, FOOT = 13.0, 12.0, 11.5
POINT, GRID = "#1f4fb4", "#dfe4e9"
LONGEST = 170.0
# Where a label may stand beside its point, nearest first: steps right and down, and the side at which it is held.
_PLACES = (
    (1.0, 0.0, ""), (-1.0, 0.0, "end"), (0.0, -1.0, "middle"), (0.0, 1.0, "middle"), (0.8, -0.9, ""), (0.8, 0.9, ""),
    (-0.8, -0.9, "end"), (-0.8, 0.9, "end"),
)  # fmt: skip
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """The plot's rectangle, and the axes along it; with `down` the vertical axis begins at the top. Within `pad` of its
    edges nothing has its place, so that no point lies on an axis."""

    x: Axis
    y: Axis
    width: float = WIDTH - LEFT - RIGHT
    height: float = HEIGHT - TOP - BOTTOM
    down: bool = False
    pad: float = 0.0

    def across(self, value: float) -> float:
        """The place of a value of the horizontal axis."""
        return LEFT + self.pad + self.x.place(value) * (self.width - 2 * self.pad)

    def up(self, value: float) -> float:
        """The place of a value of the vertical axis."""
        part = self.y.place(value)
        return TOP + self.pad + (part if self.down else 1 - part) * (self.height - 2 * self.pad)

    @property
    def right(self) -> float:
        """Its right end."""
        return LEFT + self.width

    @property
    def bottom(self) -> float:
        """Its lower end."""
        return TOP + self.height


@dataclass(frozen=True)
class Point:
    """A study in a plot: its place, what a pointer shows of it, its label, and how much it asks for one."""

    x: float
    y: float
    name: str
    label: str = ""
    rank: float = 0.0
    radius: float = 4.5
    open: bool = False


def drawing(review: Review, analysis: Line, kind: str, titled: str, told: str, body: Iterable[str]) -> str:
    """A whole plot of one analysis, with what the marks beside its studies mean below it."""
    lines = [line for foot in forest_text.marks(review, [analysis]) for line in svg.wrap(foot, WIDTH - 32, FOOT)]
    feet = [svg.text(16, HEIGHT + 10 + 16 * i, line, font_size=FOOT, fill=svg.MUTED) for i, line in enumerate(lines)]
    name = f"{kind}_{wording.file_name(analysis['analysis'])}"
    height = HEIGHT + (16 * len(lines) + 6 if lines else 0)
    return svg.drawing(name, WIDTH, height, f"{titled}. {review.name_of(analysis)}", told, [*body, *feet])


def axes(frame: Frame, across: str, up: str, grid: bool = True) -> Iterator[str]:
    """Ticks with their labels, and the names of both axes."""
    for place, label in frame.x.ticks:
        x = frame.across(place)
        if grid:
            yield svg.line(x, TOP, x, frame.bottom, stroke=GRID)
        yield svg.line(x, frame.bottom, x, frame.bottom + 5)
        yield svg.text(x, frame.bottom + 19, typographic(label), "middle", font_size=SMALL)
    for place, label in frame.y.ticks:
        y = frame.up(place)
        if grid:
            yield svg.line(LEFT, y, frame.right, y, stroke=GRID)
        yield svg.line(LEFT - 5, y, LEFT, y)
        yield svg.text(LEFT - 9, y + 4, typographic(label), "end", font_size=SMALL)
    yield svg.line(LEFT, frame.bottom, frame.right, frame.bottom)
    yield svg.line(LEFT, TOP, LEFT, frame.bottom)
    yield svg.text(LEFT + frame.width / 2, frame.bottom + 41, svg.shorten(across, frame.width, SIZE), "middle")
    middle = TOP + frame.height / 2
    turned = f"rotate(-90 16 {middle:.1f})"
    yield svg.text(16, middle, svg.shorten(up, frame.height, SIZE), "middle", transform=turned)


def dots(frame: Frame, points: Sequence[Point]) -> Iterator[str]:
    """The points, largest first, so that none hides another; each has its name."""
    for point in sorted(points, key=lambda p: (-p.radius, p.name)):
        look = {"fill": "#ffffff", "stroke": svg.INK, "stroke_width": 1.4}
        if not point.open:
            look = {"fill": POINT, "fill_opacity": 0.8, "stroke": "#ffffff", "stroke_width": 0.8}
        place = {"cx": frame.across(point.x), "cy": frame.up(point.y), "r": float(point.radius)}
        yield svg.element("circle", svg.label(point.name), **place, **look)


def labels(frame: Frame, points: Sequence[Point], most: int) -> Iterator[str]:
    """Labels of the points that ask most for one, each where it covers no point and no other label.

    A point that has no such place near it stays without one; its name is still beside the pointer and in the table.
    """
    circles = [_circle(frame, point) for point in points]
    taken: list[Box] = []
    asking = sorted((p for p in points if p.label), key=lambda p: (-p.rank, p.name))[:most]
    for point in asking:
        text = _short(point.label)
        found = _place(frame, point, text, [*circles, *taken])
        if found:
            x, y, anchor, box = found
            taken.append(box)
            # The ground behind a label keeps it apart from lines.
            yield svg.text(x, y, text, anchor, font_size=SMALL, stroke="#ffffff", stroke_width=3, paint_order="stroke")


def _short(label: str) -> str:
    """A label cut in its middle where it is too long: names begin it, and years end it."""
    if svg.text_width(label, SMALL) <= LONGEST:
        return label
    kept = next(n for n in range(len(label), 0, -1) if svg.text_width(_ends(label, n), SMALL) <= LONGEST or n == 1)
    return _ends(label, kept)


def _ends(label: str, n: int) -> str:
    return f"{label[: n - n // 2].rstrip()}\u2026{label[len(label) - n // 2 :].lstrip()}"


def _circle(frame: Frame, point: Point) -> Box:
    x, y, r = frame.across(point.x), frame.up(point.y), point.radius
    return x - r, y - r, x + r, y + r


def _place(frame: Frame, point: Point, text: str, taken: Sequence[Box]) -> tuple[float, float, str, Box] | None:
    width = svg.text_width(text, SMALL)
    for far in (1.0, 1.8):
        for right, down, anchor in _PLACES:
            reach = point.radius * (0.8 if right and down else 1.0) + 5 * far
            x = frame.across(point.x) + right * reach
            y = frame.up(point.y) + down * (reach + 4) + 4
            start = {"end": x - width, "middle": x - width / 2}.get(anchor, x)
            box = (start, y - 10, start + width, y + 3)
            inside = box[0] >= LEFT + 2 and box[2] <= frame.right and box[1] >= TOP and box[3] <= frame.bottom - 1
            if inside and not any(overlap(box, other) for other in taken):
                return x, y, anchor, box
    return None


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes (left, top, right, bottom) share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def clipped(frame: Frame, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of a curve that lie in the frame, where it enters and leaves it included, in pixels."""
    found: list[tuple[float, float]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        low, high = sorted((frame.y.left, frame.y.right))
        crossed = [value for value in (low, high) if (y1 - value) * (y2 - value) < 0]
        ends = [(x1, y1), (x2, y2), *((x1 + (value - y1) / (y2 - y1) * (x2 - x1), value) for value in crossed)]
        found += [(x, y) for x, y in sorted(ends) if low - 1e-12 <= y <= high + 1e-12]
    return [(frame.across(x), frame.up(y)) for x, y in dict.fromkeys(found)]


def curve(frame: Frame, points: Sequence[tuple[float, float]], **look: object) -> str:
    """A line through points, cut at the frame."""
    inside = clipped(frame, points)
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in inside)
    return svg.element("polyline", points=path, fill="none", **{"stroke": svg.INK, **look}) if len(inside) > 1 else ""
