"""Rows of tables, fetched by what they must hold: of a table with a million rows only these become Python objects."""

import math
from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from reviewflow.schema import Column, schema
from reviewflow.tables import split_list

Row = dict[str, Any]
_BLANK: dict[str, Any] = {"string": "", "enum": "", "date": "", "datetime": "", "partial_date": ""}


class Source:
    """The tables of a review by the names of their schemas, such as results/dedupe/clusters. A table that is not
    there has no rows; `problems` has what could not be read, each once."""

    def __init__(self, tables: Mapping[str, pl.LazyFrame]) -> None:
        self._tables = tables
        self._columns: dict[str, list[str]] = {}
        self.problems: dict[str, str] = {}

    def has(self, table: str) -> bool:
        """Whether the table is there."""
        return table in self._tables

    def rows(self, table: str, where: pl.Expr) -> list[Row]:
        """The rows that satisfy `where`, in the order of the table, typed: numbers as numbers, lists as lists, a
        blank number as None. Every declared column is there, and further ones behind."""
        return [_row(table, found) for found in self.found(table, where).to_dicts()]

    def within(self, table: str, column: str, values: Collection[str]) -> list[Row]:
        """The rows whose `column` is one of `values`."""
        return self.rows(table, pl.col(column).is_in(sorted(values))) if values else []

    def found(self, table: str, where: pl.Expr, *columns: str) -> pl.DataFrame:
        """The same rows in columns, or some of their columns; an empty frame where a column is not there."""
        empty = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        there = self._names(table)
        missing = {*where.meta.root_names(), *columns} - {*there}
        if there and missing:
            self.problems[table] = f"has no column {', '.join(sorted(missing))}"
        if not there or missing:
            return empty
        frame = self._tables[table].filter(where)
        try:
            return (frame.select(columns) if columns else frame).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError) as error:
            self.problems[table] = _said(error)
            return empty

    def _names(self, table: str) -> list[str]:
        if table not in self._columns:
            try:
                found = self._tables[table].collect_schema().names() if table in self._tables else []
            except (pl.exceptions.PolarsError, OSError) as error:
                self.problems[table] = _said(error)
                found = []
            self._columns[table] = found
        return self._columns[table]


def _said(error: Exception) -> str:
    """The first line of what went wrong."""
    return f"cannot be read ({str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__})"


def _row(table: str, found: Row) -> Row:
    declared = schema(table).columns
    names = [*declared, *(name for name in found if name not in declared)]
    return {name: _typed(declared.get(name), found.get(name), name in found) for name in names}


def _typed(column: Column | None, value: Any, there: bool) -> Any:
    if column is None:
        return "" if value is None else value
    if column.type == "list":
        return split_list(value or "")
    if column.type == "number" and value is not None and not math.isfinite(value):
        return None
    return value if there and value is not None else _BLANK.get(column.type)
