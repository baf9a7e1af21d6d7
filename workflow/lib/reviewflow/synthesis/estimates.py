"""The rows of effects.csv, pooled.csv and left_out.csv."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, natural
from reviewflow.tables import join_list, split_list

from . import engine, mixing, overlaps
from .entries import Entry, Sources

Row = dict[str, Any]
_KEPT = (
    "study_id", "contrast", "label", "n_e", "n_c", "events_e", "events_c", "time_e", "time_c", "mean_e", "sd_e",
    "mean_c", "sd_c", "imputed", "provenance",
)  # fmt: skip
_POOLED = (
    "model", "ci_df", "h2", "i2_q", "h2_q", "tau2_lower", "tau2_upper", "tau2_between", "tau2_within", "lr", "lr_p",
    "rho",
)  # fmt: skip


def effect_rows(entry: Entry, result: Analysis, sources: Sources) -> list[Row]:
    """Rows of effects.csv of one analysis."""
    from scipy.special import ndtri

    found, measure = entry.effects.studies, entry.measure
    se = np.sqrt(found.v)
    half = ndtri(0.5 + entry.choice.level / 200) * se
    columns: dict[str, Any] = {name: entry.own[name] for name in _KEPT}
    limits = {"ci_lower": found.y - half, "ci_upper": found.y + half}
    columns |= {"yi": found.y, "vi": found.v, "se": se, **limits, "used": entry.used}
    columns["effect_natural"] = natural(measure, found.y)
    columns |= {f"{name}_natural": natural(measure, values) for name, values in limits.items()}
    for name in ("weight_fixed", "weight_random"):
        weights = np.full(len(se), np.nan)
        weights[entry.used] = getattr(result, name)
        columns[name] = weights
    columns["subgroup"] = [str(v) for v in subgroup_values(entry, sources, entry.own["study_id"])]
    noted = zip(entry.why, entry.effects.note, entry.own["note"], strict=True)
    columns["note"] = ["; ".join(filter(None, words)) for words in noted]
    same = {"analysis": entry.name, "measure": measure}
    lists = [np.asarray(values).tolist() for values in columns.values()]
    return [same | dict(zip(columns, cells, strict=True)) for cells in zip(*lists, strict=True)]


def subgroup_values(entry: Entry, sources: Sources, studies: Iterable[str]) -> list[str]:
    """The subgroup of each study; blank where it has none, or where no subgroup is asked for."""
    column = entry.analysis.get("subgroup") or ""
    return [str(sources.studies.get(study, {}).get(column) or "") if column else "" for study in studies]


def pooled_row(entry: Entry, result: Analysis, sources: Sources) -> Row:
    """The row of pooled.csv of one analysis."""
    choice, row = entry.choice, result.row
    asked: Row = {"analysis": entry.name, "measure": entry.measure, "method": choice.method, "model_rule": choice.model}
    asked |= {"tau2_method": choice.tau2, "ci_method": choice.ci, "prediction": choice.prediction}
    asked |= {"preset": sources.synthesis["preset"], "level": choice.level, "dependence": _dependence(entry)}
    found: Row = asked | entry.summary(sources)
    if found["k"]:
        found |= engine.numbers(row) | {name: row[name] for name in _POOLED}
    if found["k"] and entry.special:
        found |= {name: row[name] for name in ("tau2_method", "ci_method")}
    if found["k"] > 1:
        found["q_about"] = row["q_about"]
    return found | {"note": _note(entry, result, sources)}


def _dependence(entry: Entry) -> str:
    return str(entry.analysis.get("dependence") or "refuse")


def _note(entry: Entry, result: Analysis, sources: Sources) -> str:
    """What a reader must know. A name in exclude_studies that meets no study may be misspelt."""
    analysis = entry.analysis
    label = sources.outcomes[analysis["outcome"]]["label"]
    none = entry.stop or f"k = 0: no study has a usable contrast for {label}, {analysis['timepoint']}"
    said = split_list(result.row["note"]) if entry.k else [none]
    there = set(entry.own["study_id"])
    unmet = [name for name in split_list(analysis["exclude_studies"]) if name not in there]
    missing = f"exclude_studies names {', '.join(unmet)}, which has no contrast here" if unmet else ""
    refused = sorted({s for s, why in zip(entry.own["study_id"], entry.why, strict=True) if "not independent" in why})
    kept_out = f"kept out, because several effects of one study are not independent: {', '.join(refused)}"
    mixed = mixing.mixed_note(analysis, entry.own, entry.used)
    shared = overlaps.note(set(entry.values("study_id")), sources.overlaps)
    without = "influence and small-study effects are not computed" if entry.special and entry.k > 2 else ""
    if without and entry.choice.method == "GLMM":
        without = "influence, single studies in turn and small-study effects are not computed"
    return join_list([*said, missing, kept_out if refused else "", mixed, shared, without])


def left_out_rows(entry: Entry, sources: Sources, issues: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of left_out.csv of one analysis: contrasts that are not used, and studies of its comparison without one.

    `issues` has the rows of results/extraction/issues: what extraction kept out.
    """
    own, analysis = entry.own, entry.analysis
    kept_out = {row["study_id"]: row["issue"] for row in issues if _concerns(row, analysis)}
    at = np.flatnonzero(~entry.used).tolist()
    rows = [{name: own[name][i] for name in ("study_id", "contrast", "label")} | {"reason": entry.why[i]} for i in at]
    there = set(own["study_id"])
    labels = {study: sources.studies.get(study, {}).get("label") or study for study in kept_out}
    for study, label in sorted((labels | sources.studies_of(analysis["comparison"])).items()):
        if study not in there:
            reason = f"kept out by extraction: {kept_out[study]}" if study in kept_out else ""
            reason = reason or _unreported(study, analysis, sources)
            rows.append({"study_id": study, "contrast": "", "label": label, "reason": reason})
    return [{"analysis": entry.name, **row} for row in rows]


def _concerns(issue: Mapping[str, Any], analysis: Mapping[str, Any]) -> bool:
    """Whether an issue is about the contrast of its study in an analysis, by the key that it names."""
    key = "/".join([issue["study_id"], analysis["comparison"], analysis["outcome"], analysis["timepoint"]])
    return f"{issue['where']}/".startswith(f"results {key}/")


def _early(timepoint: str) -> list[tuple[int, str]]:
    """Order of timepoints as people read them: 3 months before 12 months."""
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", timepoint)]


def _unreported(study: str, analysis: Mapping[str, Any], sources: Sources) -> str:
    """Where a study stands that has no contrast of the outcome at the timepoint."""
    others = sorted(
        (
            key[2]
            for key, own in sources.contrasts.items()
            if key[:2] == (analysis["comparison"], analysis["outcome"]) and study in own["study_id"]
        ),
        key=_early,
    )
    if others:
        return f"no contrast of this outcome at {analysis['timepoint']}, but at {', '.join(others)}"
    return "no contrast of this outcome"
