"""What stands between a review and its final report: one list, for the report, the terminal and `snakemake final`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewflow.boxes import PENDING
from reviewflow.tables import Fault, raise_faults, rows_of, split_list

Tables = Mapping[str, pd.DataFrame]
# What of the protocol a final review cannot do without: group and key of config.yaml, the task, what is missing.
_PROTOCOL = (
    ("review", "title", "write_title", "the review has no title"),
    ("screening", "reviewers", "name_reviewers", "nobody is named to screen"),
    ("extraction", "extractors", "name_extractors", "nobody is named to extract"),
)
# Where what people do about an issue of the extraction stands, if not in an extractor's own tables.
_ISSUES = {"not_included": "study_reports.csv", "same_study": "study_reports.csv", "overlap": "overlaps.csv"}
# Issues of the appraisal that a person looks at and may leave as they are.
_TO_LOOK_AT = ("unused_answer", "misapplied")


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: at which stage, for whom (blank: nobody is named), which file of records/ takes the
    answer, what it is about (a report, a pair, a cell), and what is wrong or missing in words."""

    stage: str
    task: str
    person: str
    file: str
    about: str
    problem: str


def waiting(config: Mapping[str, Any], tables: Tables) -> list[Waiting]:
    """All that waits, in the order of the stages. `tables` by their names below results/, and searches.csv as
    records/search/searches."""
    return [
        *_protocol(config),
        *_search(tables),
        *_dedupe(tables["dedupe/doubtful_pairs"]),
        *_screening(tables["screening/queue"], tables["screening/ledger"]),
        *_extraction(config, tables),
        *_appraisal(config, tables),
    ]


def require_finished(config: Mapping[str, Any], tables: Tables) -> None:
    """Raise DataFaults with all that waits."""
    raise_faults(
        Fault(w.file, 0, w.about, f"{w.stage}: {w.problem}", f"waits for {w.person or 'somebody'}")
        for w in waiting(config, tables)
    )


def _protocol(config: Mapping[str, Any]) -> Iterator[Waiting]:
    for group, key, task, problem in _PROTOCOL:
        if not config[group][key]:
            yield Waiting("protocol", task, "", "config/config.yaml", f"{group}.{key}", problem)


def _search(tables: Tables) -> Iterator[Waiting]:
    file = "records/search/searches.csv"
    searches = rows_of(tables["records/search/searches"])
    if not searches:
        yield Waiting("search", "run_search", "", file, "", "no search has been run")
    for search in searches:
        if not split_list(search["export_files"]) and (pd.isna(search["hits"]) or search["hits"]):
            yield Waiting("search", "add_export", "", file, search["search_id"], "the search has no export")


def _dedupe(pairs: pd.DataFrame) -> Iterator[Waiting]:
    for pair in rows_of(pairs):
        both = f"{pair['record_a']} and {pair['record_b']}"
        problem = f"doubtful pair ({pair['why'].replace('_', ' ')})"
        yield Waiting("dedupe", "rule", "", "records/dedupe/rulings.csv", both, problem)


def _screening(queue: pd.DataFrame, ledger: pd.DataFrame) -> Iterator[Waiting]:
    """The queue, and every report without a terminal state that no line of the queue asks for."""
    asked = set(queue["report_id"])
    for row in rows_of(queue):
        problem = row["task"].replace("_", " ")
        yield Waiting(row["stage"], row["task"], row["person"], row["file"], row["report_id"], problem)
    for report, state in zip(ledger["report_id"], ledger["state"], strict=True):
        if state in PENDING and report not in asked:
            stage = "full_text" if state.endswith("full_text") else "title_abstract"
            problem = f"{state.replace('_', ' ')}, and nobody is left to ask"
            yield Waiting(stage, "decide", "", f"records/screening/{stage}/", report, problem)


def _extraction(config: Mapping[str, Any], tables: Tables) -> Iterator[Waiting]:
    adjudicator = config["extraction"]["adjudicator"]
    for row in rows_of(tables["extraction/disagreements"]):
        # A line that one person alone has is that other person's to extract first.
        if row["status"] == "unresolved" and row["column"] != "*":
            cell = f"{row['table']} {row['key']} {row['column']}"
            problem = f"the extractors differ ({row['values']})"
            yield Waiting("extraction", "resolve", adjudicator, "records/extraction/adjudication.csv", cell, problem)
    for row in rows_of(tables["extraction/issues"]):
        # An unresolved cell is a disagreement already; the issue says what it keeps out.
        if row["kind"] != "unresolved":
            file = f"records/extraction/{_ISSUES.get(row['kind'], '')}"
            file += f"{row['person']}/" if row["person"] in config["extraction"]["extractors"] else ""
            about = row["where"] or row["study_id"]
            yield Waiting("extraction", row["kind"], row["person"], file, about, row["issue"])


def _appraisal(config: Mapping[str, Any], tables: Tables) -> Iterator[Waiting]:
    """Risk of bias only where the review names assessors, that is where it assesses it at all; and ratings of certainty
    that were begun."""
    for row in rows_of(tables["appraisal/issues"]) if config["appraisal"]["assessors"] else []:
        if row["kind"] not in _TO_LOOK_AT:
            about = " ".join(part for part in (row["study_id"], row["tool"], row["outcome"], row["domain"]) if part)
            yield Waiting("appraisal", row["kind"], row["person"], row["file"], about, row["issue"])
    for row in rows_of(tables["appraisal/certainty"]):
        if row["issue"]:
            file = f"records/appraisal/{'certainty' if row['status'] == 'decided' else 'grade'}.csv"
            yield Waiting("appraisal", "certainty", "", file, row["analysis"], row["issue"])
