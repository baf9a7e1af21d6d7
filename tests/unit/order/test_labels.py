"""What an order is learned from: nothing by which one reviewer's open votes could reach another."""

from pathlib import Path

import pytest
from reviewflow import order
from reviewflow.order import labels, settled_until

LIB = Path(order.__file__).parent


def settled(report, consensus, decision):
    return {"report_id": report, "consensus": consensus, "decision": decision, "reviewer_2": decision}


def test_settled_decisions_and_the_persons_own_votes_are_labels():
    rows = [settled("a", "agreed", "include"), settled("b", "adjudicated", "exclude")]
    assert labels(rows, {"c": "include", "d": "exclude"}) == {"a": True, "b": False, "c": True, "d": False}


@pytest.mark.parametrize("consensus", ["conflict", "incomplete", "collision", ""])
@pytest.mark.parametrize("decision", ["include", "exclude", ""])
def test_what_is_not_settled_is_no_label_whatever_others_voted(consensus, decision):
    assert labels([settled("a", consensus, decision)], {}) == {}
    assert labels([settled("a", consensus, decision)], {"a": "include"}) == {"a": True}


def test_unsure_and_withdrawn_votes_say_nothing():
    assert labels([settled("a", "agreed", "")], {"b": "unsure", "c": "withdraw", "d": ""}) == {}


def test_what_was_settled_holds_over_the_persons_own_vote():
    assert labels([settled("a", "adjudicated", "exclude")], {"a": "include"}) == {"a": False}


def test_no_votes_of_others_can_be_read_in_here():
    for path in LIB.glob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert "read_people" not in code, path
        assert "reviewflow.screening" not in code, path


def test_how_far_settled_decisions_go_is_the_newest_time():
    times = ["2020-05-17", "", "2020-05-17T09:30:00+02:00", "2020-05-17T08:00:00Z"]
    assert settled_until(times) == "2020-05-17T08:00:00Z"
    assert settled_until(["", ""]) == ""
    assert settled_until([]) == ""
