"""The bundled review with half of its decisions: an honest interim report. The whole one: final."""

from collections import Counter

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import Review, waits

pytestmark = pytest.mark.workflow
VOTES = [f"records/screening/{s}/reviewer_{n}.csv" for s in ("title_abstract", "full_text") for n in (1, 2)]


def _halve(done: Review) -> None:
    """Keep every other line of each reviewer."""
    for name in VOTES:
        rows = done.rows(name)
        done.write_rows(name, rows[::2])


def test_half_the_decisions_give_an_interim_report_that_says_how_many_wait_for_whom_and_final_lists_them(
    review: MakeReview,
) -> None:
    done = review("bundled", built=True)
    _halve(done)
    run = done.fail("final")
    waiting = _expected(done)
    assert sum(waiting.values()) > 200
    assert Counter((r["stage"], r["person"]) for r in _queue(done) if r["task"] == "decide") == waiting
    summary = done.text("results/report/summary.txt")
    assert "State: interim\n" in summary
    assert "This review is not finished" in done.text("results/report/index.html")
    for (stage, person), n in waiting.items():
        assert f"{n} reports to decide: {person}, records/screening/{stage}/{person}.csv" in summary
        assert len(done.rows(f"results/screening/worksheets/{stage}_{person}.csv")) == n
    listed = run.faults
    for row in _queue(done):
        assert waits(row, listed)


def _queue(done: Review) -> list[dict[str, str]]:
    return done.rows("results/screening/queue.csv")


def _expected(done: Review) -> Counter[tuple[str, str]]:
    """Votes that each reviewer owes, counted from the votes, the clusters and where the reports stand."""
    report_of = {r["record_id"]: r["report_id"] for r in done.rows("results/dedupe/clusters.csv")}
    state = {r["report_id"]: r["state"] for r in done.rows("results/screening/ledger.csv")}
    owed: Counter[tuple[str, str]] = Counter()
    for name in VOTES:
        _, _, stage, file = name.split("/")
        voted = {report_of[r["record_id"]] for r in done.rows(name) if r["decision"]}
        waits = [r for r, s in state.items() if s == f"awaiting_{stage}" and r not in voted]
        owed[stage, file.removesuffix(".csv")] = len(waits)
    return +owed


def test_final_succeeds_on_the_whole_bundled_review(review: MakeReview) -> None:
    done = review("bundled", built=True)
    assert _queue(done) == []
    run = done.run("final")
    assert run.stages == ()
    assert "State: final" in run.output
    for line in ("Records identified                      386", "Studies included                         10"):
        assert line in run.output
    assert "52 of 52" in run.output
