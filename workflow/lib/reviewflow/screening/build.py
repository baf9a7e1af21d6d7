"""The screening stage: from votes to consensus, ledger, queue and flow."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow import concerns
from reviewflow.assignment import Assignment, assign
from reviewflow.boxes import prove
from reviewflow.tables import frame, join_list

from .agreement import agreement_all, pairs
from .before import before_consensus
from .consensus import Consensus, Rules, decide
from .contributions import contributions
from .flow import flow, identities
from .history import history
from .ledger import concerned, ledger, waiting
from .queue import queue
from .votes import STAGES, Vote, ballots, votes

Row = dict[str, Any]
Ballots = Mapping[str, Mapping[str, Vote]]


class People(NamedTuple):
    """What people wrote: decisions by stage and reviewer, adjudications by stage, retrieval, links to studies."""

    decisions: Mapping[str, Mapping[str, pd.DataFrame]]
    adjudication: Mapping[str, pd.DataFrame]
    retrieval: pd.DataFrame
    study_reports: pd.DataFrame


def build(
    config: Mapping[str, Any], people: People, searches: pd.DataFrame, sightings: pd.DataFrame,
    clusters: pd.DataFrame, reports: pd.DataFrame, notices: pd.DataFrame,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The tables of results/screening.

    Raises BrokenIdentity with the counts concerned where a PRISMA identity does not hold.
    """
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    screened = reports[reports["route"] == "database"]
    drawn = assign(config["screening"], dict(zip(screened["report_id"], screened["wave"].tolist(), strict=True)))
    cast = {stage: ballots(people.decisions[stage], report_of) for stage in STAGES}
    third = {stage: votes(people.adjudication[stage], report_of) for stage in STAGES}
    settled = {stage: _settle(config, stage, drawn, cast[stage], third[stage]) for stage in STAGES}
    states = ledger(reports, settled, people.retrieval, people.study_reports, report_of)
    flow_rows = flow(sightings, states, searches[["wave", "source", "source_type"]])
    checked = prove(frame("results/screening/identities", identities(flow_rows, states, sightings)))
    adjudicator = config["screening"]["adjudicator"]
    return {
        **{stage: _stage_table(config, stage, states, drawn, settled[stage], cast[stage]) for stage in STAGES},
        "conflicts": _conflicts(states, settled, cast),
        **_agreement(people, drawn, states, cast, report_of),
        "queue": queue(drawn, adjudicator, states, settled, cast, concerns.by_report(notices)),
        "ledger": states,
        "contributions": contributions(states, reports),
        "votes": history(people.decisions, people.adjudication, report_of),
        "flow": frame("results/screening/flow", flow_rows),
        "identities": checked,
    }


def _settle(
    config: Mapping[str, Any], stage: str, drawn: Assignment, cast: Ballots, third: Mapping[str, Vote]
) -> dict[str, Consensus]:
    full_text = stage == "full_text"
    unsure = full_text or config["screening"]["unsure_counts_as"] == "conflict"
    result = {}
    for report, given in cast.items():
        rules = Rules(drawn.needed(stage, report, given), unsure, reasons_matter=full_text)
        result[report] = decide(given, third.get(report), rules)
    return result


def _agreement(
    people: People, drawn: Assignment, states: pd.DataFrame, cast: Mapping[str, Ballots], report_of: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Agreement of pairs and of all, over all reports that a stage concerns, and for a pilot and the rest apart."""
    of_pairs: list[Row] = []
    of_all: list[Row] = []
    for stage in STAGES:
        before = before_consensus(people.decisions[stage], people.adjudication[stage], cast[stage], report_of)
        every = concerned(stage, states)
        rounds = {"all": every}
        if any(drawn.in_pilot(stage, report) for report in every):
            rounds["pilot"] = [report for report in every if drawn.in_pilot(stage, report)]
            rounds["main"] = [report for report in every if not drawn.in_pilot(stage, report)]
        for name, members in rounds.items():
            judged = [(before.get(report, {}), cast[stage].get(report, {})) for report in members]
            of_pairs += pairs(stage, name, judged)
            of_all += agreement_all(stage, name, [votes_before for votes_before, _ in judged])
    return {
        "agreement": frame("results/screening/agreement", of_pairs),
        "agreement_all": frame("results/screening/agreement_all", of_all),
    }


def _stage_table(
    config: Mapping[str, Any], stage: str, states: pd.DataFrame, drawn: Assignment, settled: Mapping[str, Consensus],
    cast: Ballots,
) -> pd.DataFrame:  # fmt: skip
    reviewers = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    rows: list[Row] = []
    for report in sorted({*concerned(stage, states), *cast}):
        outcome = settled.get(report, Consensus("incomplete"))
        given = cast.get(report, {})
        row: Row = {"report_id": report, "consensus": outcome.consensus, "decision": outcome.decision}
        row |= {"reason": outcome.reason, "kind": outcome.kind, "needed": drawn.needed(stage, report, given)}
        row["round"] = "pilot" if drawn.in_pilot(stage, report) else "main"
        row["reasons"] = join_list(f"{who}={vote.reason}" for who, vote in given.items() if vote.reason)
        rows.append(row | {who: vote.shown() for who, vote in given.items()})
    return frame(f"results/screening/{stage}", rows, sorted(reviewers))


def _conflicts(
    states: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]], cast: Mapping[str, Ballots]
) -> pd.DataFrame:
    titles = dict(zip(states["report_id"], states["title"], strict=True))
    rows: list[Row] = []
    for stage in STAGES:
        for report in waiting(states, f"conflict_{stage}"):
            given = join_list(f"{who}={vote.shown()}" for who, vote in cast[stage][report].items())
            row = {"stage": stage, "report_id": report, "kind": settled[stage][report].kind}
            rows.append(row | {"votes": given, "title": titles[report]})
    return frame("results/screening/conflicts", rows)
