"""More than two reviewers, pilots, check samples, who left, and votes that were taken back."""

import pandas as pd
import pytest
from reviewflow import screening
from reviewflow.screening import Rules, decide
from reviewflow.tables import frame
from screening_sample import CONFIG, THREE, asked, events, lines, review, row, states, vote


@pytest.mark.parametrize(
    ("votes", "needed", "expected"),
    [
        (["include", "include", "exclude"], 2, ("conflict", "", "decision")),
        (["exclude", "exclude", "exclude"], 2, ("agreed", "exclude", "")),
        (["include", "unsure", "include"], 3, ("agreed", "include", "")),
        (["include", "exclude"], 3, ("incomplete", "", "")),
        (["exclude"], 1, ("agreed", "exclude", "")),
        (["unsure"], 1, ("agreed", "include", "")),
    ],
)
def test_all_votes_count_and_any_difference_is_a_conflict(votes, needed, expected):
    rules = Rules(needed, unsure_is_conflict=False, reasons_matter=False)
    outcome = decide({f"r{i}": vote(v) for i, v in enumerate(votes)}, None, rules)
    assert (outcome.consensus, outcome.decision, outcome.kind) == expected


@pytest.mark.parametrize(
    ("votes", "kind"),
    [(["exclude:x", "exclude:x", "exclude:y"], "reason"), (["exclude:x", "exclude:y", "include"], "decision")],
)
def test_a_conflict_on_the_reason_alone_is_its_own_kind(votes, kind):
    full = {f"reviewer_{i}": lines(f"a {v}", "2020-02-01") for i, v in enumerate(votes, 1)}
    screened = {name: lines("a include") for name in full}
    result = review({"a": ["a"]}, title_abstract=screened, full_text=full, screening=THREE)
    assert result["conflicts"]["kind"].tolist() == [kind]
    assert row(result, "full_text", report_id="a")["kind"] == kind
    third = events(("2020-03-01", "a", "exclude", "x"), table="adjudication")
    settled = review(
        {"a": ["a"]}, title_abstract=screened, full_text=full, full_text_adjudication=third, screening=THREE
    )
    found = row(settled, "full_text", report_id="a")
    assert (found["consensus"], found["kind"], found["reason"]) == ("adjudicated", kind, "x")
    assert settled["conflicts"].empty


def test_a_pilot_report_waits_for_every_reviewer_and_differs_only_then():
    pilot = THREE | {"pilot": 8}
    two = {"reviewer_1": lines("a include"), "reviewer_2": lines("a exclude")}
    waits = review({"a": ["a"]}, title_abstract=two, screening=pilot)
    assert row(waits, "title_abstract", report_id="a")["consensus"] == "incomplete"
    assert asked(waits) == [("a", "reviewer_3")]
    found = row(waits, "title_abstract", report_id="a")
    assert (found["needed"], found["round"]) == (3, "pilot")
    every = review({"a": ["a"]}, title_abstract=two | {"reviewer_3": lines("a include")}, screening=pilot)
    assert asked(every, "adjudicate") == [("a", "reviewer_9")]


def test_one_reviewer_decides_but_for_the_check_sample():
    single = CONFIG["screening"] | {"reviewers_per_report": 1}
    votes = {"reviewer_1": lines("a exclude")}
    alone, sampled = (
        review({"a": ["a"]}, title_abstract=votes, screening=single | {"check_sample": percent}) for percent in (0, 100)
    )
    assert states(alone) == {"a": "excluded_title_abstract"}
    assert states(sampled) == {"a": "awaiting_title_abstract"}
    assert asked(sampled) == [("a", "reviewer_2")]
    assert [row(r, "title_abstract", report_id="a")["needed"] for r in (alone, sampled)] == [1, 2]


def test_votes_of_who_left_count_and_nothing_is_asked_of_them():
    left = THREE | {"reviewers": ["reviewer_1", "reviewer_2"], "former_reviewers": ["reviewer_3"]}
    votes = {"reviewer_1": lines("a include"), "reviewer_3": lines("a include, b exclude, c include")}
    result = review({k: [k] for k in "abc"}, title_abstract=votes, screening=left)
    assert states(result)["a"] == "awaiting_retrieval"
    assert {who for _, who in asked(result)} <= {"reviewer_1", "reviewer_2"}
    assert [report for report, _ in asked(result)] == ["b", "c"]
    assert row(result, "title_abstract", report_id="b")["reviewer_3"] == "exclude"
    reports = frame("results/dedupe/reports", [{"report_id": k, "title": k} for k in "abc"])
    sheets = screening.worksheets({"screening": CONFIG["screening"] | left}, result["queue"], reports)
    assert sorted(sheets) == [f"{stage}_reviewer_{n}" for stage in ("full_text", "title_abstract") for n in (1, 2)]


def test_a_vote_that_is_withdrawn_is_none_and_its_seat_is_free():
    given = {
        "reviewer_1": events(("2020-01-01", "a", "include", ""), ("2020-01-02", "a", "withdraw", "")),
        "reviewer_2": lines("a include"),
    }
    result = review({"a": ["a"]}, title_abstract=given)
    assert states(result) == {"a": "awaiting_title_abstract"}
    assert asked(result) == [("a", "reviewer_1")]
    assert result["votes"]["decision"].tolist().count("withdraw") == 1
    again = given["reviewer_1"].iloc[:1].assign(decided_at="2020-01-03", _line=4)
    given["reviewer_1"] = pd.concat([given["reviewer_1"], again], ignore_index=True)
    assert states(review({"a": ["a"]}, title_abstract=given)) == {"a": "awaiting_retrieval"}


def test_an_adjudication_that_is_withdrawn_opens_the_conflict_again():
    votes = {"reviewer_1": lines("a include"), "reviewer_2": lines("a exclude")}
    taken = [("2020-01-03", "a", "include", ""), ("2020-01-04", "a", "withdraw", "")]
    found = [
        states(review({"a": ["a"]}, title_abstract=votes, title_abstract_adjudication=events(*t, table="adjudication")))
        for t in (taken[:1], taken, [*taken, ("2020-01-05", "a", "exclude", "")])
    ]
    assert [state["a"] for state in found] == [
        "awaiting_retrieval", "conflict_title_abstract", "excluded_title_abstract"
    ]  # fmt: skip
