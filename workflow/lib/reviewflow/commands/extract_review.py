"""What the command `extract` asks of the review: included studies, what is to be extracted, the gate's faults."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from reviewflow import extraction
from reviewflow.extraction.links import included_reports
from reviewflow.faults import Fault, raise_faults
from reviewflow.form.expected import expected, label_of
from reviewflow.form.lines import Line, Lines
from reviewflow.tables import empty_people, read_people, read_result, rows_of

_NEEDED = ("screening/ledger", "dedupe/clusters", "dedupe/reports")


def people(review: Path, table: str) -> pd.DataFrame:
    """A table that people wrote. Raises DataFaults."""
    path = review / f"{table}.csv"
    return read_people(path, table, review) if path.is_file() else empty_people(table)


def included(review: Path) -> list[Line]:
    """Each included report of each study, the primary one first: study_id, report_id, authors, year, title, journal."""
    files = {name: review / f"results/{name}.csv" for name in _NEEDED}
    mend = "run snakemake first: it says which reports are included"
    raise_faults(Fault(str(path), 0, "", "is not there", mend) for path in files.values() if not path.is_file())
    ledger, clusters, reports = (read_result(path) for path in files.values())
    links = people(review, "records/extraction/study_reports")
    fields = {row["report_id"]: row for row in rows_of(reports)}
    found = []
    for study, ids in included_reports(links, ledger, clusters).items():
        for report in ids:
            row = fields.get(report, {})
            line = {"study_id": study, "report_id": report}
            line |= {n: str(row.get(n, "")).replace("<NA>", "") for n in ("authors", "year", "title", "journal")}
            found.append(line)
    return found


def prompts(review: Path, config: Mapping[str, Any], own: Lines, reports: Sequence[Line]) -> Lines:
    """The lines that the extractor has yet to fill in."""
    labels = {line["study_id"]: label_of(line) for line in reversed(reports)}
    analyses = rows_of(people(review, "config/analyses"))
    self_controlled = {name: spec.get("before_after", False) for name, spec in config["comparisons"].items()}
    return expected(dict(sorted(labels.items())), own, analyses, self_controlled)


def choices(review: Path, config: Mapping[str, Any]) -> dict[str, list[str]]:
    """What can be chosen in the columns whose values are the review's."""
    analyses = people(review, "config/analyses")
    return {
        "study_id": sorted(set(people(review, "records/extraction/study_reports")["study_id"])),
        "comparison": list(config["comparisons"]),
        "outcome": people(review, "config/outcomes")["outcome"].tolist(),
        "timepoint": list(dict.fromkeys(analyses["timepoint"])),
    }


def further_faults(
    review: Path, config: Mapping[str, Any], person: str, frames: Mapping[str, pd.DataFrame]
) -> list[Fault]:
    """What the gate would say of these tables of the extractor, were they in records/; nobody else's are looked at."""
    alone = {**config, "extraction": {**config["extraction"], "extractors": [person]}}
    return extraction.check(
        alone,
        {person: frames["studies"]},
        {person: frames["arms"]},
        {person: frames["results"]},
        empty_people("records/extraction/adjudication"),
        people(review, "records/extraction/study_reports"),
        people(review, "config/outcomes"),
    )


def state_file(review: Path, person: str) -> Path:
    """Where it stands what the extractor's files of records/ were when a worksheet was last made or read."""
    return review / "worksheets" / person / ".records"


def state_of(review: Path, person: str) -> bytes:
    """A digest of the extractor's files of records/."""
    whole = sha256()
    for path in sorted((review / "records/extraction" / person).glob("*.csv")):
        whole.update(f"{path.name}\0".encode() + sha256(path.read_bytes()).digest())
    return f"{whole.hexdigest()}\n".encode()


def known_state(review: Path, person: str) -> bool:
    """Whether these files are as they were then; so they are where no worksheet was ever made."""
    file = state_file(review, person)
    return not file.is_file() or file.read_bytes() == state_of(review, person)
