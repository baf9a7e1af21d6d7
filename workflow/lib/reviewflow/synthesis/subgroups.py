"""Subgroups of an analysis and the test between them, under the model that the whole analysis uses."""

from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, subgroups
from reviewflow.tables import join_list

from .engine import numbers
from .entries import Entry, Sources
from .estimates import subgroup_values
from .singly import kept_model

Row = dict[str, Any]


def rows(entry: Entry, result: Analysis, sources: Sources) -> tuple[list[Row], list[Row]]:
    """Rows of subgroups.csv and of subgroup_tests.csv: none where no subgroup is asked for or no study is used."""
    column = entry.analysis.get("subgroup")
    if not column or not entry.used.any():
        return [], []
    studies = entry.values("study_id")
    groups = np.asarray(subgroup_values(entry, sources, studies), dtype=object)
    choice = kept_model(entry, result)
    common = choice.model == "random" and entry.analysis.get("subgroup_tau2") == "common"
    made = subgroups(entry.measure, entry.job().studies, list(groups), choice, common=common)
    lines = []
    for row in made.rows:
        summary = entry.summary(sources, groups == row["subgroup"])
        head = {"analysis": entry.name, "subgroup": row["subgroup"], "k": summary["k"], "n": summary["n"]}
        lines.append(head | numbers(row) | {"note": row["note"]})
    without = sorted(set(studies[groups == ""]))
    blank = f"in no subgroup, because the column is blank: {', '.join(without)}" if without else ""
    single = "one subgroup: nothing to compare" if len(lines) == 1 else ""
    test = made.test | {"note": join_list([single or made.test["note"], blank])}
    if choice.model == "fixed":
        test["tau2"] = None
    return lines, [{"analysis": entry.name, "subgroup": column} | test]
