"""What models of dependent effects and of rare events cannot be asked for, and what they need of a file."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reviewflow.faults import Fault

from .batch import Array
from .choice import COLUMNS, LIKELIHOODS, Choice
from .csvfile import Table

_INDEPENDENT = ("influence", "egger", "begg", "peters", "harbord", "trim_and_fill", "moderator", "category")
_PLACES = ("leave_one_out", "cumulative")


def faults(
    table: Table, measure: str, choice: Choice, options: Mapping[str, Any], numbers: Mapping[str, Array]
) -> Iterator[Fault]:
    """Each fault of the options with the file and the line."""
    dependent = choice.dependence != "refuse"
    if options.get("rho") is not None and not dependent:
        yield Fault(table.file, 0, "", "--rho belongs to dependent effects", "say --dependence three_level or robust")
    if dependent and not options.get("study"):
        problem = f"--dependence {choice.dependence} needs to know which study an effect is of"
        yield Fault(table.file, 0, "", problem, "name the column with --study")
    elif dependent and table.has(options["study"]):
        for i, name in enumerate(table.text(options["study"])):
            if not name:
                yield Fault(table.file, table.line(i), options["study"], "the effect is of no study", "name its study")
    if choice.method == "GLMM" and measure in LIKELIHOODS:
        yield from _counts(table, measure, numbers)
    if not dependent and choice.method != "GLMM":
        return
    model = f"--dependence {choice.dependence}" if dependent else "--method GLMM"
    for name in _INDEPENDENT + _PLACES:
        if options.get(name):
            shown = f"--{name.replace('_', '-')}"
            yield Fault(table.file, 0, "", f"{shown} is not made with {model}", f"ask for it without {model}")
    if options.get("subgroup_tau2") == "common":
        yield Fault(table.file, 0, "", f"a common tau2 is not made with {model}", "say --subgroup-tau2 own")


def _counts(table: Table, measure: str, numbers: Mapping[str, Array]) -> Iterator[Fault]:
    names = COLUMNS[measure]
    if not all(name in numbers for name in names):
        yield Fault(table.file, 0, "", "GLMM needs counts, and there are none", f"give {', '.join(names)}")
        return
    for name in names:
        odd = np.isfinite(numbers[name]) & (numbers[name] != np.round(numbers[name]))
        for i in np.flatnonzero(odd).tolist() if not name.startswith("t") else ():
            problem = f"{numbers[name][i]:g} is no whole number, and only these have a likelihood"
            yield Fault(table.file, table.line(i), name, problem, "combine arms instead of dividing one, or use IV")
