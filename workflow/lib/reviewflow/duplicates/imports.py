"""What was read: each export in balance, and the entries that hold no record."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Details, Link, Paragraph, Table, col, num, paragraph, row, wide

from .view import View

# Files of many megabytes may hold thousands; all are in the CSV.
SHOWN = 1000


def summary(view: View) -> Paragraph:
    """What came in and what became of it, in two sentences."""
    balance = view.tables["search/balance"]
    entries, parsed, rejected = (int(balance[name].sum()) for name in ("entries", "parsed", "rejected"))
    exports = wording.several(len(balance), "export")
    joined = int(view.tables["dedupe/merges"]["links"].sum())
    return paragraph(
        f"{exports} with {wording.several(entries, 'entry', 'entries')}: {parsed} parsed, {rejected} rejected. "
        f"{wording.several(view.count('dedupe/clusters'), 'sighting')} less {joined} joined to another make "
        f"{wording.several(view.count('dedupe/reports'), 'report')}."
    )


def balance(view: View) -> Table:
    """Each export: entries = parsed + rejected."""
    rows = tuple(
        row(
            line["export_file"], line["search_id"], line["format"], line["encoding"], wording.integer(line["stated"]),
            wording.integer(line["entries"]), wording.integer(line["parsed"]), wording.integer(line["rejected"]),
            wording.integer(line["hits"]), verdict(line["ok"]), line["note"],
        )
        for line in view.lines("search/balance")
    )  # fmt: skip
    heads = (
        col("Export"), col("Search"), col("Format"), col("Encoding"), num("Total the file states"), num("Entries"),
        num("Parsed"), num("Rejected"), num("Hits"), col("In balance"), wide("Note"),
    )  # fmt: skip
    table = Table("balance", "Each export in balance", heads, rows, empty="No export yet.")
    return view.placed(table, "search/balance")


def verdict(ok: bool) -> Link:
    """Yes or no, as a word with a symbol."""
    return Link("\u2713 yes", kind="yes") if ok else Link("\u2717 no", kind="no")


def rejected(view: View) -> list[Block]:
    """The entries that hold no record, folded; nothing where there is none."""
    rows = tuple(
        row(line["export_file"], wording.integer(line["line"]), line["reason"], line["text"])
        for line in view.lines("search/rejected")
    )
    heads = (col("Export"), num("Line"), col("Why it is no record"), wide("Beginning of the entry"))
    table = Table("rejected_entries", "Entries that hold no record", heads, rows, limit=SHOWN)
    title = f"Entries that hold no record ({len(rows)})"
    return [Details("rejected", title, (view.placed(table, "search/rejected"),))] if rows else []
