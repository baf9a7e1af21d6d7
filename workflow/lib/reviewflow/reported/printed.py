"""Printed numbers as intervals: every value that rounds to the printed digits, halves rounded either way.

To recompute from the printed digits themselves gives false alarms: 0.02 (-0.01, 0.04) gives P = 0.12, and yet P = 0.25
is what the unrounded numbers may well have given.
"""

import math
import re
from typing import NamedTuple

# Minus signs and dashes that typesetting puts in place of a hyphen.
_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?")
_BOUND = re.compile(r"(<=|>=|<|>|\u2264|\u2265)(.*)")
# Floats come from decimals and sums of them, so bounds are wider by some units in the last place.
_SLACK = 1e-12
# Powers of ten from which on sums of squares leave the range of floats; nothing that is measured comes near.
_POWER = 100


class Interval(NamedTuple):
    """The values from `lower` to `upper`, both included."""

    lower: float
    upper: float

    def meets(self, other: "Interval") -> bool:
        """Whether a value lies in both."""
        return self.lower <= other.upper and other.lower <= self.upper

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        return self.lower <= value <= self.upper

    def scaled(self, factor: float) -> "Interval":
        """Every value times a factor above zero."""
        return Interval(self.lower * factor, self.upper * factor)

    @property
    def largest(self) -> float:
        """The largest distance from zero."""
        return max(abs(self.lower), abs(self.upper))

    @property
    def smallest(self) -> float:
        """The smallest distance from zero."""
        return 0.0 if self.lower <= 0 <= self.upper else min(abs(self.lower), abs(self.upper))

    def __str__(self) -> str:
        low, high = f"{self.lower:.4g}", f"{self.upper:.4g}"
        return low if low == high else f"{low} to {high}"


NOWHERE = Interval(math.inf, -math.inf)


def interval(text: str) -> Interval | None:
    """The values that a printed number stands for, None where it is blank. "<0.001" is everything up to 0.001, and
    ">0.05" everything from it. Raises ValueError for what is no number."""
    plain = _plain(text)
    if not plain:
        return None
    bound = _BOUND.fullmatch(plain)
    if bound:
        limit = float(_matched(bound[2])[0])
        return Interval(-math.inf, limit) if bound[1] in ("<", "<=", "\u2264") else Interval(limit, math.inf)
    value, half = _matched(plain)
    slack = _SLACK * max(1.0, abs(value))
    return Interval(value - half - slack, value + half + slack)


def probability(text: str) -> Interval | None:
    """The same for a P value, which lies between 0 and 1."""
    found = interval(text)
    return None if found is None else Interval(max(found.lower, 0.0), min(found.upper, 1.0))


def decimals(text: str) -> int:
    """Digits after the point."""
    match = _NUMBER.fullmatch(_plain(text).lstrip("<>=\u2264\u2265"))
    return len(match[1] or match[2] or "") if match else 0


def readable(text: str) -> bool:
    """Whether a printed cell is a number, a bound, or blank."""
    try:
        interval(text)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    return text.translate(_MINUS).replace(" ", "").replace("\u00a0", "").removesuffix("%")


def _matched(text: str) -> tuple[float, float]:
    """A number and half a unit of its last digit."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError(f'"{text}" is no number')
    power = int(match[3] or 0) - len(match[1] or match[2] or "")
    if power > _POWER or not abs(float(text)) < 10.0**_POWER:
        raise ValueError(f'"{text}" is larger than anything that is measured')
    return float(text), 0.5 * 10.0**power
