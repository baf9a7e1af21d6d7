"""Pooling by hand, and what holds for all data."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from reviewflow.synthesis.effects import log_odds_ratio, two_by_two
from reviewflow.synthesis.pool import Pooled, heterogeneity, inverse_variance, mantel_haenszel, pool, wald

Z95 = 1.959963984540054  # qnorm(0.975) in R 4.2.2


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def iv(yi: np.ndarray, vi: np.ndarray, rule: str = "random", threshold: float = 0.1, level: float = 95) -> Pooled:
    return pool(yi, vi, inverse_variance(yi, vi), rule, threshold, level)


def test_inverse_variance_by_hand() -> None:
    """Weights 1 and 1/3: estimate (0 + 4/3) / (4/3) = 1, variance 3/4, Q = 1 + 9/3 = 4."""
    yi, vi = column(0, 4), column(1, 3)
    fixed = inverse_variance(yi, vi)
    assert_allclose([fixed.estimate, fixed.se**2, *fixed.weights], [1, 0.75, 1, 1 / 3], rtol=1e-14)
    spread = heterogeneity(yi, vi, fixed.estimate)
    # C = 4/3 - (10/9) / (4/3) = 1/2, so tau2 = (4 - 1) / (1/2) = 6. P of chi-square 1 at 4 is that of z = 2.
    assert_allclose([spread.q, spread.df, spread.i2, spread.h2, spread.tau2], [4, 1, 75, 4, 6], rtol=1e-14)
    assert_allclose(spread.q_p, math.erfc(2 / math.sqrt(2)), rtol=1e-13)


def test_random_by_hand() -> None:
    """tau2 = 6 makes the weights 1/7 and 1/9: estimate (4/9) / (16/63) = 7/4, variance 63/16."""
    found = iv(column(0, 4), column(1, 3))
    assert found.model == "random"
    half = Z95 * math.sqrt(63 / 16)
    assert_allclose([found.estimate, found.se**2, found.tau2], [1.75, 63 / 16, 6], rtol=1e-14)
    assert_allclose([found.ci_lower, found.ci_upper], [1.75 - half, 1.75 + half], rtol=1e-14)
    assert_allclose(found.z, 1.75 / math.sqrt(63 / 16), rtol=1e-14)
    assert_allclose(found.p_value, math.erfc(found.z / math.sqrt(2)), rtol=1e-13)
    assert_allclose(found.weight_fixed, [75, 25], rtol=1e-14)
    assert_allclose(found.weight_random, [100 * 9 / 16, 100 * 7 / 16], rtol=1e-14)


def test_mantel_haenszel_by_hand() -> None:
    """Tables 1 4 | 2 3 and 6 4 | 3 7: R = 3/10 + 42/20 = 2.4, S = 8/10 + 12/20 = 1.4."""
    fixed = mantel_haenszel(two_by_two(column(1, 6), column(5, 10), column(2, 3), column(5, 10)))
    assert_allclose(fixed.estimate, math.log(2.4 / 1.4), rtol=1e-14)
    pr, ps_qr, qs = 0.4 * 0.3 + 0.65 * 2.1, 0.4 * 0.8 + 0.6 * 0.3 + 0.65 * 0.6 + 0.35 * 2.1, 0.6 * 0.8 + 0.35 * 0.6
    variance = pr / (2 * 2.4**2) + ps_qr / (2 * 2.4 * 1.4) + qs / (2 * 1.4**2)
    assert_allclose(fixed.se, math.sqrt(variance), rtol=1e-14)
    assert_allclose(fixed.weights, [0.8, 0.6], rtol=1e-14)


def test_random_after_mantel_haenszel_has_inverse_variance_weights_and_tau2_of_its_q() -> None:
    cells = two_by_two(column(1, 16, 3), column(50, 100, 20), column(20, 3, 4), column(50, 100, 20))
    yi, vi = log_odds_ratio(cells)
    fixed = mantel_haenszel(cells)
    found = pool(yi, vi, fixed, "random", 0.1, 95)
    q = float((((yi - fixed.estimate) ** 2) / vi).sum())
    weights = 1 / vi
    tau2 = (q - 2) / (weights.sum() - (weights**2).sum() / weights.sum())
    assert tau2 > 0
    assert_allclose(found.tau2, tau2, rtol=1e-12)
    assert_allclose(found.estimate, np.average(yi, weights=1 / (vi + tau2)), rtol=1e-12)
    assert_allclose(found.weight_fixed, 100 * fixed.weights / fixed.weights.sum(), rtol=1e-14)


def test_one_study_is_fixed_under_each_rule_and_shows_no_heterogeneity() -> None:
    for rule in ("fixed", "random", "q_test"):
        found = iv(column(2), column(0.25), rule)
        assert (found.model, found.estimate, found.se) == ("fixed", 2.0, 0.5)
        assert np.isnan(found.tau2)
        for name in ("q", "q_p", "i2", "h2", "tau2"):
            assert np.isnan(getattr(found.heterogeneity, name)), name
        assert (found.weight_fixed.tolist(), found.weight_random.tolist()) == ([100], [100])


def test_the_q_test_chooses_random_strictly_below_the_threshold() -> None:
    yi, vi = column(0, 4), column(1, 3)
    p = iv(yi, vi).heterogeneity.q_p
    assert iv(yi, vi, "q_test", threshold=p).model == "fixed"
    assert iv(yi, vi, "q_test", threshold=math.nextafter(p, 1)).model == "random"
    assert iv(yi, vi, "fixed", threshold=0.99).model == "fixed"
    assert iv(column(1, 1), column(1, 3), "random", threshold=0.01).model == "random"


def test_equal_effects_have_no_heterogeneity() -> None:
    found = iv(column(1, 1), column(1, 3)).heterogeneity
    assert (found.q, found.q_p, found.i2, found.h2, found.tau2) == (0, 1, 0, 0, 0)


def test_the_fixed_model_has_no_tau2() -> None:
    assert np.isnan(iv(column(0, 4), column(1, 3), "fixed").tau2)


@pytest.mark.parametrize("z", [0.5, 8.0, 20.0, 37.0])
def test_tiny_p_keep_their_digits(z: float) -> None:
    for sign in (-1, 1):
        found = iv(column(sign * z), column(1))
        assert_allclose(found.p_value, math.erfc(z / math.sqrt(2)), rtol=1e-12)
    q = iv(column(-z, z), column(2, 2)).heterogeneity
    assert_allclose(q.q_p, math.erfc(z / math.sqrt(2)), rtol=1e-11)


@pytest.mark.parametrize(("level", "quantile"), [(90, 1.6448536269514722), (95, Z95), (99, 2.5758293035489004)])
def test_level(level: float, quantile: float) -> None:
    assert wald(1.0, 2.0, level) == pytest.approx((1 - 2 * quantile, 1 + 2 * quantile), rel=1e-14)


def test_one_study_with_nearly_all_the_weight_keeps_tau2_exact() -> None:
    """Effects 0, 2, -2 with weights 1e12, 1, 1: Q = 8 about 0 and C = 4 to 12 digits, so tau2 = (8 - 2) / 4."""
    found = heterogeneity(column(0, 2, -2), column(1e-12, 1, 1), 0.0)
    assert_allclose(found.tau2, (8 - 2) / 4, rtol=1e-11)


effects = st.lists(
    st.tuples(st.floats(-5, 5).map(lambda y: round(y, 3)), st.floats(0.01, 9).map(lambda v: round(v, 3))),
    min_size=2,
    max_size=12,
)
rules = st.sampled_from(["fixed", "random"])


def arrays(studies: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    yi, vi = np.array(studies).T
    return yi, vi


@given(effects, rules)
def test_what_always_holds(studies: list[tuple[float, float]], rule: str) -> None:
    yi, vi = arrays(studies)
    found = iv(yi, vi, rule)
    spread = found.heterogeneity
    assert spread.tau2 >= 0
    assert 0 <= spread.i2 < 100
    assert 0 <= spread.q_p <= 1
    assert yi.min() - 1e-12 <= found.estimate <= yi.max() + 1e-12
    assert found.ci_lower < found.estimate < found.ci_upper
    assert_allclose([found.weight_fixed.sum(), found.weight_random.sum()], [100, 100], rtol=1e-12)
    assert found.se >= inverse_variance(yi, vi).se * (1 - 1e-12)


@given(effects, rules, st.randoms(use_true_random=False))
def test_order_of_studies_changes_nothing(studies: list[tuple[float, float]], rule: str, random: object) -> None:
    order = list(range(len(studies)))
    random.shuffle(order)  # type: ignore[attr-defined]
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule), iv(yi[order], vi[order], rule)
    assert_allclose([two.estimate, two.se], [one.estimate, one.se], rtol=1e-9, atol=1e-10)
    assert_allclose(two.weight_random, one.weight_random[order], rtol=1e-8)


@given(effects, rules, st.floats(-50, 50))
def test_shift(studies: list[tuple[float, float]], rule: str, shift: float) -> None:
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule), iv(yi + shift, vi, rule)
    assert_allclose(two.estimate - shift, one.estimate, atol=1e-9)
    assert_allclose([two.se, two.heterogeneity.q], [one.se, one.heterogeneity.q], rtol=1e-6, atol=1e-9)


@given(effects, rules, st.floats(0.01, 100))
def test_scale(studies: list[tuple[float, float]], rule: str, scale: float) -> None:
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule), iv(yi * scale, vi * scale**2, rule)
    assert_allclose([two.estimate, two.se], [one.estimate * scale, one.se * scale], rtol=1e-8, atol=1e-9)
    assert_allclose(two.heterogeneity.tau2, one.heterogeneity.tau2 * scale**2, rtol=1e-6, atol=1e-8)
    assert_allclose(two.heterogeneity.i2, one.heterogeneity.i2, atol=1e-6)


tables = st.lists(st.tuples(*[st.integers(0, 40)] * 4).filter(lambda t: t[0] + t[2] and t[1] + t[3]), min_size=1)


@given(tables)
def test_mantel_haenszel_turns_its_sign_with_the_sides(cells: list[tuple[int, int, int, int]]) -> None:
    a, b, c, d = np.array([t for t in cells if t[0] + t[1] and t[2] + t[3]] or [(1, 2, 3, 4)], dtype=float).T
    one = mantel_haenszel(two_by_two(a, a + b, c, c + d))
    two = mantel_haenszel(two_by_two(c, c + d, a, a + b))
    assert_allclose([two.estimate, two.se], [-one.estimate, one.se], rtol=1e-9, atol=1e-12)


@given(st.tuples(*[st.integers(1, 40)] * 4))
def test_mantel_haenszel_of_one_study_is_that_study(cells: tuple[int, int, int, int]) -> None:
    """Robins, Breslow and Greenland's variance is Woolf's where there is one table."""
    a, b, c, d = (column(value) for value in cells)
    table = two_by_two(a, a + b, c, c + d)
    found, study = mantel_haenszel(table), log_odds_ratio(table)
    assert_allclose([found.estimate, found.se**2], [study.yi[0], study.vi[0]], rtol=1e-10, atol=1e-12)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(1, 5))
def test_one_effect_and_equal_effects_give_themselves_to_the_last_bit(effect, variance, k):
    found = inverse_variance(np.full(k, effect), np.full(k, variance))
    assert found.estimate == effect
