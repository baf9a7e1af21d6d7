"""The queue of doubtful pairs: what waits, what lies side by side, and which pairs belong together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from reviewflow.duplicates.difference import difference
from reviewflow.page import wording
from reviewflow.page.document import Difference

from .rulings import Pair, Ruling, key

_FIELDS = ("title", "authors", "year", "journal", "volume", "pages", "doi")
_NAMES = {"doi": "DOI"}
PAIRS = "results/dedupe/doubtful_pairs.csv"
_PLACES = ["record_id", "source", "export_file", "position", "line"]


class Sighting(NamedTuple):
    """Where a record stands: one line of one export."""

    record_id: str
    source: str
    export_file: str
    line: int


@dataclass(frozen=True)
class Doubt:
    """One doubtful pair: its place in the queue and its row of doubtful_pairs.csv."""

    at: int
    pair: Pair
    row: Mapping[str, Any]
    group: str

    @property
    def why(self) -> str:
        """The rule that raised the doubt, in words."""
        return wording.human(self.row["why"])

    @property
    def score(self) -> str:
        """The similarity from 0 to 100."""
        return wording.number(float(self.row["score"]), 1)

    def fields(self) -> list[Difference]:
        """Each field of both sides, with the words that only one of them has."""
        compared = [self._field(name) for name in _FIELDS]
        return [found for found in compared if found.verdict != "not given"]

    def _field(self, name: str) -> Difference:
        label = _NAMES.get(name, name.capitalize())
        return difference(label, self.row[f"{name}_a"], self.row[f"{name}_b"])


class Progress(NamedTuple):
    """How far a group of pairs is that hang together: ruled pairs, all pairs, and the reports that they concern."""

    ruled: int
    pairs: list[Doubt]
    reports: list[str]


@dataclass
class Doubts:
    """The doubtful pairs of a review, in the order of their rank."""

    root: Path
    doubts: list[Doubt] = field(default_factory=list)
    report_of: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._state = self._stamp()
        rows = _read(self.root / PAIRS)
        if rows is None or rows.is_empty():
            return
        clusters = _read(self.root / "results/dedupe/clusters.csv", ["record_id", "report_id"])
        if clusters is not None:
            self.report_of = dict(clusters.iter_rows())
        listed = sorted(rows.iter_rows(named=True), key=lambda row: int(row["rank"]))
        pairs = [(row["record_a"], row["record_b"]) for row in listed]
        groups = _groups([(self._report(a), self._report(b)) for a, b in pairs])
        self.doubts = [
            Doubt(at, pair, row, groups[self._report(pair[0])])
            for at, (pair, row) in enumerate(zip(pairs, listed, strict=True))
        ]

    @property
    def current(self) -> bool:
        """Whether the workflow has not made the pairs anew since they were read."""
        return self._stamp() == self._state

    def _stamp(self) -> tuple[int, int]:
        path = self.root / PAIRS
        found = path.stat() if path.is_file() else None
        return (found.st_size, found.st_mtime_ns) if found else (0, 0)

    @cached_property
    def by_pair(self) -> dict[Pair, Doubt]:
        """Each doubt by its pair, whichever record is named first."""
        return {key(*doubt.pair): doubt for doubt in self.doubts}

    @cached_property
    def _by_group(self) -> dict[str, list[Doubt]]:
        found: dict[str, list[Doubt]] = {}
        for doubt in self.doubts:
            found.setdefault(doubt.group, []).append(doubt)
        return found

    @cached_property
    def _sightings(self) -> dict[str, list[Sighting]]:
        """Of each report in doubt, where its records stand."""
        named = {record for doubt in self.doubts for record in doubt.pair}
        wanted = {self._report(record) for record in named}
        records = [*named, *(r for r, report in self.report_of.items() if report in wanted and r not in named)]
        places = _read(self.root / "results/search/records.csv", _PLACES)
        if places is None:
            return {}
        found: dict[str, list[Sighting]] = {}
        places = places.filter(pl.col("record_id").is_in(records))
        ordered = places.sort("record_id", "export_file", pl.col("position").cast(pl.Int64, strict=False))
        for record, source, export, _, line in ordered.iter_rows():
            found.setdefault(self._report(record), []).append(Sighting(record, source, export, int(line or 0)))
        return found

    def waiting(self, ruled: Mapping[Pair, Ruling]) -> list[Doubt]:
        """Pairs that nobody has ruled on, in order."""
        return [doubt for doubt in self.doubts if key(*doubt.pair) not in ruled]

    def sightings(self, record: str) -> list[Sighting]:
        """Where the record and those that are already one report with it stand, the record itself first."""
        found = self._sightings.get(self._report(record), [])
        return sorted(found, key=lambda sighting: sighting.record_id != record)

    def progress(self, doubt: Doubt, ruled: Mapping[Pair, Ruling]) -> Progress:
        """The group of a pair."""
        pairs = self._by_group[doubt.group]
        reports = dict.fromkeys(self._report(record) for each in pairs for record in each.pair)
        return Progress(sum(key(*each.pair) in ruled for each in pairs), pairs, list(reports))

    def _report(self, record: str) -> str:
        return self.report_of.get(record, record)


def _groups(links: list[Pair]) -> dict[str, str]:
    """Reports that pairs link, each with the one that stands for its group: the first of the alphabet."""
    parent: dict[str, str] = {}

    def top(report: str) -> str:
        while parent.setdefault(report, report) != report:
            parent[report] = parent[parent[report]]
            report = parent[report]
        return report

    for link in links:
        first, other = sorted(map(top, link))
        parent[other] = first
    return {report: top(report) for report in list(parent)}


def _read(path: Path, columns: list[str] | None = None) -> pl.DataFrame | None:
    """A table of results/ as text, or nothing where it is not there."""
    if not path.is_file() or not path.stat().st_size:
        return None
    return pl.read_csv(path, columns=columns, infer_schema=False, empty_string_is_null=False)
