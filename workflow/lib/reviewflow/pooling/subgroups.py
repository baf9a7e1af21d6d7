"""Subgroups of one analysis and the test between them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.special import chdtrc

from .analyse import analyse, analyse_many
from .batch import Array, Batch, spread, weighted
from .choice import Choice
from .model import heterogeneity
from .natural import natural
from .regression import regress
from .studies import Studies

_WALD = "the test takes the standard errors of Wald's intervals"


class Subgroups(NamedTuple):
    """A row a subgroup, by the names of pooled.csv with `subgroup` first, in the order of their names; and the test of
    differences: tau2 (own or common), groups, q with df (F with df and df2 where a t distribution was asked for and
    tau2 is common), p_value, i2, note. None where a number does not exist."""

    rows: list[dict[str, Any]]
    test: dict[str, Any]


def subgroups(
    measure: str, found: Studies, values: Sequence[str], choice: Choice, *, common: bool = False
) -> Subgroups:
    """Pool each value apart and test between them; studies with a blank value are in no subgroup.

    Own tau2: sum (estimate - mean)^2 / se^2 on groups - 1 degrees of freedom, se of Wald's intervals (Deeks and Higgins
    2010, "Test for subgroup differences"). Common tau2: meta-regression on the subgroups (Borenstein and Higgins 2013,
    Prev Sci 14:134), inverse-variance weights whatever the method.
    """
    used = found.there
    named = np.array([value.strip() for value in values], dtype=object)
    names = sorted({name for name, there in zip(named, used, strict=True) if there and name})
    made = [(measure, found.only(used & (named == name)), choice) for name in names]
    rows = [{"subgroup": name} | part.row for name, part in zip(names, analyse_many(made), strict=True)]
    if common:
        kept = used & np.isin(named, names)
        return _common(measure, found.only(kept), named, names, rows, choice)
    plain = [part.row for part in analyse_many([(m, f, replace(c, ci="wald")) for m, f, c in made])]
    there = [row for row in plain if row["estimate"] is not None]
    estimate, se = (np.array([row[name] for row in there]) for name in ("estimate", "se"))
    test = _test("own", len(names)) | _between(Batch.of([estimate], [se**2]))
    hartung = choice.ci != "wald" and any(row["model"] == "random" for row in rows)
    return Subgroups(rows, test | {"note": _WALD if hartung else ""})


def _test(tau2: str, groups: int) -> dict[str, Any]:
    blank = dict.fromkeys(("q", "df", "df2", "p_value", "i2"))
    return {"tau2": tau2, "groups": groups} | blank


def _between(estimates: Batch) -> dict[str, Any]:
    df = int(estimates.k.sum()) - 1
    if df < 1:
        return {}
    w = estimates.weights()
    return _numbers(float(spread(estimates, w, weighted(estimates, w).estimate)[0]), df)


def _numbers(q: float, df: int) -> dict[str, Any]:
    i2 = max(0.0, 100 * (q - df) / q) if q > 0 else 0.0
    return {"q": q, "df": df, "p_value": float(chdtrc(df, q)), "i2": i2}


def _common(
    measure: str, found: Studies, named: Array, names: list[str], rows: list[dict[str, Any]], choice: Choice
) -> Subgroups:
    test = _test("common", len(names)) | {"note": ""}
    used = found.there
    y, v, group = found.y[used], found.v[used], named[used]
    method = choice.tau2 if used.any() and analyse(measure, found, choice).row["model"] == "random" else None
    if len(y) <= len(names):
        return Subgroups(rows, test | {"note": "no common tau2: there are as many subgroups as studies"})
    ci = choice.ci if method else "wald"
    apart = (group[:, None] == np.array(names, dtype=object)).astype(float)
    fitted = regress(y, v, apart, method, ci, choice.level)
    columns = {"estimate": fitted.coefficients, "se": fitted.se, "ci_lower": fitted.ci_lower}
    columns |= {"ci_upper": fitted.ci_upper, "z": fitted.statistic, "p_value": fitted.p_value}
    blank = dict.fromkeys(("pi_lower", "pi_upper", "tau2_lower", "tau2_upper"))
    out = []
    for i, row in enumerate(rows):
        numbers = {name: float(values[i]) for name, values in columns.items()}
        numbers |= {f"{n}_natural": float(natural(measure, numbers[n])) for n in ("estimate", "ci_lower", "ci_upper")}
        out.append(row | blank | numbers | _spread(y, v, apart[:, i] > 0) | {
            "model": "random" if method else "fixed", "tau2": fitted.tau2 if method else None, "ci_method": ci,
            "ci_df": fitted.df if np.isfinite(fitted.df) else None, "note": row["note"] if row["k"] == 1 else "",
        })  # fmt: skip
    if len(names) > 1:
        against = regress(y, v, np.column_stack([np.ones(len(y)), apart[:, 1:]]), method, ci, choice.level)
        q, df = against.q_moderators, against.q_moderators_df
        f = np.isfinite(against.df)
        numbers = {"q": q, "df": df, "df2": against.df, "p_value": against.q_moderators_p} if f else _numbers(q, df)
        test |= numbers
    return Subgroups(out, test)


def _spread(y: Array, v: Array, kept: Array) -> dict[str, Any]:
    """Heterogeneity within one subgroup, from its Q."""
    if kept.sum() < 2:
        return dict.fromkeys(("q", "q_p", "i2", "h2", "i2_q", "h2_q"))
    made = {n: float(a[0]) for n, a in heterogeneity(Batch.of([y[kept]], [v[kept]]))._asdict().items()}
    return made | {"df": int(made["df"]), "i2_q": made["i2"], "h2_q": made["h2"]}
