"""The chain of a decision file: each sealed line covers the sealed line before it.

The seal of a line is a SHA-256 over the stage, the person, the line's own cells and the seal of the line named in
`previous`. So a cell that was changed, a line that was taken out, and a line copied from somebody else's file all
show. There is no secret in it: whoever rewrites every later line can make a new chain, which has another last seal.
The last seal of each file stands in the report of a version, so a chain made anew differs from what was published.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any, NamedTuple

# What a seal covers of a line, in this order; a column that a file does not have counts as blank.
_CELLS = ("decided_at", "record_id", "decision", "reason", "note", "adjudicator")
COVERED = (*_CELLS, "event_id", "seen", "imported", "previous")
# What is needed of each line to know its state.
VERIFIED = ("_line", *COVERED, "seal")
# A letter, so that no spreadsheet takes it for a number, and 40 hexadecimal digits (160 bits).
SEAL_LENGTH = 41


class Seal(NamedTuple):
    """What is known of one line: its number in the file, sealed | unsealed | broken, and in words what is wrong or
    worth knowing (blank where nothing is)."""

    line: int
    state: str
    problem: str = ""


def seal(stage: str, person: str, cells: Mapping[str, str], before: str) -> str:
    """The seal of a line with these cells, behind a line with the seal `before` ("" for the first of a file)."""
    return _digest(_quoted([stage, person]), before, _quoted([_plain(cells.get(name)) for name in COVERED]))


def _quoted(texts: Iterable[str]) -> str:
    """Texts as a JSON list has them, without its brackets."""
    return ",".join(map(encode_basestring, texts))


def _digest(file: str, before: str, line: str) -> str:
    covered = f"[{file},{encode_basestring(before)},{line}]"
    return "s" + hashlib.sha256(covered.encode()).hexdigest()[: SEAL_LENGTH - 1]


def _plain(value: object) -> str:
    """A cell as it is read back from a CSV, whatever program saved that."""
    text = str(value or "").strip()
    return text if text.isprintable() else "\n".join(text.splitlines())


def verify(stage: str, person: str, lines: Iterable[Mapping[str, Any]]) -> list[Seal]:
    """The same of lines as dictionaries, which have `_line` and the columns of the file."""
    listed = list(lines)
    return verify_columns(stage, person, {name: [line.get(name, "") for line in listed] for name in VERIFIED})


def verify_columns(stage: str, person: str, columns: Mapping[str, Sequence[Any]]) -> list[Seal]:
    """The state of each line of one file, in the order of the file. `columns` has those of VERIFIED, and may lack what
    the file does not have.

    Lines written by hand have neither event_id nor seal; they are unsealed, which is no fault.
    """
    states = _states(stage, person, columns)
    followed: dict[str, str] = {}
    met: set[str] = set()
    result = []
    keys = (columns[name] for name in ("_line", "event_id", "previous"))
    for number, event, previous, (state, wrong) in zip(*keys, states, strict=True):
        problem = wrong
        if state == "sealed" and event in met:
            problem = f"{event} stands in the file more than once"
        elif state == "sealed":
            first = followed.setdefault(previous, event)
            if first != event:
                problem = f"{first} has the same line before it: two copies of the file were merged"
            elif previous and previous not in met:
                problem = f"it stands before {previous}, behind which it was written: the lines were sorted"
        met.add(event)
        result.append(Seal(int(number), state, problem))
    return result


def _states(stage: str, person: str, columns: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, str]]:
    """State and problem of each line by itself. Cells are made plain and quoted a column at a time, which takes half
    the time of a line at a time."""
    events, seals, before = (columns[name] for name in ("event_id", "seal", "previous"))
    seal_of = {event: seal for event, seal in zip(events, seals, strict=True) if event}
    file = _quoted([stage, person])
    absent = [""] * len(events)
    covered = [
        [encode_basestring(_plain(cell)) if cell else '""' for cell in columns.get(name, absent)] for name in COVERED
    ]
    lines = map(",".join, zip(*covered, strict=True))
    for event, own, previous, line in zip(events, seals, before, lines, strict=True):
        if not event and not own:
            yield "unsealed", ""
        elif not event or not own:
            yield "broken", "one of event_id and seal is blank"
        elif previous and previous not in seal_of:
            yield "broken", f"the line before it ({previous}) is not in the file any more"
        elif _digest(file, seal_of[previous] if previous else "", line) != own:
            yield "broken", "the line is not as it was written"
        else:
            yield "sealed", ""
