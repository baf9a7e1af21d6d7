"""Screening: constructed decisions of two reviewers and a third at both stages, and the retrieval between."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from .records import Record
from .reports import Report, rng
from .tables import Row, write

REVIEWERS = ("reviewer_1", "reviewer_2")
ADJUDICATOR = "reviewer_3"
NOTE = "constructed decision for the example"
COLUMNS = ["decided_at", "record_id", "decision", "reason", "note"]
# How many reports the reviewers differ on, and whom the third sides with: with 41 of 255 included these
# numbers give a kappa of about 0.80 at title and abstract and 0.75 at full text.
CONFLICTS_INCLUDED, CONFLICTS_EXCLUDED = 6, 8
CHANGED_MINDS = {"title_abstract": 4, "full_text": 2}
FULL_TEXT_CONFLICTS = {"include": 1, "insufficient_data": 2, "case_controlled": 1}
OTHER_REASON = {"review": "editorial", "conference_abstract": "insufficient_data"}
FIRST_DAY = {
    ("title_abstract", "reviewer_1"): "2019-08-05",
    ("title_abstract", "reviewer_2"): "2019-08-06",
    ("title_abstract", ADJUDICATOR): "2019-08-26",
    ("full_text", "reviewer_1"): "2019-09-16",
    ("full_text", "reviewer_2"): "2019-09-17",
    ("full_text", ADJUDICATOR): "2019-10-07",
}
SESSION = {"title_abstract": 34, "full_text": 7}
MINUTES = {"title_abstract": (1, 5), "full_text": (14, 40)}


@dataclass(frozen=True)
class Vote:
    """A decision on a report, with a reason where one is needed."""

    decision: str
    reason: str = ""


Votes = dict[str, tuple[Vote, Vote]]
Names = dict[str, list[str]]


def write_screening(root: Path, reports: list[Report], found: Mapping[str, list[Record]]) -> None:
    """Everything in records/screening/."""
    names = _names(found)
    sought = [r for r in reports if r.fate != "title_abstract"]
    assessed = [r for r in sought if r.fate != "not_retrieved"]
    verdicts = {r.key: Vote("exclude" if r.fate == "title_abstract" else "include") for r in reports}
    _write_stage(root, "title_abstract", _title_abstract(reports), verdicts, names)
    _write_stage(root, "full_text", _full_text(assessed), {r.key: _verdict(r) for r in assessed}, names)
    columns = ["record_id", "status", "file", "note"]
    write(root / "records/screening/retrieval.csv", columns, _retrieval(sought, names))


def _names(found: Mapping[str, list[Record]]) -> Names:
    """record_ids of each report, the usual one first."""
    names: Names = {}
    for source in "PEWCB":
        for record in found[source]:
            names.setdefault(record.report.key, []).append(record.record_id)
    return names


def _verdict(report: Report) -> Vote:
    return Vote("include") if report.fate == "include" else Vote("exclude", report.fate)


def _title_abstract(reports: list[Report]) -> Votes:
    """Votes on every report; unsure counts as include."""
    draw = rng("title_abstract")
    no = Vote("exclude")
    votes: Votes = {}
    for report in reports:
        yes = (_yes(draw, 0.15), _yes(draw, 0.15))
        votes[report.key] = yes if report.fate != "title_abstract" else (no, no)
    for i, key in enumerate(_contested(reports, draw)):
        doubt = _yes(draw, 0.5)
        votes[key] = (no, doubt) if i % 2 else (doubt, no)
    return votes


def _yes(draw: random.Random, unsure: float) -> Vote:
    return Vote("unsure" if draw.random() < unsure else "include")


def _contested(reports: list[Report], draw: random.Random) -> list[str]:
    """Reports that the two differ on: no included study, and no mouse that anybody would take for a trial."""
    clear = {"mice", "vitro", "nurse"}
    kept = [r.key for r in reports if r.fate not in ("title_abstract", "include")]
    dropped = [r.key for r in reports if r.fate == "title_abstract" and r.topic not in clear]
    return draw.sample(kept, CONFLICTS_INCLUDED) + draw.sample(dropped, CONFLICTS_EXCLUDED)


def _full_text(reports: Iterable[Report]) -> Votes:
    """Votes on every report that was assessed, with the reviewer's own reason for an exclusion."""
    reports = list(reports)
    draw = rng("full_text")
    votes: Votes = {r.key: (_verdict(r), _verdict(r)) for r in reports}
    contested = [
        key
        for fate, count in FULL_TEXT_CONFLICTS.items()
        for key in draw.sample([r.key for r in reports if r.fate == fate], count)
    ]
    for i, key in enumerate(contested):
        right = votes[key][0]
        wrong = Vote("exclude", "insufficient_data") if right.decision == "include" else Vote("include")
        votes[key] = (right, wrong) if i % 2 else (wrong, right)
    for fate, other in OTHER_REASON.items():
        key = draw.choice([r.key for r in reports if r.fate == fate])
        votes[key] = (Vote("exclude", other), votes[key][1])
    return votes


def _write_stage(root: Path, stage: str, votes: Votes, verdicts: Mapping[str, Vote], names: Names) -> None:
    """Both reviewers' logs and the adjudication of what they differ on."""
    folder = root / "records/screening" / stage
    for i, reviewer in enumerate(REVIEWERS):
        lines = _log(stage, reviewer, {key: pair[i] for key, pair in votes.items()}, names)
        write(folder / f"{reviewer}.csv", COLUMNS, lines)
    differing = {key: verdicts[key] for key, pair in votes.items() if _differ(*pair)}
    third = {"note": "constructed adjudication for the example", "adjudicator": ADJUDICATOR}
    settled = [{**line, **third} for line in _log(stage, ADJUDICATOR, differing, names)]
    write(folder / "adjudication.csv", [*COLUMNS, "adjudicator"], settled)


def _differ(a: Vote, b: Vote) -> bool:
    """Whether two votes need the third person: include or unsure against exclude, or another reason."""
    return (a.decision == "exclude") != (b.decision == "exclude") or a.reason != b.reason


def _log(stage: str, person: str, votes: Mapping[str, Vote], names: Names) -> list[Row]:
    """One person's append-only log: a line a report, and an older line where somebody changed their mind."""
    draw = rng("log", stage, person)
    order = list(votes)
    draw.shuffle(order)
    events = [(key, votes[key], NOTE) for key in order]
    for key in draw.sample(order, CHANGED_MINDS[stage] if person in REVIEWERS else 0):
        place = next(i for i, event in enumerate(events) if event[0] == key)
        events[place] = (key, _first_thought(stage, votes[key]), NOTE)
        later = draw.randint(place + 1, len(events))
        events.insert(later, (key, votes[key], f"{NOTE}; changed after a second look"))
    chosen = {key: _chosen(names[key], draw) for key in order}
    lines = zip(_times(stage, person, len(events)), events, strict=True)
    rows = [(time, chosen[key], vote.decision, vote.reason, note) for time, (key, vote, note) in lines]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _first_thought(stage: str, vote: Vote) -> Vote:
    """What somebody decided before changing their mind."""
    if vote.decision != "exclude":
        return Vote("exclude", "insufficient_data" if stage == "full_text" else "")
    return Vote("include" if stage == "full_text" else "unsure")


def _chosen(records: list[str], draw: random.Random) -> str:
    """The record a person happened to open: mostly the usual one of its report."""
    return records[0] if draw.random() < 0.8 else draw.choice(records)


def _times(stage: str, person: str, count: int) -> Iterator[str]:
    """Increasing times in sessions on working days."""
    draw = rng("times", stage, person)
    day = datetime.fromisoformat(FIRST_DAY[stage, person])
    done = 0
    while done < count:
        if day.weekday() < 5:
            now = day + timedelta(hours=9, minutes=draw.randint(0, 40), seconds=draw.randint(0, 59))
            for _ in range(min(SESSION[stage], count - done)):
                yield now.strftime("%Y-%m-%dT%H:%M:%SZ")
                now += timedelta(minutes=draw.randint(*MINUTES[stage]), seconds=draw.randint(0, 59))
                done += 1
        day += timedelta(days=1)


def _retrieval(sought: Iterable[Report], names: Names) -> list[Row]:
    """What became of each full text."""
    draw = rng("retrieval")
    rows = []
    for report in sought:
        missing = report.fate == "not_retrieved"
        status = "not_retrieved" if missing else "retrieved"
        note = "constructed: held by no library that was asked" if missing else "constructed: full text at hand"
        rows.append({"record_id": _chosen(names[report.key], draw), "status": status, "note": note})
    return sorted(rows, key=lambda row: row["record_id"])
