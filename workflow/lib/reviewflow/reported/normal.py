"""What an estimate, its confidence interval and its P value can be, given the digits that are printed.

An interval of the usual kind is estimate - z se to estimate + z se on the scale of the analysis (Cochrane Handbook
version 6.5, sections 6.3.1 and 6.3.2). The unrounded estimate and se are unknown; they lie in the polygon in which the
three printed numbers come out. The bounds of se and of estimate / se over it are taken at its corners, exactly.
"""

import math
from typing import NamedTuple

from .printed import NOWHERE, Interval


class Printed(NamedTuple):
    """Estimate and limits on the scale of the analysis; `df` of t, infinite for the normal distribution."""

    estimate: Interval
    lower: Interval
    upper: Interval
    level: float = 95.0
    df: float = math.inf


def quantiles(level: float, df: float = math.inf) -> tuple[float, ...]:
    """Two-sided quantile for a level in percent. Beside the exact one of the normal distribution at 95 % stands 1.96,
    with which many compute: both must count as right."""
    from scipy.special import ndtri, stdtrit

    upper = 0.5 + level / 200
    if math.isfinite(df):
        return (float(stdtrit(df, upper)),)
    exact = float(ndtri(upper))
    return (exact, 1.96) if level == 95 else (exact,)


def centre(row: Printed) -> Interval:
    """The estimates that could stand in the middle of the printed limits; upper below lower where there is none."""
    low = (row.lower.lower + row.upper.lower) / 2
    high = (row.lower.upper + row.upper.upper) / 2
    return Interval(max(row.estimate.lower, low), min(row.estimate.upper, high))


def midpoint(row: Printed) -> Interval:
    """The middle of the printed limits, whatever estimate is printed."""
    return Interval((row.lower.lower + row.upper.lower) / 2, (row.lower.upper + row.upper.upper) / 2)


def standard_error(row: Printed) -> Interval:
    """The standard errors that the three printed numbers allow; `NOWHERE` where they allow none."""
    found = [Interval(low / z, high / z) for z in quantiles(row.level, row.df) for _, low, high in _corners(row)]
    return _around(found)


def statistic(row: Printed, null: float = 0.0) -> Interval:
    """|estimate - null| / se over all that the printed numbers allow; `NOWHERE` where they allow none."""
    corners = _corners(row)
    found = []
    for z in quantiles(row.level, row.df):
        for e, low, high in corners:
            distance = abs(e - null)
            least = distance * z / high if high > 0 else math.inf if distance else 0.0
            most = distance * z / low if low > 0 else math.inf if distance else 0.0
            found.append(Interval(least, most))
    spans_null = bool(corners) and corners[0][0] <= null <= corners[-1][0]
    whole = _around(found)
    return Interval(0.0, whole.upper) if spans_null else whole


def p_value(row: Printed, null: float = 0.0) -> Interval:
    """Two-sided P over all that the printed numbers allow; `NOWHERE` where they allow none."""
    z = statistic(row, null)
    return NOWHERE if z is NOWHERE else Interval(tail(z.upper, row.df), tail(z.lower, row.df))


def tail(value: float, df: float = math.inf) -> float:
    """Two-sided P of a normal or t statistic."""
    from scipy.special import ndtr, stdtr

    return float(2 * (stdtr(df, -abs(value)) if math.isfinite(df) else ndtr(-abs(value))))


def _corners(row: Printed) -> list[tuple[float, float, float]]:
    """Estimates at which the polygon has a corner, with the smallest and largest z se there, by estimate."""
    inside = centre(row)
    if inside.lower > inside.upper:
        return []
    bends = ((row.lower.upper + row.upper.lower) / 2, (row.lower.lower + row.upper.upper) / 2)
    places = sorted({inside.lower, inside.upper, *(b for b in bends if inside.holds(b))})
    found = []
    for e in places:
        low = max(e - row.lower.upper, row.upper.lower - e, 0.0)
        # At the ends of the middle both are one number, and rounding of floats may set the larger below the smaller.
        high = max(min(e - row.lower.lower, row.upper.upper - e), low)
        found.append((e, low, high))
    return found


def _around(found: list[Interval]) -> Interval:
    if not found:
        return NOWHERE
    return Interval(min(i.lower for i in found), max(i.upper for i in found))
