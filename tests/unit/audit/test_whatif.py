"""Excluded reports that somebody would have included, the review without one reviewer, and the overview tables."""

import pytest
from audit_sample import CONFIG, audited, material, people, people_file
from audit_sample import made as screened_tables
from reviewflow.tables import rows_of

STAGE = "title_abstract"


def decided(stage=STAGE, third=(), **by_record):
    """Votes of reviewer_1 and reviewer_2 by record, such as a="include exclude", a day and an hour apart."""
    files = {}
    for n, who in enumerate(("reviewer_1", "reviewer_2")):
        lines = [
            (f"2020-01-0{n + 2}T{10 + i}:00:00Z", record, *cast.split(" ")[n].split("/"))
            for i, (record, cast) in enumerate(by_record.items())
            if cast.split(" ")[n] != "-"
        ]
        files[f"{stage}_{who}"] = people_file(stage, who, *lines)
    ruled = [("2020-01-05T10:00:00Z", record, *decision) for record, *decision in third]
    return {**files, f"{stage}_adjudication": people_file(stage, "adjudication", *ruled)}


def tables(*records, **files):
    return audited(material({r: [r] for r in records}, people(**files)))


def near(table):
    names = ("report_id", "included_by", "unsure_by", "excluded_by", "changed_by", "settled", "adjudicator")
    return [tuple(row[name] for name in names) for row in rows_of(table)]


def test_near_misses_are_the_excluded_reports_with_a_vote_to_include_or_unsure():
    votes = decided(third=[("b", "exclude"), ("c", "exclude"), ("d", "include")],
                    a="exclude exclude", b="include exclude", c="exclude unsure", d="include exclude")  # fmt: skip
    assert near(tables("a", "b", "c", "d", **votes)["near_misses"]) == [
        ("b", "reviewer_1", "", "reviewer_2", "", "adjudicated", "reviewer_3"),
        ("c", "", "reviewer_2", "reviewer_1", "", "adjudicated", "reviewer_3"),
    ]


def test_a_report_that_was_excluded_because_a_reviewer_changed_is_a_near_miss_too():
    files = decided(a="include exclude")
    changed = (("2020-01-02T10:00:00Z", "a", "include"), ("2020-01-04T10:00:00Z", "a", "exclude"))
    files[f"{STAGE}_reviewer_1"] = people_file(STAGE, "reviewer_1", *changed)
    found = near(tables("a", **files)["near_misses"])
    assert found == [("a", "", "", "reviewer_1; reviewer_2", "reviewer_1", "agreed", "")]


def without(made):
    return {
        (row["reviewer"], row["report_id"]): (row["without"], row["change"])
        for row in rows_of(made["without_reviewer"])
    }


def test_reports_on_which_all_agree_stand_without_any_reviewer():
    judged = decided("full_text", a="include include", b="exclude/x exclude/x")
    made = tables("a", "b", "c", **decided(a="include include", b="include unsure", c="exclude exclude"), **judged)
    assert without(made) == {}
    assert made["influence"]["included_without"].tolist() == [1, 1]


def test_a_conflict_goes_the_way_of_whoever_is_left():
    screened = decided(a="include include", b="include include", c="include exclude", third=[("c", "exclude")])
    judged = decided(
        "full_text", third=[("a", "include"), ("b", "exclude", "x")], a="include exclude/x", b="include exclude/x"
    )
    made = tables("a", "b", "c", **screened, **judged)
    assert without(made) == {
        ("reviewer_1", "a"): ("excluded_full_text", "lost"),
        ("reviewer_2", "b"): ("included", "gained"),
        ("reviewer_2", "c"): ("awaiting_retrieval", "open"),
    }
    totals = {row["reviewer"]: row for row in rows_of(made["influence"])}
    names = ("included", "included_without", "lost", "gained", "open", "changed")
    assert [int(totals["reviewer_1"][name]) for name in names] == [1, 0, 1, 0, 0, 1]
    assert [int(totals["reviewer_2"][name]) for name in names] == [1, 2, 0, 1, 1, 2]


def test_a_report_that_one_person_alone_judged_waits_without_that_person():
    made = audited(material({"a": ["a"]}, people(**decided(a="exclude -")), reviewers_per_report=1))
    assert without(made) == {("reviewer_1", "a"): ("awaiting_title_abstract", "open")}


def test_the_states_are_those_that_screening_would_give_without_the_file():
    """The shortcut for reports on which others agree must not be seen in the result. What a reviewer has not judged
    stands as it is: c waits for reviewer_2."""
    screened = decided(
        third=[("b", "include")], a="include include", b="include exclude", c="exclude -", d="exclude exclude"
    )
    given = material({r: [r] for r in "abcd"}, people(**screened))
    made = audited(given)
    for out in ("reviewer_1", "reviewer_2"):
        rest = {name: file for name, file in screened.items() if not name.endswith(out)}
        alone = [who for who in CONFIG["screening"]["reviewers"] if who != out]
        other = material({r: [r] for r in "abcd"}, people(**rest), reviewers=alone, reviewers_per_report=1)
        now, then = (
            dict(zip(t["report_id"], t["state"], strict=True))
            for t in (screened_tables(given)["ledger"], screened_tables(other)["ledger"])
        )
        assert {r: s for (who, r), (s, _) in without(made).items() if who == out} == {
            r: then[r] for r in now if now[r] != then[r] and (out, r) != ("reviewer_2", "c")
        }


def test_the_matrix_counts_each_report_once_and_those_of_one_alone_as_none():
    made = tables("a", "b", "c", "d", **decided(a="include exclude", b="include exclude", c="unsure -", d="- exclude"))
    cells = {(row["vote_a"], row["vote_b"]): row["reports"] for row in rows_of(made["matrix"])}
    assert cells == {("include", "exclude"): 2, ("unsure", "none"): 1, ("none", "exclude"): 1}


def test_two_who_share_no_report_are_not_set_against_each_other():
    assert tables("a", "b", **decided(a="include -", b="- include"))["matrix"].empty


@pytest.mark.parametrize(("time", "day"), [("2020-01-02T23:30:00-05:00", "2020-01-03"), ("2020-01-02", "2020-01-02")])
def test_pace_counts_by_day_in_utc(time, day):
    lines = (
        (time, "a", "include"),
        ("2020-01-09T10:00:00Z", "b", "include"),
        ("2020-01-09T11:00:00Z", "b", "withdraw"),
    )
    made = tables("a", "b", **{f"{STAGE}_reviewer_1": people_file(STAGE, "reviewer_1", *lines)})
    rows = [(row["day"], row["decisions"], row["cumulative"]) for row in rows_of(made["pace"])]
    assert rows == [(day, 1, 1), ("2020-01-09", 1, 2)]
