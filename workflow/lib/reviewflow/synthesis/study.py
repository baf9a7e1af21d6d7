"""The effects of one analysis: which numbers of a contrast give its effect, and why a study has none."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .effects import Array, Cells, Effects, log_odds_ratio, mean_difference, two_by_two

Words = NDArray[np.object_]
NOT_ESTIMABLE = "not estimable: no events, or only events, on both sides"
NEEDED = {
    ("MD", "IV"): "no effect with se, nor n, mean and sd of both sides",
    ("OR", "IV"): "no effect with se, nor n and events of both sides",
    ("OR", "MH"): "no n and events of both sides, which Mantel-Haenszel weights need",
    ("GIV", "IV"): "no effect with se",
}


_COUNTS = ("events_e", "n_e", "events_c", "n_c")
_MEANS = ("mean_e", "sd_e", "n_e", "mean_c", "sd_c", "n_c")
_NUMBERS = sorted({*_COUNTS, *_MEANS, "effect", "se"})


class StudyEffects(NamedTuple):
    """Effects of the contrasts of one analysis, NaN where there is none; their 2x2 tables, NaN where there
    is none; and for each contrast without an effect why it has none (blank: it has one)."""

    yi: Array
    vi: Array
    cells: Cells
    why_not: Words


def study_effects(contrasts: pd.DataFrame, measure: str, method: str) -> StudyEffects:
    """Effects of `contrasts` (results/extraction/contrasts) on the scale of `measure`.

    An effect that was extracted with its standard error goes before one from arms, because it may be
    adjusted; only the Mantel-Haenszel method always takes the 2x2 table, of which its weights are made.
    """
    column = {name: contrasts[name].to_numpy(dtype=float, na_value=np.nan) for name in _NUMBERS}
    cells = two_by_two(*(column[name] for name in _COUNTS))
    blank = np.full(len(contrasts), np.nan)
    from_arms = Effects(blank, blank)
    if measure == "OR":
        from_arms = log_odds_ratio(cells)
    elif measure == "MD":
        from_arms = mean_difference(*(column[name] for name in _MEANS))
    whole = np.isfinite(column["effect"]) & (column["se"] > 0) & (method != "MH")
    yi = np.where(whole, column["effect"], from_arms.yi)
    vi = np.where(whole, column["se"] ** 2, from_arms.vi)
    has_table = np.isfinite([column[name] for name in _COUNTS]).all(axis=0)
    why = np.where((measure == "OR") & has_table, NOT_ESTIMABLE, NEEDED[measure, method])
    return StudyEffects(yi, vi, cells, np.where(np.isfinite(yi) & np.isfinite(vi), "", why).astype(object))
