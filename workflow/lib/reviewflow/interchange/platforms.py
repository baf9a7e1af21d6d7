"""Tables of records with the columns of our own CSV, ASReview, Rayyan and Covidence."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from reviewflow.faults import Fault
from reviewflow.tables import split_list

from . import marker, sheet
from .columns import DECISION, FIELDS, Parsed, Row, blank, decision, joined
from .told import DONE, asreview_cells, covidence_reason, rayyan_notes, rayyan_text

_STATUS = {f"status:{past}": now for now, past in DONE.items()}
# Under these names our own import knows the columns again, and `notes` is told from the decision's note.
_CSV = {name: name for name in FIELDS} | {"accession": "accession_number"}
_CSV |= {name: name for name in DECISION} | {"note": "decision_note"}

# ASReview reads the first eight and carries all others along, but for those that begin with asreview_. Before
# version 2 it took a column record_id for its own row numbers, hence the name of ours.
_ASREVIEW = {name: name for name in ("title", "abstract", "authors", "keywords", "doi", "url", "year")}
_ASREVIEW |= {name: name for name in FIELDS if name not in _ASREVIEW} | {"record_id": "reviewflow_id"}
_OURS = {name: f"reviewflow_{name}" for name in DECISION}
_LABEL = {"include": "1", "exclude": "0", "unsure": "", "": ""}
# Its names for the label of a data set, most telling first (its source code, version 3.0).
_LABELS = (
    "asreview_label", "included", "label", "final_included", "label_included", "included_label", "included_final",
    "included_flag", "include",
)  # fmt: skip
_FROM_LABEL = {"1": "include", "0": "exclude", "": "", "-1": ""}
# What pandas, by which ASReview reads and writes, makes of whole numbers where some cells are blank.
_WHOLE = re.compile(r"(-?\d+)\.0")
_NUMBERS = ("year", "pmid")

_RAYYAN = {
    "record_id": "key", "title": "title", "year": "year", "journal": "journal", "issn": "issn", "volume": "volume",
    "issue": "issue", "pages": "pages", "authors": "authors", "url": "url", "language": "language",
    "abstract": "abstract", "doi": "doi", "keywords": "keywords", "pmid": "pubmed_id", "pmcid": "pmc_id",
}  # fmt: skip
_RAYYAN_COLUMNS = (
    "key", "title", "year", "month", "day", "journal", "issn", "volume", "issue", "pages", "authors", "url",
    "language", "publisher", "location", "abstract", "notes", "doi", "keywords", "pubmed_id", "pmc_id",
)  # fmt: skip
# Rayyan has " and " between authors. A name that holds the word has no-break spaces.
_AND = " and "
_HAS_AND = re.compile(r"(?:\A| )and(?: |\Z)")

_COVIDENCE = {
    "title": "Title", "authors": "Authors", "abstract": "Abstract", "year": "Published Year", "journal": "Journal",
    "volume": "Volume", "issue": "Issue", "pages": "Pages", "accession": "Accession Number", "doi": "DOI",
    "record_id": "Ref",
}  # fmt: skip
_COVIDENCE_COLUMNS = (
    "Title", "Authors", "Abstract", "Published Year", "Published Month", "Journal", "Volume", "Issue", "Pages",
    "Accession Number", "DOI", "Ref", "Covidence #", "Study", "Notes", "Tags",
)  # fmt: skip


class Rows(NamedTuple):
    """Entries of a file, and lines of it that are none."""

    entries: list[Parsed]
    faults: list[Fault]


def write_csv(rows: Iterable[Row]) -> str:
    """Every column; a cell that a spreadsheet would take for a formula has an apostrophe before it."""
    cells = ({column: sheet.neutral(row[name]) for name, column in _CSV.items()} for row in rows)
    return sheet.write(list(_CSV.values()), cells)


def parse_csv(text: str, file: str) -> Rows:
    """Entries of our own CSV."""

    def entry(line: int, cells: Mapping[str, str]) -> Parsed:
        row = {name: sheet.plain(cells.get(column, "")) for name, column in _CSV.items()}
        told = [{name: row[name] for name in DECISION}] if row["decision"] else []
        return Parsed(line, blank() | row, [row["record_id"]], row["accession"], {}, told)

    return _rows(text, file, entry)


def write_asreview(rows: Iterable[Row]) -> str:
    """ASReview's columns with `included`, then all of ours, which it carries along."""
    columns = [*_ASREVIEW.values(), "included", *_OURS.values()]
    return sheet.write(columns, (_renamed(row, _ASREVIEW | _OURS) | _included(row) for row in rows))


def _included(row: Row) -> Row:
    return {"included": _LABEL[row["decision"]]}


def parse_asreview(text: str, file: str) -> Rows:
    """Entries of a data set of ours, or of what ASReview exports from it."""
    return _rows(text, file, _asreview)


def _asreview(line: int, cells: Mapping[str, str]) -> Parsed:
    low = {name.lower(): value for name, value in cells.items()}
    fields = blank() | {name: low.get(column, "") for name, column in _ASREVIEW.items()}
    fields |= {name: _WHOLE.sub(r"\1", fields[name]) for name in _NUMBERS if _WHOLE.fullmatch(fields[name])}
    ours = {name: low.get(column, "") for name, column in _OURS.items()}
    column = next((name for name in _LABELS if low.get(name, "").strip()), "")
    label = _WHOLE.sub(r"\1", low.get(column, "").strip())
    parsed = Parsed(line, fields, [fields["record_id"]], fields["accession"], ours)
    if label not in _FROM_LABEL:
        parsed.problems.append((f'"{label}" in {column} is not 1, 0 or blank', "correct the label"))
    elif says := _FROM_LABEL[label]:
        told = {name.removeprefix("asreview_"): v for name, v in low.items() if name.startswith("asreview_")}
        parsed.told.append(asreview_cells(says, told))
    return parsed


def write_rayyan(rows: Iterable[Row]) -> str:
    """Rayyan's columns; the decision and our record_id in the notes, where it keeps its own."""
    return sheet.write(_RAYYAN_COLUMNS, map(_rayyan_cells, rows))


def _rayyan_cells(row: Row) -> Row:
    cells = _renamed(row, _RAYYAN)
    names = split_list(row["authors"])
    cells["authors"] = _AND.join(n.replace(" ", "\u00a0") if _HAS_AND.search(n) else n for n in names)
    cells["notes"] = " | ".join(filter(None, (_marker(row), rayyan_text(row))))
    return cells


def parse_rayyan(text: str, file: str) -> Rows:
    """Entries of a Rayyan table."""

    def entry(line: int, cells: Mapping[str, str]) -> Parsed:
        fields = blank() | {name: cells.get(column, "") for name, column in _RAYYAN.items()}
        fields["authors"] = joined(name.replace("\u00a0", " ").strip() for name in fields["authors"].split(_AND))
        notes = cells.get("notes", "")
        ours = marker.found(notes)
        fields["notes"] = ours.get("notes", "")
        # Rayyan puts a number of its own in place of the key.
        key = "" if fields["record_id"].startswith("rayyan-") else fields["record_id"]
        return Parsed(line, fields, [ours.pop("record_id", ""), key], "", ours, rayyan_notes([marker.without(notes)]))

    return _rows(text, file, entry)


def write_covidence(rows: Iterable[Row]) -> str:
    """Covidence's columns; the decision in the tags, our record_id in Ref and in the notes."""
    return sheet.write(_COVIDENCE_COLUMNS, map(_covidence_cells, rows))


def _covidence_cells(row: Row) -> Row:
    tags = [f"status:{DONE[row['decision']]}"] if row["decision"] else []
    tags += [f"reason:{marker.pack(row['reason'], also=',')}"] if row["reason"] else []
    return _renamed(row, _COVIDENCE) | {"Tags": "; ".join(tags), "Notes": _marker(row)}


def parse_covidence(text: str, file: str) -> Rows:
    """Entries of a Covidence table. Which of its lists the file is, and so most decisions, is not said in it."""

    def entry(line: int, cells: Mapping[str, str]) -> Parsed:
        fields = blank() | {name: cells.get(column, "") for name, column in _COVIDENCE.items()}
        notes, tags = cells.get("Notes", ""), [tag.strip() for tag in re.split("[;,]", cells.get("Tags", ""))]
        ours = marker.found(notes)
        fields["notes"] = ours.get("notes", "")
        said = sorted({_STATUS[tag] for tag in tags if tag in _STATUS})
        reasons = [marker.unpack(tag.removeprefix("reason:")) for tag in tags if tag.startswith("reason:")]
        reason = covidence_reason(marker.without(notes)) or joined(reasons)
        parsed = Parsed(line, fields, [ours.pop("record_id", ""), fields["record_id"]], fields["accession"], ours)
        if len(said) > 1:
            parsed.problems.append((f"the tags say {' and '.join(said)}", "keep one status: tag"))
        elif said or reason:
            parsed.told.append(decision(decision=said[0] if said else "exclude", reason=reason))
        return parsed

    return _rows(text, file, entry)


def _marker(row: Row) -> str:
    return marker.written({name: row[name] for name in ("record_id", *DECISION, "notes")})


def _renamed(row: Row, columns: Mapping[str, str]) -> Row:
    return {column: row[name] for name, column in columns.items()}


def _rows(text: str, file: str, entry: Callable[[int, Mapping[str, str]], Parsed]) -> Rows:
    found = sheet.read(text, file)
    return Rows([entry(line, cells) for line, cells in found.rows], found.faults)


# What each has a place for, beside the decision.
HELD = {
    "csv": set(_CSV), "asreview": set(_ASREVIEW), "rayyan": {*_RAYYAN, "notes"}, "covidence": {*_COVIDENCE, "notes"},
}  # fmt: skip
