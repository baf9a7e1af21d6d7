"""From the design and the ratings to a level, and what the numbers suggest."""

from typing import Any

import pytest
from reviewflow.appraisal import grade, imprecision
from reviewflow.appraisal.absolute import Assumed, assumed, with_intervention
from reviewflow.appraisal.suggest import Evidence, suggestions

Row = dict[str, Any]
DOWN = grade.LOWERING


@pytest.mark.parametrize(
    ("design", "high_tool", "begin"),
    [("RCT", False, "high"), ("randomised trial", False, "high"), ("Randomized, parallel", False, "high"),
     ("non-randomised", False, "low"), ("cohort", False, "low"), ("cohort", True, "high"),
     ("RCT and cohort", False, ""), ("quasi-randomised", False, "low"), ("", False, ""), ("self-controlled", False, "low")],
)  # fmt: skip
def test_where_evidence_starts(design: str, high_tool: bool, begin: str) -> None:
    config = {"appraisal": {}, "comparisons": {"c": {"design": design}}}
    assert grade.start(config, "c", starts_high=high_tool) == begin
    config["appraisal"] = {"start": {"c": "low"}}
    assert grade.start(config, "c", starts_high=high_tool) == "low"


@pytest.mark.parametrize(
    ("begin", "down", "up", "level"),
    [("high", 0, 0, "high"), ("high", -1, 0, "moderate"), ("high", -3, 0, "very_low"), ("high", -6, 0, "very_low"),
     ("low", 0, 0, "low"), ("low", 0, 1, "moderate"), ("low", -1, 2, "moderate"), ("low", 0, 3, "high"),
     ("low", 0, 4, "high"), ("", 0, 0, "")],
)  # fmt: skip
def test_the_level_is_the_start_and_all_ratings_within_four_levels(begin: str, down: int, up: int, level: str) -> None:
    ratings: dict[str, int | None] = dict.fromkeys(DOWN, 0)
    assert grade.level(begin, {**ratings, "imprecision": down, "large_effect": up}) == level


@pytest.mark.parametrize("missing", DOWN)
def test_there_is_no_level_until_all_that_lower_it_are_rated(missing: str) -> None:
    assert grade.level("high", {**dict.fromkeys(DOWN, 0), missing: None}) == ""


def rating(value: int, who: str, why: str = "") -> Row:
    return {"rating": value, "rated_by": who, "explanation": why}


@pytest.mark.parametrize(
    ("lines", "value", "status"),
    [([], None, "not_rated"), ([rating(-1, "a")], -1, "one_rater"), ([rating(-1, "b"), rating(-1, "a")], -1, "agreed"),
     ([rating(-1, "a"), rating(0, "b")], None, "conflict"),
     ([rating(-1, "a"), rating(0, "b"), rating(-2, "consensus")], -2, "consensus")],
)  # fmt: skip
def test_two_raters(lines: list[Row], value: int | None, status: str) -> None:
    found = grade.settled(lines)
    assert (found["rating"], found["status"]) == (value, status)
    assert grade.settled(lines[::-1]) == found


def domains(**ratings: int | None) -> dict[str, Row]:
    status = {True: "not_rated", False: "one_rater"}
    every = {**dict.fromkeys(DOWN, 0), **ratings}
    return {name: {"rating": r, "status": status[r is None], "explanation": "why"} for name, r in every.items()}


def test_peoples_last_word_that_differs_without_a_reason_is_named() -> None:
    decided = {"certainty": "low", "explanation": ""}
    found = grade.certainty_row("a", "high", domains(), decided)
    assert (found["certainty"], found["rated"], found["differs"], found["status"]) == ("low", "high", True, "decided")
    assert "certainty.csv says low, the ratings of grade.csv give high" in found["issue"]
    assert grade.certainty_row("a", "high", domains(), {**decided, "explanation": "few events"})["issue"] == ""


def test_without_a_last_word_the_ratings_give_the_level_or_say_what_is_left() -> None:
    found = grade.certainty_row("a", "high", domains(imprecision=-1), None)
    assert (found["certainty"], found["status"]) == ("moderate", "from_ratings")
    assert found["explanation"] == "imprecision -1: why"
    left = grade.certainty_row("a", "", domains(imprecision=None), None)
    assert (left["certainty"], left["status"]) == ("not_assessed", "incomplete")
    assert left["issue"] == "rate imprecision; say in appraisal.start of config.yaml where the evidence starts"


@pytest.mark.parametrize(
    ("measure", "effect", "risk", "found"),
    [("RR", 0.5, 0.2, 0.1), ("RD", -0.05, 0.2, 0.15), ("RR", 8.0, 0.2, 1.0), ("RD", -0.5, 0.2, 0.0),
     # odds 0.25 x 0.5 = 0.125, and 0.125 / 1.125
     ("OR", 0.5, 0.2, 0.125 / 1.125), ("PETO", 0.5, 0.2, 0.125 / 1.125),
     # survival 0.8 squared
     ("HR", 2.0, 0.2, 0.36), ("OR", 1.0, 0.3, 0.3), ("HR", 1.0, 0.3, 0.3)],
)  # fmt: skip
def test_absolute_effects(measure: str, effect: float, risk: float, found: float) -> None:
    assert with_intervention(measure, effect, risk) == pytest.approx(found, rel=1e-12)


def test_no_risk_follows_from_a_difference_of_means() -> None:
    with pytest.raises(ValueError, match="no risk follows from MD"):
        with_intervention("MD", 1.0, 0.2)


def test_the_assumed_risk_is_that_of_the_protocol_or_the_median_of_the_studies_in_the_estimate() -> None:
    rows = [{"events_c": e, "n_c": 100, "used": used} for e, used in ((10, True), (20, True), (40, True), (90, False))]
    assert assumed("OR", rows, None) == Assumed(0.2, "median")
    assert assumed("OR", rows, 0.07) == Assumed(0.07, "config")
    assert assumed("OR", [{"events_c": None, "n_c": 100, "used": True}], None) == Assumed(None, "")
    assert assumed("SMD", rows, None) == Assumed(None, "")


@pytest.mark.parametrize(
    ("lower", "upper", "own", "rating"),
    [(0.8, 0.95, False, 0), (0.7, 0.95, False, 0), (0.8, 1.2, False, 0), (0.7, 1.2, False, -1), (0.7, 1.4, False, -2)],
)
def test_the_usual_thresholds_count_where_the_interval_includes_no_effect(
    lower: float, upper: float, own: bool, rating: int
) -> None:
    assert imprecision.of_interval(lower, upper, 1.0, imprecision.RELATIVE, own=own).rating == rating


@pytest.mark.parametrize(("lower", "upper", "rating"), [(-0.9, 0.9, 0), (-3, -0.5, -1), (-3, -1.5, 0), (-2, 2, -2)])
def test_limits_of_the_reviews_own_count_each(lower: float, upper: float, rating: int) -> None:
    assert imprecision.of_interval(lower, upper, 0.0, (-1.0, 1.0), own=True).rating == rating


def test_the_optimal_information_size() -> None:
    # R 4.2.2: power.prop.test(p1 = .2, p2 = .15, power = .8) gives n = 905.3658 in each group, and
    # power.t.test(delta = .5, sd = 1, power = .8) n = 63.76561 by the t distribution; by the normal one 62.79.
    assert imprecision.size_for_risks(0.2) == 2 * 906
    assert imprecision.size_for_means(0.5, 1.0) == 2 * 63
    assert imprecision.size_for_risks(0.0) is None


def test_too_little_information_lowers_by_one_and_never_adds() -> None:
    level = imprecision.Level(0, "x")
    assert imprecision.with_size(level, 100, 400, "h").rating == -1
    assert imprecision.with_size(level, 400, 400, "h").rating == 0
    assert imprecision.with_size(imprecision.Level(-2, "x"), 100, 400, "h").rating == -2
    assert imprecision.with_size(level, None, 400, "h").rating == 0


POOLED: Row = {
    "measure": "RR", "k": 3, "n": 4000, "model": "fixed", "estimate_natural": 0.5, "ci_lower_natural": 0.4,
    "ci_upper_natural": 0.62, "ci_lower": -0.92, "ci_upper": -0.48, "pi_lower": None, "pi_upper": None, "i2": 10.0,
    "q_p": 0.4,
}  # fmt: skip


def evidence(pooled: Row | None = None, **given: Any) -> Evidence:
    effects = [
        {"study_id": f"s{i}", "used": True, "weight_fixed": w, "weight_random": w, "sd_c": None}
        for i, w in enumerate((60.0, 30.0, 10.0))
    ]
    usual: Row = {
        "effects": effects, "risk": {}, "assumed": Assumed(0.3, "median"), "important": None, "before_after": False,
        "start": "high",
    }  # fmt: skip
    return Evidence(**{"pooled": POOLED | (pooled or {}), **usual, **given})


@pytest.mark.parametrize(
    ("risks", "rating"),
    [("low low low", 0), ("low high high", 0), ("some low low", -1), ("low some high", 0), ("high low low", -2),
     ("some high low", -1)],
)  # fmt: skip
def test_risk_of_bias_goes_by_the_share_of_weight(risks: str, rating: int) -> None:
    risk = {f"s{i}": word for i, word in enumerate(risks.split())}
    found = suggestions(evidence(risk=risk))["risk_of_bias"]
    assert found[0] == rating
    assert "weight from studies at low risk" in found[1]


def test_without_any_judgement_nothing_is_suggested_for_risk_of_bias() -> None:
    assert suggestions(evidence())["risk_of_bias"][0] is None


@pytest.mark.parametrize(
    ("numbers", "rating"),
    [({}, 0), ({"i2": 60.0, "q_p": 0.05}, -1), ({"i2": 60.0, "q_p": 0.2}, 0), ({"k": 1}, None),
     ({"pi_lower": -2.0, "pi_upper": 0.5}, -1), ({"i2": 80.0, "q_p": 0.01, "pi_lower": -2.0, "pi_upper": 0.5}, -2),
     ({"pi_lower": -2.0, "pi_upper": -0.1}, 0)],
)  # fmt: skip
def test_inconsistency(numbers: Row, rating: int | None) -> None:
    assert suggestions(evidence(numbers))["inconsistency"][0] == rating


def test_imprecision_of_events_is_judged_on_the_absolute_scale_where_the_review_names_a_difference() -> None:
    # 0.3 x 0.4 - 0.3 = -0.18 and 0.3 x 0.62 - 0.3 = -0.114: a limit of -0.15 lies inside, one of -0.05 does not.
    assert suggestions(evidence(important=0.15))["imprecision"][0] == -1
    assert suggestions(evidence(important=0.05))["imprecision"][0] == 0


def test_publication_bias_needs_tests_that_were_made() -> None:
    row = {"test": "egger", "made": True, "p_value": 0.03, "reason": ""}
    assert suggestions(evidence(asymmetry=[row]))["publication_bias"] == (-1, "tests of asymmetry: egger P 0.03")
    assert suggestions(evidence(asymmetry=[{**row, "p_value": 0.4}]))["publication_bias"][0] == 0
    idle = {**row, "made": False, "p_value": None, "reason": "k is 3, fewer than 10"}
    assert suggestions(evidence(asymmetry=[idle]))["publication_bias"] == (None, "k is 3, fewer than 10")


@pytest.mark.parametrize(
    ("start", "effect", "limits", "rating"),
    [("high", 0.1, (0.05, 0.2), None), ("low", 0.4, (0.3, 0.6), 1), ("low", 0.15, (0.1, 0.3), 2),
     ("low", 0.6, (0.5, 0.7), 0), ("low", 3.0, (0.9, 9.0), 0), ("low", 3.0, (2.0, 5.0), 1)],
)  # fmt: skip
def test_a_large_effect_counts_for_evidence_that_starts_low(
    start: str, effect: float, limits: tuple[float, float], rating: int | None
) -> None:
    pooled = {"estimate_natural": effect, "ci_lower_natural": limits[0], "ci_upper_natural": limits[1]}
    assert suggestions(evidence(pooled, start=start))["large_effect"][0] == rating


def test_without_an_estimate_nothing_is_suggested() -> None:
    assert set(suggestions(evidence({"k": 0})).values()) == {(None, "no estimate")}
