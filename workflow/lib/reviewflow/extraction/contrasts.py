"""Settled lines as contrasts: arms on their sides, whole contrasts as they are."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewflow.protocol import least_certain
from reviewflow.tables import join_list

from .rows import Row, unique

SIDES = {"experimental": "e", "control": "c"}
CONTRAST = ("study_id", "comparison", "outcome", "timepoint")


class Problem(NamedTuple):
    """Why a contrast cannot be used. `kind` is that of results/extraction/issues."""

    kind: str
    issue: str


def contrast(lines: Sequence[Row], arms: Mapping[str, Row], before_after: bool, unit: str | None) -> Row | Problem:
    """One row of results/extraction/contrasts, without its label.

    `lines` are the settled results lines of one contrast, `arms` the settled arms of its study by arm_id
    (each line's arm is among them), `unit` the unit of the analysis (None: none was fixed).
    """
    sides = {side: [line for line in lines if _side(line, arms) == side] for side in SIDES.values()}
    whole = [line for line in lines if line["arm_id"] is None]
    problem = _problem(sides, arms) if any(sides.values()) else None
    problem = problem or _unit_problem(lines, unit)
    if problem:
        return problem
    row: Row = {part: lines[0][part] for part in CONTRAST}
    for line in whole:
        row |= {"effect": line["effect"], "se": line["se"], **_participants(line, arms, before_after)}
    for side, members in sides.items():
        for line in members:
            row |= {f"{c}_{side}": line[c] for c in ("events", "mean", "sd")}
            row[f"n_{side}"] = _n(line, arms)
    cells = _cells([*whole, *sides["e"], *sides["c"]], arms)
    return row | {
        "unit": next(iter(unique(line["unit"] for line in lines)), None),
        "provenance": least_certain(cell["provenance"] for cell in cells),
        "source": join_list(unique(cell["page"] for cell in cells)),
        "quote": join_list(unique(cell["quote"] for cell in cells)),
        "note": join_list(unique(cell["note"] for cell in cells)),
    }


def _side(line: Row, arms: Mapping[str, Row]) -> str:
    return "" if line["arm_id"] is None else SIDES[arms[line["arm_id"]]["role"]]


def _n(line: Row, arms: Mapping[str, Row]) -> int | None:
    """Participants of an arm's line: its own n, else that of the arm."""
    n: int | None = line["n"] if line["n"] is not None else arms[line["arm_id"]]["n"]
    return n


def _participants(line: Row, arms: Mapping[str, Row], before_after: bool) -> Row:
    """n of each side of a whole contrast: blank where the study has not exactly one arm on the side."""
    n: dict[str, int | None] = {}
    for role, side in SIDES.items():
        own = [arm["n"] for arm in arms.values() if arm["role"] == role]
        n[f"n_{side}"] = own[0] if len(own) == 1 else None
    if before_after:
        return {"n_e": line["n"] if line["n"] is not None else n["n_e"], "n_c": None}
    return n


def _cells(lines: Sequence[Row], arms: Mapping[str, Row]) -> list[Row]:
    """What the effect rests on: the lines, and the arm whose n a line takes. The n beside an effect that was
    extracted whole is not part of that effect."""
    cells: list[Row] = []
    for line in lines:
        cells.append(line)
        if line["arm_id"] is not None and line["n"] is None:
            cells.append(arms[line["arm_id"]])
    return cells


def _problem(sides: Mapping[str, Sequence[Row]], arms: Mapping[str, Row]) -> Problem | None:
    for role, side in SIDES.items():
        members = sides[side]
        if not members:
            return Problem("incomplete", f"no line of an arm on the {role} side; extract it")
        if len(members) > 1:
            names = ", ".join(sorted(line["arm_id"] for line in members))
            return Problem("implausible", f"several {role} arms ({names}); combine them in one line")
        if _n(members[0], arms) is None:
            return Problem("incomplete", f"n of the {role} side is blank; fill it in here or in arms.csv")
    (e,), (c,) = sides["e"], sides["c"]
    if not any(e[column] is not None and c[column] is not None for column in ("events", "mean")):
        return Problem("incomplete", "one side has events, the other means; extract the same of both")
    return None


def _unit_problem(lines: Sequence[Row], unit: str | None) -> Problem | None:
    """Differences in different units cannot be averaged; blanks between the letters make no other unit."""
    written = unique([unit, *(line["unit"] for line in lines)])
    if len({word.replace(" ", "") for word in written}) > 1:
        names = ", ".join(written)
        return Problem("implausible", f"units differ ({names}); convert the values, or correct the unit")
    return None
