"""Effects and pooled estimates against R metafor; reference.json says which versions and calls made the numbers."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reviewflow.synthesis import build
from reviewflow.tables import frame

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = REFERENCE["cases"]
# Closed forms, tails included: both sides sum the same few terms in another order, which costs some units in the last
# place, and the JSON keeps 15 digits of R's numbers. The largest difference of all is 6e-13; a wrong formula is off by
# 1e-4 and more.
CLOSED_FORM = 1e-10
CONFIG = {
    "comparisons": {"a_vs_b": {"label": "A", "experimental": "A", "control": "B", "before_after": False}},
    "synthesis": {
        "level": 95,
        "q_test_threshold": 0.1,
        "preset": "revman5",
        "small_study_k": 10,
        "permutations": 50,
        "seed": 1,
        "sensitivity": [],
    },
}
TWO_BY_TWO = {"bcg", "hine1989", "lee2004", "nielweise2007", "axfors2021"}
OTHERS = {"normand1999", "gibson2002", "hackshaw1998", "raudenbush1985"}


def close(value: float, expected: float) -> bool:
    """Equal to the tolerance; a number that is 0 on one side, such as tau2, is 0 on both."""
    return math.isclose(value, expected, rel_tol=CLOSED_FORM)


def contrasts(name: str) -> pd.DataFrame:
    """The data set as a table of contrasts, its studies in an order that sorting keeps."""
    data = dict(REFERENCE["sets"][name])
    if data["kind"] == "effects":
        data = {"effect": data["yi"], "se": np.sqrt(data["vi"])}
    columns = {column: values for column, values in data.items() if isinstance(values, list | np.ndarray)}
    rows = pd.DataFrame(columns).assign(comparison="a_vs_b", outcome="y", timepoint="end", provenance="reported")
    rows["study_id"] = [f"s{i:03d}" for i in range(len(rows))]
    return frame("results/extraction/contrasts", rows.to_dict("records"))  # type: ignore[arg-type]


def synthesis(case: dict[str, Any], model: str) -> tuple[pd.DataFrame, "pd.Series[Any]"]:
    analysis = {
        "analysis": "a",
        "comparison": "a_vs_b",
        "outcome": "y",
        "timepoint": "end",
        "measure": case["measure"],
        "method": case["method"],
        "model": model,
    }
    outcomes = frame("config/outcomes", [{"outcome": "y", "label": "Y"}])
    estimates = frame("records/published/estimates", [])
    tables = build(CONFIG, frame("config/analyses", [analysis]), contrasts(case["data"]), estimates, outcomes)
    return tables["effects"], tables["pooled"].iloc[0]


def test_reference_covers_every_case() -> None:
    expected = {f"{name}/IV" for name in TWO_BY_TWO | OTHERS} | {f"{name}/MH" for name in TWO_BY_TWO}
    assert set(CASES) == expected
    assert set(REFERENCE["versions"]) == {"R", "metafor", "metadat"}


def test_reference_has_the_hard_cases() -> None:
    """Empty cells, studies that are not estimable, tau2 of 0 and above, and a tiny P are all in the data."""
    cells = [REFERENCE["sets"][name] for name in TWO_BY_TWO]
    assert any(0 in data["events_e"] and 0 in data["events_c"] for data in cells)
    assert any(None in case["yi"] for case in CASES.values())
    assert {case["random"]["tau2"] > 0 for case in CASES.values()} == {True, False}
    assert min(case["heterogeneity"]["q_p"] for case in CASES.values()) < 1e-20


@pytest.mark.parametrize("name", sorted(CASES))
def test_effects(name: str) -> None:
    case = CASES[name]
    effects, _ = synthesis(case, "fixed")
    assert effects["used"].tolist() == [yi is not None for yi in case["yi"]]
    for column in ("yi", "vi"):
        expected = [math.nan if value is None else value for value in case[column]]
        np.testing.assert_allclose(effects[column], expected, rtol=CLOSED_FORM, atol=1e-14)


@pytest.mark.parametrize("model", ["fixed", "random"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_estimate(name: str, model: str) -> None:
    case = CASES[name]
    effects, pooled = synthesis(case, model)
    expected = case[model]
    assert pooled["k"] == case["k"]
    assert pooled["model"] == model
    for column in ("estimate", "se", "ci_lower", "ci_upper", "z"):
        assert close(pooled[column], expected[column]), column
    assert close(pooled["p_value"], expected["p_value"])
    weights = effects.loc[effects["used"], f"weight_{model}"]
    np.testing.assert_allclose(weights, expected["weights"], rtol=CLOSED_FORM)
    if model == "random":
        assert close(pooled["tau2"], expected["tau2"])


@pytest.mark.parametrize("name", sorted(CASES))
def test_heterogeneity(name: str) -> None:
    expected = CASES[name]["heterogeneity"]
    _, pooled = synthesis(CASES[name], "q_test")
    for column in ("q", "df", "h2", "i2"):
        assert close(pooled[column], expected[column]), column
    assert close(pooled["q_p"], expected["q_p"])
    assert pooled["model"] == ("random" if expected["q_p"] < 0.1 else "fixed")
