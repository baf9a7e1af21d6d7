"""Syntheses of any size for the figures: tables as the synthesis writes them, made from a formula and not from data.

Numbers only have to lie where real ones could; the pooled row is the inverse-variance mean of what is drawn.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import report_sample as sample
from reviewflow.report.review import Review

RATIOS = ("OR", "RR", "PETO", "ROM", "IRR", "HR")
COUNTS = ("OR", "RR", "RD", "PETO")
NAME = "plot"
LONG = "Very-Long-Name-of-an-Author, a second author and many others 20{:02d} (second cohort, <b>intention & treat</b>)"
_Z = 1.96
_SUBGROUP = {
    "k", "n", "estimate", "se", "ci_lower", "ci_upper", "p_value", "pi_lower", "pi_upper", "q", "df", "q_p", "i2", "tau2",
    "estimate_natural", "ci_lower_natural", "ci_upper_natural", "pi_lower_natural", "pi_upper_natural", "z", "note",
}  # fmt: skip


def made(
    k: int, measure: str = "OR", label: str = "Author {}", forest: str = "", subgroups: Sequence[str] = (),
    prediction: bool = False, spread: float = 0.6, sides: tuple[str, str] = ("MSC", "Control"), far: float | None = None,
    lost: str = "",
) -> Review:  # fmt: skip
    """A review with one analysis of `k` studies; `far` is the effect of the first one, and `lost` a
    subgroup whose name its studies do not state."""
    effects = [_effect(i, k, measure, label, subgroups, spread, far) for i in range(k)]
    pooled = {"analysis": NAME, **pool(effects, measure)}
    if prediction and k > 1:
        limits = {"pi_lower": pooled["estimate"] - 1.1, "pi_upper": pooled["estimate"] + 1.1}
        pooled |= limits | _natural(measure, limits)
        pooled |= {"prediction": "t_kminus1", "ci_method": "hksj", "ci_df": k - 1, "tau2_method": "REML"}
    total = sum(e["weight_fixed"] for e in effects)
    effects = [e | dict.fromkeys(("weight_fixed", "weight_random"), 100 * e["weight_fixed"] / total) for e in effects]
    tables = {name: table.iloc[:0] for name, table in sample.tables().items()}
    tables["config/analyses"] = pd.DataFrame([_analysis(measure, forest)])
    tables["config/outcomes"] = sample.tables()["config/outcomes"]
    tables["synthesis/effects"] = pd.DataFrame(effects)
    tables["synthesis/pooled"] = pd.DataFrame([pooled])
    tables |= _parts(effects, measure, [group for group in subgroups if group != lost])
    tables["synthesis/effects"] = tables["synthesis/effects"].replace({"subgroup": {lost: ""}} if lost else {})
    comparison = {"label": f"{sides[0]} versus {sides[1]}", "experimental": sides[0], "control": sides[1]}
    config = {**sample.CONFIG, "comparisons": {"msc_vs_control": comparison}}
    return Review(config, tables, {}, {})


def _analysis(measure: str, forest: str) -> dict[str, Any]:
    return {
        "analysis": NAME, "label": "Adverse events <all>", "section": "", "figure": "", "comparison": "msc_vs_control",
        "outcome": "adverse_events_printed", "timepoint": "6 months", "measure": measure, "note": "", "forest": forest,
    }  # fmt: skip


def _effect(
    i: int, k: int, measure: str, label: str, subgroups: Sequence[str], spread: float, far: float | None
) -> dict[str, Any]:
    yi = far if far is not None and i == 0 else -0.3 + spread * math.sin(2.4 * i)
    se = 0.12 + 0.5 * ((i * 7) % 11) / 11
    n_e, n_c = 40 + 3 * ((i * 5) % 17), 38 + 4 * ((i * 3) % 13)
    numbers = {"yi": yi, "ci_lower": yi - _Z * se, "ci_upper": yi + _Z * se}
    natural = _natural(measure, numbers)
    return numbers | {
        "analysis": NAME, "study_id": f"s{i:03d}", "contrast": "", "label": label.format(i), "measure": measure,
        "vi": se * se, "se": se, "effect_natural": natural["yi_natural"], "ci_lower_natural": natural["ci_lower_natural"],
        "ci_upper_natural": natural["ci_upper_natural"], "n_e": n_e, "n_c": n_c,
        "events_e": (i * 5) % 23 if measure in COUNTS else None, "events_c": (i * 7) % 29 if measure in COUNTS else None,
        "subgroup": subgroups[i % len(subgroups)] if subgroups else "", "imputed": False,
        "provenance": ("reported", "calibrated", "derived")[i % 3], "used": True, "note": "",
        "weight_fixed": 1 / (se * se), "weight_random": 1 / (se * se),
    }  # fmt: skip


def _natural(measure: str, numbers: dict[str, float]) -> dict[str, float]:
    return {f"{key}_natural": math.exp(v) if measure in RATIOS else v for key, v in numbers.items()}


def pool(effects: Sequence[dict[str, Any]], measure: str) -> dict[str, Any]:
    """A pooled row: the inverse-variance mean, Q as it is, and a between-study variance that is made up."""
    weights = [1 / e["vi"] for e in effects]
    middle = sum(w * e["yi"] for w, e in zip(weights, effects, strict=True)) / sum(weights)
    se = math.sqrt(1 / sum(weights))
    q = sum(w * (e["yi"] - middle) ** 2 for w, e in zip(weights, effects, strict=True))
    k = len(effects)
    numbers = {"estimate": middle, "ci_lower": middle - _Z * se, "ci_upper": middle + _Z * se}
    return numbers | _natural(measure, numbers) | {
        "measure": measure, "method": "IV", "model": "random", "model_rule": "random", "tau2_method": "DL",
        "ci_method": "wald", "level": 95.0, "k": k, "n": 90 * k, "se": se, "z": middle / se, "p_value": 0.0042,
        "pi_lower": math.nan, "pi_upper": math.nan, "pi_lower_natural": math.nan, "pi_upper_natural": math.nan, "q": q, "df": k - 1, "q_p": 0.0314, "i2": 42.0, "h2": 1.7,
        "i2_q": 45.0, "tau2": 0.213, "tau2_lower": math.nan, "tau2_upper": math.nan, "provenance": "reported", "note": "",
    }  # fmt: skip


def _parts(effects: Sequence[dict[str, Any]], measure: str, subgroups: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The tables of subgroups, of leaving each study out and of adding one after the other, influence and asymmetry."""
    lines = [
        {"analysis": NAME, "subgroup": group} | {n: v for n, v in pool(found, measure).items() if n in _SUBGROUP}
        for group in subgroups
        if (found := [e for e in effects if e["subgroup"] == group])
    ]
    test = {
        "analysis": NAME,
        "subgroup": "region",
        "tau2": "own",
        "groups": len(lines),
        "q": 3.21,
        "df": len(lines) - 1,
    }
    own = [{"analysis": NAME, "study_id": e["study_id"], "label": e["label"]} for e in effects]
    several = len(effects) > 2
    out = [one | pool([e for e in effects if e["study_id"] != one["study_id"]], measure) for one in own if several]
    so_far = [
        {**own[i], "position": i + 1, "order_by": str(1990 + i), **pool(effects[: i + 1], measure)}
        for i in range(len(effects)) if len(effects) > 1
    ]  # fmt: skip
    influence = [
        one | {"baujat_x": (i * 37 % 19) ** 2 / 40, "baujat_y": (i * 23 % 17) ** 3 / 900, "influential": i == 0}
        for i, one in enumerate(own)
    ]
    found = {"leave_one_out": out, "cumulative": so_far, "influence": influence}
    if lines:
        found |= {"subgroups": lines, "subgroup_tests": [test | {"p_value": 0.2, "i2": 37.7}]}
    return {f"synthesis/{name}": pd.DataFrame(rows) for name, rows in found.items() if rows}
