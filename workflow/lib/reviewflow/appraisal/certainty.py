"""Certainty of the evidence, Summary of Findings, and the numbers of the summary plot: what needs the syntheses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewflow.tables import frame, rows_of

from . import findings, grade
from .absolute import Assumed, assumed, known
from .suggest import DOMAINS, Evidence, suggestions
from .tools import OVERALL, Tools

Row = dict[str, Any]


def certainty(
    config: Mapping[str, Any],
    tools: Tools,
    people: Mapping[str, pd.DataFrame],
    risk_of_bias: pd.DataFrame,
    synthesis: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Tables of results/appraisal: certainty, grade, summary_of_findings, distribution.

    `people` has config/analyses, config/outcomes, records/appraisal/certainty and records/appraisal/grade by those
    names; `risk_of_bias` is the consensus; `synthesis` the tables of results/synthesis by their names below results/
    (effects and pooled are needed, asymmetry and subgroup_tests are read where they are there).
    """
    bodies = _bodies(config, tools, people, risk_of_bias, synthesis)
    rated = _by(people["records/appraisal/grade"], "analysis")
    decided = {row["analysis"]: row for row in rows_of(people["records/appraisal/certainty"])}
    grades: dict[str, dict[str, Row]] = {}
    certain: dict[str, Row] = {}
    for name, body in bodies.items():
        grades[name] = _domains(rated.get(name, []), body.evidence)
        certain[name] = grade.certainty_row(name, body.evidence.start, grades[name], decided.get(name))
    shown: Counter[str] = Counter()
    summary = []
    for analysis in findings.chosen(config, [body.analysis for body in bodies.values()]):
        body, name = bodies[analysis["analysis"]], analysis["analysis"]
        shown[analysis["comparison"]] += 1
        position = shown[analysis["comparison"]]
        ratings = grades[name].values()
        summary.append(
            findings.row(analysis, position, dict(body.evidence.pooled), body.evidence.assumed, certain[name], ratings)
        )
    tables: dict[str, list[Row]] = {
        "certainty": list(certain.values()),
        "grade": [
            {"analysis": name, "position": i} | row
            for name, rows in grades.items()
            for i, row in enumerate(rows.values(), 1)
        ],
        "summary_of_findings": summary,
        "distribution": _distribution(risk_of_bias, _weights(config, bodies)),
    }
    return {name: frame(f"results/appraisal/{name}", rows) for name, rows in tables.items()}


@dataclass(frozen=True)
class _Body:
    """One analysis and the evidence behind it."""

    analysis: Row
    evidence: Evidence


def _by(data: pd.DataFrame | None, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows_of(data) if data is not None else ():
        found.setdefault(row[column], []).append(row)
    return found


def _bodies(
    config: Mapping[str, Any],
    tools: Tools,
    people: Mapping[str, pd.DataFrame],
    risk_of_bias: pd.DataFrame,
    synthesis: Mapping[str, pd.DataFrame],
) -> dict[str, _Body]:
    pooled = {row["analysis"]: row for row in rows_of(synthesis["synthesis/pooled"])}
    effects = _by(synthesis["synthesis/effects"], "analysis")
    asymmetry = _by(synthesis.get("synthesis/asymmetry"), "analysis")
    tests = _by(synthesis.get("synthesis/subgroup_tests"), "analysis")
    outcomes = {row["outcome"]: row for row in rows_of(people["config/outcomes"])}
    judged = [row for row in rows_of(risk_of_bias) if row["domain"] == OVERALL]
    found = {}
    for analysis in rows_of(people["config/analyses"]):
        name, outcome = analysis["analysis"], outcomes.get(analysis["outcome"], {})
        used = [row for row in effects.get(name, []) if row["used"]]
        holds = _holding(judged, analysis["outcome"], {row["study_id"] for row in used})
        high = _starts_high(tools, holds, {row["study_id"] for row in used})
        important = outcome.get("important_difference")
        found[name] = _Body(analysis, Evidence(
            pooled=pooled[name],
            effects=effects.get(name, []),
            risk={study: row["risk"] for study, row in holds.items() if row["risk"]},
            assumed=_assumed(config, analysis, used),
            important=float(str(important)) if known(important) else None,
            before_after=bool(config["comparisons"][analysis["comparison"]]["before_after"]),
            start=grade.start(config, analysis["comparison"], starts_high=high),
            asymmetry=asymmetry.get(name, []),
            subgroup_test=next(iter(tests.get(name, [])), None),
        ))  # fmt: skip
    return found


def _starts_high(tools: Tools, holds: Mapping[str, Row], used: set[str]) -> bool:
    """Whether every study was appraised by a tool with which non-randomised evidence starts high."""
    found = [tools.find(row["tool"]) for row in holds.values()]
    return bool(used) and {*holds} == used and all(tool and tool.certainty_starts_high for tool in found)


def _assumed(config: Mapping[str, Any], analysis: Row, used: Sequence[Row]) -> Assumed:
    fixed = config["appraisal"].get("assumed_risks", {}).get(analysis["analysis"])
    return assumed(analysis["measure"], used, fixed)


def _holding(judged: Sequence[Row], outcome: str, studies: set[str]) -> dict[str, Row]:
    """The overall judgement of each study for an outcome: that of the outcome before that of the whole study."""
    found: dict[str, Row] = {}
    for row in sorted(judged, key=lambda row: row["outcome"] == outcome and row["outcome"] != ""):
        if row["study_id"] in studies and row["outcome"] in ("", outcome):
            found[row["study_id"]] = row
    return found


def _domains(lines: Sequence[Row], evidence: Evidence) -> dict[str, Row]:
    """The rows of grade.csv of one analysis, by domain."""
    suggested = suggestions(evidence)
    rows = {}
    for name in DOMAINS:
        rating, basis = suggested[name]
        held = grade.settled([line for line in lines if line["domain"] == name])
        rows[name] = {"domain": name, **held, "suggestion": rating, "basis": basis}
    return rows


def _weights(config: Mapping[str, Any], bodies: Mapping[str, _Body]) -> dict[str, float]:
    """Weight of each study in the analysis that appraisal.weighted_by names; none without it."""
    body = bodies.get(config["appraisal"].get("weighted_by", ""))
    if body is None:
        return {}
    column = "weight_random" if body.evidence.pooled["model"] == "random" else "weight_fixed"
    found: dict[str, float] = {}
    for row in body.evidence.used:
        found[row["study_id"]] = found.get(row["study_id"], 0.0) + float(row[column])
    return found


def _distribution(risk_of_bias: pd.DataFrame, weights: Mapping[str, float]) -> list[Row]:
    """Studies by judgement in each domain, and their share of weight."""
    names = ("tool", "outcome", "domain", "judgement")
    counts: Counter[tuple[str, ...]] = Counter()
    weighed: dict[tuple[str, ...], float] = {}
    for row in rows_of(risk_of_bias):
        if row["tool"]:
            key = tuple(row[name] for name in names)
            counts[key] += 1
            weighed[key] = weighed.get(key, 0.0) + weights.get(row["study_id"], 0.0)
    totals: Counter[tuple[str, ...]] = Counter()
    heavy: dict[tuple[str, ...], float] = {}
    for key, n in counts.items():
        totals[key[:3]] += n
        heavy[key[:3]] = heavy.get(key[:3], 0.0) + weighed[key]
    rows: list[Row] = []
    for key in sorted(counts):
        share: Row = {"n": counts[key], "percent": 100 * counts[key] / totals[key[:3]]}
        share |= {"weight_percent": 100 * weighed[key] / heavy[key[:3]]} if heavy[key[:3]] else {}
        rows.append(dict(zip(names, key, strict=True)) | share)
    return rows
