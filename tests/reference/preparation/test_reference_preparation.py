"""Rules of preparation against R, published worked examples, and samples of which mean and SD are known.

reference.json is what make_reference.R printed; it says by which version of R.
"""

import json
from functools import reduce
from pathlib import Path

import numpy as np
import pytest
from reviewflow.preparation import change, critical, fivenum, groups, scales, spread

R = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
# Closed forms with quantiles of the normal and the t distribution, in which R and SciPy differ by some units in the
# last place; the largest difference of all is 6e-16.
RELATIVE = 1e-13


def near(expected: list[float] | float) -> object:
    return pytest.approx(expected, rel=RELATIVE, abs=1e-14)


@pytest.mark.parametrize(
    ("name", "n", "values"),
    [
        ("five_20", 20, (2, 4, 6, 10, 14)),
        ("five_7", 7, (-3, 0.5, 1, 2, 8)),
        ("five_1500", 1500, (10, 40, 52, 70, 160)),
    ],
)
def test_mean_and_sd_from_quartiles_and_range(name: str, n: int, values: tuple[float, ...]) -> None:
    low, q1, median, q3, high = values
    assert [
        fivenum.mean_from_range(n, low, median, high),
        fivenum.sd_from_range(n, low, high),
        fivenum.mean_from_quartiles(n, q1, median, q3),
        fivenum.sd_from_quartiles(n, q1, q3),
        fivenum.mean_from_five(n, low, q1, median, q3, high),
        fivenum.sd_from_five(n, low, q1, q3, high),
    ] == near(R[name])


def test_sd_from_the_limits_of_a_mean_and_from_p() -> None:
    limits = [(25, 30.0, 34.2, 95), (8, -2, 3, 90), (400, 1, 1.1, 99)]
    assert [spread.sd_from_ci_of_mean(*given) for given in limits] == near(R["ci"])
    tests = [(3.8, 0.008, 25, 22), (-0.4, 0.6, 5, 4), (10, 1e-8, 300, 200)]
    found = [spread.sd_from_se_of_difference(spread.se_from_p_t(md, p, n1 + n2 - 2), n1, n2) for md, p, n1, n2 in tests]
    assert found == near([abs(sd) for sd in R["p"]])


def combine(*arms: tuple[float, float, float]) -> list[float]:
    def two(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
        (n1, m1, s1), (n2, m2, s2) = one, other
        mean, sd = groups.combined_mean(n1, m1, n2, m2), groups.combined_sd(n1, m1, s1, n2, m2, s2)
        return groups.combined_sum(n1, n2), mean, sd

    return list(reduce(two, arms))


def test_groups_combined_are_the_mean_and_sd_of_their_data_together() -> None:
    assert combine((10, 11.8, 2.4), (20, 15.3, 3.2), (15, 8.4, 4.1)) == near(R["together"])
    assert combine((12, -3, 1), (9, 4, 2)) == near(R["opposite"])


def test_a_paired_test_gives_the_sd_of_the_changes_and_the_sds_give_the_correlation() -> None:
    _, sd_before, _, sd_after, change_mean, change_sd, r, t, p = R["paired"]
    assert change.sd_of_change_from_t(8, change_mean, t) == near(change_sd)
    assert change.sd_of_change_from_f(8, change_mean, t**2) == near(change_sd)
    assert change.sd_of_change_from_p(8, change_mean, p) == pytest.approx(change_sd, rel=1e-10)
    assert change.correlation_of_sds(sd_before, sd_after, change_sd) == near(r)
    assert change.sd_of_change(sd_before, sd_after, r) == near(change_sd)


def test_an_unpaired_test_gives_the_pooled_sd_of_two_arms() -> None:
    one, two, t, p, lower, upper, pooled, f = R["unpaired"]
    effect = one - two
    errors = [
        spread.se_from_t(effect, t),
        spread.se_from_f(effect, f),
        spread.se_from_ci_t(lower, upper, 11),
        spread.se_from_p_t(effect, p, 11),
    ]
    assert [spread.sd_from_se_of_difference(se, 6, 7) for se in errors] == pytest.approx([pooled] * 4, rel=1e-10)


# Cochrane Handbook, version 6: 6.5.2.2 (5.09), 6.5.2.3 (t 2.78 and SD 4.69 from a rounded SE of 1.37), 6.5.2.8 (r 0.78 and
# SD 4.32), 6.5.2.10; each to the digits that are printed there.
def test_worked_examples_of_the_handbook() -> None:
    assert round(spread.sd_from_ci_of_mean(25, 30.0, 34.2), 2) == 5.09
    assert round(critical.t_of_p(0.008, 45), 2) == 2.78
    assert round(spread.se_from_p_t(3.8, 0.008, 45), 2) == 1.37
    assert round(spread.sd_from_se_of_difference(1.37, 25, 22), 2) == 4.69
    assert round(change.correlation_of_sds(6.4, 7.1, 4.5), 2) == 0.78
    assert round(change.sd_of_change(6.4, 7.1, 0.80), 2) == 4.32


def samples(n: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """4000 normal samples of n, sorted, and their five numbers."""
    drawn = np.sort(np.random.default_rng(20260101).normal(50, 10, (4000, n)), axis=1)
    return drawn, [drawn[:, 0], *np.quantile(drawn, [0.25, 0.5, 0.75], axis=1), drawn[:, -1]]


@pytest.mark.parametrize("n", [9, 41, 201])
def test_of_normal_samples_mean_and_sd_are_met_on_average(n: int) -> None:
    _, (low, q1, median, q3, high) = samples(n)
    for of, columns in (
        (fivenum.mean_from_range, (low, median, high)),
        (fivenum.mean_from_quartiles, (q1, median, q3)),
        (fivenum.mean_from_five, (low, q1, median, q3, high)),
    ):
        found = np.array([of(n, *given) for given in zip(*columns, strict=True)])
        # Four standard errors of the average.
        assert abs(found.mean() - 50) < 4 * found.std() / 4000**0.5
    for of, columns in (
        (fivenum.sd_from_range, (low, high)),
        (fivenum.sd_from_quartiles, (q1, q3)),
        (fivenum.sd_from_five, (low, q1, q3, high)),
    ):
        found = np.array([of(n, *given) for given in zip(*columns, strict=True)])
        # Quantiles are defined in several ways, which matters in small samples.
        assert found.mean() == pytest.approx(10, rel=0.10 if n < 20 else 0.03)


@pytest.mark.parametrize("n", [41, 201])
def test_of_normal_samples_the_test_of_skewness_rejects_one_in_twenty(n: int) -> None:
    _, (low, q1, median, q3, high) = samples(n)
    for of, columns in (
        (fivenum.skewness_of_range, (low, median, high)),
        (fivenum.skewness_of_quartiles, (q1, median, q3)),
        (fivenum.skewness_of_five, (low, q1, median, q3, high)),
    ):
        share = np.mean([of(n, *given).skewed for given in zip(*columns, strict=True)])
        assert 0.03 < share < 0.07, (of.__name__, share)


def test_of_exponential_samples_the_test_of_skewness_rejects_most() -> None:
    drawn = np.random.default_rng(20260101).exponential(10, (500, 81))
    low, q1, median, q3, high = drawn.min(axis=1), *np.quantile(drawn, [0.25, 0.5, 0.75], axis=1), drawn.max(axis=1)
    five = zip(low, q1, median, q3, high, strict=True)
    assert np.mean([fivenum.skewness_of_five(81, *given).skewed for given in five]) > 0.9


def test_logarithms_of_skewed_data() -> None:
    """Higgins 2008: exact for data that are normal after taking logarithms, so there and back gives the same."""
    mean, sd = scales.natural_mean(1.2, 0.4), scales.natural_sd(1.2, 0.4)
    assert [scales.log_mean(mean, sd), scales.log_sd(mean, sd)] == near([1.2, 0.4])
    drawn = np.random.default_rng(20260101).lognormal(1.2, 0.4, 200_000)
    assert [drawn.mean(), drawn.std()] == pytest.approx([mean, sd], rel=0.01)
    assert scales.log_sd_of_geometric_ci(25, np.exp(30.0), np.exp(34.2)) == near(R["ci"][0])
