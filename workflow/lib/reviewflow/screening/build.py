"""The screening stage: from votes to consensus, ledger, queue and flow."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow import concerns
from reviewflow.boxes import prove
from reviewflow.tables import frame, join_list, rows_of

from .agreement import pairs
from .consensus import Consensus, Rules, decide
from .contributions import contributions
from .flow import flow, identities
from .history import history
from .votes import STAGES, Vote, ballots, votes

Row = dict[str, Any]


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
    cast = {stage: ballots(people.decisions[stage], report_of) for stage in STAGES}
    settled = {stage: _settle(config, stage, cast[stage], people, report_of) for stage in STAGES}
    ledger = _ledger(reports, settled, cast["full_text"], people, report_of)
    flow_rows = flow(sightings, ledger, searches[["wave", "source", "source_type"]])
    checked = prove(frame("results/screening/identities", identities(flow_rows, ledger, sightings)))
    titles = dict(zip(reports["report_id"], reports["title"], strict=True))
    said = concerns.by_report(notices)
    asked = [row | {"notice": said.get(row["report_id"], "")} for row in _queue(config, ledger, settled, cast, titles)]
    within = {s: {r: cast[s][r] for r in _concerned(s, ledger) if r in cast[s]} for s in STAGES}
    return {
        **{stage: _stage_table(config, stage, ledger, settled[stage], cast[stage]) for stage in STAGES},
        "conflicts": _conflicts(ledger, settled, cast, titles),
        "agreement": frame("results/screening/agreement", [r for s in STAGES for r in pairs(s, within[s])]),
        "queue": frame("results/screening/queue", asked),
        "ledger": ledger,
        "contributions": contributions(ledger, reports),
        "votes": history(people.decisions, people.adjudication, report_of),
        "flow": frame("results/screening/flow", flow_rows),
        "identities": checked,
    }


def _settle(
    config: Mapping[str, Any],
    stage: str,
    cast: Mapping[str, Mapping[str, Vote]],
    people: People,
    report_of: Mapping[str, str],
) -> dict[str, Consensus]:
    screening = config["screening"]
    full_text = stage == "full_text"
    unsure = full_text or screening["unsure_counts_as"] == "conflict"
    rules = Rules(screening["reviewers_per_report"], unsure, reasons_matter=full_text)
    third = votes(people.adjudication[stage], report_of)
    return {report: decide(cast[report], third.get(report), rules) for report in cast}


def _ledger(
    reports: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]], full_text_votes: Mapping[str, object],
    people: People, report_of: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    retrieval = _retrieval(people.retrieval, report_of)
    studies: dict[str, list[str]] = {}
    for link in rows_of(people.study_reports.sort_values("study_id")):
        studies.setdefault(report_of[link["record_id"]], []).append(link["study_id"])
    rows = []
    for report in rows_of(reports):
        key = report["report_id"]
        state = "sought" if report["route"] == "other" else _screened(settled["title_abstract"].get(key))
        if state == "sought":
            status = _status(retrieval.get(key, set()), judged=key in full_text_votes)
            state = _assessed(settled["full_text"].get(key)) if status == "retrieved" else _not_yet(status)
        row = {name: report[name] for name in ("report_id", "wave", "route", "n_sightings", "title")} | {"state": state}
        if state == "excluded_full_text":
            row["reason"] = settled["full_text"][key].reason
        if state == "included":
            row["study_ids"] = join_list(dict.fromkeys(studies.get(key, [])))
        rows.append(row)
    return frame("results/screening/ledger", rows)


def _retrieval(retrieval: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, set[str]]:
    """Every status that the records of a report carry."""
    result: dict[str, set[str]] = {}
    for line in rows_of(retrieval):
        result.setdefault(report_of[line["record_id"]], set()).add(line["status"])
    return result


def _status(statuses: set[str], *, judged: bool) -> str:
    """What holds: a report that was judged was retrieved; one that is both retrieved and not still waits for
    somebody to say which."""
    found = statuses | ({"retrieved"} if judged else set())
    if {"retrieved", "not_retrieved"} <= found:
        return "awaiting"
    return next((s for s in ("retrieved", "not_retrieved") if s in found), "awaiting")


def _screened(outcome: Consensus | None) -> str:
    if outcome is None or outcome.consensus == "incomplete":
        return "awaiting_title_abstract"
    if not outcome.decision:
        return "conflict_title_abstract"
    return "sought" if outcome.decision == "include" else "excluded_title_abstract"


def _not_yet(status: str) -> str:
    return "not_retrieved" if status == "not_retrieved" else "awaiting_retrieval"


def _assessed(outcome: Consensus | None) -> str:
    if outcome is None or outcome.consensus == "incomplete":
        return "awaiting_full_text"
    if not outcome.decision:
        return "conflict_full_text"
    return "included" if outcome.decision == "include" else "excluded_full_text"


def _concerned(stage: str, ledger: pd.DataFrame) -> list[str]:
    """Reports that a stage concerns: at title and abstract those of databases and registers, at full text those that
    were retrieved."""
    if stage == "title_abstract":
        return ledger[ledger["route"] == "database"]["report_id"].tolist()
    states = ["awaiting_full_text", "conflict_full_text", "excluded_full_text", "included"]
    return ledger[ledger["state"].isin(states)]["report_id"].tolist()


def _stage_table(
    config: Mapping[str, Any], stage: str, ledger: pd.DataFrame, settled: Mapping[str, Consensus],
    cast: Mapping[str, Mapping[str, Vote]],
) -> pd.DataFrame:  # fmt: skip
    reviewers = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    rows: list[Row] = []
    for report in sorted({*_concerned(stage, ledger), *cast}):
        outcome = settled.get(report, Consensus("incomplete"))
        given = cast.get(report, {})
        row = {
            "report_id": report,
            "consensus": outcome.consensus,
            "decision": outcome.decision,
            "reason": outcome.reason,
        }
        row["reasons"] = join_list(f"{who}={vote.reason}" for who, vote in given.items() if vote.reason)
        rows.append(row | {who: vote.shown() for who, vote in given.items()})
    return frame(f"results/screening/{stage}", rows, sorted(reviewers))


def _conflicts(
    ledger: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]],
    cast: Mapping[str, Mapping[str, Mapping[str, Vote]]], titles: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    rows: list[Row] = []
    for stage in STAGES:
        for report in _waiting(ledger, f"conflict_{stage}"):
            given = join_list(f"{who}={vote.shown()}" for who, vote in cast[stage][report].items())
            row = {"stage": stage, "report_id": report, "kind": settled[stage][report].kind}
            rows.append(row | {"votes": given, "title": titles[report]})
    return frame("results/screening/conflicts", rows)


def _waiting(ledger: pd.DataFrame, state: str) -> list[str]:
    return ledger[ledger["state"] == state]["report_id"].tolist()


def _queue(
    config: Mapping[str, Any], ledger: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]],
    cast: Mapping[str, Mapping[str, Mapping[str, Vote]]], titles: Mapping[str, str],
) -> list[Row]:  # fmt: skip
    screening = config["screening"]
    rows: list[Row] = []

    def ask(stage: str, report: str, task: str, person: str, file: str) -> None:
        row = {"stage": stage, "report_id": report, "task": task, "person": person}
        rows.append(row | {"file": f"records/{file}", "title": titles[report]})

    for stage in STAGES:
        for report in _waiting(ledger, f"awaiting_{stage}"):
            for who in missing(report, screening, cast[stage].get(report, {})):
                ask(stage, report, "decide", who, f"screening/{stage}/{who}.csv")
        for report in _waiting(ledger, f"conflict_{stage}"):
            task = "resolve_collision" if settled[stage][report].kind == "collision" else "adjudicate"
            ask(stage, report, task, screening["adjudicator"], f"screening/{stage}/adjudication.csv")
    for report in _waiting(ledger, "awaiting_retrieval"):
        ask("retrieval", report, "retrieve", "", "screening/retrieval.csv")
    for report in ledger[(ledger["state"] == "included") & (ledger["study_ids"] == "")]["report_id"]:
        ask("extraction", report, "link_to_study", "", "extraction/study_reports.csv")
    return rows


def missing(report: str, screening: Mapping[str, Any], voted: Iterable[str]) -> list[str]:
    """Reviewers whose vote a report still needs. Who judges which report is drawn by a digest of report and name
    (rendezvous hashing), so that nobody's share moves when a reviewer joins or leaves or a record arrives."""
    done = set(voted)
    open_seats = screening["reviewers_per_report"] - len(done)
    others = [r for r in screening["reviewers"] if r not in done]
    return sorted(
        sorted(others, key=lambda r: hashlib.sha256(f"{report}\x1f{r}".encode()).digest())[: max(open_seats, 0)]
    )


def worksheets(config: Mapping[str, Any], queue: pd.DataFrame, reports: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A worksheet for each stage and reviewer, named stage_reviewer, with the reports that wait for a decision."""
    text = reports.set_index("report_id")
    result = {}
    for stage in STAGES:
        for reviewer in config["screening"]["reviewers"]:
            mine = queue[(queue["stage"] == stage) & (queue["task"] == "decide") & (queue["person"] == reviewer)]
            rows = [
                _worksheet_row(text.loc[report]) | {"notice": notice}
                for report, notice in zip(mine["report_id"], mine["notice"], strict=True)
            ]
            result[f"{stage}_{reviewer}"] = frame("results/screening/worksheets", rows)
    return result


def _worksheet_row(report: "pd.Series[Any]") -> Row:
    both = " | ".join(t for t in (report["title"], report["translated_title"]) if t)
    shown = {"title": both, "year": "" if report["year"] is pd.NA else str(report["year"])}
    shown |= {name: report[name] for name in ("authors", "journal", "abstract")}
    return {"record_id": report.name} | {name: inert(text) for name, text in shown.items()}


def inert(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
