"""`reviewflow audit`: are the decisions as they were written, independent and possible, and do the counts add up?"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewflow.faults import DataFaults

if TYPE_CHECKING:
    import pandas as pd

    from reviewflow.audit import Finding
    from reviewflow.screening import People

_SEVERITIES = ("error", "warning", "note")
_NEEDED = ("search/records", "search/balance", "dedupe/clusters", "dedupe/reports", "dedupe/notices")
_MAKE = "run `snakemake screening`"
# So many names stand in one finding; the rest are counted.
_NAMED = 5


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    audit = commands.add_parser("audit", help="check all decisions: seals, independence, times, what is left")
    audit.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    least = "show findings of this severity and graver ones (default: note, that is all)"
    audit.add_argument("--severity", choices=_SEVERITIES, default="note", help=least)
    audit.add_argument("--json", action="store_true", help="print JSON in place of lines")
    audit.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print what was found; 1 where there is an error."""
    from reviewflow.audit import counts, ordered

    with chdir(chosen.directory):
        found = ordered(_found())
    tally = counts(found)
    worst = _SEVERITIES.index(chosen.severity) + 1
    shown = [finding for finding in found if finding.rank <= worst]
    sys.stdout.write(_as_json(shown, tally) if chosen.json else _as_lines(shown, tally))
    return 1 if tally["error"] else 0


def _as_json(shown: "list[Finding]", tally: dict[str, int]) -> str:
    said = {"counts": tally, "findings": [finding._asdict() for finding in shown]}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _as_lines(shown: "list[Finding]", tally: dict[str, int]) -> str:
    from reviewflow.audit import several

    lines = [f"{finding.severity:<8} {finding}" for finding in shown]
    total = ", ".join(several(n, severity) for severity, n in tally.items())
    return "\n".join([*lines, *([""] if lines else []), f"Audit: {total}."]) + "\n"


def _found() -> "Iterator[Finding]":
    """All findings of the review in the working directory, from the files as they are now."""
    from reviewflow.audit import Finding
    from reviewflow.config import read_config

    try:
        config = read_config()
    except DataFaults as faults:
        yield from _faults(faults)
        yield Finding("note", "results", "no decision was looked at while config/config.yaml cannot be read")
        return
    faulty = list(_gate(config))
    yield from faulty
    people, unread = _people(config)
    lacking = list(_lacking(people, whole=not faulty and not unread))
    yield from lacking
    yield from _from_files(people) if lacking else _from_results(config, people)


def _faults(faults: DataFaults) -> "Iterator[Finding]":
    from reviewflow.audit import Finding

    for fault in faults.faults:
        column = f"{fault.column}: " if fault.column else ""
        place = {"file": fault.file, "line": fault.line or None}
        yield Finding("error", "gate", f"{column}{fault.problem}", fault.mend, **place)  # type: ignore[arg-type]


def _gate(config: dict[str, Any]) -> "Iterator[Finding]":
    """Faults of all that people wrote, as Snakemake would stop at them."""
    from reviewflow.check import check_review
    from reviewflow.config import CONFIG, without_config
    from reviewflow.provenance import people_files

    files = people_files("config", "records")
    if CONFIG not in files:
        yield from _faults(DataFaults(without_config(files)))
    try:
        check_review(config)
    except DataFaults as faults:
        yield from _faults(faults)


def _people(config: dict[str, Any]) -> "tuple[People, bool]":
    """What people wrote, without the files that cannot be read, and whether there are such files. The gate has named
    their faults."""
    from reviewflow import records
    from reviewflow.screening import STAGES, People
    from reviewflow.tables import empty_people

    unread = []

    def read(table: str, file: str) -> "pd.DataFrame":
        try:
            return records.read(table, file)
        except DataFaults:
            unread.append(file)
            return empty_people(table)

    screening = config["screening"]
    names = [*screening["reviewers"], *screening["former_reviewers"]]
    folder, table = "records/screening", "records/screening/decisions"
    decisions = {stage: {name: read(table, f"{folder}/{stage}/{name}.csv") for name in names} for stage in STAGES}
    rulings = {stage: read(f"{folder}/adjudication", f"{folder}/{stage}/adjudication.csv") for stage in STAGES}
    plain = [read(name, f"{name}.csv") for name in (f"{folder}/retrieval", "records/extraction/study_reports")]
    return People(decisions, rulings, *plain), bool(unread)


def _lacking(people: "People", *, whole: bool) -> "Iterator[Finding]":
    """Why the reports that decisions are about are not known, where that is so."""
    from reviewflow.audit import Finding

    unchecked = "independence, effects, times of searches, seen texts and counts were not checked"
    absent = [_file(name).as_posix() for name in _NEEDED if not _file(name).is_file()]
    if absent or not whole:
        why = f"for {absent[0]} is not there" if absent else "for the files have faults"
        yield Finding("warning", "results", f"{unchecked}, {why}", _MAKE if whole else "mend the faults first")
        return
    clusters = "dedupe/clusters"
    unknown = _unknown(people, _read(clusters)[clusters])
    if unknown:
        said = (
            f"{unchecked}, for {len(unknown)} of the records that were decided on are not in it, such as {unknown[0]}"
        )
        yield Finding("warning", "results", said, _MAKE, file=_file(clusters).as_posix())


def _from_files(people: "People") -> "Iterator[Finding]":
    """What the decision files show by themselves, each record taken for a report of its own."""
    from reviewflow.audit import lines_of, of_files, of_lines
    from reviewflow.screening import history

    frames = [events for files in people.decisions.values() for events in files.values()]
    records = {record for events in [*frames, *people.adjudication.values()] for record in events["record_id"]}
    votes = history(people.decisions, people.adjudication, {record: record for record in records})
    lines = lines_of(votes)
    yield from of_files(people, lines)
    yield from of_lines(lines, datetime.now(UTC))


def _from_results(config: dict[str, Any], people: "People") -> "Iterator[Finding]":
    """Everything, from results/ of the earlier stages and screening made anew in memory."""
    from reviewflow import audit, records, screening
    from reviewflow.boxes import BrokenIdentity

    tables = _read(*_NEEDED)
    found = [tables[name] for name in ("search/records", "dedupe/clusters", "dedupe/reports", "dedupe/notices")]
    searches, amendments = records.one("records/search/searches"), records.one("records/amendments")
    try:
        made = screening.build(config, people, searches, *found)
    except BrokenIdentity as broken:
        for said in str(broken).splitlines():
            yield audit.Finding("error", "identity", said, "the flow diagram would be wrong; report this")
        yield from _from_files(people)
        return
    lines = audit.lines_of(made["votes"])
    yield from audit.of_files(people, lines)
    yield from audit.of_lines(lines, datetime.now(UTC))
    yield from audit.independence(lines)[1]
    material = audit.Material(config, people, searches, *found)
    yield from audit.of_review(material, made, lines, tables["search/balance"], amendments)
    if _file("synthesis/identities").is_file():
        pooled = _read("synthesis/identities")["synthesis/identities"]
        yield from audit.identities(pooled, "results/synthesis/identities.csv")
    yield from _behind(made)


def _file(name: str) -> Path:
    return Path(f"results/{name}.csv")


def _read(*names: str) -> "dict[str, pd.DataFrame]":
    from reviewflow.tables import read_stages

    return read_stages(str(_file(name)) for name in names)


def _unknown(people: "People", clusters: "pd.DataFrame") -> list[str]:
    """Records that people named and the results do not know."""
    known = set(clusters["record_id"])
    decided = [events for files in people.decisions.values() for events in files.values()]
    named = [*decided, *people.adjudication.values(), people.retrieval, people.study_reports]
    return sorted({record for table in named for record in table["record_id"]} - known)


def _behind(made: "dict[str, pd.DataFrame]") -> "Iterator[Finding]":
    """Whether results/ say what the files of records/ and config/ come to now, and which of these have changed since
    the report was made."""
    from reviewflow.audit import Finding
    from reviewflow.tables import to_csv

    for name, table in made.items():
        file = _file(f"screening/{name}")
        if not file.is_file() or file.read_text(encoding="utf-8") != to_csv(table, f"results/screening/{name}"):
            said = "the table is not what the decisions come to now, or is not there"
            yield Finding("warning", "results", said, _MAKE, file=file.as_posix())
    provenance = Path("results/report/provenance.json")
    changed = _changed(json.loads(provenance.read_text(encoding="utf-8"))) if provenance.is_file() else []
    if changed:
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        said = f"the report was made before these were as they are: {', '.join(changed[:_NAMED])}{more}"
        yield Finding("warning", "results", said, "run `snakemake`", file=provenance.as_posix())


def _changed(provenance: dict[str, Any]) -> list[str]:
    """Files that are not as the report lists them."""
    from reviewflow.provenance import file_digest, people_files

    then = {entry["file"]: entry["sha256"] for entry in provenance.get("inputs", [])}
    now = {file: file_digest(file) for file in people_files("config", "records")}
    return sorted(file for file in then.keys() | now.keys() if then.get(file) != now.get(file))
