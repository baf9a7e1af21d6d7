"""The pooling engine as this stage uses it: many analyses in one call, by the words of the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviewflow.pooling import PRESETS, Analysis, Choice, Studies, analyse_many

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
# Numbers of an estimate that its tables share, by the names of pooled.csv.
NUMBERS = (
    "estimate", "se", "ci_lower", "ci_upper", "z", "p_value", "pi_lower", "pi_upper", "q", "df", "q_p", "i2", "tau2",
    "estimate_natural", "ci_lower_natural", "ci_upper_natural", "pi_lower_natural", "pi_upper_natural",
)  # fmt: skip


class Job(NamedTuple):
    """One pooling: the measure, the studies that are in it, and the choices."""

    measure: str
    studies: Studies
    choice: Choice


def pool(jobs: Sequence[Job]) -> list[Analysis]:
    """All jobs, in their order."""
    return analyse_many(jobs)


def choice(analysis: Mapping[Any, Any], synthesis: Mapping[str, Any]) -> Choice:
    """The choices of a row of analyses.csv; what it leaves blank is that of synthesis.preset."""
    named = {"tau2": "tau2_method", "ci": "ci_method", "prediction": "prediction"}
    said = {name: analysis[column] for name, column in named.items() if analysis.get(column)}
    said |= {"method": analysis["method"], "model": analysis["model"], "level": float(synthesis["level"])}
    return replace(PRESETS[synthesis["preset"]], q_threshold=synthesis["q_test_threshold"], **said)


def numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers that the tables of estimates share, of a row of the engine; None where one does not exist."""
    return {name: row[name] for name in NUMBERS}


class Ask(NamedTuple):
    """A row of a table that waits for an estimate: the table, its cells so far, and the job that fills the rest."""

    table: str
    row: dict[str, Any]
    job: Job


def answer(asks: Sequence[Ask]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all asks by their tables, in one call of the engine."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for ask, result in zip(asks, pool([ask.job for ask in asks]), strict=True):
        found = numbers(result.row) | {"model": result.row["model"]}
        rows.setdefault(ask.table, []).append(ask.row | found)
    return rows
