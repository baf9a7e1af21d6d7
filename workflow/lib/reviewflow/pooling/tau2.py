"""Estimators of the between-study variance tau2, for many analyses at once: closed forms and the root of the
generalised Q here, the likelihoods in likelihood.py."""

from collections.abc import Callable

import numpy as np

from .batch import Array, Batch, column_sums, scale, spread, weighted
from .likelihood import maximum
from .roots import Places, falling_roots


def dersimonian_laird(batch: Batch) -> Array:
    """max(0, (Q - df) / C) (DerSimonian and Laird 1986, Control Clin Trials 7:177)."""
    w = batch.weights()
    q = spread(batch, w, weighted(batch, w).estimate)
    return _above_zero(q - (batch.k - 1), scale(w))


def hedges(batch: Batch) -> Array:
    """Variance of the effects less their mean sampling variance (Hedges and Olkin 1985; Cochran 1954)."""
    flat = batch.used.astype(float)
    k = batch.k
    squares = spread(batch, flat, weighted(batch, flat).estimate)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_v = (batch.v * batch.used).sum(axis=1) / k
        return np.where(k > 1, np.maximum(squares / (k - 1) - mean_v, 0.0), np.nan)


def hunter_schmidt(batch: Batch) -> Array:
    """max(0, (Q - k) / sum w) (Hunter and Schmidt 1990; Viechtbauer 2005, J Educ Behav Stat 30:261)."""
    w = batch.weights()
    q = spread(batch, w, weighted(batch, w).estimate)
    return _above_zero(q - batch.k, np.where(batch.k > 1, w.sum(axis=1), 0.0))


def sidik_jonkman(batch: Batch) -> Array:
    """Two steps from the crude variance of the effects (Sidik and Jonkman 2005, J R Stat Soc C 54:367)."""
    flat = batch.used.astype(float)
    k = batch.k
    with np.errstate(divide="ignore", invalid="ignore"):
        crude = spread(batch, flat, weighted(batch, flat).estimate) / k
        w = batch.weights(crude)
        return np.where(k > 1, crude * spread(batch, w, weighted(batch, w).estimate) / (k - 1), np.nan)


def paule_mandel(batch: Batch) -> Array:
    """The tau2 at which Q is its degrees of freedom (Paule and Mandel 1982), which is the empirical Bayes estimate of
    Morris 1983 too; 0 where Q is below them already."""
    return np.where(batch.k > 1, generalised_q_root(batch, (batch.k - 1).astype(float)), np.nan)


def generalised_q_root(batch: Batch, target: Array) -> Array:
    """The tau2 at which the generalised Q falls to `target`, 0 where it is below it from the start. Q falls all along
    (DerSimonian and Kacker 2007), so there is one root, and it is at most sum (y - mean)^2 / target."""
    flat = batch.used.astype(float)
    squares = spread(batch, flat, weighted(batch, flat).estimate)
    w = batch.weights()
    out = np.zeros(len(squares))
    todo = np.flatnonzero(spread(batch, w, weighted(batch, w).estimate) > target)
    y, v = batch.y[todo].T.copy(), np.where(batch.used, batch.v, np.inf)[todo].T.copy()
    goal = target[todo]

    def excess(tau2: Array, places: Places) -> tuple[Array, Array]:
        whole = len(places) == len(todo)
        effects, variances, aim = (
            (y, v, goal) if whole else (y.take(places, axis=1), v.take(places, axis=1), goal[places])
        )
        weight = 1 / (variances + tau2)
        residual = effects - column_sums(weight * effects) / column_sums(weight)
        pulls = weight * residual
        # The reciprocal of Q is nearly a straight line in tau2, so that Newton's steps on it are few.
        share = aim / column_sums(pulls * residual)
        return 1 - share, -column_sums(pulls * pulls) * share * share / aim

    high = squares[todo] / goal * (1 + 1e-9)
    out[todo] = falling_roots(excess, np.zeros(len(todo)), high, np.zeros(len(todo)))
    return out


def _above_zero(excess: Array, divisor: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(divisor > 0, np.maximum(excess, 0.0) / divisor, np.nan)


ESTIMATORS: dict[str, Callable[[Batch], Array]] = {
    "DL": dersimonian_laird,
    "PM": paule_mandel,
    "EB": paule_mandel,
    "HE": hedges,
    "HS": hunter_schmidt,
    "SJ": sidik_jonkman,
    "REML": lambda batch: maximum(batch, restricted=True),
    "ML": lambda batch: maximum(batch, restricted=False),
}
