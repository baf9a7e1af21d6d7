"""`reviewflow extract --adjudicate`: the cells on which extractors differ, and the rulings on them."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from reviewflow.extraction.adjudication import adjudication_faults
from reviewflow.extraction.open_cells import open_cells
from reviewflow.extraction.rows import rows_of
from reviewflow.faults import DataFaults, Fault, raise_faults
from reviewflow.form import TABLES, columns_of, own_columns
from reviewflow.form.lines import Line, lines_of
from reviewflow.form.rulings import COLUMNS, SHEET, answers, rulings, sheet
from reviewflow.form.workbook import read_workbook, workbook
from reviewflow.form.worksheet import csv_texts, unguarded
from reviewflow.tables import (
    Written,
    csv_line,
    empty_people,
    people_frame,
    read_cells,
    read_people,
    write_whole,
)  # fmt: skip

from .extract import reading

_FILE = "records/extraction/adjudication.csv"
_TABLE = "records/extraction/adjudication"


def run(chosen: argparse.Namespace, config: Mapping[str, Any]) -> int:
    """Make the adjudicator's worksheet, or read its rulings."""
    review, extractors = chosen.directory, sorted(config["extraction"]["extractors"])
    tables = {table: _people(review, config, table) for table in TABLES}
    path = review / _FILE
    settled = read_people(path, _TABLE, review) if path.is_file() else empty_people(_TABLE)
    cells = open_cells(config, tables, settled)
    if chosen.read is None:
        return _make(review, chosen.format, cells, extractors)
    name = config["extraction"]["adjudicator"]
    mend = "name the adjudicator in extraction.adjudicator"
    raise_faults([] if name else [Fault("config/config.yaml", 0, "extraction.adjudicator", "nobody is named", mend)])
    written, faults, called = _written(chosen.read)
    rows, more = rulings(called, written, cells, extractors, name)
    raise_faults([*faults, *more])
    _check(called, written, rows, tables, config)
    before = read_cells(path, review) if path.is_file() else Written(list(COLUMNS), [])
    lines = [*lines_of(before), *rows]
    text = "".join([csv_line(before.header), *(csv_line([ln.get(n, "") for n in before.header]) for ln in lines)])
    if rows and not chosen.dry_run:
        write_whole({path: text.encode()})
    for row in rows:
        sys.stdout.write(f'  + {row["table"]} {row["key"]} {row["column"]}: "{row["value"]}"\n')
    done = "would be written" if chosen.dry_run else "written"
    sys.stdout.write(f"{len(rows)} rulings {done} to {path}; {len(cells) - len(rows)} cells are open\n")
    return 0


def _people(review: Path, config: Mapping[str, Any], table: str) -> dict[str, pd.DataFrame]:
    own, name = own_columns(config, table), f"records/extraction/{table}"
    files = {e: review / f"records/extraction/{e}/{table}.csv" for e in config["extraction"]["extractors"]}
    return {e: read_people(p, name, review, own) if p.is_file() else empty_people(name, own) for e, p in files.items()}


def _make(review: Path, how: str, cells: list[Line], extractors: list[str]) -> int:
    folder = review / "worksheets" / SHEET
    place = folder / f"{SHEET}.{how}"
    filled = answers(_written(place)[0]) if place.is_file() else {}
    made = sheet(cells, extractors, filled)
    content = workbook(str(place), [made]) if how == "xlsx" else csv_texts([made])[f"{SHEET}.csv"].encode()
    write_whole({place: content})
    sys.stdout.write(f"{place}: {len(cells)} cells on which the extractors differ\n")
    sys.stdout.write(f"{reading('--adjudicate', review, place)}\n")
    return 0


def _written(place: Path) -> tuple[Written, list[Fault], str]:
    """The cells of the worksheet, the faults of single ones, and what faults call it."""
    file = place / f"{SHEET}.csv" if place.is_dir() else place
    if not file.is_file():
        raise DataFaults([Fault(str(file), 0, "", "is no file", "name the adjudicator's worksheet")])
    if file.suffix.lower() == ".csv":
        return unguarded(read_cells(file, file.parent)), [], str(file)
    found, faults = read_workbook(str(file), file.read_bytes(), (SHEET,))
    if SHEET not in found:
        raise DataFaults([Fault(str(file), 0, "", f"there is no sheet {SHEET}", "make the worksheet again")])
    return found[SHEET], faults, f"{file} {SHEET}"


def _check(
    called: str,
    written: Written,
    rows: list[Line],
    tables: Mapping[str, Mapping[str, pd.DataFrame]],
    config: Mapping[str, Any],
) -> None:
    """Raise what the gate would say of the rulings, in the lines of the worksheet."""
    at = {
        tuple(ln.get(p, "") for p in COLUMNS[:3]): n for (n, _), ln in zip(written.rows, lines_of(written), strict=True)
    }
    lines = [(at[row["table"], row["key"], row["column"]], [row[name] for name in COLUMNS]) for row in rows]
    frame = people_frame(called, Written(list(COLUMNS), lines), _TABLE)
    found = adjudication_faults(rows_of(frame), tables, columns_of(config))
    raise_faults(Fault(str(row["_file"]), int(row["_line"]), *trouble) for row, trouble in found)
