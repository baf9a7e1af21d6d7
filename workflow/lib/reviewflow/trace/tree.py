"""What a trace is: a record, report or study with everything that the tables say of it.

A field of rows has rows of the table that its comment names, with the columns of that table (docs/tables.md,
config/README.md); rows of tables that people write have `_file` and `_line` besides, and `person` where each person has
a file. A field of one row is None where there is none.
"""

from dataclasses import asdict, dataclass
from typing import Any

from .source import Row


@dataclass(frozen=True)
class Place:
    """A place in the report: the file, the id of an element of it (blank where the file is a table), and what stands
    there."""

    file: str
    anchor: str
    what: str


@dataclass(frozen=True)
class Record:
    """One record: the rule that put it into its report, and each of its sightings."""

    record_id: str
    report_id: str
    founder: bool
    matched_by: str
    matched_to: str
    score: float | None
    clusters: list[Row]  # results/dedupe/clusters
    sightings: list[Row]  # results/search/records


@dataclass(frozen=True)
class Stage:
    """One stage of screening: every decision ever written, and what holds."""

    votes: list[Row]  # results/screening/votes, role reviewer, oldest first
    adjudication: list[Row]  # results/screening/votes, role adjudicator, oldest first
    consensus: Row | None  # results/screening/title_abstract or full_text
    conflict: Row | None  # results/screening/conflicts


@dataclass(frozen=True)
class Report:
    """One report."""

    report_id: str
    fields: Row | None  # results/dedupe/reports
    records: list[Record]
    merged_fields: list[Row]  # results/dedupe/merged_fields
    rulings: list[Row]  # records/dedupe/rulings
    doubtful_pairs: list[Row]  # results/dedupe/doubtful_pairs
    notices: list[Row]  # results/dedupe/notices
    title_abstract: Stage
    full_text: Stage
    retrieval: list[Row]  # records/screening/retrieval
    ledger: Row | None  # results/screening/ledger
    queue: list[Row]  # results/screening/queue
    links: list[Row]  # records/extraction/study_reports
    places: list[Place]


@dataclass(frozen=True)
class Extracted:
    """One line of one extractor: `table` is studies, arms or results, `key` is written as in disagreements.csv."""

    table: str
    key: str
    line: Row  # records/extraction/TABLE


@dataclass(frozen=True)
class Effect:
    """One effect of a study and the analysis that it enters. `weight` is its share of the pooled estimate in percent
    under the model that was used; None where the study is not in the estimate."""

    effect: Row  # results/synthesis/effects
    weight: float | None
    analysis: Row | None  # config/analyses
    pooled: Row | None  # results/synthesis/pooled
    certainty: Row | None  # results/appraisal/certainty


@dataclass(frozen=True)
class Study:
    """One study."""

    study_id: str
    links: list[Row]  # records/extraction/study_reports, with report_id
    characteristics: Row | None  # results/extraction/studies
    extracted: list[Extracted]
    adjudication: list[Row]  # records/extraction/adjudication
    disagreements: list[Row]  # results/extraction/disagreements
    issues: list[Row]  # results/extraction/issues
    arms: list[Row]  # results/extraction/arms
    contrasts: list[Row]  # results/extraction/contrasts
    judgements: list[Row]  # records/appraisal/risk_of_bias
    rulings: list[Row]  # records/appraisal/adjudication
    risk_of_bias: list[Row]  # results/appraisal/risk_of_bias
    effects: list[Effect]
    places: list[Place]


@dataclass(frozen=True)
class State:
    """What the trace was made from: when the report was made, what people changed since (None: no report says), the
    stages that have no table yet, tables that a stage lacks, and what could not be read."""

    report_made_at: str
    changed: list[str] | None
    stages_missing: list[str]
    tables_missing: list[str]
    problems: list[str]


@dataclass(frozen=True)
class Trace:
    """The life of a record, report or study. `record` is filled where a record was asked for that is no report's
    founder; `reports` are that of the record, or all of the study; `studies` those of the report."""

    asked: str
    kind: str
    id: str
    record: Record | None
    reports: list[Report]
    studies: list[Study]
    state: State

    def as_json(self) -> dict[str, Any]:
        """The same as plain dictionaries and lists."""
        return asdict(self)
