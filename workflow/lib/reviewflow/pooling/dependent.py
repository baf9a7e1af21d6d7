"""Several effects of one study: a three-level model, or a model that is only a working one with robust variance.

Effects of one study share participants or a control group; pooled as if they were independent they give too narrow an
interval. Arrays have one entry an effect; `study` says whose it is. scipy.optimize is imported where it is used.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from .batch import Array

# Starting points of the search, as shares of the variance of the effects; each pair is tried.
_STARTS = (0.0, 0.01, 0.1, 0.5, 1.0, 4.0)
# Searches that are followed to their end, from the highest starting points on: likelihoods of two variances can have
# several maxima.
_FOLLOWED = 4
_NEWTON = 50


class Parts(NamedTuple):
    """Variance between studies and between the effects within a study, on the squared scale of the effects."""

    between: float
    within: float


class Dependent(NamedTuple):
    """A pooled estimate of studies with several effects. `statistic` is a t where `df` is finite, else a z; `tau2` is
    between + within; `i2` is the share of the total variance, in percent, that is not sampling error."""

    estimate: float
    se: float
    ci_lower: float
    ci_upper: float
    statistic: float
    df: float
    p_value: float
    parts: Parts
    tau2: float
    i2: float
    k: int
    k_effects: int


class Model(NamedTuple):
    """Effects (n), their sampling covariance (n, n), and which effects are of the same study (n, n; 0 or 1)."""

    y: Array
    sampling: Array
    same: Array

    def covariance(self, parts: Parts) -> Array:
        """Covariance of the effects, shape (n, n)."""
        return self.sampling + parts.between * self.same + parts.within * np.eye(len(self.y))


def three_level(y: Array, v: Array, study: Sequence[str], ci: str, level: float, rho: float = 0.0) -> Dependent:
    """Effects within studies, studies within the review (Van den Noortgate et al. 2013, Behav Res Methods 45:576;
    Konstantopoulos 2011, Res Synth Methods 2:61), variances by REML.

    `rho` is the correlation of the sampling errors of one study's effects: 0 where its effects have no participant in
    common. `ci` wald is normal; any other takes t with studies - 1 degrees of freedom. Raises ValueError for fewer
    than 2 studies.
    """
    model, names = _model(y, v, study, rho)
    parts = _restricted_likelihood(model)
    inverse = np.linalg.inv(model.covariance(parts))
    se = 1 / np.sqrt(inverse.sum())
    estimate = float(inverse.sum(axis=0) @ model.y / inverse.sum())
    df = np.inf if ci == "wald" else float(len(set(names)) - 1)
    return _result(estimate, float(se), df, level, parts, model, names)


def robust(y: Array, v: Array, study: Sequence[str], level: float, rho: float) -> Dependent:
    """The model of `three_level` with correlated sampling errors as a working model, and the variance CR2 with
    Satterthwaite's degrees of freedom, which hold where the working model does not.

    Correlated and hierarchical effects: Pustejovsky and Tipton 2022 (Prev Sci 23:425). CR2: Bell and McCaffrey 2002
    (Surv Methodol 28:169), in the form of Pustejovsky and Tipton 2018 (J Bus Econ Stat 36:672), equations 8 and 11.
    Below 4 degrees of freedom the interval is not to be trusted (Tipton 2015, Psychol Methods 20:375). Raises
    ValueError for fewer than 2 studies.
    """
    model, names = _model(y, v, study, rho)
    parts = _restricted_likelihood(model)
    covariance = model.covariance(parts)
    weights = np.linalg.inv(covariance)
    total = weights.sum()
    estimate = float(weights.sum(axis=0) @ model.y / total)
    variance, df = _cr2(model.y - estimate, covariance, weights, names)
    return _result(estimate, float(np.sqrt(variance)), df, level, parts, model, names)


def shares(
    y: Array, v: Array, study: Sequence[str], rho: float, parts: Parts
) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Shares of the effects in the estimate, in percent, without heterogeneity and with `parts`; and Q about the former
    estimate, which has as many degrees of freedom as there are effects, less one. A share is the sum of a row of the
    inverse covariance, which can be below 0 where rho is high."""
    model, _ = _model(y, v, study, rho)
    plain = np.linalg.inv(model.sampling)
    sums, mixed = plain.sum(axis=1), np.linalg.inv(model.covariance(parts)).sum(axis=1)
    rest = model.y - sums @ model.y / sums.sum()
    return 100 * sums / sums.sum(), 100 * mixed / mixed.sum(), float(rest @ plain @ rest)


def _model(y: Array, v: Array, study: Sequence[str], rho: float) -> tuple[Model, Array]:
    names = np.asarray(study)
    if len(set(study)) < 2:
        raise ValueError("one study alone shows no variance between studies")
    same = (names[:, None] == names[None, :]).astype(float)
    root = np.sqrt(v)
    sampling = rho * same * root[:, None] * root[None, :]
    np.fill_diagonal(sampling, v)
    return Model(np.asarray(y, float), sampling, same), names


def _cr2(residuals: Array, covariance: Array, weights: NDArray[Any], names: NDArray[Any]) -> tuple[float, float]:
    """Variance of the mean, and its degrees of freedom, under the working `covariance`."""
    total = weights.sum()
    pulls, variance = [], 0.0
    for name in dict.fromkeys(names):
        own = np.flatnonzero(names == name)
        block = np.ix_(own, own)
        root = np.linalg.cholesky(covariance[block]).T
        adjusted = root @ (covariance[block] - 1 / total) @ root.T
        adjustment = root.T @ _inverse_root(adjusted) @ root
        # The weights have no entry between studies, so that a study's share of the mean is its own block alone.
        pull = adjustment @ weights[block].sum(axis=1) / total
        variance += float(pull @ residuals[own]) ** 2
        whole = np.zeros(len(names))
        whole[own] = pull
        # The residuals are what is left of the effects when the mean is taken away.
        pulls.append(whole - weights.sum(axis=1) / total * pull.sum())
    spread = np.array(pulls) @ covariance @ np.array(pulls).T
    return variance, float(np.trace(spread) ** 2 / (spread**2).sum())


def _inverse_root(matrix: Array) -> Array:
    """The symmetric square root of the Moore-Penrose inverse."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > values.max() * len(values) * np.finfo(float).eps * 8
    roots = np.where(kept, 1 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    return np.asarray((vectors * roots) @ vectors.T)


def _result(estimate: float, se: float, df: float, level: float, parts: Parts, model: Model, names: Array) -> Dependent:
    statistic = estimate / se
    share = 0.5 + level / 200
    quantile = float(stdtrit(df, share)) if np.isfinite(df) else float(ndtri(share))
    tail = stdtr(df, -abs(statistic)) if np.isfinite(df) else ndtr(-abs(statistic))
    tau2 = parts.between + parts.within
    return Dependent(
        estimate, se, estimate - quantile * se, estimate + quantile * se, statistic, df, float(2 * tail), parts, tau2,
        100 * tau2 / (tau2 + _typical(model)), len(set(names)), len(names),
    )  # fmt: skip


def _typical(model: Model) -> float:
    """The typical sampling variance, (n - 1) / trace P with P of the model without heterogeneity (Higgins and Thompson
    2002, Stat Med 21:1539, equation 9, for effects that need not be independent)."""
    inverse = np.linalg.inv(model.sampling)
    ones = inverse.sum(axis=1)
    return float((len(model.y) - 1) / (np.trace(inverse) - ones @ ones / ones.sum()))


def _restricted_likelihood(model: Model) -> Parts:
    """The variances that maximise the restricted likelihood, searched from many starting points."""
    from scipy.optimize import minimize

    unit = float(np.var(model.y)) or float(np.median(np.diag(model.sampling)))
    scaled = Model(model.y / np.sqrt(unit), model.sampling / unit, model.same)

    def lost(at: Array) -> tuple[float, Array]:
        height, slope, _ = _height(scaled, at)
        return -height, -slope

    starts = [np.array([a, b]) for a in _STARTS for b in _STARTS]
    highest = sorted(starts, key=lambda at: lost(at)[0])[:_FOLLOWED]
    ends = [minimize(lost, at, jac=True, method="L-BFGS-B", bounds=[(0, None)] * 2).x for at in highest]
    best = min((_polished(scaled, np.asarray(end)) for end in ends), key=lambda at: lost(at)[0])
    return Parts(float(best[0] * unit), float(best[1] * unit))


def _polished(model: Model, at: Array) -> Array:
    """Newton's steps by the average information (Gilmour, Thompson and Cullis 1995, Biometrics 51:1440) until nothing
    moves; a variance at 0 that the likelihood pushes below stays there."""
    height, slope, information = _height(model, at)
    for _ in range(_NEWTON):
        free = (at > 0) | (slope > 0)
        if not free.any():
            break
        step = np.zeros(2)
        try:
            step[free] = np.linalg.solve(information[np.ix_(free, free)], slope[free])
        except np.linalg.LinAlgError:
            break
        share = 1.0
        while share > 1e-8:
            tried = np.maximum(at + share * step, 0.0)
            found = _height(model, tried)
            if found[0] >= height - 1e-13 * abs(height):
                break
            share /= 2
        else:
            break
        moved = np.abs(tried - at).max()
        at, (height, slope, information) = tried, found
        if moved <= 1e-15 * max(1.0, float(at.max())):
            break
    return at


def _height(model: Model, at: Array) -> tuple[float, Array, Array]:
    """The restricted log-likelihood but for a constant, its gradient in the two variances, and the average
    information."""
    n = len(model.y)
    covariance = model.covariance(Parts(float(at[0]), float(at[1])))
    inverse = np.linalg.inv(covariance)
    sums = inverse.sum(axis=1)
    total = sums.sum()
    projected = inverse - np.outer(sums, sums) / total
    pulled = projected @ model.y
    height = -0.5 * (np.linalg.slogdet(covariance)[1] + np.log(total) + model.y @ pulled)
    both = (model.same @ pulled, pulled)
    traces = np.array([(projected * model.same).sum(), np.trace(projected)])
    slope = -0.5 * (traces - np.array([pulled @ part for part in both]))
    information = 0.5 * np.array([[a @ projected @ b for b in both] for a in both])
    return float(height), slope, information + 1e-14 * np.eye(2) * n
