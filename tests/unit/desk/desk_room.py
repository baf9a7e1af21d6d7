"""A small review with results, and the page of it without a door."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reviewflow.config import config_schema, with_defaults
from reviewflow.desk.app import application
from reviewflow.desk.review import Review
from reviewflow.schema import schema
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

REASONS = "reason,label,note\nwrong_design,Wrong design,\nwrong_people,Wrong people,\n"


class Anyone:
    """A door that lets everybody in as one person."""

    def __init__(self, person: str = "reviewer_1") -> None:
        self.person = person

    def around(self, app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                scope = {**scope, "state": {**scope.get("state", {}), "person": self.person, "csrf": "token"}}
            await app(scope, receive, send)

        return guarded


def write(path: Path, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(schema(table).columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def report(i: int | str, **fields: Any) -> dict[str, Any]:
    plain = {"report_id": f"A:{i}", "title": f"Title {i}", "authors": "Doe J; Roe R", "year": "2020", "journal": "J"}
    found = plain | {"abstract": f"Abstract of {i}.", "language": "eng"} | fields
    found |= {"wave": 1, "route": "database", "n_sightings": 1, "n_records": 1, "sources": "A"}
    return {"record_ids": found["report_id"]} | found


def make_review(
    root: Path, reports: list[dict[str, Any]] | None = None, queue: list[dict[str, Any]] | None = None,
    also: Mapping[str, str] | None = None,
) -> Path:  # fmt: skip
    """Five reports that wait for reviewer_1 at title and abstract, unless told otherwise. `also`: a further record
    and the report that it belongs to."""
    listed = [report(i) for i in range(1, 6)] if reports is None else reports
    ids = [str(row["report_id"]) for row in listed]
    asked = [ask(r) for r in ids] if queue is None else queue
    write(root / "results/dedupe/reports.csv", "results/dedupe/reports", listed)
    members = [*zip(ids, ids, strict=True), *(also or {}).items()]
    clusters = [{"record_id": a, "report_id": b, "search_id": "s", "position": 1} for a, b in members]
    write(root / "results/dedupe/clusters.csv", "results/dedupe/clusters", clusters)
    write(root / "results/dedupe/notices.csv", "results/dedupe/notices", [])
    write(root / "results/screening/queue.csv", "results/screening/queue", asked)
    (root / "config").mkdir(exist_ok=True)
    (root / "config/exclusion_reasons.csv").write_text(REASONS, encoding="utf-8")
    return root


def ask(
    report_id: str, stage: str = "title_abstract", person: str = "reviewer_1", task: str = "decide"
) -> dict[str, Any]:
    return {"stage": stage, "report_id": report_id, "task": task, "person": person, "file": "f"}


def config(**screening: Any) -> dict[str, Any]:
    named = {"reviewers": ["reviewer_1", "reviewer_2"], "adjudicator": "reviewer_3"} | screening
    protocol = {"title": "A review", "inclusion": ["Adults"], "exclusion": ["Animals"]}
    filled: dict[str, Any] = with_defaults({"review": protocol, "screening": named}, config_schema())
    return filled


def client(review: Review, person: str = "reviewer_1") -> TestClient:
    return TestClient(application(review, Anyone(person)), raise_server_exceptions=False)


def lines(root: Path, stage: str = "title_abstract", person: str = "reviewer_1") -> list[dict[str, str]]:
    file = root / f"records/screening/{stage}/{person}.csv"
    if not file.exists():
        return []
    with open(file, encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
