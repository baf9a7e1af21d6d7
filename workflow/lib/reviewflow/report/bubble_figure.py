"""Bubble plots: effects by a number that a meta-regression takes as moderator, with the fitted line (Thompson and
Higgins 2002, Stat Med 21:1559)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reviewflow.page import svg, wording
from reviewflow.protocol import RATIOS

from . import forest_text, plot
from .axis import spanning, spanning_ratios
from .plot import Frame, Point
from .review import Line, Review

LEAST = 3
_LABELS = 8
_LARGEST, _SMALLEST = 15.0, 3.0


@dataclass(frozen=True)
class Bubbles:
    """Effects by one moderator, and the two coefficients of the line."""

    moderator: str
    points: tuple[Point, ...]
    intercept: float
    slope: float


def bubbles_of(review: Review, analysis: Line) -> Bubbles | None:
    """What the plot shows; None unless the meta-regression has one moderator, a number, and three studies with it."""
    name = analysis["analysis"]
    terms = {line["term"]: line for line in review.further("regression").get(name, [])}
    fit = next(iter(review.further("regression_fit").get(name, [])), None)
    if fit is None or len(terms) != 2:
        return None
    moderator = str(fit["moderators"])
    constant = next((term for term in terms if term != moderator), "")
    numbers = [terms[term]["coefficient"] for term in (constant, moderator) if term in terms]
    values = {line["study_id"]: _number(line.get(moderator, "")) for line in review.lines("extraction/studies")}
    points = _points(review, analysis, moderator, values)
    if len(numbers) != 2 or not all(map(wording.known, numbers)) or len(points) < LEAST:
        return None
    return Bubbles(review.field(moderator), points, *map(float, numbers))


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where there is nothing to draw."""
    found = bubbles_of(review, analysis)
    if found is None:
        return ""
    way = "rises" if found.slope > 0 else "falls"
    told = (
        f"{len(found.points)} studies by {found.moderator}; the fitted line {way} by "
        f"{wording.plain(abs(found.slope))} for each unit, on the scale of the analysis."
    )
    title = f"Bubble plot of {found.moderator}"
    return plot.drawing(review, analysis, "bubble", title, told, _body(found, str(analysis["measure"])))


def _number(cell: object) -> float | None:
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _points(review: Review, analysis: Line, moderator: str, values: dict[str, float | None]) -> tuple[Point, ...]:
    """Studies as circles whose area is their weight."""
    name = analysis["analysis"]
    pooled, marks = review.pooled.get(name, {}), forest_text.marked(review, analysis)
    lines = [
        (line, value)
        for line in review.effects.get(name, [])
        if line["used"] and wording.known(line["yi"]) and (value := values.get(line["study_id"])) is not None
    ]
    weights = [float(forest_text.weight_of(line, pooled) or 0.0) for line, _ in lines]  # type: ignore[arg-type]
    most = max(weights, default=0.0) or 1.0
    return tuple(
        Point(
            value, line["yi"], f"{forest_text.named(line, marks)}: {review.field(moderator)} {wording.plain(value)}",
            forest_text.named(line, marks), weight, max(_SMALLEST, _LARGEST * math.sqrt(weight / most)),
        )
        for (line, value), weight in zip(lines, weights, strict=True)
    )  # fmt: skip


def _body(found: Bubbles, measure: str) -> Iterator[str]:
    xs, ys = [point.x for point in found.points], [point.y for point in found.points]
    room = 0.06 * (max(xs) - min(xs))
    across = spanning(min(xs) - room, max(xs) + room)
    ends = [(x, found.intercept + found.slope * x) for x in (min(xs), max(xs))]
    low, high = min(0.0, *ys, *(y for _, y in ends)), max(0.0, *ys, *(y for _, y in ends))
    margin = 0.06 * (high - low)
    up = (spanning_ratios if measure in RATIOS else spanning)(low - margin, high + margin)
    frame = Frame(across, up)
    name = wording.measure(measure) + (" (logarithmic scale)" if measure in RATIOS else "")
    yield from plot.axes(frame, found.moderator, name)
    yield svg.line(plot.LEFT, frame.up(0.0), frame.right, frame.up(0.0), stroke=svg.MUTED)
    yield plot.curve(frame, ends, stroke_width=1.8)
    yield from plot.dots(frame, found.points)
    yield from plot.labels(frame, found.points, _LABELS)
