"""One table as several extractors filled it in, compared cell by cell."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import join_list, schema

from .rows import UNCOMPARED, WHOLE_LINE, Key, Row, key_text, plain, rows_of, text

Rulings = Mapping[tuple[str, str, str], Row]


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
    """The lines of one table by key, and its rows of results/extraction/disagreements."""

    lines: dict[Key, Line]
    disagreements: list[Row]


class Cell(NamedTuple):
    """One cell: what each extractor has, the ruling on it, and what holds."""

    column: str
    values: dict[str, object]
    ruling: Row | None
    holds: object
    unresolved: bool


def rulings_of(adjudication: pd.DataFrame) -> Rulings:
    """The rows of adjudication.csv by table, key and column."""
    rows = rows_of(adjudication)
    return {(row["table"], plain(row["key"]), row["column"]): row for row in rows}


def consensus(
    table: str, frames: Mapping[str, pd.DataFrame], begun: Mapping[str, Collection[str]], rulings: Rulings
) -> Consensus:
    """Compare the tables of all extractors.

    `frames` has one frame of people's `table` (studies, arms or results) for each extractor of the protocol,
    `begun` the studies of which each has extracted anything.
    A cell on which all who have the line agree holds; else the ruling holds; a ruling holds even against
    agreement. A line that one of several extractors has needs the ruling keep or drop on column *; it is a
    disagreement once another of them has begun the study.
    """
    held: dict[Key, dict[str, Row]] = {}
    order = schema(f"records/extraction/{table}").key
    for extractor, data in frames.items():
        for row in rows_of(data):
            held.setdefault(tuple(row[part] for part in order), {})[extractor] = row
    lines: dict[Key, Line] = {}
    disagreements: list[Row] = []
    for key in sorted(held, key=key_text):
        expected = [e for e in sorted(frames) if key[0] in begun[e]]
        line, differing = _line(table, key, held[key], sorted(frames), expected, rulings)
        disagreements += differing
        if line is not None:
            lines[key] = line
    return Consensus(lines, disagreements)


def _line(
    table: str,
    key: Key,
    held: Mapping[str, Row],
    extractors: Sequence[str],
    expected: Sequence[str],
    rulings: Rulings,
) -> tuple[Line | None, list[Row]]:
    """The line that holds (None where it was dropped) and its disagreements."""
    name = key_text(key)
    whole = rulings.get((table, plain(name), WHOLE_LINE))
    single = len(held) == 1 and len(extractors) > 1
    found: list[Row] = []
    dropped = whole is not None and whole["value"] == "drop"
    if dropped or (single and (whole is not None or len(expected) > 1)):
        values = {e: "present" if e in held else "absent" for e in extractors}
        found.append(_disagreement(table, name, WHOLE_LINE, values, whole))
    if dropped:
        return None, found
    columns = [c for c in next(iter(held.values())) if not c.startswith("_")]
    keys = schema(f"records/extraction/{table}").key
    cells = [_cell(table, name, c, held, rulings) for c in columns if c not in keys and c not in UNCOMPARED]
    trusted = _trusted_first(held, cells)
    cells += [_cell(table, name, c, trusted, rulings) for c in columns if c in UNCOMPARED]
    found += [_disagreement(table, name, c.column, c.values, c.ruling) for c in cells if _differs(c)]
    values_held = {**dict(zip(keys, key, strict=True)), **{c.column: c.holds for c in cells}}
    lacking = tuple(e for e in extractors if e not in held) if single and whole is None else ()
    return Line(values_held, tuple(c.column for c in cells if c.unresolved), lacking), found


def _cell(table: str, key: str, column: str, held: Mapping[str, Row], rulings: Rulings) -> Cell:
    values = {extractor: row[column] for extractor, row in held.items()}
    ruling = rulings.get((table, plain(key), column))
    if ruling is not None:
        return Cell(column, values, ruling, typed_value(table, column, ruling["value"]), False)
    if column in UNCOMPARED:
        return Cell(column, values, None, next((v for v in values.values() if v is not None), None), False)
    agree = len(set(values.values())) == 1
    return Cell(column, values, None, next(iter(values.values())) if agree else None, not agree)


def _differs(cell: Cell) -> bool:
    return cell.unresolved or (cell.ruling is not None and any(v != cell.holds for v in cell.values.values()))


def _trusted_first(held: Mapping[str, Row], cells: Sequence[Cell]) -> dict[str, Row]:
    """The extractors' rows, those first whose cells are the ones that hold: page and quote then belong to
    the value."""

    def overruled(extractor: str) -> bool:
        return any(cell.values[extractor] != cell.holds for cell in cells if not cell.unresolved)

    return {e: held[e] for e in sorted(held, key=lambda e: (overruled(e), e))}


def typed_value(table: str, column: str, value: str | None) -> object:
    """A ruling's value in the type of its column; further columns of studies are text. Raises ValueError."""
    declared = schema(f"records/extraction/{table}").columns.get(column)
    if value is None or declared is None:
        return value
    return {"integer": int, "number": float}.get(declared.type, str)(value)


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
