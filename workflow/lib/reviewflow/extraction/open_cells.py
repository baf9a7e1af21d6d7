"""The cells that wait for the adjudicator, with where and in which words each extractor read them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow.form import TABLES, columns_of, form

from .consensus import consensus, rulings_of
from .rows import WHOLE_LINE, Row


def open_cells(
    config: Mapping[str, Any], tables: Mapping[str, Mapping[str, pd.DataFrame]], adjudication: pd.DataFrame
) -> list[dict[str, str]]:
    """The unresolved disagreements as cells of text: table, key, column, label, and of each extractor `NAME`,
    `NAME page` and `NAME quote`. `tables` are people's frames by table and extractor."""
    extractors = sorted(config["extraction"]["extractors"])
    begun = {e: {s for name in TABLES for s in tables[name][e]["study_id"]} for e in extractors}
    rulings, columns = rulings_of(adjudication), columns_of(config)
    found: list[dict[str, str]] = []
    for table in TABLES:
        labels = {field.name: field.heading for field in form(config)[table]}
        own = {e: tables[table][e] for e in extractors}
        agreed = consensus(table, own, begun, rulings, columns[table])
        cells = {(c["key"], c["column"], c["extractor"]): c["value"] for c in agreed.cells}
        present = {(c["key"], c["extractor"]) for c in agreed.cells}
        for row in agreed.disagreements:
            if row["status"] == "unresolved":
                said = _of_whole(row, present) if row["column"] == WHOLE_LINE else cells
                found.append(_open(row, labels, extractors, cells, said))
    return found


def _of_whole(row: Row, present: set[tuple[str, str]]) -> dict[tuple[str, str, str], str]:
    return {(row["key"], WHOLE_LINE, extractor): "present" for key, extractor in present if key == row["key"]}


def _open(
    row: Row,
    labels: Mapping[str, str],
    extractors: list[str],
    cells: Mapping[tuple[str, str, str], str],
    said: Mapping[tuple[str, str, str], str],
) -> dict[str, str]:
    key, column = row["key"], row["column"]
    absent = "absent" if column == WHOLE_LINE else ""
    line = {"table": row["table"], "key": key, "column": column, "label": labels.get(column, "the whole line")}
    for extractor in extractors:
        line[extractor] = said.get((key, column, extractor), absent)
        for part in ("page", "quote"):
            line[f"{extractor} {part}"] = cells.get((key, part, extractor), "")
    return line
