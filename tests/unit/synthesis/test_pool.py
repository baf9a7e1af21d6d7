"""Pooling by hand, and what holds for all data."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from reviewflow.pooling import PRESETS, Analysis, Studies, natural, studies
from reviewflow.synthesis.engine import Job, pool

Z95 = 1.959963984540054  # qnorm(0.975) in R 4.2.2


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def iv(yi: np.ndarray, vi: np.ndarray, rule: str = "random", threshold: float = 0.1, level: float = 95) -> Analysis:
    found = Studies(yi, vi, None, np.full(len(yi), "", dtype=object))
    choice = replace(PRESETS["revman5"], model=rule, q_threshold=threshold, level=level)
    return pool([Job("MD", found, choice)])[0]


def mh(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, rule: str = "fixed") -> tuple[Studies, Analysis]:
    choice = replace(PRESETS["revman5"], method="MH", model=rule)
    found = studies("OR", {"ai": a, "n1i": a + b, "ci": c, "n2i": c + d}, choice)
    return found, pool([Job("OR", found, choice)])[0]


def test_inverse_variance_by_hand() -> None:
    """Weights 1 and 1/3: estimate (0 + 4/3) / (4/3) = 1, variance 3/4, Q = 1 + 9/3 = 4."""
    found = iv(column(0, 4), column(1, 3), "fixed")
    row = found.row
    assert_allclose([row["estimate"], row["se"] ** 2, *found.weight_fixed], [1, 0.75, 75, 25], rtol=1e-14)
    # P of chi-square 1 at 4 is that of z = 2.
    assert_allclose([row["q"], row["df"], row["i2"], row["h2"]], [4, 1, 75, 4], rtol=1e-14)
    assert_allclose(row["q_p"], math.erfc(2 / math.sqrt(2)), rtol=1e-13)
    assert row["tau2"] is None


def test_random_by_hand() -> None:
    """C = 4/3 - (10/9) / (4/3) = 1/2, so tau2 = (4 - 1) / (1/2) = 6, which makes the weights 1/7 and 1/9: estimate (4/9) /
    (16/63) = 7/4, variance 63/16."""
    found = iv(column(0, 4), column(1, 3))
    row, half = found.row, Z95 * math.sqrt(63 / 16)
    assert row["model"] == "random"
    assert_allclose([row["estimate"], row["se"] ** 2, row["tau2"]], [1.75, 63 / 16, 6], rtol=1e-14)
    assert_allclose([row["ci_lower"], row["ci_upper"]], [1.75 - half, 1.75 + half], rtol=1e-14)
    assert_allclose(row["z"], 1.75 / math.sqrt(63 / 16), rtol=1e-14)
    assert_allclose(row["p_value"], math.erfc(row["z"] / math.sqrt(2)), rtol=1e-13)
    assert_allclose(found.weight_random, [100 * 9 / 16, 100 * 7 / 16], rtol=1e-14)


def test_mantel_haenszel_by_hand() -> None:
    """Tables 1 4 | 2 3 and 6 4 | 3 7: R = 3/10 + 42/20 = 2.4, S = 8/10 + 12/20 = 1.4."""
    _, found = mh(column(1, 6), column(4, 4), column(2, 3), column(3, 7))
    assert_allclose(found.row["estimate"], math.log(2.4 / 1.4), rtol=1e-14)
    pr, ps_qr, qs = 0.4 * 0.3 + 0.65 * 2.1, 0.4 * 0.8 + 0.6 * 0.3 + 0.65 * 0.6 + 0.35 * 2.1, 0.6 * 0.8 + 0.35 * 0.6
    variance = pr / (2 * 2.4**2) + ps_qr / (2 * 2.4 * 1.4) + qs / (2 * 1.4**2)
    assert_allclose(found.row["se"], math.sqrt(variance), rtol=1e-14)
    assert_allclose(found.weight_fixed, [80 / 1.4, 60 / 1.4], rtol=1e-14)


def test_random_after_mantel_haenszel_has_inverse_variance_weights_and_tau2_of_its_q() -> None:
    cells = (column(1, 16, 3), column(49, 84, 17), column(20, 3, 4), column(30, 97, 16))
    effects, found = mh(*cells, rule="random")
    theta = mh(*cells)[1].row["estimate"]
    weights = 1 / effects.v
    q = float((weights * (effects.y - theta) ** 2).sum())
    tau2 = (q - 2) / (weights.sum() - (weights**2).sum() / weights.sum())
    assert tau2 > 0
    assert_allclose(found.row["tau2"], tau2, rtol=1e-12)
    assert_allclose(found.row["estimate"], np.average(effects.y, weights=1 / (effects.v + tau2)), rtol=1e-12)


def test_one_study_is_fixed_under_each_rule_and_shows_no_heterogeneity() -> None:
    for rule in ("fixed", "random", "q_test"):
        found = iv(column(2), column(0.25), rule)
        assert (found.row["model"], found.row["estimate"], found.row["se"]) == ("fixed", 2.0, 0.5)
        assert not {"q", "q_p", "i2", "h2", "tau2"} & {name for name, cell in found.row.items() if not pd.isna(cell)}
        assert (found.weight_fixed.tolist(), found.weight_random.tolist()) == ([100], [100])


def test_the_q_test_chooses_random_strictly_below_the_threshold() -> None:
    yi, vi = column(0, 4), column(1, 3)
    p = iv(yi, vi).row["q_p"]
    assert iv(yi, vi, "q_test", threshold=p).row["model"] == "fixed"
    assert iv(yi, vi, "q_test", threshold=math.nextafter(p, 1)).row["model"] == "random"
    assert iv(yi, vi, "fixed", threshold=0.99).row["model"] == "fixed"
    assert iv(column(1, 1), column(1, 3), "random", threshold=0.01).row["model"] == "random"


def test_equal_effects_have_no_heterogeneity() -> None:
    row = iv(column(1, 1), column(1, 3)).row
    assert [row[name] for name in ("q", "q_p", "i2", "h2", "tau2")] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize("z", [0.5, 8.0, 20.0, 37.0])
def test_tiny_p_keep_their_digits(z: float) -> None:
    for sign in (-1, 1):
        assert_allclose(iv(column(sign * z), column(1)).row["p_value"], math.erfc(z / math.sqrt(2)), rtol=1e-12)
    row = iv(column(-z, z), column(2, 2)).row
    assert_allclose(row["q_p"], math.erfc(z / math.sqrt(2)), rtol=1e-11)


@pytest.mark.parametrize(("level", "quantile"), [(90, 1.6448536269514722), (95, Z95), (99, 2.5758293035489004)])
def test_level(level: float, quantile: float) -> None:
    row = iv(column(1), column(4), level=level).row
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx((1 - 2 * quantile, 1 + 2 * quantile), rel=1e-14)


def test_one_study_with_nearly_all_the_weight_keeps_tau2_exact() -> None:
    """Effects 0, 2, -2 with weights 1e12, 1, 1: Q = 8 about 0 and C = 4 to 12 digits, so tau2 = (8 - 2) / 4."""
    assert_allclose(iv(column(0, 2, -2), column(1e-12, 1, 1)).row["tau2"], (8 - 2) / 4, rtol=1e-11)


def test_what_people_read_is_each_measure_s_own_scale() -> None:
    """exp(0.5), 1 / (1 + exp(-0.5)), sin(0.5)^2 and tanh(0.5) of R 4.2.2; an arcsine beyond its ends is at them."""
    expected = {"HR": 1.648721270700128, "PLO": 0.622459331201855, "PAS": 0.229848847065930, "ZCOR": 0.462117157260010}
    for measure, value in expected.items():
        assert natural(measure, 0.5) == pytest.approx(value, rel=1e-14)
    assert natural("SMD", 0.5) == 0.5
    assert natural("PAS", column(-0.1, 2)).tolist() == [0, 1]


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
    row = found.row
    assert (row["tau2"] or 0) >= 0
    assert 0 <= row["i2"] < 100
    assert 0 <= row["q_p"] <= 1
    assert yi.min() - 1e-12 <= row["estimate"] <= yi.max() + 1e-12
    assert row["ci_lower"] < row["estimate"] < row["ci_upper"]
    assert_allclose([found.weight_fixed.sum(), found.weight_random.sum()], [100, 100], rtol=1e-12)
    assert row["se"] >= (1 / vi).sum() ** -0.5 * (1 - 1e-12)


@given(effects, rules, st.randoms(use_true_random=False))
def test_order_of_studies_changes_nothing(studies: list[tuple[float, float]], rule: str, random: object) -> None:
    order = list(range(len(studies)))
    random.shuffle(order)  # type: ignore[attr-defined]
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule), iv(yi[order], vi[order], rule)
    same = ("estimate", "se")
    assert_allclose([two.row[n] for n in same], [one.row[n] for n in same], rtol=1e-9, atol=1e-10)
    assert_allclose(two.weight_random, one.weight_random[order], rtol=1e-8)


@given(effects, rules, st.floats(-50, 50))
def test_shift(studies: list[tuple[float, float]], rule: str, shift: float) -> None:
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule).row, iv(yi + shift, vi, rule).row
    assert_allclose(two["estimate"] - shift, one["estimate"], atol=1e-9)
    assert_allclose([two["se"], two["q"]], [one["se"], one["q"]], rtol=1e-6, atol=1e-9)


@given(effects, rules, st.floats(0.01, 100))
def test_scale(studies: list[tuple[float, float]], rule: str, scale: float) -> None:
    yi, vi = arrays(studies)
    one, two = iv(yi, vi, rule).row, iv(yi * scale, vi * scale**2, rule).row
    assert_allclose([two["estimate"], two["se"]], [one["estimate"] * scale, one["se"] * scale], rtol=1e-8, atol=1e-9)
    assert_allclose(two["tau2"] or 0, (one["tau2"] or 0) * scale**2, rtol=1e-6, atol=1e-8)
    assert_allclose(two["i2"], one["i2"], atol=1e-6)


tables = st.lists(st.tuples(*[st.integers(0, 40)] * 4).filter(lambda t: t[0] + t[2] and t[1] + t[3]), min_size=1)


@given(tables)
def test_mantel_haenszel_turns_its_sign_with_the_sides(cells: list[tuple[int, int, int, int]]) -> None:
    a, b, c, d = np.array([t for t in cells if t[0] + t[1] and t[2] + t[3]] or [(1, 2, 3, 4)], dtype=float).T
    one, two = mh(a, b, c, d)[1].row, mh(c, d, a, b)[1].row
    assert_allclose([two["estimate"], two["se"]], [-one["estimate"], one["se"]], rtol=1e-9, atol=1e-12)


@given(st.tuples(*[st.integers(1, 40)] * 4))
def test_mantel_haenszel_of_one_study_is_that_study(cells: tuple[int, int, int, int]) -> None:
    """Robins, Breslow and Greenland's variance is Woolf's where there is one table."""
    study, found = mh(*(column(value) for value in cells))
    assert_allclose([found.row["estimate"], found.row["se"] ** 2], [study.y[0], study.v[0]], rtol=1e-10, atol=1e-12)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(1, 5))
def test_one_effect_and_equal_effects_give_themselves_to_the_last_bit(effect, variance, k):
    assert iv(np.full(k, effect), np.full(k, variance), "fixed").row["estimate"] == effect
