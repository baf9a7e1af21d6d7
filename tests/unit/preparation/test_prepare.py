"""From settled lines to contrasts, conversions and warnings: which rule is chosen, what is recorded, what keeps out."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.extraction.contrasts import Problem
from reviewflow.extraction.plausible_together import together
from reviewflow.extraction.prepare import Made, contrasts
from reviewflow.schema import schema
from scipy.special import stdtrit

Row = dict[str, Any]
CHOICES: Row = {
    "multi_arm": "combine",
    "medians": "convert",
    "skewed": "flag",
    "change_scores": "final",
    "correlation": 0.5,
}
KEY = {"study_id": "s1", "comparison": "a_vs_b", "outcome": "pain", "timepoint": "1 year"}
OUTCOME: Row = {"outcome": "pain", "label": "Pain", "kind": "continuous", "unit": None}
DEATH: Row = {"outcome": "death", "label": "Death", "kind": "dichotomous", "unit": None}
ARMS: dict[str, Row] = {
    "a": {"arm_id": "a", "role": "experimental", "n": 20, "page": "p. 2", "provenance": "reported"},
    "a2": {"arm_id": "a2", "role": "experimental", "n": 30, "page": "p. 2", "provenance": "reported"},
    "b": {"arm_id": "b", "role": "control", "n": 25, "page": "p. 2", "provenance": "reported"},
}
BLANK = dict.fromkeys(schema("records/extraction/results").columns)
BLANK_ARM = dict.fromkeys(schema("records/extraction/arms").columns)
SD_B = {"mean": 3.0, "sd": 2.0}


def config(**choices: Any) -> Row:
    sides = {"label": "", "experimental": "A", "control": "B"}
    return {
        "extraction": {"extractors": ["extractor_1", "extractor_2"]},
        "preparation": {**CHOICES, **choices},
        "comparisons": {"a_vs_b": {**sides, "before_after": False}, "after": {**sides, "before_after": True}},
    }


def line(arm: str | None, **cells: Any) -> Row:
    return {**BLANK, **KEY, "arm_id": arm, "page": "p. 4", "provenance": "reported", **cells}


def prepare(*lines: Row, outcome: Row = OUTCOME, arms: Row = ARMS, **choices: Any) -> list[Made | Problem]:
    full = {name: {**BLANK_ARM, **arm} for name, arm in arms.items()}
    return contrasts(lines, full, config(**choices), lines[0]["comparison"], outcome)


def made(*lines: Row, **given: Any) -> Made:
    (found,) = prepare(*lines, **given)
    assert isinstance(found, Made), found
    assert len(found.contrasts) == 1
    return found


def row(*lines: Row, **given: Any) -> Row:
    return made(*lines, **given).contrasts[0]


def problem(*lines: Row, **given: Any) -> Problem:
    (found,) = prepare(*lines, **given)
    assert isinstance(found, Problem), found
    return found


def kinds(found: Made) -> list[str]:
    return [step["kind"] for step in found.conversions]


def checks(found: Made) -> set[str]:
    return {warning["check"] for warning in found.warnings}


def test_printed_numbers_pass_as_they_are() -> None:
    found = made(line("a", mean=2.0, sd=1.5), line("b", n=24, **SD_B))
    expected = {"n_e": 20, "mean_e": 2.0, "sd_e": 1.5, "n_c": 24, "mean_c": 3.0, "sd_c": 2.0, "contrast": ""}
    expected |= {"imputed": False, "conversions": 0, "provenance": "reported", "scores": "final"}
    assert expected.items() <= found.contrasts[0].items()
    assert found.conversions == []
    assert found.warnings == []


@pytest.mark.parametrize(
    ("cells", "steps", "sd"),
    [
        # The printed standard deviation goes before all that it could be computed from.
        ({"sd": 1.5, "mean_se": 9.0, "q1": 0.0, "q3": 9.0}, [], 1.5),
        ({"mean_se": 0.5, "ci_lower": 1.9, "ci_upper": 2.1, "q1": 0.0, "q3": 9.0}, ["sd_from_se"], 0.5 * 20**0.5),
        ({"ci_lower": 1.0, "ci_upper": 3.0, "q1": 0.0, "q3": 9.0}, ["sd_from_ci"], 20**0.5 / stdtrit(19, 0.975)),
        (
            {"ci_lower": 1.0, "ci_upper": 3.0, "ci_level": 90.0},
            ["sd_from_ci"],
            20**0.5 / stdtrit(19, 0.95),
        ),
        ({"lowest": 0.0, "q1": 1.0, "q3": 3.0, "highest": 4.0}, ["sd_from_five"], None),
        ({"lowest": 0.0, "highest": 4.0}, ["sd_from_range"], None),
        ({"q1": 1.0, "q3": 3.0}, ["sd_from_quartiles"], None),
    ],
)
def test_the_order_in_which_a_standard_deviation_is_taken(cells: Row, steps: list[str], sd: float | None) -> None:
    found = made(line("a", mean=2.0, **cells), line("b", **SD_B))
    assert kinds(found) == steps
    assert sd is None or found.contrasts[0]["sd_e"] == pytest.approx(sd, rel=1e-14)
    assert found.contrasts[0]["imputed"] == (sd is None)
    assert found.contrasts[0]["provenance"] == ("derived" if steps else "reported")


def test_a_step_names_what_went_in_what_came_out_and_where_the_formula_stands() -> None:
    found = made(line("a", mean=2.0, mean_se=0.5, unit="mm"), line("b", **SD_B))
    key = {**KEY, "contrast": "", "arm_id": "a", "step": 1}
    said = {"kind": "sd_from_se", "from": "n=20; mean_se=0.5", "to": "sd", "value": 0.5 * 20**0.5, "unit": "mm"}
    said |= {"formula": "SD = SE sqrt(n)", "source": "Cochrane Handbook 6, 6.5.2.2", "imputed": False, "note": ""}
    assert found.conversions == [key | said]
    assert {*found.conversions[0]} == {*schema("results/extraction/conversions").columns}


@pytest.mark.parametrize(
    ("test", "se", "steps"),
    [
        ({"ci_lower": -3.0, "ci_upper": 1.0}, 2 / stdtrit(43, 0.975), ["se_from_ci_t"]),
        ({"t_value": -2.0, "p_value": "0.9"}, 0.5, ["difference", "se_from_t"]),
        ({"f_value": 4.0, "p_value": "0.9"}, 0.5, ["difference", "se_from_f"]),
        ({"p_value": "0.04"}, 1 / -stdtrit(43, 0.02), ["difference", "se_from_p_t"]),
        ({"p_value": "P < .05"}, 1 / -stdtrit(43, 0.025), ["difference", "se_from_p_bound_t"]),
    ],
)
def test_a_test_between_two_arms_gives_the_standard_deviation_that_both_lack(
    test: Row, se: float, steps: list[str]
) -> None:
    sd = se / (1 / 20 + 1 / 25) ** 0.5
    for lines in (
        (line("a", mean=2.0), line("b", mean=3.0), line(None, **test)),
        (line("a", mean=2.0, test="unpaired", **test), line("b", mean=3.0)),
    ):
        if "ci_lower" in test and lines[0].get("test"):
            continue  # limits in an arm's line are those of its mean
        found = made(*lines)
        numbers = found.contrasts[0]
        assert (numbers["sd_e"], numbers["sd_c"]) == pytest.approx((sd, sd), rel=1e-14)
        assert kinds(found) == [*steps, "sd_from_se_of_difference"] * 2
        assert numbers["imputed"] == ("bound" in steps[-1])
    # One side's printed standard deviation stays.
    kept = row(line("a", mean=2.0, sd=1.0), line("b", mean=3.0), line(None, **test))
    assert (kept["sd_e"], kept["sd_c"]) == (1.0, pytest.approx(sd, rel=1e-14))


def test_a_p_above_a_bound_and_a_paired_test_say_nothing_between_arms() -> None:
    lines = (line("a", mean=2.0), line("b", mean=3.0))
    for test in ({"p_value": ">0.05"}, {"p_value": "0.04", "test": "paired"}):
        found = problem(*lines, line(None, **test))
        assert found.kind == "incomplete"
        assert found.issue.startswith("nothing printed gives the mean and standard deviation of arm a, b")


def test_a_median_is_converted_flagged_and_kept_out_as_config_says() -> None:
    straight = line("a", median=6.0, q1=4.0, q3=8.2)
    found = made(straight, line("b", **SD_B))
    assert kinds(found) == ["mean_from_quartiles", "sd_from_quartiles"]
    assert found.contrasts[0]["imputed"]
    assert checks(found) == set()
    assert "skewness 0.04762" in found.conversions[0]["note"]
    skewed = line("a", median=4.1, q1=4.0, q3=9.0)
    assert checks(made(skewed, line("b", **SD_B))) == {"skewed_e"}
    for arm, choice in ((straight, {"medians": "keep_out"}), (skewed, {"skewed": "keep_out"})):
        out = row(arm, line("b", **SD_B), **choice)
        assert "mean_e" not in out
        assert "sd_c" not in out
        assert out["n_e"] == 20
        assert out["note"].startswith("kept out: ")
    assert row(straight, line("b", **SD_B), skewed="keep_out")["mean_e"] is not None


@pytest.mark.parametrize(
    ("cells", "issue"),
    [
        ({"mean": 2.0, "q1": 3.0, "q3": 1.0}, "q1 3, q3 1 do not rise; check them against the report"),
        (
            {"median": 5.0, "lowest": 1.0, "q1": 2.0, "q3": 4.0, "highest": 9.0},
            "lowest 1, q1 2, median 5, q3 4, highest 9",
        ),
        ({"mean": 2.0, "ci_lower": 3.0, "ci_upper": 4.0}, "the limits 3 and 4 do not contain the mean 2"),
        ({"mean": 2.0, "sd": 1.0, "lowest": 3.0, "highest": 4.0}, "the mean 2 lies outside the range 3 to 4"),
        ({"median": 2.0, "q1": 1.0, "q3": 3.0, "n": 4}, "with n = 4 neither mean nor SD can be estimated"),
    ],
)
def test_what_cannot_be_keeps_the_contrast_out(cells: Row, issue: str) -> None:
    found = problem(line("a", **cells), line("b", **SD_B))
    assert found.kind == "implausible"
    assert found.issue.startswith(issue)


def test_several_arms_of_a_side_are_combined_with_signed_means() -> None:
    found = made(line("a", mean=-2.0, sd=1.5), line("a2", mean=2.0, sd=2.5), line("b", **SD_B))
    numbers = found.contrasts[0]
    assert numbers["n_e"] == 50
    assert numbers["mean_e"] == pytest.approx(0.4, rel=1e-14)
    variance = (19 * 1.5**2 + 29 * 2.5**2 + 20 * 30 / 50 * 16) / 49
    assert numbers["sd_e"] == pytest.approx(variance**0.5, rel=1e-14)
    assert kinds(found) == ["combined_mean", "combined_sd", "combined_sum"]
    assert {step["arm_id"] for step in found.conversions} == {"a+a2"}
    assert not numbers["imputed"]


def test_a_split_control_group_is_shared_out_and_its_mean_and_sd_stay() -> None:
    lines = (line("a", mean=-2.0, sd=1.5), line("a2", mean=2.0, sd=2.5), line("b", **SD_B))
    found = prepare(*lines, multi_arm="split")
    rows = [part.contrasts[0] for part in found if isinstance(part, Made)]
    assert [r["contrast"] for r in rows] == ["a", "a2"]
    assert [(r["n_e"], r["n_c"], r["mean_c"], r["sd_c"]) for r in rows] == [(20, 12.5, 3.0, 2.0), (30, 12.5, 3.0, 2.0)]
    events = prepare(line("a", events=3), line("a2", events=4), line("b", events=5), outcome=DEATH, multi_arm="split")
    rows = [part.contrasts[0] for part in events if isinstance(part, Made)]
    assert [(r["events_c"], r["n_c"]) for r in rows] == [(2.5, 12.5), (2.5, 12.5)]
    beside = problem(*lines, line(None, effect=1.0, se=0.5), multi_arm="split")
    assert beside.issue.startswith("an effect without an arm beside several arms (a, a2)")


def test_a_whole_control_group_stands_in_each_contrast_and_says_so() -> None:
    lines = (line("a", mean=-2.0, sd=1.5), line("a2", mean=2.0, sd=2.5), line("b", **SD_B))
    rows = [part.contrasts[0] for part in prepare(*lines, multi_arm="whole") if isinstance(part, Made)]
    assert [(r["contrast"], r["n_c"], r["shared_control"]) for r in rows] == [("a", 25, True), ("a2", 25, True)]
    assert "shared_control" not in row(line("a", mean=-2.0, sd=1.5), line("b", **SD_B), multi_arm="whole")


def test_events_of_several_arms_are_added() -> None:
    numbers = row(line("a", events=3), line("a2", events=4), line("b", events=5), outcome=DEATH)
    assert (numbers["events_e"], numbers["n_e"], numbers["events_c"], numbers["n_c"]) == (7, 50, 5, 25)


def test_events_of_a_percentage_are_the_one_count_that_prints_it_or_an_issue() -> None:
    found = made(line("a", percent=15.0), line("b", percent=8.0), outcome=DEATH)
    assert (found.contrasts[0]["events_e"], found.contrasts[0]["events_c"]) == (3, 2)
    assert kinds(found) == ["events_from_percent"] * 2
    assert not found.contrasts[0]["imputed"]
    many = problem(line("a", percent=12.0, n=300), line("b", events=2), outcome=DEATH)
    assert many.issue.startswith("12 % of 300 can be 35 to 37 events")
    quoted = row(line("a", percent=12.0, n=300, quote="12.0 %"), line("b", events=2), outcome=DEATH)
    assert quoted["events_e"] == 36
    none = problem(line("a", percent=12.4), line("b", events=2), outcome=DEATH)
    assert none.issue.startswith("no number of events is 12.4 % of 20")


def test_person_time_needs_no_n() -> None:
    arms = {name: {**arm, "n": None} for name, arm in ARMS.items()}
    numbers = row(
        line("a", events=30, person_time=12.5), line("b", events=5, person_time=14.0), outcome=DEATH, arms=arms
    )
    assert (numbers["events_e"], numbers["time_e"], numbers["time_c"], numbers["n_e"]) == (30, 12.5, 14.0, None)


def before(**cells: Any) -> Row:
    return line("a", comparison="after", **cells)


def test_before_and_after_with_the_correlation_printed_computed_or_stated() -> None:
    ends = {"mean": 2.0, "sd": 7.1, "baseline_mean": 5.0, "baseline_sd": 6.4}
    printed = row(before(**ends, correlation=0.8))
    assert printed["change_sd_e"] == pytest.approx(4.3204, abs=5e-5)
    assert (printed["correlation"], printed["imputed"], printed.get("n_c")) == (
        0.8,
        False,
        None,
    )
    computed = row(before(**ends, change_sd=4.5))
    assert computed["correlation"] == pytest.approx(0.78257, abs=5e-6)
    assert (computed["change_sd_e"], computed["change_mean_e"], computed["imputed"]) == (4.5, -3.0, False)
    tested = row(before(**ends, t_value=-3.0))
    assert tested["change_sd_e"] == pytest.approx(20**0.5, rel=1e-14)
    assert not tested["imputed"]
    by_p = row(before(**ends, p_value="0.01"))
    assert by_p["change_sd_e"] == pytest.approx(3 / -stdtrit(19, 0.005) * 20**0.5, rel=1e-14)
    stated = made(before(**ends))
    assert kinds(stated) == ["mean_change", "stated_correlation", "change_sd_from_correlation"]
    assert (stated.contrasts[0]["correlation"], stated.contrasts[0]["imputed"]) == (0.5, True)
    assert row(before(**ends), correlation=0.7)["correlation"] == 0.7
    assert row(before(change_mean=-1.0, change_sd=2.0))["change_mean_e"] == -1.0
    apart = problem(before(**ends, change_sd=40.0))
    assert "cannot belong together" in apart.issue


def test_a_before_after_comparison_has_no_control_arm() -> None:
    after = {"comparison": "after"}
    found = problem(line("a", **after, **SD_B), line("b", **after, **SD_B))
    assert found.issue.startswith("a before-after comparison has no control side (b)")


def test_changes_and_values_at_follow_up_are_never_mixed_within_a_contrast() -> None:
    both = {"mean": 2.0, "sd": 1.0, "change_mean": -4.0, "change_sd": 3.0}
    final = row(line("a", **both), line("b", **both))
    assert (final["mean_e"], final["scores"], final["change_mean_e"]) == (2.0, "final", -4.0)
    change = row(line("a", **both), line("b", **both), change_scores="change")
    assert (change["mean_e"], change["sd_c"], change["scores"]) == (-4.0, 3.0, "change")
    only = {"change_mean": -4.0, "change_sd": 3.0}
    assert row(line("a", **only), line("b", **both))["scores"] == "change"
    assert problem(line("a", **only), line("b", **SD_B)).issue.startswith("one arm has values at follow-up")
    ends = {"mean": 2.0, "sd": 1.0, "baseline_mean": 5.0, "baseline_sd": 1.0}
    made_up = row(line("a", **ends), line("b", **ends), change_scores="change")
    assert (made_up["mean_e"], made_up["sd_e"], made_up["imputed"]) == (-3.0, pytest.approx(1.0), True)


CREATININE = {**OUTCOME, "unit": "µmol/L", "analyte": "creatinine", "plausible_min": 25.0, "plausible_max": 1300.0}


def test_means_standard_deviations_and_effects_move_to_the_unit_of_the_analysis() -> None:
    found = made(
        line("a", mean=1.0, mean_se=0.1, unit="mg/dl"), line("b", mean=90.0, sd=20.0, unit="μmol/l"), outcome=CREATININE
    )
    numbers = found.contrasts[0]
    assert (numbers["mean_e"], numbers["sd_e"]) == pytest.approx((88.4, 8.84 * 20**0.5), rel=1e-14)
    assert (numbers["mean_c"], numbers["unit"], numbers["imputed"]) == (90.0, "µmol/L", False)
    assert kinds(found) == ["sd_from_se", "unit", "unit"]
    assert found.conversions[1]["note"] == "mg/dl to µmol/L: times 88.4"
    whole = row(line(None, effect=-0.5, ci_lower=-1.0, ci_upper=0.0, unit="mg/dL"), outcome=CREATININE)
    assert whole["effect"] == pytest.approx(-44.2, rel=1e-14)
    assert whole["se"] == pytest.approx(88.4 * 0.5 / stdtrit(43, 0.975), rel=1e-13) or whole["n_e"] is None


def test_ratios_have_no_unit_and_logarithms_move_by_a_sum() -> None:
    ratio = row(line(None, effect=0.5, ci_lower=0.25, ci_upper=1.0, scale="natural", unit="mg/dL"), outcome=CREATININE)
    assert ratio["effect"] == pytest.approx(-0.693147180559945, rel=1e-14)
    logs = {**CREATININE, "scale": "log"}
    numbers = row(
        line("a", mean=0.1, sd=0.2, scale="log", unit="mg/dL"), line("b", mean=4.5, sd=0.3, scale="log"), outcome=logs
    )
    assert numbers["mean_e"] == pytest.approx(0.1 + 4.481871969, rel=1e-9)
    assert (numbers["sd_e"], numbers["mean_c"]) == (0.2, 4.5)


def test_a_unit_that_does_not_convert_stays_with_its_contrast_and_is_an_issue() -> None:
    proteinuria = {**OUTCOME, "unit": "mg/24 h", "analyte": "protein"}
    found = prepare(
        line("a", mean=900.0, sd=9.0, unit="mg/g"), line("b", mean=800.0, sd=8.0, unit="mg / g"), outcome=proteinuria
    )
    assert [type(part) for part in found] == [Made, Problem]
    assert isinstance(found[0], Made)
    assert found[0].contrasts[0]["unit"] == "mg/g"
    assert isinstance(found[1], Problem)
    assert found[1].kind == "unit"
    assert found[1].issue.startswith("units differ (mg/24 h, mg/g)")
    apart = problem(
        line("a", mean=9.0, sd=9.0, unit="mg/g"), line("b", mean=8.0, sd=8.0, unit="g/24h"), outcome=proteinuria
    )
    assert apart.kind == "unit"
    blank = made(line("a", mean=9.0, sd=9.0), line("b", mean=8.0, sd=8.0), outcome=proteinuria)
    assert checks(blank) == {"unit_blank"}
    assert blank.contrasts[0]["unit"] is None


def test_scales() -> None:
    log_outcome = {**OUTCOME, "scale": "log"}
    geometric = line("a", mean=10.0, ci_lower=8.0, ci_upper=12.5, scale="geometric")
    found = made(geometric, line("b", mean=10.0, sd=5.0), outcome=log_outcome)
    assert kinds(found)[:2] == ["log_mean_from_geometric", "log_sd_from_geometric_ci"]
    assert found.contrasts[0]["mean_e"] == pytest.approx(2.302585092994046, rel=1e-14)
    assert found.contrasts[0]["mean_c"] == pytest.approx(2.302585092994046 - 0.111571775657105, rel=1e-13)
    beside = line("b", mean=10.0, sd=5.0, baseline_mean=12.0)
    found = made(geometric, beside, outcome=log_outcome)
    assert found.conversions[2]["note"].startswith("baseline_mean left out: values at baseline")
    assert problem(geometric, beside, outcome=log_outcome, change_scores="change").kind == "implausible"
    natural = row(line("a", mean=2.0, sd=0.5, scale="log"), line("b", mean=10.0, sd=5.0))
    assert natural["mean_e"] == pytest.approx(8.372897488127265, rel=1e-13)
    assert natural["imputed"]


@pytest.mark.parametrize(
    ("cells", "effect", "se", "steps"),
    [
        (
            {"effect": 0.8, "ci_lower": 0.64, "ci_upper": 1.0, "scale": "natural"},
            -0.22314355131421,
            0.44628710262842 / (2 * 1.9599639845400545),
            ["log_of_ratio", "log_se_from_ci"],
        ),
        (
            {"effect": 0.8, "p_value": "0.05", "scale": "natural"},
            -0.22314355131421,
            0.22314355131421 / 1.9599639845400545,
            ["log_of_ratio", "se_from_p"],
        ),
        (
            {"observed_minus_expected": -5.0, "variance": 25.0},
            -0.2,
            0.2,
            ["log_hr_from_o_e", "se_from_variance"],
        ),
        ({"effect": -0.2, "se": 0.1, "scale": "log"}, -0.2, 0.1, []),
        (
            {"effect": -0.2, "ci_lower": -0.4, "ci_upper": 0.0, "scale": "log"},
            -0.2,
            0.2 / 1.9599639845400545,
            ["se_from_ci"],
        ),
    ],
)
def test_a_whole_effect_on_the_log_scale(cells: Row, effect: float, se: float, steps: list[str]) -> None:
    found = made(line(None, **cells), outcome=DEATH)
    numbers = found.contrasts[0]
    assert (numbers["effect"], numbers["se"]) == pytest.approx((effect, se), rel=1e-12)
    assert kinds(found) == steps


def test_an_effect_that_nothing_gives_a_standard_error_is_incomplete() -> None:
    assert problem(line(None, effect=1.0)).kind == "incomplete"
    assert problem(line(None, effect=1.0, p_value=">0.05")).kind == "incomplete"
    assert problem(line(None, effect=1.0, ci_lower=2.0, ci_upper=3.0)).kind == "implausible"


@pytest.mark.parametrize(
    ("lines", "outcome", "expected"),
    [
        ((line("a", mean=9.0, sd=1.0), line("b", mean=3.0, sd=1.0)), OUTCOME, {"large_smd"}),
        ((line("a", mean=2.0, sd=1.0, n=21), line("b", **SD_B)), OUTCOME, {"n_above_arm"}),
        (
            (line("a", mean=0.9, sd=0.5), line("b", mean=90.0, sd=60.0)),
            CREATININE,
            {"unit_blank", "implausible_mean_e"},
        ),
        ((line("a", events=3, percent=25.0), line("b", events=5)), DEATH, {"percent_mismatch"}),
        ((line("a", events=3, percent=15.0), line("b", events=5)), DEATH, set()),
        ((line(None, effect=0.5, ci_lower=0.1, ci_upper=0.9, p_value="0.014"),), OUTCOME, set()),
        ((line(None, effect=0.5, ci_lower=0.1, ci_upper=0.9, p_value="0.4"),), OUTCOME, {"p_mismatch"}),
        ((line(None, effect=0.5, ci_lower=0.1, ci_upper=1.4),), OUTCOME, {"ci_asymmetric"}),
        ((line(None, effect=0.8, ci_lower=0.64, ci_upper=1.0, scale="natural", p_value="0.05"),), DEATH, set()),
        ((line(None, effect=0.82, ci_lower=0.64, ci_upper=1.0, scale="natural"),), DEATH, set()),
        ((line(None, effect=0.7, ci_lower=0.64, ci_upper=0.99, scale="natural"),), DEATH, {"ci_asymmetric"}),
        # What is printed as 1 may be 1.4; what the quote prints as 1.00 may not.
        ((line(None, effect=0.7, ci_lower=0.64, ci_upper=1.0, scale="natural"),), DEATH, set()),
        (
            (line(None, effect=0.7, ci_lower=0.64, ci_upper=1.0, scale="natural", quote="0.70 (0.64-1.00)"),),
            DEATH,
            {"ci_asymmetric"},
        ),
    ],
)
def test_warnings(lines: tuple[Row, ...], outcome: Row, expected: set[str]) -> None:
    assert checks(made(*lines, outcome=outcome)) == expected


def test_a_slip_names_the_factor_that_would_mend_it() -> None:
    found = made(
        line("a", mean=0.9, sd=0.5, unit="umol/L"), line("b", mean=90.0, sd=60.0, unit="umol/L"), outcome=CREATININE
    )
    (warning,) = found.warnings
    assert warning["expected"] == "at least 25 and at most 1300"
    assert "times 88.4 or 100 or 1000 it would be plausible" in warning["message"]
    assert warning["person"] == "extractor_1; extractor_2"
    assert {*warning} == {*schema("results/extraction/warnings").columns}


def studies(*numbers: Row) -> list[Row]:
    usual = {"mean_e": 80.0, "sd_e": 20.0, "n_e": 25, "mean_c": 90.0, "sd_c": 20.0, "n_c": 25, "unit": "umol/L"}
    named = {**KEY, "contrast": "", "scores": "final"}
    return [{**named, **usual, "study_id": f"s{i}", **given} for i, given in enumerate(numbers, 1)]


@pytest.mark.parametrize(
    ("odd", "check"),
    [
        ({"sd_e": 4.0}, "se_for_sd_e"),
        ({"mean_c": 900.0}, "slip_c"),
        ({"mean_e": 0.9}, "slip_e"),
        ({"unit": "mg/dL"}, "units_differ"),
        ({"scores": "change"}, "scores_differ"),
    ],
)
def test_a_study_beside_the_others(odd: Row, check: str) -> None:
    outcomes = {"pain": CREATININE}
    assert together(studies({}, {}, {}, {"sd_e": 25.0}), outcomes, config()) == []
    found = together(studies({}, {}, {}, odd), outcomes, config())
    assert check in {warning["check"] for warning in found if warning["study_id"] == "s4"}


def test_one_study_alone_or_studies_that_vary_give_no_usual_value() -> None:
    outcomes = {"pain": CREATININE}
    assert together(studies({}, {"sd_e": 1.0}), outcomes, config()) == []
    assert together(studies({}, {"sd_e": 100.0}, {"sd_e": 4.0}), outcomes, config()) == []


def test_order_of_lines_changes_nothing() -> None:
    lines = [
        line("a", mean=-2.0, sd=1.5),
        line("a2", mean=2.0, sd=2.5),
        line("b", **SD_B),
        line(None, effect=1.0, se=0.5),
    ]
    assert prepare(*lines) == prepare(*reversed(lines))


def test_a_test_that_says_nothing_leaves_the_place_to_quartiles_and_to_the_stated_correlation() -> None:
    same = {"mean": 2.0, "q1": 1.0, "q3": 3.0}
    found = made(line("a", **same), line("b", **same), line(None, p_value="1.0"))
    assert kinds(found) == ["sd_from_quartiles"] * 2
    ends = {"mean": 5.0, "sd": 7.1, "baseline_mean": 5.0, "baseline_sd": 6.4}
    assert kinds(made(before(**ends, p_value="1.0")))[-1] == "change_sd_from_correlation"
    assert problem(line(None, effect=0.0, p_value="1.0")).kind == "incomplete"


@pytest.mark.parametrize(
    "lines",
    [
        (line("a", mean=2000.0, sd=1.0, scale="log"), line("b", **SD_B)),
        (line("a", mean=2.0, n=0), line("b", mean=1.0), line(None, effect=1.0, t_value=2.0)),
        (line("a", mean=2.0, mean_se=1.0, n=1), line("b", **SD_B)),
        (line("a", mean=2.0, ci_lower=1.0, ci_upper=3.0, n=1), line("b", **SD_B)),
        (line("a", mean=0.0, sd=1.0, scale="geometric"), line("b", **SD_B)),
    ],
)
def test_no_number_stops_the_run(lines: tuple[Row, ...]) -> None:
    assert problem(*lines).kind == "implausible"


CELLS = [name for name, column in schema("records/extraction/results").columns.items() if column.type == "number"]
POSITIVE = {"sd", "mean_se", "baseline_sd", "change_sd", "se", "variance", "f_value", "person_time"}
OF_WHOLE = {"effect", "se", "observed_minus_expected", "variance"}
OF_COUNTS = {"percent", "person_time"}


@st.composite
def printed_lines(draw: st.DrawFn, arm: str | None, dichotomous: bool) -> Row:
    """A line as it passes the check: an arm's or a contrast's cells, quartiles and limits in order."""
    tests = {"t_value", "f_value", "ci_lower", "ci_upper", "ci_level"}
    own = OF_WHOLE | tests if arm is None else {*CELLS} - OF_WHOLE - OF_COUNTS
    own = OF_COUNTS if arm and dichotomous else own
    names = draw(st.sets(st.sampled_from(sorted(own)), max_size=8))
    numbers = st.one_of(st.integers(-3, 60).map(float), st.floats(-1e5, 1e5, allow_nan=False))
    cells = {name: draw(numbers) for name in sorted(names)}
    cells = {name: abs(x) + 0.01 if name in POSITIVE else x for name, x in cells.items()}
    for order in (("lowest", "q1", "median", "q3", "highest"), ("ci_lower", "mean" if arm else "effect", "ci_upper")):
        there = [name for name in order if name in cells]
        cells |= dict(zip(there, sorted(cells[name] for name in there), strict=True))
    cells |= {name: 0.5 for name in ("correlation", "ci_level", "percent") if name in cells}
    cells |= {"ci_level": 90.0} if "ci_level" in cells else {}
    scale = draw(st.sampled_from([None, None, "natural", "log", "geometric"]))
    p = draw(st.sampled_from([None, "0.03", "<0.001", "1.0", ">0.05"]))
    unit = draw(st.sampled_from([None, "mg/dL", "umol/L"]))
    n = draw(st.sampled_from([None, None, 0, 1, 5, 50])) if arm else None
    events = draw(st.sampled_from([None, 0, 3])) if arm and dichotomous else None
    return line(arm, **cells, scale=scale, p_value=p, unit=unit, n=n, events=events)


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_printed_gives_contrasts_or_issues(data: st.DataObject) -> None:
    arms: set[str | None] = {"a", "b"} | data.draw(st.sets(st.sampled_from(["a2", None]), max_size=2))
    if data.draw(st.booleans()):
        arms = {None}
    outcome = data.draw(st.sampled_from([DEATH, OUTCOME, CREATININE, {**CREATININE, "scale": "log"}]))
    lines = [data.draw(printed_lines(arm, outcome is DEATH)) for arm in sorted(arms, key=str)]
    after = data.draw(st.booleans())
    lines = [{**one, "comparison": "after"} for one in lines if one["arm_id"] != "b"] if after else lines
    choices = {"multi_arm": data.draw(st.sampled_from(["combine", "split", "whole"]))}
    choices["change_scores"] = data.draw(st.sampled_from(["final", "change"]))
    found = prepare(*lines, outcome=outcome, **choices)
    assert found
    for part in found:
        if isinstance(part, Made):
            numbers = [x for r in part.contrasts for x in r.values() if isinstance(x, float)]
            assert all(math.isfinite(x) for x in numbers)
            assert part.contrasts[0]["conversions"] == len(part.conversions)
            keys = [(w["check"], w["where"]) for w in part.warnings]
            assert len(keys) == len({*keys})
