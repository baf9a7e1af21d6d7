"""The command `reviewflow`."""

import argparse
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reviewflow.faults import DataFaults, Fault, raise_faults
from reviewflow.provenance import WORKFLOW
from reviewflow.schema import schema, schema_names

if TYPE_CHECKING:
    import pandas as pd

_FOLDERS = ("records/search/exports", "records/search/strategies")
_STAGES = ("title_abstract", "full_text")
_CONFIG = """\
# The protocol of this review. Every key is described in the README of the config folder of reviewflow.
review:
  title: "Title of the review"
  question: ""
  inclusion: []
  exclusion: []
screening:
  reviewers: [reviewer_1, reviewer_2]
  adjudicator: reviewer_3
extraction:
  extractors: [extractor_1, extractor_2]
  adjudicator: extractor_3
  study_fields:
    - {name: design, label: "Design"}
    - {name: participants, label: "Participants"}
    - {name: intervention, label: "Intervention"}
appraisal:
  assessors: []
comparisons:
  intervention_vs_control:
    label: "Intervention versus control"
    experimental: Intervention
    control: Control
"""
_PEOPLE = {"reviewer": ("reviewer_1", "reviewer_2"), "extractor": ("extractor_1", "extractor_2")}


def new_review(folder: Path) -> list[Path]:
    """Make the folder of an empty review: a configuration to fill in and header-only tables. Returns the files made.

    Raises FileExistsError where there is something in the folder that it would write over.
    """
    texts = {folder / "config/config.yaml": _CONFIG}
    for name in schema_names():
        declared = schema(name)
        if declared.path and "{assessor}" not in declared.path:
            extra = ["design", "participants", "intervention"] if name == "records/extraction/studies" else []
            # Lines of a worksheet are copied into decisions as they are, so these have all of its columns.
            whole = name == "records/screening/decisions"
            columns = [c.name for c in declared.columns.values() if whole or not c.optional]
            for place in _paths(declared.path):
                texts[folder / place] = ",".join([*columns, *extra]) + "\n"
    there = [path for path in texts if path.exists()]
    if there:
        raise FileExistsError("\n".join(f"{path}: is there already; nothing was written" for path in there))
    for part in _FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return sorted(texts)


def _paths(pattern: str) -> list[str]:
    paths = [pattern.replace("{stage}", stage) for stage in _STAGES] if "{stage}" in pattern else [pattern]
    for role, people in _PEOPLE.items():
        paths = [
            p.replace(f"{{{role}}}", person) for p in paths for person in (people if f"{{{role}}}" in p else ("",))
        ]
    return paths


def _parser() -> argparse.ArgumentParser:
    from reviewflow.interchange import FORMATS, TABLES

    parser = argparse.ArgumentParser(prog="reviewflow", description="Commands beside the workflow itself.")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new", help="make the folder of an empty review")
    new.add_argument("folder", type=Path, help="where")
    new.set_defaults(run=_new)
    export = commands.add_parser("export", help="give records and their decisions to another tool")
    export.add_argument("--format", required=True, choices=list(FORMATS), help="what the tool reads")
    tables = f"{', '.join(TABLES)}, or a CSV file with a column record_id or report_id"
    export.add_argument("--table", default="reports", help=f"which records: {tables} (default: reports)")
    stage = "whose decisions go along (default: the final ones, at full text and exclusions at title and abstract)"
    export.add_argument("--stage", choices=_STAGES, default="", help=stage)
    reviewer = "whose own decisions go along in place of the consensus"
    export.add_argument("--reviewer", default="", metavar="NAME", help=reviewer)
    export.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    output = "file to write, - for the terminal (default: TABLE_FORMAT.csv or .ris)"
    export.add_argument("--output", default="", metavar="FILE", help=output)
    export.add_argument("--bom", action="store_true", help="begin with the mark by which Excel knows UTF-8")
    export.set_defaults(run=_export)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (OSError, DataFaults) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _new(chosen: argparse.Namespace) -> None:
    made = new_review(chosen.folder)
    home, place = (shlex.quote(str(path.resolve())) for path in (WORKFLOW.parent, chosen.folder))
    sys.stdout.write(f"{len(made)} files made in {chosen.folder}. Fill in its config/config.yaml, then:\n")
    sys.stdout.write(f"  cd {home} && .venv/bin/snakemake --directory {place}\n")


def _export(chosen: argparse.Namespace) -> None:
    from reviewflow.interchange import FORMATS, READ, TABLES, Wanted, records, summary, write
    from reviewflow.tables import read_stages, write_text

    name = chosen.table if chosen.table in TABLES else Path(chosen.table).stem
    output = chosen.output or f"{name}_{chosen.format}.{FORMATS[chosen.format].suffix}"
    raise_faults(_refused(output, chosen.directory))
    given = None if chosen.table in TABLES else _given(chosen.table, list(TABLES))
    results = [path for name in READ if (path := chosen.directory / f"results/{name}.csv").is_file()]
    votes = _votes(chosen.directory, chosen.reviewer) if chosen.reviewer else {}
    wanted = Wanted(chosen.table, chosen.stage, chosen.reviewer)
    table = records(read_stages(map(str, results)), wanted, given, votes)
    text = ("\ufeff" if chosen.bom else "") + write(chosen.format, table)
    if output == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        write_text(output, text)
    place = "the terminal" if output == "-" else output
    sys.stderr.write("".join(f"{line}\n" for line in (f"written to {place}", *summary(chosen.format, table))))


def _refused(output: str, review: Path) -> Iterator[Fault]:
    """People write records/ and config/, the workflow writes results/: an export belongs in none of them."""
    for folder in ("records", "config", "results") if output != "-" else ():
        if Path(output).resolve().is_relative_to((review / folder).resolve()):
            yield Fault(output, 0, "", f"an export is never written into {folder}/", "name a place outside of it")


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
