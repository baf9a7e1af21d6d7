"""Votes: what each reviewer decided on each report, looked up through today's clusters."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import parse_time

STAGES = ("title_abstract", "full_text")
_UNDATED = datetime.min.replace(tzinfo=UTC)
# What unsure means where votes are counted.
_EFFECTIVE = {"include": "include", "exclude": "exclude", "unsure": "include"}


class Ballot(NamedTuple):
    """What one person decided on one record."""

    record_id: str
    decision: str
    reason: str


class Vote(NamedTuple):
    """One person's vote on a report: the newest of the ballots on its records, which are all kept, oldest first."""

    ballots: tuple[Ballot, ...]

    @property
    def decision(self) -> str:
        """The newest decision."""
        return self.ballots[-1].decision

    @property
    def reason(self) -> str:
        """The newest reason."""
        return self.ballots[-1].reason

    @property
    def effective(self) -> str:
        """include or exclude; unsure counts as include."""
        return _EFFECTIVE[self.decision]

    @property
    def said(self) -> tuple[tuple[str, ...], ...]:
        """Decision and reason of each ballot: votes that say the same come to the same, whatever their records."""
        return tuple([ballot[1:] for ballot in self.ballots])

    @property
    def records(self) -> frozenset[str]:
        """The records that were judged."""
        return frozenset(ballot.record_id for ballot in self.ballots)

    def collides(self, reasons_matter: bool) -> bool:
        """Whether records of the report carry decisions of this person that say different things, as when two
        clusters that were both screened turn out to be one report."""
        if len(self.ballots) == 1:
            return False
        reasons = {b.reason for b in self.ballots if b.decision == "exclude"} if reasons_matter else set()
        return len({_EFFECTIVE[b.decision] for b in self.ballots}) > 1 or len(reasons) > 1

    def shown(self) -> str:
        """The decision; where the ballots differ, each with its record."""
        if len(self.ballots) == 1 or len({ballot.decision for ballot in self.ballots}) == 1:
            return self.decision
        return " / ".join(f"{ballot.decision} ({ballot.record_id})" for ballot in self.ballots)


def newest(events: pd.DataFrame) -> dict[str, tuple[datetime, str, str, int]]:
    """Time, decision, reason and place of the newest line of each record; lines without a decision say nothing. Order
    of lines is of no account; a line that was imported without its time is older than every line that has one."""
    result: dict[str, tuple[datetime, str, str, int]] = {}
    columns = (events[name].tolist() for name in ("record_id", "decided_at", "decision", "reason"))
    for place, (record, cell, decision, reason) in enumerate(zip(*columns, strict=True)):
        if decision:
            line = ((parse_time(cell) if cell else None) or _UNDATED, decision, reason, place)
            before = result.get(record)
            if before is None or line > before:
                result[record] = line
    return result


def holding(events: pd.DataFrame) -> pd.DataFrame:
    """The newest line of each record, as they stand in the file."""
    return events.iloc[sorted(place for *_, place in newest(events).values())]


def votes(events: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, Vote]:
    """Votes of one reviewer, or decisions of the adjudicator, by report; one that was withdrawn is none."""
    result: dict[str, Vote] = {}
    held = [(line[0], record, line[1], line[2]) for record, line in newest(events).items() if line[1] != "withdraw"]
    for _, record, decision, reason in sorted(held):
        report = report_of[record]
        before = result.get(report)
        ballot = Ballot(record, decision, reason)
        result[report] = Vote((*before.ballots, ballot) if before else (ballot,))
    return result


def ballots(files: Mapping[str, pd.DataFrame], report_of: Mapping[str, str]) -> dict[str, dict[str, Vote]]:
    """Votes by report, then by reviewer in alphabetical order."""
    result: dict[str, dict[str, Vote]] = {}
    for reviewer in sorted(files):
        for report, vote in votes(files[reviewer], report_of).items():
            result.setdefault(report, {})[reviewer] = vote
    return result
