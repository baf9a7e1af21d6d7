"""The ledger: one state for each report, from the outcomes of both stages, retrieval and the links to studies."""

from collections.abc import Iterable, Mapping

import pandas as pd

from reviewflow.tables import framed, join_list, rows_of

from .consensus import Consensus

_KEPT = ("report_id", "wave", "route", "n_sightings", "title")


def ledger(
    reports: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]], retrieval: pd.DataFrame,
    study_reports: pd.DataFrame, report_of: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Table ledger, a row a report."""
    found = _retrieval(retrieval, report_of)
    studies: dict[str, list[str]] = {}
    for link in rows_of(study_reports.sort_values("study_id")):
        studies.setdefault(report_of[link["record_id"]], []).append(link["study_id"])
    states = [
        _state(report, route, settled, found)
        for report, route in zip(reports["report_id"].tolist(), reports["route"].tolist(), strict=True)
    ]
    reported = list(zip(reports["report_id"].tolist(), states, strict=True))
    columns: dict[str, Iterable[object]] = {name: reports[name].tolist() for name in _KEPT}
    columns["state"] = states
    columns["reason"] = [
        settled["full_text"][report].reason if state == "excluded_full_text" else "" for report, state in reported
    ]
    columns["study_ids"] = [
        join_list(dict.fromkeys(studies.get(report, []))) if state == "included" else "" for report, state in reported
    ]
    return framed("results/screening/ledger", columns)


def _state(
    report: str, route: str, settled: Mapping[str, Mapping[str, Consensus]], found: Mapping[str, set[str]]
) -> str:
    state = "sought" if route == "other" else _screened(settled["title_abstract"].get(report))
    if state != "sought":
        return state
    status = _status(found.get(report, set()), judged=report in settled["full_text"])
    return _assessed(settled["full_text"].get(report)) if status == "retrieved" else _not_yet(status)


def _retrieval(lines: pd.DataFrame, report_of: Mapping[str, str]) -> dict[str, set[str]]:
    """Every status that the records of a report carry."""
    result: dict[str, set[str]] = {}
    for line in rows_of(lines):
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


def concerned(stage: str, ledger: pd.DataFrame) -> list[str]:
    """Reports that a stage concerns: at title and abstract those of databases and registers, at full text those that
    were retrieved."""
    if stage == "title_abstract":
        return ledger[ledger["route"] == "database"]["report_id"].tolist()
    states = ["awaiting_full_text", "conflict_full_text", "excluded_full_text", "included"]
    return ledger[ledger["state"].isin(states)]["report_id"].tolist()


def waiting(ledger: pd.DataFrame, state: str) -> list[str]:
    """Reports in this state."""
    return ledger[ledger["state"] == state]["report_id"].tolist()
