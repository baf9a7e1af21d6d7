"""The gate before every stage: all that people wrote is read and all faults are reported at once.

It runs before any job starts, so that a fault leaves every earlier result in place.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from reviewflow import (
    appraisal,
    dedupe,
    extraction,
    records,
    reported,
    screening,
    search,
    synthesis,
)
from reviewflow.provenance import has_lines, people_files
from reviewflow.tables import DataFaults, Fault, raise_faults, rows_of, split_list

Frames = dict[str, Any]
# Files of these folders belong to somebody whom the config must name, under this key.
_OWNED = (
    ("records/screening/title_abstract", "screening.reviewers"),
    ("records/screening/full_text", "screening.reviewers"),
    ("records/extraction", "extraction.extractors"),
    ("records/appraisal", "appraisal.assessors"),
)
_SHARED = ("adjudication.csv", "study_reports.csv", "overlaps.csv", "certainty.csv", "grade.csv")


class _Reader:
    """Reads tables one after the other and keeps the faults of all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __call__(self, read: Callable[..., Any], *arguments: object) -> Any:
        try:
            return read(*arguments)
        except DataFaults as found:
            self.faults += found.faults
            return None


def check_review(config: Mapping[str, Any]) -> None:
    """Read and check everything in config/ and records/. Raises DataFaults with the faults of all files."""
    reader = _Reader()
    frames = _read(config, reader)
    reader.faults += _strangers(config)
    whole = {name for name, frame in frames.items() if frame is not None}
    for needed, find in _checks(config, frames):
        if whole.issuperset(needed):
            reader.faults += find()
    raise_faults(reader.faults)


def _read(config: Mapping[str, Any], reader: _Reader) -> Frames:
    plain = {
        "analyses": "config/analyses", "outcomes": "config/outcomes", "reasons": "config/exclusion_reasons",
        "searches": "records/search/searches", "rulings": "records/dedupe/rulings", "amendments": "records/amendments",
        "retrieval": "records/screening/retrieval", "study_reports": "records/extraction/study_reports",
        "overlaps": "records/extraction/overlaps",
        "extraction_adjudication": "records/extraction/adjudication", "certainty": "records/appraisal/certainty",
        "appraisal_adjudication": "records/appraisal/adjudication", "grade": "records/appraisal/grade",
        "estimates": "records/published/estimates",
    }  # fmt: skip
    frames: Frames = {name: reader(records.one, table) for name, table in plain.items()}
    for stage in screening.STAGES:
        frames[f"{stage}_decisions"] = reader(records.decisions, config, stage)
        frames[f"{stage}_adjudication"] = reader(records.adjudication, stage)
    for table in ("studies", "arms", "results"):
        frames[table] = reader(records.extracted, config, table)
    frames["risk_of_bias"] = reader(records.appraised, config)
    for name in reported.TABLES:
        read = frames.get(name) if name == "estimates" else reader(records.one, f"records/published/{name}")
        frames[f"published/{name}"] = read
    frames["answers"] = reader(records.answered, config)
    frames["tools"] = reader(_tools)
    files = records.exports()
    named = _named(frames)
    sources = _sources(frames["searches"]) if named and frames["searches"] is not None else {}
    frames["exports"], found, faults = search.survey(files, sources, named)
    reader.faults += faults
    frames["export_files"], frames["copies"] = list(files), search.copies(files)
    # While an export is missing or broken nobody can say which record is unknown.
    frames["record_ids"] = None if faults else found
    return frames


def _tools() -> appraisal.Tools:
    """The tools of appraisal, those of the review included. Raises DataFaults."""
    own, bundled = records.own_tools(), records.bundled_tools()
    raise_faults(appraisal.tool_faults(own, bundled))
    return appraisal.read_tools(bundled | own)


def _named(frames: Frames) -> set[str]:
    """Every record that a table names: only these have to be looked for in the exports."""
    tables = [frames["retrieval"], frames["study_reports"]]
    for stage in screening.STAGES:
        tables += [frames[f"{stage}_adjudication"], *(frames[f"{stage}_decisions"] or {}).values()]
    columns = [table["record_id"] for table in tables if table is not None]
    if frames["rulings"] is not None:
        columns += [frames["rulings"][column] for column in ("record_a", "record_b")]
    return {record_id for column in columns for record_id in column}


def _sources(searches: Any) -> dict[str, str]:
    """The source of each export."""
    return {name: row["source"] for row in rows_of(searches) for name in split_list(row["export_files"])}


def _checks(config: Mapping[str, Any], f: Frames) -> list[tuple[set[str], Callable[[], list[Fault]]]]:
    """What each check needs, and the check: one that lacks a table because of its faults waits for the next run."""

    def people() -> screening.People:
        decisions = {stage: f[f"{stage}_decisions"] for stage in screening.STAGES}
        adjudication = {stage: f[f"{stage}_adjudication"] for stage in screening.STAGES}
        return screening.People(decisions, adjudication, f["retrieval"], f["study_reports"])

    @cache
    def of_search() -> tuple[Fault, ...]:
        read = (f["searches"], f["export_files"], f["exports"])
        return (*search.check(*read, list(records.strategies())), *search.unlisted(*read, f["copies"]))

    def known() -> set[str] | None:
        """The records that are named and are there; None while nobody can say which are unknown."""
        return None if of_search() else f["record_ids"]

    def of_screening() -> list[Fault]:
        return screening.check(config, people(), set(f["reasons"]["reason"]), known())

    def of_extraction() -> list[Fault]:
        tables = (f["studies"], f["arms"], f["results"], f["extraction_adjudication"])
        return extraction.check(config, *tables, f["study_reports"], f["outcomes"], f["overlaps"])

    def of_appraisal() -> list[Fault]:
        people = appraisal.People(*(f[name] for name in judged))
        return appraisal.check(config, f["tools"], people, f["study_reports"], f["analyses"], f["outcomes"])

    voted = {f"{stage}_{kind}" for stage in screening.STAGES for kind in ("decisions", "adjudication")}
    extracted = {"studies", "arms", "results", "extraction_adjudication", "study_reports", "outcomes", "overlaps"}
    judged = ("risk_of_bias", "answers", "appraisal_adjudication", "certainty", "grade")
    appraised = {*judged, "tools", "study_reports", "analyses", "outcomes"}
    published = {f"published/{name}" for name in reported.TABLES}
    settled = ("analyses", "estimates", "outcomes")
    return [
        ({"searches"}, lambda: list(of_search())),
        ({"searches", "rulings"}, lambda: dedupe.check(f["rulings"], known())),
        ({"searches", "reasons", "retrieval", "study_reports"} | voted, of_screening),
        (extracted, of_extraction),
        (appraised, of_appraisal),
        (published, lambda: reported.check({name: f[f"published/{name}"] for name in reported.TABLES})),
        ({*settled}, lambda: synthesis.check(config, *(f[name] for name in settled))),
    ]


def _strangers(config: Mapping[str, Any]) -> list[Fault]:
    """Files of somebody whom the config does not name: they would be left out without a word. Column names alone are
    nothing to leave out, and `reviewflow new` makes such files for people who are called otherwise here."""
    faults = []
    for folder, key in _OWNED:
        group, name = key.split(".")
        named = [*config[group][name], *config[group].get(f"former_{name}", [])]
        for file in people_files(folder):
            owner = file.removeprefix(f"{folder}/").split("/")[0]
            known = owner in _SHARED or owner.removesuffix(".csv") in named or owner.endswith(".md")
            if not known and has_lines(file):
                problem = f'nobody in {key} of config.yaml is called "{owner.removesuffix(".csv")}"'
                faults.append(Fault(file, 0, "", problem, f"add the name to {key}, or move the file away"))
    return faults
