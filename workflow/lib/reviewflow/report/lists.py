"""The records behind each count of the flow diagram. Each report stands in the list of its state, once."""

from collections.abc import Callable

import pandas as pd

from reviewflow.boxes import BOXES, INCLUDED, Box, members
from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Bullets,
    Details,
    Head,
    Link,
    Row,
    Section,
    Table,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.tables import rows_of, split_list

from .flow import LABELS, OTHER_SOURCES
from .flow import label as label_of
from .review import Line, Review

# A page with more rows than this is slow to open; the whole list is in the CSV beside it.
SHOWN = 1000
# A longer note is cut; the tables of the search have it whole.
NOTE = 200
DATABASES = ("database", "register")
SOURCE_TYPES = {
    "database_results": "database",
    "register_results": "register",
    "website_results": "website",
    "organisation_results": "organisation",
    "citations_results": "citation",
    "other_results": "other",
}
_ELSEWHERE = ("dbr_notretrieved_reports", "other_notretrieved_reports", "dbr_excluded", "other_excluded", "new_reports")
_REPORT = (
    col("Report"),
    wide("Title"),
    col("First author"),
    num("Year"),
    col("Journal"),
    col("Found in"),
)


def section(review: Review) -> Section:
    """The section of the lists that the counts lead to."""
    blocks: list[Block] = [
        paragraph(
            "Each count of the flow diagram leads here. Each report is in exactly one list, that of its state; "
            "a count over several states names the lists that make it up."
        )
    ]
    blocks += identified(review)
    if review.count("duplicates"):
        blocks.append(duplicates(review))
    blocks += [_box(review, box) for box in BOXES if box.data not in _ELSEWHERE and review.count(box.data)]
    return Section("records", "Records behind each count", "Records", tuple(blocks))


def box_id(data: str, part: str = "") -> str:
    """Where the records of a count stand."""
    return wording.anchor("box", f"{data}/{part}" if part else data)


def identified(review: Review) -> list[Block]:
    """Sightings by kind of source, then by source."""
    records = review.table("search/records")
    blocks: list[Block] = []
    for data, source_type in SOURCE_TYPES.items():
        chosen = records[records["source_type"] == source_type]
        if len(chosen):
            blocks.append(_identified(review, data, chosen))
    return blocks


def _identified(review: Review, data: str, chosen: pd.DataFrame) -> Details:
    title = f"{LABELS[data]} (n = {len(chosen)})"
    if data in OTHER_SOURCES:
        return Details(box_id(data), title, (_sightings(review, data, LABELS[data], chosen),))
    specific = data.replace("_results", "_specific_results")
    parts = [
        Details(
            box_id(specific, source),
            f"{source} (n = {len(part)})",
            (_sightings(review, f"{data}_{wording.slug(source)}", f"{LABELS[data]}: {source}", part),),
        )
        for source, part in ((name, chosen[chosen["source"] == name]) for name in sorted(set(chosen["source"])))
    ]
    return Details(box_id(data), title, tuple(parts))


def _sightings(review: Review, name: str, caption: str, chosen: pd.DataFrame) -> Table:
    clusters = review.table("dedupe/clusters")
    home = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    shown = ["record_id", "export_file", "position", "title", "translated_title", "authors", "year", "journal"]
    chosen = chosen[[*shown, "notes"]]

    def written(line: Line) -> Row:
        report = home.get(line["record_id"], "")
        return row(
            line["record_id"], title_of(line), wording.first_author(line["authors"]), wording.integer(line["year"]),
            line["journal"], f"{line['export_file']}, entry {line['position']}",
            Link(report, wording.to("report", report) if report else ""), note_of(line),
        )  # fmt: skip

    heads = (col("Record"), *_REPORT[1:5], col("Export"), col("Report"), wide("Note"))
    return _listed(name, caption, heads, chosen, written)


def _listed(
    name: str,
    caption: str,
    heads: tuple[Head, ...],
    chosen: pd.DataFrame,
    written: Callable[[Line], Row],
    group: str = "",
) -> Table:
    rows = tuple(written(line) for line in rows_of(chosen))
    return Table(name, caption, heads, rows, group, file=f"list_{name}", limit=SHOWN)


def title_of(line: Line) -> str:
    """The title, with its translation where the original is in another language."""
    title, translated = line["title"], line["translated_title"]
    if title and translated and title != translated:
        return f"{title} [{translated}]"
    return str(title or translated or "(no title)")


def note_of(line: Line) -> str:
    """The note that a record carries, such as that it is constructed."""
    return wording.shortened(str(line["notes"]), NOTE)


def duplicates(review: Review) -> Details:
    """Sightings from databases and registers beyond the first of their report."""
    chosen = removed(review)
    title = f"{LABELS['duplicates']} (n = {len(chosen)})"

    def written(line: Line) -> Row:
        return row(
            line["record_id"], line["title"] or "(no title)", f"{line['export_file']}, entry {line['position']}",
            Link(line["report_id"], wording.to("report", line["report_id"])), wording.human(line["matched_by"]),
            line["matched_to"], wording.number(line["score"], 1), note_of(line),
        )  # fmt: skip

    heads = (
        col("Record removed"), wide("Title"), col("Export"), col("Kept as report"), col("Rule"), col("Matched to"),
        num("Score"), wide("Note"),
    )  # fmt: skip
    table = _listed("duplicates", LABELS["duplicates"], heads, chosen, written)
    return Details(box_id("duplicates"), title, (table,))


def removed(review: Review) -> pd.DataFrame:
    """The duplicates: for each report the founder is kept, or where it came from elsewhere the first sighting."""
    key = ["record_id", "search_id", "export_file", "position"]
    records = review.table("search/records")[[*key, "source_type", "title", "notes"]]
    found = review.table("dedupe/clusters").merge(records, on=key)
    found = found[found["source_type"].isin(DATABASES)]
    found = found.sort_values("founder", ascending=False, kind="stable")
    return found[found.duplicated("report_id")].sort_values(["report_id", *key], kind="stable")


def _box(review: Review, box: Box) -> Details:
    label = label_of(review, box.data)
    ledger = review.table("screening/ledger")
    chosen = members(ledger, box)
    title = f"{label} (n = {len(chosen)})"
    parts = _parts(box)
    if parts:
        return Details(box_id(box.data), title, (_sum(review, parts),))
    return Details(box_id(box.data), title, (report_table(review, box.data, label, chosen),))


def _parts(box: Box) -> list[Box]:
    """Boxes of single states that make up a box of several; none where the box is one list itself."""
    inner = [
        other if other.route else Box(other.data, box.route, INCLUDED)
        for other in BOXES
        if other.route in (box.route, "") and other.states < box.states
    ]
    return [part for part in inner if not any(part.states < other.states for other in inner)]


def _sum(review: Review, parts: list[Box]) -> Bullets:
    ledger = review.table("screening/ledger")
    counts = [(part, len(members(ledger, part))) for part in parts]
    return Bullets(tuple((Link(f"{LABELS[p.data]} (n = {n})", wording.to("box", p.data)),) for p, n in counts if n))


def report_table(review: Review, name: str, caption: str, chosen: pd.DataFrame, by_reason: bool = False) -> Table:
    """Reports with their fields; `by_reason` puts them under their primary reason, each a place to link to."""
    consensus = _consensus(review)
    if by_reason:
        order = {reason: i for i, reason in enumerate(review.reasons)}
        chosen = chosen.sort_values("reason", kind="stable", key=lambda column: column.map(order).fillna(len(order)))

    def written(line: Line) -> Row:
        fields = review.reports[line["report_id"]]
        reason = review.reasons.get(line["reason"], line["reason"] or "no reason") if by_reason else ""
        return row(
            line["report_id"], (Link(title_of(fields)), *identifiers(fields)),
            wording.first_author(fields["authors"]), wording.integer(fields["year"]), fields["journal"],
            ", ".join(split_list(fields["sources"])), consensus.get((line["state"], line["report_id"]), ""),
            note_of(fields),
            place=wording.anchor("report", line["report_id"]), group=reason,
            group_id=box_id(name, line["reason"]) if by_reason else "",
        )  # fmt: skip

    heads = (*_REPORT, col("How decided"), wide("Note"))
    return _listed(name, caption, heads, chosen, written, group="Reason" if by_reason else "")


def identifiers(fields: Line) -> tuple[Link, ...]:
    """A report's DOI and PubMed number, as links to follow where they can lead anywhere."""
    doi, pmid = fields["doi"], fields["pmid"]
    found = []
    if doi:
        found.append(Link(f"doi:{doi}", wording.doi_address(doi), "doi"))
    if pmid:
        found.append(Link(f"PMID {pmid}", wording.pubmed_address(pmid), "doi"))
    return tuple(found)


def _consensus(review: Review) -> dict[tuple[str, str], str]:
    """How the decision behind a state came about, by state and report."""
    found: dict[tuple[str, str], str] = {}
    for stage, states in (
        ("title_abstract", ("excluded_title_abstract", "conflict_title_abstract", "awaiting_title_abstract")),
        ("full_text", ("excluded_full_text", "conflict_full_text", "awaiting_full_text", "included")),
    ):
        table = review.table(f"screening/{stage}")
        for report, consensus in zip(table["report_id"], table["consensus"], strict=True):
            found |= {(state, report): str(consensus) for state in states}
    return found
