"""The screening stage: from votes to consensus, ledger, queue and flow."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

import pandas as pd

from reviewflow import concerns
from reviewflow.assignment import Assignment
from reviewflow.boxes import prove
from reviewflow.tables import frame, framed, join_list

from .agreement import Alike, agreement_all, alike, pairs
from .before import before_consensus
from .consensus import Consensus
from .contributions import contributions
from .flow import flow, identities
from .history import history
from .ledger import concerned, waiting
from .queue import queue
from .settle import Ballots, People, said
from .settle import states as settle
from .votes import STAGES, Vote

Row = dict[str, Any]
_NOBODY: Mapping[str, Vote] = {}
_INCOMPLETE = Consensus("incomplete")


def build(
    config: Mapping[str, Any], people: People, searches: pd.DataFrame, sightings: pd.DataFrame,
    clusters: pd.DataFrame, reports: pd.DataFrame, notices: pd.DataFrame,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The tables of results/screening.

    Raises BrokenIdentity with the counts concerned where a PRISMA identity does not hold.
    """
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    spoken = said(people, report_of)
    states, (drawn, settled) = settle(config["screening"], spoken, people, reports, report_of)
    cast = spoken.cast
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


def _agreement(
    people: People, drawn: Assignment, states: pd.DataFrame, cast: Mapping[str, Ballots], report_of: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Agreement of pairs and of all, over all reports that a stage concerns, and for a pilot and the rest apart."""
    of_pairs: list[Row] = []
    of_all: list[Row] = []
    for stage in STAGES:
        before = before_consensus(people.decisions[stage], people.adjudication[stage], cast[stage], report_of)
        every = concerned(stage, states)
        pilot = {report for report in every if drawn.in_pilot(stage, report)}
        rounds: dict[str, Alike] = {
            name: alike((before.get(report, {}), cast[stage].get(report, {})) for report in members)
            for name, members in (("main", [r for r in every if r not in pilot]), ("pilot", pilot))
        }
        rounds = {"all": rounds["main"] + rounds["pilot"]} | (rounds if pilot else {})
        for name, judged in rounds.items():
            of_pairs += pairs(stage, name, judged)
            of_all += agreement_all(stage, name, judged)
    return {
        "agreement": frame("results/screening/agreement", of_pairs),
        "agreement_all": frame("results/screening/agreement_all", of_all),
    }


def _stage_table(
    config: Mapping[str, Any], stage: str, states: pd.DataFrame, drawn: Assignment, settled: Mapping[str, Consensus],
    cast: Ballots,
) -> pd.DataFrame:  # fmt: skip
    reviewers = sorted([*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]])
    reports = sorted({*concerned(stage, states), *cast})
    given = [cast.get(report, _NOBODY) for report in reports]
    outcomes = [settled.get(report, _INCOMPLETE) for report in reports]
    columns: dict[str, Iterable[object]] = {"report_id": reports}
    columns |= {name: map(attrgetter(name), outcomes) for name in Consensus._fields}
    columns["needed"] = [drawn.needed(stage, report, voted) for report, voted in zip(reports, given, strict=True)]
    columns["round"] = ["pilot" if drawn.in_pilot(stage, report) else "main" for report in reports]
    columns["reasons"] = [
        join_list(f"{who}={vote.reason}" for who, vote in voted.items() if vote.reason) for voted in given
    ]
    for who in reviewers:
        columns[who] = [voted[who].shown() if who in voted else "" for voted in given]
    return framed(f"results/screening/{stage}", columns, reviewers)


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
