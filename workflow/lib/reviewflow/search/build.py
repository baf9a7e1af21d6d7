"""The search stage: exports joined with searches.csv, every entry accounted for."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, frame, rows_of, split_list
from reviewflow.text import fold

from .entry import Export, UnknownFormat
from .fields import FIELDS, is_record
from .formats import FORMATS
from .readers import CUT, read_export

FOLDER = "records/search/exports"
SHEET = "records/search/searches.csv"
# What of a record decides that two sightings without an accession are the same record.
_CONTENT = (
    "title",
    "translated_title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "abstract",
)
# 16 hexadecimal digits: two of a million contents collide with a chance below 1e-7.
_DIGEST_LENGTH = 16
_PIECE = 10_000


def read_exports(files: Mapping[str, bytes]) -> tuple[dict[str, Export], list[Fault]]:
    """Each export file that can be read, by its name, and the faults of the others."""
    read: dict[str, Export] = {}
    faults = []
    for name, raw in files.items():
        try:
            read[name] = read_export(raw)
        except UnknownFormat as error:
            formats = ", ".join(kind.label for kind in FORMATS.values())
            mend = error.mend or f"move it away if it is no export; otherwise export it as one of {formats}"
            faults.append(Fault(f"{FOLDER}/{name}", error.line, "", error.problem, mend))
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            mend = "move it away if it is no export; otherwise export it again as UTF-8"
            faults.append(Fault(f"{FOLDER}/{name}", line, "", "no encoding fits the file", mend))
    return read, faults


def build(searches: pd.DataFrame, exports: Mapping[str, Export]) -> dict[str, pd.DataFrame]:
    """Tables records, balance and rejected from searches.csv and the exports by file name.

    Files that are not in `exports` are left out: `check` reports them.
    """
    records = [frame("results/search/records", ())]
    rejected: list[dict[str, Any]] = []
    balance: list[dict[str, Any]] = []
    for search in rows_of(searches):
        for name in [n for n in split_list(search["export_files"]) if n in exports]:
            export = exports[name]
            read, refused = _read(name, search, export)
            records += read
            rejected += refused
            balance.append(_balance(name, search, export, sum(map(len, read)), len(refused)))
    return {
        "records": pd.concat(records, ignore_index=True),
        "balance": frame("results/search/balance", balance),
        "rejected": frame("results/search/rejected", rejected),
    }


def _read(name: str, search: Mapping[str, Any], export: Export) -> tuple[list[pd.DataFrame], list[dict[str, Any]]]:
    """Records as tables of ten thousand rows, for rows as dictionaries take four times the memory, and rejected."""
    frames: list[pd.DataFrame] = []
    rejected: list[dict[str, Any]] = []
    for start in range(0, len(export.entries), _PIECE):
        records = []
        for position, entry in enumerate(export.entries[start : start + _PIECE], start + 1):
            fields = FIELDS[export.format](entry)
            if not is_record(fields):
                text = " ".join(" | ".join(f"{tag} {value}" for tag, value in entry.tags).split())[:300]
                reason = "neither title nor abstract nor DOI"
                rejected.append({"export_file": name, "line": entry.line, "reason": reason, "text": text})
                continue
            place = {key: search[key] for key in ("search_id", "wave", "source", "source_type")}
            place |= {"export_file": name, "position": position, "line": entry.line}
            records.append(fields | place | {"record_id": record_id(search["source"], fields)})
        frames.append(frame("results/search/records", records))
    return frames, rejected


def record_id(source: str, fields: Mapping[str, object]) -> str:
    """source:accession, or source:digest of the normalised content where there is no accession."""
    accession = str(fields.get("accession") or "")
    if accession:
        return f"{source}:{accession}"
    content = "\x1f".join(fold(str(fields.get(name) or "")) for name in _CONTENT)
    return f"{source}:{hashlib.sha256(content.encode()).hexdigest()[:_DIGEST_LENGTH]}"


def _balance(name: str, search: Mapping[str, Any], export: Export, parsed: int, rejected: int) -> dict[str, Any]:
    counts = {"stated": export.stated, "entries": export.counted, "parsed": parsed, "rejected": rejected}
    fine = export.counted == parsed + rejected and export.stated in (None, export.counted)
    about = {
        "format": export.format,
        "encoding": export.encoding,
        "hits": search["hits"],
        "note": export.note,
    }
    return {"export_file": name, "search_id": search["search_id"], "ok": fine} | counts | about


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
        if export.counted != len(export.entries):
            why = f": {export.note}" if export.note else ""
            problem = f"{export.counted} entries are counted, {len(export.entries)} are read{why}"
            yield Fault(f"{FOLDER}/{name}", 1, "", problem, "export the file again; if that does not help, report it")
        if export.stated not in (None, export.counted):
            problem = f"the file states {export.stated} entries and holds {export.counted}"
            yield Fault(f"{FOLDER}/{name}", _last(export), "", problem, "export it again, whole")
    total = sum(export.counted for _, export in known)
    hits = search["hits"]
    cut = any(export.note.startswith(CUT) for _, export in known)
    if len(known) == len(names) and not cut and not pd.isna(hits) and hits != total:
        why = "".join(f" ({name}: {export.note})" for name, export in known if export.note)
        problem = f"{hits} hits, but {' + '.join(names) or 'no export file'} holds {total} entries{why}"
        yield Fault(SHEET, search["_line"], "hits", problem, "export again, or correct hits and say why in notes")
    for name, export in known:
        if export.note.startswith(CUT):
            yield Fault(f"{FOLDER}/{name}", _last(export), "", export.note, "export it again, whole")
        elif export.note and pd.isna(hits) and export.format != "empty":
            mend = "export it again, or give hits in searches.csv if the file is whole"
            yield Fault(f"{FOLDER}/{name}", _last(export), "", export.note, mend)


def _last(export: Export) -> int:
    return export.entries[-1].line if export.entries else 1
