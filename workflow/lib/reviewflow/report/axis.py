"""Axes: of a forest plot, symmetrical about no effect as in RevMan, and of plots that span what they show."""

import math
from collections.abc import Iterable, Sequence
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
# An estimate this many times farther from no effect than the next nearer one is off the axis, and so is all beyond it.
_FAR = 20.0


@dataclass(frozen=True)
class Axis:
    """`left` and `right` are its ends on the scale that it shows; ticks are (place, label); `null` is no effect, None
    where the scale has none."""

    left: float
    right: float
    ticks: tuple[tuple[float, str], ...]
    null: float | None = 0.0

    def place(self, value: float) -> float:
        """Where a value lies, 0 at the left end and 1 at the right one."""
        return (value - self.left) / (self.right - self.left)

    def inside(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        slack = (self.right - self.left) * 1e-9
        return self.left - slack <= value <= self.right + slack

    def held(self, value: float) -> float:
        """Where a value lies, one beyond an end at that end."""
        return min(1.0, max(0.0, self.place(value)))


def axis_of(estimates: Iterable[float], limits: Iterable[float], ratio: bool, largest: float = math.inf) -> Axis:
    """The axis about no effect on which the estimates lie, and the limits, unless they are far out.

    Of ratios all values are logarithms. `largest` is the farthest value that the scale has.
    """
    middle = _reach([abs(value) for value in estimates])
    outer = max((abs(value) for value in limits), default=0.0)
    reach = min(outer, _CLIP * middle) if middle else outer
    reach = max(reach, middle)
    return _ratio_axis(reach) if ratio else _linear_axis(min(reach, largest), largest)


def _reach(distances: Sequence[float]) -> float:
    """The farthest distance, those without that lie all alone far out where three or more are nearer."""
    ordered = sorted(distance for distance in distances if distance > 0)
    reach = 0.0
    for i, distance in enumerate(ordered):
        if i > 2 and distance > _FAR * reach:
            break
        reach = distance
    return reach


def _linear_axis(reach: float, largest: float) -> Axis:
    step = _nice(reach / 2 if reach > 0 else 0.5)
    if 2 * step > largest:
        step = largest / 2
    ticks = tuple((i * step, label(i * step, step)) for i in (-2, -1, 0, 1, 2))
    return Axis(-2 * step, 2 * step, ticks)


def label(value: float, step: float) -> str:
    """A tick's label, with no more decimals than a step needs."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if _mantissa(step) in (1.5, 2.5) else 0))
    if abs(value) >= 1e6 or digits > 5:
        return power_label(value)
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return "0" if text in ("-0", "") else text


def power_label(value: float) -> str:
    """A number far from one with three digits, such as 2.5e6."""
    digits, _, power = f"{value:.2e}".partition("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}" if value else "0"


def _mantissa(step: float) -> float:
    return round(float(step / 10 ** math.floor(math.log10(step) + 1e-9)), 6)


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if m * power >= step * (1 - 1e-9))


def _ratio_axis(reach: float) -> Axis:
    for largest, ratios in _RATIOS:
        if reach <= math.log(largest) * (1 + 1e-9):
            half = math.log(largest)
            return Axis(-half, half, tuple((math.log(r), f"{r:g}") for r in ratios))
    power = math.ceil(reach / math.log(10) / 2 - 1e-9) * 2
    half = power * math.log(10)
    return Axis(-half, half, tuple(_power(p) for p in (-power, -power // 2, 0, power // 2, power)))


def _power(power: int) -> tuple[float, str]:
    """A power of ten as a tick of the logarithm."""
    text = f"{10.0**power:.{max(0, -power)}f}" if abs(power) < 5 else power_label(10.0**power)
    return power * math.log(10), text


def spanning(low: float, high: float, parts: int = 5) -> Axis:
    """An axis with round ticks from at or below `low` to at or above `high`, in about so many parts."""
    if high <= low:
        room = abs(low) / 2 or 0.5
        low, high = low - room, high + room
    rough = (high - low) / parts
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple((i * step, label(i * step, step)) for i in range(first, last + 1))
    return Axis(first * step, last * step, ticks, 0.0 if first <= 0 <= last else None)


def spanning_ratios(low: float, high: float) -> Axis:
    """An axis of logarithms whose ticks are ratios: 1, 2 and 5 of each power of ten, or powers alone on a long one."""
    first, last = math.floor(low / math.log(10) + 1e-9), math.ceil(high / math.log(10) - 1e-9)
    last = max(last, first + 1)
    ticks = [(p * math.log(10) + math.log(m), f"{m * 10.0**p:g}") for p in range(first, last + 1) for m in (1, 2, 5)]
    ticks = [tick for tick in ticks if first * math.log(10) - 1e-9 <= tick[0] <= last * math.log(10) + 1e-9]
    below = [place for place, _ in ticks if place <= low + 1e-9]
    above = [place for place, _ in ticks if place >= high - 1e-9]
    left, right = max(below, default=ticks[0][0]), min(above, default=ticks[-1][0])
    if last - first > 2:
        step = math.ceil((last - first) / 6)
        ticks = [_power(p) for p in range(first, last + 1) if p % step == 0]
    shown = tuple(tick for tick in ticks if left - 1e-9 <= tick[0] <= right + 1e-9)
    return Axis(left, right, shown, 0.0 if left <= 0 <= right else None)
