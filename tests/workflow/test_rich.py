"""The tables that a synthesis and an appraisal make agree with each other, on a review that has all of them."""

import math
import re
from collections import Counter

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import Review

pytestmark = pytest.mark.workflow
# Sums of a few doubles that a table has in full.
CLOSE = 1e-9


@pytest.fixture(scope="module")
def numbers() -> tuple[str, ...]:
    return ("estimate", "se", "ci_lower", "ci_upper", "p_value")


@pytest.fixture
def rich(review: MakeReview) -> Review:
    return review("rich", built=True)


def _of(done: Review, table: str, analysis: str = "") -> list[dict[str, str]]:
    rows = done.rows(f"results/{table}.csv")
    return [row for row in rows if row["analysis"] == analysis] if analysis else rows


def _pooled(done: Review, analysis: str) -> dict[str, str]:
    return _of(done, "synthesis/pooled", analysis)[0]


def test_subgroups_share_out_the_studies_and_participants_of_their_analysis(rich: Review) -> None:
    regions = Counter(row["region"] for row in rich.rows("results/extraction/studies.csv"))
    for analysis in ("pain_8w", "pain_8w_common", "relief_8w_jama"):
        rows, whole = _of(rich, "synthesis/subgroups", analysis), _pooled(rich, analysis)
        assert {row["subgroup"]: int(row["k"]) for row in rows} == regions
        assert sum(int(row["n"]) for row in rows) == int(whole["n"])
        (test,) = _of(rich, "synthesis/subgroup_tests", analysis)
        assert (int(test["groups"]), float(test["df"])) == (3, 2)


def test_the_test_between_subgroups_follows_from_their_estimates_and_wald_errors(rich: Review) -> None:
    # Q between = sum w (y - ybar)^2 with w = 1 / se^2, Borenstein 2009, chapter 19; Wald's errors come from the weights.
    rows = _of(rich, "synthesis/subgroups", "pain_8w")
    found = _of(rich, "synthesis/effects", "pain_8w")
    region = {row["study_id"]: row["region"] for row in rich.rows("results/extraction/studies.csv")}
    pairs = []
    for row in rows:
        own = [e for e in found if region[e["study_id"]] == row["subgroup"]]
        pairs.append((sum(1 / (float(e["se"]) ** 2 + float(row["tau2"])) for e in own), float(row["estimate"])))
    middle = sum(w * y for w, y in pairs) / sum(w for w, _ in pairs)
    (test,) = _of(rich, "synthesis/subgroup_tests", "pain_8w")
    assert float(test["q"]) == pytest.approx(sum(w * (y - middle) ** 2 for w, y in pairs), rel=1e-6)


def test_without_high_risk_exactly_the_studies_judged_so_are_left_out(rich: Review) -> None:
    judged = rich.rows("results/appraisal/risk_of_bias.csv")
    for analysis, outcome in (("pain_8w", "pain"), ("relief_8w", "relief")):
        high = {
            r["study_id"] for r in judged
            if (r["outcome"], r["domain"].casefold(), r["judgement"]) == (outcome, "overall", "high")
        }  # fmt: skip
        (row,) = [r for r in _of(rich, "synthesis/sensitivity", analysis) if r["sensitivity"] == "no_high_risk"]
        assert int(row["k_left_out"]) == len(high) > 0
        assert int(row["k"]) == int(_pooled(rich, analysis)["k"]) - len(high)
        kept = [e for e in _of(rich, "synthesis/effects", analysis) if e["study_id"] not in high]
        assert int(row["n"]) == sum(float(e["n_e"]) + float(e["n_c"]) for e in kept)


def test_a_sensitivity_analysis_without_imputed_numbers_drops_what_the_conversions_call_imputed(rich: Review) -> None:
    imputed = {
        r["study_id"] for r in rich.rows("results/extraction/conversions.csv")
        if r["imputed"] == "true" and (r["comparison"], r["outcome"], r["timepoint"]) == ("tea_vs_water", "pain", "8 weeks")
    }  # fmt: skip
    assert imputed == {"trial_d"}
    (row,) = [r for r in _of(rich, "synthesis/sensitivity", "pain_8w") if r["sensitivity"] == "no_imputed"]
    assert int(row["k_left_out"]) == len(imputed)


def test_the_last_step_of_a_cumulative_analysis_is_the_analysis(rich: Review, numbers: tuple[str, ...]) -> None:
    for analysis in ("pain_8w", "adverse_events", "sleep_8w"):
        rows, whole = _of(rich, "synthesis/cumulative", analysis), _pooled(rich, analysis)
        assert len(rows) == int(whole["k"])
        last = max(rows, key=lambda row: int(row["position"]))
        for name in set(numbers) & set(last):
            assert float(last[name]) == pytest.approx(float(whole[name]), rel=CLOSE), (analysis, name)


def test_every_study_left_out_in_turn_is_one_of_the_analysis(rich: Review) -> None:
    for analysis in ("pain_8w", "relief_8w", "sleep_8w"):
        used = {e["study_id"] for e in _of(rich, "synthesis/effects", analysis) if e["used"] == "true"}
        for table in ("leave_one_out", "influence"):
            assert {row["study_id"] for row in _of(rich, f"synthesis/{table}", analysis)} == used, table


def test_each_included_study_is_in_an_estimate_or_left_out_with_a_reason(rich: Review) -> None:
    compared = {
        row["study_id"] for row in rich.rows("results/extraction/contrasts.csv") if row["comparison"] == "tea_vs_water"
    }
    for analysis in ("pain_8w", "adverse_events", "sleep_8w", "pain_24w", "pain_52w"):
        used = {e["study_id"] for e in _of(rich, "synthesis/effects", analysis) if e["used"] == "true"}
        gone = {row["study_id"] for row in _of(rich, "synthesis/left_out", analysis) if row["reason"]}
        assert used.isdisjoint(gone)
        assert compared <= used | gone, analysis


def test_asymmetry_is_tested_where_studies_are_enough_and_has_a_reason_where_not(rich: Review) -> None:
    for row in _of(rich, "synthesis/asymmetry"):
        if int(row["k"]) < 10:
            assert row["made"] == "false"
        assert row["made"] == "true" or row["reason"]
    (filled,) = [r for r in _of(rich, "synthesis/asymmetry", "pain_8w") if r["test"] == "trim_and_fill"]
    assert len(_of(rich, "synthesis/filled", "pain_8w")) == int(filled["missing"]) > 0


def test_the_summary_of_findings_has_the_pooled_numbers_and_the_certainty_that_was_rated(rich: Review) -> None:
    rows = _of(rich, "appraisal/summary_of_findings")
    assert [row["analysis"] for row in rows] == ["pain_8w", "relief_8w", "adverse_events", "sleep_8w"]
    levels = {row["analysis"]: row["certainty"] for row in _of(rich, "appraisal/certainty")}
    for row in rows:
        whole = _pooled(rich, row["analysis"])
        assert (row["studies"], row["participants"]) == (whole["k"], whole["n"])
        assert row["certainty"] == levels[row["analysis"]]
        for own, name in (("effect", "estimate"), ("ci_lower", "ci_lower"), ("ci_upper", "ci_upper")):
            assert float(row[own]) == pytest.approx(float(whole[f"{name}_natural"]), rel=CLOSE)
    relief = rows[1]
    # Handbook 15.4.4: the risk with the treatment is the assumed risk times the risk ratio.
    assert float(relief["with_intervention"]) == pytest.approx(float(relief["assumed"]) * float(relief["effect"]))
    assert (levels["pain_8w"], levels["relief_8w"], levels["adverse_events"]) == ("low", "low", "very_low")


def test_each_number_that_a_forest_plot_prints_is_a_cell_of_a_table(rich: Review) -> None:
    for analysis in ("pain_8w", "relief_8w", "adverse_events"):
        drawn = rich.text(f"results/report/figures/forest_{analysis}.svg").replace("\u2212", "-")
        intervals = set(re.findall(r"(-?\d+\.\d\d) \[(-?\d+\.\d\d), (-?\d+\.\d\d)\]", drawn))
        names = ("estimate_natural", "ci_lower_natural", "ci_upper_natural")
        cells = [
            [e["effect_natural"], e["ci_lower_natural"], e["ci_upper_natural"]]
            for e in _of(rich, "synthesis/effects", analysis)
        ]
        cells += [
            [row[n] for n in names] for t in ("pooled", "subgroups") for row in _of(rich, f"synthesis/{t}", analysis)
        ]
        known = {tuple(f"{float(value) + 0.0:.2f}" for value in row) for row in cells if all(row)}
        assert len(intervals) > 7
        assert {tuple(f"{float(v) + 0.0:.2f}" for v in found) for found in intervals} <= known


def test_ratios_are_the_exponentials_of_their_logarithms(rich: Review) -> None:
    for analysis in ("relief_8w", "adverse_events"):
        whole = _pooled(rich, analysis)
        for name in ("estimate", "ci_lower", "ci_upper"):
            assert float(whole[f"{name}_natural"]) == pytest.approx(math.exp(float(whole[name])), rel=CLOSE)
