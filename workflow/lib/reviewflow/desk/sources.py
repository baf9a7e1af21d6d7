"""Reading what the page may know: config/, the reports, who is asked for what, and retrieval; nobody's decisions."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from reviewflow import concerns
from reviewflow.faults import DataFaults
from reviewflow.tables import empty_people, read_people, read_result, rows_of
from reviewflow.tables.columns import read_columns

from .reports import COLUMNS, Reports

_NEEDED = {
    "results/dedupe/reports.csv": COLUMNS,
    "results/dedupe/clusters.csv": ("record_id", "report_id"),
    "results/dedupe/notices.csv": ("report_id", "notice", "notice_role", "about", "tie"),
    "results/screening/queue.csv": ("stage", "report_id", "task", "person"),
}
_QUEUE = "results/screening/queue.csv"
_RETRIEVAL = "records/screening/retrieval.csv"
_REASONS = "config/exclusion_reasons.csv"
# Whose change can change which reports there are and who is asked for them, decisions apart.
_FROM = ("config", "records/search", "records/dedupe", _RETRIEVAL)
_MEND = "run `snakemake screening` (or `make screen`, which does so)"


class NotReady(Exception):
    """results/ has not what the page needs; the text says what to do."""


class Retrieval(NamedTuple):
    """What became of the full text of a report."""

    status: str
    file: str
    note: str


@dataclass(frozen=True)
class Sources:
    """The tables, and the state of their files when they were read."""

    root: Path
    reports: Reports
    report_of: Mapping[str, str]
    queue: pl.DataFrame
    reasons: Mapping[str, str]
    retrieval: Mapping[str, Retrieval]
    awaiting_retrieval: frozenset[str]
    state: tuple[tuple[int, int], ...]

    def assigned(self, stage: str, person: str) -> list[str]:
        """Reports that wait for this person's decision at a stage; the rows of others are not looked at."""
        mine = (pl.col("stage") == stage) & (pl.col("task") == "decide") & (pl.col("person") == person)
        return [str(report) for report in self.queue.filter(mine)["report_id"].to_list()]

    def renewed(self) -> "Sources | None":
        """The tables read anew, or None where they are the same, the workflow is about to write them, or a file of
        people has a fault: then what was there goes on, as in the workflow, which stops at the fault."""
        if _state(self.root) == self.state:
            return None
        try:
            return load(self.root)
        except (NotReady, DataFaults, pl.exceptions.PolarsError, OSError):
            return None


def load(root: Path) -> Sources:
    """Read all of it. Raises NotReady, and DataFaults for what people wrote."""
    state = _state(root)
    for file, columns in _NEEDED.items():
        _require(root, file, columns)
    # What people write comes first: a fault there is found before the large tables are read.
    reasons, retrieved = _reasons(root), _people(root, "records/screening/retrieval", _RETRIEVAL)
    tables = {file: read_columns(root / file) for file in _NEEDED if not file.endswith("notices.csv")}
    said = concerns.by_report(read_result(root / "results/dedupe/notices.csv"))
    clusters = tables["results/dedupe/clusters.csv"]
    report_of = dict(zip(clusters["record_id"].to_list(), clusters["report_id"].to_list(), strict=True))
    queue = tables[_QUEUE].select("stage", "report_id", "task", "person")
    sought = queue.filter(pl.col("stage") == "retrieval")["report_id"].to_list()
    reports = Reports(tables["results/dedupe/reports.csv"], said)
    return Sources(root, reports, report_of, queue, reasons, _retrieval(retrieved, report_of), frozenset(sought), state)


def _require(root: Path, file: str, columns: Iterable[str]) -> None:
    try:
        with open(root / file, encoding="utf-8", newline="") as handle:
            header = handle.readline().rstrip("\r\n").split(",")
    except FileNotFoundError:
        raise NotReady(f"{file} is not there yet; {_MEND}") from None
    lacking = [column for column in columns if column not in header]
    if lacking:
        raise NotReady(f"{file} was made by another version (it has no {', '.join(lacking)}); {_MEND}")


def _people(root: Path, table: str, file: str) -> list[dict[str, str]]:
    path = root / file
    return rows_of(read_people(path, table, root) if path.is_file() else empty_people(table))


def _reasons(root: Path) -> dict[str, str]:
    return {row["reason"]: row["label"] or row["reason"] for row in _people(root, "config/exclusion_reasons", _REASONS)}


def _retrieval(rows: Iterable[Mapping[str, str]], report_of: Mapping[str, str]) -> dict[str, Retrieval]:
    """By report; where its records say different things, the one with a file, else the first."""
    found: dict[str, Retrieval] = {}
    for row in rows:
        report = report_of.get(row["record_id"], "")
        if report and (report not in found or (row["file"] and not found[report].file)):
            found[report] = Retrieval(row["status"], row["file"], row["note"])
    return found


def _state(root: Path) -> tuple[tuple[int, int], ...]:
    return tuple(map(partial(_stamp, root), (*_NEEDED, _REASONS, _RETRIEVAL)))


def _stamp(root: Path, file: str) -> tuple[int, int]:
    try:
        found = os.stat(root / file)
    except OSError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


def newer_than_results(root: Path) -> str:
    """The first file of config/ or records/ that was written after results/ were made; blank where none was."""
    made = _stamp(root, _QUEUE)[1]
    for part in _FROM:
        start = root / part
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            file = path.relative_to(root)
            left = any(name.startswith((".", "~$")) for name in file.parts)
            if not left and path.is_file() and _stamp(root, str(file))[1] > made:
                return file.as_posix()
    return ""
