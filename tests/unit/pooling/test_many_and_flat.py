"""Many studies in memory that grows with their number, and effects that lie on a line to the last bit."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from reviewflow.pooling import PRESETS, asymmetry, diagnostics, regression, studies
from reviewflow.pooling.batch import Array

_K = 6000
_SQUARED = 8 * _K**2


def _many() -> tuple[Array, Array]:
    generator = np.random.default_rng(5)
    return generator.normal(size=_K), generator.uniform(0.1, 1, _K)


@pytest.mark.parametrize(
    "made",
    [
        lambda y, v: regression.regress(y, v, np.column_stack([np.ones(_K), v]), "REML", "hksj", 95),
        asymmetry.begg,
        lambda y, v: asymmetry.trim_and_fill(y, v, "DL"),
        lambda y, v: diagnostics.influence(y, v, None),
    ],
    ids=["regression", "begg", "trim and fill", "influence"],
)
def test_thousands_of_studies_take_no_memory_in_their_number_squared(made: Callable[[Array, Array], Any]) -> None:
    y, v = _many()
    tracemalloc.start()
    try:
        made(y, v)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < _SQUARED / 2


def test_parts_are_the_same_in_one_slab_and_in_many(monkeypatch: pytest.MonkeyPatch) -> None:
    y, v = (part[:40] for part in _many())
    found = studies("GIV", {"yi": y, "vi": v}, PRESETS["metafor"])
    rows = diagnostics.without_each("GIV", found, PRESETS["metafor"])
    first = diagnostics.of_first("GIV", found, PRESETS["metafor"], range(40))
    whole = diagnostics.influence(y, v, "REML")
    monkeypatch.setattr(diagnostics, "_CHUNK", 130)
    assert diagnostics.without_each("GIV", found, PRESETS["metafor"]) == rows
    assert diagnostics.of_first("GIV", found, PRESETS["metafor"], range(40)) == first
    for one, other in zip(diagnostics.influence(y, v, "REML"), whole, strict=True):
        assert_allclose(one, other, rtol=1e-13)


def test_the_series_of_kendall_continues_the_sums() -> None:
    """The error of the series falls with k cubed: 2e-6 at 200, and so about 1e-7 of P where it takes over at 500."""
    k, deviation = 200, (200 * 199 * 405 / 18) ** 0.5
    for z in (0, 0.5, 1, 2, 3):
        s = 2 * round(z * deviation / 2)
        assert_allclose(asymmetry._series_kendall(k, s), asymmetry._exact_kendall(k, s), rtol=5e-6)


@pytest.mark.parametrize("level", [0.0, 0.1, 1e6 / 3])
def test_equal_effects_give_no_statistic_made_of_rounding(level: float) -> None:
    """All Hartung-Knapp standard errors are 0, and so is Egger's: what is left of the residuals is rounding."""
    v = np.array([0.1, 0.37, 0.2, 1.3, 0.7, 0.03])
    x = np.column_stack([np.ones(6), [1.0, 2.2, 3.1, 0.4, 5.7, 6.3]])
    made = regression.regress(np.full(6, level), v, x, "REML", "hksj", 95)
    assert (made.se == 0).all()
    assert np.isnan(made.p_value).all()
    assert np.isnan(made.q_moderators_p)
    fixed = regression.regress(np.full(6, level), v, x, None, "wald", 95)
    assert fixed.i2 == 0
    assert fixed.q_residual_p == 1
    assert np.isnan(asymmetry.egger(np.full(6, level), v).p_value)
