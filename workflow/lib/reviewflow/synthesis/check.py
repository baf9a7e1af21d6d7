"""Faults of the analyses and of the printed estimates that one table alone does not show."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, split_list

from .kinds import DEPENDENT, KINDS, impossible, mismatch
from .reproduction import FIELDS, printed_fault

Row = Mapping[Hashable, Any]
Trouble = tuple[str, str, str]
_CONFIG = "config/config.yaml"
_NAMING = ("name", "label", "only")
_CHANGES = (
    "drop_risk_of_bias", "drop_imputed", "drop_studies", "correlation", "measure", "method", "model", "tau2_method",
    "ci_method", "rho",
)  # fmt: skip


def check(
    config: Mapping[str, Any], analyses: pd.DataFrame, estimates: pd.DataFrame, outcomes: pd.DataFrame
) -> list[Fault]:
    """All faults, sorted by file and line. `analyses`, `estimates` and `outcomes` are people's frames."""
    kinds = dict(zip(outcomes["outcome"], outcomes["kind"], strict=True))
    rows = [(row, trouble) for row in analyses.to_dict("records") for trouble in _analysis(row, config, kinds)]
    known = set(analyses["analysis"])
    rows += [(row, trouble) for row in estimates.to_dict("records") for trouble in _estimate(row, known)]
    faults = [Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in rows]
    return sorted([*faults, *(Fault(_CONFIG, 0, *trouble) for trouble in _sensitivity(config, known))])


def _analysis(row: Row, config: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Trouble]:
    comparisons, measure = config["comparisons"], row["measure"]
    known = row["comparison"] in comparisons
    if not known:
        problem = f'"{row["comparison"]}" is not a comparison of config.yaml'
        yield "comparison", problem, f"write one of {', '.join(comparisons)}"
    if row["outcome"] not in kinds:
        problem = f'"{row["outcome"]}" is not in outcomes.csv'
        yield "outcome", problem, f"write one of {', '.join(kinds)}"
    yield from impossible(measure, row["method"], row["model"], row.get("dependence", ""))
    # A comparison that nobody knows is a fault of its own, not one of the measure too.
    within = bool(comparisons[row["comparison"]]["before_after"]) if known else KINDS[measure].within
    yield from mismatch(measure, row["outcome"], kinds.get(row["outcome"], ""), within)
    yield from _parts(row, config)


def _parts(row: Row, config: Mapping[str, Any]) -> Iterator[Trouble]:
    """Faults of subgroups, moderators and dependent effects; a column that is not there asks for nothing."""
    columns = [field["name"] for field in config.get("extraction", {}).get("study_fields", [])]
    listed = f"write one of {', '.join(columns)}" if columns else "declare it in extraction.study_fields of config.yaml"
    asked = [("subgroup", name) for name in [row.get("subgroup", "")] if name]
    asked += [("moderators", name) for name in split_list(row.get("moderators", ""))]
    for column, name in asked:
        if name not in columns:
            yield column, f'"{name}" is not a column of studies.csv', listed
    tau2 = row.get("subgroup_tau2", "")
    if tau2 and not row.get("subgroup", ""):
        yield "subgroup_tau2", f"{tau2}, but no subgroup is named", "name the column in subgroup, or leave this blank"
    elif tau2 == "common" and row["model"] == "fixed":
        problem = "common, but the fixed-effect model has no between-study variance"
        yield "subgroup_tau2", problem, "leave this blank, or write another model"
    yield from _special(row)


def _special(row: Row) -> Iterator[Trouble]:
    """Faults of what models of dependent effects and of rare events cannot do, or do in their own way."""
    dependence = row.get("dependence", "")
    name = dependence if dependence in DEPENDENT else "GLMM" if row["method"] == "GLMM" else ""
    if not name:
        return
    if row.get("subgroup_tau2", "") == "common":
        yield "subgroup_tau2", f"common, which {name} does not make", "write own, or leave this blank"
    if row.get("moderators", ""):
        yield (
            "moderators",
            f"no meta-regression is made with {name}",
            "leave this blank, or name them in another analysis",
        )
    own = "ML" if name == "GLMM" else "REML"
    if row["tau2_method"] not in ("", own):
        yield "tau2_method", f"{row['tau2_method']}, but {name} takes {own}", f"write {own}, or leave this blank"
    if name == "GLMM" and row["ci_method"] not in ("", "wald"):
        yield "ci_method", f"{row['ci_method']}, but GLMM has Wald's interval", "write wald, or leave this blank"


def _sensitivity(config: Mapping[str, Any], known: set[str]) -> Iterator[Trouble]:
    names: list[str] = []
    for declared in config["synthesis"].get("sensitivity", []):
        name = declared["name"]
        place = f"synthesis.sensitivity, {name}"
        if name in names:
            yield place, "the name stands twice", "give each sensitivity analysis a name of its own"
        names.append(name)
        if not set(declared) - set(_NAMING):
            yield place, "nothing is changed", f"add one of {', '.join(_CHANGES)}, or remove it"
        for analysis in declared.get("only", []):
            if analysis not in known:
                yield f"{place}.only", f'"{analysis}" is not in config/analyses.csv', "correct it or remove it"


def _estimate(row: Row, known: set[str]) -> Iterator[Trouble]:
    if row["analysis"] not in known:
        problem = f'"{row["analysis"]}" is not in config/analyses.csv'
        yield "analysis", problem, "add it there or correct it here"
    for field in FIELDS:
        form = printed_fault(field, row[field])
        if form:
            yield field, f'"{row[field]}" cannot be compared', f"write {form}"
