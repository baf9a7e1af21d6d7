"""The analyses in the three files of Cochrane's data package, in the form of RevMan since September 2024.

The columns that R's `meta::read.cdir` reads are those that its source names, and the others those of version 1 in
Cochrane's RevMan Knowledge Base ("Data package specification"), with the ones of version 2 as programs that read it
list them; Cochrane's own page of version 2 could not be had.

Study data are those of the arms where an effect comes from arms, else the effect with its standard error ("GIV"). GIV
Mean and GIV SE are on the analysis scale there, Mean and the limits on the scale of the forest plot.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import rows_of

from .rows import Row, blank, by_analysis, csv_text

DATA_ROWS = (
    "Analysis group", "Analysis number", "Analysis name", "Subgroup", "Applicability", "Study", "Study year",
    "GIV Mean", "GIV SE", "Experimental mean", "Experimental SD", "Experimental cases", "Experimental N",
    "Control mean", "Control SD", "Control cases", "Control N", "O-E", "Variance", "Weight", "Mean", "CI start",
    "CI end", "Footnotes",
)  # fmt: skip
_TOTALS = ("Experimental cases", "Experimental N", "Control cases", "Control N")
_HETEROGENEITY = (
    "Heterogeneity Tau²", "Tau² CI start", "Tau² CI end", "Heterogeneity Chi²", "Heterogeneity df", "Heterogeneity P",
    "Heterogeneity I²", "Effect Z", "Effect T", "Effect P",
)  # fmt: skip
SUBGROUPS = (
    "Analysis group", "Analysis number", "Subgroup", "Subgroup number", *_TOTALS, "Weight", "Mean", "CI start",
    "CI end", *_HETEROGENEITY, "ID",
)  # fmt: skip
OVERALL = (
    "Analysis group", "Analysis number", "Analysis name", "Analysis group name", "Data source",
    "Data source eligibility", "Data type", "Log-scale data", "Outcome", "Intervention grouping",
    "Experimental intervention", "Control intervention", "Subgroup by", "Filter criteria", "Experimental group label",
    "Control group label", "Statistical method", "Effect measure", "Unit of effect measure", "Analysis model",
    "Heterogeneity estimator", "Tau² CI", "Subgroup estimates", "Overall estimates", "Test for subgroup differences",
    "Prediction interval", "Swap event and non-event", "CI method", "CI/PI level", "Sort by", "Graph label (left)",
    "Graph label (right)", "Graph scale", "Show risk of bias", *_TOTALS, "Mean", "CI start", "CI end", "PI start",
    "PI end", *_HETEROGENEITY, "Subgroup Chi²", "Subgroup df", "Subgroup P", "Subgroup I²", "ID",
)  # fmt: skip
_MEASURES = {
    "OR": "Odds Ratio", "RR": "Risk Ratio", "RD": "Risk Difference", "PETO": "Peto Odds Ratio",
    "MD": "Mean Difference", "SMD": "Std. Mean Difference", "HR": "Hazard Ratio",
}  # fmt: skip
_DICHOTOMOUS, _CONTINUOUS = ("OR", "RR", "RD", "PETO"), ("MD", "SMD")
_RATIOS = ("OR", "RR", "PETO", "HR", "IRR", "ROM")
_MODELS = {"fixed": "Fixed effect", "random": "Random effect"}
# RevMan knows the first two; of what it does not know the name says what it is.
_CI = {"wald": "Wald", "hksj": "HKSJ", "hksj_adhoc": "HKSJ (ad hoc)", "t": "t", "cr2": "CR2"}
_METHODS = {"IV": "IV", "MH": "MH", "PETO": "Peto", "GLMM": "GLMM"}
_README = """Analyses as Cochrane's data package

Three files in CDREVIEW-analysis-data/, in the form of RevMan since September 2024. For meta::read.cdir() of R zip that
folder as CDREVIEW-dataPackage.zip: it knows a package by this name. Numbers of comparisons and analyses follow
config/config.yaml and config/analyses.csv.
"""


def files(tables: Mapping[str, pd.DataFrame], code: str = "CDREVIEW") -> dict[str, str]:
    """The files, name to text. `tables` has synthesis/effects, synthesis/pooled and, where there are any,
    synthesis/subgroups and synthesis/subgroup_tests of results/; config/analyses, config/outcomes and the comparisons
    of the protocol as `comparisons`."""
    numbered = _numbered(tables)
    studies = by_analysis(tables["synthesis/effects"])
    pooled = {row["analysis"]: row for row in rows_of(tables["synthesis/pooled"])}
    tests = {row["analysis"]: row for row in rows_of(tables.get("synthesis/subgroup_tests", pd.DataFrame()))}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(tables.get("synthesis/subgroups", pd.DataFrame())):
        groups.setdefault(row["analysis"], []).append(row)
    data, overall, subgroups = [], [], []
    for name, place in numbered.items():
        own, row = studies.get(name, []), pooled[name]
        data += [_study(place, row, study) for study in own]
        overall.append(_overall(place, row, own, tests.get(name), groups.get(name, [])))
        subgroups += [
            _subgroup(place, row, group, [s for s in own if s.get("subgroup") == group["subgroup"]], number)
            for number, group in enumerate(groups.get(name, []), 1)
        ]
    folder = f"{code}-analysis-data/{code}"
    return {
        f"{folder}-data-rows.csv": csv_text(DATA_ROWS, data),
        f"{folder}-overall-estimates-and-settings.csv": csv_text(OVERALL, overall),
        f"{folder}-subgroup-estimates.csv": csv_text(SUBGROUPS, subgroups),
        "README.txt": _README,
    }


def _numbered(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Where each analysis stands: its comparison's number, its own within it, and their names."""
    comparisons = {row["comparison"]: row for row in rows_of(tables["comparisons"])}
    outcomes = {row["outcome"]: row for row in rows_of(tables["config/outcomes"])}
    order = list(comparisons)
    count: dict[str, int] = {}
    places = {}
    for row in rows_of(tables["config/analyses"]):
        group = row["comparison"]
        count[group] = count.get(group, 0) + 1
        outcome, sides = outcomes[row["outcome"]], comparisons[group]
        low, high = ("experimental", "control") if outcome["lower_is_better"] else ("control", "experimental")
        places[row["analysis"]] = {
            "Analysis group": order.index(group) + 1,
            "Analysis number": count[group],
            "Analysis name": row["label"],
            "Analysis group name": sides["label"],
            "Outcome": outcome["label"],
            "Experimental intervention": sides["experimental"],
            "Control intervention": sides["control"],
            "Experimental group label": sides["experimental"],
            "Control group label": sides["control"],
            "Unit of effect measure": outcome["unit"],
            "Graph label (left)": f"Favours {sides[low]}",
            "Graph label (right)": f"Favours {sides[high]}",
            "Subgroup by": row.get("subgroup", ""),
        }
    return places


def _kind(measure: str, studies: list[dict[str, Any]]) -> str:
    """Type of data: of arms only where every study gives them."""
    if measure in _DICHOTOMOUS and all(not blank(s.get("events_e")) and not blank(s.get("events_c")) for s in studies):
        return "Dichotomous"
    if measure in _CONTINUOUS and all(not blank(s.get("mean_e")) and not blank(s.get("mean_c")) for s in studies):
        return "Continuous"
    return "Contrast level"


def _study(place: Row, pooled: Row, study: Row) -> dict[str, Any]:
    weight = study["weight_random"] if pooled["model"] == "random" else study["weight_fixed"]
    note = "" if study["provenance"] == "reported" else f"Provenance: {study['provenance']}"
    return {name: place[name] for name in DATA_ROWS[:3]} | {
        "Subgroup": study.get("subgroup", ""),
        "Study": study["label"] or study["study_id"],
        "Study year": study.get("year"),
        "GIV Mean": study["yi"],
        "GIV SE": study["se"],
        "Experimental mean": study.get("mean_e"),
        "Experimental SD": study.get("sd_e"),
        "Experimental cases": study["events_e"],
        "Experimental N": study["n_e"],
        "Control mean": study.get("mean_c"),
        "Control SD": study.get("sd_c"),
        "Control cases": study["events_c"],
        "Control N": study["n_c"],
        "Weight": weight,
        "Mean": study["effect_natural"],
        "CI start": study["ci_lower_natural"],
        "CI end": study["ci_upper_natural"],
        "Footnotes": note,
    }


def _totals(studies: list[dict[str, Any]]) -> dict[str, Any]:
    """Sums over the studies, blank where one of them is unknown."""
    columns = dict(zip(_TOTALS, ("events_e", "n_e", "events_c", "n_c"), strict=True))
    return {
        name: math.fsum(float(s[column]) for s in studies)
        for name, column in columns.items()
        if studies and not any(blank(s.get(column)) for s in studies)
    }


def _estimate(row: Row) -> dict[str, Any]:
    t = not blank(row.get("ci_df"))
    return {
        "Mean": row["estimate_natural"],
        "CI start": row["ci_lower_natural"],
        "CI end": row["ci_upper_natural"],
        "Heterogeneity Tau²": row["tau2"],
        "Tau² CI start": row.get("tau2_lower"),
        "Tau² CI end": row.get("tau2_upper"),
        "Heterogeneity Chi²": row["q"],
        "Heterogeneity df": row["df"],
        "Heterogeneity P": row["q_p"],
        "Heterogeneity I²": row["i2"],
        "Effect T" if t else "Effect Z": row.get("z"),
        "Effect P": row["p_value"],
    }


def _overall(
    place: Row, row: Row, studies: list[dict[str, Any]], test: Row | None, groups: list[dict[str, Any]]
) -> dict[str, Any]:
    predicted = not blank(row["pi_lower"])
    between = {} if test is None else {
        "Subgroup Chi²": test["q"], "Subgroup df": test["df"], "Subgroup P": test["p_value"],
        "Subgroup I²": test["i2"],
    }  # fmt: skip
    limits = {} if not predicted else {"PI start": row["pi_lower_natural"], "PI end": row["pi_upper_natural"]}
    return dict(place) | _totals(studies) | _estimate(row) | between | limits | {
        "Data source": "Custom input",
        "Data type": _kind(row["measure"], studies),
        "Log-scale data": row["measure"] in _RATIOS,
        "Statistical method": _METHODS[row["method"]],
        "Effect measure": _MEASURES.get(row["measure"], row["measure"]),
        "Analysis model": _MODELS.get(row["model"], ""),
        "Heterogeneity estimator": row["tau2_method"] if row["model"] == "random" else "",
        "Tau² CI": not blank(row.get("tau2_lower")),
        "Subgroup estimates": bool(groups),
        "Overall estimates": not blank(row["estimate"]),
        "Test for subgroup differences": test is not None,
        "Prediction interval": predicted,
        "Swap event and non-event": False,
        "CI method": _CI.get(row["ci_method"], "") if row["model"] == "random" else "Wald",
        "CI/PI level": f"{float(row['level']):g}%",
        "Show risk of bias": False,
        "ID": row["analysis"],
    }  # fmt: skip


def _subgroup(place: Row, pooled: Row, row: Row, studies: list[dict[str, Any]], number: int) -> dict[str, Any]:
    weight = "weight_random" if pooled["model"] == "random" else "weight_fixed"
    return {name: place[name] for name in DATA_ROWS[:2]} | _totals(studies) | _estimate(row) | {
        "Subgroup": row["subgroup"],
        "Subgroup number": number,
        "Weight": math.fsum(float(s[weight]) for s in studies if not blank(s[weight])),
        "ID": f"{pooled['analysis']}/{row['subgroup']}",
    }  # fmt: skip
