"""Small-study effects of one analysis: regression and rank tests of the funnel, trim and fill."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from .batch import Array, Batch
from .cells import Cells
from .model import two_sided
from .regression import regress
from .tau2 import ESTIMATORS

# A standard error below this share of the effects is nothing but rounding: all studies lie on the line.
_ROUNDING = 1e-13
# Up to so many studies the distribution of Kendall's S is summed term by term, so that a tiny P keeps its digits.
_DIRECT = 100
# Beyond so many a series has eight digits of it, and the sums would take time in k cubed and memory in k squared.
_SUMMED = 500


class Test(NamedTuple):
    """A test of the funnel's symmetry: its statistic (t, z, or Kendall's S where P is exact), df of t (infinite for z,
    NaN where P is exact), P, and the slope or tau with its standard error. NaN where it cannot be made: fewer than 3
    studies, all of the same precision, or all on the line."""

    statistic: float
    df: float
    p_value: float
    estimate: float
    se: float


def _line(response: Array, predictor: Array, weights: Array) -> tuple[Array, Array, float]:
    """Weighted least squares of a line with a scale of its own: coefficients, standard errors, df."""
    x = np.column_stack([np.ones(len(predictor)), predictor])
    root = np.sqrt(weights)
    q, r = np.linalg.qr(x * root[:, None])
    beta = np.linalg.solve(r, q.T @ (response * root))
    inverse = np.linalg.inv(r)
    df = len(response) - 2
    spread = (weights * (response - x @ beta) ** 2).sum() / df
    return beta, np.sqrt(np.diag(inverse @ inverse.T) * spread), float(df)


def _slope(response: Array, predictor: Array, weights: Array) -> Test:
    if len(response) < 3 or np.ptp(predictor) == 0:
        return Test(np.nan, np.nan, np.nan, np.nan, np.nan)
    beta, se, df = _line(response, predictor, weights)
    if se[1] <= _ROUNDING * np.abs(response).max() / np.ptp(predictor):
        return Test(np.nan, np.nan, np.nan, np.nan, np.nan)
    t = beta[1] / se[1]
    return Test(float(t), df, float(two_sided(np.asarray(t), np.asarray(df))), float(beta[1]), float(se[1]))


def egger(y: Array, v: Array) -> Test:
    """Regression of the effect on its standard error, weights 1 / v, with a multiplicative scale (Egger 1997, BMJ
    315:629, as Sterne 2000 weights it)."""
    return _slope(y, np.sqrt(v), 1 / v)


def peters(y: Array, cells: Cells) -> Test:
    """Regression of the log odds ratio on 1 / N, weights of the pooled events (Peters 2006, JAMA 295:676)."""
    n, events = cells.total, cells.a + cells.c
    return _slope(y, 1 / n, 1 / (1 / events + 1 / (n - events)))


def harbord(cells: Cells) -> Test:
    """Regression of the score Z / V on 1 / sqrt(V), weights V (Harbord 2006, Stat Med 25:3443)."""
    total, n, m = cells.total, cells.a + cells.b, cells.c + cells.d
    events = cells.a + cells.c
    z = cells.a - events * n / total
    v = n * m * events * (total - events) / (total**2 * (total - 1))
    return _slope(z / v, 1 / np.sqrt(v), v)


def begg(y: Array, v: Array) -> Test:
    """Kendall's tau of the standardised distance from the fixed-effect mean with v (Begg and Mazumdar 1994, Biometrics
    50:1088): exact without ties, with ties by the normal approximation that corrects for them."""
    if len(y) < 3:
        return Test(np.nan, np.nan, np.nan, np.nan, np.nan)
    w = 1 / v
    mean = (w * y).sum() / w.sum()
    return kendall((y - mean) / np.sqrt(v - 1 / w.sum()), v)


def kendall(a: Array, b: Array) -> Test:
    """Kendall's tau (tau-b where there are ties) and its two-sided P."""
    k = len(a)
    s = _concordance(a, b)
    pairs = k * (k - 1) / 2
    ties_a, ties_b = (np.unique(values, return_counts=True)[1].astype(float) for values in (a, b))
    lost_a, lost_b = ((t * (t - 1)).sum() / 2 for t in (ties_a, ties_b))
    if lost_a == pairs or lost_b == pairs:
        return Test(np.nan, np.nan, np.nan, np.nan, np.nan)
    tau = s / np.sqrt((pairs - lost_a) * (pairs - lost_b))
    if not lost_a and not lost_b:
        return Test(s, np.nan, _exact_kendall(k, s), float(tau), np.nan)
    v0 = k * (k - 1) * (2 * k + 5)
    va, vb = ((t * (t - 1) * (2 * t + 5)).sum() for t in (ties_a, ties_b))
    third = [(t * (t - 1) * (t - 2)).sum() for t in (ties_a, ties_b)]
    variance = (v0 - va - vb) / 18 + 2 * lost_a * lost_b / (k * (k - 1))
    if k > 2:
        variance += third[0] * third[1] / (9 * k * (k - 1) * (k - 2))
    z = s / np.sqrt(variance)
    return Test(float(z), np.inf, float(2 * ndtr(-abs(z))), float(tau), np.nan)


def _concordance(a: Array, b: Array) -> float:
    """Kendall's S, concordant less discordant pairs, a study at a time: all pairs at once take memory in k squared."""
    return float(sum((np.sign(a[i] - a[i + 1 :]) * np.sign(b[i] - b[i + 1 :])).sum() for i in range(len(a) - 1)))


def _exact_kendall(k: int, s: float) -> float:
    """P from the number of permutations with so many discordant pairs (Kendall 1938)."""
    if k > _SUMMED:
        return _series_kendall(k, s)
    counts = np.ones(1)
    for n in range(2, k + 1):
        counts = np.convolve(counts, np.ones(n) / n) if k <= _DIRECT else _means(counts, n)
    discordant = round((k * (k - 1) / 2 - s) / 2)
    low, high = counts[: discordant + 1].sum(), counts[discordant:].sum()
    return float(min(1.0, 2 * min(low, high)))


def _means(counts: Array, n: int) -> Array:
    """Moving means of n as differences of sums, which takes no time for hundreds of studies and keeps 15 decimals."""
    whole = np.concatenate([np.zeros(n), np.cumsum(counts), np.full(n - 1, counts.sum())])
    return np.asarray((whole[n:] - whole[:-n]) / n)


def _series_kendall(k: int, s: float) -> float:
    """The same by Edgeworth's series to its sixth cumulant (Kendall and Stuart 1977, Advanced Theory of Statistics,
    6.18): the discordant pairs are a sum of independent whole numbers, each uniform on 0 ... n - 1, n = 1 ... k, and a
    uniform on +-1/2 beside them makes the sum continuous."""
    n = np.arange(1.0, k + 1)
    second, fourth, sixth = (((n**power - 1).sum() + 1) / divisor for power, divisor in ((2, 12), (4, -120), (6, 252)))
    x = max(abs(s) - 1, 0.0) / 2 / np.sqrt(second)
    hermite = [np.polynomial.hermite_e.hermeval(x, [0] * degree + [1]) for degree in (3, 5, 7)]
    terms = (fourth / second**2 / 24, sixth / second**3 / 720, (fourth / second**2) ** 2 / 1152)
    density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    tail = ndtr(-x) + density * sum(term * h for term, h in zip(terms, hermite, strict=True))
    return float(min(1.0, 2 * max(tail, 0.0)))


class Filled(NamedTuple):
    """Trim and fill: studies that seem to be missing, on which side, and the effects with their mirror images."""

    missing: int
    side: str
    y: Array
    v: Array


def trim_and_fill(y: Array, v: Array, method: str | None, estimator: str = "L0", side: str = "") -> Filled:
    """Duval and Tweedie 2000 (Biometrics 56:455), estimators L0 and R0. The side is that on which the slope of the
    effects on their standard errors, with the tau2 of `method` about it, says that small studies are missing, unless
    named. `method` of tau2, None for the fixed model."""
    side = side or ("right" if _funnel_slope(y, v, method) < 0 else "left")
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * y, kind="stable")
    ys, vs = sign * y[order], v[order]
    k, missing, seen = len(ys), 0, set[int]()
    centre = 0.0
    # The number can return to an earlier one without settling; it ends there.
    while missing not in seen:
        seen.add(missing)
        kept = slice(0, k - missing)
        batch = Batch.of([ys[kept]], [vs[kept]])
        tau2 = 0.0 if method is None or k - missing < 2 else float(ESTIMATORS[method](batch)[0])
        w = 1 / (vs[kept] + tau2)
        centre = float((w * ys[kept]).sum() / w.sum())
        missing = _missing(ys - centre, estimator)
    mirrored = 2 * centre - ys[k - missing :]
    return Filled(missing, side, np.concatenate([y, sign * mirrored]), np.concatenate([v, vs[k - missing :]]))


def _funnel_slope(y: Array, v: Array, method: str | None) -> float:
    if len(y) < 3 or np.ptp(v) == 0:
        return 0.0
    return float(regress(y, v, np.column_stack([np.ones(len(y)), np.sqrt(v)]), method, "wald", 95).coefficients[1])


def _missing(distance: Array, estimator: str) -> int:
    k = len(distance)
    ranks = _ranks(np.abs(distance))
    signed = ranks * np.sign(distance)
    if estimator == "R0":
        return max(0, int(k - max(-signed[signed < 0], default=0.0) - 1))
    positive = signed[signed > 0].sum()
    return max(0, min(k - 1, round(float((4 * positive - k * (k + 1)) / (2 * k - 1)))))


def _ranks(values: Array) -> Array:
    """Ranks from 1; of equal values the first comes first, so that the greatest rank is always there."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(1, len(values) + 1)
    return ranks
