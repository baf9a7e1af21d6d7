"""Faults of records/published/ that one table alone does not show: unreadable numbers and names that are nowhere."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, split_list

from .printed import readable

_Row = Mapping[Hashable, Any]
_Trouble = tuple[str, str, str]
# Columns of each table that hold numbers as printed.
_NUMBERS = {
    "estimates": ("level", "ci_df", "q", "i2"),
    "restated": ("k", "estimate", "ci_lower", "ci_upper", "p_value"),
    "counts": ("percent_e", "percent_c"),
    "means": ("mean", "sd"),
    "tests": ("value", "df1", "df2", "p_value"),
}
# Columns that name something of another table: its name and key.
_NAMES = {
    "estimates": (("studies", "studies", "study"),),
    "restated": (("analysis", "estimates", "analysis"),),
    "claims": (("analyses", "estimates", "analysis"), ("studies", "studies", "study")),
    "counts": (("analysis", "estimates", "analysis"), ("study", "studies", "study")),
    "means": (("study", "studies", "study"),),
    "tests": (("group_e", "means", "group"), ("group_c", "means", "group")),
    "totals": (("studies", "studies", "study"),),
}
_STATED = {"q_threshold": (0.0, 1.0), "significance": (0.0, 1.0), "level": (50.0, 100.0)}


def check(published: Mapping[str, pd.DataFrame], *, alone: bool = False) -> list[Fault]:
    """All faults, sorted by file and line. `published` has people's frames by their short names. The cells of
    estimates.csv that synthesis compares are checked there, so here only `alone`, outside a review."""
    known = {name: set(frame.iloc[:, 0]) if len(frame.columns) else set() for name, frame in published.items()}
    keys = {(table, key): set(published[table][key]) for rules in _NAMES.values() for _, table, key in rules
            if table in published}  # fmt: skip
    rows = [(row, t) for row in published["estimates"].to_dict("records") if alone for t in _compared(row)]
    rows += [(row, t) for name, frame in published.items() for row in frame.to_dict("records")
            for t in _troubles(name, row, keys, known)]  # fmt: skip
    return sorted(Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in rows)


def _troubles(
    name: str, row: _Row, keys: Mapping[tuple[str, str], set[str]], known: Mapping[str, set[str]]
) -> Iterator[_Trouble]:
    for column in _NUMBERS.get(name, ()):
        if not readable(row[column]):
            yield column, f'"{row[column]}" is no printed number', "write a number such as -0.92, or <0.00001"
    for column, table, key in _NAMES.get(name, ()):
        for value in split_list(row[column]):
            if value not in keys.get((table, key), set()):
                yield column, f'"{value}" is not in records/published/{table}.csv', "add it there or correct it here"
    yield from _EXTRA.get(name, _nothing)(row, known)


def _compared(row: _Row) -> Iterator[_Trouble]:
    for column in ("estimate", "ci_lower", "ci_upper", "p_value", "q_p"):
        if not readable(row[column]):
            yield column, f'"{row[column]}" is no printed number', "write a number such as -0.92, or <0.00001"
    if row["k"] and not row["k"].isdecimal():
        yield "k", f'"{row["k"]}" is no number of studies', "write a whole number"


def _nothing(_row: _Row, _known: Mapping[str, set[str]]) -> Iterator[_Trouble]:
    yield from ()


def _estimate(row: _Row, _known: Mapping[str, set[str]]) -> Iterator[_Trouble]:
    if readable(row["level"]) and row["level"] and not 50 < _float(row["level"]) < 100:
        yield "level", f'"{row["level"]}" is no confidence level in percent', "write a number such as 95"
    if readable(row["ci_df"]) and row["ci_df"] and not _float(row["ci_df"]) > 0:
        yield "ci_df", f'"{row["ci_df"]}" are no degrees of freedom', "write a number above 0"


def _mean(row: _Row, _known: Mapping[str, set[str]]) -> Iterator[_Trouble]:
    step = row["step"]
    if not math.isnan(step) and step <= 0:
        yield "step", f"a step of {step:g} cannot be", "write the smallest difference between two values, such as 1"


def _total(row: _Row, known: Mapping[str, set[str]]) -> Iterator[_Trouble]:
    for part in split_list(row["parts"]):
        if not part.isdecimal() and part not in known["totals"]:
            yield "parts", f'"{part}" is neither a number nor a total of this table', "write one of the two"


def _statement(row: _Row, _known: Mapping[str, set[str]]) -> Iterator[_Trouble]:
    name, value = row["statement"], row["value"]
    if name in _STATED:
        low, high = _STATED[name]
        if not low < _float(value) < high:
            yield "value", f'"{value}" is no {name}', f"write a number between {low:g} and {high:g}"
    elif name != "population" and value.lower() not in ("yes", "partly", "no"):
        yield "value", f'"{value}" says nothing of {name}', "write yes, partly or no"


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


_EXTRA = {"estimates": _estimate, "means": _mean, "totals": _total, "statements": _statement}
