"""The tables of results/synthesis."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from reviewflow.protocol import RATIOS, is_before_after, least_certain
from reviewflow.tables import frame, join_list, split_list

from .effects import Cells
from .pool import Pooled, inverse_variance, mantel_haenszel, pool, wald
from .reproduction import reproduction
from .study import StudyEffects, study_effects

Row = dict[str, Any]

AS_ASKED = ("analysis", "measure", "method", "tau2_method", "ci_method")
AS_POOLED = ("model", "estimate", "se", "ci_lower", "ci_upper", "z", "p_value")


def build(
    config: Mapping[str, Any],
    analyses: pd.DataFrame,
    contrasts: pd.DataFrame,
    estimates: pd.DataFrame,
    outcomes: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Every analysis of config/analyses.csv.

    `config` is config.yaml with its defaults; `contrasts` is the table of results/extraction; the others are
    people's frames, which must have passed `check`. Gives the tables effects, pooled and reproduction of
    results/synthesis, sorted by key. An analysis without studies has a row that says so.
    """
    labels = dict(zip(outcomes["outcome"], outcomes["label"], strict=True))
    effects: list[Row] = []
    pooled: list[Row] = []
    for analysis in analyses.sort_values("analysis").to_dict("records"):
        rows, row = _synthesis({str(k): v for k, v in analysis.items()}, contrasts, config, labels)
        effects += rows
        pooled.append(row)
    table = frame("results/synthesis/pooled", pooled)
    return {
        "effects": frame("results/synthesis/effects", effects),
        "pooled": table,
        "reproduction": frame("results/synthesis/reproduction", reproduction(estimates, table)),
    }


def _synthesis(
    analysis: Row, contrasts: pd.DataFrame, config: Mapping[str, Any], labels: Mapping[str, str]
) -> tuple[list[Row], Row]:
    """Rows of effects and the row of pooled of one analysis."""
    key = ("comparison", "outcome", "timepoint")
    chosen = np.logical_and.reduce([contrasts[part] == analysis[part] for part in key])
    own = contrasts[chosen].sort_values("study_id").reset_index(drop=True)
    found = study_effects(own, analysis["measure"], analysis["method"])
    left_out = own["study_id"].isin(split_list(analysis["exclude_studies"])).to_numpy(dtype=bool)
    used = (found.why_not == "") & ~left_out
    result = _pooled(found, used, analysis, config["synthesis"]) if used.any() else None
    why = np.where(left_out, "left out in config/analyses.csv", found.why_not)
    rows = _effect_rows(own, found, used, why, result, analysis, config["synthesis"]["level"])
    row = _pooled_row(result, own[used], analysis, config)
    row["note"] = _note(len(own[used]), analysis, set(own["study_id"]), labels[analysis["outcome"]])
    return rows, row


def _note(k: int, analysis: Row, studies: set[str], outcome: str) -> str:
    """What a reader must know. A name in exclude_studies that meets no study may be misspelt."""
    notes = {
        0: f"k = 0: no study has a usable contrast for {outcome}, {analysis['timepoint']}",
        1: "k = 1: the result of a single study, nothing is pooled",
    }
    unmet = [name for name in split_list(analysis["exclude_studies"]) if name not in studies]
    missing = f"exclude_studies names {', '.join(unmet)}, which has no contrast here" if unmet else ""
    return join_list([notes.get(k, ""), missing])


def _pooled(found: StudyEffects, used: np.ndarray, analysis: Row, synthesis: Mapping[str, Any]) -> Pooled:
    yi, vi = found.yi[used], found.vi[used]
    if analysis["method"] == "MH":
        fixed = mantel_haenszel(Cells(*(cell[used] for cell in found.cells)))
    else:
        fixed = inverse_variance(yi, vi)
    return pool(yi, vi, fixed, analysis["model"], synthesis["q_test_threshold"], synthesis["level"])


def _effect_rows(
    own: pd.DataFrame,
    found: StudyEffects,
    used: np.ndarray,
    why: np.ndarray,
    result: Pooled | None,
    analysis: Row,
    level: float,
) -> list[Row]:
    kept = ["study_id", "label", "n_e", "n_c", "events_e", "events_c", "provenance"]
    se = np.sqrt(found.vi)
    lower, upper = wald(found.yi, se, level)
    table = own[kept].assign(analysis=analysis["analysis"], measure=analysis["measure"], used=used)
    table = table.assign(yi=found.yi, vi=found.vi, se=se, ci_lower=lower, ci_upper=upper)
    natural = np.exp if analysis["measure"] in RATIOS else np.asarray
    for column, source in (("effect", "yi"), ("ci_lower", "ci_lower"), ("ci_upper", "ci_upper")):
        table[f"{column}_natural"] = natural(table[source].to_numpy())
    for column in ("weight_fixed", "weight_random"):
        table[column] = np.nan
        if result is not None:
            table.loc[used, column] = getattr(result, column)
    table["note"] = ["; ".join(filter(None, words)) for words in zip(why, own["note"], strict=True)]
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def _pooled_row(result: Pooled | None, used: pd.DataFrame, analysis: Row, config: Mapping[str, Any]) -> Row:
    row: Row = {name: analysis[name] for name in AS_ASKED}
    row |= {"model_rule": analysis["model"], "level": config["synthesis"]["level"], "k": len(used)}
    if result is None:
        return row
    row |= {name: getattr(result, name) for name in AS_POOLED}
    natural = np.exp if analysis["measure"] in RATIOS else float
    row |= {f"{name}_natural": natural(row[name]) for name in ("estimate", "ci_lower", "ci_upper")}
    if len(used) > 1:
        row |= result.heterogeneity._asdict() | {"tau2": result.tau2}
    row["n"] = _participants(used, is_before_after(config, analysis["comparison"]))
    return row | {"provenance": least_certain(used["provenance"])}


def _participants(used: pd.DataFrame, before_after: bool) -> int | None:
    """Participants of the studies, or None where one is unknown."""
    sides = ["n_e"] if before_after else ["n_e", "n_c"]
    n = used[sides]
    return None if n.isna().to_numpy().any() else int(n.to_numpy(dtype=int).sum())
