"""What single studies do to a pooled estimate: leave-one-out, cumulative, influence."""

from typing import NamedTuple

import numpy as np

from .batch import Array, Batch, weighted
from .model import Fit, Heterogeneity, fit, heterogeneity
from .tau2 import ESTIMATORS


class Series(NamedTuple):
    """Fits of one analysis on parts of its studies, an entry a part."""

    fitted: Fit
    heterogeneity: Heterogeneity


def _parts(y: Array, v: Array, used: np.ndarray, method: str | None, ci_method: str, level: float) -> Series:
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
    21:2641)."""
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
    residual = y - without.fitted.estimate
    return Influence(
        residual / np.sqrt(v + tau2_without + without.fitted.se**2),
        moved / np.sqrt(hat * (tau2_without + v)),
        moved**2 / whole.se[0] ** 2,
        without.fitted.se**2 / whole.se[0] ** 2,
        moved / se_at,
        hat,
        100 * hat,
        tau2_without,
        without.heterogeneity.q,
        (y - whole.estimate[0]) ** 2 / (v + tau2),
        moved**2 / without.fitted.se**2,
    )
