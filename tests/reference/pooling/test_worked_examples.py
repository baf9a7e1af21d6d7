"""Worked examples of publications, and some of R metafor 3.8-1 on the same data, to the digits that they print."""

import numpy as np
import pytest
from reviewflow.pooling import Choice, analyse, preset, studies
from reviewflow.pooling.asymmetry import egger
from reviewflow.pooling.regression import regress

from tests.reference.pooling import engine
from tests.reference.pooling.conftest import own

BCG = own()["blocks"]["bcg RR"]
# Fleiss 1993, Stat Methods Med Res 2:121, table 1: aspirin after myocardial infarction, deaths of seven trials.
ASPIRIN = {
    "ai": np.array([49, 44, 102, 32, 85, 246, 1570.0]),
    "n1i": np.array([615, 758, 832, 317, 810, 2267, 8587.0]),
    "ci": np.array([67, 64, 126, 38, 52, 219, 1720.0]),
    "n2i": np.array([624, 771, 850, 309, 406, 2257, 8600.0]),
}
near = pytest.approx
# Printed by an iteration that ends at steps of tau2 of 1e-5, here a thousandth of it.
FISHER = 1e-3


def printed(value: float, digits: int) -> object:
    """Equal once rounded to so many digits."""
    return near(value, abs=0.5000001 * 10**-digits)


def bcg(measure: str = "RR", **chosen: object) -> dict[str, float]:
    choice = Choice(**{"ci": "wald", "prediction": "z"} | chosen)  # type: ignore[arg-type]
    return analyse(measure, studies(measure, engine.columns(BCG), choice), choice).row


def moderated(*names: str, method: str = "REML", ci: str = "wald") -> object:
    columns = engine.columns(BCG)
    y, v = engine.usable(BCG)
    return regress(y, v, np.column_stack([np.ones(len(y)), *(columns[name] for name in names)]), method, ci, 95)


def test_risk_ratios_of_the_bcg_vaccine_by_restricted_likelihood() -> None:
    # Viechtbauer 2010, J Stat Softw 36(3), section 3.2; the limits of tau2 are those of metafor's confint(rma(yi, vi)).
    row = bcg(tau2="REML")
    assert row["estimate"] == printed(-0.7145, 4)
    assert row["se"] == printed(0.1798, 4)
    assert row["z"] == printed(-3.9744, 4)
    assert (row["ci_lower"], row["ci_upper"]) == (printed(-1.0669, 4), printed(-0.3622, 4))
    assert row["tau2"] == printed(0.3132, 4)
    assert row["i2"] == printed(92.22, 2)
    assert row["h2"] == printed(12.86, 2)
    assert row["q"] == printed(152.2330, 4)
    assert row["df"] == 12
    assert (row["tau2_lower"], row["tau2_upper"]) == (printed(0.1197, 4), printed(1.1115, 4))


def test_risk_ratios_of_the_bcg_vaccine_with_two_moderators() -> None:
    # Viechtbauer 2010, section 3.3: latitude and year.
    made = moderated("latitude", "year")
    assert made.tau2 == printed(0.1108, 4)
    assert made.i2 == printed(71.98, 2)
    assert made.h2 == printed(3.57, 2)
    assert made.q_residual == printed(28.3251, 4)
    assert made.q_residual_p == printed(0.0016, 4)
    assert made.q_moderators == near(12.2043, rel=FISHER)
    assert made.q_moderators_p == printed(0.0022, 4)
    assert made.coefficients == pytest.approx([-3.5455, -0.0280, 0.0019], abs=0.00005001, rel=FISHER)
    assert made.se == pytest.approx([29.0959, 0.0102, 0.0147], abs=0.00005001, rel=FISHER)


def test_risk_ratios_of_the_bcg_vaccine_by_latitude() -> None:
    # metafor: rma(yi, vi, mods = ~ ablat).
    made = moderated("latitude")
    assert made.tau2 == near(0.0764, rel=FISHER)
    assert made.r2 == near(75.62, rel=FISHER)
    assert made.coefficients == pytest.approx([0.2515, -0.0291], abs=0.00005001)
    assert made.se == pytest.approx([0.2491, 0.0072], abs=0.00005001)


def test_odds_ratios_of_the_bcg_vaccine_by_full_likelihood() -> None:
    # metafor: rma(yi, vi, method = "ML").
    row = bcg("OR", tau2="ML")
    assert row["estimate"] == printed(-0.742, 3)
    assert row["se"] == printed(0.178, 3)
    assert row["tau2"] == printed(0.302, 3)


def test_hartung_and_knapp_widen_the_interval_of_the_bcg_vaccine() -> None:
    # The example of metafor's documentation of rma.uni with test = "knha".
    row = bcg(tau2="REML", ci="hksj", prediction="t_kminus1")
    assert row["se"] == printed(0.1808, 4)
    assert row["z"] == printed(-3.9522, 4)
    assert row["ci_df"] == 12
    assert (row["ci_lower"], row["ci_upper"]) == (printed(-1.1084, 4), printed(-0.3206, 4))


def test_aspirin_after_infarction_by_both_models() -> None:
    # Schwarzer, Carpenter and Ruecker 2015, Meta-Analysis with R, after Fleiss 1993.
    for choice, (estimate, lower, upper) in (
        (Choice(model="fixed", ci="wald"), (0.8969, 0.8405, 0.9571)),
        (Choice(tau2="DL", ci="wald"), (0.8763, 0.7743, 0.9917)),
    ):
        row = analyse("OR", studies("OR", ASPIRIN, choice), choice).row
        assert row["estimate_natural"] == printed(estimate, 4)
        assert (row["ci_lower_natural"], row["ci_upper_natural"]) == (printed(lower, 4), printed(upper, 4))
    assert row["q"] == printed(9.95, 2)
    assert row["tau2"] == printed(0.0096, 4)


def test_a_study_without_events_moves_no_mantel_haenszel_ratio() -> None:
    # Cochrane Handbook 10.4.4.1: standard practice leaves studies with no events in either arm out of ratios.
    more = {
        name: np.append(values, extra) for (name, values), extra in zip(ASPIRIN.items(), (0, 40, 0, 41), strict=True)
    }
    for name in ("revman5", "metafor"):
        choice = preset(name, "OR")
        with_it, without = (analyse("OR", studies("OR", data, choice), choice).row for data in (more, ASPIRIN))
        assert with_it["estimate"] == without["estimate"]
        assert with_it["k"] == without["k"] == 7


def test_egger_of_the_bcg_vaccine_is_the_line_through_standard_normal_deviates() -> None:
    # Egger 1997, BMJ 315:629, regresses y / se on 1 / se without weights; its intercept is the slope on se.
    y, v = engine.usable(BCG)
    line = np.polynomial.polynomial.polyfit(1 / np.sqrt(v), y / np.sqrt(v), 1)
    assert egger(y, v).estimate == near(line[0], rel=1e-10)
