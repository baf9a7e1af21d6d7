"""Consensus on risk of bias, and certainty beside each analysis."""

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.appraisal import build, check
from reviewflow.tables import Fault, frame, schema

Row = dict[str, Any]
CONFIG: Row = {"appraisal": {"assessors": ["assessor_1", "assessor_2"]}}
KEY = {"study_id": "s1", "tool": "RoB 2", "outcome": "", "domain": "overall"}
STUDIES = [{"study_id": "s1", "label": "One 2001"}, {"study_id": "s2", "label": "Two 2002"}]
RULING = {**KEY, "judgement": "high", "support": "no allocation list", "adjudicator": "assessor_3"}


def people(table: str, rows: list[Row]) -> pd.DataFrame:
    return frame(table, rows).assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


def vote(judgement: str, support: str = "", **key: str) -> Row:
    return {**KEY, **key, "judgement": judgement, "support": support}


def tables(
    votes: dict[str, list[Row]], rulings: list[Row], certainty: list[Row]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    risk_of_bias = {who: people("records/appraisal/risk_of_bias", rows) for who, rows in votes.items()}
    adjudication = people("records/appraisal/adjudication", rulings)
    return risk_of_bias, adjudication, people("records/appraisal/certainty", certainty)


def run(
    votes: dict[str, list[Row]],
    rulings: list[Row] | None = None,
    certainty: list[Row] | None = None,
    config: Row = CONFIG,
) -> dict[str, pd.DataFrame]:
    studies = frame("results/extraction/studies", STUDIES)
    analyses = people("config/analyses", [{"analysis": "pain"}, {"analysis": "death"}])
    return build(config, *tables(votes, rulings or [], certainty or []), studies, analyses)


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
    assert found.to_dict("records") == [
        {**KEY, "status": "agreed", "judgement": "low", "support": "assessor_1=sealed, numbered; assessor_2=central"},
        {
            "study_id": "s2",
            "tool": "",
            "outcome": "",
            "domain": "",
            "status": "not_assessed",
            "judgement": "",
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
    found = run({}, config={"appraisal": {"assessors": []}})["risk_of_bias"]
    assert found["status"].tolist() == ["not_assessed", "not_assessed"]


def test_certainty() -> None:
    rated = [{"analysis": "pain", "certainty": "low", "explanation": "imprecise"}]
    assert run({"assessor_1": [], "assessor_2": []}, certainty=rated)["certainty"].to_numpy().tolist() == [
        ["death", "not_assessed", ""],
        ["pain", "low", "imprecise"],
    ]


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
    made = run({who: votes[who] for who in names}, config={"appraisal": {"assessors": list(names)}})["risk_of_bias"]
    assert made["domain"].tolist() == ["D1", "D2", "overall", ""]
    assert made["status"].tolist() == ["conflict", "incomplete", "conflict", "not_assessed"]
    assert made["support"].tolist() == ["assessor_1=x; assessor_2=y", "assessor_1=x", "assessor_1=x; assessor_2=y", ""]


def test_faults() -> None:
    votes = {"assessor_1": [vote("low", study_id="s9")], "assessor_2": [vote("low")]}
    rulings = [RULING, {**RULING, "domain": "D1"}]
    certainty = [{"analysis": "x", "certainty": "low"}]
    reports = people("records/extraction/study_reports", [{"study_id": "s1", "record_id": "r1"}])
    analyses = people("config/analyses", [{"analysis": "pain"}])
    mend = "add it there or correct it here"
    assert check(CONFIG, *tables(votes, rulings, certainty), reports, analyses) == [
        Fault(
            "records/appraisal/adjudication.csv",
            3,
            "study_id, tool, outcome, domain",
            'no assessor has judged "s1/RoB 2/D1"',
            "copy its key",
        ),
        Fault("records/appraisal/certainty.csv", 2, "analysis", '"x" is not in config/analyses.csv', mend),
        Fault("records/appraisal/risk_of_bias.csv", 2, "study_id", '"s9" is not in study_reports.csv', mend),
    ]


def test_what_is_right_has_no_fault() -> None:
    reports = people("records/extraction/study_reports", [{"study_id": "s1", "record_id": "r1"}])
    analyses = people("config/analyses", [{"analysis": "pain"}])
    right = tables(
        {"assessor_1": [vote("low")], "assessor_2": []}, [RULING], [{"analysis": "pain", "certainty": "low"}]
    )
    assert check(CONFIG, *right, reports, analyses) == []
