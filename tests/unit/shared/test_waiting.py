"""What stands between a review and its final report."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from reviewflow.report.status import _NOUNS
from reviewflow.schema import schema
from reviewflow.tables import DataFaults, empty_result, frame
from reviewflow.waiting import require_finished, waiting

TABLES = (
    "dedupe/doubtful_pairs", "screening/queue", "screening/ledger", "extraction/disagreements", "extraction/issues",
    "appraisal/issues", "appraisal/certainty",
)  # fmt: skip
CONFIG: dict[str, Any] = {
    "review": {"title": "A review"},
    "screening": {"reviewers": ["reviewer_1"]},
    "extraction": {"extractors": ["extractor_1"], "adjudicator": ""},
    "appraisal": {"assessors": ["assessor_1", "assessor_2"], "adjudicator": "assessor_3"},
}
MINE = "records/appraisal/assessor_1/risk_of_bias.csv"


def tables(**made: list[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    """Tables in which nothing waits, save what stands in `made` by the names of tables with _ for /."""
    searches = pd.DataFrame([{"search_id": "a", "export_files": "a.ris", "hits": 1}])
    found = {name: empty_result(f"results/{name}") for name in TABLES} | {"records/search/searches": searches}
    rows = {name: made.get(name.replace("/", "_"), []) for name in TABLES}
    return found | {name: frame(f"results/{name}", lines) for name, lines in rows.items() if lines}


def issue(kind: str, person: str = "assessor_1", file: str = MINE) -> dict[str, Any]:
    return {
        "study_id": "alpha", "tool": "RoB 2", "outcome": "pain", "domain": "D5", "kind": kind, "person": person,
        "file": file, "issue": "what is to be done",
    }  # fmt: skip


def test_nothing_waits_where_every_table_is_settled() -> None:
    assert waiting(CONFIG, tables()) == []


@pytest.mark.parametrize("kind", ["not_assessed", "missing", "conflict", "justification", "unanswered"])
def test_what_an_assessor_left_open_waits_for_that_assessor_with_the_file(kind: str) -> None:
    (found,) = waiting(CONFIG, tables(appraisal_issues=[issue(kind)]))
    assert (found.person, found.file, found.about) == ("assessor_1", MINE, "alpha RoB 2 pain D5")
    assert found.problem == "what is to be done"


@pytest.mark.parametrize("kind", ["unused_answer", "misapplied"])
def test_what_is_only_to_be_looked_at_keeps_no_review_from_being_final(kind: str) -> None:
    require_finished(CONFIG, tables(appraisal_issues=[issue(kind)]))


def test_a_review_that_assesses_no_risk_of_bias_waits_for_no_assessor() -> None:
    config = CONFIG | {"appraisal": {"assessors": []}}
    assert waiting(config, tables(appraisal_issues=[issue("not_assessed", "")])) == []


@pytest.mark.parametrize(("status", "file"), [("decided", "certainty"), ("conflict", "grade"), ("incomplete", "grade")])
def test_a_certainty_that_is_not_settled_keeps_a_review_from_being_final(status: str, file: str) -> None:
    rated = {"analysis": "pain_6m", "certainty": "high", "start": "high", "status": status, "differs": True}
    with pytest.raises(DataFaults) as caught:
        require_finished(CONFIG, tables(appraisal_certainty=[rated | {"issue": "say why"}]))
    assert str(caught.value).endswith(f"records/appraisal/{file}.csv: pain_6m: appraisal: say why; waits for somebody")


def test_the_report_has_words_for_every_kind_of_issue_that_can_wait() -> None:
    kinds = [schema(f"results/{stage}/issues").columns["kind"].values for stage in ("extraction", "appraisal")]
    can_wait = {kind for found in kinds for kind in found} - {"unresolved", "unused_answer", "misapplied"}
    assert can_wait <= set(_NOUNS)
