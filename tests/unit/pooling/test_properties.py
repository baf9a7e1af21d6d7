"""What holds of pooling for all data."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from reviewflow.pooling import Choice, Studies, analyse, analyse_many, studies, subgroups
from reviewflow.pooling.batch import Batch
from reviewflow.pooling.choice import CI, TAU2
from reviewflow.pooling.likelihood import maximum

NUMBERS = ("estimate", "se", "ci_lower", "ci_upper", "z", "p_value", "q", "i2", "tau2")
effects = st.lists(
    st.tuples(st.integers(-400, 400).map(lambda n: n / 100), st.integers(1, 900).map(lambda n: n / 300)),
    min_size=2,
    max_size=9,
)


def given_as(y: np.ndarray, v: np.ndarray, measure: str = "GIV") -> Studies:
    return studies(measure, {"yi": np.array(y, float), "vi": np.array(v, float)}, Choice())


def both(data: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    y, v = np.array(data, dtype=float).T
    return y, v


@pytest.mark.parametrize("tau2", TAU2)
@settings(max_examples=40, deadline=None)
@given(data=effects, shift=st.integers(-50, 50), power=st.integers(-20, 20))
def test_shift_and_scale_move_the_estimate_with_them(
    tau2: str, data: list[tuple[float, float]], shift: int, power: int
) -> None:
    """A scale that is a power of 2 changes no digit; a shift rounds the effects, so 1e-7 of the standard error."""
    y, v = both(data)
    choice, scale = Choice(tau2=tau2, ci="wald"), 2.0**power
    plain = analyse("GIV", given_as(y, v), choice).row
    scaled = analyse("GIV", given_as(y * scale, v * scale**2), choice).row
    shifted = analyse("GIV", given_as(y + shift, v), choice).row
    for name in ("estimate", "se", "ci_lower", "ci_upper"):
        assert_allclose(scaled[name], plain[name] * scale, rtol=1e-12, atol=1e-12 * scale)
    assert_allclose(scaled["tau2"], plain["tau2"] * scale**2, rtol=1e-9, atol=1e-12 * scale**2)
    assert_allclose(shifted["estimate"] - shift, plain["estimate"], atol=1e-7 * plain["se"])
    assert_allclose(shifted["tau2"], plain["tau2"], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("tau2", TAU2)
@settings(max_examples=40, deadline=None)
@given(data=effects, seed=st.integers(0, 99))
def test_the_order_of_studies_changes_nothing(tau2: str, data: list[tuple[float, float]], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(data))
    y, v = both(data)
    choice = Choice(tau2=tau2, ci="wald")
    one, other = (analyse("GIV", given_as(a, b), choice) for a, b in ((y, v), (y[order], v[order])))
    assert_allclose([one.row[n] for n in NUMBERS], [other.row[n] for n in NUMBERS], rtol=1e-8, atol=1e-10)
    assert_allclose(one.weight_random[order], other.weight_random, rtol=1e-8)


@settings(max_examples=60, deadline=None)
@given(data=effects)
def test_a_sign_turned_round_turns_the_interval_round(data: list[tuple[float, float]]) -> None:
    y, v = both(data)
    one, other = (analyse("GIV", given_as(sign * y, v), Choice(ci="wald")).row for sign in (1, -1))
    assert_allclose([-one["ci_upper"], one["p_value"]], [other["ci_lower"], other["p_value"]], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("ci", CI)
@pytest.mark.parametrize("tau2", TAU2)
def test_many_analyses_are_each_as_alone_to_the_last_digit(tau2: str, ci: str) -> None:
    generator = np.random.default_rng(3)
    choice = Choice(tau2=tau2, ci=ci)
    asked = []
    for k in generator.integers(0, 14, size=120):
        v = generator.uniform(0.01, 2, k)
        asked.append(("OR", given_as(generator.normal(0, np.sqrt(v + 0.3)), v, "OR"), choice))
    for one, many in zip((analyse(*each) for each in asked), analyse_many(asked), strict=True):
        assert one.row == many.row
        np.testing.assert_array_equal(one.weight_fixed, many.weight_fixed)
        np.testing.assert_array_equal(one.weight_random, many.weight_random)


@pytest.mark.parametrize("restricted", [True, False])
def test_no_finer_search_finds_a_higher_likelihood(restricted: bool) -> None:
    generator = np.random.default_rng(11)
    several = 0
    for k in (2, 3, 4, 6, 10, 25):
        v = np.exp(generator.uniform(-4, 4, (60, k)))
        y = generator.normal(0, np.sqrt(v + np.exp(generator.uniform(-4, 4, (60, 1)))))
        for tau2, effect, variance in zip(maximum(Batch.of(y, v), restricted=restricted), y, v, strict=True):
            fine = np.exp(np.linspace(math.log(variance.min() * 1e-4), math.log(20 * np.ptp(effect) ** 2 + 1), 1500))
            heights = likelihood(effect, variance, np.array([tau2, 0.0, *fine]), restricted)
            # Rounding of the likelihood itself.
            assert heights[1:].max() <= heights[0] + 1e-10 * max(1.0, abs(heights[0]))
            rises = np.sign(np.diff(heights[1:]))
            several += ((rises[:-1] > 0) & (rises[1:] < 0)).sum() + (rises[0] < 0) > 1
    assert several > 2  # so that the search is put to the test


def likelihood(y: np.ndarray, v: np.ndarray, tau2: np.ndarray, restricted: bool) -> np.ndarray:
    w = 1 / (v + tau2[:, None])
    mean = (w * y).sum(axis=1) / w.sum(axis=1)
    height = np.log(w).sum(axis=1) - (w * (y - mean[:, None]) ** 2).sum(axis=1)
    return (height - np.log(w.sum(axis=1)) if restricted else height) / 2


@pytest.mark.parametrize("tau2", TAU2)
@pytest.mark.parametrize("scale", [1e-12, 1e-5, 1.0, 1e9])
def test_scales_of_any_size(tau2: str, scale: float) -> None:
    """tau2 is a root at this scale too: what a tolerance in absolute terms would miss."""
    y, v = np.array([0.1, 0.5, 0.9, 0.2]), np.array([0.01, 0.04, 0.02, 0.03])
    row = analyse("GIV", given_as(y * scale, v * scale**2), Choice(tau2=tau2)).row
    plain = analyse("GIV", given_as(y, v), Choice(tau2=tau2)).row
    assert_allclose(row["tau2"] / scale**2, plain["tau2"], rtol=1e-9)
    assert_allclose(row["tau2_upper"] / scale**2, plain["tau2_upper"], rtol=1e-9)


@pytest.mark.parametrize("tau2", TAU2)
def test_a_huge_ratio_of_variances(tau2: str) -> None:
    row = analyse("GIV", given_as([1.0, 2.0, 3.0, 1.5], [1e-12, 1.0, 1e6, 1e12]), Choice(tau2=tau2)).row
    assert all(math.isfinite(row[name]) for name in NUMBERS)
    assert row["tau2_lower"] <= row["tau2_upper"]


@pytest.mark.parametrize("tau2", TAU2)
def test_equal_effects(tau2: str) -> None:
    """No spread: tau2 and Q are 0, Wald's interval is that of the fixed model, Hartung-Knapp's has no width and says
    so, its ad hoc correction gives Wald's standard error."""
    data = given_as([0.3] * 4, [0.1, 0.2, 0.3, 0.4])
    wald, knapp, adhoc = (analyse("GIV", data, Choice(tau2=tau2, ci=ci)).row for ci in CI)
    assert (wald["tau2"], wald["q"], wald["i2"], wald["estimate"]) == (0, 0, 0, 0.3)
    assert (knapp["ci_lower"], knapp["ci_upper"]) == (0.3, 0.3)
    assert "no width" in knapp["note"]
    assert_allclose(adhoc["se"], wald["se"], rtol=1e-14)
    assert adhoc["ci_df"] == 3
    assert_allclose([wald["pi_upper"] - 0.3], wald["se"] * 3.182446305284263, rtol=1e-12)  # qt(0.975, 3) in R 4.2.2


def test_one_study_is_itself_and_none_is_said_to_be_none() -> None:
    one = analyse("OR", given_as([0.4], [0.25], "OR"), Choice()).row
    assert (one["k"], one["model"], one["estimate"], one["se"], one["ci_df"]) == (1, "fixed", 0.4, 0.5, None)
    assert_allclose(one["ci_lower_natural"], math.exp(0.4 - 1.959963984540054 * 0.5), rtol=1e-14)
    assert one["note"].startswith("k = 1")
    assert [one[n] for n in ("tau2", "q", "df", "i2", "pi_lower")] == [None] * 5
    none = analyse("OR", given_as([np.nan], [0.25], "OR"), Choice()).row
    assert (none["k"], none["model"], none["estimate"]) == (0, None, None)
    assert none["note"].startswith("k = 0")
    assert one.keys() == none.keys()


def test_the_root_of_two_equally_precise_studies_is_at_the_end_of_the_search() -> None:
    """tau2 = (y1 - y2)^2 / 2 - v, whatever the rounding of the effects."""
    for shift in range(40):
        row = analyse("GIV", given_as([shift / 7, shift / 7 - 0.15], [1 / 300, 1 / 300]), Choice()).row
        assert_allclose(row["tau2"], 0.15**2 / 2 - 1 / 300, rtol=1e-9)


def test_two_studies_have_hartung_and_knapp_on_one_degree_of_freedom() -> None:
    """Factor = Q at tau2 over 1; the interval's quantile is qt(0.975, 1) = 12.7062047361747 in R 4.2.2."""
    row = analyse("GIV", given_as([0.0, 1.0], [0.1, 0.1]), Choice()).row
    assert_allclose([row["tau2"], row["estimate"], row["se"]], [0.4, 0.5, 0.5], rtol=1e-9)
    assert_allclose(row["ci_upper"], 0.5 + 12.7062047361747 * 0.5, rtol=1e-9)
    assert "k = 2" in row["note"]
    two = analyse("GIV", given_as([0.0, 1.0], [0.1, 0.1]), Choice(prediction="t_kminus2")).row
    assert two["pi_lower"] is None
    assert "no prediction interval" in two["note"]


def test_the_ad_hoc_correction_never_narrows_the_standard_error_and_keeps_t() -> None:
    data = given_as([0.1, 0.12, 0.11, 0.1], [0.1, 0.2, 0.1, 0.3])
    wald, knapp, adhoc = (analyse("GIV", data, Choice(ci=ci)).row for ci in CI)
    assert knapp["se"] < wald["se"]
    assert "narrower than Wald" in knapp["note"]
    assert adhoc["se"] == wald["se"]
    assert adhoc["ci_upper"] > wald["ci_upper"]


@pytest.mark.parametrize(("method", "model"), [("IV", "fixed"), ("MH", "random")])
def test_the_q_test_asks_the_q_of_the_fixed_method(method: str, model: str) -> None:
    """A table whose Q has P on two sides of the threshold: about the Mantel-Haenszel and about the inverse-variance
    estimate."""
    table = {"ai": [1, 10, 4], "n1i": [100, 40, 30], "ci": [6, 12, 1], "n2i": [90, 35, 40]}
    columns = {name: np.array(values, float) for name, values in table.items()}
    rows = {}
    for each in ("IV", "MH"):
        choice = Choice(method=each, model="q_test", tau2="DL", ci="wald")
        rows[each] = analyse("RD", studies("RD", columns, choice), choice).row
    threshold = (rows["IV"]["q_p"] + rows["MH"]["q_p"]) / 2
    assert rows["MH"]["q"] > rows["IV"]["q"]
    choice = Choice(method=method, model="q_test", tau2="DL", ci="wald", q_threshold=threshold)
    assert analyse("RD", studies("RD", columns, choice), choice).row["model"] == model


def test_subgroups_without_a_name_are_in_none() -> None:
    data = given_as([0.1, 0.2, 0.6, 0.7, 9.0], [0.1] * 5)
    made = subgroups("GIV", data, ["a", "a", "b", "b", " "], replace(Choice(), ci="wald"))
    assert [(row["subgroup"], row["k"]) for row in made.rows] == [("a", 2), ("b", 2)]
    alone = subgroups("GIV", data, ["a"] * 5, Choice(), common=True)
    assert (alone.test["q"], alone.test["groups"]) == (None, 1)
    each = subgroups("GIV", data, list("abcde"), Choice(), common=True)
    assert "no common tau2" in each.test["note"]
