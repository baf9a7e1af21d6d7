"""Effects of single studies on the analysis scale, from arms or 2x2 tables. Arrays have one entry a study."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Added to all four cells of a study with an empty one, as RevMan does (Cochrane Handbook 5.1, section 9.4.4).
ZERO_CELL_CORRECTION = 0.5


class Effects(NamedTuple):
    """Effects and their sampling variances on the analysis scale; NaN where a study is not estimable."""

    yi: Array
    vi: Array


class Cells(NamedTuple):
    """2x2 tables: events and non-events on the experimental side (a, b) and on the control side (c, d)."""

    a: Array
    b: Array
    c: Array
    d: Array


def mean_difference(mean_e: Array, sd_e: Array, n_e: Array, mean_c: Array, sd_c: Array, n_c: Array) -> Effects:
    """Mean differences, experimental minus control, in the unit of the means; NaN where a side has no
    participant.

    vi = sd_e^2 / n_e + sd_c^2 / n_c (Deeks and Higgins 2010, Statistical algorithms in Review Manager 5,
    "Mean difference").
    """
    size_e, size_c = (np.where(n > 0, n, np.nan) for n in (n_e, n_c))
    vi = sd_e**2 / size_e + sd_c**2 / size_c
    return Effects(np.where(np.isnan(vi), np.nan, mean_e - mean_c), vi)


def two_by_two(events_e: Array, n_e: Array, events_c: Array, n_c: Array) -> Cells:
    """2x2 tables with the correction for empty cells; NaN where the odds ratio is not estimable.

    Not estimable is a study without events, or without non-events, on both sides: it says nothing about the
    odds ratio (Cochrane Handbook 6, section 10.4.4.1). A side without participants has neither, so it is not
    estimable.
    """
    cells = np.stack([events_e, n_e - events_e, events_c, n_c - events_c])
    a, b, c, d = cells
    empty = (a + c == 0) | (b + d == 0) | (n_e == 0) | (n_c == 0)
    corrected = cells + ZERO_CELL_CORRECTION * (cells == 0).any(axis=0)
    return Cells(*np.where(empty, np.nan, corrected))


def log_odds_ratio(cells: Cells) -> Effects:
    """Logarithms of odds ratios.

    yi = ln(a d / (b c)), vi = 1/a + 1/b + 1/c + 1/d (Woolf 1955, Ann Hum Genet 19:251; Deeks and Higgins
    2010, "Odds ratio").
    """
    a, b, c, d = cells
    return Effects(np.log(a) + np.log(d) - np.log(b) - np.log(c), 1 / a + 1 / b + 1 / c + 1 / d)
