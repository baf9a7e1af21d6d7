"""Every cell as each extractor extracted it, beside the value that holds."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .rows import UNCOMPARED, Key, Row, key_text, text


class Cell(NamedTuple):
    """One cell: what each extractor has, the ruling on it, and what holds."""

    column: str
    values: dict[str, object]
    ruling: Row | None
    holds: object
    unresolved: bool


def as_extracted(table: str, key: Key, held: Mapping[str, Row], cells: Sequence[Cell], *, dropped: bool) -> list[Row]:
    """Rows of results/extraction/as_extracted for one line: `held` are the rows of those who have it, `cells` its cells
    beside the key. A cell that is blank for all of them, and that no ruling filled, is left out."""
    return [
        {
            "table": table,
            "study_id": key[0],
            "key": key_text(key),
            "column": cell.column,
            "extractor": extractor,
            "value": text(cell.values[extractor]),
            "holds": "" if dropped else text(cell.holds),
            "how": "dropped" if dropped else _how(cell),
            "file": row["_file"],
            "line": row["_line"],
        }
        for cell in cells
        if cell.holds is not None or any(value is not None for value in cell.values.values())
        for extractor, row in held.items()
    ]


def _how(cell: Cell) -> str:
    if cell.ruling is not None:
        return "adjudicated"
    if cell.unresolved:
        return "unresolved"
    if len(cell.values) == 1:
        return "single"
    return "taken" if cell.column in UNCOMPARED else "agreed"
