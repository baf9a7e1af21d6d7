"""Analyses of several effects of one study, and of rare events, through the stage, against R.

The numbers are those of tests/reference/dependent (its README is the head of make_reference.R: rma.mv, robust with
clubSandwich, rma.glmm); tolerances and their reasons stand in test_dependent_reference.py.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reviewflow.synthesis import build
from reviewflow.tables import frame

REFERENCE = json.loads((Path(__file__).parents[1] / "dependent/reference.json").read_text(encoding="utf-8"))
Row = dict[str, Any]
KEY = {"comparison": "a_vs_b", "outcome": "pain", "timepoint": "end"}
ANALYSIS = {"analysis": "pain", **KEY, "measure": "GIV", "method": "IV", "model": "random"}
EVENTS = {**ANALYSIS, "outcome": "death", "method": "GLMM", "measure": "OR"}
SYNTHESIS = {
    "level": 95, "q_test_threshold": 0.1, "preset": "cochrane2025", "small_study_k": 2, "permutations": 0, "seed": 1,
    "sensitivity": [],
}  # fmt: skip
OUTCOMES = [
    {"outcome": "pain", "label": "Pain", "kind": "continuous"}, {"outcome": "death", "label": "Death", "kind": "dichotomous"}
]  # fmt: skip


def run(analysis: Row, rows: list[Row], **synthesis: Any) -> dict[str, pd.DataFrame]:
    config = {"comparisons": {"a_vs_b": {"before_after": False}}, "synthesis": {**SYNTHESIS, **synthesis}}
    head = KEY | {"outcome": analysis["outcome"], "provenance": "reported"}
    contrasts = frame("results/extraction/contrasts", [head | row for row in rows])
    empty, outcomes = frame("records/published/estimates", []), frame("config/outcomes", OUTCOMES)
    return build(config, frame("config/analyses", [analysis]), contrasts, empty, outcomes)


def effects(case: Row, **cells: Any) -> list[Row]:
    several = zip(case["study"], case["yi"], case["vi"], strict=True)
    return [
        {"study_id": s, "contrast": f"e{i:02d}", "effect": y, "se": v**0.5, "n_e": 10, "n_c": 20, **cells}
        for i, (s, y, v) in enumerate(several)
    ]


def one(made: dict[str, pd.DataFrame], name: str = "pooled") -> Row:
    rows = made[name].to_dict("records")
    assert len(rows) == 1
    return {str(key): value for key, value in rows[0].items()}


@pytest.mark.parametrize("case", REFERENCE["dependent"])
def test_a_three_level_analysis_is_that_of_rma_mv(case):
    made = run({**ANALYSIS, "dependence": "three_level"}, effects(case), rho=case["rho"])
    row = one(made)
    assert (row["k"], row["k_effects"]) == (len(set(case["study"])), len(case["study"]))
    assert row["rho"] == case["rho"]
    assert row["estimate"] == pytest.approx(case["estimate"], rel=1e-5)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(case["t_ci"], rel=2e-5)
    assert row["ci_df"] == row["k"] - 1
    parts = row["tau2_between"], row["tau2_within"]
    assert parts == pytest.approx((case["between"], case["within"]), rel=2e-4, abs=1e-6)
    assert row["tau2"] == sum(parts)
    z = one(run({**ANALYSIS, "dependence": "three_level", "ci_method": "wald"}, effects(case), rho=case["rho"]))
    assert (z["ci_lower"], z["ci_upper"]) == pytest.approx(case["z_ci"], rel=2e-5)
    assert (z["ci_method"], row["ci_method"], row["tau2_method"]) == ("wald", "t", "REML")
    used = made["effects"]
    assert used["weight_random"].sum() == pytest.approx(100)
    estimate = (used["weight_random"] * used["yi"]).sum() / 100
    assert estimate == pytest.approx(row["estimate"], rel=1e-9)


@pytest.mark.parametrize("case", REFERENCE["dependent"])
def test_a_robust_analysis_is_that_of_clubsandwich(case):
    row = one(run({**ANALYSIS, "dependence": "robust"}, effects(case), rho=case["rho"]))
    assert row["se"] == pytest.approx(case["cr2"]["se"], rel=1e-5)
    assert row["ci_df"] == pytest.approx(case["cr2"]["df"], rel=1e-5)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(case["cr2"]["ci"], rel=2e-5)
    assert row["ci_method"] == "cr2"
    assert ("not to be trusted below 4" in row["note"]) == (row["ci_df"] < 4)


def test_the_correlation_that_holds_where_none_is_named():
    case = REFERENCE["dependent"][0]
    three, robust = ({**ANALYSIS, "dependence": name} for name in ("three_level", "robust"))
    assert one(run(three, effects(case)))["rho"] == 0
    assert one(run(three, effects(case, shared_control=True)))["rho"] == 0.5
    assert one(run(robust, effects(case)))["rho"] == 0.5


def test_participants_of_a_shared_control_group_count_once():
    case = REFERENCE["dependent"][0]
    k, studies = len(case["study"]), len(set(case["study"]))
    asked = {**ANALYSIS, "dependence": "three_level"}
    assert one(run(asked, effects(case)))["n"] == 30 * k
    assert one(run(asked, effects(case, shared_control=True)))["n"] == 10 * k + 20 * studies


def test_single_studies_leave_with_all_their_effects_and_what_needs_independence_says_why():
    case = REFERENCE["dependent"][1]
    made = run({**ANALYSIS, "dependence": "robust", "moderators": "dose"}, effects(case))
    names = sorted(set(case["study"]))
    assert made["leave_one_out"]["study_id"].tolist() == names
    assert made["cumulative"]["position"].tolist() == list(range(1, len(names) + 1))
    kept = [i for i, study in enumerate(case["study"]) if study != names[0]]
    part = {name: [case[name][i] for i in kept] for name in ("study", "yi", "vi")}
    alone = one(run({**ANALYSIS, "dependence": "robust"}, effects(part)))
    assert made["leave_one_out"]["estimate"][0] == pytest.approx(alone["estimate"], rel=1e-9)
    assert made["leave_one_out"]["se"][0] == pytest.approx(alone["se"], rel=1e-9)
    last = made["cumulative"].iloc[-1]
    assert last["estimate"] == pytest.approx(one(made)["estimate"], rel=1e-9)
    assert made["influence"].empty
    assert not made["asymmetry"]["made"].any()
    assert set(made["asymmetry"]["reason"]) == {"it takes effects as independent, which these are not"}
    assert "not run: it takes effects as independent" in made["regression_fit"]["note"][0]
    assert "influence and small-study effects are not computed" in made["pooled"]["note"][0]


def test_a_correlation_can_be_varied():
    case = REFERENCE["dependent"][1]
    varied = {"name": "rho", "label": "Correlation", "rho": 0.8}
    made = run({**ANALYSIS, "dependence": "three_level"}, effects(case), sensitivity=[varied])
    other = one(run({**ANALYSIS, "dependence": "three_level"}, effects(case), rho=0.8))
    assert one(made, "sensitivity")["estimate"] == pytest.approx(other["estimate"], rel=1e-12)
    assert one(made, "sensitivity")["changed"] == "rho 0.8"


def test_one_effect_a_study_is_pooled_as_ever_and_several_of_a_single_study_are_not():
    rows = [{"study_id": f"s{i}", "effect": y, "se": 1.0} for i, y in enumerate((0.0, 4.0, 1.0))]
    plain, asked = ({**ANALYSIS, "dependence": name} for name in ("refuse", "three_level"))
    ours, theirs = one(run(asked, rows)), one(run(plain, rows))
    assert {k: v for k, v in ours.items() if k != "dependence" and pd.notna(v)} == {
        k: v for k, v in theirs.items() if k != "dependence" and pd.notna(v)
    }
    lone = one(run(asked, [{**row, "study_id": "s1", "contrast": c} for row, c in zip(rows, "abc", strict=True)]))
    assert (lone["k"], lone["k_effects"]) == (1, 3)
    assert pd.isna(lone["estimate"])
    assert "several effects of a single study" in lone["note"]


def counts(case: Row) -> list[Row]:
    time = case["measure"] == "IRR"
    names = ("events_e", "time_e" if time else "n_e", "events_c", "time_c" if time else "n_c")
    columns = zip(*(case[name] for name in "ancm"), strict=True)
    return [{"study_id": f"s{i:02d}"} | dict(zip(names, row, strict=True)) for i, row in enumerate(columns)]


@pytest.mark.parametrize("case", REFERENCE["rare"], ids=lambda c: c["measure"] + (" fixed" if "fixed" in c else ""))
def test_an_analysis_of_rare_events_is_that_of_rma_glmm(case):
    model = "fixed" if case.get("fixed") else "random"
    made = run({**EVENTS, "measure": case["measure"], "model": model}, counts(case))
    row = one(made)
    assert row["k"] == len(case["a"])
    assert row["estimate"] == pytest.approx(case["estimate"], rel=1e-4, abs=2e-4 * case["se"])
    assert row["se"] == pytest.approx(case["se"], rel=1e-4)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(case["ci"], abs=2e-4 * case["se"])
    assert row["ci_method"] == "wald"
    assert pd.isna(row["tau2"]) if model == "fixed" else row["tau2"] == pytest.approx(case["tau2"], rel=1e-3)
    assert pd.isna(row["lr_p"]) == (model == "fixed")
    assert "no zero corrected" in row["note"]
    assert made["effects"]["weight_random"].isna().all()


def test_a_study_without_events_stays_in_the_likelihood_and_says_so():
    rows = [
        {"study_id": f"s{i}", "events_e": a, "n_e": 50, "events_c": c, "n_c": 50}
        for i, (a, c) in enumerate([(0, 0), (1, 4), (0, 3), (2, 5)])
    ]
    made = run(EVENTS, rows)
    assert one(made)["k"] == 4
    assert "1 of 4 studies have no event on either side" in one(made)["note"]
    first, _, third, _ = made["effects"].to_dict("records")
    assert first["used"]
    assert pd.isna(first["yi"])
    assert "in the likelihood" in first["note"]
    assert third["note"].startswith("its own effect, not the likelihood: 0.5 added")
    assert made["left_out"].empty
    assert not made["asymmetry"]["made"].any()
    assert made["leave_one_out"].empty
    assert "single studies in turn" in one(made)["note"]


def test_parts_of_people_and_events_on_one_side_have_no_estimate_and_say_why():
    split = [{"study_id": "s1", "events_e": 2, "n_e": 50, "events_c": 2.5, "n_c": 12.5}]
    split += [{"study_id": "s2", "events_e": 2, "n_e": 50, "events_c": 2, "n_c": 20}]
    row = one(run(EVENTS, split))
    assert row["k"] == 0
    assert row["note"].startswith("stopped: counts of s1 are not whole numbers")
    sides = [{"study_id": f"s{i}", "events_e": 2, "n_e": 50, "events_c": 0, "n_c": 50} for i in range(3)]
    row = one(run(EVENTS, sides))
    assert (row["k"], row["model"]) == (3, "random")
    assert pd.isna(row["estimate"])
    assert "no maximum" in row["note"]
    none = one(run(EVENTS, [{**side, "events_e": 0} for side in sides]))
    assert "no study has an event" in none["note"]
