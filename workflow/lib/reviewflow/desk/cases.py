"""Conflicts and collisions as the adjudicator sees them: every vote with its reason, note and time."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from .own import Event
from .sources import NotReady

KINDS = {
    "decision": "The decisions differ",
    "reason": "Excluded by all, for different reasons",
    "unsure": "Somebody is unsure",
    "collision": "A collision: records that were screened apart turn out to be one report, with decisions that differ",
}
_CONFLICTS = "results/screening/conflicts.csv"
_VOTES = "results/screening/votes.csv"
_CELLS = ("reviewer", "decision", "reason", "note", "decided_at", "record_id")


class Vote(NamedTuple):
    """One reviewer's decision that holds on one record."""

    reviewer: str
    decision: str
    reason: str
    note: str
    decided_at: str
    record_id: str


@dataclass(frozen=True)
class Case:
    """One report in conflict; the votes by reviewer, each one's oldest first."""

    report_id: str
    kind: str
    votes: tuple[Vote, ...]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How often each reason was given for an exclusion, the most frequent first."""
        counted = Counter(vote.reason for vote in self.votes if vote.decision == "exclude" and vote.reason)
        return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def decisions(self) -> list[tuple[str, int]]:
        """How often each decision was made."""
        counted = Counter(vote.decision for vote in self.votes)
        return [(decision, counted[decision]) for decision in ("include", "unsure", "exclude") if counted[decision]]

    @property
    def judged(self) -> tuple[str, ...]:
        """The records that carry a vote: a collision is settled for every one of them."""
        return tuple(sorted({vote.record_id for vote in self.votes}))

    @property
    def seen(self) -> str:
        """A digest of the votes, which a form carries: they may have changed before it is sent."""
        told = json.dumps([self.kind, *self.votes], ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Cases(Mapping[str, Case]):
    """The conflicts of one stage, as the workflow last found them. Votes on other reports are never looked at."""

    def __init__(self, root: Path, stage: str) -> None:
        self._root, self._stage = root, stage
        conflicts = _table(root / _CONFLICTS).filter(pl.col("stage") == stage)
        held = (pl.col("stage") == stage) & (pl.col("role") == "reviewer") & (pl.col("holds") == "true")
        votes = _table(root / _VOTES).filter(held & (pl.col("decision") != "withdraw"))
        votes = votes.filter(pl.col("report_id").is_in(conflicts["report_id"].to_list()))
        by_report: dict[str, list[Vote]] = {}
        listed = votes.sort("reviewer", "decided_at", "record_id").select("report_id", *_CELLS)
        for report, *cells in listed.iter_rows():
            by_report.setdefault(report, []).append(Vote(*cells))
        self._cases = {
            report: Case(report, _kind(kind, by_report.get(report, [])), tuple(by_report.get(report, [])))
            for report, kind in conflicts.sort("report_id").select("report_id", "kind").iter_rows()
        }
        self._state = stamp(root)

    def __getitem__(self, report_id: str) -> Case:
        return self._cases[report_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cases)

    def __len__(self) -> int:
        return len(self._cases)

    @property
    def current(self) -> bool:
        """Whether the workflow has not made the tables anew since they were read."""
        return stamp(self._root) == self._state

    @property
    def behind(self) -> bool:
        """Whether reviewers have written decisions since the workflow found these conflicts."""
        folder = self._root / "records/screening" / self._stage
        files = [path for path in folder.glob("*.csv") if path.stem != "adjudication" and path.name[0] != "."]
        made = stamp(self._root)[0][1]
        return any(path.stat().st_mtime_ns > made for path in files)


def settles(case: Case | None, held: Mapping[str, Event], *, reasons_matter: bool) -> bool:
    """Whether adjudications on the records of a report, those that were not withdrawn, settle it: they say one thing,
    and where the report is a collision they cover every record that carries a vote."""
    if not held:
        return False
    decisions = {event.decision for event in held.values()}
    reasons = {event.reason for event in held.values() if event.decision == "exclude"} if reasons_matter else set()
    if len(decisions) > 1 or len(reasons) > 1:
        return False
    return case is None or case.kind != "collision" or set(case.judged) <= set(held)


def stamp(root: Path) -> tuple[tuple[int, int], ...]:
    """The state of the two tables on disk."""
    found = [(root / file).stat() if (root / file).is_file() else None for file in (_CONFLICTS, _VOTES)]
    return tuple((at.st_size, at.st_mtime_ns) if at else (0, 0) for at in found)


def _kind(kind: str, votes: list[Vote]) -> str:
    """A conflict in which nobody excludes, or in which all who decided agree, is about being unsure."""
    sure = {vote.decision for vote in votes} - {"unsure"}
    return "unsure" if kind == "decision" and len(sure) < 2 and any(v.decision == "unsure" for v in votes) else kind


def _table(path: Path) -> pl.DataFrame:
    if not path.is_file():
        where = path.relative_to(path.parents[2]).as_posix()
        raise NotReady(f"{where} is not there yet; run `snakemake screening`")
    return pl.read_csv(path, infer_schema=False, empty_string_is_null=False)
