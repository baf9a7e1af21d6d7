"""Faults of records/extraction/adjudication.csv."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from reviewflow.tables import Column, schema

from .rows import WHOLE_LINE, Row, key_text, plain, rows_of

Trouble = tuple[str, str, str]
# The forms that the table module accepts in a cell of that type.
FORMS = {
    "integer": re.compile(r"[+-]?\d{1,18}"),
    "number": re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?"),
}
NUMBER_WORDS = {
    "integer": ("a whole number", "write digits only"),
    "number": ("a number", "write it as 12.5"),
}


def adjudication_faults(
    rows: Sequence[Row], tables: Mapping[str, Mapping[str, pd.DataFrame]], fields: Sequence[str]
) -> Iterator[tuple[Row, Trouble]]:
    """Each row at fault with its trouble.

    `tables` are people's frames by table and extractor; `fields` are the review's own columns of studies.
    """
    keys = {table: _keys(table, tables[table]) for table in tables}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        table, key, column = row["table"], plain(row["key"]), row["column"]
        if key not in keys[table]:
            problem = f'no extractor has the line "{row["key"]}" in {table}.csv'
            yield row, ("key", problem, "copy the key from results/extraction/disagreements.csv")
        if (table, key, column) in seen:
            yield row, ("key", "the cell was ruled on before", "keep one line a cell")
        seen.add((table, key, column))
        trouble = _trouble(table, column, row["value"], fields)
        if trouble:
            yield row, trouble


def _keys(table: str, frames: Mapping[str, pd.DataFrame]) -> set[str]:
    order = schema(f"records/extraction/{table}").key
    return {plain(key_text(row[part] for part in order)) for data in frames.values() for row in rows_of(data)}


def _trouble(table: str, column: str, value: str | None, fields: Collection[str]) -> Trouble | None:
    declared = schema(f"records/extraction/{table}")
    if column == WHOLE_LINE:
        known = value in ("keep", "drop")
        return None if known else ("value", f'"{value or ""}" is not known', "write keep or drop")
    if column in declared.key:
        return (
            "column",
            f"{column} is part of the key",
            f"rule on the whole line: {WHOLE_LINE} with keep or drop",
        )
    own = [*fields] if table == "studies" else []
    columns = [c for c in [*declared.columns, *own] if c not in declared.key]
    if column not in columns:
        return (
            "column",
            f'"{column}" is not a column of {table}.csv',
            f"the columns are {', '.join(columns)}",
        )
    wrong = _wrong_value(declared.columns.get(column), value)
    return ("value", *wrong) if wrong else None


def _wrong_value(column: Column | None, value: str | None) -> tuple[str, str] | None:
    if column is None:
        return None
    if value is None:
        blank = f"the cell is blank, but {column.name} must be filled"
        return (blank, "write the value that holds") if column.required else None
    if column.type == "enum" and value not in column.values:
        return f'"{value}" is not known', f"write one of {', '.join(column.values)}"
    if column.type in FORMS and not FORMS[column.type].fullmatch(value):
        words, mend = NUMBER_WORDS[column.type]
        return f'"{value}" is not {words}', mend
    if column.minimum is not None and float(value) < column.minimum:
        return f"{value} is below {column.minimum:g}", "check it against the report"
    return None
