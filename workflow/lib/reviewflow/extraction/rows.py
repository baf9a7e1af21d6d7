"""Frames of people's tables as plain rows: a blank cell of any type is None, so that cells compare with
==."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

Row = dict[str, Any]
Key = tuple[Any, ...]

# Where a cell was read, not what it says: two extractors may quote different words for the same number.
UNCOMPARED = ("page", "quote", "provenance", "note")
WHOLE_LINE = "*"


def rows_of(data: pd.DataFrame) -> list[Row]:
    """The rows of a frame, None where a cell is blank."""
    return [{str(c): _filled(v) for c, v in row.items()} for row in data.to_dict("records")]


def _filled(value: Any) -> Any:
    return None if pd.isna(value) or value == "" else value


def key_text(key: Iterable[Any]) -> str:
    """A key in one cell: its parts joined by a slash, so that a whole contrast (blank arm_id) ends in one."""
    return "/".join("" if part is None else str(part) for part in key)


def plain(key: str) -> str:
    """A joined key as it is looked up: people may leave the slash before a blank arm_id away."""
    return key.rstrip("/")


def text(value: Any) -> str:
    """A cell as text: a number with all of its digits, without a decimal point that says nothing."""
    return "" if value is None else str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def unique(values: Iterable[Any]) -> list[str]:
    """The filled cells as text, each once, in their order."""
    return list(dict.fromkeys(text(value) for value in values if value is not None))
