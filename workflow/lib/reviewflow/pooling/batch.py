"""Many analyses at once: arrays with a row an analysis and a column a study, places without a study masked.

Every sum over studies is a sum over the last axis. A masked place has weight 0, effect 0 and variance 1, so that it
enters no sum and no division fails.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Batch(NamedTuple):
    """Effects and sampling variances of analyses, shape (analyses, studies), and which places hold a study."""

    y: Array
    v: Array
    used: Mask

    @classmethod
    def of(cls, y: Sequence[ArrayLike], v: Sequence[ArrayLike]) -> Self:
        """A batch of analyses that may differ in their number of studies; NaN effects or variances are left out.

        Raises ValueError for a variance that is not positive.
        """
        rows = [
            np.stack(np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))) for a, b in zip(y, v, strict=True)
        ]
        width = max((row.shape[1] for row in rows), default=0)
        whole = np.full((2, len(rows), max(width, 1)), np.nan)
        for i, row in enumerate(rows):
            whole[:, i, : row.shape[1]] = row
        used = np.isfinite(whole).all(axis=0)
        effects, variances = np.where(used, whole[0], 0.0), np.where(used, whole[1], 1.0)
        if (variances <= 0).any():
            raise ValueError("a sampling variance must be above 0")
        return cls(effects, variances, np.asarray(used))

    @property
    def k(self) -> NDArray[np.int64]:
        """Studies of each analysis."""
        return np.asarray(self.used.sum(axis=1))

    def only(self, places: NDArray[np.intp]) -> "Batch":
        """Some of the analyses."""
        return Batch(self.y[places], self.v[places], self.used[places])

    def weights(self, tau2: ArrayLike = 0.0) -> Array:
        """1 / (v + tau2), 0 where no study is; tau2 has an entry an analysis."""
        return np.where(self.used, 1 / (self.v + np.asarray(tau2, float)[..., None]), 0.0)


class Weighted(NamedTuple):
    """A weighted estimate of each analysis, its standard error, and the weights (not scaled) of the studies."""

    estimate: Array
    se: Array
    weights: Array


def weighted(batch: Batch, weights: Array) -> Weighted:
    """Weighted means; the standard error is that of inverse-variance weights (Cochran 1954, Biometrics 10:101).

    NaN where an analysis has no study.
    """
    total = weights.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # About one of the effects, so that equal effects, and one effect alone, give themselves to the last bit.
        base = np.take_along_axis(batch.y, batch.used.argmax(axis=1)[:, None], axis=1)
        estimate = base[:, 0] + (weights * (batch.y - base)).sum(axis=-1) / total
        return Weighted(np.where(total > 0, estimate, np.nan), np.where(total > 0, 1 / np.sqrt(total), np.nan), weights)


def spread(batch: Batch, weights: Array, about: ArrayLike) -> Array:
    """Weighted sum of squares about an estimate of each analysis, Q where the weights are 1 / v (Cochran 1954)."""
    return np.asarray((weights * (batch.y - np.asarray(about)[:, None]) ** 2 * batch.used).sum(axis=-1))


def column_sums(values: Array) -> Array:
    """Sums over the first axis, the terms added one after the other; the sum of a column that stands alone would be
    taken in another order, and differ in its last digit from that of the same column among others."""
    alone = values.shape[1] == 1
    return np.asarray(np.repeat(values, 2, axis=1).sum(axis=0)[:1] if alone else values.sum(axis=0))


def others(weights: Array) -> Array:
    """Sum of the other studies' weights at each place, without subtraction, which would lose the digits where one
    study has nearly all the weight."""
    before = _exclusive(weights)
    after = _exclusive(weights[..., ::-1])[..., ::-1]
    return np.asarray(before + after)


def _exclusive(weights: Array) -> Array:
    shifted = np.zeros_like(weights)
    shifted[..., 1:] = np.cumsum(weights, axis=-1)[..., :-1]
    return shifted


def scale(weights: Array) -> Array:
    """C = sum w - sum w^2 / sum w of each analysis (DerSimonian and Laird 1986), 0 where there is one study."""
    total = weights.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        c = (weights * others(weights)).sum(axis=-1) / total
    return np.where(total > 0, c, 0.0)
