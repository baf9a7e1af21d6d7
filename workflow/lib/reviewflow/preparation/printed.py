"""What a printed number can stand for: its rounding interval, the counts behind a percentage, a P as printed.

Recomputing from printed digits as if they were exact gives false alarms: each printed number stands for all that round
to it.
"""

import re
from math import ceil, floor
from typing import NamedTuple

from .errors import require

_NUMBER = re.compile(r"\d+(?:[.·]\d+)?")
_P = re.compile(r"[pP]?\s*(<=|>=|[<>=≤≥])?\s*(0?[.,]\d+|[01](?:[.,]\d*)?|\d(?:[.]\d+)?[eE]-\d+)")


class Interval(NamedTuple):
    """All values from `low` to `high`, both ends among them."""

    low: float
    high: float

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a value in common, up to the last bits of floating point."""
        slack = 1e-9 * max(1.0, *map(abs, (*self, *other)))
        return self.low <= other.high + slack and other.low <= self.high + slack


class PrintedP(NamedTuple):
    """A P as printed: its sign (<, > or =) and its number."""

    sign: str
    value: float
    digits: int


def decimals(value: float) -> int:
    """Decimal places in the shortest form of a number; zeros that were printed at its end are not known."""
    text = repr(float(value))
    if "e" in text:
        mantissa, exponent = text.split("e")
        places = len(mantissa.partition(".")[2].rstrip("0")) - int(exponent)
        return max(places, 0)
    return len(text.partition(".")[2].rstrip("0"))


def places_in(quote: str | None, value: float) -> int:
    """Decimal places of a number as a quote prints it, zeros at its end included; those of its shortest form where the
    quote has no such number."""
    tokens = [token.replace("·", ".") for token in _NUMBER.findall(quote or "")]
    printed = [len(token.partition(".")[2]) for token in tokens if float(token) == abs(value)]
    return max([decimals(value), *printed])


def rounding(value: float, places: int | None = None) -> Interval:
    """All numbers that round to `value` at `places` decimal places (those of its shortest form by default)."""
    half = 0.5 * 10.0 ** -(decimals(value) if places is None else places)
    return Interval(value - half, value + half)


def events_of_percent(n: float, percent: float, places: int | None = None) -> list[int]:
    """Every count of n whose percentage rounds to the printed one at `places` decimal places (by default those of its
    shortest form), rising; more than one, or none, is possible."""
    require(n > 0, "a percentage of 0 participants is none")
    low, high = rounding(percent, places)
    slack = 1e-9
    first, last = ceil(low * n / 100 - slack), floor(high * n / 100 + slack)
    return list(range(max(first, 0), min(last, int(n)) + 1))


def printed_p(text: str) -> PrintedP | None:
    """A P such as 0.03, <0.001, P = .04 or 3e-5; None where the text is no such thing."""
    found = _P.fullmatch(text.strip())
    if found is None:
        return None
    number = found[2].replace(",", ".")
    value = float(number)
    sign = {"≤": "<", "<=": "<", "≥": ">", ">=": ">", None: "="}.get(found[1], found[1])
    digits = decimals(value) if "e" in number.lower() else len(number.partition(".")[2])
    return PrintedP(sign, value, digits) if value <= 1 else None


def p_interval(p: PrintedP) -> Interval:
    """All P values that print so."""
    if p.sign == "<":
        return Interval(0.0, p.value)
    if p.sign == ">":
        return Interval(p.value, 1.0)
    low, high = rounding(p.value, p.digits)
    return Interval(max(low, 0.0), min(high, 1.0))
