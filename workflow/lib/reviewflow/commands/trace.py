"""`reviewflow trace`: the whole life of a record, report or study."""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from reviewflow.trace import Candidate, Source, State

_PAGE = "results/report/index.html"
_PROVENANCE = "results/report/provenance.json"
_WIDEST, _SHOWN = 120, 20
# No id or title is longer; a file that was named by mistake is.
_LONGEST_ID = 2_000
# The tables that are read of each stage.
RESULTS = {
    "search": ("records",),
    "dedupe": ("clusters", "reports", "merged_fields", "doubtful_pairs", "notices"),
    "screening": ("votes", "title_abstract", "full_text", "conflicts", "queue", "ledger"),
    "extraction": ("studies", "arms", "contrasts", "disagreements", "issues"),
    "appraisal": ("risk_of_bias", "certainty"),
    "synthesis": ("effects", "pooled"),
}
PEOPLE = (
    "config/analyses", "records/dedupe/rulings", "records/screening/retrieval", "records/extraction/study_reports",
    "records/extraction/adjudication", "records/appraisal/adjudication",
)  # fmt: skip
# A file a person: the table, and where the files lie.
PERSONAL = {
    f"records/extraction/{table}": f"records/extraction/*/{table}.csv" for table in ("studies", "arms", "results")
}
PERSONAL["records/appraisal/risk_of_bias"] = "records/appraisal/*/risk_of_bias.csv"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    trace = commands.add_parser("trace", help="show the whole life of a record, report or study")
    what = "record_id, report_id or study_id; or a DOI, a PubMed number, or a part of a title that no other has"
    trace.add_argument("id", metavar="ID", help=what)
    trace.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    trace.add_argument("--json", action="store_true", help="write JSON (docs/trace.md has its keys)")
    trace.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Print the trace; 0, or 1 where nothing is called so, or 2 where several things are."""
    from reviewflow.trace import find

    if not any((chosen.directory / part).is_dir() for part in ("config", "records", "results")):
        sys.stderr.write(f"{chosen.directory}: no review is here; name its folder with --directory\n")
        return 1
    if len(chosen.id) > _LONGEST_ID:
        sys.stderr.write(f"an ID of {len(chosen.id)} characters names nothing; give a record, report or study\n")
        return 1
    source, problems = read(chosen.directory)
    found = find(source, chosen.id)
    if len(found) != 1:
        sys.stderr.write(_refusal(chosen, source, found))
        return 2 if found else 1
    return _show(chosen, source, found[0], problems)


def _show(chosen: argparse.Namespace, source: "Source", meant: "Candidate", problems: list[str]) -> int:
    from reviewflow.trace import trace, written
    from reviewflow.trace.terminal import safe_json

    made = trace(source, chosen.id, meant, page_ids(chosen.directory), state_of(chosen.directory, source, problems))
    if chosen.json:
        text = safe_json(json.dumps(made.as_json(), ensure_ascii=False, indent=1, allow_nan=False)) + "\n"
        encoding = "utf-8"
    else:
        width = min(_WIDEST, shutil.get_terminal_size().columns)
        text = written(made, width, bold=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
        encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough, as `head` has; nothing is left to be flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _refusal(chosen: argparse.Namespace, source: "Source", found: "list[Candidate]") -> str:
    """Why there is no one trace, and what may be meant."""
    from reviewflow.trace import near
    from reviewflow.trace.terminal import safe

    asked = safe(chosen.id)
    likely = found or near(source, chosen.id)
    listed = [f"  {safe(c.kind)} {safe(c.id)}{f': {safe(c.title)}' if c.title else ''}" for c in likely[:_SHOWN]]
    if len(likely) > _SHOWN:
        listed.append(f"  and {len(likely) - _SHOWN} more")
    if found:
        head = f'"{asked}" may be any of {len(found)}; name one by its id:'
    elif not (chosen.directory / "results").is_dir():
        head = f'"{asked}" is not known: the review has no results/ yet; run `snakemake` first'
    else:
        head = f'nothing in this review is called "{asked}"' + ("; did you mean:" if likely else "")
    return "".join(f"{line}\n" for line in [head, *listed, *(f"{t}: {safe(p)}" for t, p in source.problems.items())])


def read(review: Path) -> "tuple[Source, list[str]]":
    """The tables of a review, those of results/ unread, and what people's tables have that cannot be read."""
    from reviewflow.tables.columns import scan_columns
    from reviewflow.trace import Source

    tables, problems = {}, []
    for name in result_names():
        if (path := review / f"{name}.csv").is_file():
            tables[name] = scan_columns(path)
    for name, files in _people(review):
        frame, faults = _written(review, name, files)
        problems += faults
        if frame is not None:
            tables[name] = frame
    return Source(tables), problems


def result_names() -> list[str]:
    """The tables of results/ that are read."""
    return [f"results/{stage}/{table}" for stage, tables in RESULTS.items() for table in tables]


def _people(review: Path) -> Iterator[tuple[str, dict[str, Path]]]:
    """Each table that people write, with its files by the person."""
    for name in PEOPLE:
        yield name, {"": path} if (path := review / f"{name}.csv").is_file() else {}
    for name in PERSONAL:
        folder, table = name.rsplit("/", 1)
        yield name, {path.parent.name: path for path in sorted((review / folder).glob(f"*/{table}.csv"))}


def _written(review: Path, table: str, files: dict[str, Path]) -> "tuple[pl.LazyFrame | None, list[str]]":
    """A table that people wrote, its files together; and what is wrong with those that cannot be read."""
    import polars as pl

    from reviewflow.tables import DataFaults, read_people
    from reviewflow.tables.columns import from_frame

    frames, faults = [], []
    for person, path in files.items():
        try:
            data = read_people(path, table, review, _further(path, table, review))
        except (DataFaults, OSError) as error:
            faults.append(str(error))
            continue
        own = from_frame(table, data.drop(columns=["_file", "_line"]))
        places = {"_file": data["_file"].tolist(), "_line": data["_line"].tolist()}
        whose = pl.lit(person).alias("person")
        frames.append(own.with_columns(*(pl.Series(n, v) for n, v in places.items()), *([whose] if person else [])))
    return (pl.concat(frames, how="diagonal_relaxed").lazy() if frames else None), faults


def _further(path: Path, table: str, review: Path) -> list[str]:
    """The review's own columns of a table that may have some, by its header."""
    from reviewflow.schema import schema
    from reviewflow.tables import header_of

    declared = schema(table)
    own = header_of(path, review) if declared.extra_columns else []
    return [name for name in dict.fromkeys(own) if name not in declared.columns]


def page_ids(review: Path) -> frozenset[str]:
    """The ids of the report's page; none where there is no report."""
    page = review / _PAGE
    text = page.read_text(encoding="utf-8", errors="replace") if page.is_file() else ""
    return frozenset(map(unescape, re.findall(r'\sid="([^"]*)"', text)))


def state_of(review: Path, source: "Source", problems: list[str]) -> "State":
    """What the trace rests on: what is missing, what could not be read, what people changed since the report."""
    from reviewflow.provenance import changed_since
    from reviewflow.trace import State

    stages = [s for s, tables in RESULTS.items() if not any(source.has(f"results/{s}/{t}") for t in tables)]
    lacking = [f"{n}.csv" for n in result_names() if not source.has(n) and n.split("/")[1] not in stages]
    made = _made(review)
    changed = changed_since(made.get("inputs", []), review) if made else None
    if not (review / _PAGE).is_file():
        stages.append("report")
    return State(str(made.get("made_at", "")), changed, stages, lacking, problems)


def _made(review: Path) -> dict[str, Any]:
    """What the report says it was made from."""
    try:
        found: dict[str, Any] = json.loads((review / _PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
