"""The chain of a decision file: each sealed line covers the sealed line before it.

The seal of a line is a SHA-256 over the stage, the person, the line's own cells and the seal of the line named in
`previous`. So a cell that was changed, a line that was taken out, and a line copied from somebody else's file all
show. There is no secret in it: whoever rewrites every later line can make a new chain, which has another last seal.
The last seal of each file stands in the report of a version, so a chain made anew differs from what was published.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# What a seal covers of a line, in this order; a column that a file does not have counts as blank.
_CELLS = ("decided_at", "record_id", "decision", "reason", "note", "adjudicator")
COVERED = (*_CELLS, "event_id", "seen", "imported", "previous")
_SEALED = ("event_id", "seal")
# A letter, so that no spreadsheet takes it for a number, and 40 hexadecimal digits (160 bits).
SEAL_LENGTH = 41
# One encoder for all lines: making one costs as much as a line.
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Seal(NamedTuple):
    """What is known of one line: its number in the file, sealed | unsealed | broken, and in words what is wrong or
    worth knowing (blank where nothing is)."""

    line: int
    state: str
    problem: str = ""


def seal(stage: str, person: str, cells: Mapping[str, str], before: str) -> str:
    """The seal of a line with these cells, behind a line with the seal `before` ("" for the first of a file)."""
    covered = [stage, person, before, *(_plain(cells.get(name)) for name in COVERED)]
    return "s" + hashlib.sha256(_COMPACT(covered).encode()).hexdigest()[: SEAL_LENGTH - 1]


def _plain(value: object) -> str:
    """A cell as it is read back from a CSV, whatever program saved that."""
    text = str(value or "").strip()
    return text if text.isprintable() else "\n".join(text.splitlines())


def verify(stage: str, person: str, lines: Iterable[Mapping[str, Any]]) -> list[Seal]:
    """The state of each line of one file, in the order of the file. `lines` have `_line` and the columns of the file.

    Lines written by hand have neither event_id nor seal; they are unsealed, which is no fault.
    """
    listed = list(lines)
    seals = {str(line["event_id"]): str(line["seal"]) for line in listed if line["event_id"]}
    followed: dict[str, str] = {}
    met: set[str] = set()
    result = []
    for line in listed:
        state, problem = _state(stage, person, line, seals)
        event = str(line["event_id"])
        if state == "sealed" and event in met:
            problem = f"{event} stands in the file more than once"
        elif state == "sealed":
            previous = str(line["previous"])
            first = followed.setdefault(previous, event)
            if first != event:
                problem = f"{first} has the same line before it: two copies of the file were merged"
            elif previous and previous not in met:
                problem = f"it stands before {previous}, behind which it was written: the lines were sorted"
        met.add(event)
        result.append(Seal(int(line["_line"]), state, problem))
    return result


def _state(stage: str, person: str, line: Mapping[str, Any], seals: Mapping[str, str]) -> tuple[str, str]:
    if not any(line[name] for name in _SEALED):
        return "unsealed", ""
    if not all(line[name] for name in _SEALED):
        return "broken", "one of event_id and seal is blank"
    previous = str(line["previous"])
    if previous and previous not in seals:
        return "broken", f"the line before it ({previous}) is not in the file any more"
    if seal(stage, person, line, seals[previous] if previous else "") != line["seal"]:
        return "broken", "the line is not as it was written"
    return "sealed", ""
