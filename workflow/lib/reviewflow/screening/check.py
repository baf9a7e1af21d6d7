"""Faults of the files that screening reads."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, parse_time, rows_of

from .settle import People

_UNKNOWN = "copy the record_id from the worksheet in results/screening/worksheets/ or from results/search/records.csv"


def check(
    config: Mapping[str, Any], people: People, reasons: Collection[str], record_ids: Collection[str] | None
) -> list[Fault]:
    """All faults: unknown records (unless `record_ids` is None), missing or unknown reasons and times, two decisions
    at one instant, an adjudicator who is a reviewer, decisions on a report that was not retrieved."""
    faults: list[Fault] = []
    for stage, files in people.decisions.items():
        for events in [*files.values(), people.adjudication[stage]]:
            faults += _line_faults(stage, events, reasons)
            faults += _instants(events)
    if record_ids is not None:
        decided = [frame for files in people.decisions.values() for frame in files.values()]
        for events in [*decided, *people.adjudication.values(), people.retrieval, people.study_reports]:
            faults += _unknown(events, record_ids)
    reviewers = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    for events in people.adjudication.values():
        for line in rows_of(events[events["adjudicator"].isin(reviewers)]):
            problem = f'"{line["adjudicator"]}" screens in this review'
            faults.append(Fault(line["_file"], line["_line"], "adjudicator", problem, "a third person adjudicates"))
    return faults + list(_not_retrieved(people))


def _line_faults(stage: str, events: pd.DataFrame, reasons: Collection[str]) -> Iterator[Fault]:
    listed = f"use one of {', '.join(sorted(reasons)) or '(config/exclusion_reasons.csv is empty)'}"
    columns = (events[name].tolist() for name in ("_file", "_line", "decision", "decided_at", "imported", "reason"))
    for file, number, decision, time, imported, reason in zip(*columns, strict=True):
        if decision and not time and not imported:
            mend = "write when, as 2020-05-17T09:30:00Z"
            yield Fault(file, number, "decided_at", "a decision without its time", mend)
        if time and not decision:
            mend = "write include, exclude, unsure or withdraw"
            yield Fault(file, number, "decision", "a time without a decision", mend)
        if reason and reason not in reasons:
            yield Fault(file, number, "reason", f'"{reason}" is not in config/exclusion_reasons.csv', listed)
        if stage == "full_text" and decision == "exclude" and not reason:
            yield Fault(file, number, "reason", "an exclusion at full text without its reason", listed)


def _instants(events: pd.DataFrame) -> Iterator[Fault]:
    """Two lines of one record at one instant that say different things: which is the newer cannot be known."""
    decided = events[events["decision"] != ""]
    again = decided[decided["record_id"].duplicated(keep=False)]
    seen: dict[tuple[str, object], Mapping[str, Any]] = {}
    for line in rows_of(again):
        key = (line["record_id"], parse_time(line["decided_at"]) if line["decided_at"] else None)
        before = seen.setdefault(key, line)
        timed = key[1] or line["imported"]
        if timed and (before["decision"], before["reason"]) != (line["decision"], line["reason"]):
            problem = f"line {before['_line']} decides otherwise on the same record at the same time"
            yield Fault(line["_file"], line["_line"], "decided_at", problem, "give each line its own time of day")


def _unknown(events: pd.DataFrame, record_ids: Collection[str]) -> Iterator[Fault]:
    for line in rows_of(events[~events["record_id"].isin(list(record_ids))]):
        yield Fault(line["_file"], line["_line"], "record_id", f'no record is called "{line["record_id"]}"', _UNKNOWN)


def _not_retrieved(people: People) -> Iterator[Fault]:
    judged = {
        r for events in people.decisions["full_text"].values() for r in events[events["decision"] != ""]["record_id"]
    }
    lines = people.retrieval[people.retrieval["status"] == "not_retrieved"]
    for line in rows_of(lines[lines["record_id"].isin(list(judged))]):
        problem = f'"{line["record_id"]}" is not retrieved, yet judged at full text'
        yield Fault(line["_file"], line["_line"], "status", problem, "correct the status, or take the decisions back")
