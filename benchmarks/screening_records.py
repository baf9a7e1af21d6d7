"""Constructed reviews that have been screened, for what reads all decisions: files of records/ and results/ on disk.

Everything that a decision file may hold is in them: sealed lines of the page, lines by hand without seal, minds changed
before and after the other's vote, withdrawals, lines without a decision, times with zones, without a time of day and
none at all, decisions on the second record of a report, a copied line, a broken seal, adjudications that were taken
back, a reviewer who left, a pilot of all reviewers, and reports found by other methods.
"""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reviewflow.events import seal, seen_digest
from reviewflow.schema import schema
from reviewflow.tables import frame, write_results

REVIEWERS, FORMER, ADJUDICATOR = ["reviewer_1", "reviewer_2", "reviewer_3"], ["reviewer_4"], "reviewer_9"
CONFIG: dict[str, Any] = {
    "screening": {
        "reviewers": REVIEWERS, "former_reviewers": FORMER, "adjudicator": ADJUDICATOR, "reviewers_per_report": 2,
        "unsure_counts_as": "conflict", "seed": "s", "pilot": 50, "check_sample": 0,
    }
}  # fmt: skip
REASONS = ["population", "design", "outcome"]
BEGAN = datetime(2020, 1, 2, tzinfo=UTC)
# Sixty words and more a report, as most abstracts have two hundred; the digest of what was seen reads them.
ABSTRACT = "Cells and things in people, a trial of what is known so far. " * 20
Row = dict[str, str]


class _File:
    """One person's decisions at one stage, written as the page writes them or as a person does by hand."""

    def __init__(self, stage: str, person: str, chance: random.Random) -> None:
        self.rows: list[Row] = []
        self._stage, self._person, self._chance = stage, person, chance
        self._last = ("", "")
        third = person == "adjudication"
        self._table = f"records/screening/{'adjudication' if third else 'decisions'}"
        self._blank = dict.fromkeys(("decided_at", "record_id", "decision", "reason", "note", "seen", "imported"), "")
        self._blank |= {"adjudicator": ADJUDICATOR} if third else {}
        self._clock = BEGAN + timedelta(seconds=chance.random() * 10, days=400 * third + 200 * (stage == "full_text"))

    def decide(self, record: str, decision: str, reason: str, seen: str, later: int = 0) -> None:
        """Append one line; of the lines of somebody who left none is sealed, of the others nearly all."""
        self._clock += timedelta(seconds=self._chance.choices((0.4, 5, 20, 60), (1, 99, 200, 99))[0], days=later)
        time = self._clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row = self._blank | {"decided_at": time, "record_id": record, "decision": decision, "reason": reason}
        odd = self._chance.random()
        if odd < 0.002:
            row["decided_at"] = self._clock.date().isoformat()
        elif odd < 0.004:
            row["decided_at"] = self._clock.astimezone(None).isoformat(timespec="minutes")
        elif odd < 0.006:
            row |= {"decided_at": "", "imported": "rayyan.csv"}
        if self._person in FORMER or odd < 0.01:
            self.rows.append(row | {"note": 'by hand, "quoted"', "event_id": "", "previous": "", "seal": ""})
            return
        row |= {"seen": seen, "event_id": f"ev{self._stage}{self._person}{len(self.rows)}", "previous": self._last[0]}
        row["seal"] = seal(self._stage, self._person, row, self._last[1])
        self._last = (row["event_id"], row["seal"])
        self.rows.append(row | ({"note": "changed"} if 0.010 < odd < 0.0105 else {}))

    def write(self, root: Path) -> None:
        """The file, with a line that says nothing and one that stands twice."""
        if len(self.rows) > 2:
            self.rows += [self._blank | {"record_id": self.rows[0]["record_id"]}, self.rows[1]]
        names = [name for name in schema(self._table).columns if name in self._blank]
        names += ["event_id", "previous", "seal"]
        _write(root / f"records/screening/{self._stage}/{self._person}.csv", names, self.rows)


def screened(root: Path, reports: int, seed: int = 1) -> None:
    """Write a review of so many reports with about two votes each at title and abstract, and what follows of them."""
    chance = random.Random(seed)
    records = {f"PubMed:{i}": [f"PubMed:{i}", *([f"Embase:{i}"] if i % 5 == 0 else [])] for i in range(reports)}
    routes = {report: "other" if chance.random() < 0.01 else "database" for report in records}
    _results(root, records, routes)
    stages = ("title_abstract", "full_text")
    files = {(s, p): _File(s, p, chance) for s in stages for p in (*REVIEWERS, *FORMER, "adjudication")}
    digests = {report: seen_digest(f"Title, of {report}", "", ABSTRACT) for report in records}
    onward = [
        report for report in records
        if routes[report] == "other" or _judge(files, stages[0], records[report], digests[report], 0.06, chance)
    ]  # fmt: skip
    found = [report for report in onward if chance.random() < 0.9]
    included = [r for r in found if _judge(files, stages[1], records[r], digests[r], 0.3, chance)]
    for file in files.values():
        file.write(root)
    gone = [{"record_id": r, "status": "not_retrieved" if i % 2 else "awaiting"} for i, r in enumerate(onward[-9:])]
    lines = [{"record_id": report, "status": "retrieved"} for report in found]
    known = {line["record_id"] for line in lines}
    lines += [line for line in gone if line["record_id"] not in known]
    _write(root / "records/screening/retrieval.csv", ["record_id", "status", "file", "note"], lines)
    links = [{"study_id": f"S{i // 2}", "record_id": r, "role": "primary"} for i, r in enumerate(included[:-3])]
    _write(root / "records/extraction/study_reports.csv", ["study_id", "record_id", "role", "note"], links)


def _judge(
    files: Mapping[tuple[str, str], _File], stage: str, records: list[str], seen: str, share: float,
    chance: random.Random,
) -> bool:  # fmt: skip
    """All decisions on one report at one stage, and whether it goes on."""
    wanted = chance.random() < share
    people = chance.sample([*REVIEWERS, *FORMER], 2) if chance.random() < 0.98 else chance.sample(REVIEWERS, 1)
    said = []
    for person in people:
        decision = "include" if wanted else "exclude"
        if chance.random() < 0.03:
            decision = chance.choice(("include", "exclude", "unsure"))
        said.append(decision)
        _lines(files[stage, person], stage, records, seen, decision, chance)
    ruled = len({*said} - {"unsure"}) > 1 or "unsure" in said
    if ruled and chance.random() < 0.8:
        file = files[stage, "adjudication"]
        file.decide(records[0], "include" if wanted else "exclude", _reason(stage, wanted, chance), seen)
        if chance.random() < 0.1:
            file.decide(records[0], "withdraw", "", seen)
        elif chance.random() < 0.1:
            _lines(files[stage, people[0]], stage, records, seen, "exclude", chance)
    return wanted and "exclude" not in said and len(people) == 2


def _lines(file: _File, stage: str, records: list[str], seen: str, decision: str, chance: random.Random) -> None:
    if chance.random() < 0.02:
        first = "exclude" if decision == "include" else "include"
        file.decide(records[0], first, _reason(stage, first == "include", chance), seen)
        file.decide(records[0], "withdraw", "", seen) if chance.random() < 0.3 else None
    if chance.random() < 0.01:
        other = "exclude" if chance.random() < 0.2 else decision
        file.decide(records[-1], other, _reason(stage, other != "exclude", chance), seen)
    file.decide(records[0], decision, _reason(stage, decision != "exclude", chance), seen)
    if chance.random() < 0.001:
        file.decide(records[0], "withdraw", "", seen)


def _reason(stage: str, wanted: bool, chance: random.Random) -> str:
    return "" if wanted or stage == "title_abstract" else chance.choices(REASONS, (8, 1, 1))[0]


def _results(root: Path, records: Mapping[str, list[str]], routes: Mapping[str, str]) -> None:
    """What search and dedupe would have made, and the searches."""
    kinds = {"database": ("db", "PubMed", "database"), "other": ("refs", "reference lists", "citation")}
    sightings: list[dict[str, object]] = []
    for report, own in records.items():
        search, source, kind = kinds[routes[report]]
        for record in own:
            place = {"record_id": record, "search_id": search, "export_file": f"{search}.ris"}
            place |= {"position": len(sightings) + 1, "line": len(sightings) + 1, "wave": 1, "source": source}
            sightings.append(place | {"source_type": kind, "title": f"Title, of {report}", "report_id": report,
                                      "founder": record == report, "abstract": ABSTRACT})  # fmt: skip
    merged = [
        {"report_id": report, "wave": 1, "route": routes[report], "n_sightings": len(own), "n_records": len(own),
         "sources": kinds[routes[report]][1], "record_ids": "; ".join(own), "title": f"Title, of {report}",
         "abstract": ABSTRACT}
        for report, own in records.items()
    ]  # fmt: skip
    retracted = list(records)[7]
    said = {"record_id": retracted, "report_id": retracted, "notice": "retraction", "notice_role": "subject"}
    made: dict[str, Iterable[Mapping[str, object]]] = {"search/records": sightings, "dedupe/clusters": sightings}
    made |= {"dedupe/reports": merged, "dedupe/notices": [said | {"about": retracted, "tie": "own"}]}
    made |= {"search/balance": []}
    tables = {name: frame(f"results/{name}", rows) for name, rows in made.items()}
    write_results(tables, {name: str(root / f"results/{name}.csv") for name in made})
    searches = [
        {"search_id": search, "wave": "1", "source": source, "source_type": kind, "date_run": "2020-01-03"}
        for search, source, kind in kinds.values()
    ]
    _write(root / "records/search/searches.csv", list(schema("records/search/searches").columns), searches)
    change = {"date": "2020-02-01", "section": "eligibility", "change": "no letters"}
    _write(root / "records/amendments.csv", ["date", "section", "change", "reason"], [change])
    reasons = [{"reason": reason, "label": f"Wrong {reason}"} for reason in REASONS]
    _write(root / "config/exclusion_reasons.csv", list(schema("config/exclusion_reasons").columns), reasons)


def _write(path: Path, names: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
