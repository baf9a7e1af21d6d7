"""The files of records/ and config/ as typed frames; a file that is not there is an empty frame."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from reviewflow.form import own_columns
from reviewflow.provenance import WORKFLOW, people_files
from reviewflow.tables import Column, DataFaults, Fault, empty_people, raise_faults, read_people

# A review lives in the working directory (snakemake --directory).
ROOT = Path()


def read(table: str, file: str, extra: Sequence[str | Column] = ()) -> pd.DataFrame:
    """One file that people wrote, by the name of its schema. Raises DataFaults."""
    path = ROOT / file
    return read_people(path, table, ROOT, extra) if path.is_file() else empty_people(table, extra)


def one(table: str) -> pd.DataFrame:
    """A table whose file bears the name of its schema, such as records/search/searches. Raises DataFaults."""
    return read(table, f"{table}.csv")


class Content:
    """The bytes of a file, of which only the part that is asked for is read."""

    def __init__(self, path: Path) -> None:
        self._path, self._size = path, path.stat().st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        with self._path.open("rb") as handle:
            handle.seek(start)
            return handle.read(max(stop - start, 0))


def exports() -> dict[str, Content]:
    """Content of every file in records/search/exports by its name."""
    folder = "records/search/exports"
    return {Path(f).relative_to(folder).as_posix(): Content(Path(f)) for f in people_files(folder)}


def strategies() -> dict[str, str]:
    """Text of every file in records/search/strategies by its name."""
    folder = "records/search/strategies"
    return {
        Path(f).relative_to(folder).as_posix(): Path(f).read_text(encoding="utf-8-sig", errors="replace")
        for f in people_files(folder)
    }


def decisions(config: Mapping[str, Any], stage: str) -> dict[str, pd.DataFrame]:
    """Each reviewer's decisions at a stage."""
    everyone = (*config["screening"]["reviewers"], *config["screening"]["former_reviewers"])
    files = {name: f"records/screening/{stage}/{name}.csv" for name in everyone}
    return _every("records/screening/decisions", files)


def adjudication(stage: str) -> pd.DataFrame:
    """The adjudicator's decisions at a stage."""
    return read("records/screening/adjudication", f"records/screening/{stage}/adjudication.csv")


def extracted(config: Mapping[str, Any], table: str) -> dict[str, pd.DataFrame]:
    """One table (studies, arms or results) of each extractor, with the review's own columns."""
    files = {name: f"records/extraction/{name}/{table}.csv" for name in config["extraction"]["extractors"]}
    return _every(f"records/extraction/{table}", files, own_columns(config, table))


def appraised(config: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Each assessor's judgements of risk of bias."""
    return _assessed(config, "risk_of_bias")


def answered(config: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Each assessor's answers to signalling questions."""
    return _assessed(config, "answers")


def _assessed(config: Mapping[str, Any], table: str) -> dict[str, pd.DataFrame]:
    files = {name: f"records/appraisal/{name}/{table}.csv" for name in config["appraisal"]["assessors"]}
    return _every(f"records/appraisal/{table}", files)


def named(*tables: str) -> dict[str, pd.DataFrame]:
    """Tables whose files bear the names of their schemas, by those names. Raises DataFaults."""
    return {table: one(table) for table in tables}


def bundled_tools() -> dict[str, str]:
    """Text of each tool of appraisal that comes with the workflow, by the name of its file."""
    return {file.name: file.read_text(encoding="utf-8") for file in sorted((WORKFLOW / "tools").glob("*.yaml"))}


def own_tools() -> dict[str, str]:
    """Text of each tool of appraisal that the review brings itself, by the name of its file."""
    files = [file for file in people_files("config/tools") if file.endswith((".yaml", ".yml"))]
    return {file: Path(file).read_text(encoding="utf-8-sig", errors="replace") for file in files}


def _every(table: str, files: Mapping[str, str], extra: Sequence[str | Column] = ()) -> dict[str, pd.DataFrame]:
    """The same table of several people. Raises DataFaults with the faults of all files."""
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, file in files.items():
        try:
            frames[name] = read(table, file, extra)
        except DataFaults as found:
            faults += found.faults
    raise_faults(faults)
    return frames


def published(names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Tables of records/published/ by their short names. Raises DataFaults with the faults of all files."""
    frames = _each({name: f"records/published/{name}" for name in names})
    return frames | _each({"analyses": "config/analyses", "outcomes": "config/outcomes"})


def _each(tables: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, table in tables.items():
        try:
            frames[name] = one(table)
        except DataFaults as found:
            faults += found.faults
    raise_faults(faults)
    return frames


def for_report() -> dict[str, pd.DataFrame]:
    """What the report shows of config/ and records/, by the names of the schemas."""
    names = (
        "config/analyses",
        "config/outcomes",
        "config/exclusion_reasons",
        "records/search/searches",
        "records/amendments",
    )
    return {name: one(name) for name in names}
