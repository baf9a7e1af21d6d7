"""Meta-regressions on columns of studies.csv."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reviewflow.pooling import regression
from reviewflow.tables import join_list, split_list

from .engine import Array
from .entries import Entry, Sources

Row = dict[str, Any]
# Studies for each moderator below which the Cochrane Handbook advises against meta-regression (section 10.11.5.1).
_STUDIES_EACH = 10
_FIT = {
    "qe": "q_residual", "qe_df": "q_residual_df", "qe_p": "q_residual_p", "qm": "q_moderators",
    "qm_df": "q_moderators_df", "qm_p": "q_moderators_p", "i2": "i2", "r2": "r2",
}  # fmt: skip


def rows(entry: Entry, sources: Sources) -> tuple[list[Row], list[Row]]:
    """Rows of regression.csv and of regression_fit.csv: none where no moderator is asked for."""
    names = split_list(entry.analysis.get("moderators") or "")
    if not names:
        return [], []
    if entry.special:
        note = f"not run: {entry.special}"
        return [], [{"analysis": entry.name, "moderators": "; ".join(names), "k": entry.k, "note": note}]
    studies = entry.values("study_id")
    values = {name: [str(sources.studies.get(s, {}).get(name) or "").strip() for s in studies] for name in names}
    kept = np.array([all(column[i] for column in values.values()) for i in range(len(studies))], dtype=bool)
    terms, design = _design({n: [v for v, use in zip(c, kept, strict=True) if use] for n, c in values.items()})
    blank = sorted(set(studies[~kept]))
    notes = [f"left out, because a moderator is blank: {', '.join(blank)}"] if blank else []
    k = int(kept.sum())
    fit: Row = {"analysis": entry.name, "moderators": "; ".join(names), "k": k}
    if k <= len(terms):
        needed = f"not run: {k} studies for {len(terms)} coefficients"
        return [], [fit | {"note": join_list([needed, *notes])}]
    if k < _STUDIES_EACH * (len(terms) - 1):
        few = (
            f"{k} studies for {len(terms) - 1} moderators, while the Cochrane Handbook (10.11.5.1) advises 10 for each"
        )
        notes.insert(0, few)
    return _run(entry, sources, kept, terms, design, fit, notes)


def _run(
    entry: Entry, sources: Sources, kept: np.ndarray, terms: list[str], design: Array, fit: Row, notes: list[str]
) -> tuple[list[Row], list[Row]]:
    """Regress with the tau2 of the analysis unless its rule is the fixed model: what moderators leave unexplained is
    not to be ruled out by a test."""
    choice, found = entry.choice, entry.job().studies
    y, v, random = found.y[kept], found.v[kept], choice.model != "fixed"
    method, ci = (choice.tau2, choice.ci) if random else (None, "wald")
    try:
        made = regression.regress(y, v, design, method, ci, choice.level)
    except ValueError as error:
        return [], [fit | {"note": join_list([f"not run: {error}", *notes])}]
    each, joint = np.full(len(terms), np.nan), None
    rounds = sources.synthesis["permutations"]
    if rounds:
        each, joint = regression.permutation(y, v, design, method, ci, rounds, sources.synthesis["seed"])
    named = {"coefficient": made.coefficients, "se": made.se, "ci_lower": made.ci_lower, "ci_upper": made.ci_upper}
    named |= {"statistic": made.statistic, "p_value": made.p_value, "permutation_p": each}
    df = None if np.isinf(made.df) else made.df
    lines = [
        {"analysis": entry.name, "term": term, "df": df} | {name: float(array[i]) for name, array in named.items()}
        for i, term in enumerate(terms)
    ]
    fit |= {name: getattr(made, source) for name, source in _FIT.items()}
    fit |= {"permutation_p": joint, "note": join_list(notes)}
    return lines, [fit | ({"tau2": made.tau2} if random else {})]


def _design(values: dict[str, list[str]]) -> tuple[list[str], Array]:
    """Names and columns of the design: the intercept, numbers as they are, and of words a column for each but the
    first in the alphabet, which the others are compared with."""
    k = len(next(iter(values.values())))
    terms, columns = ["intercept"], [np.ones(k)]
    for name, cells in values.items():
        numbers = _numbers(cells)
        if numbers is not None:
            terms.append(name)
            columns.append(numbers)
        for level in sorted(set(cells))[1:] if numbers is None else ():
            terms.append(f"{name}={level}")
            columns.append(np.array([float(cell == level) for cell in cells]))
    return terms, np.column_stack(columns)


def _numbers(cells: Sequence[str]) -> Array | None:
    try:
        found = np.array([float(cell) for cell in cells])
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None
