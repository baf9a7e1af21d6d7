"""L'Abbé's plot: the risk of each study on either side (L'Abbé, Detsky and O'Rourke 1987, Ann Intern Med 107:224)."""

import math
from collections.abc import Callable

from reviewflow.page import svg, wording

from . import forest_text, plot
from .axis import spanning
from .plot import Frame, Point
from .review import Line, Review

# With two studies the plot says no more than their rows.
LEAST = 3
_LABELS, _STEPS = 10, 100
_LARGEST, _SMALLEST = 13.0, 3.0
# Studies beyond which the circles become smaller, so that together they cover no more of the plot.
_ROOMY = 30
# The risk on the experimental side that an estimate gives for one on the control side, in percent, by measure.
_LINES: dict[str, Callable[[float, float], float]] = {
    "OR": lambda risk, odds_ratio: 100 * odds_ratio * risk / (100 - risk + odds_ratio * risk),
    "PETO": lambda risk, odds_ratio: 100 * odds_ratio * risk / (100 - risk + odds_ratio * risk),
    "RR": lambda risk, risk_ratio: risk_ratio * risk,
    "RD": lambda risk, difference: risk + 100 * difference,
}


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where the measure is of no 2x2 tables, or where too few studies have one."""
    name = analysis["analysis"]
    pooled = review.pooled.get(name)
    if not pooled or analysis["measure"] not in _LINES:
        return ""
    tables = [line for line in review.effects.get(name, []) if _counted(line)]
    if len(tables) < LEAST:
        return ""
    sides = review.comparison(analysis["comparison"])
    most = max(line["n_e"] + line["n_c"] for line in tables)
    marks = forest_text.marked(review, analysis)
    names = (sides["experimental"], sides["control"])
    largest = _LARGEST * math.sqrt(min(1.0, _ROOMY / len(tables)))
    points = [_point(line, most, largest, names, forest_text.named(line, marks)) for line in tables]
    top = min(100.0, max(max(point.x, point.y) for point in points) * 1.08 or 1.0)
    axis = spanning(0.0, top)
    side = plot.HEIGHT - plot.TOP - plot.BOTTOM
    frame = Frame(axis, axis, side, pad=14.0)
    body = [
        *plot.axes(frame, f"Risk, {sides['control']} (%)", f"Risk, {sides['experimental']} (%)"),
        plot.curve(frame, [(0.0, 0.0), (axis.right, axis.right)], stroke=svg.MUTED),
        _estimate(frame, pooled),
        *plot.dots(frame, points),
        *plot.labels(frame, points, _LABELS),
        *_legend(frame, pooled),
    ]
    below = sum(point.y < point.x for point in points)
    told = f"{len(points)} studies by their risks; in {below} the risk with {sides['experimental']} is the lower one."
    return plot.drawing(review, analysis, "labbe", "L'Abbé plot", told, body)


def _counted(line: Line) -> bool:
    cells = (line.get(f"{cell}_{side}") for cell in ("events", "n") for side in "ec")
    return all(map(wording.known, cells)) and min(line["n_e"], line["n_c"]) > 0


def _point(line: Line, most: float, largest: float, sides: tuple[str, str], label: str) -> Point:
    """A study whose circle has the area of its size."""
    x, y = (100 * line[f"events_{side}"] / line[f"n_{side}"] for side in "ce")
    size = line["n_e"] + line["n_c"]
    counts = (
        f"{wording.integer(line[f'events_{side}'])} of {wording.integer(line[f'n_{side}'])} with {name}"
        for side, name in zip("ec", sides, strict=True)
    )
    radius = max(_SMALLEST, largest * math.sqrt(size / most))
    return Point(x, y, f"{label}: {', '.join(counts)}", label, abs(y - x), radius)


def _estimate(frame: Frame, pooled: Line) -> str:
    if not wording.known(pooled["estimate_natural"]):
        return ""
    line = _LINES[pooled["measure"]]
    risks = [frame.x.right * i / _STEPS for i in range(_STEPS + 1)]
    points = [(risk, line(risk, float(pooled["estimate_natural"]))) for risk in risks]
    return plot.curve(frame, points, stroke_width=1.6, stroke_dasharray="6 4")


def _legend(frame: Frame, pooled: Line) -> list[str]:
    x, y = frame.right + 18, plot.TOP + 12
    found = [
        svg.line(x, y - 4, x + 22, y - 4, stroke=svg.MUTED),
        svg.text(x + 30, y, "Equal risks", font_size=plot.SMALL),
    ]
    if wording.known(pooled["estimate_natural"]):
        name = wording.measure(pooled["measure"]).lower()
        found += [
            svg.line(x, y + 17, x + 22, y + 17, stroke_width=1.6, stroke_dasharray="6 4"),
            svg.text(x + 30, y + 21, f"Pooled {name}", font_size=plot.SMALL),
        ]
    return [*found, svg.text(x, y + 46, "Area of a circle: participants", font_size=plot.SMALL, fill=svg.MUTED)]
