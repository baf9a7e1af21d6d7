"""Baujat's plot: what each study adds to heterogeneity, and how far it moves the estimate (Baujat, Mahé, Pignon and
Hill 2002, Stat Med 21:2641)."""

from reviewflow.page import wording

from . import forest_text, plot
from .axis import spanning
from .plot import Frame, Point
from .review import Line, Review

# With three studies or fewer the table of leaving each out says it all.
LEAST = 4
_LABELS = 8


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where there are too few studies, or no table of influence."""
    name = analysis["analysis"]
    lines = [
        line
        for line in review.further("influence").get(name, [])
        if wording.known(line["baujat_x"]) and wording.known(line["baujat_y"])
    ]
    if len(lines) < LEAST:
        return ""
    most = [max(float(line[axis]) for line in lines) or 1.0 for axis in ("baujat_x", "baujat_y")]
    marks = forest_text.marked(review, analysis)
    points = [_point(line, most, forest_text.named(line, marks)) for line in lines]
    frame = Frame(spanning(0.0, most[0] * 1.04), spanning(0.0, most[1] * 1.04), pad=9.0)
    body = [
        *plot.axes(frame, "Contribution to the Q statistic", "Influence on the pooled estimate"),
        *plot.dots(frame, points),
        *plot.labels(frame, points, _LABELS),
    ]
    far = max(points, key=lambda point: point.rank)
    told = (
        f"{len(points)} studies by what each adds to Q and how far the estimate moves without it. "
        f"Farthest out: {far.name}."
    )
    return plot.drawing(review, analysis, "baujat", "Baujat plot", told, body)


def _point(line: Line, most: list[float], label: str) -> Point:
    x, y = float(line["baujat_x"]), float(line["baujat_y"])
    name = f"{label}: contribution to Q {wording.plain(x)}, influence {wording.plain(y)}"
    return Point(x, y, name, label, max(x / most[0], y / most[1]))
