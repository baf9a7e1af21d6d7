"""What single studies do to a pooled estimate: leave-one-out, cumulative, influence."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .analyse import analyse_many
from .batch import Array, Batch, Mask, weighted
from .choice import Choice
from .model import Fit, Heterogeneity, fit, heterogeneity
from .studies import Studies
from .tau2 import ESTIMATORS


class Series(NamedTuple):
    """Fits of one analysis on parts of its studies, an entry a part."""

    fitted: Fit
    heterogeneity: Heterogeneity


def _parts(y: Array, v: Array, used: Mask, method: str | None, ci_method: str, level: float) -> Series:
    rows = len(used)
    batch = Batch(np.where(used, np.tile(y, (rows, 1)), 0.0), np.where(used, np.tile(v, (rows, 1)), 1.0), used)
    tau2 = None if method is None else ESTIMATORS[method](batch)
    return Series(fit(batch, tau2, ci_method, level), heterogeneity(batch))


def leave_one_out(y: Array, v: Array, method: str | None, ci_method: str, level: float) -> Series:
    """The analysis without each study in turn; entry i is without study i."""
    return _parts(y, v, ~np.eye(len(y), dtype=bool), method, ci_method, level)


def cumulative(y: Array, v: Array, method: str | None, ci_method: str, level: float) -> Series:
    """The analysis of the first 1, 2, ... k studies in the order given."""
    return _parts(y, v, np.tri(len(y), dtype=bool), method, ci_method, level)


def without_each(measure: str, found: Studies, choice: Choice) -> list[dict[str, Any]]:
    """The row of the analysis without each study that it has, in turn, by the whole choice: method, rule of the model,
    conventions for zero cells. In the order of the studies that have an effect."""
    places = np.flatnonzero(found.there)
    every = found.there
    kept = [every & (np.arange(len(every)) != place) for place in places]
    return [part.row for part in analyse_many([(measure, found.only(mask), choice) for mask in kept])]


def of_first(measure: str, found: Studies, choice: Choice, order: Sequence[int]) -> list[dict[str, Any]]:
    """The row of the analysis of the first 1, 2, ... studies of `order`, places of studies that have an effect."""
    kept = []
    for i in range(1, len(order) + 1):
        mask = np.zeros(len(found.y), dtype=bool)
        mask[list(order[:i])] = True
        kept.append((measure, found.only(mask), choice))
    return [part.row for part in analyse_many(kept)]


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
    full = Batch(np.tile(y, (len(y), 1)), np.tile(v, (len(y), 1)), np.ones((len(y), len(y)), dtype=bool))
    se_at = weighted(full, full.weights(tau2_without)).se
    left = np.where(~np.eye(len(y), dtype=bool), 1 / (v + tau2_without[:, None]), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = without.fitted.se**2 * left.sum(axis=1)
        variance = factor * (v + tau2_without)
        return Influence(
            (y - without.fitted.estimate) / np.sqrt(variance + without.fitted.se**2),
            moved / np.sqrt(hat * variance),
            moved**2 / whole.se[0] ** 2,
            without.fitted.se**2 / whole.se[0] ** 2,
            moved / (se_at * np.sqrt(factor)),
            hat,
            100 * hat,
            tau2_without,
            without.heterogeneity.q,
            (y - whole.estimate[0]) ** 2 / (v + tau2),
            moved**2 / without.fitted.se**2,
        )
