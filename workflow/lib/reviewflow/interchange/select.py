"""Which records go out, with the fields of the reports or records that they are, and their decisions."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow.faults import Fault, raise_faults
from reviewflow.tables import join_list, parse_time, rows_of

from . import sheet
from .columns import DECISION, FIELDS, PHASES, Row

_STAGES = ("title_abstract", "full_text")
# The tables that are known by name: the table that must be there for each, and how it is made.
TABLES = {
    "reports": "dedupe/reports",
    "records": "search/records",
    "queue": "screening/queue",
    "included": "screening/ledger",
    "excluded": "screening/ledger",
    "awaiting": "screening/ledger",
}
# Everything of results/ that is read where it is there.
READ = (*dict.fromkeys(TABLES.values()), "dedupe/clusters", *(f"screening/{stage}" for stage in _STAGES))
_SETTLED = ("included", "excluded_title_abstract", "excluded_full_text", "not_retrieved")
_DECIDED = {"included": "include", "excluded": "exclude", "awaiting": ""}
_UNSCREENED = ("awaiting_title_abstract", "conflict_title_abstract", "excluded_title_abstract")
# Of one sighting, so that they are those of the record that the report has its name from.
_BY_SIGHTING = {"sources": "source", "searches": "search_id"}


class Wanted(NamedTuple):
    """What is asked for: a table of `TABLES` or a file's name, the stage whose decisions go along (blank: the final
    ones), and the reviewer whose own they are (blank: the consensus)."""

    table: str = "reports"
    stage: str = ""
    reviewer: str = ""


Results = Mapping[str, pd.DataFrame]
Votes = Mapping[str, pd.DataFrame]
# By stage, whether it is said of a record or a report, and which.
Says = dict[tuple[str, str, str], Row]


def needs(wanted: Wanted) -> tuple[str, ...]:
    """Tables of results/ without which there is nothing to give."""
    table = TABLES.get(wanted.table)
    by_stage = (f"screening/{wanted.stage}",) if wanted.stage and wanted.table in _DECIDED else ()
    return ((table,) if table else ()) + by_stage


def records(results: Results, wanted: Wanted, given: pd.DataFrame | None, votes: Votes) -> pd.DataFrame:
    """A table with the columns of `FIELDS` and `DECISION` and the phases of CiteSource, sorted by record_id.

    `results` are the tables of results/ that are there, `given` the table of the team that was named, `votes` the
    lines of the reviewer's own file at each stage. Raises DataFaults where there is no such table or no identifier.
    """
    missing = [name for name in needs(wanted) if name not in results]
    raise_faults(_not_yet(name) for name in missing)
    fields = _Fields(results)
    report_of = _report_of(results)
    says = _own(votes, report_of) if wanted.reviewer else _consensus(results)
    phases = _phases(results)
    rows = []
    for kind, row in _chosen(results, wanted, given, fields):
        report = report_of.get(row["record_id"], row["record_id"])
        names = (("record", row["record_id"]), ("report", report)) if kind == "record" else (("report", report),)
        said = {stage: says[stage, *name] for name in reversed(names) for stage in _STAGES if (stage, *name) in says}
        decided = _holds(said, wanted.stage)
        reviewer = wanted.reviewer if decided["decision"] else ""
        rows.append(row | decided | {"reviewer": reviewer, PHASES: phases.get(report, "search")})
    rows.sort(key=lambda row: row["record_id"])
    return pd.DataFrame(rows, columns=[*FIELDS, *DECISION, PHASES], dtype=object)


def _holds(said: Mapping[str, Row], stage: str) -> Row:
    """The decision at a stage, or else the final one: a report that passed title and abstract and has no decision on
    its full text is neither included nor excluded yet."""
    nothing = dict.fromkeys(DECISION, "")
    if stage:
        return said.get(stage, nothing)
    first = said.get("title_abstract", nothing)
    return said.get("full_text") or (first if first["decision"] == "exclude" else nothing)


def table_of(text: str, file: str) -> pd.DataFrame:
    """A table of the team's own as text. Raises DataFaults with every line that does not fit its header."""
    read = sheet.read(text, file)
    raise_faults(read.faults)
    return pd.DataFrame([row | {"_line": line} for line, row in read.rows], columns=[*read.header, "_line"])


def _not_yet(name: str) -> Fault:
    return Fault(f"results/{name}.csv", 0, "", "is not there yet", f"run `snakemake {name.partition('/')[0]}` first")


def _chosen(
    results: Results, wanted: Wanted, given: pd.DataFrame | None, fields: "_Fields"
) -> Iterator[tuple[str, Row]]:
    """Rows with the fields of each record or report that is asked for, each once, and which of both it is; of the
    sightings, each."""
    if wanted.table == "records":
        key = ["record_id", "search_id", "export_file", "position"]
        for row in rows_of(results["search/records"].sort_values(key, kind="stable")):
            yield "record", _sighting(row)
        return
    table = given if given is not None else results[TABLES[wanted.table]]
    if wanted.table == "queue":
        table = _waiting(table, wanted)
    if wanted.table in _DECIDED:
        table = _in_state(results, wanted)
    name = next((name for name in ("record_id", "report_id") if name in table.columns), "")
    if not name:
        problem = "has neither a column record_id nor report_id"
        raise_faults([Fault(wanted.table, 1, "", problem, "give it one of them")])
    own = [column for column in table.columns if column in FIELDS and column != "record_id"]
    blank = [row["_line"] for row in rows_of(table) if not _text(row[name]).strip()]
    raise_faults(Fault(wanted.table, line, name, "the cell is blank", "fill it, or remove the line") for line in blank)
    seen = set()
    for row in rows_of(table):
        record_id = _text(row[name]).strip()
        if record_id not in seen:
            seen.add(record_id)
            cells = {column: _text(row[column]) for column in own} | {"record_id": record_id}
            yield name.removesuffix("_id"), fields.of(record_id) | cells


def _in_state(results: Results, wanted: Wanted) -> pd.DataFrame:
    """Reports by where they stand, or by the consensus of the stage that is asked for."""
    if wanted.stage:
        table = results[f"screening/{wanted.stage}"]
        return table.loc[table["decision"] == _DECIDED[wanted.table], ["report_id"]]
    ledger = results["screening/ledger"]
    if wanted.table == "awaiting":
        return ledger.loc[~ledger["state"].isin(_SETTLED), ["report_id"]]
    return ledger.loc[ledger["state"].str.startswith(wanted.table), ["report_id"]]


def _waiting(queue: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """What waits at the stage that is asked for, and of it what is to be decided by the reviewer."""
    rows = queue if not wanted.stage else queue[queue["stage"] == wanted.stage]
    mine = (rows["task"] == "decide") & (rows["person"] == wanted.reviewer)
    return rows[mine] if wanted.reviewer else rows


class _Fields:
    """The fields of each record, and of each report with those of its founder where it has none of its own."""

    def __init__(self, results: Results) -> None:
        sightings = results.get("search/records")
        self._records: dict[str, Row] = {}
        if sightings is not None:
            key = ["record_id", "search_id", "export_file", "position"]
            for row in rows_of(sightings.sort_values(key, kind="stable").drop_duplicates("record_id")):
                self._records[row["record_id"]] = _sighting(row)
        self._reports: dict[str, Row] = {}
        reports = results.get("dedupe/reports", pd.DataFrame())
        columns = [column for column in reports.columns if column in FIELDS]
        searches = _searches(results)
        for row in rows_of(reports):
            name = row["report_id"]
            own = {column: _text(row[column]) for column in columns}
            self._reports[name] = dict.fromkeys(FIELDS, "") | self._records.get(name, {}) | searches.get(name, {}) | own

    def of(self, record_id: str) -> Row:
        """The report's fields where the identifier is a report's, else the record's; blank where it is neither's."""
        return self._reports.get(record_id) or self._records.get(record_id) or dict.fromkeys(FIELDS, "")


def _sighting(row: Mapping[str, Any]) -> Row:
    named = {name: _text(row[column]) for name, column in _BY_SIGHTING.items()}
    return {name: _text(row.get(name)) for name in FIELDS} | named | {"record_ids": _text(row["record_id"])}


def _searches(results: Results) -> dict[str, Row]:
    """Every search that found a report."""
    clusters = results.get("dedupe/clusters")
    if clusters is None:
        return {}
    found: dict[str, set[str]] = {}
    for report, search in zip(clusters["report_id"], clusters["search_id"], strict=True):
        found.setdefault(report, set()).add(search)
    return {report: {"searches": join_list(sorted(names))} for report, names in found.items()}


def _report_of(results: Results) -> dict[str, str]:
    clusters = results.get("dedupe/clusters")
    return {} if clusters is None else dict(zip(clusters["record_id"], clusters["report_id"], strict=True))


def _consensus(results: Results) -> Says:
    """The decision that holds on each report at each stage."""
    tables = {stage: results[f"screening/{stage}"] for stage in _STAGES if f"screening/{stage}" in results}
    return {
        (stage, "report", row["report_id"]): _decision(stage, row)
        for stage, table in tables.items()
        for row in rows_of(table[table["decision"] != ""])
    }


def _own(votes: Votes, report_of: Mapping[str, str]) -> Says:
    """A reviewer's newest decision on each record, and on the report that it belongs to."""
    says: Says = {}
    for stage, lines in votes.items():
        for row in sorted((row for row in rows_of(lines) if row["decision"]), key=_when):
            record = row["record_id"]
            said = _decision(stage, row)
            says |= {(stage, "record", record): said, (stage, "report", report_of.get(record, record)): said}
    return {name: said for name, said in says.items() if said["decision"] != "withdraw"}


def _when(row: Mapping[str, Any]) -> tuple[str, ...]:
    instant = parse_time(row["decided_at"])
    return (instant.isoformat() if instant else "", row["record_id"], row["decision"], row["reason"])


def _decision(stage: str, row: Mapping[str, Any]) -> Row:
    said = {name: _text(row.get(name)) for name in ("decision", "reason", "note", "decided_at")}
    # The file has an apostrophe before what a spreadsheet would run; each format does that for itself.
    return {"stage": stage, "reviewer": "", **said, "note": sheet.plain(said["note"])}


def _phases(results: Results) -> dict[str, str]:
    """The steps of the search and screening that each report has come through, as CiteSource labels them."""
    ledger = results.get("screening/ledger")
    if ledger is None:
        return {}
    return {
        report: join_list(
            ["search", *(["screened"] if state not in _UNSCREENED else []), *(["final"] if state == "included" else [])]
        )
        for report, state in zip(ledger["report_id"], ledger["state"], strict=True)
    }


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124 NaN alone does
