"""The seals of each decision file, and lines that stand in two files."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

import pandas as pd

from .findings import Finding, several
from .lines import Line, about, by, votes_of

_RESTORE = "restore the line from version control; a new decision of the person counts, yet this line stays broken"
_KEEP = "nothing, unless nobody knows of it: the lines are all there"
_FIX = "publish it with each version: lines taken off the end of the file show against it alone"


class _File(NamedTuple):
    """A file: the line before it and the seal of each line, by its number."""

    file: str
    sealed: dict[int, tuple[str, str]]


def _read(events: pd.DataFrame) -> _File:
    columns = (events[name].tolist() for name in ("_line", "previous", "seal"))
    return _File(events["_file"].iloc[0], {n: (before, seal) for n, before, seal in zip(*columns, strict=True)})


def chains(lines: Iterable[Line], files: Iterable[pd.DataFrame]) -> Iterator[Finding]:
    """What the seals of each file say. `lines` have the state of each line, `files` the files as they were read."""
    read = {file.file: file for file in map(_read, (events for events in files if len(events)))}
    for file, own in sorted(by(lines, "file").items()):
        own.sort(key=attrgetter("line"))
        yield from _broken(own)
        yield from _counted(own, read[file])


def _broken(own: list[Line]) -> Iterator[Finding]:
    for line in own:
        if line.seal == "broken":
            yield about(line, "error", "chain", f"the seal is broken: {line.seal_problem}", _RESTORE)
    # A file that was sorted has as many such lines as there are lines: one finding for each thing that was done.
    moved = [line for line in own if line.seal != "broken" and line.seal_problem]
    done: dict[str, list[Line]] = {}
    for line in moved:
        done.setdefault(line.seal_problem.rpartition(": ")[2], []).append(line)
    for alike in done.values():
        more = f" ({several(len(alike) - 1, 'line')} more likewise)" if len(alike) > 1 else ""
        yield about(alike[0], "warning", "chain", f"{alike[0].seal_problem}{more}", _KEEP)


def _counted(own: list[Line], file: _File) -> Iterator[Finding]:
    """How many lines are unsealed, and the seal of each line that nothing was written behind."""
    first = own[0]
    of_file = (first.stage, "" if first.role == "adjudicator" else first.reviewer)
    unsealed = sum(line.seal == "unsealed" for line in own)
    if unsealed:
        many = several(unsealed, "line is", "lines are")
        said = f"{many} unsealed: written by hand or by another tool, so that a change of them would not show here"
        yield Finding("note", "chain", said, "", *of_file, file=first.file)
    sealed = [line for line in own if line.seal == "sealed"]
    followed = {file.sealed[line.line][0] for line in sealed}
    ends = {line.event_id: file.sealed[line.line][1] for line in sealed if line.event_id not in followed}
    for event, seal in ends.items():
        said = f"{several(len(sealed), 'sealed line')}; the last seal is {seal} ({event})"
        yield Finding("note", "chain", said, _FIX, *of_file, file=first.file)


def copied(lines: Iterable[Line]) -> Iterator[Finding]:
    """Lines of one person that stand in another's file too: by their id, or by record, decision and time of day."""
    listed = list(lines)
    for found in _shared((line for line in listed if line.event_id), "event_id"):
        yield from _twice_named(found)
    timed = [line for line in votes_of(listed) if line.exact in ("minute", "second") and not line.imported]
    pairs: dict[tuple[str, str], list[tuple[Line, Line]]] = {}
    for found in _shared(timed, "record_id", "time", "decision", "stage"):
        files = {line.file: line for line in found}
        first, *others = (files[name] for name in sorted(files))
        for other in others:
            pairs.setdefault((first.file, other.file), []).append((first, other))
    yield from (_alike(both) for both in pairs.values())


def _shared(lines: Iterable[Line], *names: str) -> Iterable[list[Line]]:
    """Lines alike in these fields that stand in more than one file. Nearly all stand alone: they are not grouped."""
    keyed = [(key(line), line) for key in [attrgetter(*names)] for line in lines]
    files: dict[object, str] = {}
    several = {key for key, line in keyed if files.setdefault(key, line.file) != line.file}
    found: dict[object, list[Line]] = {}
    for key, line in keyed:
        if key in several:
            found.setdefault(key, []).append(line)
    return found.values()


def _twice_named(found: list[Line]) -> Iterator[Finding]:
    # A copy in the file of somebody else has lost its seal: what is sealed is what was copied.
    first, *others = sorted(found, key=lambda line: (line.seal != "sealed", line.place))
    for line in others:
        said = f"{line.event_id} stands in {first.file}:{first.line} too: the line was copied"
        mend = "take the line out of the file of the person who did not write it"
        yield about(line, "error", "copied", said, mend)


def _alike(both: list[tuple[Line, Line]]) -> Finding:
    one, other = min(both, key=lambda pair: pair[1].line)
    many = several(len(both), "decision")
    said = f"{many} with the record, decision and time of a line of {one.file}, such as its line {one.line}"
    return about(other, "warning", "copied", said, "ask whether one person's decisions were copied for another")
