"""The horizontal axis of a forest plot: symmetrical about no effect, as in RevMan."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

# RevMan's own sets of ticks for ratios, by the largest ratio that is shown.
_RATIOS = (
    (2.0, (0.5, 0.7, 1.0, 1.5, 2.0)),
    (5.0, (0.2, 0.5, 1.0, 2.0, 5.0)),
    (10.0, (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)),
    (20.0, (0.05, 0.2, 1.0, 5.0, 20.0)),
    (100.0, (0.01, 0.1, 1.0, 10.0, 100.0)),
    (1000.0, (0.001, 0.1, 1.0, 10.0, 1000.0)),
)
# An interval this many times longer than the farthest estimate is cut with an arrow, lest it flatten all others.
_CLIP = 3.0


@dataclass(frozen=True)
class Axis:
    """`half` is the distance from no effect to either end on the analysis scale; ticks are (place, label)."""

    half: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Where a value lies, 0 at the left end and 1 at the right one."""
        return (value / self.half + 1) / 2

    def inside(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return abs(value) <= self.half * (1 + 1e-9)


def axis_of(estimates: Iterable[float], limits: Iterable[float], ratio: bool) -> Axis:
    """The axis on which all estimates lie, and the limits unless they are far out."""
    middle = max((abs(value) for value in estimates), default=0.0)
    outer = max((abs(value) for value in limits), default=0.0)
    reach = min(outer, _CLIP * middle) if middle else outer
    reach = max(reach, middle)
    return _ratio_axis(reach) if ratio else _linear_axis(reach)


def _linear_axis(reach: float) -> Axis:
    step = _nice(reach / 2 if reach > 0 else 0.5)
    digits = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if _mantissa(step) in (1.5, 2.5) else 0))
    return Axis(2 * step, tuple((i * step, _label(i * step, digits)) for i in (-2, -1, 0, 1, 2)))


def _label(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _mantissa(step: float) -> float:
    return round(float(step / 10 ** math.floor(math.log10(step) + 1e-9)), 6)


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if m * power >= step * (1 - 1e-9))


def _ratio_axis(reach: float) -> Axis:
    for largest, ratios in _RATIOS:
        if reach <= math.log(largest) * (1 + 1e-9):
            return Axis(math.log(largest), tuple((math.log(r), f"{r:g}") for r in ratios))
    power = math.ceil(reach / math.log(10) / 2) * 2
    places = (-power, -power // 2, 0, power // 2, power)
    return Axis(power * math.log(10), tuple((p * math.log(10), f"{10.0**p:g}") for p in places))
