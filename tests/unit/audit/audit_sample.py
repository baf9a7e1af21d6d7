"""Small reviews to audit: decisions as lines of files, and the tables that screening makes of them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from reviewflow import audit, screening
from reviewflow.audit import Finding, Line, Material
from reviewflow.events import Journal, seal
from reviewflow.screening import STAGES, People
from reviewflow.tables import empty_people, frame

CONFIG: dict[str, Any] = {
    "screening": {
        "reviewers": ["reviewer_1", "reviewer_2"], "former_reviewers": [], "adjudicator": "reviewer_3",
        "reviewers_per_report": 2, "unsure_counts_as": "include", "seed": "", "pilot": 0, "check_sample": 0,
    }
}  # fmt: skip
SEARCHED = "2019-12-01"
COLUMNS = ("decided_at", "record_id", "decision", "reason", "note")
Decision = tuple[str, ...]


def people_file(stage: str, person: str, *decisions: Decision, sealed: bool = False) -> pd.DataFrame:
    """One file of decisions (time, record, decision, reason), as it is read; sealed in one chain if asked for.

    The person "adjudication" is the adjudicator's file. A fifth cell is `seen`, a sixth `imported`.
    """
    table = f"records/screening/{'adjudication' if person == 'adjudication' else 'decisions'}"
    names = ("decided_at", "record_id", "decision", "reason", "seen", "imported")
    blank = dict.fromkeys(empty_people(table).columns, "") | ({"adjudicator": "reviewer_3"} if "adj" in person else {})
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(decisions, 2):
        row = blank | dict(zip(names, cells, strict=False)) | {"_line": number}
        if sealed:
            before = rows[-1] if rows else {"event_id": "", "seal": ""}
            row |= {"event_id": f"ev_{stage}_{person}_{number}", "previous": before["event_id"]}
            row |= {"seal": seal(stage, person, row, before["seal"])}
        rows.append(row)
    data = pd.DataFrame(rows, columns=list(blank), dtype=object)
    numbers = range(2, len(rows) + 2)
    return data.assign(_file=f"records/screening/{stage}/{person}.csv", _line=numbers)


def people(**files: pd.DataFrame) -> People:
    """What people wrote; files are named by stage and person, such as full_text_reviewer_1."""
    names = [*CONFIG["screening"]["reviewers"], *CONFIG["screening"]["former_reviewers"]]
    blank = {s: {n: files.get(f"{s}_{n}", people_file(s, n)) for n in names} for s in STAGES}
    third = {s: files.get(f"{s}_adjudication", people_file(s, "adjudication")) for s in STAGES}
    retrieval = files.get("retrieval", empty_people("records/screening/retrieval"))
    return People(blank, third, retrieval, empty_people("records/extraction/study_reports"))


def material(reports: dict[str, list[str]], written: People, route: str = "database", **config: Any) -> Material:
    """A review of these reports (report -> its records), found by one search on 2019-12-01."""
    kind = "database" if route == "database" else "citation"
    places = [(report, record) for report, records in reports.items() for record in records]
    sightings = [
        {"record_id": r, "search_id": "s", "wave": 1, "source": "S", "source_type": kind, "export_file": "e",
         "position": i, "line": i, "title": "T", "report_id": k, "founder": r == k}
        for i, (k, r) in enumerate(places)
    ]  # fmt: skip
    merged = [
        {"report_id": k, "wave": 1, "route": route, "n_sightings": len(v), "n_records": len(v), "sources": "S",
         "record_ids": "; ".join(v), "title": f"Title of {k}", "abstract": "Of cells."}
        for k, v in reports.items()
    ]  # fmt: skip
    search = {"search_id": "s", "wave": 1, "source": "S", "source_type": kind, "date_run": SEARCHED}
    tables = [
        frame("results/search/records", sightings),
        frame("results/dedupe/clusters", sightings),
        frame("results/dedupe/reports", merged),
        frame("results/dedupe/notices", []),
    ]
    searches = frame("records/search/searches", [search])
    return Material({"screening": CONFIG["screening"] | config}, written, searches, *tables)


def made(given: Material) -> dict[str, pd.DataFrame]:
    """The tables of screening."""
    return screening.build(*given)


def audited(given: Material, amendments: list[dict[str, object]] | None = None) -> dict[str, pd.DataFrame]:
    """The tables of the audit."""
    written = frame("records/amendments", amendments or [])
    numbered = written.assign(_file="records/amendments.csv", _line=range(2, len(written) + 2))
    return audit.tables(given, made(given), frame("results/search/balance", []), numbered)


def votes(*files: pd.DataFrame, **report_of: str) -> list[Line]:
    """The lines of files, each record a report of its own unless it is said otherwise."""
    named: dict[str, dict[str, pd.DataFrame]] = {stage: {} for stage in STAGES}
    third = {stage: people_file(stage, "adjudication") for stage in STAGES}
    for file in files:
        stage, person = Path(file["_file"].iloc[0]).parent.name, Path(file["_file"].iloc[0]).stem
        if person == "adjudication":
            third[stage] = file
        else:
            named[stage][person] = file
    records = {r for file in files for r in file["record_id"]}
    return audit.lines_of(screening.history(named, third, {r: report_of.get(r, r) for r in records}))


def found(findings: "pd.DataFrame | list[Finding]", check: str) -> list[tuple[str, str, int | None]]:
    """Findings of one check: severity, file and line."""
    rows = findings if isinstance(findings, list) else [Finding(**r) for r in _rows(findings)]
    return [(f.severity, f.file.removeprefix("records/screening/"), f.line) for f in rows if f.check == check]


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.drop(columns="rank").to_dict("records")
    return [
        {**{str(k): v for k, v in row.items()}, "line": None if pd.isna(row["line"]) else row["line"]} for row in rows
    ]


def decide(root: Path, stage: str, person: str, *records: str, decision: str = "exclude", start: int = 0) -> None:
    """Decide as the page does: sealed lines, a minute apart."""
    file = f"records/screening/{stage}/{person}.csv"
    with Journal(root, stage, person, file, COLUMNS) as journal:
        for i, record in enumerate(records):
            when = datetime(2020, 1, 2, 9, start + i, tzinfo=UTC)
            journal.append({"record_id": record, "decision": decision}, when)
