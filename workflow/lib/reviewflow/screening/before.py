"""Votes before consensus: what each reviewer held when all had decided, before anybody talked or adjudicated."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pandas as pd

from reviewflow.tables import parse_time, rows_of

from .votes import Vote, votes

_EVER = datetime.min.replace(tzinfo=UTC)


def before_consensus(
    decisions: Mapping[str, pd.DataFrame], adjudication: pd.DataFrame, cast: Mapping[str, Mapping[str, Vote]],
    report_of: Mapping[str, str],
) -> dict[str, Mapping[str, Vote]]:  # fmt: skip
    """Votes of one stage by report and reviewer, for agreement.

    Where somebody decided more than once on a record, an event counts up to the moment at which all who ever decided
    on it held a vote: a mind that is changed later may have been changed in talk, which is consensus. Where a report
    was adjudicated, an event counts before its first adjudication, whether that was taken back later or not.
    Elsewhere these are the votes that hold (`cast`). An event without a time, as an import may bring, counts as older
    than all that have one.
    """
    first = _first(adjudication, report_of)
    met = _all_held(decisions)
    concerned = set(first) | {report_of[record] for record in met if record in report_of}
    result: dict[str, Mapping[str, Vote]] = {r: given for r, given in cast.items() if r not in concerned}
    early: dict[str, dict[str, Vote]] = {}
    for reviewer in sorted(decisions) if concerned else []:
        events = decisions[reviewer]
        lines = zip(events["record_id"].tolist(), events["decided_at"].tolist(), strict=True)
        kept = [
            report in concerned and _counts(parse_time(decided_at) or _EVER, first.get(report), met.get(record))
            for record, decided_at in lines
            for report in (report_of.get(record, ""),)
        ]
        for report, vote in votes(events[pd.Series(kept, index=events.index, dtype=bool)], report_of).items():
            early.setdefault(report, {})[reviewer] = vote
    return result | early


def _counts(instant: datetime, adjudicated: datetime | None, met: datetime | None) -> bool:
    undated = instant == _EVER
    return undated or ((adjudicated is None or instant < adjudicated) and (met is None or instant <= met))


def _first(adjudication: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, datetime]:
    """When each report was first adjudicated. A day without a time of day counts as its end: votes of the same day
    are taken to be those that were adjudicated."""
    result: dict[str, datetime] = {}
    for line in rows_of(adjudication[adjudication["decision"].isin(["include", "exclude"])]):
        instant = parse_time(line["decided_at"]) or _EVER
        # A time of day stands behind a T or a blank.
        instant += timedelta(days=bool(line["decided_at"]) and not {"T", " "} & set(line["decided_at"]))
        report = report_of[line["record_id"]]
        result[report] = min(instant, result.get(report, instant))
    return result


def _all_held(decisions: Mapping[str, pd.DataFrame]) -> dict[str, datetime]:
    """For each record on which somebody decided more than once: when all who ever decided on it first held a vote at
    the same time. A record on which one person alone decided, or that never had all votes at once, is not in it."""
    decided = {who: events[events["decision"] != ""] for who, events in decisions.items()}
    changed = {
        record for events in decided.values() for record in events["record_id"][events["record_id"].duplicated()]
    }
    found: dict[str, list[tuple[datetime, str, str]]] = {}
    for who, events in decided.items() if changed else ():
        for line in rows_of(events[events["record_id"].isin(changed)]):
            event = (parse_time(line["decided_at"]) or _EVER, who, line["decision"])
            found.setdefault(line["record_id"], []).append(event)
    met = {record: _meeting(sorted(events)) for record, events in found.items()}
    return {record: instant for record, instant in met.items() if instant}


def _meeting(events: list[tuple[datetime, str, str]]) -> datetime | None:
    people = {who for _, who, _ in events}
    holding: set[str] = set()
    for instant, who, decision in events:
        holding = holding - {who} if decision == "withdraw" else holding | {who}
        if len(people) > 1 and holding == people:
            return instant
    return None
