"""Consensus on risk of bias, beside what the answers propose, and what is left to do."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.appraisal import build
from reviewflow.tables import frame, schema

from tests.unit.appraisal.bundled_tools import tools

Row = dict[str, Any]
CONFIG: Row = {
    "appraisal": {"assessors": ["assessor_1", "assessor_2"], "adjudicator": "assessor_3"},
    "comparisons": {"a_b": {"before_after": False}, "then": {"before_after": True}},
}
KEY = {"study_id": "s1", "tool": "RoB 2", "outcome": "", "domain": "overall"}
STUDIES = [{"study_id": "s1", "label": "One 2001"}, {"study_id": "s2", "label": "Two 2002"}]
RULING = {**KEY, "judgement": "high", "support": "no allocation list", "adjudicator": "assessor_3"}


def people(table: str, rows: list[Row]) -> pd.DataFrame:
    return frame(table, rows).assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


def vote(judgement: str, support: str = "", **key: str) -> Row:
    return {**KEY, **key, "judgement": judgement, "support": support}


def run(
    votes: dict[str, list[Row]],
    rulings: list[Row] | None = None,
    answers: dict[str, list[Row]] | None = None,
    contrasts: list[Row] | None = None,
    config: Row = CONFIG,
) -> dict[str, pd.DataFrame]:
    given = {who: people("records/appraisal/answers", (answers or {}).get(who, [])) for who in votes}
    return build(
        config,
        tools(),
        {who: people("records/appraisal/risk_of_bias", rows) for who, rows in votes.items()},
        given,
        people("records/appraisal/adjudication", rulings or []),
        frame("results/extraction/studies", STUDIES),
        frame("results/extraction/contrasts", contrasts or []),
    )


def judged(votes: dict[str, list[Row]], rulings: list[Row] | None = None) -> list[str]:
    """Status, judgement and support of the one judgement of s1."""
    found = run(votes, rulings)["risk_of_bias"].query("study_id == 's1'")
    assert len(found) == 1
    return [str(cell) for cell in found[["status", "judgement", "support"]].iloc[0]]


def test_agreed() -> None:
    found = run({"assessor_1": [vote("low", "sealed; numbered")], "assessor_2": [vote("low", "central")]})[
        "risk_of_bias"
    ]
    assert list(found.columns) == list(schema("results/appraisal/risk_of_bias").columns)
    nothing = {"risk": "", "proposed": "", "differs": False, "justification": ""}
    support = "assessor_1=sealed, numbered; assessor_2=central"
    assert found.to_dict("records") == [
        {**KEY, "status": "agreed", "judgement": "low", **nothing, "risk": "low", "support": support},
        {
            **dict.fromkeys(KEY, ""),
            "study_id": "s2",
            "status": "not_assessed",
            "judgement": "",
            **nothing,
            "support": "",
        },
    ]


def test_conflict_and_its_adjudication() -> None:
    votes = {"assessor_1": [vote("low", "list")], "assessor_2": [vote("some_concerns")]}
    assert judged(votes) == ["conflict", "", "assessor_1=list"]
    assert judged(votes, [RULING]) == ["adjudicated", "high", "assessor_1=list; assessor_3=no allocation list"]


def test_a_missing_assessor() -> None:
    votes: dict[str, list[Row]] = {"assessor_1": [vote("low")], "assessor_2": []}
    assert judged(votes) == ["incomplete", "", ""]
    assert judged(votes, [RULING]) == ["adjudicated", "high", "assessor_3=no allocation list"]


def test_a_ruling_that_all_agree_with_leaves_agreement() -> None:
    assert judged({"assessor_1": [vote("high")], "assessor_2": [vote("high")]}, [RULING]) == ["agreed", "high", ""]


def test_outcomes_are_judged_apart() -> None:
    votes = {
        "assessor_1": [vote("low"), vote("high", outcome="pain")],
        "assessor_2": [vote("low", outcome="pain"), vote("low")],
    }
    found = run(votes)["risk_of_bias"]
    assert found[["study_id", "outcome", "status"]].to_numpy().tolist() == [
        ["s1", "", "agreed"],
        ["s1", "pain", "conflict"],
        ["s2", "", "not_assessed"],
    ]


def test_a_study_that_is_not_included_has_no_row() -> None:
    found = run({"assessor_1": [vote("low", study_id="s9")], "assessor_2": [vote("low", study_id="s9")]})[
        "risk_of_bias"
    ]
    assert found["study_id"].tolist() == ["s1", "s2"]


def test_a_review_without_assessors() -> None:
    found = run({}, config={**CONFIG, "appraisal": {"assessors": []}})["risk_of_bias"]
    assert found["status"].tolist() == ["not_assessed", "not_assessed"]


@settings(max_examples=25)
@given(
    st.permutations(["assessor_1", "assessor_2"]),
    st.permutations(["overall", "D1", "D2"]),
    st.permutations(["D1", "overall"]),
)
def test_order_changes_nothing(names: list[str], one: list[str], two: list[str]) -> None:
    votes = {
        "assessor_1": [vote("low", "x", domain=d) for d in one],
        "assessor_2": [vote("high", "y", domain=d) for d in two],
    }
    made = run({who: votes[who] for who in names}, config={**CONFIG, "appraisal": {"assessors": list(names)}})[
        "risk_of_bias"
    ]
    assert made["domain"].tolist() == ["D1", "D2", "overall", ""]
    assert made["status"].tolist() == ["conflict", "incomplete", "conflict", "not_assessed"]
    assert made["support"].tolist() == ["assessor_1=x; assessor_2=y", "assessor_1=x", "assessor_1=x; assessor_2=y", ""]


def test_names_of_tools_domains_and_judgements_may_be_written_in_several_ways() -> None:
    one = [vote("Some concerns", tool="rob 2", domain="Randomization process")]
    two = [vote("some_concerns", tool="Cochrane RoB 2", domain="d1")]
    found = run({"assessor_1": one, "assessor_2": two})["risk_of_bias"].iloc[0]
    assert found[["tool", "domain", "status", "judgement", "risk"]].tolist() == [
        "RoB 2", "D1", "agreed", "some_concerns", "some",
    ]  # fmt: skip


def answer(question: str, word: str, **key: str) -> Row:
    place = {"study_id": "s1", "tool": "RoB 2", "outcome": "", **key}
    return {**place, "question": question, "answer": word}


D1_LOW = [answer("1.1", "Y"), answer("1.2", "probably yes"), answer("1.3", "n")]


def test_what_the_answers_propose_stands_beside_the_judgement() -> None:
    votes = {who: [vote("high", domain="D1", justification="lists were open")] for who in ("assessor_1", "assessor_2")}
    found = run(votes, answers={"assessor_1": D1_LOW})["risk_of_bias"].iloc[0]
    assert found[["judgement", "proposed", "differs", "justification"]].tolist() == [
        "high", "assessor_1=low", True, "assessor_1=lists were open; assessor_2=lists were open",
    ]  # fmt: skip


def test_a_judgement_that_one_of_the_proposals_gives_does_not_differ() -> None:
    votes = {"assessor_1": [vote("low", domain="D1")], "assessor_2": [vote("high", domain="D1")]}
    given = {"assessor_1": D1_LOW, "assessor_2": [answer("1.2", "N")]}
    found = run(votes, [{**RULING, "domain": "D1"}], given)["risk_of_bias"].iloc[0]
    assert found[["status", "judgement", "proposed", "differs"]].tolist() == [
        "adjudicated", "high", "assessor_1=low; assessor_2=high", False,
    ]  # fmt: skip


def test_answers_without_a_judgement_wait_for_the_judgement() -> None:
    made = run({"assessor_1": [], "assessor_2": []}, answers={"assessor_1": D1_LOW})
    found = made["risk_of_bias"].iloc[0]
    assert found[["domain", "status", "judgement", "proposed"]].tolist() == ["D1", "incomplete", "", "assessor_1=low"]
    said = {(r["person"], r["issue"]) for r in made["issues"].to_dict("records") if r["kind"] == "missing"}
    assert said == {
        ("assessor_1", "write your judgement (your answers propose low)"), ("assessor_2", "write your judgement"),
    }  # fmt: skip


def test_the_overall_proposal_follows_the_assessors_own_domains() -> None:
    rows = [vote("low", domain=f"D{i}") for i in range(1, 5)] + [vote("high", domain="D5"), vote("low")]
    found = run({"assessor_1": rows, "assessor_2": rows})["risk_of_bias"].query("domain == 'overall'").iloc[0]
    assert found["proposed"] == "assessor_1=high; assessor_2=high"
    assert found["differs"]


def test_the_answers_of_a_checklist_are_its_judgements() -> None:
    given = {
        "assessor_1": [answer("1", "Yes", tool="NIH before-after"), answer("5", "CD", tool="NIH before-after")],
        "assessor_2": [answer("1", "yes", tool="NIH before-after"), answer("5", "no", tool="NIH before-after")],
    }
    found = run({"assessor_1": [], "assessor_2": []}, answers=given)["risk_of_bias"].query("study_id == 's1'")
    assert found[["domain", "status", "judgement", "proposed"]].to_numpy().tolist() == [
        ["Q1", "agreed", "yes", ""], ["Q5", "conflict", "", ""],
    ]  # fmt: skip


def issues(made: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    rows = made["issues"].query("study_id == 's1'").to_dict("records")
    return [(r["kind"], r["domain"], r["person"], r["file"]) for r in rows]


def test_issues_say_who_must_do_what_and_where() -> None:
    votes = {"assessor_1": [vote("high", domain="D1")], "assessor_2": [vote("low", domain="D1")]}
    given = {"assessor_1": D1_LOW, "assessor_2": [answer("1.2", "Y"), answer("3.1", "Y"), answer("3.4", "Y")]}
    own = "records/appraisal/{}/{}.csv"
    assert sorted(issues(run(votes, answers=given))) == [
        ("conflict", "D1", "assessor_3", "records/appraisal/adjudication.csv"),
        ("justification", "D1", "assessor_1", own.format("assessor_1", "risk_of_bias")),
        ("missing", "D3", "assessor_1", own.format("assessor_1", "risk_of_bias")),
        ("missing", "D3", "assessor_2", own.format("assessor_2", "risk_of_bias")),
        ("unanswered", "D1", "assessor_2", own.format("assessor_2", "answers")),
        ("unused_answer", "D3", "assessor_2", own.format("assessor_2", "answers")),
    ]


def test_a_study_that_nobody_assessed_is_each_assessors() -> None:
    made = run({"assessor_1": [], "assessor_2": []})["issues"]
    assert {(r["study_id"], r["kind"], r["person"]) for r in made.to_dict("records")} == {
        (study, "not_assessed", who) for study in ("s1", "s2") for who in ("assessor_1", "assessor_2")
    }


@pytest.mark.parametrize(
    ("tool", "comparisons", "misapplied"),
    [("NOS", ["then"], True), ("NOS", ["then", "a_b"], False), ("NOS", [], False), ("RoB 2", ["then"], True),
     ("NIH before-after", ["then"], False)],
)  # fmt: skip
def test_a_tool_for_two_groups_is_named_where_the_review_has_but_one(
    tool: str, comparisons: list[str], misapplied: bool
) -> None:
    level = "low" if tool == "RoB 2" else "poor"
    votes = {who: [vote(level, tool=tool)] for who in ("assessor_1", "assessor_2")}
    contrasts = [
        {"study_id": "s1", "comparison": c, "outcome": "o", "timepoint": "t", "provenance": "reported"}
        for c in comparisons
    ]
    kinds = [kind for kind, *_ in issues(run(votes, contrasts=contrasts))]
    assert ("misapplied" in kinds) is misapplied


def test_domains_and_levels_are_those_of_the_tools_that_are_used() -> None:
    votes = {who: [vote("low")] for who in ("assessor_1", "assessor_2")}
    made = run(votes)
    assert made["domains"]["domain"].tolist() == ["D1", "D2", "D3", "D4", "D5", "overall"]
    assert set(made["domains"]["tool"]) == {"RoB 2"}
    overall = made["levels"].query("domain == 'overall'")
    assert overall["judgement"].tolist() == ["low", "some_concerns", "high"]
    assert overall["symbol"].tolist() == ["+", "\u2212", "\u00d7"]


def test_agreement_is_that_of_judgements_before_adjudication() -> None:
    one = [vote(level, study_id=s) for s, level in (("s1", "low"), ("s2", "high"))]
    two = [vote(level, study_id=s) for s, level in (("s1", "some_concerns"), ("s2", "high"))]
    found = run({"assessor_1": one, "assessor_2": two}, [RULING])["agreement"].to_dict("records")
    assert len(found) == 1
    row = found[0]
    assert (row["domain"], row["n"], row["agreed"], row["agreement"]) == ("overall", 2, 1, 0.5)
    # observed 1/2, by chance 1/4; with weights 1, 1/2, 0: observed 3/4, by chance (1/2 + 0 + 1/2 + 1)/4... = 0.5
    assert row["kappa"] == pytest.approx(1 / 3, rel=1e-12)
    assert row["weighted_kappa"] == pytest.approx(0.5, rel=1e-12)
    assert row["band"] == "fair"


def test_judgements_without_a_place_in_the_order_are_left_out_of_the_weighted_kappa() -> None:
    levels = (("s1", "low", "no_information"), ("s2", "serious", "serious"))
    one = [vote(a, study_id=s, tool="ROBINS-I") for s, a, _ in levels]
    two = [vote(b, study_id=s, tool="ROBINS-I") for s, _, b in levels]
    row = run({"assessor_1": one, "assessor_2": two})["agreement"].to_dict("records")[0]
    assert (row["n"], row["n_ordinal"]) == (2, 1)
    assert pd.isna(row["weighted_kappa"])
