"""Printed values beside computed ones, digit by digit."""

from typing import Any

import pandas as pd
import pytest
from reviewflow.synthesis.reproduction import compare, printed_fault, reproduction, rounded
from reviewflow.tables import frame


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.675, 2, "2.68"),
        (0.125, 2, "0.13"),
        (-0.125, 2, "-0.13"),
        (-0.004, 2, "0.00"),
        (0.998, 2, "1.00"),
        (-610.6, 1, "-610.6"),
        (1e-7, 2, "0.00"),
        (1.5e30, 1, "1500000000000000000000000000000.0"),
        (2.5, 0, "3"),
        (float("inf"), 2, "inf"),
    ],
)
def test_rounded(value: float, decimals: int, text: str) -> None:
    assert rounded(value, decimals) == text


@pytest.mark.parametrize(
    ("field", "printed", "value", "computed", "full", "agrees"),
    [
        ("estimate", "-1.74", -1.7449, "-1.74", "-1.7449", True),
        ("estimate", "-1.74", -1.745, "-1.75", "-1.745", False),
        ("estimate", "-610.6", -610.64, "-610.6", "-610.64", True),
        ("estimate", "−610.6", -610.64, "-610.6", "-610.64", True),
        ("estimate", "0.00", -0.001, "0.00", "-0.001", True),
        ("estimate", "-0.00", -0.001, "0.00", "-0.001", True),
        ("ci_upper", "1", 1.49, "1", "1.49", True),
        ("q_p", "1.00", 0.9999, "1.00", "0.9999", True),
        ("q_p", "1.00", 0.99, "0.99", "0.99", False),
        ("p_value", "<0.00001", 9.9e-6, "<0.00001", "9.9e-06", True),
        ("p_value", "< 0.00001", 1e-300, "< 0.00001", "1e-300", True),
        ("p_value", "<0.00001", 1e-5, "0.00001", "1e-05", False),
        ("p_value", "<0.0001", 0.5, "0.5000", "0.5", False),
        ("k", "3", 3, "3", "3", True),
        ("k", "3", 2, "2", "2", False),
        ("model", "random", "random", "random", "random", True),
        ("model", "Fixed", "fixed", "Fixed", "fixed", True),
        ("model", "fixed", "random", "random", "random", False),
        ("model", "fixed", "", "", "", False),
        ("q_p", "0.84", float("nan"), "", "", False),
        ("k", "3", pd.NA, "", "", False),
    ],
)
def test_compare(field: str, printed: str, value: Any, computed: str, full: str, agrees: bool) -> None:
    expected = {"printed": printed, "computed": computed, "value": full, "agrees": agrees}
    assert compare(field, printed, value) == expected


def test_only_filled_cells_are_compared_and_ratios_as_people_read_them() -> None:
    rows = [{"analysis": "a", "location": "Table 2", "k": "2", "estimate": "0.26", "p_value": "0.03"}]
    pooled = [{"analysis": "a", "k": 2, "estimate": -1.35, "estimate_natural": 0.2592, "p_value": 0.0375}]
    found = reproduction(frame("records/published/estimates", rows), frame("results/synthesis/pooled", pooled))
    assert found == [
        {
            "analysis": "a",
            "field": "estimate",
            "location": "Table 2",
            "printed": "0.26",
            "computed": "0.26",
            "value": "0.2592",
            "agrees": True,
        },
        {
            "analysis": "a",
            "field": "k",
            "location": "Table 2",
            "printed": "2",
            "computed": "2",
            "value": "2",
            "agrees": True,
        },
        {
            "analysis": "a",
            "field": "p_value",
            "location": "Table 2",
            "printed": "0.03",
            "computed": "0.04",
            "value": "0.0375",
            "agrees": False,
        },
    ]


@pytest.mark.parametrize(
    ("field", "printed", "form"),
    [
        ("k", "", ""),
        ("k", "3", ""),
        ("k", "3.0", "a whole number"),
        ("model", "Random", ""),
        ("model", "mixed", "fixed or random"),
        ("estimate", "-.5", ""),
        ("estimate", "<0.1", "a number such as -610.6"),
        ("estimate", "1e3", "a number such as -610.6"),
        ("p_value", "<0.00001", ""),
        ("p_value", "0.03", ""),
        ("q_p", "NS", "a number such as 0.03, or <0.00001"),
    ],
)
def test_form_of_a_printed_cell(field: str, printed: str, form: str) -> None:
    assert printed_fault(field, printed) == form
