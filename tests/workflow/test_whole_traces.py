"""The trace of whole reviews: nothing of the tables is left out, every place is in the report, and the page of the
documentation shows what is printed."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
import pytest
from reviewflow.commands.trace import page_ids, read, state_of
from reviewflow.trace import Candidate, Source, State, Trace, find, trace, written

from tests.page_reader import Page
from tests.workflow.conftest import MakeReview
from tests.workflow.review import ROOT, Review

pytestmark = pytest.mark.workflow

DOCS = ROOT / "docs/trace.md"
REVIEWS = ("bundled", "full", "half_done")


def opened(done: Review) -> tuple[Source, State]:
    source, problems = read(done.folder)
    state = state_of(done.folder, source, problems)
    assert (state.changed, state.stages_missing, state.tables_missing, state.problems) == ([], [], [], [])
    return source, state


def traced(done: Review, asked: str) -> Trace:
    source, state = opened(done)
    (meant,) = find(source, asked)
    return trace(source, asked, meant, page_ids(done.folder), state)


def everything(done: Review) -> list[Trace]:
    """The trace of every report, and of every study."""
    source, state = opened(done)
    page = page_ids(done.folder)
    names = [("report", row["report_id"]) for row in done.rows("results/dedupe/reports.csv")]
    studies = {row["study_id"] for row in done.rows("records/extraction/study_reports.csv")}
    names += [("study", name) for name in sorted(studies)]
    return [trace(source, name, Candidate(kind, name, ""), page, state) for kind, name in names]


def as_set(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


@pytest.mark.parametrize("case", REVIEWS)
def test_the_traces_of_all_reports_and_studies_have_each_row_once_and_name_places_that_the_report_has(
    case: str, review: MakeReview
) -> None:
    done = review(case, built=True)
    source, _ = opened(done)
    traces = everything(done)
    reports = [report for found in traces if found.kind == "report" for report in found.reports]
    studies = [study for found in traces if found.kind == "study" for study in found.studies]
    stages = [stage for report in reports for stage in (report.title_abstract, report.full_text)]
    of = {
        "results/screening/votes": [v for stage in stages for v in (*stage.votes, *stage.adjudication)],
        "results/search/records": [s for report in reports for record in report.records for s in record.sightings],
        "results/dedupe/clusters": [c for report in reports for record in report.records for c in record.clusters],
        "results/dedupe/reports": [report.fields for report in reports],
        "results/dedupe/merged_fields": [row for report in reports for row in report.merged_fields],
        "results/screening/ledger": [report.ledger for report in reports],
        "results/screening/queue": [row for report in reports for row in report.queue],
        "results/screening/conflicts": [stage.conflict for stage in stages if stage.conflict],
        "results/screening/title_abstract": [r.title_abstract.consensus for r in reports if r.title_abstract.consensus],
        "results/screening/full_text": [r.full_text.consensus for r in reports if r.full_text.consensus],
        "records/screening/retrieval": [row for report in reports for row in report.retrieval],
        "records/extraction/study_reports": [row for report in reports for row in report.links],
        "results/extraction/studies": [study.characteristics for study in studies if study.characteristics],
        "results/extraction/arms": [row for study in studies for row in study.arms],
        "results/extraction/contrasts": [row for study in studies for row in study.contrasts],
        "results/extraction/disagreements": [row for study in studies for row in study.disagreements],
        "results/extraction/issues": [row for study in studies for row in study.issues],
        "records/extraction/adjudication": [row for study in studies for row in study.adjudication],
        "results/appraisal/risk_of_bias": [row for study in studies for row in study.risk_of_bias],
        "records/appraisal/risk_of_bias": [row for study in studies for row in study.judgements],
        "results/synthesis/effects": [effect.effect for study in studies for effect in study.effects],
    }
    for table, rows in of.items():
        assert as_set(rows) == as_set(source.rows(table, pl.lit(True))), table
    for table in ("studies", "arms", "results"):
        lines = [e.line for study in studies for e in study.extracted if e.table == table]
        assert as_set(lines) == as_set(source.rows(f"records/extraction/{table}", pl.lit(True)))
    _places(done, traces)


def _places(done: Review, traces: list[Trace]) -> None:
    ids = set(Page(done.text("results/report/index.html")).ids)
    for found in traces:
        owners = [*found.reports, *found.studies]
        assert {place.anchor for owner in owners for place in owner.places} <= ids
        shown = written(found, 200)
        assert {unquote(anchor) for anchor in re.findall(r"index\.html#(\S+)$", shown, re.MULTILINE)} <= ids
        assert all(f"report-{r.report_id}".replace(" ", "_") in {p.anchor for p in r.places} for r in found.reports)
        included = [study for study in found.studies if study.characteristics]
        assert all(f"study-{study.study_id}" in {p.anchor for p in study.places} for study in included)


def test_each_effect_of_the_bundled_review_leads_to_its_analysis_and_weights_add_up_to_all(review: MakeReview) -> None:
    done = review("bundled", built=True)
    weights: dict[str, float] = {}
    for found in everything(done):
        for effect in (effect for study in found.studies if found.kind == "study" for effect in study.effects):
            assert effect.analysis
            assert effect.pooled
            assert f"analysis-{effect.effect['analysis']}" in {p.anchor for p in found.studies[0].places}
            if effect.weight is not None:
                weights[effect.effect["analysis"]] = weights.get(effect.effect["analysis"], 0) + effect.weight
    assert len(weights) == 53
    assert {round(total, 6) for total in weights.values()} == {100.0}


def test_a_record_that_was_excluded_after_a_conflict_names_both_votes_and_the_adjudication(review: MakeReview) -> None:
    done = review("bundled", built=True)
    rows = done.rows("results/screening/full_text.csv")
    report = next(r["report_id"] for r in rows if r["consensus"] == "adjudicated" and r["decision"] == "exclude")
    votes = [
        r for r in done.rows("results/screening/votes.csv") if (r["report_id"], r["stage"]) == (report, "full_text")
    ]
    assert {vote["role"] for vote in votes} == {"reviewer", "adjudicator"}
    text = " ".join(written(traced(done, report), 80).split())
    for vote in votes:
        assert f"{vote['decided_at']}, {vote['reviewer']}" in text
        assert f"{vote['file']}:{vote['line']}]" in text


def test_a_doubtful_pair_leads_to_the_pair_on_the_page(review: MakeReview) -> None:
    done = review("half_done", built=True)
    pair = done.rows("results/dedupe/doubtful_pairs.csv")[0]
    (place,) = [p for p in traced(done, pair["record_a"]).reports[0].places if p.what == "doubtful pair"]
    page = Page(done.text("results/report/index.html"))
    (shown,) = [e for e in page.elements if e.attributes.get("id") == place.anchor]
    assert pair["record_a"] in shown.text
    assert pair["record_b"] in shown.text


def test_a_decision_that_is_written_after_the_report_is_said_to_be_newer(review: MakeReview) -> None:
    done = review("half_done", built=True)
    name = "records/screening/title_abstract/reviewer_2.csv"
    done.write(name, done.text(name) + "2022-01-05,PubMed:1003,include,,\n")
    source, problems = read(done.folder)
    assert state_of(done.folder, source, problems).changed == [name]


def test_the_page_of_the_documentation_shows_what_is_printed(review: MakeReview, fix: bool) -> None:
    text = DOCS.read_text(encoding="utf-8")
    (asked,) = re.findall(r"^\.venv/bin/reviewflow trace (\S+) --directory tests/cases/minimal$", text, re.MULTILINE)
    shown = written(traced(review("minimal", built=True), asked), 100)
    parts = re.split(r"(?<=<!-- printed -->\n```text\n)(.*?)(?=^```)", text, flags=re.MULTILINE | re.DOTALL)
    assert len(parts) == 3
    if fix:
        Path(DOCS).write_text(parts[0] + shown + parts[2], encoding="utf-8", newline="\n")
    assert DOCS.read_text(encoding="utf-8") == parts[0] + shown + parts[2], (
        "accept it with `pytest --fix tests/workflow/test_whole_traces.py`"
    )
