"""`reviewflow export --table queue --reviewer`: what waits for one person, and nothing of what anybody decided."""

import pytest
from reviewflow.cli import main
from small_review import REPORTS, make, table


@pytest.fixture
def review(tmp_path):
    return make(tmp_path / "review")


def queue(review, tmp_path, kind, stage="title_abstract", who="reviewer_1"):
    out = tmp_path / f"queue_{kind}"
    given = ["export", "--format", kind, "--table", "queue", "--reviewer", who, "--stage", stage]
    assert main([*given, "--directory", str(review), "--output", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def test_the_queue_of_a_reviewer_is_what_waits_for_that_one_without_any_decision(review, tmp_path):
    first = table(queue(review, tmp_path, "csv"))
    second = table(queue(review, tmp_path, "csv", who="reviewer_2"))
    assert [row["record_id"] for row in first] == REPORTS
    assert [row["record_id"] for row in second] == [name for name in REPORTS if name != "PubMed:106"]
    assert {row[name] for row in first for name in ("decision", "reviewer", "reason", "decision_note")} == {""}


def test_a_decision_that_was_made_since_does_not_go_along(review, tmp_path):
    for who in ("reviewer_1", "reviewer_2"):
        path = review / f"records/screening/title_abstract/{who}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("decided_at,record_id,decision,reason,note\n2020-01-01,PubMed:101,exclude,,my reason\n")
    assert "my reason" not in queue(review, tmp_path, "ris")
    assert "status:" not in queue(review, tmp_path, "ris")


def test_the_queue_of_nobody_of_the_review_is_a_fault(review, capsys):
    given = ["export", "--format", "ris", "--table", "queue", "--reviewer", "reviewer_3", "--output", "-"]
    assert main([*given, "--directory", str(review)]) == 1
    assert '"reviewer_3" is no reviewer of the review; name one of reviewer_1, reviewer_2' in capsys.readouterr().err


def test_a_withdrawn_decision_is_none_in_an_export(review, tmp_path):
    path = review / "records/screening/title_abstract/reviewer_1.csv"
    path.parent.mkdir(parents=True)
    lines = ["2020-01-01,PubMed:101,exclude,,", "2020-01-02,PubMed:101,withdraw,,", "2020-01-02,PubMed:102,include,,"]
    path.write_text("\n".join(["decided_at,record_id,decision,reason,note", *lines, ""]))
    out = tmp_path / "own.csv"
    given = ["export", "--format", "rayyan", "--reviewer", "reviewer_1", "--stage", "title_abstract"]
    assert main([*given, "--directory", str(review), "--output", str(out)]) == 0
    assert [row["key"] for row in table(out.read_text()) if "INCLUSION" in row["notes"]] == ["PubMed:102"]
