"""One table as several extractors filled it in, compared cell by cell."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from reviewflow.form import canonical, same
from reviewflow.tables import Column, join_list, schema

from .as_extracted import Cell, as_extracted
from .rows import UNCOMPARED, WHOLE_LINE, Key, Row, key_text, plain, rows_of, text

Rulings = Mapping[tuple[str, str, str], Row]
Columns = Mapping[str, Column]


class Line(NamedTuple):
    """One line of a table. `values` are the cells that hold, None where blank or unresolved; `unresolved`
    are the columns on which extractors differ and nobody ruled; `lacking` are those who should have the
    line and have not."""

    values: Row
    unresolved: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Whether the line may be used."""
        return not self.unresolved and not self.lacking


class Consensus(NamedTuple):
    """The lines of one table by key, and its rows of results/extraction/disagreements and as_extracted."""

    lines: dict[Key, Line]
    disagreements: list[Row]
    cells: list[Row]


def rulings_of(adjudication: pd.DataFrame) -> Rulings:
    """The rows of adjudication.csv by table, key and column."""
    rows = rows_of(adjudication)
    return {(row["table"], plain(row["key"]), row["column"]): row for row in rows}


def consensus(
    table: str,
    frames: Mapping[str, pd.DataFrame],
    begun: Mapping[str, Collection[str]],
    rulings: Rulings,
    columns: Columns,
) -> Consensus:
    """Compare the tables of all extractors.

    `frames` has one frame of people's `table` (studies, arms or results) for each extractor of the protocol,
    `begun` the studies of which each has extracted anything, `columns` what each column may hold.
    A cell on which all who have the line agree holds (numbers compare as numbers, text by its words); else the ruling
    holds; a ruling holds even against agreement. A line that one of several extractors has needs the ruling keep or
    drop on column *; it is a disagreement once another of them has begun the study.
    """
    held: dict[Key, dict[str, Row]] = {}
    order = schema(f"records/extraction/{table}").key
    for extractor, data in frames.items():
        for row in rows_of(data):
            held.setdefault(tuple(row[part] for part in order), {})[extractor] = row
    found = Consensus({}, [], [])
    for key in sorted(held, key=key_text):
        expected = [e for e in sorted(frames) if key[0] in begun[e]]
        cells = _cells(table, key, held[key], rulings, columns)
        whole = rulings.get((table, plain(key_text(key)), WHOLE_LINE))
        line, differing = _line(table, key, held[key], sorted(frames), expected, whole, cells)
        found.disagreements.extend(differing)
        found.cells.extend(as_extracted(table, key, held[key], cells, dropped=line is None))
        if line is not None:
            found.lines[key] = line
    return found


def _cells(table: str, key: Key, held: Mapping[str, Row], rulings: Rulings, columns: Columns) -> list[Cell]:
    """The cells of a line beside its key, those that are compared first."""
    keys = schema(f"records/extraction/{table}").key
    names = [c for c in next(iter(held.values())) if not c.startswith("_") and c not in keys]

    def cell(column: str, rows: Mapping[str, Row]) -> Cell:
        ruling = rulings.get((table, plain(key_text(key)), column))
        values = {extractor: row[column] for extractor, row in rows.items()}
        if ruling is not None:
            return Cell(column, values, ruling, typed_value(columns.get(column), ruling["value"]), False)
        return _unruled(column, values)

    cells = [cell(column, held) for column in names if column not in UNCOMPARED]
    trusted = _trusted_first(held, cells)
    return cells + [cell(column, trusted) for column in names if column in UNCOMPARED]


def _unruled(column: str, values: Mapping[str, object]) -> Cell:
    if column in UNCOMPARED:
        return Cell(column, dict(values), None, next((v for v in values.values() if v is not None), None), False)
    agree = len({canonical(value, column) for value in values.values()}) == 1
    # Of spellings that say the same, the one that comes first in the alphabet: not the one of whoever comes first.
    return Cell(column, dict(values), None, min(values.values(), key=text) if agree else None, not agree)


def _line(
    table: str,
    key: Key,
    held: Mapping[str, Row],
    extractors: Sequence[str],
    expected: Sequence[str],
    whole: Row | None,
    cells: Sequence[Cell],
) -> tuple[Line | None, list[Row]]:
    """The line that holds (None where it was dropped) and its disagreements; `whole` is the ruling on all of it."""
    name = key_text(key)
    single = len(held) == 1 and len(extractors) > 1
    found: list[Row] = []
    dropped = whole is not None and whole["value"] == "drop"
    if dropped or (single and (whole is not None or len(expected) > 1)):
        values = {e: "present" if e in held else "absent" for e in extractors}
        found.append(_disagreement(table, name, WHOLE_LINE, values, whole))
    if dropped:
        return None, found
    found += [_disagreement(table, name, c.column, c.values, c.ruling) for c in cells if _differs(c)]
    keys = schema(f"records/extraction/{table}").key
    values_held = {**dict(zip(keys, key, strict=True)), **{c.column: c.holds for c in cells}}
    lacking = tuple(e for e in extractors if e not in held) if single and whole is None else ()
    return Line(values_held, tuple(c.column for c in cells if c.unresolved), lacking), found


def _differs(cell: Cell) -> bool:
    overruled = any(not same(v, cell.holds, cell.column) for v in cell.values.values())
    return cell.unresolved or (cell.ruling is not None and overruled)


def _trusted_first(held: Mapping[str, Row], cells: Sequence[Cell]) -> dict[str, Row]:
    """The extractors' rows, those first whose cells are the ones that hold: page and quote then belong to
    the value."""

    def overruled(extractor: str) -> bool:
        compared = [cell for cell in cells if not cell.unresolved]
        return any(not same(cell.values[extractor], cell.holds, cell.column) for cell in compared)

    return {e: held[e] for e in sorted(held, key=lambda e: (overruled(e), e))}


def typed_value(column: Column | None, value: str | None) -> object:
    """A ruling's value in the type of its column. Raises ValueError."""
    if value is None or column is None:
        return value
    return {"integer": int, "number": float}.get(column.type, str)(value)


def _disagreement(table: str, key: str, column: str, values: Mapping[str, object], ruling: Row | None) -> Row:
    decided = ruling or {}
    return {
        "table": table,
        "key": key,
        "column": column,
        "values": join_list(f"{extractor}={text(values[extractor])}" for extractor in sorted(values)),
        "status": "adjudicated" if ruling else "unresolved",
        "value": decided.get("value"),
        "adjudicator": decided.get("adjudicator"),
        "note": decided.get("note"),
    }
