"""What single studies do to a pooled estimate: leave-one-out, cumulative, influence."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .analyse import analyse_many
from .batch import Array, Batch, Mask
from .choice import Choice
from .model import Fit, Heterogeneity, fit, heterogeneity
from .studies import Studies
from .tau2 import ESTIMATORS

# Elements of one temporary array: what is made without each of k studies would otherwise take memory in k squared.
_CHUNK = 2_000_000


def _slabs(count: int, k: int) -> Iterator[NDArray[np.intp]]:
    """The places 0 ... count - 1, so many at a time as analyses of k studies have room for."""
    rows = max(1, _CHUNK // max(k, 1))
    yield from (np.arange(at, min(at + rows, count)) for at in range(0, count, rows))


class Series(NamedTuple):
    """Fits of one analysis on parts of its studies, an entry a part."""

    fitted: Fit
    heterogeneity: Heterogeneity


def _parts(
    y: Array, v: Array, used: Callable[[NDArray[np.intp]], Mask], method: str | None, ci_method: str, level: float
) -> Series:
    made = []
    for slab in _slabs(len(y), len(y)):
        there = used(slab)
        batch = Batch(np.where(there, y, 0.0), np.where(there, v, 1.0), there)
        tau2 = None if method is None else ESTIMATORS[method](batch)
        made.append((fit(batch, tau2, ci_method, level)._replace(weights=np.empty(len(slab))), heterogeneity(batch)))
    fits, spreads = zip(*made, strict=True)
    return Series(
        Fit(*(np.concatenate(parts) for parts in zip(*fits, strict=True))),
        Heterogeneity(*(np.concatenate(parts) for parts in zip(*spreads, strict=True))),
    )


def leave_one_out(y: Array, v: Array, method: str | None, ci_method: str, level: float) -> Series:
    """The analysis without each study in turn; entry i is without study i. Weights are not kept."""
    return _parts(y, v, lambda slab: np.arange(len(y)) != slab[:, None], method, ci_method, level)


def cumulative(y: Array, v: Array, method: str | None, ci_method: str, level: float) -> Series:
    """The analysis of the first 1, 2, ... k studies in the order given. Weights are not kept."""
    return _parts(y, v, lambda slab: np.arange(len(y)) <= slab[:, None], method, ci_method, level)


def without_each(measure: str, found: Studies, choice: Choice) -> list[dict[str, Any]]:
    """The row of the analysis without each study that it has, in turn, by the whole choice: method, rule of the model,
    conventions for zero cells. In the order of the studies that have an effect."""
    places = np.flatnonzero(found.there)
    every = found.there
    return _rows(measure, found, choice, len(places), lambda i: every & (np.arange(len(every)) != places[i]))


def of_first(measure: str, found: Studies, choice: Choice, order: Sequence[int]) -> list[dict[str, Any]]:
    """The row of the analysis of the first 1, 2, ... studies of `order`, places of studies that have an effect."""
    rank = np.full(len(found.y), len(order))
    rank[list(order)] = np.arange(len(order))
    return _rows(measure, found, choice, len(order), lambda i: rank <= i)


def _rows(
    measure: str, found: Studies, choice: Choice, count: int, kept: Callable[[int], Mask]
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for slab in _slabs(count, len(found.y)):
        parts = analyse_many([(measure, found.only(kept(i)), choice) for i in slab.tolist()])
        made += [part.row for part in parts]
    return made


class Influence(NamedTuple):
    """Of each study: externally standardised residual, DFFITS, Cook's distance, covariance ratio, DFBETAS, hat value,
    weight (percent), tau2 and Q without it, and the two axes of Baujat's plot (its part of Q, its influence)."""

    rstudent: Array
    dffits: Array
    cook: Array
    covariance_ratio: Array
    dfbetas: Array
    hat: Array
    weight: Array
    tau2_without: Array
    q_without: Array
    baujat_x: Array
    baujat_y: Array


def influence(y: Array, v: Array, method: str | None, ci_method: str = "wald") -> Influence:
    """Influence of each of k >= 2 studies (Viechtbauer and Cheung 2010, Res Synth Methods 1:112; Baujat 2002, Stat Med
    21:2641), with inverse-variance weights. With Hartung and Knapp's interval the variances have their factor, of the
    fit without the study where the study is left out. NaN where a variance is 0."""
    batch = Batch.of([y], [v])
    whole = fit(batch, None if method is None else ESTIMATORS[method](batch), ci_method, 95)
    without = leave_one_out(y, v, method, ci_method, 95)
    tau2 = 0.0 if method is None else whole.tau2[0]
    tau2_without = np.zeros(len(y)) if method is None else np.nan_to_num(without.fitted.tau2)
    w = 1 / (v + tau2)
    hat = w / w.sum()
    moved = whole.estimate[0] - without.fitted.estimate
    every, left = (
        np.concatenate([
            np.where(own | (np.arange(len(y)) != slab[:, None]), 1 / (v + tau2_without[slab, None]), 0.0).sum(axis=1)
            for slab in _slabs(len(y), len(y))
        ])
        for own in (True, False)
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = without.fitted.se**2 * left
        variance = factor * (v + tau2_without)
        return Influence(
            (y - without.fitted.estimate) / np.sqrt(variance + without.fitted.se**2),
            moved / np.sqrt(hat * variance),
            moved**2 / whole.se[0] ** 2,
            without.fitted.se**2 / whole.se[0] ** 2,
            moved / np.sqrt(factor / every),
            hat,
            100 * hat,
            tau2_without,
            without.heterogeneity.q,
            (y - whole.estimate[0]) ** 2 / (v + tau2),
            moved**2 / without.fitted.se**2,
        )
