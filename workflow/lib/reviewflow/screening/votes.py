"""Votes: what each reviewer decided on each report, looked up through today's clusters."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from reviewflow.tables import parse_time, rows_of

STAGES = ("title_abstract", "full_text")
# What unsure means where votes are counted.
_EFFECTIVE = {"include": "include", "exclude": "exclude", "unsure": "include"}


@dataclass(frozen=True)
class Vote:
    """One decision that holds. `collision`: records of the report carry different decisions of this reviewer."""

    decision: str
    reason: str
    collision: bool = False

    @property
    def effective(self) -> str:
        """include or exclude; unsure counts as include."""
        return _EFFECTIVE[self.decision]


def holding(events: pd.DataFrame) -> pd.DataFrame:
    """The newest line of each record; lines without a decision say nothing. Order of lines is of no account."""
    decided = events[events["decision"] != ""]
    dated = decided.assign(_time=decided["decided_at"].map(parse_time))
    newest = dated.sort_values(["record_id", "_time", "decision", "reason"], kind="stable")
    return newest.drop_duplicates("record_id", keep="last")


def votes(events: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, Vote]:
    """Votes of one reviewer, or decisions of the adjudicator, by report."""
    result: dict[str, Vote] = {}
    for line in rows_of(holding(events).sort_values("_time", kind="stable")):
        report = report_of[line["record_id"]]
        before = result.get(report)
        differs = before is not None and (before.collision or before.decision != line["decision"])
        result[report] = Vote(line["decision"], line["reason"], differs)
    return result


def ballots(files: Mapping[str, pd.DataFrame], report_of: Mapping[str, str]) -> dict[str, dict[str, Vote]]:
    """Votes by report, then by reviewer in alphabetical order."""
    result: dict[str, dict[str, Vote]] = {}
    for reviewer in sorted(files):
        for report, vote in votes(files[reviewer], report_of).items():
            result.setdefault(report, {})[reviewer] = vote
    return result
