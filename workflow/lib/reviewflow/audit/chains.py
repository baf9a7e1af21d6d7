"""The seals of each decision file, and lines that stand in two files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.events import verify
from reviewflow.tables import rows_of

from .findings import Finding, several
from .lines import Line, about, by, grouped, votes_of

Files = Mapping[tuple[str, str], pd.DataFrame]
_RESTORE = "restore the line from version control, or let the person decide again on the page"
_KEEP = "nothing, unless nobody knows of it: the lines are all there"
_FIX = "publish it with each version: lines taken off the end of the file show against it alone"


def chains(files: Files) -> Iterator[Finding]:
    """What the seals of each file say. `files` has the lines of each, by stage and person; the person of the
    adjudicator's file is "adjudication"."""
    for (stage, person), events in files.items():
        lines = rows_of(events[events["decision"] != ""])
        if lines:
            yield from _file(stage, person, lines)


def _file(stage: str, person: str, lines: list[dict[str, Any]]) -> Iterator[Finding]:
    file, states = lines[0]["_file"], verify(stage, person, lines)
    of_file = {"stage": stage, "reviewer": "" if person == "adjudication" else person, "file": file}
    for line, state in zip(lines, states, strict=True):
        place = {**of_file, "record_id": line["record_id"], "event_id": line["event_id"], "line": state.line}
        if state.state == "broken":
            yield Finding("error", "chain", f"the seal is broken: {state.problem}", _RESTORE, **place)
        elif state.problem:
            yield Finding("warning", "chain", state.problem, _KEEP, **place)
    tally = Counter(state.state for state in states)
    if tally["unsealed"]:
        many = several(tally["unsealed"], "line is", "lines are")
        said = f"{many} unsealed: written by hand or by another tool, so that a change of them would not show here"
        yield Finding("note", "chain", said, **of_file)
    sealed = [line for line, state in zip(lines, states, strict=True) if state.state == "sealed"]
    followed = {line["previous"] for line in sealed}
    for end in [line for line in sealed if line["event_id"] not in followed]:
        said = f"{several(tally['sealed'], 'sealed line')}; the last seal is {end['seal']} ({end['event_id']})"
        yield Finding("note", "chain", said, _FIX, **of_file)


def copied(lines: Iterable[Line]) -> Iterator[Finding]:
    """Lines of one person that stand in another's file too: by their id, or by record, decision and time of day."""
    listed = list(lines)
    for found in by((line for line in listed if line.event_id), "event_id").values():
        if len({line.file for line in found}) > 1:
            yield from _twice_named(found)
    timed = [line for line in votes_of(listed) if line.exact in ("minute", "second") and not line.imported]
    pairs: dict[tuple[str, str], list[tuple[Line, Line]]] = {}
    for found in grouped(timed, "stage", "record_id", "time", "decision").values():
        files = {line.file: line for line in found}
        if len(files) > 1:
            first, *others = (files[name] for name in sorted(files))
            for other in others:
                pairs.setdefault((first.file, other.file), []).append((first, other))
    yield from (_alike(both) for both in pairs.values())


def _twice_named(found: list[Line]) -> Iterator[Finding]:
    first, *others = sorted(found, key=lambda line: line.place)
    for line in others:
        said = f"{line.event_id} stands in {first.file}:{first.line} too: the line was copied"
        mend = "take the line out of the file of the person who did not write it"
        yield about(line, "error", "copied", said, mend)


def _alike(both: list[tuple[Line, Line]]) -> Finding:
    one, other = min(both, key=lambda pair: pair[1].line)
    many = several(len(both), "decision")
    said = f"{many} with the record, decision and time of a line of {one.file}, such as its line {one.line}"
    return about(other, "warning", "copied", said, "ask whether one person's decisions were copied for another")
