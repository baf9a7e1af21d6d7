"""Effects of contrasts: which numbers of a contrast give its effect, and why a contrast has none."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewflow.pooling import Choice, Studies, studies

from .engine import Array, Mask
from .kinds import KINDS

Words = NDArray[np.object_]
# Columns of results/extraction/contrasts as arrays with an entry a contrast: numbers with NaN for blank, or text.
Columns = Mapping[str, NDArray[Any]]
# Measures of a change within one group.
_WITHIN = "MC, SMCC or SMCR in measure"


class Effects(NamedTuple):
    """Effects of the contrasts of one analysis (NaN where there is none) with why a contrast has none, what was done to
    its numbers, and which effects come from arms rather than from an extracted effect."""

    studies: Studies
    note: Words
    from_arms: Mask


def effects(own: Columns, measure: str, choice: Choice, correlation: float | None = None) -> Effects:
    """Effects of contrasts on the analysis scale of `measure`.

    An effect that was extracted with its standard error goes before one from arms, because it may be adjusted; only
    the methods of Mantel-Haenszel and of Peto always take the 2x2 table, of which their weights are made, and GLMM the
    counts, of which its likelihood is.
    `correlation` takes the place of each imputed correlation of baseline and follow-up.
    """
    kind = KINDS[measure]
    whole = np.isfinite(own["effect"]) & (own["se"] > 0) & (choice.method == "IV")
    extracted = studies("GIV", {"yi": own["effect"], "vi": own["se"] ** 2}, choice)
    given = {name: own[column] for name, column in kind.columns.items()}
    if kind.within:
        given = _paired(given, own, measure, correlation)
    blank = np.full(len(whole), np.nan)
    complete = np.isfinite(np.stack([*given.values(), *([] if given else [blank])])).all(axis=0)
    arms = studies(measure, given, choice) if given and len(whole) else extracted._replace(y=blank, v=blank)
    y, v = np.where(whole, extracted.y, arms.y), np.where(whole, extracted.v, arms.v)
    usable = np.isfinite(y) & np.isfinite(v) if arms.counts is None else arms.there
    why = np.where(usable, "", np.where(complete, arms.why_not, _needed(measure, choice.method)))
    if not kind.within and "m1i" in given:
        paired = ~usable & ~complete & np.isfinite(own["change_mean_e"]) & np.isnan(own["mean_c"])
        why = np.where(paired, f"{measure} sets two groups against each other, and there is one: write {_WITHIN}", why)
    table = None if arms.table is None or whole.any() else arms.table
    found = extracted._replace(y=y, v=v, table=table, why_not=why.astype(object), counts=arms.counts)
    from_arms = usable & ~whole
    said = "" if arms.notes is None else arms.notes
    return Effects(found, np.where(from_arms, said, "").astype(object), from_arms)


def _paired(given: dict[str, Array], own: Columns, measure: str, correlation: float | None) -> dict[str, Array]:
    """The numbers of one group before and after. The change with its standard deviation goes first; it is given as a
    difference from 0 without spread. SMCR has another denominator and always needs the correlation."""
    r, change, sd = given["ri"], own["change_mean_e"], own["change_sd_e"]
    direct = np.isfinite(change) & np.isfinite(sd) & (measure != "SMCR")
    if correlation is not None:
        imputed = rests_on_correlation(own)
        r, direct = np.where(imputed, correlation, r), direct & ~imputed
    zero = np.zeros(len(r))
    instead = {"m1i": change, "sd1i": sd, "m2i": zero, "sd2i": zero, "ri": zero}
    return {
        name: np.where(direct, instead[name], values) if name in instead else values
        for name, values in (given | {"ri": r}).items()
    }


def rests_on_correlation(own: Columns) -> Mask:
    """Whether the numbers of a contrast were made with a correlation that its reports do not print."""
    return np.asarray(np.isfinite(own["correlation"]) & own["imputed"].astype(bool), dtype=bool)


def _needed(measure: str, method: str) -> str:
    if method == "GLMM":
        return f"no {KINDS[measure].needs}, which the likelihood of GLMM is of"
    if method != "IV":
        name = "Mantel-Haenszel" if method == "MH" else "Peto"
        return f"no n and events of both sides, which {name} weights need"
    needs = KINDS[measure].needs
    return f"no effect with se, nor {needs}" if needs else "no effect with se"
