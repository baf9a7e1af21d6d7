"""The engine on fixed data, pinned to R metafor 3.8-1 (make_metafor.R has the calls). Closed forms agree to 1e-12;
what is found by iteration to 1e-8, which is what metafor reaches with the tight control settings of the script."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from reviewflow.pooling import Choice, Studies, analyse, preset, studies, subgroups
from reviewflow.pooling import asymmetry as small
from reviewflow.pooling.cells import Cells
from reviewflow.pooling.diagnostics import influence
from reviewflow.pooling.regression import regress

R: dict[str, Any] = json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8"))
TABLES = dict.fromkeys(("OR", "RR", "RD"), "binary") | dict.fromkeys(("MD", "SMD", "ROM"), "means")
TABLES |= dict.fromkeys(("MC", "SMCC", "SMCR"), "paired") | {
    "IRR": "rates",
    "PLO": "shares",
    "PAS": "shares",
    "ZCOR": "cors",
}
METAFOR = preset("metafor", "GIV")
CI = {"z": "wald", "knha": "hksj", "adhoc": "hksj_adhoc"}


def numbers(values: list[Any]) -> np.ndarray:
    return np.array([np.nan if value in (None, "NA") else value for value in values], dtype=float)


def columns(table: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: numbers(values) for name, values in table.items()}


def bcg(choice: Choice = METAFOR) -> Studies:
    return studies("RR", {n: numbers(R["bcg"][n]) for n in ("yi", "vi")}, choice)


def design() -> np.ndarray:
    alloc = np.array(R["bcg"]["alloc"])
    return np.column_stack([np.ones(13), numbers(R["bcg"]["ablat"]), alloc == "random", alloc == "systematic"]).astype(
        float
    )


@pytest.mark.parametrize("measure", TABLES)
def test_effects_of_studies(measure: str) -> None:
    found = studies(measure, columns(R[TABLES[measure]]), replace(METAFOR, method="IV"))
    assert_allclose(found.y, numbers(R["effects"][measure]["yi"]), rtol=1e-12)
    # A study without an effect has no variance either; metafor gives one to some of them.
    there = np.isfinite(found.y)
    assert_allclose(found.v[there], numbers(R["effects"][measure]["vi"])[there], rtol=1e-12)
    assert np.isnan(found.v[~there]).all()


# The fixed model has Wald's interval whatever is asked for.
@pytest.mark.parametrize("fit", [name for name in R["fits"] if name not in ("FE knha", "FE adhoc")])
def test_fits(fit: str) -> None:
    method, ci = fit.split()
    model = {"model": "fixed"} if method == "FE" else {"model": "random", "tau2": method}
    choice = replace(METAFOR, **model, ci=CI[ci], prediction="z" if ci == "z" else "t_kminus1")
    row, expected = analyse("RR", bcg(), choice).row, R["fits"][fit]
    iterative = method in ("REML", "ML", "PM", "EB")
    names = [n for n in expected if method != "FE" or n not in ("pi_lower", "pi_upper", "tau2")]
    assert_allclose([row[n] for n in names], [expected[n] for n in names], rtol=1e-8 if iterative else 1e-12)


def test_other_levels() -> None:
    """HKSJ at 99 and Wald at 90 percent, with their prediction intervals; Q-profile limits of tau2 at 95 and 99."""
    knapp = analyse("RR", bcg(), replace(METAFOR, ci="hksj", level=99, prediction="t_kminus1")).row
    wald = analyse("RR", bcg(), replace(METAFOR, tau2="DL", level=90)).row
    for row, expected, rtol in ((knapp, R["fits99"], 1e-8), (wald, R["fits90"], 1e-12)):
        assert_allclose([row[n] for n in expected], list(expected.values()), rtol=rtol)
    assert_allclose([knapp["tau2_lower"], knapp["tau2_upper"]], R["limits99"], rtol=1e-8)
    at95 = analyse("RR", bcg(), METAFOR).row
    assert_allclose([at95["tau2_lower"], at95["tau2_upper"]], R["limits95"], rtol=1e-8)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "PETO"])
def test_mantel_haenszel_and_peto(measure: str) -> None:
    choice = replace(METAFOR, method="PETO" if measure == "PETO" else "MH", model="fixed")
    found = studies(measure, {n: numbers(R["bcg"][n]) for n in ("ai", "n1i", "ci", "n2i")}, choice)
    row, expected = analyse(measure, found, choice).row, R["mh"][measure]
    assert_allclose([row[n] for n in expected], list(expected.values()), rtol=1e-11)


@pytest.mark.parametrize("ci", ["z", "knha"])
def test_subgroups_with_a_common_tau2(ci: str) -> None:
    choice = replace(METAFOR, ci=CI[ci])
    made, expected = subgroups("RR", bcg(), R["bcg"]["alloc"], choice, common=True), R["groups"][ci]
    assert [row["subgroup"] for row in made.rows] == ["alternate", "random", "systematic"]
    assert_allclose([made.test["q"], made.test["p_value"]], [expected["q"], expected["p_value"]], rtol=1e-7)
    assert_allclose([row["tau2"] for row in made.rows], expected["tau2"], rtol=1e-7)
    for name in ("estimate", "se", "ci_lower"):
        assert_allclose([row[name] for row in made.rows], expected[name], rtol=1e-7)
    assert made.test["df2"] == (None if ci == "z" else 10)


@pytest.mark.parametrize("ci", ["wald", "hksj"])
def test_subgroups_with_their_own_tau2(ci: str) -> None:
    made = subgroups("RR", bcg(), R["bcg"]["alloc"], replace(METAFOR, ci=ci))
    assert_allclose([made.test["q"], made.test["p_value"]], [R["own"]["q"], R["own"]["p_value"]], rtol=1e-7)
    assert (made.test["df"], made.test["groups"], made.test["tau2"]) == (2, 3, "own")


@pytest.mark.parametrize("fit", R["reg"])
def test_meta_regression(fit: str) -> None:
    method, ci = fit.split()
    found = regress(bcg().y, bcg().v, design(), None if method == "FE" else method, CI[ci], 95)
    expected = R["reg"][fit]
    rtol = 1e-7 if method in ("REML", "ML", "PM") else 1e-11
    assert_allclose(found.coefficients, expected["estimate"], rtol=rtol)
    for name in ("se", "p_value", "q_residual", "q_moderators", "q_moderators_p", "i2"):
        assert_allclose(getattr(found, name), expected[name], rtol=rtol)
    if method != "FE":
        assert_allclose([found.tau2, found.r2], [expected["tau2"], expected["r2"]], rtol=rtol)


@pytest.mark.parametrize("ci", ["z", "knha"])
def test_influence(ci: str) -> None:
    found = influence(bcg().y, bcg().v, "REML", CI[ci])._asdict()
    for name, expected in R["infl"][ci].items():
        assert_allclose(found[name], expected, rtol=1e-7, err_msg=name)


def test_small_study_effects() -> None:
    y, v, expected = bcg().y, bcg().v, R["small"]
    egger, begg, tied = small.egger(y, v), small.begg(y, v), small.begg(np.round(y), np.round(v, 1) + 0.1)
    assert_allclose([egger.statistic, egger.p_value], list(expected["egger"].values()), rtol=1e-11)
    assert_allclose([begg.estimate, begg.p_value], list(expected["begg"].values()), rtol=1e-12)
    assert_allclose([tied.estimate, tied.p_value], list(expected["tied"].values()), rtol=1e-12)
    for name, estimator in (("l0", "L0"), ("r0", "R0")):
        filled = small.trim_and_fill(y, v, None, estimator)
        assert (filled.missing, filled.side) == (expected[name]["missing"], expected[name]["side"])
        row = analyse(
            "RR", studies("RR", {"yi": filled.y, "vi": filled.v}, METAFOR), replace(METAFOR, model="fixed")
        ).row
        assert_allclose(row["estimate"], expected[name]["estimate"], rtol=1e-12)


@pytest.mark.parametrize("k", [101, 600])
def test_the_exact_p_of_many_studies_is_near_the_normal_one(k: int) -> None:
    """sigma^2 of S is k (k - 1) (2 k + 5) / 18; with the correction for continuity the normal P is within 1e-3."""
    generator = np.random.default_rng(k)
    found = small.kendall(generator.normal(size=k), generator.normal(size=k))
    z = (abs(found.statistic) - 1) / np.sqrt(k * (k - 1) * (2 * k + 5) / 18)
    assert_allclose(found.p_value, math.erfc(z / math.sqrt(2)), atol=1e-3)


def test_small_study_effects_of_two_by_two_tables() -> None:
    a, n, c, m = (numbers(R["bcg"][name]) for name in ("ai", "n1i", "ci", "n2i"))
    table = Cells(a, n - a, c, m - c)
    found = studies("OR", {"ai": a, "n1i": n, "ci": c, "n2i": m}, METAFOR)
    for test, name in ((small.peters(found.y, table), "peters"), (small.harbord(table), "harbord")):
        assert_allclose([getattr(test, n) for n in R["small"][name]], list(R["small"][name].values()), rtol=1e-10)


def test_the_highest_of_two_maxima_is_found() -> None:
    """dat.gibson2002: the restricted likelihood has a maximum at 0 too, where a search from the score at 0 would stay."""
    found = studies("MD", {n: numbers(R["gibson"][n]) for n in ("yi", "vi")}, METAFOR)
    row = analyse("MD", found, METAFOR).row
    assert round(row["tau2"], 2) == 9.68
    assert_allclose(
        [row["tau2"], row["estimate"], row["ci_lower"]],
        [R["gibson"][n] for n in ("tau2", "estimate", "ci_lower")],
        rtol=1e-7,
    )
