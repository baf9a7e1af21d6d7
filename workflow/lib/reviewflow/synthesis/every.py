"""Every analysis and what belongs to it, pooled in few calls."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

from reviewflow.pooling import Analysis

from . import asymmetry, engine, moderators, sensitivity, singly, subgroups
from .entries import Entry, Sources, enter
from .estimates import effect_rows, left_out_rows, pooled_row

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def every(analyses: Sequence[Row], sources: Sources, issues: Sequence[Mapping[str, Any]]) -> Tables:
    """The rows of all tables by their names. `issues` has the rows of results/extraction/issues."""
    entries = [enter(analysis, sources) for analysis in analyses]
    pooled = list(zip(entries, engine.pool([entry.job() for entry in entries]), strict=True))
    tables: Tables = {
        "effects": [row for entry, result in pooled for row in effect_rows(entry, result, sources)],
        "pooled": [pooled_row(entry, result, sources) for entry, result in pooled],
        "left_out": [row for entry in entries for row in left_out_rows(entry, sources, issues)],
    }
    asks: list[engine.Ask] = []
    for entry, result in pooled:
        asks += _beside(entry, result, sources, tables)
    for name, rows in engine.answer(asks).items():
        tables.setdefault(name, []).extend(rows)
    return {name: [_filled(row) for row in rows] for name, rows in tables.items()}


def _beside(entry: Entry, result: Analysis, sources: Sources, tables: Tables) -> list[engine.Ask]:
    """Add what needs no pooling to the tables; gives what does."""
    asks, unrun = sensitivity.asks(entry, sources)
    tested, filled, waiting = asymmetry.rows(entry, result, sources)
    terms, fits = moderators.rows(entry, sources)
    made = {"sensitivity": unrun, "asymmetry": tested, "filled": filled, "regression": terms, "regression_fit": fits}
    made["influence"] = singly.influence_rows(entry, result)
    made["subgroups"], made["subgroup_tests"] = subgroups.rows(entry, result, sources)
    for name, rows in made.items():
        tables.setdefault(name, []).extend(rows)
    return [*asks, *waiting, *singly.asks(entry, result, sources)]


def _filled(row: Row) -> Row:
    """The row without cells that hold no number, which are blank in a table."""
    return {name: None if isinstance(cell, float) and isnan(cell) else cell for name, cell in row.items()}
