"""What each effect measure needs of a contrast, and what may be asked of it. Nothing heavy is imported: the gate uses
this for its checks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Row = Mapping[Any, Any]


class Kind(NamedTuple):
    """An effect measure: the kind of outcome it is for (blank: any), the numbers of a contrast that give it (by the
    names of metafor's escalc), these numbers in words, whether the effect has the unit of the outcome, and whether it
    is of one group before and after."""

    outcome: str
    columns: Mapping[str, str]
    needs: str
    has_unit: bool = False
    within: bool = False


_MEANS = {"m1i": "mean_e", "sd1i": "sd_e", "n1i": "n_e", "m2i": "mean_c", "sd2i": "sd_c", "n2i": "n_c"}
_COUNTS = {"ai": "events_e", "n1i": "n_e", "ci": "events_c", "n2i": "n_c"}
_TIMES = {"x1i": "events_e", "t1i": "time_e", "x2i": "events_c", "t2i": "time_c"}
_ONE_GROUP = {"xi": "events_e", "ni": "n_e"}
_AFTER = {"m1i": "mean_e", "sd1i": "sd_e", "m2i": "baseline_mean_e", "sd2i": "baseline_sd_e", "ni": "n_e"}
_PAIRED = {**_AFTER, "ri": "correlation"}
# The change over the standard deviation at baseline (Becker 1988), which is therefore the first of the two.
_RAW = {**_PAIRED, "sd1i": "baseline_sd_e", "sd2i": "sd_e"}
_BOTH_MEANS = "n, mean and sd of both sides"
_BOTH_COUNTS = "n and events of both sides"
_CHANGE = "n with the change and its sd, or with mean and sd before and after and their correlation"

KINDS = {
    "MD": Kind("continuous", _MEANS, _BOTH_MEANS, has_unit=True),
    "SMD": Kind("continuous", _MEANS, _BOTH_MEANS),
    "ROM": Kind("continuous", _MEANS, _BOTH_MEANS),
    "MC": Kind("continuous", _PAIRED, _CHANGE, has_unit=True, within=True),
    "SMCC": Kind("continuous", _PAIRED, _CHANGE, within=True),
    "SMCR": Kind("continuous", _RAW, "n, mean before and after, sd before, and the correlation", within=True),
    "OR": Kind("dichotomous", _COUNTS, _BOTH_COUNTS),
    "RR": Kind("dichotomous", _COUNTS, _BOTH_COUNTS),
    "RD": Kind("dichotomous", _COUNTS, _BOTH_COUNTS),
    "PETO": Kind("dichotomous", _COUNTS, _BOTH_COUNTS),
    "IRR": Kind("dichotomous", _TIMES, "events and person-time of both sides"),
    "HR": Kind("dichotomous", {}, ""),
    "PLO": Kind("dichotomous", _ONE_GROUP, "n and events"),
    "PAS": Kind("dichotomous", _ONE_GROUP, "n and events"),
    "ZCOR": Kind("", {}, ""),
    "GIV": Kind("", {}, "", has_unit=True),
}
# What the Mantel-Haenszel method weights.
MANTEL_HAENSZEL = ("OR", "RR", "RD")
# Measures whose counts have an exact likelihood.
GLMM = ("OR", "IRR", "PLO")
# What pools several effects of one study.
DEPENDENT = ("three_level", "robust")


def impossible(measure: str, method: str, model: str, dependence: str = "") -> list[tuple[str, str, str]]:
    """Column, problem and mend of each combination that no formula covers."""
    found = _of_glmm(measure, method, model) + _of_dependence(method, model, dependence)
    if method == "GLMM":
        return found
    if method == "MH" and measure not in MANTEL_HAENSZEL:
        found.append(("method", f"MH does not weight {measure}", "write PETO" if measure == "PETO" else "write IV"))
    if (method == "PETO") != (measure == "PETO") and method != "MH":
        mend = "write PETO in both measure and method" if measure == "OR" else "write IV"
        found.append(("method", f"{method} does not weight {measure}", "write PETO" if measure == "PETO" else mend))
    if measure == "PETO" and model != "fixed":
        found.append(
            ("model", f"Peto's method has a fixed-effect model alone, not {model}", "write fixed, or measure OR")
        )
    return found


def _of_glmm(measure: str, method: str, model: str) -> list[tuple[str, str, str]]:
    found = []
    if method == "GLMM" and measure not in GLMM:
        found.append(("method", f"GLMM has likelihoods of {', '.join(GLMM)}, not of {measure}", "write IV"))
    if method == "GLMM" and model == "q_test":
        found.append(("model", "GLMM has no Q test to choose the model by", "write fixed or random"))
    return found


def _of_dependence(method: str, model: str, dependence: str) -> list[tuple[str, str, str]]:
    if dependence not in DEPENDENT:
        return []
    found = []
    if method != "IV":
        found.append(("method", f"{dependence} weights by inverse variance, not by {method}", "write IV"))
    if model != "random":
        found.append(("model", f"{dependence} is a random-effects model, not {model}", "write random"))
    return found


def mismatch(measure: str, outcome: str, outcome_kind: str, within: bool) -> list[tuple[str, str, str]]:
    """Column, problem and mend where a measure is not made for the outcome or for the comparison. `within`: the
    comparison sets participants against themselves."""
    kind = KINDS[measure]
    found = []
    if kind.outcome and outcome_kind and kind.outcome != outcome_kind:
        fits = ", ".join(name for name, other in KINDS.items() if other.outcome == outcome_kind and not other.within)
        problem = f"{measure} is for {kind.outcome} outcomes, {outcome} is {outcome_kind}"
        found.append(("measure", problem, f"write one of {fits}, or correct the outcome"))
    if kind.within and not within:
        problem = f"{measure} is for one group before and after, this comparison has two groups"
        found.append(("measure", problem, "write MD, SMD or ROM, or set before_after of the comparison"))
    return found
