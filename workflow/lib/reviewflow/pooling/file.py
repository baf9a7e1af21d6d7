"""A CSV file of studies to its pooled numbers: what `reviewflow pool` prints."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from reviewflow.faults import Fault, raise_faults

from . import apart, further
from .analyse import analyse
from .batch import Array
from .choice import BINARY, Choice, impossible, preset
from .columns import columns, left_alone
from .csvfile import Table
from .moderators import Design, design
from .row import Analysis
from .studies import Studies, studies
from .subgroups import subgroups

# Columns that name studies, the first that is there.
_NAMES = ("study", "study_id", "label", "slab", "trial", "author")
_CHOSEN = (
    "method", "model", "tau2", "ci", "level", "prediction", "q_threshold", "smd", "interval_level", "dependence", "rho",
)  # fmt: skip
_TESTS = ("egger", "begg", "peters", "harbord", "trim_and_fill")


class _Asked(NamedTuple):
    """A file that has been read and found sound."""

    table: Table
    measure: str
    choice: Choice
    numbers: dict[str, Array]
    found: Studies
    labels: list[str]
    order: list[int]
    design: Design | None


def pool_file(text: str, file: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that was asked for, by the names of pooled.csv: the numbers of the analysis, `studies`, what `options`
    names beside them, and `warnings`. `options` are those of the command with _ for -; what is absent is not asked for.

    Raises DataFaults with all faults of the file and of the options at once.
    """
    asked = _read(text, file, options)
    whole = analyse(asked.measure, asked.found, asked.choice)
    result: dict[str, Any] = dict(whole.row)
    result["preset"] = options.get("preset") or "cochrane2025"
    result["studies"] = _study_rows(asked, whole)
    result["warnings"] = list(_warnings(asked, options))
    return result | _beside(asked, whole, options)


def _beside(asked: _Asked, whole: Analysis, options: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for beside the estimate."""
    result: dict[str, Any] = {}
    data = further.Data(asked.measure, asked.choice, asked.found, asked.labels, whole.row["model"] == "random")
    if options.get("subgroup"):
        values = asked.table.groups(options["subgroup"])
        made = subgroups(
            asked.measure, asked.found, values, asked.choice, common=options.get("subgroup_tau2") == "common"
        )
        result |= {"subgroups": made.rows, "subgroup_differences": made.test}
    if options.get("leave_one_out"):
        result["leave_one_out"] = further.leave_one_out(data)
    if options.get("cumulative"):
        result["cumulative"] = further.cumulative(data, asked.order)
    if options.get("influence"):
        result["influence"] = further.influence_rows(data)
    result |= {test: further.test_row(data, test, asked.numbers) for test in _TESTS if options.get(test)}
    if asked.design is not None:
        result["meta_regression"] = further.regression(data, asked.design, int(options.get("permutations") or 0))
    return result


def _read(text: str, file: str, options: Mapping[str, Any]) -> _Asked:
    measure = options["measure"]
    table = Table(text, file, comma=bool(options.get("decimal_comma")))
    chosen = {name: options[name] for name in _CHOSEN if options.get(name) is not None}
    choice = replace(preset(options.get("preset") or "cochrane2025", measure), **chosen)
    numbers, faults = columns(table, measure)
    if options.get("rho") is None:
        choice = replace(choice, rho=0.5 if choice.dependence == "robust" else 0.0)
    faults += [Fault(file, 0, "", problem, mend) for problem, mend in impossible(measure, choice)]
    faults += apart.faults(table, measure, choice, options, numbers)
    faults += _option_faults(table, measure, choice, options)
    moderators, words = (list(options.get(name) or []) for name in ("moderator", "category"))
    named = [options.get("subgroup"), options.get("sort"), options.get("study"), *moderators, *words]
    faults += table.missing(tuple(name for name in named if name))
    raise_faults(faults)
    found = studies(measure, numbers, choice)
    if choice.dependence != "refuse":
        found = found._replace(study=np.array(table.text(options["study"]), dtype=object))
    order, wrong = _order(table, found, options.get("sort"))
    made: Design | None = None
    if moderators or words:
        made, more = design(table, moderators, words, found.there)
        wrong += more or further.regression_faults(file, made)
    raise_faults(wrong)
    name = options.get("study") or next((name for name in _NAMES if table.has(name)), "")
    named = table.text(name) if name else [""] * len(found.y)
    labels = [label or str(i) for i, label in enumerate(named, 1)]
    return _Asked(table, measure, choice, numbers, found, labels, order, made)


def _option_faults(table: Table, measure: str, choice: Choice, options: Mapping[str, Any]) -> Iterator[Fault]:
    counts = measure in BINARY and (table.has("ai") or table.has("ci"))
    for test, measures in (("peters", ("OR", "RR", "PETO")), ("harbord", ("OR", "PETO"))):
        if options.get(test) and not (counts and measure in measures):
            problem = f"--{test} is a test of 2x2 tables for {', '.join(measures)}"
            yield Fault(table.file, 0, "", problem, "ask for --egger, or give ai, n1i, ci, n2i and such a measure")
    if choice.method == "MH" and measure in BINARY and not counts:
        yield Fault(table.file, 0, "", "Mantel-Haenszel sums counts, and there are none", "say --method IV")
    rounds = options.get("permutations") or 0
    if rounds and not (options.get("moderator") or options.get("category")):
        yield Fault(table.file, 0, "", "--permutations has nothing to permute", "name a --moderator or --category")
    if rounds < 0 or rounds == 1:
        yield Fault(table.file, 0, "", f"--permutations {rounds}", "say how many, such as 1000")


def _order(table: Table, found: Studies, column: str | None) -> tuple[list[int], list[Fault]]:
    """Places of the studies with an effect, by the numbers of a column where one is named, else as they stand."""
    used = np.flatnonzero(found.there)
    if not column:
        return used.tolist(), []
    values, faults = table.numbers(column)
    faults += [
        Fault(table.file, table.line(i), column, "the study has no number to sort by", "give it one")
        for i in used.tolist()
        if np.isnan(values[i]) and not faults
    ]
    return sorted(used.tolist(), key=lambda i: (values[i], i)), faults


def _study_rows(asked: _Asked, whole: Analysis) -> list[dict[str, Any]]:
    found = asked.found
    parts = (found.y, found.v, whole.weight_fixed, whole.weight_random)
    notes = found.why_not if found.notes is None else np.where(found.why_not == "", found.notes, found.why_not)
    return [
        {"study": label, "line": asked.table.line(i), "used": bool(found.there[i])}
        | {
            name: float(part[i])
            for name, part in zip(("yi", "vi", "weight_fixed", "weight_random"), parts, strict=True)
        }
        | {"note": notes[i]}
        for i, label in enumerate(asked.labels)
    ]


def _warnings(asked: _Asked, options: Mapping[str, Any]) -> Iterator[str]:
    used = asked.found.there
    yield from filter(None, [left_alone(asked.table, asked.measure)])
    out = [(label, why) for label, why in zip(asked.labels, asked.found.why_not, strict=True) if why]
    yield from (f"{label}: left out, {why}" for label, why in out)
    counts = Counter(label for label, there in zip(asked.labels, used, strict=True) if there)
    for label, count in counts.items():
        if count > 1 and asked.choice.dependence == "refuse":
            yield f"{label}: {count} effects of one name; effects of the same people are not independent"
    if options.get("subgroup"):
        blank = sum(not v and u for v, u in zip(asked.table.groups(options["subgroup"]), used, strict=True))
        if blank:
            yield f"{blank} of the studies are in no subgroup: {options['subgroup']} is blank"
    if asked.design is not None:
        for i in np.flatnonzero(used & ~asked.design.there).tolist():
            yield f"{asked.labels[i]}: not in the meta-regression, a moderator is blank"
