"""What a reader of a pooled estimate must know beside its numbers."""

import numpy as np

from .batch import Array, Batch, Mask, weighted
from .choice import Choice
from .model import Fit, quantile

_ONE = "k = 1: the result of a single study, nothing is pooled"
_TWO = "k = 2: the Hartung-Knapp interval has one degree of freedom"
_FLAT = "all effects are equal: the Hartung-Knapp interval has no width"
_NARROW = "the Hartung-Knapp interval is narrower than Wald's: see hksj_adhoc"
_SUMS = "no estimate: a sum of Mantel-Haenszel is 0; use inverse variance or Peto"
_NO_PREDICTION = "no prediction interval: too few studies for its degrees of freedom"


def notes(choice: Choice, batch: Batch, chosen: Fit, random: Mask) -> list[str]:
    """The note of each analysis, "" where there is nothing to say."""
    wald = weighted(batch, batch.weights(np.where(np.isfinite(chosen.tau2), chosen.tau2, 0.0))).se
    knapp = random & (choice.ci != "wald")
    flat = knapp & (chosen.se == 0)
    least = {"none": 0, "z": 0, "t_kminus1": 2, "t_kminus2": 3}[choice.prediction]
    with np.errstate(invalid="ignore"):
        narrow = knapp & ~flat & (chosen.se < wald) & _within(choice, batch, chosen, wald)
    said = (
        (batch.k == 1, _ONE), (~np.isfinite(chosen.estimate), _SUMS), (knapp & (batch.k == 2), _TWO), (flat, _FLAT),
        (narrow, _NARROW), (random & (batch.k < least), _NO_PREDICTION),
    )  # fmt: skip
    return ["; ".join(text for where, text in said if where[i]) for i in range(len(batch.y))]


def _within(choice: Choice, batch: Batch, chosen: Fit, wald: Array) -> Mask:
    """Whether the interval, not only its standard error, is narrower than the normal one."""
    half = quantile(np.full(len(batch.y), np.inf), choice.level) * wald
    return np.asarray(chosen.ci_upper - chosen.estimate < half)
