"""GRIM and GRIMMER against published examples and against every sample there is."""

import itertools
import math
import random
import statistics

import pytest
from reviewflow.reported.granularity import largest_sd, possible_mean, possible_sd, telling
from reviewflow.reported.printed import Interval, interval


def of(text: str) -> Interval:
    found = interval(text)
    assert found is not None
    return found


# Brown and Heathers 2017 by way of The Economist of 18 June 2016 (5.93, 49); Allard 2018 (3.45, 10); scrutiny 0.4.0 for
# R, README (pigs1) and vignette grim (5.27, 43).
MEANS = [
    ("5.93", 49, False), ("3.45", 10, False), ("5.27", 43, False), ("7.22", 32, True), ("4.74", 25, False),
    ("5.23", 29, False), ("2.57", 24, False), ("6.77", 27, False), ("2.68", 28, True), ("7.01", 29, False),
    ("7.38", 26, True), ("3.14", 27, False), ("6.89", 31, False), ("5.00", 25, True), ("0.24", 28, False),
]  # fmt: skip


@pytest.mark.parametrize(("mean", "n", "possible"), MEANS)
def test_grim_agrees_with_published_examples(mean: str, n: int, possible: bool) -> None:
    assert possible_mean(of(mean), n) == possible


@pytest.mark.parametrize(
    ("percent", "possible"),
    [("67.4", False), ("54.2", False), ("54.0", True), ("69.8", False), ("68.1", False), ("55.4", False)],
)
def test_grim_takes_percentages_in_steps_of_100(percent: str, possible: bool) -> None:
    """scrutiny for R, README (pigs2): n = 150."""
    assert possible_mean(of(percent), 150, 100) == possible


@pytest.mark.parametrize(
    ("mean", "sd", "n", "possible"),
    [("7.3", "2.51", 12, False), ("3.44", "2.47", 18, False), ("3.50", "1.08", 10, True)],
)
def test_grimmer_agrees_with_published_examples(mean: str, sd: str, n: int, possible: bool) -> None:
    """scrutiny 0.4.0 for R, vignette grimmer; rsprite2 for R, help of GRIMMER_test; the third is 2 2 3 3 3 4 4 4 5 5."""
    assert possible_sd(of(mean), of(sd), n) == possible


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_every_sample_there_is_passes_and_many_other_pairs_do_not(n: int) -> None:
    """All samples of n whole numbers from 0 to 9, means to one decimal and SDs to two."""
    real = set()
    for sample in itertools.combinations_with_replacement(range(10), n):
        real.add((f"{statistics.fmean(sample):.1f}", f"{statistics.stdev(sample):.2f}"))
    for mean, sd in real:
        assert possible_mean(of(mean), n)
        assert possible_sd(of(mean), of(sd), n), (mean, sd)
    moments = [
        (statistics.fmean(sample), statistics.stdev(sample))
        for sample in itertools.combinations_with_replacement(range(-2, 12), n)
    ]
    for mean in ("4.0", "4.5", "4.3"):
        # Sums of squares up to that of a sample from -2 to 11: every SD below 2.5 is then in the list, if it can be.
        near = [s for m, s in moments if _rounds(m, mean)]
        wanted = {sd for sd in SPREADS if any(_rounds(s, sd) for s in near)}
        possible = {sd for sd in SPREADS if possible_mean(of(mean), n) and possible_sd(of(mean), of(sd), n)}
        assert wanted <= possible
        # GRIMMER asks what must hold, not what is enough: some sums of squares that pass are no sum of n squares.
        assert len(possible) < 0.7 * len(SPREADS)


SPREADS = [f"{i / 50:.2f}" for i in range(125)]


def _rounds(value: float, text: str) -> bool:
    found = of(text)
    return found.lower - 1e-9 <= value <= found.upper + 1e-9


@pytest.mark.parametrize("seed", range(30))
def test_means_of_several_whole_answers_are_possible_in_their_steps(seed: int) -> None:
    rng = random.Random(seed)
    n, questions = rng.randint(2, 40), rng.choice((1, 2, 4, 5))
    sample = [sum(rng.randint(1, 7) for _ in range(questions)) / questions for _ in range(n)]
    mean, sd = of(f"{statistics.fmean(sample):.2f}"), of(f"{statistics.stdev(sample):.2f}")
    assert possible_mean(mean, n, 1 / questions)
    assert possible_sd(mean, sd, n, 1 / questions)
    assert sd.lower <= largest_sd(mean, n, 1, 7)


def test_grim_tells_nothing_where_every_mean_is_possible() -> None:
    assert telling(of("5.93"), 49)
    assert not telling(of("5.9"), 49)


def test_the_largest_sd_is_that_of_values_at_both_ends() -> None:
    ends = [0] * 5 + [10] * 5
    assert largest_sd(of("5.00"), 10, 0, 10) == pytest.approx(statistics.stdev(ends), rel=1e-12)
    assert math.isclose(largest_sd(Interval(0, 0), 10, 0, 10), 0)
