"""Project files of ASReview: a zip archive with a database of the labels and the data set that was labelled.

By its source code (versions 1.6, 2.1 and 3.0): version 1 has reviews/ID/results.sql and numbers the lines of the data
set from 0; version 2 has reviews/ID/results.db, and title, DOI and line of each record in data_store.db; version 3 has
all of it in results.db. None names a person: accounts have a number, and no name goes along.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from reviewflow.faults import DataFaults, Fault
from reviewflow.text import fold

from . import ris
from .archive import Archive, text_of
from .columns import Parsed, Row, blank, decision, joined
from .platforms import Rows, parse_asreview

_STATE = re.compile(r"results\.db|reviews/[^/]+/results\.(?:db|sql)")
_LABELS = {"1": "include", "0": "exclude", "1.0": "include", "0.0": "exclude"}
# Bytes 18 and 19 of a database say how it is written; 2 asks for a second file, which reading alone does not need.
_WRITTEN = slice(18, 20)
# A table without a page of its own is a virtual one, which computes its rows.
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
_NEEDED = {
    "results": ("record_id",), "decision_changes": ("record_id",), "record_table": (), "record": ("record_id",),
}  # fmt: skip
_AGAIN = "export the project again from ASReview, or its data set as CSV"
Cells = dict[str, Any]


class _Event(NamedTuple):
    """When a label was given, what it says, and which account gave it."""

    time: str
    label: str
    user: str


def parse(content: bytes, file: str) -> Rows:
    """Entries of a project, each with the labels that were given to it, oldest first. Raises DataFaults."""
    archive = Archive(content, file)
    state = _state(archive, file)
    by_row = _data_set(archive, file)
    known = {row["record_id"]: row for row in state["record"]}
    if not known and len(by_row) != len(state["record_table"]):
        problem = f"its data set has {len(by_row)} entries that can be read, its database {len(state['record_table'])}"
        raise DataFaults([Fault(file, 0, "", problem, _AGAIN)])
    labels = {row["record_id"]: row for row in state["results"] if row["label"] is not None}
    changes: dict[object, list[Cells]] = {}
    for row in state["decision_changes"]:
        changes.setdefault(row["record_id"], []).append(row)
    faults: list[Fault] = []
    entries = []
    for number in sorted({*labels, *changes}, key=_in_order):
        entry = _entry(number, known, by_row)
        current = labels.get(number, {})
        try:
            events = _events(current, changes.get(number, []))
        except ValueError as error:
            faults.append(Fault(file, 0, "", f'{error} ("{entry.fields["title"][:60]}")', _AGAIN))
            continue
        note, tags = _text(current.get("note") or current.get("notes")), _tags(current.get("tags"))
        entry.told = [_told(event) for event in events]
        if entry.told and current:
            parts = (note, _replaced(events[-1], changes.get(number, [])))
            entry.told[-1] |= {"note": "\n".join(filter(None, parts)), "reason": tags}
        entries.append(entry)
    return Rows(entries, faults)


def _in_order(number: object) -> tuple[bool, int, str]:
    return (not isinstance(number, int), number if isinstance(number, int) else 0, str(number))


def _entry(number: object, known: Mapping[object, Cells], by_row: list[Parsed]) -> Parsed:
    """What the project knows of a record: the line of the data set, which has our record_id, unless its title (its
    abstract, where there is none) is another than that in the database."""
    stored = known.get(number)
    row = stored.get("dataset_row") if stored else number
    found = by_row[row] if isinstance(row, int) and 0 <= row < len(by_row) else None
    if not stored:
        return found or Parsed(0, blank(), [])
    fields = blank() | {name: _text(stored.get(name)) for name in ("title", "abstract", "year", "doi", "url")}
    name = "title" if fields["title"] else "abstract"
    same = found is not None and bool(fields[name]) and fold(found.fields[name]) == fold(fields[name])
    return found if found and same else Parsed(0, fields, [])


def _events(current: Cells, changes: list[Cells]) -> list[_Event]:
    """The labels that were given to one record. Raises ValueError where they contradict each other.

    A row of decision_changes is a label with the time when it was given: the new one before version 3, the one that
    was replaced since. Where the newest of them is later than the row of results, that row has its first time still,
    and the change says when its label was given. A change without a label is one of the tags, or a label that was
    taken back; where it was, no row of results is left, and version 3 does not say when.
    """
    past = _past(changes)
    if not current:
        taken_back = [_Event(_time(row), "withdraw", _user(row)) for row in changes if row["label"] is None]
        return [*past, max(taken_back)] if taken_back else [past[-1]._replace(time="", label="withdraw")]
    now = _event(current)
    if not past or past[-1].time <= now.time:
        # Version 3 keeps the first time with a changed label, so that both have the same.
        return [*(event for event in past if event.time < now.time), now]
    if past[-1].label != now.label:
        raise ValueError("the newest change of its label is not the label that holds")
    return past


def _past(changes: list[Cells]) -> list[_Event]:
    return sorted(_event(row) for row in changes if row["label"] is not None)


def _replaced(now: _Event, changes: list[Cells]) -> str:
    """What a label was before where the project does not say when it was changed."""
    before = sorted({event.label for event in _past(changes) if event.time == now.time} - {now.label})
    return f"{joined(before)} before it was changed; when is not said" if before else ""


def _event(row: Cells) -> _Event:
    if str(row["label"]) not in _LABELS:
        raise ValueError(f'its label "{row["label"]}" is neither 1 nor 0')
    return _Event(_time(row), _LABELS[str(row["label"])], _user(row))


def _told(event: _Event) -> Row:
    return decision(decision=event.label, reviewer=event.user, decided_at=event.time)


def _time(row: Cells) -> str:
    """When a label was given. Version 1 writes the server's own time of day without a zone, or microseconds; later
    ones write seconds. Both numbers count from 1970 in UTC."""
    value = row.get("time", row.get("labeling_time"))
    if not isinstance(value, int | float):
        return _text(value).replace(" ", "T", 1)
    try:
        instant = datetime.fromtimestamp(value / 10**6 if value > 10**11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return str(value)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _user(row: Cells) -> str:
    return "" if row.get("user_id") is None else f"account {row['user_id']}"


def _tags(cell: object) -> str:
    """The tags that are ticked."""
    try:
        groups = json.loads(cell) if isinstance(cell, str) else []
        ticked = [tag for group in groups or [] for tag in group.get("values", []) if tag.get("checked")]
        return joined(str(tag.get("name") or tag.get("id")) for tag in ticked)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return _text(cell)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _data_set(archive: Archive, file: str) -> list[Parsed]:
    """The lines of the data set in their order; none where it is in a format that is not read here."""
    place = f"data/{_named(archive, 'dataset_path', '') or _named(archive, 'datasets', 'name')}"
    if place not in archive.names or not place.lower().endswith((".csv", ".tsv", ".tab", ".txt", ".ris")):
        return []
    text = text_of(archive.read(place), f"{file}/{place}")
    rows = list(ris.parse(text)) if ris.is_ris(text) else parse_asreview(text, file).entries
    return [Parsed(row.line, row.fields, row.names, row.accession, row.ours) for row in rows]


def _named(archive: Archive, key: str, of_first: str) -> str:
    """What project.json says, of the first in a list where it is one; "" where it does not."""
    try:
        value = json.loads(archive.read("project.json"))[key]
        return str(value[0][of_first] if of_first else value or "")
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""


def _state(archive: Archive, file: str) -> dict[str, list[Cells]]:
    """The tables of the project's databases."""
    states = [name for name in archive.names if _STATE.fullmatch(name)]
    if len(states) > 1:
        # ASReview itself opens the first review that the project names; others are what it left behind.
        states = [name for name in states if name.startswith(f"reviews/{_named(archive, 'reviews', 'id')}/")]
    if len(states) != 1 or "project.json" not in archive.names:
        problem = (
            "it names no database of labels" if "project.json" in archive.names else "it is no project of ASReview"
        )
        raise DataFaults([Fault(file, 0, "", problem, _AGAIN)])
    if any(name == f"{states[0]}-wal" and archive.read(name) for name in archive.names):
        raise DataFaults([Fault(file, 0, "", "it was exported while ASReview was writing", _AGAIN)])
    place = f"{file}/{states[0]}"
    state = dict(_read(archive.read(states[0]), place, tuple(_NEEDED)))
    if "data_store.db" in archive.names:
        state |= _read(archive.read("data_store.db"), f"{file}/data_store.db", ("record",))
    for name, rows in state.items():
        for row in rows:
            row.setdefault("label", row.get("new_label"))
        lacking = [column for column in _NEEDED[name] if rows and column not in rows[0]]
        if lacking:
            raise DataFaults([Fault(place, 0, name, f"it has no column {', '.join(lacking)}", _AGAIN)])
    if not any(state.values()):
        raise DataFaults([Fault(place, 0, "", "its database has no labels", _AGAIN)])
    return state


def _read(content: bytes, file: str, names: tuple[str, ...]) -> Iterator[tuple[str, list[Cells]]]:
    """Tables of a database as rows by column. A view, which could compute without end, is none."""
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.deserialize(bytes(content[:18]) + b"\1\1" + bytes(content[_WRITTEN.stop :]))
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.row_factory = sqlite3.Row
            there = {row[0] for row in database.execute(_TABLES)}
            for name in names:
                rows = database.execute(f"SELECT * FROM {name}") if name in there else ()  # noqa: S608 names of ours
                yield name, [dict(row) for row in rows]
        except sqlite3.Error as error:
            raise DataFaults([Fault(file, 0, "", f"the database cannot be read ({error})", _AGAIN)]) from error
