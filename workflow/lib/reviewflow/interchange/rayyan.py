"""Exports of Rayyan: the archive with the records and, beside them, every click of every member with its time.

The log, customizations_log.csv, has a line for each change: created_at, user_email, article_id, key and value. Where
the key is "included" the value is 1, 0 (maybe), -1 or deleted; "__EXR__" begins the name of a reason that was set (1)
or taken off. What the records say is the last of it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from reviewflow.faults import DataFaults, Fault
from reviewflow.tables import parse_time

from . import sheet
from .archive import Archive, text_of
from .columns import Parsed, Row, decision, joined

LOG = "customizations_log.csv"
_VALUES = {"1": "include", "0": "unsure", "-1": "exclude", "deleted": "withdraw"}
_REASON = "__EXR__"
_NUMBER = re.compile(r"rayyan-(\d+)")
_ZONE = re.compile(r" ?(?:UTC|GMT|\+0000)\Z")
_NEEDED = ("created_at", "article_id", "key", "value")
_PEOPLE = ("user_email", "user_name", "user_id")


class _Change(NamedTuple):
    """One line of the log."""

    line: int
    record: str
    person: str
    at: str
    key: str
    value: str


def unpacked(content: bytes, file: str) -> tuple[str, str]:
    """The records and the log of an archive that Rayyan exports; the log is "" where it has none. Raises
    DataFaults."""
    archive = Archive(content, file)
    logs = [name for name in archive.names if name.rpartition("/")[2] == LOG]
    tables = [name for name in archive.names if name.lower().endswith((".csv", ".ris")) and name not in logs]
    tables = [name for name in tables if not name.startswith("__MACOSX/")]
    if len(tables) != 1 or len(logs) > 1:
        found = ", ".join(tables) or "no table"
        mend = "give the archive as Rayyan exports it: the records as CSV or RIS, and its log"
        raise DataFaults([Fault(file, 0, "", f"the archive has {found}", mend)])
    log = text_of(archive.read(logs[0]), f"{file}/{logs[0]}") if logs else ""
    return text_of(archive.read(tables[0]), f"{file}/{tables[0]}"), log


def timed(entries: list[Parsed], log: str, file: str) -> Iterator[Fault]:
    """Put what the log says, each decision with its time, in place of what the records say; the notes of people stay
    with whom the records name. Faults are what the two do not agree on, and lines that cannot be read."""
    changes = _changes(log, file)
    said: dict[str, list[Row]] = {}
    for (record, person), listed in changes.items():
        try:
            said.setdefault(record, []).extend(_decisions(person, listed))
        except ValueError as error:
            line, problem = error.args
            yield Fault(file, line, "value", problem, "correct the line, or export again")
    for entry in entries:
        found = _NUMBER.fullmatch(entry.fields["record_id"]) or _NUMBER.fullmatch(entry.accession)
        rows = said.pop(found[1], []) if found else []
        if _last(rows) != Counter(row["decision"] for row in entry.told):
            title = entry.fields["title"][:60]
            yield Fault(file, 0, "", f'the log and the records differ on "{title}"', "export both again, unfiltered")
        else:
            entry.told = [*rows, *(row | {"decision": "", "reason": ""} for row in entry.told if row["note"])]
    for record in sorted(said):
        if said[record]:
            mend = "export all records, or take its lines out of the log"
            yield Fault(file, 0, "article_id", f"rayyan-{record} is not among the records", mend)


def _last(rows: list[Row]) -> Counter[str]:
    """How many people decided what in the end."""
    newest = {row["reviewer"]: row["decision"] for row in rows}
    return Counter(says for says in newest.values() if says != "withdraw")


def _changes(log: str, file: str) -> dict[tuple[str, str], list[_Change]]:
    """Lines by record and person, oldest first. Raises DataFaults."""
    table = sheet.read(log, file)
    who = next((name for name in _PEOPLE if name in table.header), "")
    lacking = [name for name in _NEEDED if name not in table.header] + ([] if who else [_PEOPLE[0]])
    if lacking:
        problem = f"the log has no column {', '.join(lacking)}"
        raise DataFaults([Fault(file, 1, "", problem, "give it as Rayyan exports it"), *table.faults])
    faults = list(table.faults)
    result: dict[tuple[str, str], list[_Change]] = {}
    for line, row in table.rows:
        at = _ZONE.sub("Z", row["created_at"].strip())
        if parse_time(at) is None:
            mend = "write it as 2020-05-17 09:30:00 UTC"
            faults.append(Fault(file, line, "created_at", f'"{row["created_at"]}" is not a time', mend))
            continue
        record = row["article_id"].strip().removeprefix("rayyan-")
        change = _Change(line, record, row[who].strip(), at, row["key"].strip().strip('"'), row["value"].strip())
        result.setdefault((change.record, change.person), []).append(change)
    if faults:
        raise DataFaults(faults)
    for listed in result.values():
        listed.sort(key=lambda change: (str(parse_time(change.at)), change.line))
    return result


def _decisions(person: str, changes: list[_Change]) -> list[Row]:
    """One person's decisions on one record. A reason belongs to the decision that held when it was set, and to the
    next exclusion where it was set before one. Raises ValueError with line and problem."""
    rows: list[Row] = []
    reasons: dict[str, bool] = {}
    for change in changes:
        if change.key.startswith(_REASON):
            reasons[change.key.removeprefix(_REASON)] = change.value == "1"
        elif change.key == "included":
            if change.value not in _VALUES:
                raise ValueError(change.line, f'"{change.value}" is not 1, 0, -1 or deleted')
            rows.append(decision(decision=_VALUES[change.value], reviewer=person, decided_at=change.at))
        if rows and rows[-1]["decision"] == "exclude":
            rows[-1]["reason"] = joined(sorted(name for name, held in reasons.items() if held))
    return rows
