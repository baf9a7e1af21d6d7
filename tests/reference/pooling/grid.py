"""What the grid holds: a line for each block (a data set, or a part of one, by a measure), as committed in grid.csv."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
SECTIONS = ("tau2_95", "tables", "small", "series", "regression")


class Line(NamedTuple):
    """One block: the part of the grid that has it, its studies with an effect, how many fits and which sections."""

    block: str
    part: int
    k: int
    fits: int
    sections: str


def lines() -> list[Line]:
    with (HERE / "grid.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Line(row["block"], int(row["part"]), int(row["k"]), int(row["fits"]), row["sections"]) for row in rows]


def line(block: str, part: int, made: Mapping[str, Any]) -> Line:
    """The line that a block of a part would have."""
    fits = len(made.get("pooled", {}).get("fits", {}))
    return Line(block, part, made["k"], fits, " ".join(name for name in SECTIONS if made.get(name)))


def write(found: list[Line]) -> None:
    with (HERE / "grid.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Line._fields)
        writer.writerows(found)
