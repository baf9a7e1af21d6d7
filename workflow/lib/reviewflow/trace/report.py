"""The life of reports: from the exports to the state in the ledger."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import polars as pl

from reviewflow.tables import parse_time

from . import places
from .source import Row, Source
from .tree import Record, Report, Stage

STAGES = ("title_abstract", "full_text")


def records_of(source: Source, clusters: Sequence[Row]) -> list[Record]:
    """The records of clusters with their sightings, founders first, then by name."""
    sightings = _by(
        source.within("results/search/records", "record_id", {c["record_id"] for c in clusters}), "record_id"
    )
    joined: dict[str, list[Row]] = _by(clusters, "record_id")
    found = [_record(name, rows, sightings.get(name, [])) for name, rows in joined.items()]
    return sorted(found, key=lambda record: (not record.founder, record.record_id))


def lone_record(source: Source, record_id: str) -> Record:
    """A record that no cluster has, as before deduplication."""
    sightings = source.within("results/search/records", "record_id", {record_id})
    return Record(record_id, "", False, "", "", None, [], sightings)


def _record(name: str, rows: Sequence[Row], sightings: list[Row]) -> Record:
    # A record of several sightings has one row that says what joined it, and same_record on the others.
    own = next((row for row in rows if row["founder"] or row["matched_by"] != "same_record"), rows[0])
    founder = any(row["founder"] for row in rows)
    rule = (own["matched_by"], own["matched_to"], own["score"])
    return Record(name, own["report_id"], founder, *rule, [*rows], sightings)


def reports(source: Source, ids: Collection[str], page: Collection[str]) -> list[Report]:
    """Reports by their ids, each table read once for all of them. `page` has the ids of the report's page."""
    clusters = source.within("results/dedupe/clusters", "report_id", ids)
    records = _by_report(records_of(source, clusters))
    home = {c["record_id"]: c["report_id"] for c in clusters}
    by_report = {
        name: _by(source.within(f"results/{name}", "report_id", ids), "report_id")
        for name in ("dedupe/reports", "dedupe/merged_fields", "screening/votes", "screening/ledger",
                     "screening/conflicts", "screening/queue", *(f"screening/{stage}" for stage in STAGES))
    }  # fmt: skip
    by_record = {
        "links": _homed(source.within("records/extraction/study_reports", "record_id", home), home, "record_id"),
        "retrieval": _homed(source.within("records/screening/retrieval", "record_id", home), home, "record_id"),
        "rulings": _homed(_touching(source, "records/dedupe/rulings", home), home, "record_a", "record_b"),
        "pairs": _homed(_touching(source, "results/dedupe/doubtful_pairs", home), home, "record_a", "record_b"),
    }
    notices = _notices(source, set(ids))
    pair_order = places.pair_order(source) if by_record["pairs"] else {}

    def built(name: str) -> Report:
        of = {table: rows.get(name, []) for table, rows in by_report.items()}
        at = {table: rows.get(name, []) for table, rows in by_record.items()}
        fields, ledger = _first(of["dedupe/reports"]), _first(of["screening/ledger"])
        own = records.get(name, [])
        stages = {stage: _stage(stage, of) for stage in STAGES}
        also = [("notices", "notices")] if notices.get(name) else []
        also += [("conflicts", "conflicts left")] if of["screening/conflicts"] else []
        also += [(f"pair-{pair_order.get(pair['rank'], 0)}", "doubtful pair") for pair in at["pairs"]]
        shown = places.of_report(name, own, ledger, also, page)
        return Report(
            name, fields, own, of["dedupe/merged_fields"], at["rulings"], at["pairs"], notices.get(name, []),
            stages["title_abstract"], stages["full_text"], at["retrieval"], ledger, of["screening/queue"],
            at["links"], shown,
        )  # fmt: skip

    return [built(name) for name in ids]


def _stage(stage: str, of: dict[str, list[Row]]) -> Stage:
    votes = sorted((v for v in of["screening/votes"] if v["stage"] == stage), key=_time)
    conflict = [row for row in of["screening/conflicts"] if row["stage"] == stage]
    given = {role: [v for v in votes if v["role"] == role] for role in ("reviewer", "adjudicator")}
    return Stage(given["reviewer"], given["adjudicator"], _first(of[f"screening/{stage}"]), _first(conflict))


def _time(vote: Row) -> tuple[float, str, int]:
    """Oldest first; an imported line without a time is older than all that have one."""
    instant = parse_time(vote["decided_at"])
    return (instant.timestamp() if instant else float("-inf"), str(vote["file"]), int(vote["line"] or 0))


def _notices(source: Source, ids: set[str]) -> dict[str, list[Row]]:
    """Notices by the report that they concern, and by the report that is the notice."""
    where = pl.col("report_id").is_in(sorted(ids)) | pl.col("about").is_in(sorted(ids))
    found: dict[str, list[Row]] = {}
    for row in source.rows("results/dedupe/notices", where):
        for name in dict.fromkeys((row["about"], row["report_id"])):
            found.setdefault(name, []).append(row)
    return found


def _touching(source: Source, table: str, records: Collection[str]) -> list[Row]:
    """Rows on pairs of which one record is among `records`."""
    named = sorted(records)
    return source.rows(table, pl.col("record_a").is_in(named) | pl.col("record_b").is_in(named)) if named else []


def _homed(rows: Sequence[Row], home: dict[str, str], *columns: str) -> dict[str, list[Row]]:
    """Rows by the reports of the records that they name."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for name in dict.fromkeys(home[row[c]] for c in columns if row[c] in home):
            found.setdefault(name, []).append(row)
    return found


def _by_report(records: Sequence[Record]) -> dict[str, list[Record]]:
    return _grouped(records, lambda record: record.report_id)


def _by(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    return _grouped(rows, lambda row: row[column])


def _grouped(entries: Sequence[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for entry in entries:
        found.setdefault(key(entry), []).append(entry)
    return found


def _first(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None
