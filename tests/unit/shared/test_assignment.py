"""Who screens what: what holds of it whatever arrives, joins or leaves."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.assignment import Assignment, assign

NAMES = ["reviewer_1", "reviewer_2", "reviewer_3", "reviewer_4", "reviewer_5"]
REPORTS = st.lists(st.integers(0, 10_000).map("PubMed:{}".format), unique=True, max_size=40)
PEOPLE = st.lists(st.sampled_from(NAMES), unique=True, min_size=2, max_size=4)
SEED = st.sampled_from(["", "lupus", "2020"])
STAGE = st.sampled_from(["title_abstract", "full_text"])
# A reviewer who is never among PEOPLE.
NEW = "reviewer_6"


def drawn(reviewers: list[str], reports: Iterable[str] = (), **keys: Any) -> Assignment:
    """The assignment of reports that are all of the first wave."""
    screening = {"reviewers": reviewers, "reviewers_per_report": 2, "seed": "", "pilot": 0, "check_sample": 0} | keys
    return assign(screening, dict.fromkeys(reports, 1))


def test_the_draw_is_the_same_on_every_machine_and_day():
    """Fixed here, so that no change of the code moves the seats of a review that runs."""
    three = NAMES[:3]
    seats = [drawn(three, seed=seed).missing("title_abstract", f"PubMed:{n}", []) for seed in ("", "s") for n in (1, 2)]
    assert seats == [
        ["reviewer_2", "reviewer_3"],
        ["reviewer_1", "reviewer_2"],
        ["reviewer_1", "reviewer_2"],
        ["reviewer_2", "reviewer_3"],
    ]
    assert drawn(three, [f"r{n}" for n in range(50)], pilot=3, seed="s").pilot == {"r4", "r42", "r32"}


@given(PEOPLE, REPORTS, SEED, STAGE, st.data())
def test_every_report_has_exactly_its_seats_and_whoever_voted_has_one(people, reports, seed, stage, data):
    plan = drawn(people, reports, seed=seed, pilot=5)
    for report in reports:
        voted = data.draw(st.lists(st.sampled_from([*people, NEW]), unique=True, max_size=3))
        asked = plan.missing(stage, report, voted)
        assert not set(asked) & set(voted)
        assert set(asked) <= set(people)
        if plan.in_pilot(stage, report):
            assert {*asked, *voted} >= set(people)
        else:
            assert len(asked) == min(max(2 - len(voted), 0), len(set(people) - set(voted)))
        assert len(voted) + len(asked) >= plan.needed(stage, report, voted) or len(set(people) - set(voted)) == 0


@given(PEOPLE, REPORTS, REPORTS, SEED)
def test_reports_that_arrive_later_move_nobody(people, reports, more, seed):
    screening = {"reviewers": people, "reviewers_per_report": 2, "seed": seed, "pilot": 5, "check_sample": 0}
    before = dict.fromkeys(reports, 1)
    plan, later = (assign(screening, waves) for waves in (before, dict.fromkeys(more, 2) | before))
    if reports:
        assert plan == later


@given(PEOPLE, REPORTS.filter(bool), SEED)
def test_a_report_that_arrives_in_the_first_wave_takes_at_most_its_own_place_in_the_pilot(people, reports, seed):
    *known, new = reports
    before, after = (drawn(people, some, seed=seed, pilot=5).pilot for some in (known, reports))
    assert after - before <= {new}
    assert len(before - after) <= len(after - before)


@given(PEOPLE, REPORTS, SEED, STAGE, st.data())
def test_a_reviewer_who_joins_gains_seats_and_nobody_else_does(people, reports, seed, stage, data):
    plan, joined = (drawn(names, reports, seed=seed, pilot=5) for names in (people, [*people, NEW]))
    for report in reports:
        voted = data.draw(st.lists(st.sampled_from(people), unique=True, max_size=2))
        before, after = (set(p.missing(stage, report, voted)) for p in (plan, joined))
        assert after - before <= {NEW}
        assert len(before - after) <= 1


@given(PEOPLE.filter(lambda people: len(people) > 2), REPORTS, SEED, STAGE, st.data())
def test_a_reviewer_who_leaves_is_asked_nothing_and_takes_no_seat_from_anybody(people, reports, seed, stage, data):
    *rest, leaver = people
    plan, left = (drawn(names, reports, seed=seed, pilot=5) for names in (people, rest))
    for report in reports:
        voted = data.draw(st.lists(st.sampled_from(people), unique=True, max_size=2))
        before, after = (set(p.missing(stage, report, voted)) for p in (plan, left))
        assert before - {leaver} <= after
        assert leaver not in after
        assert len(after - before) <= 1


def test_the_load_is_balanced_over_reviewers_and_pairs():
    """Of 6,000 reports with two of four reviewers each, 3,000 are expected for each reviewer and 1,000 for each of the
    six pairs; with a standard deviation of 39 and 29, the bounds are five of them away."""
    plan = drawn(NAMES[:4], seed="balance")
    pairs = Counter(tuple(plan.missing("title_abstract", f"PubMed:{n}", [])) for n in range(6000))
    share = Counter(name for pair in pairs.elements() for name in pair)
    assert len(pairs) == 6
    assert all(abs(n - 3000) < 195 for n in share.values())
    assert all(abs(n - 1000) < 145 for n in pairs.values())


def test_another_seed_draws_other_pairs():
    one, other = (drawn(NAMES, seed=seed) for seed in ("a", "b"))
    seats = [[plan.missing("full_text", f"r{n}", []) for n in range(30)] for plan in (one, other)]
    assert seats[0] != seats[1]


def test_all_judge_the_pilot_at_title_and_abstract_alone():
    reports = [f"r{n}" for n in range(30)]
    plan = drawn(NAMES[:4], reports, pilot=10)
    assert len(plan.pilot) == 10
    for report in plan.pilot:
        assert plan.missing("title_abstract", report, []) == NAMES[:4]
        assert plan.needed("title_abstract", report, ["somebody who left"]) == 5
        assert len(plan.missing("full_text", report, [])) == plan.needed("full_text", report, []) == 2


@pytest.mark.parametrize("percent", [0, 10, 100])
def test_the_check_sample_has_its_share_of_the_reports_and_stays_the_same(percent):
    """With 10% of 4,000 reports, 400 are expected with a standard deviation of 19."""
    plan = drawn(NAMES[:3], reviewers_per_report=1, check_sample=percent, seed="s")
    sample = [n for n in range(4000) if plan.in_check_sample(f"r{n}")]
    assert abs(len(sample) - 40 * percent) < 95 * (0 < percent < 100) + 1
    assert all(len(plan.missing("full_text", f"r{n}", [])) == 1 + (n in set(sample)) for n in range(50))
    larger = drawn(NAMES[:3], reviewers_per_report=1, check_sample=min(percent * 2, 100), seed="s")
    assert all(larger.in_check_sample(f"r{n}") for n in sample)


def test_a_check_sample_says_nothing_where_two_decide_anyway():
    assert not drawn(NAMES, check_sample=100).in_check_sample("r1")
