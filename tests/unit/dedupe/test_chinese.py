"""Chinese records and their translations: what must link, what must not, pair by pair and all in one review."""

import pytest
from dedupe_samples import Case, cases, clusters, outcome
from reviewflow.dedupe import VETOES
from reviewflow.dedupe.hanzi import _SIMPLIFIED, _TRADITIONAL, fold_script

CASES = cases("chinese.yaml")
VETO_NAMES = frozenset(rule.name for rule in VETOES)
TRUE = [case for case in CASES if case.truth == "duplicate"]
# Of the true pairs these many hundredths are merged without anybody's help; the others are asked about, since what
# links them is a year and a page, or a translated title alone.
MERGED_OUTRIGHT = 0.80


def test_the_set_is_large_and_has_both_kinds() -> None:
    assert len(CASES) >= 60
    assert len(TRUE) >= 25
    assert len(CASES) - len(TRUE) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_each_situation_has_its_outcome(case: Case) -> None:
    found, rule = outcome(case.one, case.other)
    assert found == case.outcome
    if case.rule not in VETO_NAMES:
        assert rule == case.rule


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.situation)
def test_no_distinct_pair_is_merged_and_no_true_pair_overlooked(case: Case) -> None:
    found, _ = outcome(case.one, case.other)
    assert found != ("duplicate" if case.truth == "distinct" else "distinct")


def test_most_true_pairs_are_merged_outright() -> None:
    merged = sum(outcome(case.one, case.other)[0] == "duplicate" for case in TRUE)
    assert merged / len(TRUE) >= MERGED_OUTRIGHT


def test_all_pairs_in_one_review_stay_as_far_apart_and_as_near() -> None:
    """Many of these records resemble those of other pairs: what a veto keeps apart is not joined through them."""
    report, asked = clusters([record for case in CASES for record in (case.one, case.other)])
    questions = {frozenset(report[number] for number in pair) for pair in asked}
    merged, lost = [], []
    for number, case in enumerate(CASES):
        sides = frozenset({report[2 * number], report[2 * number + 1]})
        if case.truth == "distinct" and len(sides) == 1:
            merged.append(case.situation)
        if case.truth == "duplicate" and len(sides) == 2 and sides not in questions:
            lost.append(case.situation)
    assert (merged, lost) == ([], [])


def test_characters_have_one_simplified_form() -> None:
    assert len(_TRADITIONAL) == len(set(_TRADITIONAL)) == len(_SIMPLIFIED)
    assert not set(_TRADITIONAL) & set(_SIMPLIFIED)
    assert fold_script("臍帶間充質幹細胞移植治療難治性狼瘡腎炎") == "脐带间充质干细胞移植治疗难治性狼疮肾炎"
    assert fold_script("间充质干细胞") != fold_script("造血干细胞")
