"""Votes: what each reviewer decided on each report, looked up through today's clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import parse_time, rows_of

STAGES = ("title_abstract", "full_text")
_UNDATED = datetime.min.replace(tzinfo=UTC)
# What unsure means where votes are counted.
_EFFECTIVE = {"include": "include", "exclude": "exclude", "unsure": "include"}


class Ballot(NamedTuple):
    """What one person decided on one record."""

    record_id: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Vote:
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


def holding(events: pd.DataFrame) -> pd.DataFrame:
    """The newest line of each record; lines without a decision say nothing. Order of lines is of no account; a line
    that was imported without its time is older than every line that has one."""
    decided = events[events["decision"] != ""]
    dated = decided.assign(_time=decided["decided_at"].map(lambda cell: parse_time(cell) or _UNDATED))
    newest = dated.sort_values(["record_id", "_time", "decision", "reason"], kind="stable")
    return newest.drop_duplicates("record_id", keep="last")


def votes(events: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, Vote]:
    """Votes of one reviewer, or decisions of the adjudicator, by report; one that was withdrawn is none."""
    result: dict[str, Vote] = {}
    held = holding(events)
    for line in rows_of(held[held["decision"] != "withdraw"].sort_values(["_time", "record_id"], kind="stable")):
        report = report_of[line["record_id"]]
        ballot = Ballot(line["record_id"], line["decision"], line["reason"])
        before = result.get(report)
        result[report] = Vote((*(before.ballots if before else ()), ballot))
    return result


def ballots(files: Mapping[str, pd.DataFrame], report_of: Mapping[str, str]) -> dict[str, dict[str, Vote]]:
    """Votes by report, then by reviewer in alphabetical order."""
    result: dict[str, dict[str, Vote]] = {}
    for reviewer in sorted(files):
        for report, vote in votes(files[reviewer], report_of).items():
            result.setdefault(report, {})[reviewer] = vote
    return result
