"""Mean and standard deviation from median, quartiles and range, and a test whether the data are too skewed for it.

Wan 2014 (BMC Med Res Methodol 14:135), Luo 2018 (Stat Methods Med Res 27:1785), Shi 2020 (Res Synth Methods 11:641) and
Shi 2023 (Stat Methods Med Res 32:1338). All assume normal data. n is the size of the group, at least 5.
"""

from math import log, sqrt
from typing import NamedTuple

from .errors import require


class Skewness(NamedTuple):
    """A statistic of skewness and its critical value at 5 percent; the data are skewed where it reaches that."""

    statistic: float
    critical: float

    @property
    def skewed(self) -> bool:
        """Whether the test rejects symmetry."""
        return self.statistic >= self.critical


def mean_from_range(n: float, lowest: float, median: float, highest: float) -> float:
    """w (lowest + highest) / 2 + (1 - w) median, w = 4 / (4 + n^0.75) (Luo 2018, eq. 7)."""
    _ordered(n, lowest, median, highest)
    w: float = 4 / (4 + n**0.75)
    return w * (lowest + highest) / 2 + (1 - w) * median


def mean_from_quartiles(n: float, q1: float, median: float, q3: float) -> float:
    """w (q1 + q3) / 2 + (1 - w) median, w = 0.7 + 0.39 / n (Luo 2018, eq. 11)."""
    _ordered(n, q1, median, q3)
    w = 0.7 + 0.39 / n
    return w * (q1 + q3) / 2 + (1 - w) * median


def mean_from_five(n: float, lowest: float, q1: float, median: float, q3: float, highest: float) -> float:
    """w1 (lowest + highest) / 2 + w2 (q1 + q3) / 2 + (1 - w1 - w2) median, w1 = 2.2 / (2.2 + n^0.75),
    w2 = 0.7 - 0.72 / n^0.55 (Luo 2018, eq. 15)."""
    _ordered(n, lowest, q1, median, q3, highest)
    w1: float = 2.2 / (2.2 + n**0.75)
    w2: float = 0.7 - 0.72 / n**0.55
    return w1 * (lowest + highest) / 2 + w2 * (q1 + q3) / 2 + (1 - w1 - w2) * median


def sd_from_range(n: float, lowest: float, highest: float) -> float:
    """(highest - lowest) / xi, xi = 2 z((n - 0.375) / (n + 0.25)) (Wan 2014, eq. 9)."""
    _ordered(n, lowest, highest)
    return (highest - lowest) / _xi(n)


def sd_from_quartiles(n: float, q1: float, q3: float) -> float:
    """(q3 - q1) / eta, eta = 2 z((0.75 n - 0.125) / (n + 0.25)) (Wan 2014, eq. 16)."""
    _ordered(n, q1, q3)
    return (q3 - q1) / _eta(n)


def sd_from_five(n: float, lowest: float, q1: float, q3: float, highest: float) -> float:
    """w (highest - lowest) / xi + (1 - w) (q3 - q1) / eta, w = 1 / (1 + 0.07 n^0.6) (Shi 2020, eq. 10)."""
    _ordered(n, lowest, q1, q3, highest)
    w: float = 1 / (1 + 0.07 * n**0.6)
    return w * (highest - lowest) / _xi(n) + (1 - w) * (q3 - q1) / _eta(n)


def skewness_of_range(n: float, lowest: float, median: float, highest: float) -> Skewness:
    """|lowest + highest - 2 median| / (highest - lowest) against 1 / ln(n + 9) + 2.5 / (n + 1) (Shi 2023)."""
    _ordered(n, lowest, median, highest)
    return Skewness(_tilt(lowest, median, highest), 1 / log(n + 9) + 2.5 / (n + 1))


def skewness_of_quartiles(n: float, q1: float, median: float, q3: float) -> Skewness:
    """|q1 + q3 - 2 median| / (q3 - q1) against 2.65 / sqrt(n) - 6 / n^2 (Shi 2023)."""
    _ordered(n, q1, median, q3)
    return Skewness(_tilt(q1, median, q3), 2.65 / sqrt(n) - 6 / n**2)


def skewness_of_five(n: float, lowest: float, q1: float, median: float, q3: float, highest: float) -> Skewness:
    """The larger of 2.65 ln(0.6 n) / sqrt(n) times the statistic of the range, and that of the quartiles, against
    3 / sqrt(n) - 40 / n^3 (Shi 2023)."""
    _ordered(n, lowest, q1, median, q3, highest)
    of_range = 2.65 * log(0.6 * n) / sqrt(n) * _tilt(lowest, median, highest)
    return Skewness(max(of_range, _tilt(q1, median, q3)), 3 / sqrt(n) - 40 / n**3)


def _tilt(low: float, median: float, high: float) -> float:
    return abs(low + high - 2 * median) / (high - low) if high > low else 0.0


def _xi(n: float) -> float:
    from scipy.special import ndtri

    return 2 * float(ndtri((n - 0.375) / (n + 0.25)))


def _eta(n: float) -> float:
    from scipy.special import ndtri

    return 2 * float(ndtri((0.75 * n - 0.125) / (n + 0.25)))


def _ordered(n: float, *values: float) -> None:
    require(n >= 5, f"with n = {n:g} neither mean nor SD can be estimated from quartiles or range; 5 are needed")
    words = ", ".join(f"{value:g}" for value in values)
    require(
        list(values) == sorted(values), f"smallest value, quartiles, median and largest value ({words}) do not rise"
    )
