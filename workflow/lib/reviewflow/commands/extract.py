"""`reviewflow extract`: worksheets for extractors and the adjudicator, made from the form and read into records/."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewflow.faults import DataFaults, Fault, raise_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewflow.form.lines import Lines
    from reviewflow.tables import Written

_PEOPLE = "records/extraction"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    about = "make the worksheet of an extractor or of the adjudicator, or read one back into records/extraction/"
    extract = commands.add_parser("extract", help=about, description=about)
    who = extract.add_mutually_exclusive_group(required=True)
    who.add_argument("--as", dest="person", default="", metavar="NAME", help="an extractor of config.yaml")
    who.add_argument("--adjudicate", action="store_true", help="the cells on which extractors differ")
    read = "check a worksheet wholly, and write what it says: an .xlsx file, or the folder of the CSV files"
    extract.add_argument("--read", type=Path, metavar="FILE", help=read)
    extract.add_argument(
        "--remove", action="store_true", help="with --read: lines that the worksheet lacks are removed"
    )
    over = "with --read: set back what was written into records/ after the worksheet was made"
    extract.add_argument("--over", action="store_true", help=over)
    extract.add_argument("--dry-run", action="store_true", help="with --read: say what would change, and write nothing")
    extract.add_argument("--format", choices=("xlsx", "csv"), default="xlsx", help="of a worksheet (default: xlsx)")
    extract.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    extract.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make or read a worksheet and say what is in it."""
    from reviewflow.commands import extract_rulings
    from reviewflow.config import read_config

    config = read_config(chosen.directory / "config/config.yaml")
    if chosen.adjudicate:
        return extract_rulings.run(chosen, config)
    names = config["extraction"]["extractors"]
    if chosen.person not in names:
        mend = f"name one of {', '.join(names) or '(there are none yet)'}"
        raise_faults([Fault("--as", 0, "", f'"{chosen.person}" is no extractor of config.yaml', mend)])
    return _read(chosen, config) if chosen.read else _make(chosen, config)


def own_lines(review: Path, person: str) -> "dict[str, Written]":
    """The extractor's files of records/ as they are written; a file that is not there has no line."""
    from reviewflow.form import TABLES
    from reviewflow.tables import Written, read_cells

    files = {table: review / _PEOPLE / person / f"{table}.csv" for table in TABLES}
    return {t: read_cells(path, review) if path.is_file() else Written([], []) for t, path in files.items()}


def worksheet_of(review: Path, person: str, how: str) -> Path:
    """Where the worksheet stands: a workbook, or the folder of the CSV files."""
    folder = review / "worksheets" / person
    return folder / "extraction.xlsx" if how == "xlsx" else folder


def _make(chosen: argparse.Namespace, config: "Mapping[str, Any]") -> int:
    from reviewflow.form import form
    from reviewflow.form.lines import is_prompt, lines_of, merged
    from reviewflow.form.workbook import workbook
    from reviewflow.form.worksheet import csv_texts, sheets
    from reviewflow.tables import write_whole

    from .extract_review import choices, included, known_state, prompts, state_file, state_of

    place = worksheet_of(chosen.directory, chosen.person, chosen.format)
    own: Lines = {table: lines_of(written) for table, written in own_lines(chosen.directory, chosen.person).items()}
    studies = included(chosen.directory)
    there = _cells(place)[0] if _is_there(place) else {}
    kept = {table: lines_of(written) for table, written in there.items()}
    lines = merged(own, kept, prompts(chosen.directory, config, own, studies))
    made = sheets(form(config), lines, choices(chosen.directory, config), studies)
    if chosen.format == "xlsx":
        files = {place: workbook(str(place), made, _title(chosen.person))}
    else:
        files = {place / name: text.encode() for name, text in csv_texts(made).items()}
    if not there or known_state(chosen.directory, chosen.person):
        files[state_file(chosen.directory, chosen.person)] = state_of(chosen.directory, chosen.person)
    write_whole(files)
    waiting = sum(is_prompt(table, line) for table in lines for line in lines[table])
    _say(f"{place}: {sum(map(len, lines.values()))} lines, {waiting} of them to fill in")
    if not studies:
        _say("no included report is linked to a study yet: write the links into records/extraction/study_reports.csv")
    _say(reading(f"--as {chosen.person}", chosen.directory, place))
    return 0


def reading(who: str, review: Path, worksheet: Path) -> str:
    """The command that reads the worksheet, for the review at hand."""
    where = "" if review == Path() else f" --directory {shlex.quote(str(review))}"
    return f"then: .venv/bin/reviewflow extract {who}{where} --read {shlex.quote(str(worksheet))}"


def _read(chosen: argparse.Namespace, config: "Mapping[str, Any]") -> int:
    from reviewflow.form import TABLES, form
    from reviewflow.form.lines import changes, column_faults, lines_of, removal_faults, taken, to_records
    from reviewflow.form.worksheet import addressed, checked, with_decimal_points
    from reviewflow.tables import write_whole

    from .extract_review import further_faults, known_state, state_file, state_of

    raise_faults(_of_another(chosen, config["extraction"]["extractors"]))
    fields, before = form(config), own_lines(chosen.directory, chosen.person)
    known = {table: lines_of(written) for table, written in before.items()}
    cells, faults, names = _cells_and_names(chosen.read)
    cells = {table: taken(table, written, known[table]) for table, written in cells.items()}
    by_name = {names[table]: written for table, written in cells.items()} if chosen.read.is_file() else {}
    try:
        frames = checked(names, cells, fields, faults)
        raise_faults(further_faults(chosen.directory, config, chosen.person, frames))
    except DataFaults as found:
        raise DataFaults(addressed(found.faults, by_name)) from None
    raise_faults(f for t in TABLES for f in column_faults(names[t], known[t], cells[t].header))
    after = {table: with_decimal_points(cells[table], fields[table]) for table in TABLES}
    differ = {table: changes(table, known[table], after[table]) for table in TABLES}
    if not chosen.remove:
        raise_faults(f for t in TABLES for f in removal_faults(t, names[t], differ[t].removed))
    _tell(differ)
    folder = chosen.directory / _PEOPLE / chosen.person
    texts = {
        folder / f"{table}.csv": to_records(table, before[table].header, fields, known[table], after[table]).encode()
        for table in TABLES
        if differ[table]
    }
    if not chosen.dry_run:
        if texts and not chosen.over and not known_state(chosen.directory, chosen.person):
            raise_faults([_changed_since(chosen.read, folder)])
        write_whole(texts)
        state = state_file(chosen.directory, chosen.person)
        write_whole({state: state_of(chosen.directory, chosen.person)})
    done = "would be written" if chosen.dry_run else "written"
    _say(f"{done}: {', '.join(map(str, texts)) or 'nothing, records/ has all of it'}")
    return 0


def _changed_since(worksheet: Path, folder: Path) -> Fault:
    """What was written into records/ by another hand would be set back."""
    problem = f"{folder} was changed after this worksheet was made"
    mend = (
        "see with --dry-run what it would set back; then remove the worksheet and make it anew, or read it with --over"
    )
    return Fault(str(worksheet), 0, "", problem, mend)


def _title(person: str) -> str:
    return f"Extraction by {person}"


def _of_another(chosen: argparse.Namespace, names: "Sequence[str]") -> "Iterator[Fault]":
    """A worksheet that was made for another extractor: read in, it would be an agreement of nobody with himself."""
    from reviewflow.form.workbook import title_of

    place: Path = chosen.read.resolve()
    title = title_of(str(chosen.read), place.read_bytes()) if place.is_file() else ""
    for other in names:
        folder = (chosen.directory / "worksheets" / other).resolve()
        if other != chosen.person and (title == _title(other) or folder in (place, *place.parents)):
            problem, mend = f"it was made for {other}", f"read the one that was made for {chosen.person}"
            yield Fault(str(chosen.read), 0, "", problem, mend)


def _is_there(place: Path) -> bool:
    return place.is_file() or (place.is_dir() and any(place.glob("*.csv")))


def _cells(place: Path) -> "tuple[dict[str, Written], list[Fault]]":
    cells, faults, _ = _cells_and_names(place)
    return cells, faults


def _cells_and_names(place: Path) -> "tuple[dict[str, Written], list[Fault], dict[str, str]]":
    """The tables of a worksheet, the faults of single cells, and what faults call each table."""
    from reviewflow.form import TABLES
    from reviewflow.form.workbook import read_workbook
    from reviewflow.form.worksheet import unguarded
    from reviewflow.tables import read_cells

    if place.is_dir():
        files = {table: place / f"{table}.csv" for table in TABLES}
        found = {t: unguarded(read_cells(path, path.parent)) for t, path in files.items() if path.is_file()}
        return found, [], {table: str(path) for table, path in files.items()}
    if not place.is_file():
        raise DataFaults([Fault(str(place), 0, "", "is no file and no folder", "name the worksheet")])
    cells, faults = read_workbook(str(place), place.read_bytes(), TABLES)
    return cells, faults, {table: f"{place} {table}" for table in TABLES}


def _tell(differ: "Mapping[str, Any]") -> None:
    """What changes, line by line."""
    for table, found in differ.items():
        _say(f"{table}: {len(found.added)} added, {len(found.changed)} changed, {len(found.removed)} removed")
        for word, keys in (("+", found.added), ("-", found.removed)):
            for key in keys:
                _say(f"  {word} {key}")
        for key, cells in found.changed.items():
            said = "; ".join(f'{column}: "{old}" -> "{new}"' for column, (old, new) in cells.items())
            _say(f"  ~ {key}: {said}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
