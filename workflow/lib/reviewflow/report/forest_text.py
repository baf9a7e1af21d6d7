"""What a forest plot says in words, as its layout words it."""

from collections.abc import Mapping, Sequence

from reviewflow.page import wording
from reviewflow.protocol import RATIOS

from .axis import power_label
from .forest_layouts import LAYOUTS, Layout
from .review import Line, Review

METHODS = {"IV": "IV", "MH": "M-H", "PETO": "Peto", "GLMM": "GLMM"}
_REVMAN = LAYOUTS["revman"]
# How each estimator of tau2 is called in a sentence.
TAU2 = {
    "DL": "DerSimonian and Laird", "PM": "Paule and Mandel", "REML": "restricted maximum likelihood",
    "ML": "maximum likelihood", "SJ": "Sidik and Jonkman", "HE": "Hedges", "HS": "Hunter and Schmidt",
    "EB": "empirical Bayes",
}  # fmt: skip
_CI = {
    "wald": "Wald", "hksj": "Hartung, Knapp, Sidik and Jonkman",
    "hksj_adhoc": "Hartung, Knapp, Sidik and Jonkman, never narrower than Wald's",
    "t": "t on studies - 1 degrees of freedom", "cr2": "the robust variance CR2",
}  # fmt: skip
_PREDICTION = {
    "z": "the normal distribution", "t_kminus1": "t with k - 1 degrees of freedom",
    "t_kminus2": "t with k - 2 degrees of freedom",
}  # fmt: skip
Values = tuple[object, object, object]


def favours(review: Review, analysis: Line, layout: Layout = _REVMAN) -> tuple[str, str]:
    """The labels left and right of no effect."""
    sides = review.comparison(analysis["comparison"])
    labels = (f"{layout.favours} {sides['experimental']}", f"{layout.favours} {sides['control']}")
    lower = review.outcomes.get(analysis["outcome"], {}).get("lower_is_better", True)
    return labels if lower else (labels[1], labels[0])


def digits_of(pooled: Line) -> int:
    """Decimals of an analysis."""
    low, high = pooled.get("ci_lower_natural"), pooled.get("ci_upper_natural")
    return wording.decimals(high - low) if wording.known(low) and wording.known(high) else 2  # type: ignore[operator]


def estimate(values: Values, digits: int, layout: Layout, measure: str = "") -> str:
    """A value with its interval: `0.26 [0.07, 0.89]`, in JAMA `0.26 (0.07-0.89)`."""
    if not wording.known(values[0]):
        return "Not estimable"
    middle = _number(values[0], digits, measure)
    return f"{middle} {interval(values[1], values[2], digits, layout, measure)}"


def interval(low: object, high: object, digits: int, layout: Layout, measure: str = "") -> str:
    """An interval in the layout's brackets; JAMA's dash gives way to a word where a minus sign is near."""
    lower, upper = (_number(value, digits, measure) for value in (low, high))
    if layout.name != "jama":
        return f"[{lower}, {upper}]"
    return f"({lower} to {upper})" if "-" in lower + upper else f"({lower}-{upper})"


def _number(value: object, digits: int, measure: str) -> str:
    if wording.known(value) and abs(float(value)) >= 1e7:  # type: ignore[arg-type]
        return power_label(float(value))  # type: ignore[arg-type]
    text = wording.number(value, digits)
    # A ratio is never nought.
    return f"<0.{'1'.zfill(digits)}" if measure in RATIOS and text == f"{0:.{digits}f}" else text


def model_of(pooled: Line) -> str:
    """Weights and model, such as `IV, Random`."""
    method = METHODS.get(pooled.get("method", ""), "")
    return ", ".join(filter(None, (method, str(pooled.get("model") or "").capitalize())))


def weight_of(effect: Line, pooled: Line) -> object:
    """A study's weight in the model that was used."""
    return effect["weight_random" if pooled.get("model") == "random" else "weight_fixed"]


def p_phrase(p: object, layout: Layout) -> str:
    """P with its relation; in JAMA without the zero before the point, three digits up to .01 and two above."""
    if layout.name != "jama" or not wording.known(p):
        return wording.p_phrase(p)
    value = float(p)  # type: ignore[arg-type]
    if value < 0.001:
        return "P < .001"
    if value > 0.99:
        return "P > .99"
    return f"P = {f'{value:.{3 if value <= 0.01 else 2}f}'.lstrip('0')}"


def heterogeneity(pooled: Line, layout: Layout = _REVMAN) -> str:
    """The line on heterogeneity; it names the between-study variance where the model uses it."""
    if pooled["k"] < 2:
        return "Heterogeneity: not applicable (one study)"
    greek = layout.name != "revman"
    tau, chi = ("τ²", "χ²") if greek else ("Tau²", "Chi²")
    tau2 = f"{tau} = {_variance(pooled['tau2'])}{_tau2_limits(pooled)}; " if pooled.get("model") == "random" else ""
    if pooled.get("method") == "GLMM":
        return f"Heterogeneity: {tau2.removesuffix('; ')}" if tau2 else "Heterogeneity: none in the model"
    return (
        f"Heterogeneity: {tau2}{chi} = {wording.number(pooled['q'])}, df = {wording.integer(pooled['df'])} "
        f"({p_phrase(pooled['q_p'], layout)}); I² = {_percent(pooled['i2'])}"
    )


def _tau2_limits(pooled: Line) -> str:
    low, high = pooled.get("tau2_lower"), pooled.get("tau2_upper")
    if not (wording.known(low) and wording.known(high)):
        return ""
    return f" ({pooled.get('level', 95):g}% CI {_variance(low)} to {_variance(high)})"


def _percent(value: object) -> str:
    return f"{wording.number(value, 0)}%" if wording.known(value) else "not estimable"


def _variance(value: object) -> str:
    """A variance: two decimals, or two significant digits where those would show nothing."""
    if wording.known(value) and (0 < float(value) < 0.1 or float(value) >= 1e5):  # type: ignore[arg-type]
        return f"{float(value):.2g}"  # type: ignore[arg-type]
    return wording.number(value)


def overall(pooled: Line, layout: Layout = _REVMAN) -> str:
    """The line on the overall effect: Z, or T with its degrees of freedom, without its sign."""
    if "z" not in pooled:
        return f"Test for overall effect: {p_phrase(pooled['p_value'], layout)}"
    z = wording.number(pooled["z"]).lstrip("-") or "not estimable"
    df = pooled.get("ci_df")
    test = f"T = {z}, df = {float(df):g}" if wording.known(df) else f"Z = {z}"  # type: ignore[arg-type]
    return f"Test for overall effect: {test} ({p_phrase(pooled['p_value'], layout)})"


def between(test: Line, pooled: Line, layout: Layout) -> str:
    """The line on the test for subgroup differences: Q, or F where Hartung and Knapp's interval shares one tau2."""
    chi = "Chi²" if layout.name == "revman" else "χ²"
    if test["tau2"] == "common" and str(pooled.get("ci_method")).startswith("hksj"):
        chi = "F"
    i2 = f", I² = {_percent(test['i2'])}" if wording.known(test.get("i2")) else ""
    return (
        f"Test for subgroup differences: {chi} = {wording.number(test['q'])}, df = {wording.integer(test['df'])} "
        f"({p_phrase(test['p_value'], layout)}){i2}"
    )


def methods(pooled: Line) -> str:
    """How the estimate and its intervals were made, in a sentence; blank where nothing was pooled."""
    if not pooled or pooled["k"] < 2 or not wording.known(pooled["estimate"]):
        return ""
    told = [f"confidence interval of the estimate by {_CI.get(pooled['ci_method'], pooled['ci_method'])}"]
    if pooled.get("model") != "random":
        told = ["confidence interval of the estimate by Wald"]
    else:
        tau2 = f"between-study variance (Tau²) by {TAU2.get(pooled['tau2_method'], pooled['tau2_method'])}"
        limits = ", its interval by the Q profile" if wording.known(pooled.get("tau2_lower")) else ""
        told.insert(0, tau2 + limits)
    if wording.known(pooled["i2"]):
        told.append(f"I² from {_i2_from(pooled)}")
    if wording.known(pooled["pi_lower"]):
        spread = _PREDICTION.get(str(pooled.get("prediction", "")), "")
        told.append(f"prediction interval by {spread}" if spread else "prediction interval of a new study's effect")
    return wording.sentence("; ".join(told))


def _i2_from(pooled: Line) -> str:
    """By the method of moments I² is the same from Q and from Tau²; elsewhere the table has both where they differ."""
    apart = wording.known(pooled.get("i2_q")) and abs(pooled["i2_q"] - pooled["i2"]) > 1e-9
    apart = apart or wording.known(pooled.get("rho"))
    return "Tau²" if pooled.get("model") == "random" and apart else "Q"


def effect_head(review: Review, analyses: Sequence[Line]) -> tuple[str, str]:
    """The two lines above effects and plot: measure; model and level."""
    models = {model_of(review.pooled.get(line["analysis"], {})) for line in analyses}
    level = f"{review.setting('synthesis', 'level', 95):g}% CI"
    measure = wording.listed(dict.fromkeys(wording.measure(line["measure"]) for line in analyses))
    return measure, ", ".join(filter(None, (*(models if len(models) == 1 else ()), level)))


def spoken(review: Review, analysis: Line) -> str:
    """An analysis in a sentence, for those who do not see its plot."""
    pooled = review.pooled.get(analysis["analysis"], {})
    if not pooled or not wording.known(pooled["estimate_natural"]):
        return f"{analysis['label']}: nothing to pool."
    natural = (pooled["estimate_natural"], pooled["ci_lower_natural"], pooled["ci_upper_natural"])
    return (
        f"{analysis['label']}: {wording.several(pooled['k'], 'study', 'studies')}, "
        f"{wording.measure(pooled['measure']).lower()} "
        f"{wording.typographic(wording.estimate(natural, digits_of(pooled)))}, {wording.p_phrase(pooled['p_value'])}."
    )


def marks(review: Review, analyses: Sequence[Line]) -> tuple[str, ...]:
    """What the marks beside the studies mean."""
    found = {e["provenance"] for a in analyses for e in review.effects.get(a["analysis"], [])}
    return tuple(
        f"{mark} {name}: {meaning}" for name, (mark, meaning) in wording.PROVENANCE.items() if mark and name in found
    )


def marked(review: Review, analysis: Line) -> dict[str, str]:
    """The mark of each study of an analysis, where it has one."""
    effects = review.effects.get(analysis["analysis"], [])
    found = {effect["study_id"]: wording.PROVENANCE.get(effect["provenance"], ("", ""))[0] for effect in effects}
    return {study: mark for study, mark in found.items() if mark}


def named(line: Line, found: Mapping[str, str]) -> str:
    """The label of a study with its mark."""
    return f"{line['label'] or line['study_id']} {found.get(line['study_id'], '')}".rstrip()


def feet(review: Review, analyses: Sequence[Line]) -> tuple[str, ...]:
    """How the numbers were made, and what the marks beside the studies mean."""
    made = dict.fromkeys(methods(review.pooled.get(a["analysis"], {})) for a in analyses)
    return (*filter(None, made), *marks(review, analyses))
