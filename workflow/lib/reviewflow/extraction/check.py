"""Faults of the extraction that one table alone does not show."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.form import TABLES, columns_of
from reviewflow.protocol import is_before_after
from reviewflow.tables import Fault

from .adjudication import adjudication_faults
from .overlap import overlap_faults
from .rows import Row, rows_of

Frames = Mapping[str, pd.DataFrame]
# Column, what is wrong, and the mend.
Trouble = tuple[str, str, str]


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
        rows += [(row, t) for row in rows_of(data) for t in _line_troubles(row, config, kinds, arm_of)]
    tables = dict(zip(TABLES, (studies, arms, results), strict=True))
    rows += adjudication_faults(rows_of(adjudication), tables, columns_of(config))
    rows += [] if overlaps is None else overlap_faults(rows_of(overlaps), known)
    return sorted(Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in rows)


def _line_troubles(
    row: Row, config: Mapping[str, Any], kinds: Mapping[str, str], arm_of: Mapping[tuple[str, str], Row]
) -> Iterator[Trouble]:
    comparison, outcome = row["comparison"], row["outcome"]
    if comparison not in config["comparisons"]:
        problem = f'"{comparison}" is not a comparison of config.yaml'
        yield "comparison", problem, _one_of(config["comparisons"])
    if outcome not in kinds:
        yield "outcome", f'"{outcome}" is not in outcomes.csv', _one_of(kinds)
    yield from _kind_troubles(row, kinds.get(outcome, ""))
    if row["arm_id"] is None:
        before_after = comparison in config["comparisons"] and is_before_after(config, comparison)
        yield from _whole_troubles(row, before_after)
    else:
        yield from _arm_troubles(row)
        yield from _participant_troubles(row, arm_of.get((row["study_id"], row["arm_id"])))


def _one_of(names: Mapping[str, Any]) -> str:
    return f"write one of {', '.join(names)}"


def _kind_troubles(row: Row, kind: str) -> Iterator[Trouble]:
    problem = f"{row['outcome']} is {kind} in outcomes.csv"
    if kind == "continuous" and row["events"] is not None:
        yield "events", problem, "give mean and sd, or correct the outcome"
    if kind == "dichotomous" and row["mean"] is not None:
        yield "mean", problem, "give events, or correct the outcome"


def _whole_troubles(row: Row, before_after: bool) -> Iterator[Trouble]:
    """A line without arm_id must be a whole contrast."""
    of_arm = [column for column in ("events", "mean", "sd") if row[column] is not None]
    if of_arm:
        mend = "name the arm, or leave these cells blank"
        yield "arm_id", f"the cell is blank, but the line has {', '.join(of_arm)} of an arm", mend
    elif row["effect"] is None and row["se"] is None:
        yield "effect", "the line has neither an arm nor an effect", "fill in effect and se, or arm_id"
    elif row["effect"] is None:
        yield "effect", "se without effect", "fill in the effect"
    elif row["se"] is None:
        yield "se", "effect without se", "fill in its standard error"
    if row["se"] == 0:
        yield "se", "a standard error of 0 would give the study all the weight", "check it against the report"
    if row["n"] is not None and not before_after:
        problem = "n of a whole contrast does not say which side it counts"
        yield "n", problem, "give n of each arm in arms.csv"


def _arm_troubles(row: Row) -> Iterator[Trouble]:
    """A line with arm_id must have an arm's numbers and nothing else."""
    of_contrast = [column for column in ("effect", "se") if row[column] is not None]
    for column in of_contrast:
        problem = "the line names an arm, but this belongs to a whole contrast"
        yield column, problem, "give it a line with blank arm_id"
    if row["mean"] is not None and row["sd"] is None:
        yield "sd", "mean without sd", "fill in the standard deviation"
    if row["sd"] is not None and row["mean"] is None:
        yield "mean", "sd without mean", "fill in the mean"
    if row["sd"] == 0:
        yield "sd", "a standard deviation of 0 leaves no variance", "check it against the report"
    if not of_contrast and all(row[column] is None for column in ("events", "mean", "sd")):
        yield "events", "the arm's line has neither events nor mean and sd", "fill them in or remove the line"


def _participant_troubles(row: Row, arm: Row | None) -> Iterator[Trouble]:
    if arm is None:
        problem = f'"{row["arm_id"]}" is not an arm of {row["study_id"]} in arms.csv'
        yield "arm_id", problem, "add it there or correct it here"
    n = row["n"] if row["n"] is not None or arm is None else arm["n"]
    if row["events"] is not None and n is not None and row["events"] > n:
        yield "events", f"{row['events']} events among {n} participants", "check both against the report"
