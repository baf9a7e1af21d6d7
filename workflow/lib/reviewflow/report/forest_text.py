"""What a forest plot says in words, as RevMan words it."""

from collections.abc import Sequence

from reviewflow.page import wording

from .review import Line, Review

METHODS = {"IV": "IV", "MH": "M-H"}


def favours(review: Review, analysis: Line) -> tuple[str, str]:
    """The labels left and right of no effect."""
    sides = review.comparison(analysis["comparison"])
    labels = (f"Favours {sides['experimental']}", f"Favours {sides['control']}")
    lower = review.outcomes.get(analysis["outcome"], {}).get("lower_is_better", True)
    return labels if lower else (labels[1], labels[0])


def digits_of(pooled: Line) -> int:
    """Decimals of an analysis."""
    low, high = pooled.get("ci_lower_natural"), pooled.get("ci_upper_natural")
    return wording.decimals(high - low) if wording.known(low) and wording.known(high) else 2  # type: ignore[operator]


def model_of(pooled: Line) -> str:
    """Weights and model, such as `IV, Random`."""
    method = METHODS.get(pooled.get("method", ""), "")
    return ", ".join(filter(None, (method, str(pooled.get("model") or "").capitalize())))


def weight_of(effect: Line, pooled: Line) -> object:
    """A study's weight in the model that was used."""
    return effect["weight_random" if pooled.get("model") == "random" else "weight_fixed"]


def heterogeneity(pooled: Line) -> str:
    """RevMan's line on heterogeneity; it names the between-study variance where the model uses it."""
    if pooled["k"] < 2:
        return "Heterogeneity: not applicable (one study)"
    tau2 = f"Tau² = {_variance(pooled['tau2'])}; " if pooled["model"] == "random" else ""
    return (
        f"Heterogeneity: {tau2}Chi² = {wording.number(pooled['q'])}, df = {wording.integer(pooled['df'])} "
        f"({wording.p_phrase(pooled['q_p'])}); I² = {wording.number(pooled['i2'], 0)}%"
    )


def _variance(value: object) -> str:
    """A variance: two decimals, or two significant digits where those would show nothing."""
    if wording.known(value) and 0 < float(value) < 0.1:  # type: ignore[arg-type]
        return f"{float(value):.2g}"  # type: ignore[arg-type]
    return wording.number(value)


def overall(pooled: Line) -> str:
    """RevMan's line on the overall effect, Z without its sign."""
    z = wording.number(pooled["z"]).lstrip("-") or "not estimable"
    return f"Test for overall effect: Z = {z} ({wording.p_phrase(pooled['p_value'])})"


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


def feet(review: Review, analyses: Sequence[Line]) -> tuple[str, ...]:
    """What the marks beside the studies mean."""
    found = {e["provenance"] for a in analyses for e in review.effects.get(a["analysis"], [])}
    return tuple(
        f"{mark} {name}: {meaning}" for name, (mark, meaning) in wording.PROVENANCE.items() if mark and name in found
    )
