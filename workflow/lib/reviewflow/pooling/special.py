"""Analyses that take more than an effect and a variance a study: several effects of one study (three-level model or
robust variance), and rare events by the exact likelihood of their counts."""

from typing import Any

import numpy as np
from scipy.special import chdtrc

from . import dependent, rare
from .batch import Array, Mask
from .choice import Choice
from .model import quantile
from .row import Analysis, head, on_natural
from .studies import Studies, whole_counts

# Degrees of freedom of CR2 below which its interval is not to be trusted (Tipton 2015, Psychol Methods 20:375).
_ENOUGH = 4
_NONE = "k = 0: no study has a usable effect"
_ONE = "k = 1: the result of a single study, nothing is pooled"
_ALONE = "k = 1: several effects of a single study, of which no model makes one; combine its arms"
_PARTS = (
    "no estimate: counts that are not whole numbers have no likelihood; combine arms instead of splitting, or use IV"
)
_ONE_SIDE = "no estimate: all events are on one side, so that the likelihood has no maximum"
_NO_EVENTS = "no estimate: no study has an event"


def is_special(choice: Choice) -> bool:
    """Whether `analyse` here makes the analysis."""
    return choice.method == "GLMM" or choice.dependence != "refuse"


def analyse(measure: str, found: Studies, choice: Choice) -> Analysis:
    """One analysis. `found` names the study of each effect where effects are dependent, and has counts for a GLMM."""
    used = found.there
    made = _rare if choice.method == "GLMM" else _dependent
    row = made(measure, found, used, choice) if used.any() else head(measure, choice, 0) | {"note": _NONE}
    weights = row.pop("weights", {})
    both = []
    for name in ("fixed", "random"):
        shares = np.full(len(used), np.nan)
        if name in weights:
            shares[used] = weights[name]
        both.append(shares)
    return Analysis(row | on_natural(measure, row), both[0], both[1])


def _dependent(measure: str, found: Studies, used: Mask, choice: Choice) -> dict[str, Any]:
    if found.study is None:
        raise ValueError("dependent effects need the study of each effect")
    y, v, study = found.y[used], found.v[used], [str(name) for name in found.study[used]]
    k = len(set(study))
    row = head(measure, choice, k) | {"k_effects": len(y), "model": "random", "tau2_method": "REML", "rho": choice.rho}
    row["ci_method"] = _interval_name(choice)
    if k == 1:
        single = {} if len(y) > 1 else _single(float(y[0]), float(v[0]), choice)
        return row | single | {"model": "fixed", "rho": None, "note": _ALONE if len(y) > 1 else _ONE}
    if choice.dependence == "robust":
        made = dependent.robust(y, v, study, choice.level, choice.rho)
    else:
        made = dependent.three_level(y, v, study, choice.ci, choice.level, choice.rho)
    row |= {name: getattr(made, name) for name in ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2", "i2")}
    row |= {"z": made.statistic, "ci_df": made.df if np.isfinite(made.df) else None}
    row |= {"tau2_between": made.parts.between, "tau2_within": made.parts.within}
    fixed, mixed, q = dependent.shares(y, v, study, choice.rho, made.parts)
    row |= {"q": q, "df": len(y) - 1, "q_p": float(chdtrc(len(y) - 1, q)), "q_about": "iv"}
    return row | _predicted(row, k, choice) | {"note": _said(row, choice), "weights": {"fixed": fixed, "random": mixed}}


def _interval_name(choice: Choice) -> str:
    if choice.dependence == "robust":
        return "cr2"
    return "wald" if choice.ci == "wald" else "t"


def _said(row: dict[str, Any], choice: Choice) -> str:
    name = "three-level model" if choice.dependence == "three_level" else "robust variance (CR2)"
    texts = [f"{name}: {row['k_effects']} effects of {row['k']} studies, correlation of sampling errors {choice.rho:g}"]
    if choice.dependence == "robust" and row["ci_df"] < _ENOUGH:
        texts.append(
            f"CR2 has {row['ci_df']:.2g} degrees of freedom; its interval is not to be trusted below {_ENOUGH}"
        )
    return "; ".join(texts)


def _predicted(row: dict[str, Any], k: int, choice: Choice) -> dict[str, Any]:
    """estimate +- quantile * sqrt(se^2 + tau2), tau2 being that between studies and that within together; t counts
    studies (Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137)."""
    less = {"none": k, "z": None, "t_kminus1": 1, "t_kminus2": 2}[choice.prediction]
    df = np.inf if less is None else float(k - less)
    if df < 1:
        return {}
    half = float(quantile(np.array([df]), choice.level)[0] * np.sqrt(row["se"] ** 2 + row["tau2"]))
    return {"pi_lower": row["estimate"] - half, "pi_upper": row["estimate"] + half}


def _single(y: float, v: float, choice: Choice) -> dict[str, Any]:
    """The effect of a study that stands alone, with Wald's interval."""
    se = float(np.sqrt(v))
    half = float(quantile(np.array([np.inf]), choice.level)[0]) * se
    p = float(chdtrc(1, y**2 / v))
    return {"estimate": y, "se": se, "ci_lower": y - half, "ci_upper": y + half, "z": y / se, "p_value": p}


def _rare(measure: str, found: Studies, used: Mask, choice: Choice) -> dict[str, Any]:
    """A generalised linear mixed model. There are no weights, and no Q: the likelihood has no effects of studies."""
    counts = found.counts
    if counts is None:
        raise ValueError("a GLMM needs counts")
    kept = [column[used] for column in counts]
    k = len(kept[0])
    model = choice.model if k > 1 else "fixed"
    row = head(measure, choice, k) | {"model": model, "ci_method": "wald", "tau2_method": "ML"}
    if not all(np.array_equal(column, np.round(column)) for column in whole_counts(measure, kept)):
        return row | {"note": _PARTS}
    try:
        made = rare.fit(_likelihood(measure, kept), k, model, choice.level)
    except ValueError:
        return row | {"note": _ONE_SIDE if any(kept[i].any() for i in (0, 2)[: len(kept) // 2]) else _NO_EVENTS}
    row |= {name: getattr(made, name) for name in ("estimate", "se", "ci_lower", "ci_upper", "p_value")}
    row |= {"z": made.statistic}
    if k == 1:
        return row | {"note": _ONE}
    if model == "random":
        row |= {"tau2": made.tau2, "lr": made.ratio, "lr_p": made.ratio_p} | _predicted(
            row | {"tau2": made.tau2}, k, choice
        )
    return row | {"note": _rare_note(measure, kept, row)}


def _likelihood(measure: str, counts: list[Array]) -> rare.Likelihood:
    if measure == "PLO":
        return rare.proportion(counts[0], counts[1])
    return (rare.odds_ratio if measure == "OR" else rare.rate_ratio)(rare.Counts(*counts))


def _rare_note(measure: str, counts: list[Array], row: dict[str, Any]) -> str:
    texts = ["exact likelihood of the counts, no zero corrected"]
    silent = 0 if measure == "PLO" else int(((counts[0] + counts[2]) == 0).sum())
    if silent:
        texts.append(f"{silent} of {row['k']} studies have no event on either side and say nothing of the ratio")
    if row["lr_p"] is not None:
        texts.append(f"likelihood ratio test of tau2: P {row['lr_p']:.2g}")
    return "; ".join(texts)
