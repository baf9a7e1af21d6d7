"""Whether two extractors wrote the same: numbers as numbers, text by its words."""

import re
import unicodedata
from typing import Any

_P_VALUE = re.compile(r"([<>=≤≥]?)\s*(0?\.\d+|\d+(?:\.\d+)?)")


def canonical(value: Any, column: str = "") -> Any:
    """What is compared in place of a cell: 12 for 12.0, text in one Unicode form with one blank between its words.
    Of a printed P (`column` p_value) the sign and the number count: < 0.010 is <0.01, and =0.03 is 0.03."""
    if not isinstance(value, str):
        return value
    words = " ".join(unicodedata.normalize("NFC", value).split())
    printed = _P_VALUE.fullmatch(words) if column == "p_value" else None
    return (printed[1].strip("="), float(printed[2])) if printed else words


def same(one: Any, other: Any, column: str = "") -> bool:
    """Whether two cells say the same; a blank cell is None and equals only another one."""
    return bool(canonical(one, column) == canonical(other, column))
