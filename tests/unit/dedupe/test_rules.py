"""Each rule of deduplication on the situations that it is for, and on those that it must leave alone."""

from collections import Counter

import pytest
from dedupe_samples import Case, cases, outcome
from reviewflow.dedupe import DOUBTS, DUPLICATES, VETOES, judge

CASES = cases("english.yaml")
NAMES = [rule.name for rule in (*VETOES, *DUPLICATES, *DOUBTS)]
VETO_NAMES = frozenset(rule.name for rule in VETOES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_each_situation_has_its_outcome(case: Case) -> None:
    found, rule = outcome(case.one, case.other)
    assert found == case.outcome
    if case.rule not in VETO_NAMES:
        assert rule == case.rule


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_the_order_of_the_two_records_says_nothing(case: Case) -> None:
    assert outcome(case.other, case.one) == outcome(case.one, case.other)


@pytest.mark.parametrize("case", [c for c in CASES if c.rule in VETO_NAMES], ids=lambda case: case.situation)
def test_without_its_veto_a_pair_would_be_taken_for_one_report(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = outcome(case.one, case.other)
    monkeypatch.setattr(judge, "VETOES", tuple(rule for rule in VETOES if rule.name != case.rule))
    without = outcome(case.one, case.other)
    assert without != with_it
    assert without[0] in ("duplicate", "doubtful")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_a_true_pair_is_never_called_distinct_and_a_distinct_one_never_merged(case: Case) -> None:
    assert (case.truth, case.outcome) in {
        ("duplicate", "duplicate"),
        ("duplicate", "doubtful"),
        ("distinct", "doubtful"),
        ("distinct", "distinct"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_has_a_case_and_a_near_miss(name: str) -> None:
    assert [case.situation for case in CASES + cases("chinese.yaml") if case.rule == name]
    assert [case.situation for case in CASES + cases("chinese.yaml") if case.near == name != case.rule]


def test_no_two_rules_have_one_name() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []
