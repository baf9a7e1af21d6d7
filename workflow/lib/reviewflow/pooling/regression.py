"""Meta-regression of one analysis: weighted least squares by QR, tau2 about the regression, tests of the moderators."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from .batch import Array
from .model import quantile, two_sided

# Points of the search for maxima of the likelihood lie so far apart on the logarithm of the smallest v + tau2.
_STEP = 0.2
_TOLERANCE = 1e-15
# Residuals below this share of the effects are nothing but rounding.
_ROUNDING = 1e-14
# Elements of one temporary array of the search.
_CHUNK = 4_000_000


class Regression(NamedTuple):
    """Coefficients in the order of the design's columns, with `df` of their t (infinite for z); Q of the residuals and
    of the moderators (an F statistic with Hartung-Knapp); i2 (percent) and h2 from tau2; R2 in percent against the
    model without moderators, NaN where that has no tau2."""

    coefficients: Array
    se: Array
    ci_lower: Array
    ci_upper: Array
    statistic: Array
    df: float
    p_value: Array
    covariance: Array
    tau2: float
    q_residual: float
    q_residual_df: int
    q_residual_p: float
    q_moderators: float
    q_moderators_df: int
    q_moderators_p: float
    i2: float
    h2: float
    r2: float


class _Design:
    """A regression at one tau2: weighted least squares through the QR decomposition of the weighted design."""

    def __init__(self, y: Array, v: Array, x: Array, tau2: float) -> None:
        self.w = 1 / (v + tau2)
        root = np.sqrt(self.w)
        self.q, self.r = np.linalg.qr(x * root[:, None])
        self.beta = np.linalg.solve(self.r, self.q.T @ (y * root))
        self.residual = y - x @ self.beta
        self.rounding = _ROUNDING**2 * float((self.w * y**2).sum())
        inverse = np.linalg.inv(self.r)
        self.covariance = inverse @ inverse.T

    def diagonal(self) -> Array:
        """Diagonal of P = W - W X (X'WX)^-1 X'W, without the whole of it, which is as large as k squared."""
        return np.asarray(self.w * (1 - (self.q**2).sum(axis=1)))

    def traced(self) -> float:
        """Trace of P."""
        return float(self.diagonal().sum())

    def rss(self) -> float:
        """Weighted sum of squared residuals, 0 where they are what rounding leaves of effects that lie on the line."""
        found = float((self.w * self.residual**2).sum())
        return found if found > self.rounding else 0.0


def regress(
    y: Array, v: Array, x: Array, method: str | None, ci_method: str, level: float, *, explained: bool = True
) -> Regression:
    """Meta-regression of k effects on the columns of `x`, shape (k, p), whose first is the intercept where there is
    one; `method` of tau2, None for the fixed model; `explained`: whether R2 is wanted, which takes a second fit.

    Where all effects lie on the line, Hartung and Knapp's standard errors are 0, and no statistic exists (NaN). Raises
    ValueError where the columns are collinear or k does not exceed p. Formulas of Viechtbauer, Lopez-Lopez,
    Sanchez-Meca and Marin-Martinez 2015 (Psychol Methods 20:360); Hartung-Knapp: Knapp and Hartung 2003 (Stat Med
    22:2693).
    """
    k, p = x.shape
    rank = int(np.linalg.matrix_rank(x / np.maximum(np.sqrt((x**2).sum(axis=0)), 1e-300)))
    if k <= p or rank < p:
        raise ValueError(f"{k} studies and {p} columns, of which {rank} are independent")
    tau2 = 0.0 if method is None else between(y, v, x, method)
    at = _Design(y, v, x, tau2)
    df = np.inf if ci_method == "wald" else float(k - p)
    factor = 1.0 if ci_method == "wald" else at.rss() / (k - p)
    factor = max(factor, 1.0) if ci_method == "hksj_adhoc" else factor
    covariance = at.covariance * factor
    se = np.sqrt(np.diag(covariance))
    half = quantile(np.full(p, df), level) * se
    statistic = np.divide(at.beta, se, out=np.full(p, np.nan), where=se > 0)
    plain = _Design(y, v, x, 0.0)
    q, traced = plain.rss(), plain.traced()
    typical = (k - p) / traced
    moderators = _moderators(x)
    qm, m = _joint(at.beta, covariance, moderators)
    return Regression(
        at.beta, se, at.beta - half, at.beta + half, statistic, df, two_sided(statistic, np.full(p, df)),
        covariance, tau2 if method else np.nan, q, k - p, float(chdtrc(k - p, q)),
        qm if np.isinf(df) or not m else qm / m, m, _p_joint(qm, m, df),
        100 * tau2 / (tau2 + typical) if method else max(0.0, 100 * (1 - (k - p) / q)) if q > 0 else 0.0,
        (tau2 + typical) / typical if method else q / (k - p),
        _explained(y, v, x, method, tau2) if explained else np.nan,
    )  # fmt: skip


def _moderators(x: Array) -> NDArray[np.int64]:
    """Columns that are not the intercept."""
    return np.flatnonzero(~(x == 1).all(axis=0))


def _joint(beta: Array, covariance: Array, which: NDArray[np.int64]) -> tuple[float, int]:
    part = beta[which]
    if not len(which) or not covariance.any():
        return np.nan, len(which)
    return float(part @ np.linalg.solve(covariance[np.ix_(which, which)], part)), len(which)


def _p_joint(qm: float, m: int, df: float) -> float:
    if not m:
        return np.nan
    return float(chdtrc(m, qm)) if np.isinf(df) else float(fdtrc(m, df, qm / m))


def _explained(y: Array, v: Array, x: Array, method: str | None, tau2: float) -> float:
    """Share of tau2 that the moderators explain, in percent, never below 0 (Raudenbush 1994)."""
    if method is None or not len(_moderators(x)) or len(_moderators(x)) == x.shape[1]:
        return np.nan
    total = between(y, v, np.ones((len(y), 1)), method)
    return max(0.0, 100 * (total - tau2) / total) if total > 0 else 0.0


def between(y: Array, v: Array, x: Array, method: str) -> float:
    """tau2 about a regression: the estimators of tau2.py with residuals in place of distances from a mean
    (Viechtbauer 2005; Lopez-Lopez 2014, Br J Math Stat Psychol 67:30)."""
    k, p = (int(n) for n in x.shape)
    plain = _Design(y, v, x, 0.0)
    if method == "DL":
        return max(0.0, (plain.rss() - (k - p)) / plain.traced())
    if method == "HS":
        return max(0.0, (plain.rss() - k) / float(plain.w.sum()))
    if method == "HE":
        flat = _Design(y, np.ones(k), x, 0.0)
        return max(0.0, (flat.rss() - float((flat.diagonal() * v).sum())) / float(k - p))
    if method == "SJ":
        crude = float(((y - y.mean()) ** 2).mean())
        return crude * _Design(y, v, x, crude).rss() / (k - p)
    if method in ("PM", "EB"):
        return _q_root(y, v, x, float(k - p))
    return _maximum(y, v, x, restricted=method == "REML")


def _q_root(y: Array, v: Array, x: Array, target: float) -> float:
    from scipy.optimize import brentq

    def excess(tau2: float) -> float:
        return _Design(y, v, x, tau2).rss() - target

    if excess(0.0) <= 0:
        return 0.0
    most = _Design(y, np.ones(len(y)), x, 0.0).rss() / target * (1 + 1e-9)
    return float(brentq(excess, 0.0, most, xtol=most * _TOLERANCE, rtol=4e-15, maxiter=500))


def q_profile(y: Array, v: Array, x: Array, level: float) -> tuple[float, float]:
    """Confidence limits of tau2 about the regression (Viechtbauer 2007)."""
    from scipy.special import chdtri

    df, tail = len(y) - x.shape[1], (1 - level / 100) / 2
    return _q_root(y, v, x, float(chdtri(df, tail))), _q_root(y, v, x, float(chdtri(df, 1 - tail)))


def _maximum(y: Array, v: Array, x: Array, *, restricted: bool) -> float:
    """The tau2 of the highest maximum of the likelihood over [0, infinity)."""

    def slope(tau2: float) -> float:
        return float(_slopes(y, v, x, np.array([tau2]), restricted)[0])

    def height(tau2: float) -> float:
        at = _Design(y, v, x, tau2)
        logs = np.log(at.w).sum() - at.rss()
        return float(logs - (2 * np.log(np.abs(np.diag(at.r))).sum() if restricted else 0.0)) / 2

    least, width = float(v.min()), float(np.ptp(y))
    if width == 0:
        return 0.0
    reach = 1 + 4 * width**2 / least
    grid = least * (reach ** np.linspace(0, 1, 2 + int(np.log(reach) / _STEP)) - 1)
    slopes = _slopes(y, v, x, grid, restricted)
    falls = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    tops = [0.0] + [_between_points(slope, float(grid[i]), float(grid[i + 1])) for i in falls]
    return max(tops, key=height) if len(tops) > 1 else 0.0


def _slopes(y: Array, v: Array, x: Array, tau2: Array, restricted: bool) -> Array:
    """Twice the derivative of the log-likelihood at each tau2: y'PPy - trace P, or the trace of W where not
    restricted."""
    rows = max(1, _CHUNK // x.size)
    if len(tau2) > rows:
        return np.concatenate([_slopes(y, v, x, tau2[i : i + rows], restricted) for i in range(0, len(tau2), rows)])
    w = 1 / (v + tau2[:, None])
    root = np.sqrt(w)
    q = np.linalg.qr(x * root[..., None])[0]
    scaled = y * root
    residual = scaled - (q @ (np.swapaxes(q, 1, 2) @ scaled[..., None]))[..., 0]
    lost = w * (1 - (q**2).sum(axis=2)) if restricted else w
    return np.asarray((w * residual**2).sum(axis=1) - lost.sum(axis=1))


def _between_points(slope: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(slope, low, high, xtol=high * _TOLERANCE, rtol=4e-15, maxiter=500))


def permutation(
    y: Array, v: Array, x: Array, method: str | None, ci_method: str, rounds: int, seed: int
) -> tuple[Array, float]:
    """P of each coefficient and of all moderators by permuting the rows of the design (Higgins and Thompson 2004, Stat
    Med 23:1663): the share of `rounds` permutations, the observed one among them, whose statistic is as large."""
    generator = np.random.default_rng(seed)
    seen = regress(y, v, x, method, ci_method, 95)
    counts, joint = np.ones(x.shape[1]), 1
    for _ in range(rounds - 1):
        drawn = regress(y, v, x[generator.permutation(len(y))], method, ci_method, 95, explained=False)
        counts += np.abs(drawn.statistic) >= np.abs(seen.statistic) * (1 - 1e-12)
        joint += drawn.q_moderators >= seen.q_moderators * (1 - 1e-12)
    return counts / rounds, joint / rounds
