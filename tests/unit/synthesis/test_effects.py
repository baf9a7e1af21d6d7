"""Effects of single studies by hand, and the rules for empty cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from reviewflow.synthesis.effects import log_odds_ratio, mean_difference, two_by_two


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_mean_difference() -> None:
    found = mean_difference(column(5), column(3), column(9), column(2), column(4), column(8))
    assert found.yi.tolist() == [3.0]
    assert found.vi.tolist() == [1.0 + 2.0]


def test_a_side_without_participants_has_no_mean_difference() -> None:
    found = mean_difference(column(5, 5), column(3, 3), column(0, 9), column(2, 2), column(4, 4), column(8, np.nan))
    assert np.isnan(found.yi).all()
    assert np.isnan(found.vi).all()


def test_log_odds_ratio() -> None:
    cells = two_by_two(column(3), column(20), column(9), column(20))
    assert [float(c[0]) for c in cells] == [3, 17, 9, 11]
    found = log_odds_ratio(cells)
    assert_allclose(found.yi, np.log(3 * 11 / (17 * 9)), rtol=1e-14)
    assert_allclose(found.vi, 1 / 3 + 1 / 17 + 1 / 9 + 1 / 11, rtol=1e-14)


def test_all_four_cells_of_a_study_with_an_empty_one_are_corrected_and_no_other_study() -> None:
    cells = two_by_two(column(0, 3), column(10, 20), column(4, 9), column(12, 20))
    assert [c.tolist() for c in cells] == [[0.5, 3], [10.5, 17], [4.5, 9], [8.5, 11]]


@pytest.mark.parametrize(
    ("events_e", "n_e", "events_c", "n_c"),
    [(0, 10, 0, 12), (10, 10, 12, 12), (0, 0, 3, 12), (3, 10, 0, 0), (np.nan, 10, 3, 12), (3, 10, 3, np.nan)],
)
def test_what_is_not_estimable(events_e: float, n_e: float, events_c: float, n_c: float) -> None:
    cells = two_by_two(column(events_e), column(n_e), column(events_c), column(n_c))
    assert np.isnan(log_odds_ratio(cells).yi).all()
    assert np.isnan(log_odds_ratio(cells).vi).all()


counts = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))


@given(counts)
def test_swapping_sides_or_events_turns_the_sign(cells: tuple[int, int, int, int]) -> None:
    a, b, c, d = (column(value) for value in cells)
    found = log_odds_ratio(two_by_two(a, a + b, c, c + d))
    for swapped in (two_by_two(c, c + d, a, a + b), two_by_two(b, a + b, d, c + d)):
        assert_allclose(log_odds_ratio(swapped).yi, -found.yi, atol=1e-12)
        assert_allclose(log_odds_ratio(swapped).vi, found.vi, rtol=1e-12)
