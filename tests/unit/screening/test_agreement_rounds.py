"""Agreement from votes before consensus: of pairs and of all, in the pilot and after it."""

import pandas as pd
import pytest
from reviewflow.tables import rows_of
from screening_sample import THREE, both, events, lines, review, row, states

REPORTS = {k: [k] for k in "abcdefgh"}
CHANGED = {
    "reviewer_1": events(("2020-01-01T09:00:00Z", "a", "include", "")),
    "reviewer_2": events(("2020-01-01T10:00:00Z", "a", "exclude", ""), ("2020-01-05T10:00:00Z", "a", "include", "")),
}


@pytest.mark.parametrize(
    ("third", "both_include", "only_a", "left_out"),
    [
        ([], 0, 1, 0),
        ([("2020-01-03T09:00:00Z", "a", "include", "")], 0, 1, 0),
        ([("2020-01-06T09:00:00Z", "a", "include", "")], 0, 1, 0),
        ([("2020-01-05T10:00:00Z", "a", "include", "")], 0, 1, 0),
        ([("2020-01-01T09:30:00Z", "a", "include", "")], 0, 0, 1),
        ([("2020-01-01", "a", "include", "")], 0, 1, 0),
        ([("2020-01-03T09:00:00Z", "a", "include", ""), ("2020-01-04T09:00:00Z", "a", "withdraw", "")], 0, 1, 0),
        ([("2020-01-03T09:00:00Z", "a", "withdraw", "")], 0, 1, 0),
        ([("20200101", "a", "include", "")], 0, 1, 0),
    ],
    ids=[
        "never",
        "between",
        "later",
        "same_instant",
        "before_one",
        "same_day",
        "taken_back",
        "nothing_to_take_back",
        "same_day_short",
    ],
)
def test_a_mind_changed_after_all_had_decided_or_after_the_adjudication_enters_agreement_as_it_was_before(
    third, both_include, only_a, left_out
):
    result = review(
        {"a": ["a"]}, title_abstract=CHANGED, title_abstract_adjudication=events(*third, table="adjudication")
    )
    found = row(result, "agreement", round="all")
    assert (found["both_include"], found["only_a_includes"], found["left_out"]) == (both_include, only_a, left_out)
    assert states(result) == {"a": "awaiting_retrieval"}
    assert len(result["agreement_all"]) == 1 - left_out


def test_imported_votes_without_a_time_are_older_than_every_adjudication():
    undated = {who: lines(f"a {said}").assign(decided_at="", imported="x.csv")
               for who, said in (("reviewer_1", "include"), ("reviewer_2", "exclude"))}  # fmt: skip
    third = lines("a include").assign(adjudicator="reviewer_3")
    for adjudicated in (third, third.assign(decided_at="", imported="x.csv")):
        result = review({"a": ["a"]}, title_abstract=undated, title_abstract_adjudication=adjudicated)
        assert row(result, "agreement", round="all")["only_a_includes"] == 1


def test_a_later_adjudication_of_one_report_leaves_the_others_alone():
    votes = both(("2020-01-01", "a", "include", ""), ("2020-01-09", "b", "exclude", ""))
    third = events(("2020-01-03", "a", "exclude", ""), table="adjudication")
    result = review({k: [k] for k in "ab"}, title_abstract=votes, title_abstract_adjudication=third)
    found = row(result, "agreement", round="all")
    assert (found["n"], found["both_include"], found["both_exclude"]) == (2, 1, 1)


def test_pilot_and_main_have_their_own_agreement_and_sum_up_to_all():
    votes = {
        "reviewer_1": lines(", ".join(f"{k} include" for k in REPORTS)),
        "reviewer_2": lines(", ".join(f"{k} {'exclude' if k in 'abc' else 'unsure'}" for k in REPORTS)),
    }
    keys = {"pilot": 3, "seed": "s"}
    result = review(REPORTS, title_abstract=votes, full_text=both(("2020-02-01", "d", "include", "")), screening=keys)
    rounds = {(r["stage"], r["round"]): r for r in rows_of(result["agreement"])}
    assert sorted(rounds) == [("full_text", "all"), *(("title_abstract", r) for r in ("all", "main", "pilot"))]
    counts = {name: rounds["title_abstract", name]["n"] for name in ("all", "pilot", "main")}
    assert counts == {"all": 8, "pilot": 3, "main": 5}
    assert result["title_abstract"]["round"].tolist().count("pilot") == 3
    whole = rounds["title_abstract", "all"]
    assert (whole["agreement"], whole["agreement_three"]) == (5 / 8, 0)
    assert whole["scale"] == "Cochrane (Orwin 1994)"
    assert rounds["full_text", "all"]["band"] == "not estimable"
    assert sorted(result["agreement_all"]["round"]) == ["all", "all", "main", "pilot"]


def test_agreement_on_the_reason_is_that_of_the_reports_that_both_excluded():
    given = {
        "reviewer_1": lines("a exclude:x, b exclude:x, c exclude:y, d include", "2020-02-01"),
        "reviewer_2": lines("a exclude:x, b exclude:y, c exclude:y, d exclude:x", "2020-02-01"),
    }
    screened = both(*(("2020-01-01", k, "include", "") for k in "abcd"))
    result = review({k: [k] for k in "abcd"}, title_abstract=screened, full_text=given)
    found = row(result, "agreement", stage="full_text")
    assert (found["reason_n"], found["reason_agreement"], found["both_exclude"]) == (3, 2 / 3, 3)
    assert pd.isna(row(result, "agreement", stage="title_abstract")["reason_n"])


def test_agreement_of_all_counts_reports_with_two_votes_or_more():
    votes = {
        "reviewer_1": lines("a include, b include, c include, d include"),
        "reviewer_2": lines("a include, b exclude, c include"),
        "reviewer_3": lines("a include, b exclude"),
    }
    result = review({k: [k] for k in "abcd"}, title_abstract=votes, screening=THREE)
    found = row(result, "agreement_all", stage="title_abstract")
    assert (found["n_reports"], found["n_votes"]) == (3, 8)
    assert found["reviewers"] == "reviewer_1; reviewer_2; reviewer_3"
    assert found["agreement"] == pytest.approx((1 + 1 / 3 + 1) / 3)
    assert pd.isna(found["fleiss_kappa"])
    # By hand: 6 of 8 votes include; disagreeing pairs of b weigh 2 * 2 / 2 = 2, by chance 2 * 6 * 2 / 7 = 24 / 7.
    assert found["krippendorff_alpha"] == pytest.approx(1 - 2 / (24 / 7))
    assert (found["scale"], found["band"]) == ("Krippendorff 2004", "unreliable")


def test_agreement_of_all_is_not_estimable_where_everybody_says_the_same():
    result = review({k: [k] for k in "ab"}, title_abstract=both(*(("2020-01-01", k, "exclude", "") for k in "ab")))
    found = row(result, "agreement_all", stage="title_abstract")
    assert (found["agreement"], found["band"]) == (1, "not estimable")
    assert pd.isna(found["fleiss_kappa"])
    assert pd.isna(found["krippendorff_alpha"])


def test_an_adjudication_beside_a_reviewer_who_has_decided_nothing_is_no_fault():
    third = events(("2020-01-03", "a", "exclude", ""), table="adjudication")
    result = review(
        {"a": ["a"]},
        title_abstract={"reviewer_1": events(("2020-01-01", "a", "include", ""))},
        title_abstract_adjudication=third,
    )
    assert result["title_abstract"]["consensus"].tolist() == ["incomplete"]
    assert result["agreement"].empty


@pytest.mark.parametrize(
    ("first", "second", "both_include", "only_a", "n"),
    [
        ("1 include, 2 exclude", "3 exclude", 0, 0, 1),
        ("1 include, 4 exclude", "3 exclude", 0, 1, 1),
        ("1 include, 2 withdraw, 4 exclude", "3 exclude", 0, 0, 1),
        ("1 include, 4 withdraw, 5 exclude", "3 exclude", 0, 1, 1),
        ("1 include, 2 withdraw", "3 exclude", 0, 0, 0),
    ],
    ids=["before_the_other", "after_the_other", "taken_back_before", "taken_back_after", "never_both"],
)
def test_a_mind_changed_before_the_other_decided_is_the_vote(first, second, both_include, only_a, n):
    def told(text):
        return events(*((f"2020-01-0{step[0]}T09:00:00Z", "a", step[2:], "") for step in text.split(", ")))

    result = review({"a": ["a"]}, title_abstract={"reviewer_1": told(first), "reviewer_2": told(second)})
    if not n:
        assert result["agreement"].empty
        return
    found = row(result, "agreement", round="all")
    assert (found["n"], found["both_include"], found["only_a_includes"]) == (n, both_include, only_a)
