"""From what was said to one outcome and one state a report."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow.assignment import Assignment, assign

from .consensus import Consensus, Rules, decide
from .ledger import ledger
from .votes import STAGES, Vote, ballots, votes

Ballots = Mapping[str, Mapping[str, Vote]]


class People(NamedTuple):
    """What people wrote: decisions by stage and reviewer, adjudications by stage, retrieval, links to studies."""

    decisions: Mapping[str, Mapping[str, pd.DataFrame]]
    adjudication: Mapping[str, pd.DataFrame]
    retrieval: pd.DataFrame
    study_reports: pd.DataFrame


class Said(NamedTuple):
    """The votes by stage, report and reviewer, and the adjudications by stage and report."""

    cast: Mapping[str, Ballots]
    third: Mapping[str, Mapping[str, Vote]]

    def without(self, reviewer: str, reports: Collection[str]) -> "Said":
        """What was said on these reports without one reviewer."""
        cast = {
            stage: {report: _others(given[report], reviewer) for report in given.keys() & set(reports)}
            for stage, given in self.cast.items()
        }
        voted = {stage: {report: left for report, left in given.items() if left} for stage, given in cast.items()}
        return Said(voted, self.third)


class Outcomes(NamedTuple):
    """Who has a seat on which report, and the outcome by stage and report."""

    drawn: Assignment
    settled: Mapping[str, Mapping[str, Consensus]]


def said(people: People, report_of: Mapping[str, str]) -> Said:
    """What all people said, looked up through the clusters."""
    cast = {stage: ballots(people.decisions[stage], report_of) for stage in STAGES}
    return Said(cast, {stage: votes(people.adjudication[stage], report_of) for stage in STAGES})


def states(
    screening: Mapping[str, Any], spoken: Said, people: People, reports: pd.DataFrame, report_of: Mapping[str, str]
) -> tuple[pd.DataFrame, Outcomes]:
    """Table ledger of these reports, and the outcomes it comes from. `screening` is the group of config.yaml; of what
    people wrote only retrieval and the links are read."""
    screened = reports[reports["route"] == "database"]
    drawn = assign(screening, dict(zip(screened["report_id"], screened["wave"].tolist(), strict=True)))
    settled = {stage: _settle(screening, stage, drawn, spoken) for stage in STAGES}
    made = ledger(reports, settled, people.retrieval, people.study_reports, report_of)
    return made, Outcomes(drawn, settled)


def _others(given: Mapping[str, Vote], reviewer: str) -> dict[str, Vote]:
    return {who: vote for who, vote in given.items() if who != reviewer}


def _settle(screening: Mapping[str, Any], stage: str, drawn: Assignment, spoken: Said) -> dict[str, Consensus]:
    full_text = stage == "full_text"
    unsure = full_text or screening["unsure_counts_as"] == "conflict"
    third = spoken.third[stage]
    result = {}
    # Where nobody adjudicated, reports on which the same was said have the same outcome, and there are few of these.
    known: dict[tuple[object, ...], Consensus] = {}
    for report, given in spoken.cast[stage].items():
        rules = Rules(drawn.needed(stage, report, given), unsure, reasons_matter=full_text)
        if report in third:
            result[report] = decide(given, third[report], rules)
            continue
        same = (rules.needed, *[vote.said for vote in given.values()])
        if same not in known:
            known[same] = decide(given, None, rules)
        result[report] = known[same]
    return result
