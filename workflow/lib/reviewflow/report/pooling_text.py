"""How the analyses are pooled, in words: measure, model, between-study variance, intervals, rule for zero cells."""

from collections.abc import Iterable

from reviewflow.page import wording
from reviewflow.tables import split_list

from .forest_text import TAU2
from .review import Line, Review

_HANDBOOK = (
    "The Cochrane Handbook (section 10.10.4.1) advises against choosing between the models by a test of heterogeneity: "
    "the test has little power where studies are few, and the two models answer different questions. The rule is used "
    "here where config/analyses.csv names it."
)
_CI = {
    "t": "of three-level models take t on studies \u2212 1 degrees of freedom",
    "cr2": "of robust variance are those of CR2 with Satterthwaite's degrees of freedom",
    "wald": "use the normal distribution (Wald)",
    "hksj": "of random-effects models are those of Hartung, Knapp, Sidik and Jonkman",
    "hksj_adhoc": "of random-effects models are those of Hartung, Knapp, Sidik and Jonkman, never narrower than Wald's",
}
_PREDICTION = {
    "none": "none", "z": "from the normal distribution", "t_kminus1": "from t on k \u2212 1 degrees of freedom",
    "t_kminus2": "from t on k \u2212 2 degrees of freedom",
}  # fmt: skip
_WEIGHTS = {"IV": "inverse variance", "MH": "Mantel-Haenszel", "PETO": "Peto's method", "GLMM": ""}
_LIKELIHOOD = (
    "a generalised linear mixed model with the exact likelihood of the counts is used: given their sum those of an "
    "odds ratio are noncentral hypergeometric and those of a rate ratio binomial, as those of a proportion are; no "
    "zero is corrected, and a study without any event stays in"
)
_GLMM = {"random": _LIKELIHOOD, "fixed": f"{_LIKELIHOOD}; its effect is a common one"}
_DEPENDENT = {
    "three_level": "a three-level model, effects within studies, with both variances by restricted maximum likelihood",
    "robust": "such a model as a working one and the robust variance CR2",
}
_COUNTED = {"OR", "RR", "RD"}
_I2_Q = "I\u00b2 = max(0, (Q \u2212 df)/Q)"
_I2TAU2 = "I\u00b2 (from \u03c4\u00b2 and the typical sampling variance in random-effects models, else from Q)"
_ZEROS = "A study with an empty cell in its 2\u00d72 table has 0.5 added to each of the four"


def synthesis(review: Review) -> list[str]:
    """Paragraphs on the synthesis (PRISMA item 13)."""
    analyses = review.analyses
    if not analyses:
        return ["No analysis is specified."]
    texts = [
        f"The analyses listed in config/analyses.csv number {len(analyses)}; each pools the studies that report its "
        "outcome at its timepoint. An analysis with one study is shown and not pooled. Values and their "
        "transformations are traced, study by study, below each analysis.",
        *_models(review),
        _dependent(review),
        _variance(review),
        _zeros(review),
        _tried(review),
    ]
    left_out = [_left_out(review, line) for line in analyses if split_list(line["exclude_studies"])]
    return [text for text in [*texts, *left_out] if text]


def _models(review: Review) -> list[str]:
    rules: dict[tuple[str, str], list[str]] = {}
    for line in review.analyses:
        rules.setdefault((line["model"], line["method"]), []).append(line["measure"])
    threshold = review.setting("synthesis", "q_test_threshold", 0.1)
    texts = []
    for (model, method), measures in sorted(rules.items()):
        if method == "GLMM":
            named = wording.listed(dict.fromkeys(measures))
            counted = wording.several(len(measures), "analysis", "analyses")
            texts.append(f"In {counted} ({named}), {_GLMM[model]}.")
            continue
        weights = f"the fixed-effect model weights by {_WEIGHTS[method]}"
        rule = {
            "fixed": f"the fixed-effect model is used; {weights}",
            "random": "the random-effects model is used",
            "q_test": f"the random-effects model is used where the P of the Q test is below {threshold:g}, "
            f"otherwise the fixed-effect model; {weights}",
        }[model]
        named = wording.listed(dict.fromkeys(measures))
        texts.append(f"In {wording.several(len(measures), 'analysis', 'analyses')} ({named}), {rule}.")
    return [*texts, _HANDBOOK] if any(model == "q_test" for model, _ in rules) else texts


def _dependent(review: Review) -> str:
    """What is done where a study has several effects, and which of them were."""
    texts = []
    for name, said in _DEPENDENT.items():
        asked = [line for line in review.analyses if line.get("dependence") == name]
        rows = [review.pooled.get(line["analysis"], {}) for line in asked]
        rho = sorted({f"{row['rho']:g}" for row in rows if wording.known(row.get("rho"))})
        if asked:
            counted = wording.several(len(asked), "analysis", "analyses")
            taken = f", the correlation of a study's sampling errors taken as {wording.listed(rho)}" if rho else ""
            texts.append(f"Where studies have several effects, {counted} are pooled by {said}{taken}.")
    return " ".join(texts)


def _chosen(review: Review, column: str, said: dict[str, str]) -> list[str]:
    """What the analyses use, in words and sorted; of an analysis without a row yet, what analyses.csv says."""
    lines: Iterable[Line] = (review.pooled.get(line["analysis"], line) for line in review.analyses)
    return [said.get(name, name) for name in sorted({line.get(column) or "" for line in lines} - {""})]


def _variance(review: Review) -> str:
    level = f"{review.setting('synthesis', 'level', 95):g}%"
    tau2, ci = _chosen(review, "tau2_method", TAU2), _chosen(review, "ci_method", _CI)
    i2 = _I2_Q if review.setting("synthesis", "preset", "revman5") == "revman5" else _I2TAU2
    texts = [
        f"The between-study variance is estimated by the method of {wording.listed(tau2)}" if tau2 else "",
        f"confidence intervals at {level} {wording.listed(ci)}" if ci else "",
    ]
    text = f"{'; '.join(filter(None, texts))}. Heterogeneity is described by Cochran's Q with its P, by {i2}, and by "
    text += "\u03c4\u00b2, whose confidence limits are those of the Q-profile method."
    predicted = [said for said in _chosen(review, "prediction", _PREDICTION) if said != "none"]
    if predicted:
        text += f" Prediction intervals of random-effects models are {wording.listed(predicted)}."
    return text


def _zeros(review: Review) -> str:
    """The rule for studies with empty cells, where an analysis counts events."""
    if not _COUNTED & {line["measure"] for line in review.analyses if line["method"] != "GLMM"}:
        return ""
    metafor = review.setting("synthesis", "preset", "revman5") == "metafor"
    if metafor:
        return f"{_ZEROS}, though not within the sums of Mantel-Haenszel; one without events on both sides is left out."
    return (
        f"{_ZEROS}, within the sums of Mantel-Haenszel too, as in Review Manager; of a risk difference it enters the "
        "variance alone. For ratios, a study without events on both sides is left out. Studies to which 0.5 was added "
        "are noted."
    )


def _tried(review: Review) -> str:
    """Which further analyses config/ asks for."""
    named = [declared["label"] for declared in review.setting("synthesis", "sensitivity", [])]
    subgroups = sorted({line.get("subgroup") or "" for line in review.analyses} - {""})
    moderators = sorted({name for line in review.analyses for name in split_list(line.get("moderators") or "")})
    texts = [
        f"Sensitivity analyses: {wording.listed(named)}." if named else "",
        f"Subgroups are compared by {wording.listed(map(wording.human, subgroups)).lower()}." if subgroups else "",
        f"Moderators of meta-regressions are {wording.listed(map(wording.human, moderators)).lower()}, tested by "
        f"{review.setting('synthesis', 'permutations', 0)} permutations too."
        if moderators
        else "",
    ]
    return " ".join(filter(None, texts))


def _left_out(review: Review, analysis: Line) -> str:
    studies = wording.listed(map(review.study, split_list(analysis["exclude_studies"])))
    return f"{review.name_of(analysis)} leaves out {studies}. {wording.sentence(analysis['note'])}".strip()


def small_studies(review: Review) -> str:
    """What is done about reporting bias."""
    least = review.setting("synthesis", "small_study_k", 10)
    if any(line["made"] for line in review.lines("synthesis/asymmetry")):
        return f"Small-study effects are tested in analyses of {least} or more studies."
    return f"Small-study effects are not tested: no analysis has {least} or more studies."
