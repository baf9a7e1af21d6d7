"""Studies with zero cells, and choices that cannot be done: nothing is added or left out without a word."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from reviewflow.pooling import Choice, analyse, impossible, natural, preset, studies

# Zero on one side, on both, all events on both sides, a fraction of people (a divided control group), a blank.
TABLE = {
    "ai": [0, 0, 9, 20.5, 5],
    "n1i": [30, 20, 9, 41, 40],
    "ci": [3, 0, 11, 16, np.nan],
    "n2i": [31, 22, 11, 39.5, 40],
}


def columns(table: dict[str, Any] | None = None) -> dict[str, np.ndarray]:
    return {name: np.array(values, float) for name, values in (table or TABLE).items()}


def revman(measure: str, **more: Any) -> Choice:
    return replace(preset("revman5", measure), **more)


@pytest.mark.parametrize(
    ("measure", "choice", "used"),
    [
        ("OR", revman("OR"), [True, False, False, True, False]),
        ("RR", revman("RR"), [True, False, True, True, False]),
        ("RR", preset("metafor", "RR"), [True, False, False, True, False]),
        ("RD", revman("RD"), [True, True, True, True, False]),
        ("PETO", preset("revman5", "PETO"), [True, False, False, True, False]),
    ],
)
def test_which_studies_are_estimable(measure: str, choice: Choice, used: list[bool]) -> None:
    found = studies(measure, columns(), choice)
    assert np.isfinite(found.y).tolist() == used
    assert [bool(why) for why in found.why_not] == [not there for there in used]
    assert found.why_not[4] == "ci missing"


def test_a_study_says_where_half_an_event_was_added() -> None:
    in_sums = studies("OR", columns(), revman("OR"))
    assert in_sums.notes is not None
    assert in_sums.notes.tolist() == ["0.5 added to each cell, of which one or more are 0", "", "", "", ""]
    metafor = studies("OR", columns(), replace(preset("metafor", "OR"), method="MH")).notes
    assert metafor is not None
    assert metafor[0].endswith("not in Mantel-Haenszel's sums")
    difference = studies("RD", columns(), revman("RD")).notes
    assert difference is not None
    assert difference[0].endswith("for the variance only")
    peto = studies("PETO", columns(), preset("revman5", "PETO")).notes
    assert peto is not None
    assert not any(peto)


@pytest.mark.parametrize(("measure", "zero"), [("IRR", [0, 10.0, 2, 11.0]), ("PLO", [0, 10.0]), ("PLO", [10, 10.0])])
def test_rates_and_proportions_say_it_too(measure: str, zero: list[float]) -> None:
    names = ("x1i", "t1i", "x2i", "t2i") if measure == "IRR" else ("xi", "ni")
    found = studies(measure, {n: np.array([x]) for n, x in zip(names, zero, strict=True)}, Choice())
    assert found.notes is not None
    assert found.notes[0].startswith("0.5 added")


def test_sums_of_mantel_haenszel_that_are_zero_give_no_estimate_and_a_note() -> None:
    table = columns({"ai": [0, 0], "n1i": [20, 30], "ci": [3, 2], "n2i": [20, 30]})
    choice = replace(preset("metafor", "OR"), method="MH", model="fixed")
    row = analyse("OR", studies("OR", table, choice), choice).row
    assert (row["estimate"], row["k"]) == (None, 2)
    assert "sum of Mantel-Haenszel is 0" in row["note"]
    corrected = revman("OR", model="fixed")
    assert analyse("OR", studies("OR", table, corrected), corrected).row["estimate"] < 0


def test_a_difference_without_variance_keeps_the_variance_of_corrected_cells() -> None:
    table = columns({"ai": [0, 9], "n1i": [20, 9], "ci": [0, 0], "n2i": [20, 9]})
    found = studies("RD", table, revman("RD", method="IV"))
    assert found.y.tolist() == [0, 1]
    assert (found.v > 0).all()


def test_an_effect_without_counts_is_used_unless_counts_are_summed() -> None:
    table = columns(TABLE | {"yi": [np.nan] * 4 + [0.4], "vi": [np.nan] * 4 + [0.1]})
    table["ai"][4] = table["n1i"][4] = table["n2i"][4] = np.nan
    assert studies("OR", table, Choice()).y[4] == 0.4
    summed = studies("OR", table, revman("OR"))
    assert np.isnan(summed.y[4])
    assert "no counts" in summed.why_not[4]


@pytest.mark.parametrize(
    ("measure", "choice"),
    [
        ("MD", Choice(method="MH")),
        ("PETO", Choice(method="PETO", model="random")),
        ("OR", Choice(method="PETO", model="q_test")),
        ("RR", Choice(method="PETO", model="fixed")),
        ("IRR", Choice(method="MH")),
        ("MD", Choice(level=0.95)),
        ("MD", Choice(level=100)),
        ("MD", Choice(q_threshold=1)),
        ("MD", Choice(tau2="XX")),
    ],
)
def test_what_cannot_be_done_is_refused(measure: str, choice: Choice) -> None:
    assert list(impossible(measure, choice))
    found = studies("GIV", columns({"yi": [1.0], "vi": [1.0]}), choice)
    with pytest.raises(ValueError, match=r"choose|give"):
        analyse(measure, found, choice)


def test_what_can_be_done_is_not_refused() -> None:
    for name in ("revman5", "cochrane2025", "metafor"):
        for measure in ("OR", "PETO", "MD", "HR"):
            assert not list(impossible(measure, preset(name, measure)))


@pytest.mark.parametrize(
    ("measure", "value", "read"),
    [
        ("OR", 0.0, 1.0),
        ("HR", np.log(0.8), 0.8),
        ("PLO", np.log(0.25), 0.2),
        ("PAS", np.arcsin(np.sqrt(0.3)), 0.3),
        ("PAS", -0.1, 0.0),
        ("PAS", 1.7, 1.0),
        ("ZCOR", np.arctanh(0.6), 0.6),
        ("MD", -2.5, -2.5),
    ],
)
def test_the_scale_that_people_read(measure: str, value: float, read: float) -> None:
    assert_allclose(natural(measure, value), read, rtol=1e-14)


def test_a_hazard_ratio_from_its_interval() -> None:
    """se = (ln 1.2 - ln 0.6) / (2 * 1.959963984540054)."""
    found = studies("HR", columns({"hr": [0.85], "ci_lower": [0.6], "ci_upper": [1.2]}), Choice(level=90))
    assert_allclose([found.y[0], found.v[0] ** 0.5], [np.log(0.85), np.log(2) / 3.919927969080108], rtol=1e-13)


def test_revman_and_hedges_differ_in_correction_and_variance() -> None:
    """n = 10 a group, d = 1: J = 1 - 3/71 or Gamma(9)/(3 Gamma(8.5)) = 0.9576..., variances 0.2 + g^2 / (2 * 16.06) and
    0.2 + g^2 / 40."""
    table = columns({"m1i": [1], "sd1i": [1], "n1i": [10], "m2i": [0], "sd2i": [1], "n2i": [10]})
    old = studies("SMD", table, preset("revman5", "SMD"))
    new = studies("SMD", table, Choice(smd="hedges"))
    g = 1 - 3 / 71
    assert_allclose([old.y[0], old.v[0]], [g, 0.2 + g**2 / 32.12], rtol=1e-14)
    assert_allclose(new.v[0], 0.2 + new.y[0] ** 2 / 40, rtol=1e-14)
    assert abs(new.y[0] - g) > 1e-5
