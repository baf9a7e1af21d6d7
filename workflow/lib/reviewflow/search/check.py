"""Faults between searches.csv, the exports that are there, what they were found to hold, and the strategy files."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, rows_of, split_list

from .entry import Export
from .files import FOLDER, SHEET
from .readers import CUT


def check(
    searches: pd.DataFrame, files: Collection[str], exports: Mapping[str, Export], strategies: Collection[str]
) -> list[Fault]:
    """Faults between searches.csv, the files that are there, those that were read, and the strategy files."""
    faults: list[Fault] = []
    listed: dict[str, int] = {}
    for search in rows_of(searches):
        faults += _search_faults(search, files, strategies, listed)
        faults += _count_faults(search, exports)
    return faults


def _search_faults(
    search: Mapping[str, Any], files: Collection[str], strategies: Collection[str], listed: dict[str, int]
) -> Iterator[Fault]:
    line = search["_line"]
    for name in split_list(search["export_files"]):
        if name in listed:
            problem = f'"{name}" is also named in line {listed[name]}'
            yield Fault(SHEET, line, "export_files", problem, "name each file once: its records would count twice")
        elif name not in files:
            problem = f'"{name}" is not in {FOLDER}/'
            yield Fault(SHEET, line, "export_files", problem, "put the file there, or correct the name")
        listed.setdefault(name, line)
    strategy = search["strategy_file"]
    if strategy and strategy not in strategies:
        problem = f'"{strategy}" is not in records/search/strategies/'
        yield Fault(SHEET, line, "strategy_file", problem, "put the file there, or correct the name")


def _count_faults(search: Mapping[str, Any], read: Mapping[str, Export]) -> Iterator[Fault]:
    names = split_list(search["export_files"])
    known = [(name, read[name]) for name in names if name in read]
    for name, export in known:
        if export.counted != export.read:
            why = f": {export.note}" if export.note else ""
            problem = f"{export.counted} entries are counted, {export.read} are read{why}"
            yield Fault(f"{FOLDER}/{name}", 1, "", problem, "export the file again; if that does not help, report it")
        if export.stated not in (None, export.counted):
            problem = f"the file states {export.stated} entries and holds {export.counted}"
            yield Fault(f"{FOLDER}/{name}", export.last, "", problem, "export it again, whole")
    total = sum(export.counted for _, export in known)
    hits = search["hits"]
    cut = any(export.note.startswith(CUT) for _, export in known)
    if len(known) == len(names) and not cut and not pd.isna(hits) and hits != total:
        why = "".join(f" ({name}: {export.note})" for name, export in known if export.note)
        problem = f"{hits} hits, but {' + '.join(names) or 'no export file'} holds {total} entries{why}"
        yield Fault(SHEET, search["_line"], "hits", problem, "export again, or correct hits and say why in notes")
    for name, export in known:
        if export.note.startswith(CUT):
            yield Fault(f"{FOLDER}/{name}", export.last, "", export.note, "export it again, whole")
        elif export.note and pd.isna(hits) and export.format != "empty":
            mend = "export it again, or give hits in searches.csv if the file is whole"
            yield Fault(f"{FOLDER}/{name}", export.last, "", export.note, mend)
