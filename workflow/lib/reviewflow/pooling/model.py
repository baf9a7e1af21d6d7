"""Pooled estimates with intervals and heterogeneity, for many analyses at once."""

from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc, chdtri, ndtr, ndtri, stdtr, stdtrit

from .batch import Array, Batch, Weighted, scale, spread, weighted
from .tau2 import ESTIMATORS, generalised_q_root


class Heterogeneity(NamedTuple):
    """Cochran's Q about the fixed-effect estimate of the method, its df and P, and I2 (percent) and H2 from Q."""

    q: Array
    df: Array
    q_p: Array
    i2: Array
    h2: Array


class Fit(NamedTuple):
    """One estimate an analysis. `statistic` is z or t, with `df` of the t (infinite for z); i2 (percent) and h2 are
    from tau2. NaN where a quantity does not exist: k of 0, no spread between fewer than two studies."""

    estimate: Array
    se: Array
    ci_lower: Array
    ci_upper: Array
    statistic: Array
    df: Array
    p_value: Array
    tau2: Array
    i2: Array
    h2: Array
    weights: Array


def heterogeneity(batch: Batch, about: Array | None = None) -> Heterogeneity:
    """Q = sum (y - estimate)^2 / v (Cochran 1954) about the inverse-variance estimate, or `about` that of another
    method, as RevMan 5 does for Mantel-Haenszel; I2 = max(0, (Q - df) / Q), H2 = Q / df (Higgins and Thompson 2002,
    Stat Med 21:1539)."""
    w = batch.weights()
    centre = weighted(batch, w).estimate if about is None else about
    several = batch.k > 1
    df = np.where(several, batch.k - 1, 0).astype(float)
    q = np.where(several, spread(batch, w, centre), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        i2 = np.where(several, np.where(q > df, 100 * (q - df) / q, 0.0), np.nan)
        return Heterogeneity(q, df, np.where(several, chdtrc(df, q), np.nan), i2, q / df)


def fit(batch: Batch, tau2: Array | None, ci_method: str, level: float, fixed: Weighted | None = None) -> Fit:
    """Pool: inverse-variance weights with tau2 (None: none, the fixed model, with the estimate and standard error of
    `fixed` where another method than inverse variance gives them).

    An analysis of one study is that study, with Wald's interval. `level` in percent. Hartung-Knapp-Sidik-Jonkman:
    Hartung and Knapp 2001 (Stat Med 20:3875), Sidik and Jonkman 2002 (Stat Med 21:3153). With "hksj_adhoc" the factor
    is never below 1, so that the interval is never narrower than Wald's (Knapp and Hartung 2003, Stat Med 22:2693,
    section 4).
    """
    between = np.zeros(len(batch.y)) if tau2 is None else np.where(batch.k > 1, tau2, 0.0)
    pooled = weighted(batch, batch.weights(between)) if fixed is None else fixed
    factor, df = np.ones(len(batch.y)), np.full(len(batch.y), np.inf)
    if ci_method != "wald":
        df = np.where(batch.k > 1, batch.k - 1.0, np.inf)
        with np.errstate(divide="ignore", invalid="ignore"):
            q = spread(batch, batch.weights(between), weighted(batch, batch.weights(between)).estimate) / (batch.k - 1)
        factor = np.where(batch.k > 1, np.maximum(q, 1.0) if ci_method == "hksj_adhoc" else q, 1.0)
    se = pooled.se * np.sqrt(factor)
    half = quantile(df, level) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = pooled.estimate / se
    i2, h2 = (np.full(len(batch.y), np.nan),) * 2 if tau2 is None else _from_tau2(batch, np.asarray(tau2))
    return Fit(
        pooled.estimate, se, pooled.estimate - half, pooled.estimate + half, statistic, df, two_sided(statistic, df),
        np.full(len(batch.y), np.nan) if tau2 is None else np.asarray(tau2), i2, h2, pooled.weights,
    )  # fmt: skip


def _from_tau2(batch: Batch, tau2: Array) -> tuple[Array, Array]:
    """I2 = 100 tau2 / (tau2 + s2) and H2 = (tau2 + s2) / s2 with the typical sampling variance s2 = (k - 1) / C
    (Higgins and Thompson 2002, equation 9)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = (batch.k - 1) / scale(batch.weights())
        several = batch.k > 1
        i2 = np.where(several, 100 * tau2 / (tau2 + typical), np.nan)
        return i2, np.where(several, (tau2 + typical) / typical, np.nan)


def prediction(batch: Batch, fitted: Fit, level: float, df: str) -> tuple[Array, Array]:
    """Limits within which the effect of a new study lies with probability `level` percent: estimate +- quantile *
    sqrt(se^2 + tau2) (Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137).

    `df`: z (normal), t_kminus1 or t_kminus2, as Veroniki 2019 and Higgins 2009 have it. NaN where the degrees of
    freedom are below 1 and in fixed models.
    """
    less = {"z": None, "t_kminus1": 1, "t_kminus2": 2}[df]
    degrees = np.full(len(batch.y), np.inf) if less is None else (batch.k - less).astype(float)
    half = quantile(degrees, level) * np.sqrt(fitted.se**2 + fitted.tau2)
    half = np.where((batch.k > 1) & (degrees >= 1), half, np.nan)
    return fitted.estimate - half, fitted.estimate + half


def q_profile(batch: Batch, level: float) -> tuple[Array, Array]:
    """Confidence limits of tau2 (Viechtbauer 2007, Stat Med 26:37): where the generalised Q equals the quantiles of
    its chi-squared distribution. Both are 0 where Q lies below the lower quantile from the start."""
    df = np.maximum(batch.k - 1.0, 1.0)
    tail = (1 - level / 100) / 2
    limits = [np.where(batch.k > 1, generalised_q_root(batch, chdtri(df, p)), np.nan) for p in (tail, 1 - tail)]
    return limits[0], limits[1]


def quantile(df: Array, level: float) -> Array:
    """The quantile that an interval at `level` percent reaches to on both sides: normal where df is infinite."""
    upper = 0.5 + level / 200
    normal = np.isinf(df)
    with np.errstate(invalid="ignore"):
        return np.where(normal, ndtri(upper), stdtrit(np.where(df >= 1, df, 1.0), upper))


def two_sided(statistic: Array, df: Array) -> Array:
    """Two-sided P. The lower tail of -|z| keeps all digits of a tiny P; 1 less the upper one keeps none."""
    low = -np.abs(statistic)
    return np.where(np.isinf(df), 2 * ndtr(low), 2 * stdtr(np.where(df >= 1, df, 1.0), low))


def between(batch: Batch, method: str, about: Array | None = None) -> Array:
    """tau2 by a method of ESTIMATORS; DL from Q about another fixed-effect estimate where `about` gives one, as in
    RevMan's "M-H, Random"."""
    if method == "DL" and about is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = spread(batch, batch.weights(), about) - (batch.k - 1)
            return np.where(batch.k > 1, np.maximum(excess, 0.0) / scale(batch.weights()), np.nan)
    return ESTIMATORS[method](batch)
