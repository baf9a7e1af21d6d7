"""The stopping test: against its definition, at its ends, and in which direction it moves."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.order import ASSUMPTIONS, stopping
from scipy.stats import hypergeom

SEQUENCES = st.lists(st.booleans(), max_size=60)


def by_definition(labels, n_total, unseen):
    """The lowest p over every place that the sample may begin at."""
    n, k = np.arange(1, len(labels) + 1), np.cumsum(labels[::-1])
    return min(hypergeom.cdf(k, n_total - len(labels) + n, k + unseen, n), default=1.0)


@given(SEQUENCES, st.integers(0, 80), st.sampled_from([0.5, 0.8, 0.95]))
def test_p_is_the_lowest_of_all_samples(labels, rest, target):
    result = stopping(labels, len(labels) + rest, target, 0.95)
    assert result.found / (result.found + result.unseen) < target
    assert result.unseen == 1 or result.found / (result.found + result.unseen - 1) >= target - 1e-12
    if result.unseen > rest:
        assert (result.p, result.met) == ((0.0, True) if labels else (1.0, False))
    else:
        assert result.p == pytest.approx(by_definition(labels, len(labels) + rest, result.unseen), rel=1e-9, abs=1e-12)


@given(SEQUENCES, st.integers(0, 80), st.sampled_from([0.8, 0.95]), st.sampled_from([0.8, 0.95]))
def test_so_many_more_exclusions_meet_the_criterion_and_one_fewer_do_not(labels, rest, target, confidence):
    n_total = len(labels) + rest
    result = stopping(labels, n_total, target, confidence)
    assert result.met == (result.further == 0) or n_total == 0
    assert 0 <= result.further <= rest
    if result.further:
        assert stopping([*labels, *[False] * result.further], n_total, target, confidence).met
        assert not stopping([*labels, *[False] * (result.further - 1)], n_total, target, confidence).met


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 80))
def test_p_falls_with_exclusions_and_with_less_recall_asked_for(labels, rest):
    n_total = len(labels) + rest
    here = stopping(labels, n_total, 0.95, 0.95)
    assert stopping([*labels, False], n_total, 0.95, 0.95).p <= here.p + 1e-12
    assert stopping(labels, n_total, 0.8, 0.95).p <= here.p + 1e-12
    assert 0 <= here.p <= 1


def test_when_everything_is_screened_nothing_is_missed():
    for labels in ([True] * 9, [False] * 9, [True, False] * 5):
        result = stopping(labels, len(labels), 0.95, 0.95)
        assert (result.p, result.met, result.further) == (0.0, True, 0)


def test_before_anything_is_screened_nothing_is_known():
    result = stopping([], 100, 0.95, 0.95)
    assert (result.p, result.met, result.sample, result.curve) == (1.0, False, 0, ())
    assert result.further == 96


def test_with_no_inclusion_p_is_the_share_that_is_unscreened():
    # The one that would be missed lies among the unscreened with that probability.
    assert stopping([False] * 30, 100, 0.95, 0.95).p == pytest.approx(0.7, rel=1e-12)


def test_with_inclusions_alone_it_is_never_enough():
    result = stopping([True] * 50, 200, 0.95, 0.95)
    assert not result.met
    assert result.p > 0.5


def test_unsure_counts_as_include():
    words, truth = ["include", "unsure", "exclude", "exclude"], [True, True, False, False]
    assert stopping(words, 50, 0.9, 0.9) == stopping(truth, 50, 0.9, 0.9)


def test_a_random_sample_is_asked_alone():
    found, sample = 19, [False] * 40
    result = stopping([True] * found + sample, 139, 0.95, 0.95, sample_from=found)
    # 19 of at least 21 found is below 95 %, so two of the 120 that were not ranked would be relevant.
    assert result.unseen == 2
    assert result.p == pytest.approx(80 * 79 / (120 * 119), rel=1e-10)
    assert result.sample == 40


def test_the_curve_ends_with_today_and_is_short_enough_to_draw():
    labels = [random.Random(1).random() < 0.05 for _ in range(1234)]
    result = stopping(labels, 2000, 0.9, 0.9)
    assert result.curve[-1] == (1234, result.p)
    assert len(result.curve) <= 100
    assert [n for n, _ in result.curve] == sorted({n for n, _ in result.curve})
    n, p = result.curve[40]
    assert p == stopping(labels[:n], 2000, 0.9, 0.9).p


def test_the_target_is_taken_as_it_is_written():
    # 19 / 0.95 is 20, so that 19 of 20 meet the target and two must be unseen to miss it.
    assert stopping([True] * 19, 100, 0.95, 0.95).unseen == 2
    assert stopping([True] * 19, 100, 0.96, 0.95).unseen == 1


@pytest.mark.parametrize(
    ("labels", "n", "target", "confidence"), [([True] * 3, 2, 0.9, 0.9), ([], 5, 1, 0.9), ([], 5, 0.9, 0)]
)
def test_what_cannot_be_is_refused(labels, n, target, confidence):
    with pytest.raises(ValueError, match=r"decisions on|between 0 and 1"):
        stopping(labels, n, target, confidence)


def test_the_assumptions_say_what_the_test_is_not():
    text = " ".join(ASSUMPTIONS)
    for words in ("recall", "one reviewer", "random sample", "optional", "no instruction"):
        assert words in text
