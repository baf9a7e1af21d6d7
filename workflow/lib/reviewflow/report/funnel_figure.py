"""Funnel plots, with contours of significance about no effect.

Peters, Sutton, Jones, Abrams and Rushton 2008 (J Clin Epidemiol 61:991) for the contours; Sterne and Egger 2001
(J Clin Epidemiol 54:1046) for the standard error as vertical axis and the pseudo-limits about the estimate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewflow.page import svg, wording
from reviewflow.protocol import RATIOS

from . import forest_text, plot
from .axis import Axis, spanning, spanning_ratios
from .plot import Frame, Point
from .review import Line, Review

# Quantiles of the normal distribution at 0.95, 0.975 and 0.995, which bound two-sided P of 0.10, 0.05 and 0.01
# (Abramowitz and Stegun 1964, table 26.5).
_P10, _P05, _P01 = 1.6448536269514722, 1.959963984540054, 2.5758293035489004
# From most to least significant: the quantile that bounds the band, its ground, its name.
_BANDS = (
    (None, "#b9c3cd", "P < 0.01"), (_P01, "#d2dae1", "0.01 to 0.05"), (_P05, "#e8ecf0", "0.05 to 0.10"),
    (_P10, "#ffffff", "P > 0.10"),
)  # fmt: skip
_LEGEND, _NO_NULL = 178.0, frozenset({"PLO", "PAS"})
_SCALE = {"PLO": "Logit of the proportion", "PAS": "Arcsine of the square root of the proportion", "ZCOR": "Fisher's z"}


@dataclass(frozen=True)
class Funnel:
    """What a funnel plot shows, on the scale of the analysis: studies by effect and standard error, and estimates."""

    points: tuple[Point, ...]
    estimate: float
    adjusted: float | None
    measure: str


def why_not(review: Review, analysis: Line) -> str:
    """Why an analysis has no funnel plot; blank where it has one."""
    pooled = review.pooled.get(analysis["analysis"])
    least = int(review.setting("synthesis", "small_study_k", 10))
    if not pooled or not wording.known(pooled["estimate"]):
        return "nothing is pooled"
    if pooled["k"] < least:
        return f"{wording.several(pooled['k'], 'study', 'studies')}, fewer than {least}"
    return ""


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where `why_not` says why."""
    if why_not(review, analysis):
        return ""
    name = analysis["analysis"]
    pooled = review.pooled[name]
    filled = review.further("filled").get(name, [])
    tests = {line["test"]: line for line in review.further("asymmetry").get(name, [])}
    adjusted = tests.get("trim_and_fill", {}).get("estimate") if filled else None
    marks = forest_text.marked(review, analysis)
    points = [
        Point(e["yi"], e["se"], f"{forest_text.named(e, marks)}: standard error {wording.plain(e['se'])}")
        for e in review.effects.get(name, [])
        if e["used"] and wording.known(e["yi"]) and wording.known(e["se"])
    ]
    points += [Point(e["yi"], e["se"], "Filled study, which nobody observed", open=True) for e in filled]
    number = float(adjusted) if wording.known(adjusted) else None  # type: ignore[arg-type]
    found = Funnel(tuple(points), float(pooled["estimate"]), number, str(pooled["measure"]))
    body = _body(found)
    return plot.drawing(review, analysis, "funnel", "Funnel plot", _told(found), body)


def _told(funnel: Funnel) -> str:
    studies = [point for point in funnel.points if not point.open]
    left = sum(point.x < funnel.estimate for point in studies)
    filled = len(funnel.points) - len(studies)
    told = (
        f"{wording.several(len(studies), 'study', 'studies')} by effect and standard error; {left} lie left of the "
        f"pooled estimate and {len(studies) - left} at it or right of it."
    )
    return told + (f" {wording.several(filled, 'study', 'studies')} filled in by trim and fill." if filled else "")


def _frame(funnel: Funnel) -> Frame:
    y = spanning(0.0, max(point.y for point in funnel.points) * 1.02)
    reach = _P05 * y.right
    values = [*(point.x for point in funnel.points), funnel.estimate - reach, funnel.estimate + reach]
    values += [] if funnel.measure in _NO_NULL else [0.0]
    low, high = min(values), max(values)
    across: Axis = spanning_ratios(low, high) if funnel.measure in RATIOS else spanning(low, high)
    return Frame(across, y, plot.WIDTH - plot.LEFT - _LEGEND, down=True)


def _body(funnel: Funnel) -> Iterator[str]:
    frame = _frame(funnel)
    contours = funnel.measure not in _NO_NULL
    if contours:
        yield from _bands(frame)
    name = _SCALE.get(funnel.measure, wording.measure(funnel.measure))
    if funnel.measure in RATIOS:
        name += " (logarithmic scale)"
    yield from plot.axes(frame, name, "Standard error", grid=False)
    for value, look in _lines(funnel):
        if value is not None:
            yield svg.line(frame.across(value), plot.TOP, frame.across(value), frame.bottom, **look)
    for side in (-1, 1):
        end = funnel.estimate + side * _P05 * frame.y.right
        points = [(funnel.estimate, 0.0), (end, frame.y.right)]
        yield plot.curve(frame, points, stroke_dasharray="5 4")
    yield from plot.dots(frame, funnel.points)
    yield from _legend(frame, funnel, contours)


def _lines(funnel: Funnel) -> Sequence[tuple[float | None, dict[str, object]]]:
    return ((funnel.estimate, {}), (funnel.adjusted, {"stroke_dasharray": "2 3", "stroke_width": 1.6}))


def _bands(frame: Frame) -> Iterator[str]:
    """Each band over the one before, narrowing, so that they meet without a gap."""
    yield svg.rectangle(plot.LEFT, plot.TOP, frame.width, frame.height, fill=_BANDS[0][1])
    for quantile, ground, _ in _BANDS[1:]:
        yield svg.polygon(_triangle(frame, quantile or 0.0), fill=ground)


def _triangle(frame: Frame, quantile: float) -> list[tuple[float, float]]:
    """Effects that are nearer to none than so many of their standard errors, as far as the frame shows them."""
    deepest = frame.y.right
    corners = [(0.0, 0.0)]
    for end, side in ((frame.x.right, 1), (frame.x.left, -1)):
        cross = abs(end) / quantile
        reached = [(end, cross), (end, deepest)] if cross < deepest else [(side * quantile * deepest, deepest)]
        corners += reached if side == 1 else reached[::-1]
    return [(frame.across(x), frame.up(y)) for x, y in corners]


def _legend(frame: Frame, funnel: Funnel, contours: bool) -> Iterator[str]:
    x, y = frame.right + 16, plot.TOP + 12
    if contours:
        yield svg.text(x, y, "P of a study there", font_size=plot.SMALL, bold=True)
        for _, ground, name in reversed(_BANDS):
            y += 19
            yield svg.rectangle(x, y - 10, 16, 12, fill=ground, stroke=svg.RULE)
            yield svg.text(x + 24, y, name, font_size=plot.SMALL)
        y += 28
    marks = [(svg.line(x, y - 4, x + 18, y - 4), "Pooled estimate")]
    marks.append((svg.line(x, y + 15, x + 18, y + 15, stroke_dasharray="5 4"), "Pseudo 95% limits"))
    row = y + 38
    if any(point.open for point in funnel.points):
        circle = svg.element("circle", cx=x + 9, cy=row - 4, r=4.5, fill="#ffffff", stroke=svg.INK, stroke_width=1.4)
        marks.append((circle, "Filled study"))
        row += 19
    if funnel.adjusted is not None:
        dotted = svg.line(x, row - 4, x + 18, row - 4, stroke_dasharray="2 3", stroke_width=1.6)
        marks.append((dotted, "Estimate with them"))
    for i, (mark, name) in enumerate(marks):
        yield mark
        yield svg.text(x + 24, y + 19 * i, name, font_size=plot.SMALL)
