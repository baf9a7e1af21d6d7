"""What can be chosen about a synthesis, and the presets that choose it all at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

# The columns that each measure is made of, as R metafor's escalc names them; yi and vi do for every measure.
_FOUR = ("ai", "n1i", "ci", "n2i")
_SIX = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
_PAIRED = ("m1i", "sd1i", "m2i", "sd2i", "ni", "ri")
COLUMNS: dict[str, tuple[str, ...]] = {
    "OR": _FOUR, "RR": _FOUR, "RD": _FOUR, "PETO": _FOUR,
    "MD": _SIX, "SMD": _SIX, "ROM": _SIX,
    "MC": _PAIRED, "SMCC": _PAIRED, "SMCR": _PAIRED,
    "IRR": ("x1i", "t1i", "x2i", "t2i"), "HR": ("hr", "ci_lower", "ci_upper"),
    "PLO": ("xi", "ni"), "PAS": ("xi", "ni"), "ZCOR": ("ri", "ni"), "GIV": (),
}  # fmt: skip
MEASURES = tuple(COLUMNS)
BINARY = ("OR", "RR", "RD", "PETO")
# Measures that are pooled as natural logarithms.
RATIOS = ("OR", "RR", "PETO", "ROM", "IRR", "HR")
METHODS = ("IV", "MH", "PETO", "GLMM")
MODELS = ("fixed", "random", "q_test")
TAU2 = ("DL", "PM", "REML", "ML", "SJ", "HE", "HS", "EB")
CI = ("wald", "hksj", "hksj_adhoc")
DEPENDENCE = ("refuse", "three_level", "robust")
# Measures whose counts have an exact likelihood here.
LIKELIHOODS = ("OR", "IRR", "PLO")
PREDICTION = ("none", "z", "t_kminus1", "t_kminus2")


@dataclass(frozen=True)
class Choice:
    """All that decides what comes out of the same data.

    `method`: inverse variance, Mantel-Haenszel, Peto, or a mixed model of counts (GLMM); with a random model the fixed
    method of Mantel-Haenszel gives Q (and, where `q_about_method`, tau2 by DL) and the random estimate has
    inverse-variance weights, RevMan's "M-H, Random".
    `level` and `interval_level` in percent: of the limits made, and of the limits that a hazard ratio is given with.
    `prediction`: distribution of the prediction interval. `i2_from_q`: I2 and H2 from Q in random models too.
    `correct_mh`: 0.5 in every cell of studies with a zero cell within the Mantel-Haenszel sums too. `rd_corrected`: the
    risk difference itself, not only its variance, from corrected cells. `rd_variance`: of the Mantel-Haenszel risk
    difference, greenland or sato. `smd`: hedges or revman. `dependence`: what is done with several effects of a study,
    and `rho` the correlation of their sampling errors.
    """

    method: str = "IV"
    model: str = "random"
    tau2: str = "REML"
    ci: str = "hksj"
    level: float = 95.0
    prediction: str = "t_kminus1"
    q_threshold: float = 0.1
    i2_from_q: bool = False
    q_about_method: bool = True
    correct_mh: bool = True
    rd_corrected: bool = False
    rd_variance: str = "greenland"
    smd: str = "revman"
    interval_level: float = 95.0
    dependence: str = "refuse"
    rho: float = 0.0


# RevMan 5: Deeks and Higgins 2010, Statistical algorithms in Review Manager 5. Cochrane since January 2025: REML,
# Hartung-Knapp, prediction interval, I2 from tau2, in RevMan's conventions for zero cells and the SMD. metafor: the
# defaults of its rma.uni, rma.mh and escalc(drop00 = TRUE).
PRESETS = {
    "revman5": Choice(tau2="DL", ci="wald", prediction="none", i2_from_q=True),
    "cochrane2025": Choice(),
    "metafor": Choice(
        ci="wald", prediction="z", q_about_method=False, correct_mh=False, rd_corrected=True, rd_variance="sato",
        smd="hedges",
    ),
}  # fmt: skip


def preset(name: str, measure: str) -> Choice:
    """A preset for a measure: RevMan 5 pools 2x2 tables by Mantel-Haenszel unless told otherwise, and Peto's odds ratio
    has a method of its own, which is a fixed one."""
    chosen = PRESETS[name]
    if measure == "PETO":
        return replace(chosen, method="PETO", model="fixed")
    return replace(chosen, method="MH") if name == "revman5" and measure in BINARY else chosen


def impossible(measure: str, choice: Choice) -> Iterator[tuple[str, str]]:
    """What of a choice cannot be done for a measure, each with the mend."""
    if choice.method == "MH" and measure not in ("OR", "RR", "RD"):
        yield f"Mantel-Haenszel pools odds ratios, risk ratios and risk differences, not {measure}", "choose IV"
    if choice.method == "PETO" and measure not in ("OR", "PETO"):
        yield f"Peto's method gives odds ratios, not {measure}", "choose the measure PETO, or the method IV"
    if choice.method == "PETO" and choice.model != "fixed":
        yield (
            f"Peto's method is a fixed one; it has no {choice.model} model",
            "choose the model fixed, or the method IV",
        )
    yield from _impossible_model(measure, choice)
    for level, what in ((choice.level, "the confidence level"), (choice.interval_level, "the level of the intervals")):
        if not 1 < level < 100:
            yield f"{what} is {level:g}", "give percent, such as 95"
    if not 0 < choice.q_threshold < 1:
        yield f"the threshold of the Q test's P is {choice.q_threshold:g}", "give a P between 0 and 1, such as 0.1"
    named = (
        ("method", METHODS), ("model", MODELS), ("tau2", TAU2), ("ci", CI), ("prediction", PREDICTION),
        ("dependence", DEPENDENCE),
        ("smd", ("hedges", "revman")), ("rd_variance", ("greenland", "sato")),
    )  # fmt: skip
    for name, values in named:
        if getattr(choice, name) not in values:
            yield f"{name} is {getattr(choice, name)}", f"choose one of {', '.join(values)}"


def _impossible_model(measure: str, choice: Choice) -> Iterator[tuple[str, str]]:
    if choice.method == "GLMM" and measure not in LIKELIHOODS:
        yield f"GLMM has likelihoods of {', '.join(LIKELIHOODS)}, not of {measure}", "choose the method IV"
    if choice.method == "GLMM" and choice.model == "q_test":
        yield "GLMM has no Q test to choose the model by", "choose the model fixed or random"
    if choice.dependence == "refuse":
        return
    if choice.method != "IV":
        yield f"{choice.dependence} weights by inverse variance, not by {choice.method}", "choose the method IV"
    if choice.model != "random":
        yield f"{choice.dependence} is a random-effects model, not {choice.model}", "choose the model random"
    if not 0 <= choice.rho < 1:
        yield f"the correlation of sampling errors is {choice.rho:g}", "give a number from 0 to below 1, such as 0.5"
