"""Subgroups of an analysis and the test between them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, regression
from reviewflow.pooling.batch import Batch
from reviewflow.pooling.model import heterogeneity
from reviewflow.tables import join_list

from . import engine
from .engine import Ask
from .entries import Entry, Sources
from .estimates import subgroup_values
from .singly import kept_model

Row = dict[str, Any]


def groups_of(entry: Entry, sources: Sources) -> np.ndarray:
    """The subgroup of each effect that is used."""
    return np.asarray(subgroup_values(entry, sources, entry.values("study_id")), dtype=object)


def asks(entry: Entry, result: Analysis, sources: Sources) -> list[Ask]:
    """Each subgroup's estimate under the model of the whole analysis, with a tau2 of its own."""
    if not entry.analysis.get("subgroup") or not entry.used.any():
        return []
    groups, choice = groups_of(entry, sources), kept_model(entry, result)
    found = []
    for name in sorted(set(groups) - {""}):
        kept = groups == name
        summary = entry.summary(sources, kept)
        row = {"analysis": entry.name, "subgroup": name, "k": summary["k"], "n": summary["n"]}
        row["note"] = "k = 1: the result of a single study" if summary["k"] == 1 else ""
        found.append(Ask("subgroups", row, entry.part(kept, choice)))
    return found


def test(entry: Entry, result: Analysis, rows: Sequence[Row], sources: Sources) -> tuple[list[Row], Row]:
    """The rows of the subgroups and that of the test between them.

    With a tau2 of their own: Q = sum w (estimate - mean)^2 with w = 1 / se^2 on groups - 1 degrees of freedom (Deeks
    and Higgins 2010, "Test for subgroup differences"; Borenstein and Higgins 2013, Prev Sci 14:134). With a common
    one: the meta-regression on the subgroups.
    """
    random = kept_model(entry, result).model == "random"
    common = random and entry.analysis.get("subgroup_tau2") == "common"
    row: Row = {"analysis": entry.name, "subgroup": entry.analysis["subgroup"], "groups": len(rows)}
    row["tau2"] = ("common" if common else "own") if random else None
    groups = groups_of(entry, sources)
    without = sorted(set(entry.values("study_id")[groups == ""]))
    blank = f"in no subgroup, because the column is blank: {', '.join(without)}" if without else ""
    single = "one subgroup: nothing to compare" if len(rows) == 1 else ""
    row["note"] = join_list([single, blank])
    if len(rows) < 2:
        return list(rows), row
    if common and int((groups != "").sum()) > len(rows):
        return _common(entry, rows, groups, row)
    if common:
        row |= {"tau2": "own", "note": join_list(["one study in each subgroup: no common tau2", blank])}
    estimates, se = (np.array([line[name] for line in rows]) for name in ("estimate", "se"))
    between = heterogeneity(Batch.of([estimates], [se**2]))
    row |= {"q": float(between.q[0]), "df": len(rows) - 1, "p_value": float(between.q_p[0]), "i2": float(between.i2[0])}
    return list(rows), row


def _common(entry: Entry, rows: Sequence[Row], groups: np.ndarray, row: Row) -> tuple[list[Row], Row]:
    """Subgroups as the coefficients of a regression with one tau2; Q of each, its df, P and I2 stay its own."""
    kept, choice = groups != "", entry.choice
    found = entry.job().studies
    y, v, own = found.y[kept], found.v[kept], groups[kept]
    names = [line["subgroup"] for line in rows]
    cells = np.column_stack([(own == name).astype(float) for name in names])
    each = regression.regress(y, v, cells, choice.tau2, choice.ci, choice.level)
    differences = np.column_stack([np.ones(len(y)), cells[:, 1:]])
    joint = regression.regress(y, v, differences, choice.tau2, choice.ci, choice.level)
    made = []
    for i, line in enumerate(rows):
        new: Row = {"estimate": each.coefficients[i], "se": each.se[i], "p_value": each.p_value[i], "tau2": each.tau2}
        new |= {"ci_lower": each.ci_lower[i], "ci_upper": each.ci_upper[i]}
        new = {name: float(value) for name, value in new.items()}
        new |= {f"{n}_natural": engine.natural(entry.measure, new[n]) for n in ("estimate", "ci_lower", "ci_upper")}
        made.append(
            line | {"pi_lower": None, "pi_upper": None, "i2": _i2(y[own == names[i]], v[own == names[i]])} | new
        )
    row |= {"q": joint.q_moderators, "df": joint.q_moderators_df, "p_value": joint.q_moderators_p}
    chi = joint.q_moderators * (1 if np.isinf(joint.df) else joint.q_moderators_df)
    excess = chi - joint.q_moderators_df
    return made, row | {"i2": 100 * excess / chi if excess > 0 else 0.0}


def _i2(y: np.ndarray, v: np.ndarray) -> float | None:
    return float(heterogeneity(Batch.of([y], [v])).i2[0]) if len(y) > 1 else None
