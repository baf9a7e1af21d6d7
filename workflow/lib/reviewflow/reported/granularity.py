"""Means and standard deviations that no whole numbers can have: GRIM and GRIMMER.

GRIM: Brown and Heathers 2017, Soc Psychol Personal Sci 8:363. GRIMMER: Anaya 2016, PeerJ Preprints 4:e2400; in closed
form Allard 2018 (Analytic-GRIMMER). With values x = step * s, s whole, the sum of s is whole, and so is the sum of
squares, which is odd where the sum is odd; and the sum of squares is no less than that of values as equal as can be.
"""

import math

from .printed import Interval

# A sum can be so large that floats have no unit digits left, and so widely open that nothing could be impossible;
# beyond this nothing is tested.
_EXACT, _SUMS = 2.0**50, 100_000


def sums(mean: Interval, n: int, step: float = 1.0) -> range:
    """Whole sums of s whose mean rounds to what is printed; empty where the mean is impossible."""
    low, high = (limit * n / step for limit in mean)
    return range(math.ceil(_down(low)), math.floor(_up(high)) + 1)


def countable(mean: Interval, sd: Interval | None, n: int, step: float = 1.0) -> bool:
    """Whether floats count the sums and the sums of squares one by one, and the sums are few enough to go through."""
    most, spread = mean.largest / step, sd.largest / step if sd else 0.0
    squares = n * (spread * spread + most * most)
    return bool(squares < _EXACT and (mean.upper - mean.lower) * n / step < _SUMS)


def telling(mean: Interval, n: int, step: float = 1.0) -> bool:
    """Whether GRIM can find anything: some printed means of this precision must be impossible."""
    return (mean.upper - mean.lower) * n / step < 1


def possible_mean(mean: Interval, n: int, step: float = 1.0) -> bool:
    """Whether n values in steps can have the mean."""
    return bool(sums(mean, n, step))


def possible_sd(mean: Interval, sd: Interval, n: int, step: float = 1.0) -> bool:
    """Whether n values in steps can have the mean and the standard deviation (with n - 1) together."""
    return any(_squares(total, sd, n, step) for total in sums(mean, n, step))


def _squares(total: int, sd: Interval, n: int, step: float) -> bool:
    """Whether a whole sum of squares of the parity of the sum gives the standard deviation."""
    low, high = ((n - 1) * (max(limit, 0.0) / step) ** 2 + total**2 / n for limit in sd)
    first = math.ceil(_down(low))
    first = max(first, _least(total, n))
    first += (first - total) % 2
    return first <= math.floor(_up(high))


def _least(total: int, n: int) -> int:
    """Sum of squares of n whole numbers with this sum that are as equal as can be."""
    base, more = divmod(total, n)
    return (n - more) * base**2 + more * (base + 1) ** 2


def largest_sd(mean: Interval, n: int, minimum: float, maximum: float) -> float:
    """The largest standard deviation of n values within the scale and with the mean: Bhatia and Davis 2000, Am Math
    Mon 107:353, variance <= (maximum - mean) (mean - minimum), times n / (n - 1)."""
    middle = min(max((minimum + maximum) / 2, mean.lower), mean.upper)
    spread = max(maximum - middle, 0.0) * max(middle - minimum, 0.0)
    return math.sqrt(spread * n / (n - 1)) if n > 1 else 0.0


def _down(value: float) -> float:
    return value - 1e-9 * max(1.0, abs(value))


def _up(value: float) -> float:
    return value + 1e-9 * max(1.0, abs(value))
