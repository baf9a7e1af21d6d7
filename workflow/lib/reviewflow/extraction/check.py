"""Faults of the extraction that one table alone does not show."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.form import TABLES, columns_of
from reviewflow.tables import Fault

from .adjudication import adjudication_faults
from .check_lines import line_troubles
from .overlap import overlap_faults
from .rows import Row, rows_of

Frames = Mapping[str, pd.DataFrame]


def check(
    config: Mapping[str, Any],
    studies: Frames,
    arms: Frames,
    results: Frames,
    adjudication: pd.DataFrame,
    study_reports: pd.DataFrame,
    outcomes: pd.DataFrame,
    overlaps: pd.DataFrame | None = None,
) -> list[Fault]:
    """All faults, sorted by file and line. The arguments are those of `build`."""
    known = set(study_reports["study_id"])
    kinds = dict(zip(outcomes["outcome"], outcomes["kind"], strict=True))
    rows = [
        (
            row,
            (
                "study_id",
                f'"{row["study_id"]}" is not in study_reports.csv',
                "add it there or correct it here",
            ),
        )
        for people in (studies, arms, results)
        for data in people.values()
        for row in rows_of(data)
        if row["study_id"] not in known
    ]
    for extractor, data in results.items():
        arm_of = {(arm["study_id"], arm["arm_id"]): arm for arm in rows_of(arms[extractor])}
        rows += [(row, t) for row in rows_of(data) for t in line_troubles(row, config, kinds, arm_of)]
    tables = dict(zip(TABLES, (studies, arms, results), strict=True))
    rows += adjudication_faults(rows_of(adjudication), tables, columns_of(config))
    rows += _own_cells(rows_of(adjudication), config["extraction"]["extractors"])
    rows += _alike(rows_of(study_reports))
    rows += _slashes(rows_of(study_reports), "study_id")
    rows += [found for data in arms.values() for found in _slashes(rows_of(data), "arm_id")]
    rows += [] if overlaps is None else overlap_faults(rows_of(overlaps), known)
    return sorted(Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in rows)


def _own_cells(rows: Sequence[Row], extractors: Sequence[str]) -> Iterator[tuple[Row, tuple[str, str, str]]]:
    """Rulings of an extractor, who would rule between another and himself."""
    for row in rows:
        if row["adjudicator"] in extractors:
            problem = f"{row['adjudicator']} is one of the extractors"
            yield row, ("adjudicator", problem, "let somebody else rule, and write that name")


def _slashes(rows: Sequence[Row], column: str) -> Iterator[tuple[Row, tuple[str, str, str]]]:
    """Names with the sign that joins the parts of a key: two lines could bear one key, and one ruling hold for both."""
    for row in rows:
        if "/" in row[column]:
            yield row, (column, f'"{row[column]}" has a slash, which joins the parts of a key', "write a hyphen")


def _alike(rows: Sequence[Row]) -> Iterator[tuple[Row, tuple[str, str, str]]]:
    """Links of studies whose names people take for one: as two studies they would be counted twice."""
    first: dict[str, str] = {}
    for row in rows:
        name = row["study_id"]
        other = first.setdefault(" ".join(unicodedata.normalize("NFKC", name).casefold().split()), name)
        if other != name:
            problem = f'"{name}" and "{other}" differ in capitals, blanks or width only'
            yield row, ("study_id", problem, "write one of them throughout, or give one study another name")
