"""Votes before consensus: what each reviewer held before anybody had adjudicated the report."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pandas as pd

from reviewflow.tables import parse_time, rows_of

from .votes import Vote, votes

_EVER = datetime.min.replace(tzinfo=UTC)
_DAY = len("2020-05-17")


def before_consensus(
    decisions: Mapping[str, pd.DataFrame], adjudication: pd.DataFrame, cast: Mapping[str, Mapping[str, Vote]],
    report_of: Mapping[str, str],
) -> dict[str, Mapping[str, Vote]]:  # fmt: skip
    """Votes of one stage by report and reviewer, for agreement.

    Where a report was adjudicated, these are each reviewer's newest events before its first adjudication, whether
    that was taken back later or not: who decides afterwards may have seen it. Elsewhere they are the votes that hold
    (`cast`). An event without a time, as an import may bring, counts as older than all that have one.
    """
    first = _first(adjudication, report_of)
    result: dict[str, Mapping[str, Vote]] = {report: given for report, given in cast.items() if report not in first}
    early: dict[str, dict[str, Vote]] = {}
    for reviewer in sorted(decisions) if first else []:
        events = decisions[reviewer]
        lines = zip(events["record_id"].tolist(), events["decided_at"].tolist(), strict=True)
        kept = [_is_before(decided_at, first.get(report_of.get(record, ""))) for record, decided_at in lines]
        for report, vote in votes(events[pd.Series(kept, index=events.index, dtype=bool)], report_of).items():
            early.setdefault(report, {})[reviewer] = vote
    return result | early


def _first(adjudication: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, datetime]:
    """When each report was first adjudicated. A day without a time of day counts as its end: votes of the same day
    are taken to be those that were adjudicated."""
    result: dict[str, datetime] = {}
    for line in rows_of(adjudication[adjudication["decision"].isin(["include", "exclude"])]):
        instant = parse_time(line["decided_at"]) or _EVER
        instant += timedelta(days=len(line["decided_at"]) == _DAY)
        report = report_of[line["record_id"]]
        result[report] = min(instant, result.get(report, instant))
    return result


def _is_before(decided_at: str, first: datetime | None) -> bool:
    if first is None:
        return False
    instant = parse_time(decided_at)
    return instant is None or instant < first
