"""What the order is learned from: decisions that are settled, and the person's own votes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from reviewflow.tables import parse_time

# Of each report that is learned from, whether it was included.
Labels = dict[str, bool]
_SETTLED = ("agreed", "adjudicated")
# Unsure says neither, so nothing is learned from it.
_MEANING = {"include": True, "exclude": False}


def labels(settled: Iterable[Mapping[str, object]], own: Mapping[str, str]) -> Labels:
    """The labels of one person's order at one stage.

    `settled` are rows of results/screening/STAGE.csv (report_id, consensus, decision): those in conflict, in collision
    or incomplete are left out, whatever stands in them, for they are the votes of others. `own` is the person's newest
    decision on each report. Where both are there, what was settled holds.
    """
    mine = {report: _MEANING[decision] for report, decision in own.items() if decision in _MEANING}
    agreed = {
        str(row["report_id"]): _MEANING[str(row["decision"])]
        for row in settled
        if row["consensus"] in _SETTLED and row["decision"] in _MEANING
    }
    return mine | agreed


def settled_until(times: Iterable[str]) -> str:
    """The newest of the times at which decisions were made, as it was written: how far the settled decisions of
    results/ go, for the log. `times` are decided_at of results/screening/votes.csv; blank ones say nothing."""
    return max(times, key=lambda cell: parse_time(cell) or datetime.min.replace(tzinfo=UTC), default="")
