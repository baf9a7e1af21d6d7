"""Rows and cells of what is handed over."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.tables import rows_of

Row = Mapping[str, Any]


def blank(value: Any) -> bool:
    """Whether a cell holds nothing."""
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


def shown(value: Any) -> str:
    """A cell as text: whole numbers without a point, others so that they read back exactly."""
    if blank(value):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A CSV file with these columns; a column that a row has not is blank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([shown(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def by_analysis(effects: pd.DataFrame, *, used: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The rows of results/synthesis/effects of each analysis, only those that are pooled unless told otherwise."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(effects):
        if row["used"] or not used:
            found.setdefault(row["analysis"], []).append(row)
    return found
