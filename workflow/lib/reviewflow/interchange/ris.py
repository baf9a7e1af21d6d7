"""RIS: what every reference manager and screening tool reads.

Where our record_id stands, so that one place survives in each tool (from their own exports and source code):
EndNote keeps LB, C1 to C8 and N1; Zotero and Rayyan keep N1, as ASReview does; Covidence keeps AN. Tools let people
edit keywords, so the decision stands there: `status:included` and `reason:CODE`.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from reviewflow.search.formats import ris as reader
from reviewflow.search.stream import Text
from reviewflow.tables import split_list

from . import marker
from .columns import DECISION, PHASES, Parsed, Row, blank, decision, joined, one_line
from .told import DONE, asreview_note, paragraph, rayyan_notes

# In the order in which people read a record. Lists have a line for each value; the C tags are one line each, for what
# some tools read takes the first only.
_TAGS = {
    "title": "TI", "translated_title": "TT", "authors": "AU", "year": "PY", "journal": "T2",
    "journal_abbreviation": "J2", "volume": "VL", "issue": "IS", "pages": "SP", "issn": "SN", "doi": "DO",
    "abstract": "AB", "language": "LA", "publication_type": "M3", "keywords": "KW", "url": "UR", "accession": "AN",
    "sources": "DB", "record_ids": "C1", "pmcid": "C2", "database": "C3", "trial_ids": "C4", "pmid": "C5",
    "searches": "C6", "record_id": "LB", "notes": "N1",
}  # fmt: skip
_LISTS = ("authors", "issn", "publication_type", "keywords", "sources")
# Further columns of ours that no tag is made for.
_MARKED = ("notice", "notice_role")
_PAGES = re.compile(r"([^\s-]+)-([^\s-]+)")
_STATUS = {f"status:{past}": now for now, past in DONE.items()}
# Keywords and notes that would be taken for ours, or for what a tool says of a decision, on the way back.
_OURS = re.compile(r"(?:status|reason):", re.IGNORECASE)
_TOLD = re.compile("reviewflow:|RAYYAN-|ASReview_|asreview_")
# CiteSource has these tags for what it counts. None of its values may hold a comma, which separates them.
_CITESOURCE = {"sources": "DB", PHASES: "C7", "searches": "C8", "record_id": "C1", "record_ids": "C2"}
# What has to make room for them stands where the searches do otherwise.
_PMCID = {"C2": "C6"}


def write(rows: Iterable[Row]) -> str:
    """Records as RIS, each value on one line, with CRLF as RefMan's specification has it."""
    return "".join(_entry(_tags(row), row) for row in rows)


def write_citesource(rows: Iterable[Row]) -> str:
    """Records as RIS with the tags that CiteSource imports."""
    return "".join(_entry(_citesource(row), row) for row in rows)


def _entry(tags: Iterable[tuple[str, str]], row: Row) -> str:
    kind = "JOUR" if row["journal"] else "GEN"
    lines = [f"{tag}  - {text}" for tag, value in tags if (text := one_line(value))]
    return "".join(f"{line}\r\n" for line in (f"TY  - {kind}", *lines, "ER  - ", ""))


def _tags(row: Row) -> Iterator[tuple[str, str]]:
    cells = row | {"accession": row["accession"] or row["record_id"]}
    marked = {name: row[name] for name in _MARKED}
    if any(map(_OURS.match, split_list(row["keywords"]))):
        marked["keywords"], cells["keywords"] = row["keywords"], ""
    if _TOLD.search(row["notes"]) or paragraph(row["notes"]) != row["notes"]:
        marked["notes"], cells["notes"] = row["notes"], ""
    pages = _PAGES.fullmatch(row["pages"])
    for name, tag in _TAGS.items():
        if name == "pages" and pages and pages[1] != pages[2]:
            yield from zip(("SP", "EP"), pages.groups(), strict=True)
        else:
            yield from ((tag, value) for value in (split_list(cells[name]) if name in _LISTS else [cells[name]]))
        if name == "keywords" and row["decision"]:
            yield "KW", f"status:{DONE[row['decision']]}"
            yield "KW", f"reason:{row['reason']}" if row["reason"] else ""
    yield "N1", marker.written({name: row[name] for name in ("record_id", *DECISION)} | marked)


def _citesource(row: Row) -> Iterator[tuple[str, str]]:
    for tag, value in _tags(row):
        if tag in _PMCID or tag not in ("C6", *_CITESOURCE.values()):
            yield _PMCID.get(tag, tag), value
    for name, tag in _CITESOURCE.items():
        values = split_list(row[name]) or ([row["record_id"]] if name == "record_ids" else [])
        yield tag, ", ".join(marker.pack(value, also=",") for value in values)


def parse(text: str) -> Iterator[Parsed]:
    """Entries of a RIS file that we wrote, or that a tool wrote from it."""
    yield from _parse(text, _fields)


def parse_citesource(text: str) -> Iterator[Parsed]:
    """Entries of a RIS file for or from CiteSource."""
    yield from _parse(text, _citesource_fields)


Values = dict[str, list[str]]


def _parse(text: str, fields_of: Callable[[Values], Row]) -> Iterator[Parsed]:
    unified = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for entry in reader.read(Text.of(f"\n{unified}")):
        values: Values = {}
        for tag, value in entry.tags:
            values.setdefault(tag, []).append(one_line(value))
        fields = fields_of(values)
        yield _entry_of(entry.line, values, fields)


def _fields(values: Values) -> Row:
    fields = blank()
    for name, tag in _TAGS.items():
        found = values.get(tag, [])
        fields[name] = joined(found if name in _LISTS else found[:1])
    fields["pages"] = "-".join(values.get("SP", [])[:1] + values.get("EP", [])[:1])
    return fields


def _citesource_fields(values: Values) -> Row:
    fields = _fields(values)
    fields["pmcid"] = next(iter(values.get("C6", ())), "")
    for name, tag in _CITESOURCE.items():
        cell = next(iter(values.get(tag, ())), "")
        fields[name] = joined(marker.unpack(value) for value in cell.split(","))
    return fields


def _entry_of(line: int, values: Values, fields: Row) -> Parsed:
    notes = values.get("N1", [])
    ours = next((cells for note in notes if (cells := marker.found(note))), {})
    record_id = ours.pop("record_id", "")
    keywords, told, problems = _status(values.get("KW", []))
    fields["keywords"] = ours.get("keywords", joined(keywords))
    for name in _MARKED:
        fields[name] = ours.get(name, "")
    free = [paragraph(note) for note in notes if not _TOLD.search(note)]
    fields["notes"] = ours.get("notes", joined(free))
    # Where a record has no accession, AN holds the record_id; Rayyan puts a number of its own there.
    if fields["accession"] in (record_id, fields["record_id"]) or fields["accession"].startswith("rayyan-"):
        fields["accession"] = ""
    theirs = [marker.without(note) for note in notes]
    told = rayyan_notes(theirs) or asreview_note(theirs) or told
    accession = next(iter(values.get("AN", ())), "")
    return Parsed(line, fields, [record_id, fields["record_id"]], accession, ours, told, problems)


def _status(keywords: list[str]) -> tuple[list[str], list[Row], list[tuple[str, str]]]:
    """Keywords without ours, and what ours say. Where the marker holds the keywords, all others are ours."""
    said = sorted({_STATUS[word.lower()] for word in keywords if word.lower() in _STATUS})
    reasons = [word.partition(":")[2].strip() for word in keywords if word.lower().startswith("reason:")]
    rest = [word for word in keywords if not (word.lower() in _STATUS or word.lower().startswith("reason:"))]
    if len(said) > 1:
        return rest, [], [(f"the keywords say {' and '.join(said)}", "keep one status: keyword")]
    return rest, [decision(decision=said[0], reason=joined(reasons))] if said else [], []


def is_ris(text: str) -> bool:
    """Whether a text is RIS and no table."""
    return re.match(r"\ufeff?(?:\s|\d+\.)*TY {1,2}-", text) is not None
