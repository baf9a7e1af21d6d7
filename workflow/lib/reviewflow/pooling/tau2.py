"""Estimators of the between-study variance tau2, for many analyses at once; closed forms, and roots that are searched
over the whole range, because likelihoods can have several maxima (gibson2002 of metadat has two)."""

from collections.abc import Callable

import numpy as np

from .batch import Array, Batch, scale, spread, weighted

# Grid points of the search for maxima of a likelihood, spaced evenly on the logarithm between limits that hold every
# root; neighbours differ by less than a factor of 2 wherever variances span six decades or fewer.
_GRID = 72
# The smallest tau2 that is looked at beside 0, as a share of the smallest variance: below it the likelihood is flat.
_FLOOR = 1e-6
# Newton steps and bisections of a root; 60 bisections alone come to the last digit of a factor of 2.
_STEPS = 100
# Elements of one temporary array: 32 MB.
_CHUNK = 4_000_000


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
    most = spread(batch, flat, weighted(batch, flat).estimate) / target

    def excess(tau2: Array, of: Batch, goal: Array) -> tuple[Array, Array]:
        w = of.weights(tau2)
        mean = weighted(of, w).estimate
        q = spread(of, w, mean)
        return q - goal, -spread(of, w**2, mean)

    start = excess(np.zeros(len(most)), batch, target)[0]
    out = np.zeros(len(most))
    todo = start > 0
    if todo.any():
        part = Batch(*(a[todo] for a in batch))
        goal = target[todo]
        out[todo] = _root(lambda t: excess(t, part, goal), np.zeros(todo.sum()), most[todo] * (1 + 1e-12))
    return out


def likelihood(batch: Batch, *, restricted: bool) -> Array:
    """The tau2 that maximises the restricted (REML) or full (ML) likelihood over all of [0, infinity).

    Score equations of Viechtbauer 2005 (J Educ Behav Stat 30:261), equations 11 and 12 in their weighted form. Every
    interval of a grid in which the score goes from above to below 0 is searched, and the highest maximum is taken.
    """
    rows = max(1, _CHUNK // (_GRID * max(batch.y.shape[1], 1)))
    parts = [Batch(*(a[i : i + rows] for a in batch)) for i in range(0, len(batch.y), rows)]
    found = [_maximum(part, restricted) for part in parts]
    return np.where(batch.k > 1, np.concatenate(found), np.nan) if found else np.empty(0)


def _maximum(batch: Batch, restricted: bool) -> Array:
    n = len(batch.y)
    grid = _grid(batch)
    slopes = np.stack([score(batch, grid[:, j], restricted)[0] for j in range(grid.shape[1])], axis=1)
    best = np.zeros(n)
    best_height = log_likelihood(batch, best, restricted)
    falls = (slopes[:, :-1] > 0) & (slopes[:, 1:] <= 0)
    for nth in range(int(falls.sum(axis=1).max(initial=0))):
        rank = np.cumsum(falls, axis=1)
        todo = rank[:, -1] > nth
        place = (rank[todo] == nth + 1).argmax(axis=1)
        part = Batch(*(a[todo] for a in batch))
        low, high = (np.take_along_axis(grid[todo], (place + i)[:, None], axis=1)[:, 0] for i in (0, 1))
        top = _root(_scored(part, restricted), low, high)
        height = log_likelihood(part, top, restricted)
        better = height > best_height[todo]
        best[np.flatnonzero(todo)[better]] = top[better]
        best_height[np.flatnonzero(todo)[better]] = height[better]
    return best


def _scored(batch: Batch, restricted: bool) -> Callable[[Array], tuple[Array, Array]]:
    return lambda tau2: score(batch, tau2, restricted)


def _grid(batch: Batch) -> Array:
    """0 and points up to a limit beyond which the score is negative: there tau2 + v exceeds every squared distance
    from the mean by more than k / (k - 1)."""
    least = np.where(batch.used, batch.v, np.inf).min(axis=1)
    high = np.where(batch.used, batch.y, -np.inf).max(axis=1)
    low = np.where(batch.used, batch.y, np.inf).min(axis=1)
    least, width = np.where(batch.used.any(axis=1), least, 1.0), np.where(batch.used.any(axis=1), high - low, 0.0)
    first = least * _FLOOR
    last = np.maximum(4 * width**2, first * 10)
    steps = np.linspace(0, 1, _GRID)
    return np.hstack(
        [np.zeros((len(first), 1)), np.exp(np.log(first)[:, None] * (1 - steps) + np.log(last)[:, None] * steps)]
    )


def score(batch: Batch, tau2: Array, restricted: bool) -> tuple[Array, Array]:
    """First derivative of the log-likelihood in tau2, twice over, and an approximation of the second."""
    w = batch.weights(tau2)
    total, squares = w.sum(axis=1), (w**2).sum(axis=1)
    mean = weighted(batch, w).estimate
    gain = spread(batch, w**2, mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = total - (squares / total if restricted else 0.0)
        cubes = (w**3).sum(axis=1)
        slope = -2 * spread(batch, w**3, mean) + squares
        pulled = (w**2 * (batch.y - mean[:, None]) * batch.used).sum(axis=1)
        slope = slope + 2 * pulled**2 / total
        if restricted:
            slope = slope - 2 * cubes / total + (squares / total) ** 2
    return gain - lost, slope


def log_likelihood(batch: Batch, tau2: Array, restricted: bool) -> Array:
    """The log-likelihood up to a constant that does not depend on tau2."""
    w = batch.weights(tau2)
    mean = weighted(batch, w).estimate
    logs = np.where(batch.used, np.log(np.where(batch.used, w, 1.0)), 0.0).sum(axis=1)
    with np.errstate(divide="ignore"):
        height = logs - spread(batch, w, mean) - (np.log(w.sum(axis=1)) if restricted else 0.0)
    return np.asarray(height / 2)


def _root(function: Callable[[Array], tuple[Array, Array]], low: Array, high: Array) -> Array:
    """The root of a falling function within brackets, one an entry: Newton's step where it stays inside, else the
    middle. Ends where no entry moves by more than rounding."""
    low, high = low.copy(), high.copy()
    x = (low + high) / 2
    for _ in range(_STEPS):
        value, slope = function(x)
        low, high = np.where(value > 0, x, low), np.where(value > 0, high, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = x - value / slope
        inside = np.isfinite(step) & (step > low) & (step < high)
        nearer = np.where(inside, step, (low + high) / 2)
        moved = np.abs(nearer - x)
        x = np.where(value == 0, x, nearer)
        if (moved <= 4e-16 * np.abs(x)).all():
            break
    return x


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
    "REML": lambda batch: likelihood(batch, restricted=True),
    "ML": lambda batch: likelihood(batch, restricted=False),
}
