"""The tables of results/extraction."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.form import TABLES, Field, columns_of, form
from reviewflow.tables import empty_people, empty_result, frame, join_list, schema

from .agreement import agreement
from .consensus import Consensus, consensus, rulings_of
from .contrasts import CONTRAST, Problem
from .issues import issue, not_extracted, not_included, of_overlaps, unsettled
from .links import included_reports
from .overlap import overlaps
from .plausible_together import together
from .prepare import Made, contrasts
from .rows import Key, Row, key_text, rows_of, text

Frames = Mapping[str, pd.DataFrame]


def build(
    config: Mapping[str, Any],
    studies: Frames,
    arms: Frames,
    results: Frames,
    adjudication: pd.DataFrame,
    study_reports: pd.DataFrame,
    outcomes: pd.DataFrame,
    ledger: pd.DataFrame,
    clusters: pd.DataFrame,
    bibliography: pd.DataFrame | None = None,
    rulings_on_overlaps: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Consensus of all extractors, and what keeps a line out of it.

    `config` is config.yaml with its defaults; `studies`, `arms` and `results` have one frame of people's tables for
    each extractor; `ledger`, `clusters` and `bibliography` (dedupe/reports) are tables of results/; what is left out of
    the last two is a table without rows. The tables must have passed `check`. Gives all tables of results/extraction,
    sorted by key. studies has each study that has an included report, with blank cells where nothing is settled. Order
    of rows, files and extractors changes nothing.
    """
    people = dict(zip(TABLES, (studies, arms, results), strict=True))
    extractors = sorted(config["extraction"]["extractors"])
    begun = {e: {s for name in TABLES for s in people[name][e]["study_id"]} for e in extractors}
    rulings, columns, fields = rulings_of(adjudication), columns_of(config), form(config)
    own = {name: {e: people[name][e] for e in extractors} for name in TABLES}
    agreed = {name: consensus(name, own[name], begun, rulings, columns[name]) for name in TABLES}
    reports = included_reports(study_reports, ledger, clusters)
    issues = unsettled(agreed, reports, begun, config["extraction"]["adjudicator"])
    issues += not_extracted(agreed, reports, begun) + not_included(study_reports, reports, ledger, clusters)
    made, problems = _contrasts(config, agreed, reports, outcomes)
    alike = _overlaps(agreed, reports, bibliography, rulings_on_overlaps)
    return {
        "studies": _table("studies", _studies(agreed["studies"], reports), fields["studies"]),
        "arms": _table("arms", _arms(agreed["arms"], reports), fields["arms"]),
        "contrasts": _table("contrasts", made.contrasts),
        "conversions": _table("conversions", made.conversions),
        "warnings": _table("warnings", made.warnings),
        "disagreements": _table("disagreements", [row for c in agreed.values() for row in c.disagreements]),
        "as_extracted": _table("as_extracted", [row for c in agreed.values() for row in c.cells]),
        "agreement": _table("agreement", [r for n in TABLES for r in agreement(n, own[n], begun, fields[n])]),
        "overlaps": _table("overlaps", alike),
        "issues": _table("issues", issues + problems + of_overlaps(alike, config["extraction"]["adjudicator"])),
    }


def _table(name: str, rows: Sequence[Row], fields: Sequence[Field] = ()) -> pd.DataFrame:
    """Rows as a table of results/extraction, sorted by key; the review's own columns are text."""
    table = f"results/extraction/{name}"
    key = schema(table).key
    own = [field.name for field in fields if field.own]
    plain = [{**row, **{column: text(row.get(column)) for column in own}} for row in rows]
    return frame(table, sorted(plain, key=lambda row: [row[part] for part in key]), own)


def _overlaps(
    agreed: Mapping[str, Consensus],
    reports: Mapping[str, list[str]],
    bibliography: pd.DataFrame | None,
    rulings: pd.DataFrame | None,
) -> list[Row]:
    studies = {key[0]: line.values for key, line in agreed["studies"].lines.items() if not line.lacking}
    arms = {key: line.values for key, line in agreed["arms"].lines.items()}
    known = empty_result("results/dedupe/reports") if bibliography is None else bibliography
    ruled = empty_people("records/extraction/overlaps") if rulings is None else rulings
    return overlaps(studies, arms, reports, known, ruled)


def _studies(agreed: Consensus, reports: Mapping[str, list[str]]) -> list[Row]:
    rows: list[Row] = []
    for study, included in reports.items():
        line = agreed.lines.get((study,))
        values = line.values if line and not line.lacking else {}
        rows.append({**values, "study_id": study, "reports": join_list(included)})
    return rows


def _arms(agreed: Consensus, reports: Mapping[str, list[str]]) -> list[Row]:
    return [line.values for key, line in agreed.lines.items() if line.settled and key[0] in reports]


def _contrasts(
    config: Mapping[str, Any],
    agreed: Mapping[str, Consensus],
    reports: Mapping[str, list[str]],
    outcomes: pd.DataFrame,
) -> tuple[Made, list[Row]]:
    """What the lines of the included studies give, and an issue for each contrast that fails."""
    fixed = {row["outcome"]: row for row in rows_of(outcomes)}
    people = join_list(sorted(config["extraction"]["extractors"]))
    found = Made([], [], [])
    problems: list[Row] = []
    for key, lines in _groups(agreed, reports).items():
        study, comparison, outcome, _ = key
        arms = _arms_of(agreed["arms"], study)
        dropped = _dropped(lines, arms)
        label = {"label": _label(agreed["studies"], study)}
        for made in [dropped] if dropped else contrasts(lines, arms, config, comparison, fixed[outcome]):
            if isinstance(made, Problem):
                problems.append(issue(made.kind, study, f"results {key_text(key)}", people, made.issue))
                continue
            found.contrasts.extend(row | label for row in made.contrasts)
            found.conversions.extend(made.conversions)
            found.warnings.extend(made.warnings)
    found.warnings.extend(together(found.contrasts, fixed, config))
    return found, problems


def _label(studies: Consensus, study: str) -> str:
    """What the study is called, or its study_id while that is not settled."""
    line = studies.lines.get((study,))
    return study if line is None or line.lacking else text(line.values["label"]) or study


def _arms_of(arms: Consensus, study: str) -> dict[str, Row]:
    return {key[1]: line.values for key, line in arms.lines.items() if key[0] == study and line.settled}


def _dropped(lines: Sequence[Row], arms: Mapping[str, Row]) -> Problem | None:
    names = sorted({line["arm_id"] for line in lines if line["arm_id"] is not None} - arms.keys())
    return Problem("incomplete", f"arm {', '.join(names)} was dropped; drop its lines too") if names else None


def _groups(agreed: Mapping[str, Consensus], reports: Mapping[str, list[str]]) -> dict[Key, list[Row]]:
    """The lines of each contrast, in the order of keys. A line or arm that is not settled keeps its
    contrast out."""
    unsettled_arms = {key for key, line in agreed["arms"].lines.items() if not line.settled}
    groups: dict[Key, list[Row]] = {}
    out: set[Key] = set()
    for key, line in agreed["results"].lines.items():
        group, arm = key[: len(CONTRAST)], (key[0], key[-1])
        if group[0] not in reports:
            continue
        groups.setdefault(group, []).append(line.values)
        if not line.settled or arm in unsettled_arms:
            out.add(group)
    return {group: groups[group] for group in sorted(groups) if group not in out}
