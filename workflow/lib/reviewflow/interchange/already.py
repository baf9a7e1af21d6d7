"""What of an import the review has already, and what would contradict it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import pandas as pd

from reviewflow.faults import Fault
from reviewflow.tables import parse_time, rows_of

from . import sheet
from .columns import Row, one_line

CONSENSUS = " (consensus)"


class Fresh(NamedTuple):
    """Events that the file has not, how many it has, and contradictions."""

    events: list[Row]
    there: int
    faults: list[Fault]


def source(file: str, label: str, day: str, *, consensus: bool = False) -> str:
    """The cell `imported`: the name of the export, its tool, and the day of the import."""
    return sheet.neutral(f"{one_line(file)}, {label}{CONSENSUS if consensus else ''}, {day}")


def tool_of(imported: str) -> str:
    """The tool that such a cell names, with the word for a consensus; "" where it is none."""
    parts = imported.rsplit(", ", 2)
    return parts[1] if len(parts) == 3 else ""


def fresh(events: list[Row], lines: pd.DataFrame, imported: str, file: str) -> Fresh:
    """The events that are not among the lines of the reviewer's file yet.

    An event is there where the same tool gave the same decision, reason and note on the record at the same time,
    whatever the export was called. At one time, and without a time, one record has one decision.
    """
    there: set[tuple[object, ...]] = set()
    decided: dict[tuple[str, datetime | None], Mapping[str, object]] = {}
    for line in rows_of(lines[lines["decision"] != ""]):
        if line["imported"]:
            there.add((tool_of(line["imported"]), *_key(line)))
        decided.setdefault((line["record_id"], parse_time(line["decided_at"])), line)
    new, faults = [], []
    for event in events:
        if (tool_of(imported), *_key(event)) in there:
            continue
        before = decided.get((event["record_id"], parse_time(event["decided_at"])))
        if before and (before["decision"], before["reason"]) != (event["decision"], event["reason"]):
            when = "at the same time" if event["decided_at"] else "without a time, too"
            theirs = f"line {before['_line']} of {before['_file']} says {before['decision']} {when}"
            problem = f"{event['record_id']}: {event['decision']}, but {theirs}"
            mend = "which is the newer is not known: correct that line, or import an export that has times"
            faults.append(Fault(file, int(event["_line"]), "decision", problem, mend))
        new.append(event | {"imported": imported})
    return Fresh(new, len(events) - len(new), faults)


def twice(
    events: list[Row], reviewer: str, others: Mapping[str, pd.DataFrame], imported: str, file: str
) -> list[Fault]:
    """Why a consensus cannot be imported: it stands in another reviewer's file, and would count as two votes."""
    records = {event["record_id"] for event in events}
    faults = []
    for name, lines in sorted(others.items()):
        theirs = lines[lines["imported"].map(tool_of) == tool_of(imported)]
        if name != reviewer and (shared := len(records & set(theirs["record_id"]))):
            problem = f"the outcome on {shared} of its records is already in the file of {name}"
            mend = "it is one vote, not one of each person: import it for one of them"
            faults.append(Fault(file, 0, "", problem, mend))
    return faults


def _key(line: Mapping[str, str]) -> tuple[object, ...]:
    note = "\n".join(line["note"].strip().splitlines())
    return (line["record_id"], line["decision"], line["reason"], note, parse_time(line["decided_at"]))
