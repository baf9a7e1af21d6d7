"""Agreement against values worked out elsewhere."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.screening import agreement


def test_the_worked_example_of_a_skewed_table():
    """Values computed in R from the definitions of Byrt, Bishop and Carlin 1993; 4 digits as given there."""
    found = agreement(30, 10, 5, 955)
    expected = {
        "n": 1000, "agreement": 0.985, "kappa": 0.7922, "pabak": 0.97, "prevalence_index": 0.925, "bias_index": 0.005,
        "p_pos": 0.80, "p_neg": 0.9922, "band": "excellent",
    }  # fmt: skip
    assert {k: found[k] if isinstance(found[k], str) else round(found[k], 4) for k in expected} == expected


def test_kappa_is_not_estimable_where_all_votes_are_the_same():
    found = agreement(0, 0, 0, 20)
    assert ("kappa" in found, found["band"], found["agreement"]) == (False, "not estimable", 1.0)
    assert agreement(0, 0, 0, 0) == {"n": 0, "band": "not estimable"}


def numeric_se(cells: list[int]) -> float:
    """Standard error of kappa by the delta method with numeric derivatives: multinomial covariance of the cells."""
    n = sum(cells)
    p = [c / n for c in cells]

    def kappa(q: list[float]) -> float:
        a, b, c, d = q
        expected = (a + b) * (a + c) + (c + d) * (b + d)
        return (a + d - expected) / (1 - expected)

    h = 1e-6
    slope = []
    for i in range(4):
        up, down = ([x + s * h * (j == i) for j, x in enumerate(p)] for s in (1, -1))
        slope.append((kappa(up) - kappa(down)) / (2 * h))
    mean = sum(g * x for g, x in zip(slope, p, strict=True))
    return math.sqrt(max(sum(g * g * x for g, x in zip(slope, p, strict=True)) - mean**2, 0) / n)


@given(st.lists(st.integers(1, 200), min_size=4, max_size=4))
def test_the_interval_of_kappa_is_that_of_the_delta_method(cells):
    """The closed form of Fleiss, Cohen and Everitt 1969 is the delta method; 1e-6 is the numeric derivative's error."""
    found = agreement(*cells)
    half = 1.959963984540054 * numeric_se(cells)
    assert found["kappa_upper"] == pytest.approx(min(found["kappa"] + half, 1), abs=1e-6)
    assert found["kappa_lower"] == pytest.approx(max(found["kappa"] - half, -1), abs=1e-6)


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(lambda c: sum(c) > 0))
def test_byrts_identity_ties_kappa_to_pabak_and_the_indices(cells):
    found = agreement(*cells)
    if "kappa" in found:
        pabak, pi, bi = found["pabak"], found["prevalence_index"], found["bias_index"]
        assert found["kappa"] == pytest.approx((pabak - pi**2 + bi**2) / (1 - pi**2 + bi**2), abs=1e-9)
