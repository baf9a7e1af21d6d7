"""The between-study variance tau2 that maximises a likelihood, searched over its whole range, because likelihoods can
have several maxima (dat.gibson2002 of R's metadat has two).

Everything is in units of the smallest sampling variance of an analysis, and laid out with a column an analysis, so that
sums over few studies are additions of long rows. A place without a study has an infinite variance, and so no weight.
"""

from typing import NamedTuple, Self

import numpy as np

from .batch import Array, Batch, Mask, column_sums
from .roots import Places, falling_roots

# The score changes with the logarithm of v + tau2, each study's part over about one unit of it; points of the search
# lie at most so far apart on that logarithm.
_STEP = 0.4
# How much finer the search is where three points leave room for two roots between them.
_FINER = 16
# The search ends beyond its bound, on which the root of two equally precise studies lies.
_BEYOND = 1.01
# Elements of one temporary array, so that what is worked on stays in the processor's cache.
_CHUNK = 16_384


class _Columns(NamedTuple):
    """Effects and variances with a column an analysis, the most precise study first, in units of its variance."""

    y: Array
    v: Array

    @classmethod
    def of(cls, y: Array, v: Array) -> tuple[Self, Array]:
        """From rows (v infinite, y finite where no study is), and the unit of each analysis."""
        order = np.argsort(v, axis=1, kind="stable")
        y, v = (np.take_along_axis(part, order, axis=1) for part in (y, v))
        unit = v[:, :1]
        # About the most precise effect: where it has nearly all the weight its residual keeps its digits.
        columns = cls(*(np.ascontiguousarray(part.T) for part in ((y - y[:, :1]) / np.sqrt(unit), v / unit)))
        return columns, unit[:, 0]

    def only(self, places: Places) -> "_Columns":
        """Some of the analyses."""
        if len(places) == self.y.shape[1]:
            return self
        # take keeps rows contiguous, which an index does not: sums over columns keep the order of their terms.
        return _Columns(self.y.take(places, axis=1), self.v.take(places, axis=1))


class _Terms(NamedTuple):
    """What the score is made of at one tau2: weights, their sums, weighted residuals, and its two sides."""

    w: Array
    total: Array
    pulls: Array
    gain: Array
    lost: Array


def _terms(data: _Columns, tau2: Array, restricted: bool) -> _Terms:
    w = 1 / (data.v + tau2)
    total = column_sums(w)
    pulls = w * (data.y - column_sums(w * data.y) / total)
    if not restricted:
        return _Terms(w, total, pulls, column_sums(pulls * pulls), total)
    # total - sum w^2 / total without the subtraction of what is nearly equal where the first has nearly all the weight.
    rest = w[1:]
    others = column_sums(rest)
    lost = (2 * w[0] * others + (others * others - column_sums(rest * rest))) / total
    return _Terms(w, total, pulls, column_sums(pulls * pulls), lost)


def maximum(batch: Batch, *, restricted: bool) -> Array:
    """tau2 at the highest maximum of the restricted (REML) or full (ML) likelihood over [0, infinity), one an analysis;
    NaN below two studies.

    Score equations of Viechtbauer 2005 (J Educ Behav Stat 30:261). The score is below 0 wherever the smallest v + tau2
    exceeds half the squared range of the effects: sum w^2 r^2 <= max w * sum w r^2, and sum w r^2 is half the sum of
    w_i w_j (y_i - y_j)^2 / sum w, at most half the squared range times (sum w - sum w^2 / sum w).
    """
    found = np.where(batch.k > 1, 0.0, np.nan)
    v = np.where(batch.used, batch.v, np.inf)
    least = v.min(axis=1, initial=np.inf)
    width = np.where(batch.used, batch.y, -np.inf).max(axis=1, initial=-np.inf)
    width = width - np.where(batch.used, batch.y, np.inf).min(axis=1, initial=np.inf)
    with np.errstate(invalid="ignore", over="ignore"):
        reach = np.minimum(_BEYOND * (width / np.sqrt(least)) ** 2 / 2, 1e300)
    todo = np.flatnonzero((batch.k > 1) & (reach > 1))
    # A few numbers of points, so that most analyses are searched together.
    points = 2 ** np.ceil(np.log2(1 + np.log(reach[todo]) / _STEP)).astype(int)
    for count in np.unique(points):
        same = todo[points == count]
        rows = max(1, _CHUNK // v.shape[1])
        for at in range(0, len(same), rows):
            part = same[at : at + rows]
            data, unit = _Columns.of(batch.y[part], v[part])
            found[part] = unit * _search(data, reach[part], int(count), restricted)
    return found


def _search(data: _Columns, reach: Array, count: int, restricted: bool, finer: bool = False) -> Array:
    grid = reach ** (np.arange(count + 1)[:, None] / count) - 1
    ratios = np.empty_like(grid)
    for j, tau2 in enumerate(grid):
        terms = _terms(data, tau2, restricted)
        ratios[j] = terms.gain / terms.lost - 1
    best = _highest(data, grid, ratios, restricted)
    doubtful = np.empty(0, int) if finer or count < 2 else np.flatnonzero(_room_for_two(ratios))
    if len(doubtful):
        best[doubtful] = _search(data.only(doubtful), reach[doubtful], count * _FINER, restricted, finer=True)
    return best


def _room_for_two(ratios: Array) -> Mask:
    """Where the score comes near 0 between points on the same side of it, nearer than its bend over three points."""
    bend = np.abs(ratios[:-2] - 2 * ratios[1:-1] + ratios[2:])
    turned = (ratios[1:-1] - ratios[:-2]) * (ratios[2:] - ratios[1:-1]) <= 0
    inside = turned & (np.abs(ratios[1:-1]) < bend)
    first = (np.abs(ratios[0]) < bend[0]) & (ratios[0] <= 0)
    return np.asarray(inside.any(axis=0) | first)


def _highest(data: _Columns, grid: Array, ratios: Array, restricted: bool) -> Array:
    """The highest of 0, where the likelihood falls from there, and the maxima within the intervals of the grid."""
    falls = (ratios[:-1] > 0) & (ratios[1:] <= 0)
    rank = np.cumsum(falls, axis=0)
    tops = rank[-1]
    best = np.zeros(grid.shape[1])
    several = tops + (ratios[0] <= 0) > 1
    height = np.full(grid.shape[1], -np.inf)
    at_zero = np.flatnonzero(several & (ratios[0] <= 0))
    height[at_zero] = _height(data.only(at_zero), best[at_zero], restricted)
    for nth in range(int(tops.max(initial=0))):
        todo = np.flatnonzero(tops > nth)
        place = (rank[:, todo] == nth + 1).argmax(axis=0)
        ends = [(grid[place + i, todo], ratios[place + i, todo]) for i in (0, 1)]
        top = _root(data.only(todo), *ends[0], *ends[1], restricted)
        compared = several[todo]
        reached = np.full(len(todo), np.inf)
        reached[compared] = _height(data.only(todo[compared]), top[compared], restricted)
        better = reached > height[todo]
        best[todo[better]], height[todo[better]] = top[better], reached[better]
    return best


def _root(data: _Columns, low: Array, at_low: Array, high: Array, at_high: Array, restricted: bool) -> Array:
    def score(tau2: Array, places: Places) -> tuple[Array, Array]:
        t = _terms(data.only(places), tau2, restricted)
        squares = t.w * t.w
        sum2 = column_sums(squares)
        slope = sum2 - 2 * column_sums(t.pulls * t.pulls * t.w) + 2 * column_sums(t.w * t.pulls) ** 2 / t.total
        if restricted:
            slope = slope - 2 * column_sums(squares * t.w) / t.total + (sum2 / t.total) ** 2
        return t.gain - t.lost, slope

    start = low + (high - low) * (at_low / (at_low - at_high))
    return falling_roots(score, low, high, np.clip(start, low, high))


def _height(data: _Columns, tau2: Array, restricted: bool) -> Array:
    """Twice the log-likelihood up to a constant that does not depend on tau2."""
    terms = _terms(data, tau2, restricted)
    w = np.where(terms.w > 0, terms.w, 1.0)
    height = column_sums(np.log(w)) - column_sums(terms.pulls * terms.pulls / w)
    return np.asarray(height - np.log(terms.total) if restricted else height)
