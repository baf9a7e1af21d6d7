"""Tables with a million rows: read and written column by column, without a Python object a cell. The bytes are those
of `write_results`."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import polars as pl

from reviewflow.schema import Column, schema

from .places import fresh, table_of

_TYPES: dict[str, type[pl.DataType]] = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}


def column_type(column: Column | None) -> type[pl.DataType]:
    """How a declared column is held; further columns are text."""
    return _TYPES.get(column.type, pl.String) if column else pl.String


def read_columns(path: Path | str) -> pl.DataFrame:
    """Read a table of results/ with the types of its schema. Blank numbers are null, blank text is ""."""
    return pl.read_csv(path, infer_schema=False, schema_overrides=_overrides(path), empty_string_is_null=False)


def scan_columns(path: Path | str) -> pl.LazyFrame:
    """The same, read only when rows are asked for, and of these only the ones that are wanted."""
    return pl.scan_csv(
        path, infer_schema=False, schema_overrides=_overrides(path), empty_string_is_null=False, glob=False
    )


def _overrides(path: Path | str) -> dict[str, type[pl.DataType]]:
    declared = schema(table_of(path)).columns
    return {name: column_type(column) for name, column in declared.items() if column.type in _TYPES}


def from_frame(table: str, data: pd.DataFrame) -> pl.DataFrame:
    """The same table, held in columns."""
    declared = schema(table).columns
    return pl.DataFrame(
        {name: [None if v is pd.NA else v for v in data[name]] for name in data.columns},
        schema={name: column_type(declared.get(name)) for name in data.columns},
    )


def to_frame(table: str, columns: pl.DataFrame) -> pd.DataFrame:
    """The same table with a Python object a cell, typed as `read_result` does it."""
    kinds = {name: column.type for name, column in schema(table).columns.items()}
    types = {"integer": "Int64", "number": "float64", "boolean": "bool"}
    return pd.DataFrame(
        {
            name: pd.Series(columns[name].to_list(), dtype=types.get(kinds.get(name, ""), "object"))
            for name in columns.columns
        }
    )


def empty_columns(table: str) -> pl.DataFrame:
    """A table without rows."""
    return pl.DataFrame(schema={name: column_type(column) for name, column in schema(table).columns.items()})


def write_columns(tables: Mapping[str, pl.DataFrame], paths: Mapping[str, str]) -> None:
    """Write each table to the path of the same name; all are written beside their places first, then renamed."""
    written = [(path, _beside(Path(path), _printed(tables[name], table_of(path)))) for name, path in paths.items()]
    for path, temporary in written:
        os.replace(temporary, path)


def _printed(data: pl.DataFrame, table: str) -> pl.DataFrame:
    """Schema order, sorted by key, numbers so that they read back exactly, nothing where a cell is blank."""
    declared = schema(table)
    names: Sequence[str] = [*declared.columns, *(c for c in data.columns if c not in declared.columns)]
    ordered = data.select(names).sort(declared.key, nulls_last=True, maintain_order=True)
    return ordered.with_columns([_cells(ordered[name]) for name in names])


def _cells(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Float64:
        return values.fill_nan(None).map_elements(lambda v: repr(v or 0.0), return_dtype=pl.String)
    if values.dtype != pl.String:
        return values
    if values.str.contains("\r", literal=True).any():
        values = values.str.replace_all("\r\n?", "\n")
    return values.set(values == "", None)


def _beside(place: Path, data: pl.DataFrame) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = fresh(place)
    try:
        data.write_csv(temporary, quote_style="necessary")
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return str(temporary)
