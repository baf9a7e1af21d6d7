"""Effects of contrasts by hand, the rules for empty cells, and which numbers of a contrast are taken."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from reviewflow.pooling import PRESETS
from reviewflow.synthesis.effects import Effects, effects
from reviewflow.tables import frame

ADDED = "0.5 added to each cell, of which one or more are 0"
KEY = {"comparison": "a", "outcome": "y", "timepoint": "end", "provenance": "reported"}


def found(measure: str, *rows: dict[str, Any], method: str = "IV", preset: str = "revman5", **other: Any) -> Effects:
    table = frame("results/extraction/contrasts", [{**KEY, "study_id": f"s{i}", **row} for i, row in enumerate(rows)])
    columns = {str(name): table[name].to_numpy() for name in table.columns}
    return effects(columns, measure, replace(PRESETS[preset], method=method), **other)


def means(mean_e: float, sd_e: float, n_e: float, mean_c: float, sd_c: float, n_c: float | None) -> dict[str, Any]:
    return {"mean_e": mean_e, "sd_e": sd_e, "n_e": n_e, "mean_c": mean_c, "sd_c": sd_c, "n_c": n_c}


def counts(events_e: float, n_e: float, events_c: float, n_c: float) -> dict[str, Any]:
    return {"events_e": events_e, "n_e": n_e, "events_c": events_c, "n_c": n_c}


def test_mean_difference() -> None:
    made = found("MD", means(5, 3, 9, 2, 4, 8)).studies
    assert (made.y.tolist(), made.v.tolist()) == ([3.0], [1.0 + 2.0])


def test_a_side_without_participants_has_no_mean_difference() -> None:
    made = found("MD", means(5, 3, 0, 2, 4, 8), means(5, 3, 9, 2, 4, None)).studies
    assert np.isnan(made.y).all()
    assert np.isnan(made.v).all()
    assert made.why_not[1] == "no effect with se, nor n, mean and sd of both sides"


def test_one_group_before_and_after_has_no_difference_of_two_groups_and_the_reason_names_the_measures() -> None:
    change = {"n_e": 45, "change_mean_e": -7.5, "change_sd_e": 15}
    why = found("MD", change, means(5, 3, 9, 2, 4, None)).studies.why_not
    assert why[0] == "MD sets two groups against each other, and there is one: write MC, SMCC or SMCR in measure"
    assert why[1] == "no effect with se, nor n, mean and sd of both sides"
    assert found("MC", change).studies.y.tolist() == [-7.5]


def test_log_odds_ratio() -> None:
    made = found("OR", counts(3, 20, 9, 20))
    assert_allclose(made.studies.y, np.log(3 * 11 / (17 * 9)), rtol=1e-14)
    assert_allclose(made.studies.v, 1 / 3 + 1 / 17 + 1 / 9 + 1 / 11, rtol=1e-14)
    assert made.note.tolist() == [""]


def test_all_four_cells_of_a_study_with_an_empty_one_are_corrected_and_said_to_be() -> None:
    made = found("OR", counts(0, 10, 4, 12), counts(3, 20, 9, 20), method="MH")
    assert [cell.tolist() for cell in made.studies.table or ()] == [[0.5, 3], [10.5, 17], [4.5, 9], [8.5, 11]]
    assert made.note.tolist() == [ADDED, ""]
    assert found("RD", counts(0, 10, 4, 12)).note.tolist() == [f"{ADDED}, for the variance only"]
    assert found("RD", counts(0, 10, 4, 12)).studies.y[0] == pytest.approx(-1 / 3, rel=1e-14)
    said = found("OR", counts(0, 10, 4, 12), method="MH", preset="metafor").note[0]
    assert said == f"{ADDED}; not in Mantel-Haenszel's sums"


def test_peto_needs_no_correction() -> None:
    made = found("PETO", counts(0, 10, 4, 12), method="PETO")
    assert made.note.tolist() == [""]
    # O - E = 0 - 10 * 4 / 22, V = 10 * 12 * 4 * 18 / (22^2 * 21).
    v = 10 * 12 * 4 * 18 / (22**2 * 21)
    assert_allclose([made.studies.y[0], made.studies.v[0]], [-40 / 22 / v, 1 / v], rtol=1e-14)


@pytest.mark.parametrize("cells", [(0, 10, 0, 12), (10, 10, 12, 12), (0, 0, 3, 12), (3, 10, 0, 0)])
def test_what_is_not_estimable(cells: tuple[float, float, float, float]) -> None:
    made = found("OR", counts(*cells))
    assert np.isnan(made.studies.y).all()
    assert np.isnan(made.studies.v).all()
    assert made.note.tolist() == [""]
    assert made.studies.why_not[0]


def test_an_extracted_effect_goes_first_except_where_weights_need_the_table() -> None:
    both = {**counts(3, 20, 9, 20), "effect": -1.0, "se": 0.5}
    made = found("OR", both)
    assert (made.studies.y.tolist(), made.studies.v.tolist(), made.from_arms.tolist()) == ([-1.0], [0.25], [False])
    assert_allclose(found("OR", both, method="MH").studies.y, np.log(3 * 11 / (17 * 9)), rtol=1e-14)
    for measure in ("HR", "ZCOR", "GIV"):
        assert found(measure, {"effect": -1.0, "se": 0.5}).studies.y.tolist() == [-1.0]
        assert found(measure, counts(3, 20, 9, 20)).studies.why_not.tolist() == ["no effect with se"]


@given(st.tuples(*[st.integers(0, 50)] * 4))
def test_swapping_sides_or_events_turns_the_sign(cells: tuple[int, int, int, int]) -> None:
    a, b, c, d = cells
    one = found("OR", counts(a, a + b, c, c + d)).studies
    for swapped in (counts(c, c + d, a, a + b), counts(b, a + b, d, c + d)):
        two = found("OR", swapped).studies
        assert_allclose(two.y, -one.y, atol=1e-12)
        assert_allclose(two.v, one.v, rtol=1e-12)
