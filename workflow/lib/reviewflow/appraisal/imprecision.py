"""Imprecision: what the confidence interval includes, and whether there is as much information as one trial needs."""

from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple

# GRADE guidelines 6 (Guyatt 2011): a relative change by a quarter, and half a standard deviation, as important where
# the review names no difference of its own; 400 participants where nothing is known of a continuous outcome.
RELATIVE = (0.75, 1.25)
STANDARDISED = (-0.5, 0.5)
RULE_OF_THUMB = 400
# The relative risk reduction for which the optimal information size is asked, and errors of 5% and 20% (the same).
REDUCTION = 0.25
_Z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)


class Level(NamedTuple):
    """Levels down that the numbers suggest, and the numbers in words."""

    rating: int
    basis: str


def of_interval(
    lower: float, upper: float, null: float | None, thresholds: tuple[float, float] | None, *, own: bool
) -> Level:
    """From the limits of the interval and the two thresholds, on one scale.

    With thresholds of the review's own (`own`) one level for each inside the interval (GRADE guidelines 34, Zeng 2022).
    With the usual ones, levels only where the interval includes no effect (Guyatt 2011), and one without any threshold.
    """
    includes = null is not None and lower <= null <= upper
    inside = sum(lower < t < upper for t in thresholds) if thresholds else 0
    said = [f"the interval {'includes' if includes else 'excludes'} no effect"] if null is not None else []
    if thresholds:
        whose = "important difference" if own else "usual threshold"
        both = f"{thresholds[0]:.4g} and {thresholds[1]:.4g}"
        said.append(f"it includes {inside or 'none'} of the two limits of the {whose} ({both})")
    if own:
        rating = -inside
    elif thresholds:
        rating = -inside if includes else 0
    else:
        rating = -1 if includes else 0
    return Level(rating, "; ".join(said))


def size_for_risks(risk: float) -> int | None:
    """Participants in both groups together that one trial needs to find a relative risk reduction of `REDUCTION` from
    this risk: two proportions, Fleiss 1981 without correction for continuity. None at a risk of 0 or 1."""
    if not 0 < risk < 1:
        return None
    other = risk * (1 - REDUCTION)
    middle = (risk + other) / 2
    z_alpha, z_beta = NormalDist().inv_cdf(0.975), NormalDist().inv_cdf(0.8)
    spread = z_alpha * sqrt(2 * middle * (1 - middle)) + z_beta * sqrt(risk * (1 - risk) + other * (1 - other))
    return 2 * ceil(spread**2 / (risk - other) ** 2)


def size_for_means(difference: float, sd: float) -> int:
    """Participants in both groups together that one trial needs to find this difference of means: 2 (z SD / d)^2 a
    group, normal distribution."""
    return 2 * ceil(2 * (_Z * sd / difference) ** 2)


def with_size(level: Level, n: float | None, needed: int | None, how: str) -> Level:
    """The level once the information size is looked at: one down where it is not reached and nothing else counts."""
    if needed is None:
        return Level(level.rating, f"{level.basis}; optimal information size not computed: {how}")
    if n is None:
        return Level(level.rating, f"{level.basis}; optimal information size {needed} ({how}), participants unknown")
    reached = n >= needed
    verb = "reach" if reached else "do not reach"
    said = f"{n:.0f} participants {verb} the optimal information size {needed} ({how})"
    return Level(level.rating if reached else min(level.rating, -1), f"{level.basis}; {said}")
