"""`reviewflow import`: the decisions of another tool, as events in the files of the reviewers."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewflow.faults import DataFaults, Fault, raise_faults

if TYPE_CHECKING:
    import pandas as pd

    from reviewflow.interchange import Finder, Incoming, Terms

_STAGES = ("title_abstract", "full_text")
_TABLE = "records/screening/decisions"
_FROM = "results/search/records.csv"
Row = dict[str, str]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    from reviewflow.interchange import FORMATS, TOOLS

    taken = commands.add_parser("import", help="take in the decisions of another tool")
    taken.add_argument("file", metavar="FILE", help="what the tool exported")
    labels = ", ".join(FORMATS[name].label for name in TOOLS)
    taken.add_argument("--format", required=True, choices=TOOLS, help=f"the tool: {labels}")
    taken.add_argument("--stage", required=True, choices=_STAGES, help="the stage that was screened there")
    names = "who a name of the tool is; blank behind = leaves the person out; once a name"
    taken.add_argument("--who", action="append", default=[], metavar="NAME=REVIEWER", help=names)
    taken.add_argument("--as", dest="alone", default="", metavar="REVIEWER", help="who decided what names nobody")
    words = "the code of a reason that the tool words otherwise; blank behind = leaves it in the note; once a reason"
    taken.add_argument("--reason", action="append", default=[], metavar="WORDS=CODE", help=words)
    says = "what the entries were decided to be, where the file is a list of Covidence, which does not say"
    taken.add_argument("--decision", choices=("include", "exclude", "unsure"), default="", help=says)
    taken.add_argument("--log", default="", metavar="FILE", help="customizations_log.csv of Rayyan, out of its archive")
    skip = "leave out the entries that are no record of the review, and list them"
    taken.add_argument("--skip-unmatched", action="store_true", help=skip)
    taken.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")
    taken.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    taken.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Check all of the export, then write all of it, and say what came in."""
    from reviewflow.events import Busy
    from reviewflow.events.imported import append_imported
    from reviewflow.interchange import FORMATS, entries, incoming, source

    terms = _terms(chosen)
    log = _bytes(chosen.log) if chosen.log else b""
    read = entries(chosen.format, _bytes(chosen.file), chosen.file, log, chosen.log)
    found = incoming(read, chosen.file, _finder(chosen.directory), terms)
    raise_faults([*found.faults, *(() if chosen.skip_unmatched else found.unmatched)])
    day = datetime.now(UTC).date().isoformat()
    name = Path(chosen.file).name
    cell = source(name, FORMATS[chosen.format].label, day, consensus=chosen.format == "covidence")
    new, there = _new(chosen, found, cell, terms.reviewers)
    if any(new.values()) and not chosen.dry_run:
        try:
            append_imported(chosen.directory, chosen.stage, {who: events for who, events in new.items() if events})
        except Busy as busy:
            sys.stderr.write(f"{busy}\n")
            return 1
    sys.stderr.write("".join(f"{line}\n" for line in _said(chosen, found, new, there)))
    return 0


def _terms(chosen: argparse.Namespace) -> "Terms":
    """What the command line says, against the protocol. Raises DataFaults."""
    from reviewflow.config import read_config
    from reviewflow.interchange import Terms, reason_codes
    from reviewflow.tables import read_people

    screening = read_config(chosen.directory / "config/config.yaml")["screening"]
    reviewers = (*screening["reviewers"], *screening["former_reviewers"])
    reasons = chosen.directory / "config/exclusion_reasons.csv"
    codes: dict[str, str] = {}
    if reasons.is_file():
        table = read_people(reasons, "config/exclusion_reasons", chosen.directory)
        codes = dict(zip(table["reason"], table["label"], strict=True))
    faults: list[Fault] = []
    who = _pairs("--who", chosen.who, reviewers, faults)
    said = _pairs("--reason", chosen.reason, codes, faults)
    if not reviewers:
        mend = "name them in screening.reviewers"
        faults.append(Fault("config/config.yaml", 0, "screening", "the review has no reviewers", mend))
    elif chosen.alone and chosen.alone not in reviewers:
        problem = f'"{chosen.alone}" is no reviewer of the review'
        faults.append(Fault("--as", 0, "", problem, f"name one of {', '.join(reviewers)}"))
    raise_faults(faults)
    return Terms(chosen.format, chosen.stage, reviewers, who, chosen.alone, chosen.decision, reason_codes(codes, said))


def _pairs(option: str, given: list[str], known: Any, faults: list[Fault]) -> dict[str, str]:
    """NAME=VALUE, the last = dividing; each name once, each value one that is known or blank."""
    result: dict[str, str] = {}
    for text in given:
        name, sign, value = (part.strip() for part in text.rpartition("="))
        if not sign or not name:
            faults.append(Fault(option, 0, "", f'"{text}" is not two sides of a =', f'write {option} "NAME=VALUE"'))
        elif value and value not in known:
            mend = f"name one of {', '.join(sorted(known))}, or nothing behind ="
            faults.append(Fault(option, 0, "", f'"{value}" is not known to the review', mend))
        elif result.setdefault(name, value) != value:
            faults.append(Fault(option, 0, "", f'"{name}" is said to be {result[name]} and {value}', "say one"))
    return result


def _bytes(file: str) -> bytes:
    if not Path(file).is_file():
        raise DataFaults([Fault(file, 0, "", "is no file", "name what the tool exported")])
    return Path(file).read_bytes()


def _finder(review: Path) -> "Finder":
    """The records of the review, and which of them are one report."""
    from reviewflow.interchange import Finder
    from reviewflow.tables import read_stages

    files = [review / _FROM, review / "results/dedupe/clusters.csv"]
    for file in files:
        if not file.is_file():
            raise DataFaults([Fault(str(file), 0, "", "is not there yet", "run `snakemake dedupe` first")])
    tables = read_stages(map(str, files))
    clusters = tables["dedupe/clusters"]
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    return Finder(tables["search/records"], report_of)


def _new(
    chosen: argparse.Namespace, found: "Incoming", cell: str, reviewers: tuple[str, ...]
) -> tuple[dict[str, list[Row]], Mapping[str, int]]:
    """The events that are not there yet by reviewer, and how many are there. Raises DataFaults."""
    from reviewflow.interchange import fresh, twice

    files = {name: _lines(chosen.directory, chosen.stage, name) for name in reviewers}
    result, there = {}, {}
    faults: list[Fault] = []
    for name, events in sorted(found.events.items()):
        result[name], there[name], wrong = fresh(events, files[name], cell, chosen.file)
        faults += wrong
        if chosen.format == "covidence":
            faults += twice(result[name], name, files, cell, chosen.file)
    raise_faults(faults)
    return result, there


def _lines(review: Path, stage: str, reviewer: str) -> "pd.DataFrame":
    """What a reviewer's file has. Raises DataFaults."""
    from reviewflow.events.imported import place
    from reviewflow.tables import empty_people, read_people

    path = review / place(stage, reviewer)
    return read_people(path, _TABLE, review) if path.is_file() else empty_people(_TABLE)


def _said(
    chosen: argparse.Namespace, found: "Incoming", new: Mapping[str, list[Row]], there: Mapping[str, int]
) -> Iterator[str]:
    """Lines for the terminal."""
    from reviewflow.events.imported import place

    verb = "would be written" if chosen.dry_run else "written"
    for name, events in new.items():
        counts = Counter(event["decision"] for event in events)
        parts = ", ".join(f"{number} {decision}" for decision, number in sorted(counts.items()))
        undated = sum(not event["decided_at"] for event in events)
        known = f"; {there[name]} were there already" if there[name] else ""
        blank = f"; {undated} without a time" if undated else ""
        decisions = "1 decision" if len(events) == 1 else f"{len(events)} decisions"
        counted = f"{decisions} {verb}{f' ({parts})' if parts else ''}"
        yield f"{place(chosen.stage, name)}: {counted}{blank}{known}"
    if not any(new.values()):
        yield "nothing new: all decisions of the export are there already" if there else "the export has no decisions"
    yield from found.remarks
    yield from (f"left out: {fault}" for fault in found.unmatched)
    if chosen.alone and new.get(chosen.alone):
        yield _warning(chosen)


def _warning(chosen: argparse.Namespace) -> str:
    if chosen.format == "covidence":
        return (
            f"Covidence gives the outcome of its votes and names nobody: it counts as one vote, of {chosen.alone}; "
            "agreement between people cannot be told from it"
        )
    return (
        f"the export names nobody: its decisions count as those of {chosen.alone} alone; where several people decided "
        "together, they are no independent votes"
    )
