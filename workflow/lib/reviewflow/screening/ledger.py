"""The ledger: one state for each report, from the outcomes of both stages, retrieval and the links to studies."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.tables import frame, join_list, rows_of

from .consensus import Consensus


def ledger(
    reports: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]], retrieval: pd.DataFrame,
    study_reports: pd.DataFrame, report_of: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Table ledger, a row a report."""
    found = _retrieval(retrieval, report_of)
    studies: dict[str, list[str]] = {}
    for link in rows_of(study_reports.sort_values("study_id")):
        studies.setdefault(report_of[link["record_id"]], []).append(link["study_id"])
    rows = []
    for report in rows_of(reports):
        key = report["report_id"]
        state = "sought" if report["route"] == "other" else _screened(settled["title_abstract"].get(key))
        if state == "sought":
            status = _status(found.get(key, set()), judged=key in settled["full_text"])
            state = _assessed(settled["full_text"].get(key)) if status == "retrieved" else _not_yet(status)
        row = {name: report[name] for name in ("report_id", "wave", "route", "n_sightings", "title")} | {"state": state}
        if state == "excluded_full_text":
            row["reason"] = settled["full_text"][key].reason
        if state == "included":
            row["study_ids"] = join_list(dict.fromkeys(studies.get(key, [])))
        rows.append(row)
    return frame("results/screening/ledger", rows)


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
