"""Effects of the studies of one analysis from the columns of a table, and why a study has none."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import cells, measures
from .batch import Array
from .choice import BINARY, Choice

CORRECTION = 0.5
NOT_ESTIMABLE = "not estimable: no events, or only events, on both sides"


class Studies(NamedTuple):
    """Effect and variance of each study (NaN where it has none), the cells that Mantel-Haenszel sums (None where there
    are no 2x2 tables), and why a study is left out ("" where it is used)."""

    y: Array
    v: Array
    table: cells.Cells | None
    why_not: NDArray[np.object_]


def studies(measure: str, columns: Mapping[str, Array], choice: Choice) -> Studies:
    """`columns` are those of metafor's escalc (yi and vi; ai, n1i, ci, n2i; or m1i, sd1i, n1i, m2i, sd2i, n2i), NaN
    where blank."""
    if measure in BINARY and "ai" in columns:
        return _binary(measure, columns, choice)
    if "m1i" in columns and "yi" not in columns:
        means = [columns[name] for name in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
        if measure == "SMD":
            found = measures.standardised(*means, variance=choice.smd)
        else:
            found = (measures.ratio_of_means if measure == "ROM" else measures.mean_difference)(*means)
        return _whole(found, "n, mean or standard deviation is missing, or the variance is 0")
    return _whole(cells.Effects(columns["yi"], columns["vi"]), "effect or variance is missing, or the variance is 0")


def _whole(found: cells.Effects, why: str) -> Studies:
    usable = np.isfinite(found.y) & np.isfinite(found.v) & (np.nan_to_num(found.v) > 0)
    y, v = np.where(usable, found.y, np.nan), np.where(usable, found.v, np.nan)
    return Studies(y, v, None, np.where(usable, "", why).astype(object))


def _binary(measure: str, columns: Mapping[str, Array], choice: Choice) -> Studies:
    a, n, c, m = (columns[name] for name in ("ai", "n1i", "ci", "n2i"))
    raw = cells.Cells(a, n - a, c, m - c)
    known = np.isfinite(np.stack(raw)).all(axis=0) & (n > 0) & (m > 0)
    corrected = raw.plus(CORRECTION, raw.zero)
    if measure == "PETO" or choice.method == "PETO":
        found = cells.peto(raw)
    elif measure == "RD":
        found = cells.risk_difference(corrected)
        found = found if choice.rd_corrected else cells.Effects(cells.risk_difference(raw).y, found.v)
    else:
        found = (cells.odds_ratio if measure == "OR" else cells.risk_ratio)(corrected)
    empty = raw.no_events | (raw.all_events & ((measure != "RR") | (not choice.correct_mh)))
    silent = known & empty & (measure != "RD")
    usable = known & ~silent & np.isfinite(found.y) & (np.nan_to_num(found.v) > 0)
    why = np.where(silent, NOT_ESTIMABLE, np.where(known, "the variance is 0", "events or participants are missing"))
    y, v = np.where(usable, found.y, np.nan), np.where(usable, found.v, np.nan)
    summed = corrected if choice.correct_mh else raw
    table = cells.Cells(*(np.where(usable, cell, 0.0) for cell in summed))
    return Studies(y, v, table, np.where(usable, "", why).astype(object))
