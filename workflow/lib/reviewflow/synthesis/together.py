"""Analyses in which a study gives several effects that are pooled together."""

from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, natural
from reviewflow.tables import join_list, split_list

from .entries import Entry, Sources

Row = dict[str, Any]
_UNMADE = "not made: several effects of one study are pooled together, and this takes effects for independent"
# What an analysis of independent effects has, and these models have not.
_NONE = ("pi_lower", "pi_upper", "q", "df", "q_p", "h2", "i2_q", "h2_q", "tau2_lower", "tau2_upper", "q_about")
_NATURAL = ("estimate", "ci_lower", "ci_upper")


def pooled(entry: Entry, plain: Analysis, sources: Sources) -> Analysis:
    """The three-level model or the robust variance in place of `plain`, which takes the effects for independent. Its
    weights are blank, because effects of one study have none of their own."""
    from reviewflow.pooling import dependent

    found, studies = entry.job().studies, [str(study) for study in entry.values("study_id")]
    blank = np.full(len(found.y), np.nan)
    row: Row = dict(plain.row) | dict.fromkeys([*_NONE, "estimate", "se", "tau2", "i2", "z", "ci_df", "p_value"])
    row |= dict.fromkeys(["ci_lower", "ci_upper", *(f"{name}_natural" for name in _NATURAL)])
    choice, rho = entry.choice, sources.synthesis["effects_correlation"]
    try:
        if entry.analysis["dependence"] == "robust":
            made = dependent.robust(found.y, found.v, studies, choice.level, rho)
            said = f"CR2 robust variance, working correlation {rho:g} of the effects of one study"
        else:
            made = dependent.three_level(found.y, found.v, studies, choice.ci, choice.level)
            said = "three-level model by REML"
    except ValueError as error:
        return Analysis(row | {"model": None, "note": f"not pooled: {error}"}, blank, blank)
    parts = f"tau2 between studies {made.parts.between:.4g}, within {made.parts.within:.4g}"
    row |= {name: getattr(made, name) for name in ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2", "i2")}
    row |= {"z": made.statistic, "ci_df": made.df if np.isfinite(made.df) else None, "model": "random"}
    row |= {f"{name}_natural": float(natural(entry.measure, row[name])) for name in _NATURAL}
    return Analysis(row | {"note": join_list([said, parts])}, blank, blank)


def unmade(entry: Entry, sources: Sources) -> dict[str, list[Row]]:
    """Rows that say why what is tried beside other analyses is not made here."""
    head: Row = {"analysis": entry.name}
    names = [d for d in sources.synthesis["sensitivity"] if entry.name in d.get("only", [entry.name])]
    said: dict[str, list[Row]] = {
        "sensitivity": [
            head
            | {"sensitivity": d["name"], "variant": "", "label": d["label"], "changed": "", "k": 0, "note": _UNMADE}
            for d in names
        ],
        "asymmetry": [
            head | {"test": test, "k": entry.k, "made": False, "reason": _UNMADE}
            for test in ("egger", "begg", "trim_and_fill")
        ],
    }
    if entry.analysis.get("subgroup"):
        said["subgroup_tests"] = [head | {"subgroup": entry.analysis["subgroup"], "groups": 0, "note": _UNMADE}]
    moderators = split_list(entry.analysis.get("moderators") or "")
    if moderators:
        said["regression_fit"] = [head | {"moderators": join_list(moderators), "k": entry.k, "note": _UNMADE}]
    return said
