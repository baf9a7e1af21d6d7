"""Small reviews written out: votes, decision lines, and the tables that screening makes of them."""

from typing import Any

import pandas as pd
from reviewflow import screening
from reviewflow.screening import People, Vote
from reviewflow.screening.votes import Ballot
from reviewflow.tables import empty_people, frame, rows_of

CONFIG: dict[str, Any] = {
    "screening": {
        "reviewers": ["reviewer_1", "reviewer_2"], "former_reviewers": [], "adjudicator": "reviewer_3", "reviewers_per_report": 2, "unsure_counts_as": "include",
        "seed": "", "pilot": 0, "check_sample": 0,
    }
}  # fmt: skip


def vote(text: str) -> Vote:
    decision, _, reason = text.partition(":")
    return Vote((Ballot("r", decision, reason),))


def events(*lines: tuple[str, str, str, str], table: str = "decisions") -> pd.DataFrame:
    """Decision lines as (time, record, decision, reason)."""
    rows = [dict(zip(("decided_at", "record_id", "decision", "reason"), line, strict=True)) for line in lines]
    blank = empty_people(f"records/screening/{table}")
    full = [dict.fromkeys(blank.columns, "") | {"adjudicator": "reviewer_3"} | row for row in rows]
    data = pd.DataFrame(full, columns=blank.columns, dtype=object)
    return data.assign(_file=f"{table}.csv", _line=range(2, len(data) + 2))


def review(reports: dict[str, list[str]], **people: Any) -> dict[str, pd.DataFrame]:
    """A review of reports (report_id -> its records) with people's frames by name; absent ones are empty. `screening`
    are keys of config.yaml that differ."""
    config = {"screening": CONFIG["screening"] | people.get("screening", {})}
    everybody = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    found = [
        {"record_id": r, "search_id": "s", "wave": 1, "source": "S", "source_type": people.get("kind", "database"),
         "export_file": "e", "position": i, "line": i, "title": "T"}
        for i, r in enumerate(r for records in reports.values() for r in records)
    ]  # fmt: skip
    route = "database" if people.get("kind", "database") == "database" else "other"
    merged = [
        {"report_id": k, "wave": 1, "route": route, "n_sightings": len(v), "n_records": len(v), "sources": "S",
         "record_ids": "; ".join(v), "title": f"Title of {k}"}
        for k, v in reports.items()
    ]  # fmt: skip
    clusters = [
        {"record_id": r, "search_id": "s", "export_file": "e", "position": i, "report_id": k, "founder": r == k}
        for k, v in reports.items()
        for i, r in enumerate(v)
    ]
    searches = pd.DataFrame({"wave": [1], "source": ["S"], "source_type": [people.get("kind", "database")]})
    blank = {w: events() for w in everybody}
    cast = {stage: blank | people.get(stage, {}) for stage in screening.STAGES}
    third = {s: people.get(f"{s}_adjudication", events(table="adjudication")) for s in screening.STAGES}
    retrieval = people.get("retrieval", empty_people("records/screening/retrieval"))
    links = people.get("links", empty_people("records/extraction/study_reports"))
    tables = [frame(f"results/{n}", t) for n, t in (("search/records", found), ("dedupe/clusters", clusters), ("dedupe/reports", merged))]  # fmt: skip
    notices = people.get("notices", frame("results/dedupe/notices", []))
    return screening.build(config, People(cast, third, retrieval, links), searches, *tables, notices)


def states(result: dict[str, pd.DataFrame]) -> dict[str, str]:
    return dict(zip(result["ledger"]["report_id"], result["ledger"]["state"], strict=True))


def both(*lines: tuple[str, str, str, str]) -> dict[str, pd.DataFrame]:
    return {who: events(*lines) for who in ("reviewer_1", "reviewer_2")}


def count(result: dict[str, pd.DataFrame], data: str, part: str = "") -> int:
    rows = result["flow"]
    return int(rows[(rows["data"] == data) & (rows["wave"] == "all") & (rows["part"] == part)]["n"].sum())


THREE: dict[str, Any] = {"reviewers": ["reviewer_1", "reviewer_2", "reviewer_3"], "adjudicator": "reviewer_9"}


def lines(said: str, day: str = "2020-01-01") -> pd.DataFrame:
    """One reviewer's decisions, as "a include, b exclude:x"."""
    parts = [part.split() for part in said.split(", ") if part]
    return events(*((day, record, *decision.partition(":")[::2]) for record, decision in parts))


def asked(result: dict[str, pd.DataFrame], task: str = "decide") -> list[tuple[str, str]]:
    queue = result["queue"]
    return [(row["report_id"], row["person"]) for row in rows_of(queue[queue["task"] == task])]


def row(result: dict[str, pd.DataFrame], table: str, **key: Any) -> dict[str, Any]:
    """The one row of a table with these values."""
    (found,) = [r for r in rows_of(result[table]) if all(r[name] == value for name, value in key.items())]
    return found
