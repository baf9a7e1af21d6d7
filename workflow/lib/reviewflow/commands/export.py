"""`reviewflow export`: records with their decisions, or the analyses, for another tool."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reviewflow.faults import DataFaults, Fault, raise_faults

if TYPE_CHECKING:
    import pandas as pd

_STAGES = ("title_abstract", "full_text")
_ANALYSES = ("cochrane", "metafor", "xlsx")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    from reviewflow.interchange import FORMATS, TABLES

    export = commands.add_parser("export", help="give records and their decisions, or the analyses, to another tool")
    formats = "what the tool reads; cochrane and metafor give the analyses, xlsx every table as one workbook"
    export.add_argument("--format", required=True, choices=[*FORMATS, *_ANALYSES], help=formats)
    tables = f"{', '.join(TABLES)}, or a CSV file with a column record_id or report_id"
    export.add_argument("--table", default="reports", help=f"which records: {tables} (default: reports)")
    stage = "whose decisions go along (default: the final ones, at full text and exclusions at title and abstract)"
    export.add_argument("--stage", choices=_STAGES, default="", help=stage)
    reviewer = "whose own decisions go along in place of the consensus; with --table queue, for whom the reports wait"
    export.add_argument("--reviewer", default="", metavar="NAME", help=reviewer)
    export.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    output = "file to write, - for the terminal (default: TABLE_FORMAT.csv or .ris); of cochrane and metafor a folder"
    export.add_argument("--output", default="", metavar="FILE", help=output)
    export.add_argument("--bom", action="store_true", help="begin with the mark by which Excel knows UTF-8")
    export.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the export and say what is in it."""
    from reviewflow.interchange import FORMATS, READ, TABLES, Wanted, records, summary, write
    from reviewflow.tables import read_stages, write_text

    if chosen.format in _ANALYSES:
        return _analyses(chosen)
    name = chosen.table if chosen.table in TABLES else Path(chosen.table).stem
    output = chosen.output or f"{name}_{chosen.format}.{FORMATS[chosen.format].suffix}"
    raise_faults(_refused(output, chosen.directory))
    given = None if chosen.table in TABLES else _given(chosen.table, list(TABLES))
    results = [path for name in READ if (path := chosen.directory / f"results/{name}.csv").is_file()]
    # What waits for a reviewer goes out without any decision, not even that one's own of another stage.
    waiting = chosen.table == "queue" and chosen.reviewer
    votes = _votes(chosen.directory, chosen.reviewer) if chosen.reviewer and not waiting else {}
    raise_faults(_unknown(chosen.directory, chosen.reviewer) if waiting else ())
    wanted = Wanted(chosen.table, chosen.stage, chosen.reviewer)
    table = records(read_stages(map(str, results)), wanted, given, votes)
    text = ("\ufeff" if chosen.bom else "") + write(chosen.format, table)
    if output == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        write_text(output, text)
    place = "the terminal" if output == "-" else output
    sys.stderr.write("".join(f"{line}\n" for line in (f"written to {place}", *summary(chosen.format, table))))
    return 0


def _analyses(chosen: argparse.Namespace) -> int:
    """Write the analyses, or every table."""
    from .handing import analyses, everything

    output = chosen.output or ("review.xlsx" if chosen.format == "xlsx" else f"analyses_{chosen.format}")
    raise_faults(_refused(output, chosen.directory))
    make = everything if chosen.format == "xlsx" else analyses
    told = make(chosen.directory, chosen.format, Path(output))
    sys.stderr.write("".join(f"{line}\n" for line in (f"written to {output}", *told)))
    return 0


def _refused(output: str, review: Path) -> Iterator[Fault]:
    """People write records/ and config/, the workflow writes results/: an export belongs in none of them."""
    for folder in ("records", "config", "results") if output != "-" else ():
        if Path(output).resolve().is_relative_to((review / folder).resolve()):
            yield Fault(output, 0, "", f"an export is never written into {folder}/", "name a place outside of it")


def _unknown(review: Path, reviewer: str) -> Iterator[Fault]:
    """A name that is none of the protocol's; nothing would wait for it."""
    from reviewflow.config import read_config

    reviewers = read_config(review / "config/config.yaml")["screening"]["reviewers"]
    if reviewer not in reviewers:
        problem = f'"{reviewer}" is no reviewer of the review'
        yield Fault("--reviewer", 0, "", problem, f"name one of {', '.join(reviewers) or '(there are none yet)'}")


def _given(table: str, known: list[str]) -> "pd.DataFrame":
    """The table of the team's own that was named."""
    from reviewflow.interchange import table_of

    if not Path(table).is_file():
        problem, mend = "is no file", f"name one, or one of {', '.join(known)}"
        raise_faults([Fault(table, 0, "", problem, mend)])
    try:
        return table_of(Path(table).read_text(encoding="utf-8-sig"), table)
    except UnicodeDecodeError as error:
        raise DataFaults([Fault(table, 0, "", "the file is not UTF-8", 'save it as "CSV UTF-8"')]) from error


def _votes(review: Path, reviewer: str) -> "dict[str, pd.DataFrame]":
    """The reviewer's own lines at each stage."""
    from reviewflow.tables import read_people

    files = {stage: review / f"records/screening/{stage}/{reviewer}.csv" for stage in _STAGES}
    there = {stage: file for stage, file in files.items() if file.is_file()}
    if not there or reviewer == "adjudication":
        found = review.glob("records/screening/*/*.csv")
        names = sorted({path.stem for path in found} - {"adjudication"})
        mend = f"name one of {', '.join(names)}" if names else "nobody has screened yet"
        raise_faults([Fault(str(files["title_abstract"]), 0, "", f'"{reviewer}" has decided nothing', mend)])
    return {stage: read_people(file, "records/screening/decisions", review) for stage, file in there.items()}
