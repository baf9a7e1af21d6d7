"""A CSV file of studies to its pooled numbers: what `reviewflow pool` prints."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import chdtrc

from reviewflow.faults import Fault, raise_faults

from . import asymmetry, diagnostics
from .analyse import Analysis, analyse
from .batch import Array, Batch
from .choice import BINARY, MEANS, Choice, preset
from .model import fit
from .regression import permutation, regress
from .studies import Studies, studies
from .tau2 import ESTIMATORS

_CELLS = ("ai", "n1i", "ci", "n2i")
_MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
_BLANK = ("", "na", "nan")
_NAMES = ("study", "slab", "trial", "author")


class Table:
    """The rows of a CSV file, its columns by name as text."""

    def __init__(self, text: str, file: str) -> None:
        first = text.lstrip("\r\n").split("\n", 1)[0]
        delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
        if len(rows) < 2:
            raise_faults([Fault(file, 1, "", "there is no study", "write a header line and a line for each study")])
        self.file, self.header = file, [cell.strip() for cell in rows[0]]
        wide = [i for i, row in enumerate(rows[1:], 2) if len(row) != len(self.header)]
        raise_faults(
            Fault(file, i, "", "the line has another number of cells than the header", "mend it") for i in wide
        )
        self.rows = rows[1:]

    def text(self, name: str) -> list[str]:
        """One column. Raises DataFaults where there is none of that name."""
        if name not in self.header:
            listed = ", ".join(self.header)
            raise_faults([Fault(self.file, 1, name, "the column is missing", f"the columns are {listed}")])
        place = self.header.index(name)
        return [row[place].strip() for row in self.rows]

    def numbers(self, names: tuple[str, ...]) -> dict[str, Array]:
        """Columns as numbers, NaN where blank or NA. Raises DataFaults with every cell that is no number."""
        found = {name: self.text(name) for name in names}
        raise_faults(self._faults(found))
        return {name: np.array([_number(cell) for cell in cells]) for name, cells in found.items()}

    def _faults(self, found: Mapping[str, list[str]]) -> Iterator[Fault]:
        for name, cells in found.items():
            for line, cell in enumerate(cells, 2):
                if cell.lower() not in _BLANK and _number(cell) != _number(cell):
                    yield Fault(self.file, line, name, f'"{cell}" is not a number', "write it as 12.5, or NA")


def _number(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def pool_file(text: str, file: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that was asked for, by the names of pooled.csv. Raises DataFaults."""
    table = Table(text, file)
    measure = options["measure"]
    choice = _choice(options)
    columns = _columns(table, measure)
    found = studies(measure, columns, choice)
    labels = next((table.text(n) for n in _NAMES if n in table.header), [str(i + 1) for i in range(len(found.y))])
    whole = analyse(measure, found, choice)
    result: dict[str, Any] = dict(whole.row)
    result["studies"] = _study_rows(labels, found, whole)
    if options["subgroup"]:
        result |= _subgroups(table.text(options["subgroup"]), measure, found, choice)
    used = np.isfinite(found.y)
    method = None if result.get("model") == "fixed" else choice.tau2
    if used.sum() > 1:
        result |= _series(options, found, labels, method, choice)
        result |= _asymmetry(options, found, method, choice)
    if options["moderator"]:
        result["meta_regression"] = _regression(table, options, found, method, choice)
    return result


def _choice(options: Mapping[str, Any]) -> Choice:
    chosen = preset(options["preset"], options["measure"])
    named = {"method": "method", "model": "model", "tau2": "tau2", "ci": "ci", "level": "level"}
    named |= {"prediction": "prediction", "q_threshold": "q_threshold"}
    return replace(chosen, **{name: options[key] for name, key in named.items() if options[key] is not None})


def _columns(table: Table, measure: str) -> dict[str, Array]:
    if measure in BINARY and "ai" in table.header:
        if "n1i" not in table.header:
            cells = table.numbers(("ai", "bi", "ci", "di"))
            return {
                "ai": cells["ai"],
                "n1i": cells["ai"] + cells["bi"],
                "ci": cells["ci"],
                "n2i": cells["ci"] + cells["di"],
            }
        found = table.numbers(_CELLS)
        raise_faults(_impossible(table, found))
        return found
    if measure in MEANS and "m1i" in table.header:
        return table.numbers(_MEANS)
    if "vi" not in table.header and "sei" in table.header:
        found = table.numbers(("yi", "sei"))
        return {"yi": found["yi"], "vi": found["sei"] ** 2}
    return table.numbers(("yi", "vi"))


def _impossible(table: Table, found: Mapping[str, Array]) -> Iterator[Fault]:
    for events, n in (("ai", "n1i"), ("ci", "n2i")):
        for place in np.flatnonzero(found[events] > found[n]):
            yield Fault(
                table.file, int(place) + 2, events, "more events than participants", "check it against the report"
            )
        for place in np.flatnonzero(found[events] < 0):
            yield Fault(table.file, int(place) + 2, events, "fewer events than none", "check it against the report")


def _study_rows(labels: list[str], found: Studies, whole: Analysis) -> list[dict[str, Any]]:
    return [
        {
            "study": label,
            "yi": float(y),
            "vi": float(v),
            "weight_fixed": float(f),
            "weight_random": float(r),
            "note": why,
        }
        for label, y, v, f, r, why in zip(
            labels, found.y, found.v, whole.weight_fixed, whole.weight_random, found.why_not, strict=True
        )
    ]


def _part(found: Studies, kept: np.ndarray) -> Studies:
    y, v = np.where(kept, found.y, np.nan), np.where(kept, found.v, np.nan)
    table = None if found.table is None else type(found.table)(*(np.where(kept, cell, 0.0) for cell in found.table))
    return Studies(y, v, table, found.why_not)


def _subgroups(values: list[str], measure: str, found: Studies, choice: Choice) -> dict[str, Any]:
    """Each subgroup with a tau2 of its own, and Q between them: sum w (estimate - mean)^2 with w = 1 / se^2, on groups
    - 1 degrees of freedom (Deeks and Higgins 2010, "Test for subgroup differences")."""
    rows = []
    for value in sorted({v for v, y in zip(values, found.y, strict=True) if np.isfinite(y)}):
        row = analyse(measure, _part(found, np.array([v == value for v in values])), choice).row
        rows.append({"subgroup": value} | row)
    estimates, se = (np.array([row[name] for row in rows]) for name in ("estimate", "se"))
    between = fit(Batch.of([estimates], [se**2]), None, "wald", choice.level)
    q, df = float((((estimates - between.estimate[0]) / se) ** 2).sum()), len(rows) - 1
    p = float(chdtrc(df, q)) if df else float("nan")
    test = {"q": q, "df": df, "p_value": p, "i2": max(0.0, 100 * (q - df) / q) if df and q > 0 else float("nan")}
    return {"subgroups": rows, "subgroup_differences": test}


def _series(
    options: Mapping[str, Any], found: Studies, labels: list[str], method: str | None, choice: Choice
) -> dict[str, Any]:
    used = np.isfinite(found.y)
    y, v, names = found.y[used], found.v[used], [n for n, u in zip(labels, used, strict=True) if u]
    ci = "wald" if method is None else choice.ci
    result: dict[str, Any] = {}
    for option, head, make in (
        ("leave_one_out", "without", diagnostics.leave_one_out), ("cumulative", "up_to", diagnostics.cumulative),
    ):  # fmt: skip
        if options[option]:
            made = make(y, v, method, ci, choice.level)
            columns = {
                n: getattr(made.fitted, n) for n in ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2")
            }
            columns |= {"i2": made.fitted.i2 if method else made.heterogeneity.i2, "q": made.heterogeneity.q}
            result[option] = [{head: n} | {c: float(a[i]) for c, a in columns.items()} for i, n in enumerate(names)]
    if options["influence"]:
        measures = diagnostics.influence(y, v, method, ci)._asdict()
        result["influence"] = [
            {"study": n} | {c: float(a[i]) for c, a in measures.items()} for i, n in enumerate(names)
        ]
    return result


def _asymmetry(options: Mapping[str, Any], found: Studies, method: str | None, choice: Choice) -> dict[str, Any]:
    used = np.isfinite(found.y)
    y, v = found.y[used], found.v[used]
    result: dict[str, Any] = {}
    if len(y) > 2 and options["egger"]:
        result["egger"] = asymmetry.egger(y, v)._asdict()
    if len(y) > 2 and options["begg"]:
        result["begg"] = asymmetry.begg(y, v)._asdict()
    if found.table is not None and len(y) > 2:
        cells = type(found.table)(*(cell[used] for cell in found.table))
        if options["peters"]:
            result["peters"] = asymmetry.peters(y, cells)._asdict()
        if options["harbord"]:
            result["harbord"] = asymmetry.harbord(cells)._asdict()
    if len(y) > 2 and options["trim_and_fill"]:
        filled = asymmetry.trim_and_fill(y, v, method)
        batch = Batch.of([filled.y], [filled.v])
        fitted = fit(batch, None if method is None else ESTIMATORS[method](batch), choice.ci, choice.level)
        names = ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2")
        row = {"missing": filled.missing, "side": filled.side} | {n: float(getattr(fitted, n)[0]) for n in names}
        result["trim_and_fill"] = row
    return {k: {n: float(x) if isinstance(x, np.floating) else x for n, x in r.items()} for k, r in result.items()}


def _regression(
    table: Table, options: Mapping[str, Any], found: Studies, method: str | None, choice: Choice
) -> dict[str, Any]:
    names = list(options["moderator"])
    columns = table.numbers(tuple(names))
    used = np.isfinite(found.y) & np.isfinite(np.stack(list(columns.values()))).all(axis=0)
    x = np.column_stack([np.ones(int(used.sum())), *(column[used] for column in columns.values())])
    try:
        made = regress(found.y[used], found.v[used], x, method, choice.ci, choice.level)
    except ValueError as error:
        raise_faults([Fault(table.file, 1, ", ".join(names), str(error), "name fewer moderators")])
    rows = [
        {"term": term}
        | {n: float(getattr(made, n)[i]) for n in ("coefficients", "se", "ci_lower", "ci_upper", "p_value")}
        for i, term in enumerate(["intercept", *names])
    ]
    single = (
        "tau2",
        "q_residual",
        "q_residual_df",
        "q_residual_p",
        "q_moderators",
        "q_moderators_df",
        "q_moderators_p",
    )
    result = {"k": int(used.sum()), "terms": rows} | {n: getattr(made, n) for n in (*single, "i2", "h2", "r2")}
    if options["permutations"]:
        each, joint = permutation(found.y[used], found.v[used], x, method, choice.ci, options["permutations"], 1)
        result |= {"permutation_p": [float(p) for p in each], "permutation_p_moderators": joint}
    return result
