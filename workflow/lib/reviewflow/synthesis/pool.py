"""Pooling: arrays with one entry a study in, one estimate out, all on the analysis scale.

Formulas are those of Deeks and Higgins 2010, Statistical algorithms in Review Manager 5, section "Methods for
combining trials"; the first source of each stands with its function. scipy.special is imported where it is used:
the gate imports this package for its check, and need not wait for it.
"""

from typing import NamedTuple

import numpy as np

from .effects import Array, Cells


class Weighted(NamedTuple):
    """A weighted estimate with its standard error and the weights (not scaled) of the studies."""

    estimate: float
    se: float
    weights: Array


class Heterogeneity(NamedTuple):
    """Cochran's Q about a fixed-effect estimate, df = k - 1, its P, I2 in percent, H2, and tau2 of
    DerSimonian and Laird. NaN where k is 1: one study shows no heterogeneity."""

    q: float
    df: int
    q_p: float
    i2: float
    h2: float
    tau2: float


class Pooled(NamedTuple):
    """A pooled estimate with its Wald interval; tau2 is NaN in the fixed model, which has none. Weights in
    percent."""

    model: str
    estimate: float
    se: float
    ci_lower: float
    ci_upper: float
    z: float
    p_value: float
    tau2: float
    heterogeneity: Heterogeneity
    weight_fixed: Array
    weight_random: Array


def inverse_variance(yi: Array, vi: Array) -> Weighted:
    """Weights 1 / vi (Cochran 1954, Biometrics 10:101)."""
    weights = 1 / vi
    # About the first effect, so that equal effects, and one effect alone, give themselves to the last bit.
    estimate = yi[0] + (weights * (yi - yi[0])).sum() / weights.sum()
    return Weighted(float(estimate), float(1 / np.sqrt(weights.sum())), weights)


def mantel_haenszel(cells: Cells) -> Weighted:
    """The logarithm of the Mantel-Haenszel odds ratio (Mantel and Haenszel 1959, J Natl Cancer Inst
    22:719), with the variance of Robins, Breslow and Greenland 1986 (Biometrics 42:311). No cell may be
    NaN, nor all b c be 0."""
    a, b, c, d = cells
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    agree, differ = (a + d) / n, (b + c) / n
    sum_r, sum_s = r.sum(), s.sum()
    variance = (
        (agree * r).sum() / (2 * sum_r**2)
        + (agree * s + differ * r).sum() / (2 * sum_r * sum_s)
        + (differ * s).sum() / (2 * sum_s**2)
    )
    return Weighted(float(np.log(sum_r) - np.log(sum_s)), float(np.sqrt(variance)), s)


def heterogeneity(yi: Array, vi: Array, estimate: float) -> Heterogeneity:
    """Heterogeneity about the fixed-effect `estimate` of the chosen method.

    Q = sum (yi - estimate)^2 / vi (Cochran 1954); about a Mantel-Haenszel estimate too, as RevMan 5 does.
    I2 = max(0, (Q - df) / Q) and H2 = Q / df (Higgins and Thompson 2002, Stat Med 21:1539).
    tau2 = max(0, (Q - df) / C), C = sum w - sum w^2 / sum w, w = 1 / vi (DerSimonian and Laird 1986, Control
    Clin Trials 7:177).
    """
    from scipy.special import chdtrc

    df = len(yi) - 1
    if df == 0:
        return Heterogeneity(np.nan, 0, np.nan, np.nan, np.nan, np.nan)
    weights = 1 / vi
    q = float((weights * (yi - estimate) ** 2).sum())
    excess = max(0.0, q - df)
    c = float((weights * _shares_of_others(weights)).sum())
    return Heterogeneity(q, df, float(chdtrc(df, q)), 100 * excess / q if excess else 0.0, q / df, excess / c)


def _shares_of_others(weights: Array) -> Array:
    """1 - w / sum w of each study. Summed over the others instead of subtracted from 1, because the
    difference loses its digits where one study has nearly all the weight."""
    others = weights * ~np.eye(len(weights), dtype=bool)
    return np.asarray(others.sum(axis=1) / weights.sum())


def pool(yi: Array, vi: Array, fixed: Weighted, rule: str, q_test_threshold: float, level: float) -> Pooled:
    """Pool k >= 1 studies.

    `fixed` is the fixed-effect estimate of the chosen method. `rule` is fixed, random, or q_test: random
    where the Q test's P is below `q_test_threshold`, else fixed. Random: weights 1 / (vi + tau2), whatever
    the fixed method ("M-H, Random" of RevMan 5). One study is fixed under each rule. `level` is the
    confidence level in percent. The interval and the two-sided P are Wald's, from the normal distribution.
    """
    from scipy.special import ndtr

    spread = heterogeneity(yi, vi, fixed.estimate)
    several = len(yi) > 1
    random = inverse_variance(yi, vi + spread.tau2) if several else fixed
    is_random = several and (rule == "random" or (rule == "q_test" and spread.q_p < q_test_threshold))
    chosen = random if is_random else fixed
    lower, upper = wald(chosen.estimate, chosen.se, level)
    z = chosen.estimate / chosen.se
    return Pooled(
        model="random" if is_random else "fixed",
        estimate=chosen.estimate,
        se=chosen.se,
        ci_lower=float(lower),
        ci_upper=float(upper),
        z=z,
        # The lower tail of -|z| keeps all digits of a tiny P; 1 - ndtr(|z|) keeps none.
        p_value=float(2 * ndtr(-abs(z))),
        tau2=spread.tau2 if is_random else np.nan,
        heterogeneity=spread,
        weight_fixed=100 * fixed.weights / fixed.weights.sum(),
        weight_random=100 * random.weights / random.weights.sum(),
    )


def wald(estimate: float | Array, se: float | Array, level: float) -> tuple[float | Array, float | Array]:
    """Limits estimate +- z se of the confidence interval at `level` percent, normal distribution."""
    from scipy.special import ndtri

    half = ndtri(0.5 + level / 200) * se
    return estimate - half, estimate + half
