"""The search stage: exports joined with searches.csv, every entry accounted for."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, frame, raise_faults, rows_of, split_list

from .entry import Entry, Export
from .fields import FIELDS, is_record, record_id
from .files import read_file
from .formats import Format
from .stream import Raw

Row = dict[str, Any]
_PLACE = ("search_id", "wave", "source", "source_type")


def build(
    searches: pd.DataFrame, files: Mapping[str, Raw], add: Callable[[Row], object] | None = None
) -> dict[str, pd.DataFrame]:
    """Tables balance and rejected from searches.csv and the content of the exports by file name, and records, unless
    there is `add`: each sighting goes to it as a row then, for all of them may be more than memory holds.

    Names that are not in `files` are left out: `check` reports them. Raises DataFaults with the faults of all files
    that cannot be read.
    """
    records: list[Row] = []
    balance: list[Row] = []
    rejected: list[Row] = []
    faults: list[Fault] = []
    for search in rows_of(searches):
        for name in [n for n in split_list(search["export_files"]) if n in files]:
            rows = _Rows(name, search, add or records.append)
            export, wrong = read_file(name, files[name], rows.take)
            faults += wrong
            rejected += rows.rejected
            balance += [_balance(name, search, export, rows.parsed, len(rows.rejected))] if export else []
    raise_faults(faults)
    kept = {} if add else {"records": frame("results/search/records", records)}
    return kept | {
        "balance": frame("results/search/balance", balance),
        "rejected": frame("results/search/rejected", rejected),
    }


class _Rows:
    """Rows of one file: records go on, what is none is rejected."""

    def __init__(self, name: str, search: Mapping[str, Any], add: Callable[[Row], object]) -> None:
        self._name, self._source, self._add = name, search["source"], add
        self._place = {key: search[key] for key in _PLACE} | {"export_file": name}
        self.parsed = 0
        self.rejected: list[Row] = []

    def take(self, kind: Format, position: int, entry: Entry) -> None:
        """The next entry."""
        row = FIELDS[kind.name](entry)
        if is_record(row):
            row |= self._place
            row["position"], row["line"], row["record_id"] = position, entry.line, record_id(self._source, row)
            self._add(row)
            self.parsed += 1
        else:
            text = " ".join(" | ".join(f"{tag} {value}" for tag, value in entry.tags).split())[:300]
            reason = "neither title nor abstract nor DOI"
            self.rejected.append({"export_file": self._name, "line": entry.line, "reason": reason, "text": text})


def _balance(name: str, search: Mapping[str, Any], export: Export, parsed: int, rejected: int) -> Row:
    counts = {"stated": export.stated, "entries": export.counted, "parsed": parsed, "rejected": rejected}
    fine = export.counted == parsed + rejected and export.stated in (None, export.counted)
    about = {
        "format": export.format,
        "encoding": export.encoding,
        "hits": search["hits"],
        "note": export.note,
    }
    return {"export_file": name, "search_id": search["search_id"], "ok": fine} | counts | about
