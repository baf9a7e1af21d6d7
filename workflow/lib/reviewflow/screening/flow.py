"""The PRISMA counts, each a query over the ledger, and the identities that must hold between them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from reviewflow.boxes import BOXES, members
from reviewflow.tables import split_list

# PRISMA2020 names of the identification counts, by source_type of searches.csv.
IDENTIFIED = {
    "database": "database_results",
    "register": "register_results",
    "website": "website_results",
    "organisation": "organisation_results",
    "citation": "citations_results",
    "other": "other_results",
}
_ITEMISED = {"database": "database_specific_results", "register": "register_specific_results"}
Row = dict[str, Any]
# Both sides of each equality as signed sums of counts over all waves; "name:parts" is the sum of an itemised count.
# The terms "awaiting" are those of an unfinished review. H10 needs pooled results and is the report's to show.
_EQUALITIES = (
    (
        "H1",
        "records identified = sum over databases and registers",
        "database_results register_results",
        "database_specific_results:parts register_specific_results:parts",
    ),
    (
        "H2",
        "records screened = identified - removed before screening",
        "records_screened",
        "database_results register_results -duplicates -excluded_automatic -excluded_other",
    ),
    (
        "H3",
        "reports sought = screened - excluded - awaiting a decision",
        "dbr_sought_reports",
        "records_screened -records_excluded -records_awaiting",
    ),
    (
        "H4",
        "reports assessed = sought - not retrieved - awaiting retrieval (databases and registers)",
        "dbr_assessed",
        "dbr_sought_reports -dbr_notretrieved_reports -dbr_awaiting_retrieval",
    ),
    (
        "H4 other",
        "reports assessed = sought - not retrieved - awaiting retrieval (other methods)",
        "other_assessed",
        "other_sought_reports -other_notretrieved_reports -other_awaiting_retrieval",
    ),
    (
        "H5",
        "reports excluded = sum over reasons",
        "dbr_excluded other_excluded",
        "dbr_excluded:parts other_excluded:parts",
    ),
    (
        "H6",
        "reports included = assessed - excluded - awaiting assessment",
        "new_reports",
        "dbr_assessed -dbr_excluded -dbr_awaiting_assessment other_assessed -other_excluded -other_awaiting_assessment",
    ),
    (
        "H9",
        "total = new, where there is no previous version",
        "total_studies total_reports",
        "new_studies new_reports",
    ),
)


def flow(sightings: pd.DataFrame, ledger: pd.DataFrame, sources: pd.DataFrame) -> list[Row]:
    """Rows of flow.csv for each wave and for all; `sources` has wave, source and source_type of every search."""
    waves = sorted({int(w) for w in sources["wave"]})
    rows = _counts("all", sightings, ledger, sources)
    for wave in waves:
        parts = (frame[frame["wave"] == wave] for frame in (sightings, ledger, sources))
        rows += _counts(str(wave), *parts)
    return rows


def _counts(wave: str, sightings: pd.DataFrame, ledger: pd.DataFrame, sources: pd.DataFrame) -> list[Row]:
    def row(data: str, n: int, part: str = "") -> Row:
        return {"data": data, "wave": wave, "part": part, "n": int(n)}

    rows = [row(data, (sightings["source_type"] == kind).sum()) for kind, data in IDENTIFIED.items()]
    for kind, data in _ITEMISED.items():
        for source in sorted(set(sources[sources["source_type"] == kind]["source"])):
            found = (sightings["source_type"] == kind) & (sightings["source"] == source)
            rows.append(row(data, found.sum(), source))
    in_books = sightings["source_type"].isin(list(_ITEMISED)).sum()
    reports = (ledger["route"] == "database").sum()
    rows += [row("duplicates", in_books - reports), row("excluded_automatic", 0), row("excluded_other", 0)]
    for box in BOXES:
        chosen = members(ledger, box)
        rows.append(row(box.data, len(chosen)))
        if box.by_reason:
            rows += [row(box.data, n, str(reason)) for reason, n in sorted(chosen["reason"].value_counts().items())]
    studies = {study for cell in ledger["study_ids"] for study in split_list(cell)}
    reports_included = (ledger["state"] == "included").sum()
    rows += [
        row("new_studies", len(studies)),
        row("total_studies", len(studies)),
        row("total_reports", reports_included),
    ]
    return rows


def identities(rows: Iterable[Mapping[str, Any]], ledger: pd.DataFrame, sightings: pd.DataFrame) -> list[Row]:
    """The identities of PRISMA over all waves, and that every sighting and report is counted once."""
    rows = list(rows)
    every = [r for r in rows if r["wave"] == "all"]
    n = {r["data"]: r["n"] for r in every if not r["part"]}
    n |= {f"{data}:parts": sum(r["n"] for r in every if r["data"] == data and r["part"]) for data in _parts()}
    equal = [(name, text, _sum(n, left), _sum(n, right)) for name, text, left, right in _EQUALITIES]
    equal += [
        ("H11", "records excluded = by people + by automation tools", *_excluded(n, ledger)),
        ("reports", "every report has one state in the ledger", len(ledger), ledger["report_id"].nunique()),
        ("sightings", "every sighting is in one cluster", len(sightings), int(ledger["n_sightings"].sum())),
    ]
    elsewhere = _sum(n, "website_results organisation_results citations_results other_results")
    links = sum(len(split_list(cell)) for cell in ledger["study_ids"])
    bounds = [
        ("H7", "reports sought by other methods <= records they identified", n["other_sought_reports"], elsewhere),
        ("H8", "studies included <= links between studies and included reports", n["new_studies"], links),
        ("H12", "0 <= the least of all counts of all waves", 0, min(r["n"] for r in rows)),
    ]
    return [_identity(*row, row[2] == row[3]) for row in equal] + [_identity(*row, row[2] <= row[3]) for row in bounds]


def _parts() -> list[str]:
    return sorted({term.split(":")[0].lstrip("-") for _, _, *sides in _EQUALITIES for side in sides
                   for term in side.split() if term.endswith(":parts")})  # fmt: skip


def _sum(n: Mapping[str, int], terms: str) -> int:
    return sum(-n[term[1:]] if term.startswith("-") else n[term] for term in terms.split())


def _excluded(n: Mapping[str, int], ledger: pd.DataFrame) -> tuple[int, int]:
    """Both sides of H11: what the box says, and what people and tools excluded; no tool excludes anything here."""
    by_people = (ledger["state"] == "excluded_title_abstract").sum()
    return n["records_excluded"], int(by_people) + n["excluded_automatic"]


def _identity(name: str, statement: str, left: int, right: int, ok: bool) -> Row:
    return {"identity": name, "statement": statement, "left": int(left), "right": int(right), "ok": bool(ok)}
