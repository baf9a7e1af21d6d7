"""Computed estimates beside those that a review has printed, digit by digit."""

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import pandas as pd

Row = dict[str, Any]

# Column of records/published/estimates and the column of results/synthesis/pooled that it prints.
FIELDS = {
    "k": "k",
    "q_p": "q_p",
    "model": "model",
    "estimate": "estimate_natural",
    "ci_lower": "ci_lower_natural",
    "ci_upper": "ci_upper_natural",
    "p_value": "p_value",
}
P_VALUES = ("q_p", "p_value")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
BELOW = re.compile(r"<\s*(\d+(\.\d*)?|\.\d+)")
# The largest float has 309 digits before the point; decimal refuses to round what exceeds its precision.
ALL_DIGITS = Context(prec=1000)
# Minus signs and dashes that typesetting puts in place of a hyphen.
MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})


def reproduction(estimates: pd.DataFrame, pooled: pd.DataFrame) -> list[Row]:
    """Rows of results/synthesis/reproduction: one for each filled cell of `estimates` (people's table)."""
    computed = {row["analysis"]: row for row in pooled.to_dict("records")}
    return [
        {"analysis": row["analysis"], "field": field, "location": row["location"]}
        | compare(field, row[field], computed[row["analysis"]][column])
        for row in estimates.sort_values("analysis").to_dict("records")
        for field, column in sorted(FIELDS.items())
        if row[field]
    ]


def compare(field: str, printed: str, value: Any) -> Row:
    """`printed`, the computed value in the same form and in full, and whether they agree to every printed
    digit."""
    cells: Row = {"printed": printed, "computed": "", "value": "", "agrees": False}
    if pd.isna(value) or value == "":
        return cells
    if field == "model":
        word = str(value).capitalize() if printed[0].isupper() else str(value)
        return cells | {"computed": word, "value": str(value), "agrees": printed.lower() == value}
    text = printed.translate(MINUS).replace(" ", "")
    number = float(value)
    full = str(value) if field == "k" else repr(number)
    if BELOW.fullmatch(text):
        below = number < float(text[1:])
        shown = printed if below else rounded(number, _decimals(text))
        return cells | {"computed": shown, "value": full, "agrees": below}
    shown = rounded(number, _decimals(text))
    return cells | {"computed": shown, "value": full, "agrees": Decimal(shown) == Decimal(text)}


def rounded(value: float, decimals: int) -> str:
    """`value` with so many decimals, a half away from zero, no minus before a zero.

    Printed tables are rounded as people round, from the decimal digits that they see. Python's own formatting
    rounds the binary value, so that 2.675 becomes 2.67, and an exact half to the even digit, so that 0.125
    becomes 0.12. The shortest decimal that reads back as the float (its repr) has the digits that people see.
    """
    if not math.isfinite(value):
        return repr(value)
    number = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, ALL_DIGITS)
    return f"{abs(number) if number == 0 else number:f}"


def printed_fault(field: str, printed: str) -> str:
    """The form that a printed cell should have had, or blank where it has it."""
    text = printed.translate(MINUS).replace(" ", "")
    if not text:
        return ""
    if field == "model":
        return "" if text.lower() in ("fixed", "random") else "fixed or random"
    if field == "k":
        return "" if text.isdecimal() else "a whole number"
    if field in P_VALUES:
        return "" if NUMBER.fullmatch(text) or BELOW.fullmatch(text) else "a number such as 0.03, or <0.00001"
    return "" if NUMBER.fullmatch(text) else "a number such as -610.6"


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
