"""Small-study effects: tests of the funnel's symmetry and trim and fill, or why they are not made."""

from dataclasses import replace
from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, Studies, asymmetry

from .engine import Array, Ask, Job
from .entries import Entry, Sources
from .singly import kept_model

Row = dict[str, Any]


def rows(entry: Entry, result: Analysis, sources: Sources) -> tuple[list[Row], list[Row], list[Ask]]:
    """Rows of asymmetry.csv and of filled.csv of an analysis of two or more studies; the row of trim and fill waits for
    its estimate."""
    k = entry.k
    tests = ["egger", "begg", *(("peters", "harbord") if entry.measure == "OR" else ()), "trim_and_fill"]
    if k < 2:
        return [], [], []
    found = entry.job().studies
    least, made, filled, asks = sources.synthesis["small_study_k"], [], [], []
    for test in tests:
        row: Row = {"analysis": entry.name, "test": test, "k": k, "made": False}
        reason = f"{k} studies; at least {least} are needed (synthesis.small_study_k)" if k < least else ""
        reason = reason or entry.special or _unfit(test, found)
        if reason:
            made.append(row | {"reason": reason})
        elif test == "trim_and_fill":
            ask, imputed = _fill(entry, result, found, row)
            asks.append(ask)
            filled += imputed
        else:
            made.append(row | {"made": True} | _test(test, found))
    return made, filled, asks


def _unfit(test: str, found: Studies) -> str:
    if test in ("peters", "harbord") and found.table is None:
        return "not every study has a 2x2 table"
    if test in ("egger", "trim_and_fill") and np.ptp(found.v) == 0:
        return "all standard errors are equal"
    return ""


def _test(test: str, found: Studies) -> Row:
    if found.table is not None and test in ("peters", "harbord"):
        made = asymmetry.peters(found.y, found.table) if test == "peters" else asymmetry.harbord(found.table)
    else:
        made = asymmetry.egger(found.y, found.v) if test == "egger" else asymmetry.begg(found.y, found.v)
    row: Row = {"statistic": made.statistic, "p_value": made.p_value}
    if test == "begg":
        return row | {"tau": made.estimate}
    return row | {"df": made.df, "bias": made.estimate, "bias_se": made.se}


def _fill(entry: Entry, result: Analysis, found: Studies, row: Row) -> tuple[Ask, list[Row]]:
    """The estimate with the imputed studies, by inverse-variance weights, which an imputed study has alone."""
    choice = kept_model(entry, result)
    made = asymmetry.trim_and_fill(found.y, found.v, choice.tau2 if choice.model == "random" else None)
    whole = Studies(made.y, made.v, None, np.full(len(made.y), "", dtype=object))
    imputed = _imputed(entry.name, made.y[len(found.y) :], made.v[len(found.y) :])
    row |= {"made": True, "missing": made.missing, "side": made.side}
    return Ask("asymmetry", row, Job(entry.measure, whole, replace(choice, method="IV"))), imputed


def _imputed(name: str, y: Array, v: Array) -> list[Row]:
    order = np.argsort(y, kind="stable")
    return [
        {"analysis": name, "position": i, "yi": float(y[j]), "se": float(np.sqrt(v[j]))} for i, j in enumerate(order, 1)
    ]
