"""Cohen's kappa of two people, unweighted and weighted, and the bands in which it is read."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

# Cochrane Handbook 5.1, 7.2.6, after Orwin 1994; least kappa in percent.
SCALE = "Cochrane (Orwin 1994)"
BANDS = ((75, "excellent"), (60, "good"), (40, "fair"), (-100, "poor"))
NOT_ESTIMABLE = "not estimable"
_Z95 = NormalDist().inv_cdf(0.975)


class Kappa(NamedTuple):
    """Agreement: `observed` share (weighted where kappa is), kappa, its standard error and 95% limits."""

    observed: float
    kappa: float
    se: float
    lower: float
    upper: float


def kappa(counts: Sequence[Sequence[int]], *, linear: bool = False) -> Kappa | None:
    """Kappa of a square table of counts, one person's categories down, the other's across, in the same order.

    Cohen 1960; with `linear`, weighted with 1 - |i - j| / (k - 1) (Cohen 1968; Cicchetti and Allison 1971). Standard
    error of a kappa that need not be 0: Fleiss, Cohen and Everitt 1969, equation 13 and for weights equation 8. None
    where it is not estimable: no count, or both people used one and the same category throughout.
    """
    k, n = len(counts), sum(map(sum, counts))
    if not n:
        return None
    w = [[_weight(i, j, k, linear) for j in range(k)] for i in range(k)]
    p = [[cell / n for cell in row] for row in counts]
    rows, columns = [sum(row) for row in p], [sum(row[j] for row in p) for j in range(k)]
    cells = [(i, j) for i in range(k) for j in range(k)]
    by_chance = sum(w[i][j] * rows[i] * columns[j] for i, j in cells)
    # In counts, so that no rounding hides that chance alone would agree.
    totals = [sum(row) for row in counts], [sum(row[j] for row in counts) for j in range(k)]
    if all(w[i][j] == 1 for i, j in cells if totals[0][i] and totals[1][j]):
        return None
    observed = sum(w[i][j] * p[i][j] for i, j in cells)
    value = (observed - by_chance) / (1 - by_chance)
    row_means = [sum(columns[j] * w[i][j] for j in range(k)) for i in range(k)]
    column_means = [sum(rows[i] * w[i][j] for i in range(k)) for j in range(k)]
    spread = sum(p[i][j] * (w[i][j] - (row_means[i] + column_means[j]) * (1 - value)) ** 2 for i, j in cells)
    variance = (spread - (value - by_chance * (1 - value)) ** 2) / (n * (1 - by_chance) ** 2)
    se = sqrt(max(variance, 0.0))
    return Kappa(observed, value, se, max(value - _Z95 * se, -1.0), min(value + _Z95 * se, 1.0))


def band(value: float | None) -> str:
    """The band of a kappa on `SCALE`; rounded to ten digits, so that a kappa of 0.6 is not taken for less."""
    if value is None:
        return NOT_ESTIMABLE
    return next(name for least, name in BANDS if round(100 * value, 10) >= least)


def _weight(i: int, j: int, k: int, linear: bool) -> float:
    if linear and k > 1:
        return 1 - abs(i - j) / (k - 1)
    return float(i == j)
