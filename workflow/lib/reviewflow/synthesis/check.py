"""Faults of the analyses and of the printed estimates that one table alone does not show."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault

from .reproduction import FIELDS, printed_fault

Row = Mapping[Hashable, Any]
Trouble = tuple[str, str, str]
# The kind of outcome that a measure is made for; GIV takes any effect with its standard error.
KIND_OF_MEASURE = {"MD": "continuous", "OR": "dichotomous"}
# The measures that the Mantel-Haenszel method weights here.
MANTEL_HAENSZEL = ("OR",)


def check(
    config: Mapping[str, Any], analyses: pd.DataFrame, estimates: pd.DataFrame, outcomes: pd.DataFrame
) -> list[Fault]:
    """All faults, sorted by file and line. `analyses`, `estimates` and `outcomes` are people's frames."""
    kinds = dict(zip(outcomes["outcome"], outcomes["kind"], strict=True))
    rows = [(row, trouble) for row in analyses.to_dict("records") for trouble in _analysis(row, config, kinds)]
    known = set(analyses["analysis"])
    rows += [(row, trouble) for row in estimates.to_dict("records") for trouble in _estimate(row, known)]
    return sorted(Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in rows)


def _analysis(row: Row, config: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Trouble]:
    comparisons, measure = config["comparisons"], row["measure"]
    if row["comparison"] not in comparisons:
        problem = f'"{row["comparison"]}" is not a comparison of config.yaml'
        yield "comparison", problem, f"write one of {', '.join(comparisons)}"
    if row["outcome"] not in kinds:
        problem = f'"{row["outcome"]}" is not in outcomes.csv'
        yield "outcome", problem, f"write one of {', '.join(kinds)}"
    if row["method"] == "MH" and measure not in MANTEL_HAENSZEL:
        yield "method", f"MH does not weight {measure}", "write IV"
    wanted, kind = KIND_OF_MEASURE.get(measure), kinds.get(row["outcome"])
    if wanted and kind and wanted != kind:
        problem = f"{measure} is for {wanted} outcomes, {row['outcome']} is {kind}"
        yield "measure", problem, "correct one of them"


def _estimate(row: Row, known: set[str]) -> Iterator[Trouble]:
    if row["analysis"] not in known:
        problem = f'"{row["analysis"]}" is not in config/analyses.csv'
        yield "analysis", problem, "add it there or correct it here"
    for field in FIELDS:
        form = printed_fault(field, row[field])
        if form:
            yield field, f'"{row[field]}" cannot be compared', f"write {form}"
