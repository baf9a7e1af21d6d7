"""Faults of what people wrote about risk of bias and certainty: all at once, each with its mend."""

from typing import Any

import pandas as pd
from reviewflow.appraisal import People, check
from reviewflow.tables import Fault, frame

from tests.unit.appraisal.bundled_tools import tools

Row = dict[str, Any]
KEY = {"study_id": "s1", "tool": "RoB 2", "outcome": "", "domain": "overall"}
VOTE = {**KEY, "judgement": "low"}
MEND = "add it there or correct it here"
CONFIG: Row = {"appraisal": {"assessors": ["assessor_1"]}, "comparisons": {"a_b": {}}}


def people(table: str, rows: list[Row]) -> pd.DataFrame:
    return frame(table, rows).assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


def faults(
    votes: list[Row] | None = None,
    answers: list[Row] | None = None,
    rulings: list[Row] | None = None,
    certainty: list[Row] | None = None,
    grade: list[Row] | None = None,
    config: Row = CONFIG,
) -> list[Fault]:
    written = People(
        {"assessor_1": people("records/appraisal/risk_of_bias", votes or [])},
        {"assessor_1": people("records/appraisal/answers", answers or [])},
        people("records/appraisal/adjudication", rulings or []),
        people("records/appraisal/certainty", certainty or []),
        people("records/appraisal/grade", grade or []),
    )
    reports = people("records/extraction/study_reports", [{"study_id": "s1", "record_id": "r1"}])
    analyses = [{"analysis": f"a{i}", "comparison": "a_b"} for i in range(9)]
    outcomes = people("config/outcomes", [{"outcome": "pain"}])
    return check(config, tools(), written, reports, people("config/analyses", analyses), outcomes)


def said(found: list[Fault]) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.column, f.problem, f.mend) for f in found]


def test_what_is_right_has_no_fault() -> None:
    answers = [{**KEY, "question": "1.1", "answer": "PY"}, {**KEY, "question": "1.2", "answer": "no information"}]
    grade = [{"analysis": "a1", "domain": "imprecision", "rating": -1, "rated_by": "r"}]
    ruling = {**KEY, "judgement": "High risk", "adjudicator": "x"}
    assert faults([VOTE, {**VOTE, "outcome": "pain"}], answers, [ruling], [{"analysis": "a1"}], grade) == []


def test_names_that_are_nowhere() -> None:
    found = faults([{**VOTE, "study_id": "s9", "outcome": "joy"}], certainty=[{"analysis": "x"}])
    assert said(found) == [
        (2, "analysis", '"x" is not in config/analyses.csv', MEND),
        (2, "outcome", '"joy" is not in config/outcomes.csv', MEND),
        (2, "study_id", '"s9" is not in study_reports.csv', MEND),
    ]


def test_words_that_the_tool_does_not_know_are_named_with_those_that_it_does() -> None:
    rows = [{**VOTE, "tool": "RoB 9"}, {**VOTE, "domain": "D6"}, {**VOTE, "domain": "D1", "judgement": "fair"}]
    found = said(faults(rows))
    assert found[0][1:3] == ("tool", '"RoB 9" is no known tool')
    assert "write one of JBI case series, " in found[0][3]
    assert "config/tools/" in found[0][3]
    assert found[1] == (3, "domain", '"D6" is no domain of RoB 2', "write one of D1, D2, D3, D4, D5, overall")
    words = "write one of low, some_concerns, high"
    assert found[2] == (4, "judgement", '"fair" is no judgement of RoB 2 D1', words)


def test_one_judgement_under_two_names() -> None:
    found = said(faults([VOTE, {**VOTE, "tool": "rob 2", "domain": "Overall"}]))
    problem = "RoB 2 overall of this study stands in line 2 too, in other words"
    assert found == [(3, "study_id, tool, outcome, domain", problem, "keep one of them")]


def test_answers_to_unknown_questions_and_unknown_answers() -> None:
    found = said(
        faults(answers=[{**KEY, "question": "9.1", "answer": "Y"}, {**KEY, "question": "3.2", "answer": "NI"}])
    )
    assert found[0][1:3] == ("question", '"9.1" is no question of RoB 2')
    assert found[1] == (3, "answer", '"NI" is no answer to RoB 2 3.2', "write one of Y, PY, PN, N")


def test_an_adjudication_of_what_nobody_judged() -> None:
    ruling = {**KEY, "domain": "D1", "judgement": "high", "adjudicator": "x"}
    assert said(faults([VOTE], rulings=[ruling])) == [
        (2, "study_id, tool, outcome, domain", 'no assessor has judged "s1/RoB 2/D1"', "copy its key")
    ]


def test_the_answer_of_a_checklist_can_be_adjudicated() -> None:
    key = {**KEY, "tool": "NIH before-after"}
    ruling = {**key, "domain": "Q2", "judgement": "no", "adjudicator": "x"}
    assert faults(answers=[{**key, "question": "2", "answer": "yes"}], rulings=[ruling]) == []


def test_a_rating_beyond_its_domain() -> None:
    rows = [("imprecision", 1), ("imprecision", -3), ("large_effect", -1), ("dose_response", 2), ("risk_of_bias", -3)]
    grade = [{"analysis": f"a{i}", "domain": d, "rating": r, "rated_by": "r"} for i, (d, r) in enumerate(rows)]
    assert [(f.line, f.mend) for f in faults(grade=grade)] == [
        (2, "write a whole number from -2 to 0"), (3, "write a whole number from -2 to 0"),
        (4, "write a whole number from 0 to 2"), (5, "write a whole number from 0 to 1"),
    ]  # fmt: skip


def test_names_in_the_protocol_that_nothing_bears_and_more_than_seven_outcomes() -> None:
    chosen = [f"a{i}" for i in range(8)]
    part = {"summary": [*chosen, "x"], "assumed_risks": {"y": 0.1}, "start": {"z": "high"}, "weighted_by": "w"}
    found = faults(config={**CONFIG, "appraisal": {**CONFIG["appraisal"], **part}})
    assert sorted((f.column, f.problem) for f in found) == [
        ("appraisal.assumed_risks", '"y" is not in config/analyses.csv'),
        ("appraisal.start", '"z" is not in comparisons'),
        ("appraisal.summary", '"x" is not in config/analyses.csv'),
        ("appraisal.summary", "8 analyses of a_b, and a Summary of Findings has at most 7"),
        ("appraisal.weighted_by", '"w" is not in config/analyses.csv'),
    ]


def test_a_question_that_is_answered_under_two_names_of_its_tool_is_named() -> None:
    answers = [
        {**KEY, "question": "1.1", "answer": "Y"},
        {**KEY, "tool": "rob2", "question": "1.1", "answer": "N"},
        {**KEY, "outcome": "pain", "question": "1.1", "answer": "N"},
    ]
    problem = "RoB 2 1.1 of this study stands in line 2 too, in other words"
    assert said(faults(answers=answers)) == [(3, "study_id, tool, outcome, question", problem, "keep one of them")]
