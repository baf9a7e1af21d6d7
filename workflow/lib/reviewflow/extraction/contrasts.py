"""What a contrast is made of: its key, its sides, its cells, and what keeps it out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewflow.preparation import Impossible
from reviewflow.protocol import least_certain
from reviewflow.tables import join_list

from .rows import Row, unique

SIDES = {"experimental": "e", "control": "c"}
CONTRAST = ("study_id", "comparison", "outcome", "timepoint")


class Problem(NamedTuple):
    """Why a contrast cannot be used. `kind` is that of results/extraction/issues."""

    kind: str
    issue: str


class Incomplete(Impossible):
    """Raised where something that a contrast needs is not there."""


class OtherUnit(Impossible):
    """Raised where numbers are in a unit that does not convert into that of the analysis."""


def kind_of(why: Impossible) -> str:
    """The kind of issue that an exception is."""
    return {Incomplete: "incomplete", OtherUnit: "unit"}.get(type(why), "implausible")


def side_of(line: Row, arms: Mapping[str, Row]) -> str:
    """e or c; blank for a whole contrast."""
    return "" if line["arm_id"] is None else SIDES[arms[line["arm_id"]]["role"]]


def n_of(line: Row, arms: Mapping[str, Row]) -> int | None:
    """Participants of an arm's line: its own n, else that of the arm."""
    n: int | None = line["n"] if line["n"] is not None else arms[line["arm_id"]]["n"]
    return n


def participants(line: Row, arms: Mapping[str, Row], before_after: bool) -> Row:
    """n of each side of a whole contrast: blank where the study has not exactly one arm on the side."""
    n: dict[str, int | None] = {}
    for role, side in SIDES.items():
        own = [arm["n"] for arm in arms.values() if arm["role"] == role]
        n[f"n_{side}"] = own[0] if len(own) == 1 else None
    if before_after:
        return {"n_e": line["n"] if line["n"] is not None else n["n_e"], "n_c": None}
    return n


def said_of(lines: Sequence[Row], arms: Mapping[str, Row], computed: bool) -> Row:
    """Provenance, source, quote and note of what rests on these lines, and on the arm whose n a line takes. The n
    beside an effect that was extracted whole is not part of that effect. What was computed is not as printed."""
    cells: list[Row] = []
    for line in lines:
        cells.append(line)
        if line["arm_id"] is not None and line["n"] is None:
            cells.append(arms[line["arm_id"]])
    own = [cell["provenance"] for cell in cells]
    return {
        "provenance": least_certain([*own, "derived"] if computed else own),
        "source": join_list(unique(cell["page"] for cell in cells)),
        "quote": join_list(unique(cell["quote"] for cell in cells)),
        "note": join_list(unique(cell["note"] for cell in cells)),
    }
