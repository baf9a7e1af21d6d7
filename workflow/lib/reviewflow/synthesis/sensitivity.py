"""Sensitivity analyses that config.yaml declares: analyses repeated with something changed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reviewflow.tables import join_list

from .effects import rests_on_correlation
from .engine import Ask
from .entries import Entry, Sources, enter
from .kinds import KINDS, impossible, mismatch

Row = dict[str, Any]
_ASKED = ("measure", "method", "model", "tau2_method", "ci_method", "rho")


def asks(entry: Entry, sources: Sources) -> tuple[list[Ask], list[Row]]:
    """The variants of one analysis that can be run, and rows that say why others are not."""
    found: list[Ask] = []
    unrun: list[Row] = []
    for declared in sources.synthesis["sensitivity"]:
        if entry.name in declared.get("only", [entry.name]):
            for value in declared.get("correlation", [None]):
                row = _head(entry, declared, value)
                made = _variant(entry, declared, value, sources, row)
                if made is None:
                    unrun.append(row)
                else:
                    found.append(made)
    return found, unrun


def _head(entry: Entry, declared: Mapping[str, Any], correlation: float | None) -> Row:
    words = [f"{name} {declared[name]}" for name in _ASKED if name in declared]
    if "drop_risk_of_bias" in declared:
        words.append(f"without studies at {' or '.join(declared['drop_risk_of_bias'])} risk of bias")
    if declared.get("drop_imputed"):
        words.append("without imputed numbers")
    if "drop_studies" in declared:
        words.append(f"without {', '.join(declared['drop_studies'])}")
    variant = "" if correlation is None else f"{correlation:g}"
    if variant:
        words.append(f"correlation {variant}")
    row = {"analysis": entry.name, "sensitivity": declared["name"], "variant": variant, "label": declared["label"]}
    return row | {"changed": ", ".join(words), "k": 0, "note": ""}


def _variant(
    entry: Entry, declared: Mapping[str, Any], correlation: float | None, sources: Sources, row: Row
) -> Ask | None:
    """The changed analysis, or None with the reason in the note of `row`."""
    analysis = dict(entry.analysis) | {name: declared[name] for name in _ASKED if name in declared}
    notes = _troubles(analysis, sources)
    if correlation is not None and not _varies(entry):
        notes.append("no effect rests on a correlation that its reports do not print")
    out, unknown = _drops(entry, declared, sources)
    if "drop_risk_of_bias" in declared and len(unknown) == entry.k:
        notes.append("no study has an overall judgement of risk of bias")
    if notes or entry.stop:
        row["note"] = join_list(["not run", *(notes or [entry.stop])])
        return None
    changed = enter(analysis, sources, out, correlation, bool(declared.get("drop_imputed")))
    summary = changed.summary(sources)
    row |= {"k": summary["k"], "n": summary["n"]}
    row["k_left_out"] = len(set(entry.values("study_id")) - set(changed.values("study_id")))
    row["note"] = _note(entry, changed, unknown)
    return Ask("sensitivity", row, changed.job())


def _troubles(analysis: Mapping[str, Any], sources: Sources) -> list[str]:
    """Why the changed analysis cannot be made."""
    outcome = analysis["outcome"]
    within = bool(sources.config["comparisons"][analysis["comparison"]]["before_after"])
    kind = str(sources.outcomes[outcome].get("kind") or "")
    found = impossible(analysis["measure"], analysis["method"], analysis["model"], analysis.get("dependence") or "")
    found += mismatch(analysis["measure"], outcome, kind, within)
    return [problem for _, problem, _ in found]


def _varies(entry: Entry) -> bool:
    return KINDS[entry.measure].within and bool((rests_on_correlation(entry.own) & entry.used).any())


def _drops(entry: Entry, declared: Mapping[str, Any], sources: Sources) -> tuple[dict[str, str], list[str]]:
    """Studies to leave out with the reason, and those in the analysis whose risk of bias nobody has settled."""
    out = dict.fromkeys(declared.get("drop_studies", []), "left out in this sensitivity analysis")
    unknown = []
    for study in sorted(set(entry.values("study_id")) if "drop_risk_of_bias" in declared else ()):
        whole = sources.judgements.get((study, ""), "")
        judgement = sources.judgements.get((study, entry.analysis["outcome"]), whole)
        if judgement in declared["drop_risk_of_bias"]:
            out[study] = f"left out: {judgement} risk of bias"
        elif not judgement:
            unknown.append(study)
    return out, unknown


def _note(entry: Entry, changed: Entry, unknown: list[str]) -> str:
    counts = {0: "k = 0: no study is left", 1: "k = 1: the result of a single study"}
    same = np.array_equal(entry.used, changed.used) and _same(entry, changed)
    kept = f"kept without an overall judgement of risk of bias: {', '.join(unknown)}" if unknown else ""
    return join_list([counts.get(changed.k, ""), "nothing differs from the analysis" if same else "", kept])


def _same(entry: Entry, changed: Entry) -> bool:
    """Whether effects and choices are those of the analysis."""
    one, two = entry.effects.studies, changed.effects.studies
    equal = all(np.array_equal(a, b, equal_nan=True) for a, b in ((one.y, two.y), (one.v, two.v)))
    return equal and (entry.measure, entry.choice) == (changed.measure, changed.choice)
