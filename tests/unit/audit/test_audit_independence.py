"""Whether decisions were made before another's could be known: first votes, changed minds, adjudications."""

import pytest
from audit_sample import found, people_file, votes
from reviewflow.audit import independence
from reviewflow.tables import rows_of

STAGE = "title_abstract"
FIRST = ("2020-01-02T10:00:00Z", "a", "include")
SECOND = ("2020-01-02T11:00:00Z", "a", "exclude")
RULED = ("2020-01-03T09:00:00Z", "a", "exclude")


def files(one, other, third=(), sealed=False, stage=STAGE):
    made = [
        people_file(stage, "reviewer_1", *one, sealed=sealed),
        people_file(stage, "reviewer_2", *other, sealed=sealed),
    ]
    return [*made, *([people_file(stage, "adjudication", *third)] if third else [])]


def table(*made, **report_of):
    shown, _ = independence(votes(*made, **report_of))
    return {row["reviewer"]: row for row in rows_of(shown)}


def grave(*made, **report_of):
    _, findings = independence(votes(*made, **report_of))
    return [f for f in found(findings, "independence") if f[0] != "note"]


def kind(row):
    names = ("first_before_other", "after_other_on_page", "after_other_by_hand", "order_unknown")
    return {name for name in names if row[name]}


@pytest.mark.parametrize(("sealed", "where"), [(True, "after_other_on_page"), (False, "after_other_by_hand")])
def test_the_later_first_vote_was_made_on_the_page_or_by_hand(sealed, where):
    rows = table(*files([FIRST], [SECOND], sealed=sealed))
    assert kind(rows["reviewer_1"]) == {"first_before_other"}
    assert kind(rows["reviewer_2"]) == {where}
    assert rows["reviewer_2"][where] == rows["reviewer_2"]["reports"] == 1


def test_a_hand_written_later_vote_is_a_note_with_a_count_and_a_sealed_one_is_none():
    for sealed, notes in ((False, [("note", f"{STAGE}/reviewer_2.csv", None)]), (True, [])):
        _, findings = independence(votes(*files([FIRST], [SECOND], sealed=sealed)))
        assert found(findings, "independence") == notes


def test_whoever_votes_alone_votes_before_any_other():
    rows = table(people_file(STAGE, "reviewer_1", FIRST))
    assert kind(rows["reviewer_1"]) == {"first_before_other"}


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ("2020-01-02", "2020-01-02T11:00:00Z", False),
        ("2020-01-02", "2020-01-03", True),
        ("2020-01-02T10:00Z", "2020-01-02T10:00:30Z", False),
        ("2020-01-02T10:00Z", "2020-01-02T10:01:00Z", True),
        ("2020-01-02T10:00:00Z", "2020-01-02T12:00:00+02:00", False),
        ("2020-01-02T10:00:00Z", "2020-01-02T11:00:00+02:00", True),
        ("", "2020-01-02T10:00:00Z", False),
    ],
)  # fmt: skip
def test_an_order_that_the_times_do_not_tell_is_unknown(one, other, known):
    rows = table(*files([(one, "a", "include", "", "", "" if one else "asreview.csv")], [(other, "a", "include")]))
    assert (kind(rows["reviewer_1"]) == {"order_unknown"}) is not known
    assert (kind(rows["reviewer_2"]) == {"order_unknown"}) is not known


def test_each_judged_report_is_counted_once():
    one = [
        ("2020-01-02T10:00:00Z", "a", "include"),
        ("2020-01-02T10:05:00Z", "b", "include"),
        ("2020-01-04", "c", "include"),
    ]
    other = [
        ("2020-01-02T10:02:00Z", "a", "include"),
        ("2020-01-02T10:03:00Z", "b", "include"),
        ("2020-01-04", "c", "include"),
    ]
    row = table(*files(one, other))["reviewer_1"]
    parts = ("first_before_other", "after_other_on_page", "after_other_by_hand", "order_unknown")
    assert [int(row[name]) for name in parts] == [1, 0, 1, 1]
    assert row["reports"] == 3


def test_a_mind_changed_by_hand_after_anothers_vote_is_a_warning_at_its_line():
    one = [FIRST, ("2020-01-02T12:00:00Z", "a", "exclude")]
    made = files(one, [SECOND])
    assert grave(*made) == [("warning", f"{STAGE}/reviewer_1.csv", 3)]
    assert table(*made)["reviewer_1"]["changed_after_other_by_hand"] == 1


def test_a_mind_changed_on_the_page_after_anothers_vote_is_counted_and_no_warning():
    made = files([FIRST, ("2020-01-02T12:00:00Z", "a", "exclude")], [SECOND], sealed=True)
    assert grave(*made) == []
    assert table(*made)["reviewer_1"]["changed_after_other_on_page"] == 1


def test_a_mind_changed_before_the_other_voted_is_a_change_and_nothing_else():
    made = files([FIRST, ("2020-01-02T10:30:00Z", "a", "exclude")], [SECOND])
    row = table(*made)["reviewer_1"]
    assert grave(*made) == []
    assert (row["changed"], row["changed_after_other_by_hand"]) == (1, 0)


@pytest.mark.parametrize(
    "again", [("2020-01-02T12:00:00Z", "a", "include"), ("2020-01-02T12:00:00Z", "a", "include", "x")],
    ids=["the same", "a reason at title and abstract"],
)  # fmt: skip
def test_what_says_the_same_again_changes_nothing(again):
    assert table(*files([FIRST, again], [SECOND]))["reviewer_1"]["changed"] == 0


def test_another_reason_at_full_text_is_a_change():
    one = [("2020-01-02T10:00:00Z", "a", "exclude", "x"), ("2020-01-02T12:00:00Z", "a", "exclude", "y")]
    made = files(one, [("2020-01-02T11:00:00Z", "a", "exclude", "x")], stage="full_text")
    assert grave(*made) == [("warning", "full_text/reviewer_1.csv", 3)]


def test_an_undone_decision_that_is_made_again_is_no_change_and_one_left_undone_is():
    undone = ("2020-01-02T12:00:00Z", "a", "withdraw")
    again = table(*files([FIRST, undone, ("2020-01-02T12:01:00Z", "a", "include")], [SECOND]))
    left = table(*files([FIRST, undone], [SECOND]))
    assert (again["reviewer_1"]["changed"], left["reviewer_1"]["changed"]) == (0, 1)


def test_decisions_on_two_records_of_a_report_are_no_change_of_mind():
    made = files([FIRST, ("2020-01-02T12:00:00Z", "a2", "exclude")], [SECOND])
    assert table(*made, a2="a")["reviewer_1"]["changed"] == 0


def test_a_vote_changed_after_the_adjudication_is_an_error_where_the_adjudicator_has_not_seen_it():
    made = files([FIRST, ("2020-01-04T10:00:00Z", "a", "exclude")], [SECOND], [RULED])
    assert ("error", f"{STAGE}/reviewer_1.csv", 3) in grave(*made)
    assert table(*made)["reviewer_1"]["changed_after_adjudication"] == 1


@pytest.mark.parametrize("sealed", [True, False])
def test_the_error_is_there_whether_the_changed_vote_is_sealed_or_not(sealed):
    made = files([FIRST, ("2020-01-04T10:00:00Z", "a", "exclude")], [SECOND], [RULED], sealed=sealed)
    assert [f for f in grave(*made) if f[0] == "error"]


@pytest.mark.parametrize(
    ("later_vote", "later_ruling"),
    [([("2020-01-05T10:00:00Z", "a", "include")], []), ([], [("2020-01-06T09:00:00Z", "a", "exclude")])],
    ids=["the vote restored", "adjudicated again"],
)
def test_the_error_is_mended_to_a_warning(later_vote, later_ruling):
    one = [FIRST, ("2020-01-04T10:00:00Z", "a", "exclude"), *later_vote]
    severities = {severity for severity, *_ in grave(*files(one, [SECOND], [RULED, *later_ruling]))}
    assert severities == {"warning"}


def test_a_vote_changed_after_an_adjudication_that_was_taken_back_is_a_warning():
    taken_back = [RULED, ("2020-01-03T12:00:00Z", "a", "withdraw")]
    made = files([FIRST, ("2020-01-04T10:00:00Z", "a", "exclude")], [SECOND], taken_back)
    assert {severity for severity, *_ in grave(*made)} == {"warning"}


def test_a_vote_changed_before_the_adjudication_is_no_error():
    made = files([FIRST, ("2020-01-02T12:00:00Z", "a", "exclude")], [SECOND], [RULED])
    assert [f for f in grave(*made) if f[0] == "error"] == []
    assert table(*made)["reviewer_1"]["changed_after_adjudication"] == 0


def test_a_first_vote_after_the_adjudication_is_a_warning():
    made = files([FIRST], [("2020-01-04T11:00:00Z", "a", "exclude")], [RULED])
    assert grave(*made) == [("warning", f"{STAGE}/reviewer_2.csv", 2)]
    assert table(*made)["reviewer_2"]["after_adjudication"] == 1


def test_lines_are_counted_by_their_seals():
    one = people_file(STAGE, "reviewer_1", FIRST, sealed=True)
    other = people_file(STAGE, "reviewer_2", SECOND, ("", "b", "include", "", "", "rayyan.csv"))
    rows = table(one, other)
    counts = {name: (row["sealed"], row["unsealed"], row["imported"]) for name, row in rows.items()}
    assert counts == {"reviewer_1": (1, 0, 0), "reviewer_2": (0, 2, 1)}
