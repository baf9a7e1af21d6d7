"""What waits for whom, and the worksheets to answer it with."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow.assignment import Assignment
from reviewflow.formulas import neutral
from reviewflow.tables import frame

from .consensus import Consensus
from .ledger import waiting
from .votes import STAGES, Vote

Row = dict[str, Any]


def queue(
    assignment: Assignment, adjudicator: str, ledger: pd.DataFrame, settled: Mapping[str, Mapping[str, Consensus]],
    cast: Mapping[str, Mapping[str, Mapping[str, Vote]]], said: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Table queue; `said` is what notices say of reports."""
    rows: list[Row] = []
    titles = dict(zip(ledger["report_id"], ledger["title"], strict=True))

    def ask(stage: str, report: str, task: str, person: str, file: str) -> None:
        row = {"stage": stage, "report_id": report, "task": task, "person": person}
        rows.append(row | {"file": f"records/{file}", "title": titles[report], "notice": said.get(report, "")})

    for stage in STAGES:
        for report in waiting(ledger, f"awaiting_{stage}"):
            for who in assignment.missing(stage, report, cast[stage].get(report, {})):
                ask(stage, report, "decide", who, f"screening/{stage}/{who}.csv")
        for report in waiting(ledger, f"conflict_{stage}"):
            task = "resolve_collision" if settled[stage][report].kind == "collision" else "adjudicate"
            ask(stage, report, task, adjudicator, f"screening/{stage}/adjudication.csv")
    for report in waiting(ledger, "awaiting_retrieval"):
        ask("retrieval", report, "retrieve", "", "screening/retrieval.csv")
    for report in ledger[(ledger["state"] == "included") & (ledger["study_ids"] == "")]["report_id"]:
        ask("extraction", report, "link_to_study", "", "extraction/study_reports.csv")
    return frame("results/screening/queue", rows)


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
    return {"record_id": report.name} | {name: neutral(text) for name, text in shown.items()}
