"""Faults of records/extraction/adjudication.csv."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from reviewflow.tables import Column, cell_trouble, schema

from .rows import WHOLE_LINE, Row, key_text, plain, rows_of

Trouble = tuple[str, str, str]


def adjudication_faults(
    rows: Sequence[Row], tables: Mapping[str, Mapping[str, pd.DataFrame]], columns: Mapping[str, Mapping[str, Column]]
) -> Iterator[tuple[Row, Trouble]]:
    """Each row at fault with its trouble.

    `tables` are people's frames by table and extractor; `columns` are all columns of each table by their names.
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
        trouble = _trouble(table, column, row["value"], columns[table])
        if trouble:
            yield row, trouble


def _keys(table: str, frames: Mapping[str, pd.DataFrame]) -> set[str]:
    order = schema(f"records/extraction/{table}").key
    return {plain(key_text(row[part] for part in order)) for data in frames.values() for row in rows_of(data)}


def _trouble(table: str, column: str, value: str | None, columns: Mapping[str, Column]) -> Trouble | None:
    keys = schema(f"records/extraction/{table}").key
    if column == WHOLE_LINE:
        known = value in ("keep", "drop")
        return None if known else ("value", f'"{value or ""}" is not known', "write keep or drop")
    if column in keys:
        return (
            "column",
            f"{column} is part of the key",
            f"rule on the whole line: {WHOLE_LINE} with keep or drop",
        )
    if column not in columns:
        return (
            "column",
            f'"{column}" is not a column of {table}.csv',
            f"the columns are {', '.join(c for c in columns if c not in keys)}",
        )
    wrong = _wrong_value(columns[column], value)
    return ("value", *wrong) if wrong else None


def _wrong_value(column: Column, value: str | None) -> tuple[str, str] | None:
    if value is None and column.required:
        return f"the cell is blank, but {column.name} must be filled", "write the value that holds"
    return cell_trouble(value or "", column)
