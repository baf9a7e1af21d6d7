"""The life of studies: from what each extractor wrote to the pooled estimates."""

from collections.abc import Collection, Iterable

import polars as pl

from reviewflow.schema import schema

from . import places
from .source import Row, Source
from .tree import Effect, Extracted, Study

TABLES = ("studies", "arms", "results")


def study(source: Source, study_id: str, page: Collection[str]) -> Study:
    """One study. `page` has the ids of the report's page."""
    own = pl.col("study_id") == study_id
    # Of a key, the first part is the study.
    keyed = (pl.col("key") == study_id) | pl.col("key").str.starts_with(f"{study_id}/")
    found = {name: source.rows(name, own) for name in _TABLES}
    characteristics = found["results/extraction/studies"]
    effects = _effects(source, found["results/synthesis/effects"])
    disagreements = source.rows("results/extraction/disagreements", keyed)
    shown = places.of_study(study_id, effects, found, bool(disagreements), page)
    return Study(
        study_id=study_id,
        links=_links(source, found["records/extraction/study_reports"]),
        characteristics=characteristics[0] if characteristics else None,
        extracted=[e for table in TABLES for e in _extracted(table, found[f"records/extraction/{table}"])],
        adjudication=source.rows("records/extraction/adjudication", keyed),
        disagreements=disagreements,
        issues=found["results/extraction/issues"],
        arms=found["results/extraction/arms"],
        contrasts=found["results/extraction/contrasts"],
        judgements=found["records/appraisal/risk_of_bias"],
        rulings=found["records/appraisal/adjudication"],
        risk_of_bias=found["results/appraisal/risk_of_bias"],
        effects=effects,
        places=shown,
    )


_TABLES = (
    "records/extraction/study_reports",
    *(f"records/extraction/{table}" for table in TABLES),
    *(f"results/extraction/{table}" for table in ("studies", "arms", "contrasts", "issues")),
    "records/appraisal/risk_of_bias",
    "records/appraisal/adjudication",
    "results/appraisal/risk_of_bias",
    "results/synthesis/effects",
)


def studies_of(source: Source, report_id: str, records: Collection[str]) -> list[str]:
    """Studies that a report belongs to, by people's links and by the tables made from them."""
    linked = {row["study_id"] for row in source.within("records/extraction/study_reports", "record_id", records)}
    part = pl.col("reports").str.contains(report_id, literal=True)
    listed = source.rows("results/extraction/studies", part)
    return sorted(linked | {row["study_id"] for row in listed if report_id in row["reports"]})


def reports_of(source: Source, study_id: str) -> list[str]:
    """Reports of a study, the primary ones first."""
    own = pl.col("study_id") == study_id
    links = _links(source, source.rows("records/extraction/study_reports", own))
    links.sort(key=lambda link: (link["role"] != "primary", link["report_id"]))
    listed = [report for row in source.rows("results/extraction/studies", own) for report in row["reports"]]
    return list(dict.fromkeys(r for r in (*(link["report_id"] for link in links), *listed) if r))


def _links(source: Source, links: Iterable[Row]) -> list[Row]:
    """Links with the report that each record belongs to today; blank where no cluster has it."""
    rows = list(links)
    clusters = source.within("results/dedupe/clusters", "record_id", {row["record_id"] for row in rows})
    home = {c["record_id"]: c["report_id"] for c in clusters}
    return [row | {"report_id": home.get(row["record_id"], "")} for row in rows]


def _extracted(table: str, lines: Iterable[Row]) -> list[Extracted]:
    parts = schema(f"records/extraction/{table}").key
    found = [Extracted(table, "/".join(str(line[part]) for part in parts), line) for line in lines]
    return sorted(found, key=lambda entry: (entry.key, entry.line.get("person", "")))


def _effects(source: Source, effects: list[Row]) -> list[Effect]:
    names = {row["analysis"] for row in effects}
    tables = ("config/analyses", "results/synthesis/pooled", "results/appraisal/certainty")
    analyses, pooled, certainty = (
        {row["analysis"]: row for row in source.within(table, "analysis", names)} for table in tables
    )
    return [
        Effect(
            row,
            _weight(row, pooled.get(row["analysis"])),
            analyses.get(row["analysis"]),
            pooled.get(row["analysis"]),
            certainty.get(row["analysis"]),
        )
        for row in effects
    ]


def _weight(effect: Row, pooled: Row | None) -> float | None:
    if not effect["used"] or not pooled or not pooled["model"]:
        return None
    weight: float | None = effect[f"weight_{pooled['model']}"]
    return weight
