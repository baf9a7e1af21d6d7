"""Whole reviews in miniature come out as counted and computed by hand (tests/cases/*/expected.yaml).

Pooled rows of `full`, with yi = mean_e - mean_c, vi = sd_e²/n_e + sd_c²/n_c and w = 1/vi:
pain: Ahlgren -1 (0.1), Carlsen -1.5 (0.2): (10·-1 + 5·-1.5)/15 = -7/6, se = √(1/15), Q = 5/6 < df, tau² = 0;
adverse events, 2/20 v 5/20 and 3/30 v 6/30: (2·15/40 + 3·24/60)/(18·5/40 + 27·6/60) = 1.95/4.95.
"""

from collections import Counter
from typing import Any

import pytest
import yaml

from tests.workflow.conftest import MakeReview
from tests.workflow.review import CASES, Review, waits

pytestmark = pytest.mark.workflow
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, review: MakeReview) -> tuple[Review, dict[str, Any]]:
    """A case that is built, and what must have come out."""
    expected = (CASES / request.param / "expected.yaml").read_text(encoding="utf-8")
    return review(request.param, built=True), yaml.safe_load(expected)


def test_a_case_has_the_counts_the_queue_and_the_estimates_that_were_worked_out_by_hand(
    case: tuple[Review, dict[str, Any]],
) -> None:
    done, expected = case
    assert len(done.rows("results/search/records.csv")) == expected["sightings"]
    flow = {
        r["data"]: int(r["n"]) for r in done.rows("results/screening/flow.csv") if r["wave"] == "all" and not r["part"]
    }
    assert {name: flow[name] for name in expected["flow"]} == expected["flow"]
    queue = done.rows("results/screening/queue.csv")
    waiting = Counter(" ".join(filter(None, (r["stage"], r["task"], r["person"]))) for r in queue)
    assert waiting == expected["waits"]
    assert f"State: {expected['state']}\n" in done.text("results/report/summary.txt")
    _assert_pooled(done, expected["pooled"])


def _assert_pooled(done: Review, expected: dict[str, dict[str, Any]]) -> None:
    rows = {row["analysis"]: row for row in done.rows("results/synthesis/pooled.csv")}
    for analysis, cells in expected.items():
        for column, value in cells.items():
            # Eight digits: what double precision leaves after a few sums.
            cell = rows[analysis][column]
            known = cell if isinstance(value, str) else float(cell)
            assert known == (value if isinstance(value, str) else pytest.approx(value, rel=1e-8)), (analysis, column)


def test_every_sighting_is_in_one_cluster_and_every_report_in_one_state(case: tuple[Review, dict[str, Any]]) -> None:
    done, _ = case
    place = ("record_id", "search_id", "export_file", "position")
    sightings = [tuple(r[c] for c in place) for r in done.rows("results/search/records.csv")]
    clustered = [tuple(r[c] for c in place) for r in done.rows("results/dedupe/clusters.csv")]
    assert sorted(sightings) == sorted(clustered)
    assert len(set(clustered)) == len(clustered)
    reports = sorted({r["report_id"] for r in done.rows("results/dedupe/clusters.csv")})
    assert reports == [r["report_id"] for r in done.rows("results/screening/ledger.csv")]
    assert all(r["ok"] == "true" for r in done.rows("results/screening/identities.csv"))


def test_the_full_case_is_appraised_as_its_assessors_and_raters_wrote(review: MakeReview) -> None:
    """pain_8w starts high (RCT) and loses the two levels of the consensus; answers 1.1 Y, 1.2 PY, 1.3 N give low."""
    done = review("full", built=True)
    judged = {(r["study_id"], r["domain"]): r for r in done.rows("results/appraisal/risk_of_bias.csv")}
    assert judged["alpha", "D1"]["proposed"] == "dora=low"
    assert (judged["beta", "overall"]["status"], judged["beta", "overall"]["risk"]) == ("adjudicated", "some")
    certainty = {r["analysis"]: r for r in done.rows("results/appraisal/certainty.csv")}
    assert [certainty["pain_8w"][c] for c in ("start", "rated", "certainty", "status")] == [
        "high",
        "low",
        "low",
        "decided",
    ]
    assert (certainty["adverse_events"]["certainty"], certainty["adverse_events"]["status"]) == ("low", "from_ratings")
    findings = {r["analysis"]: r for r in done.rows("results/appraisal/summary_of_findings.csv")}
    row = findings["adverse_events"]
    # Comparators 5/20 and 6/30: median risk 0.225; odds ratio 1.95/4.95.
    odds = 0.225 / 0.775 * 1.95 / 4.95
    assert float(row["assumed"]) == pytest.approx(0.225, rel=1e-12)
    assert float(row["with_intervention"]) == pytest.approx(odds / (1 + odds), rel=1e-9)
    assert [r["kind"] for r in done.rows("results/appraisal/issues.csv")] == ["misapplied"]
    assert done.path("results/report/figures/risk_of_bias_traffic_light_rob_2.svg").is_file()


def test_final_succeeds_where_the_report_says_final_and_fails_where_it_says_interim(
    case: tuple[Review, dict[str, Any]],
) -> None:
    done, expected = case
    assert (done.attempt("final").status == 0) == (expected["state"] == "final")


def test_final_lists_everything_that_waits_with_the_file_and_the_person(review: MakeReview) -> None:
    done = review("half_done", built=True)
    listed = done.fail("final").faults
    for row in done.rows("results/screening/queue.csv"):
        assert waits(row, listed)
    for words in (
        "records/search/searches.csv: wos_2: ",
        "records/dedupe/rulings.csv: PubMed:1005 and Embase:L5005: ",
        "records/extraction/adjudication.csv: results beta/tea_vs_water/pain/8 weeks/water mean: ",
        "alpha RoB 2 overall: ",
    ):
        assert sum(words in line for line in listed) == 1, words
