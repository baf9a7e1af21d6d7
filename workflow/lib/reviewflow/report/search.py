"""Searches: sources, platforms, dates, and every export in balance (PRISMA-S)."""

from collections import Counter

import pandas as pd

from reviewflow.duplicates import imports
from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Details,
    Heading,
    Link,
    Row,
    Section,
    Table,
    Verbatim,
    col,
    num,
    paragraph,
    row,
    whole,
    wide,
)

from .review import Line, Review


def section(review: Review) -> Section:
    """The section on the searches."""
    searches = review.lines("records/search/searches")
    blocks: list[Block] = [_searches(review, searches)]
    written = [line for line in searches if _strategy(review, line)]
    if written:
        blocks.append(Heading("Strategies", "strategies"))
        blocks.append(paragraph("The files of records/search/strategies/, verbatim."))
        blocks += [_details(review, line) for line in written]
    balance = imports.balance(review.duplicates)
    blocks.append(Details("exports", "Exports: entries = parsed + rejected, file by file", (balance,)))
    blocks += imports.rejected(review.duplicates)
    return Section("search", "Searches", "Searches", tuple(blocks))


def _strategy(review: Review, line: Line) -> str:
    return review.strategies.get(line["strategy_file"], "") if line["strategy_file"] else ""


def _details(review: Review, line: Line) -> Details:
    summary = f"{line['source']}, {line['date_run']}: {line['strategy_file']}"
    text = Verbatim(f"Strategy of the search {line['search_id']}", _strategy(review, line))
    return Details(wording.anchor("strategy", line["search_id"]), summary, (text,))


def _searches(review: Review, searches: list[Line]) -> Table:
    parsed = Counter(review.table("search/records")["search_id"])
    balance = review.table("search/balance")
    rejected = Counter(
        pd.merge(review.table("search/rejected")[["export_file"]], balance[["export_file", "search_id"]])["search_id"]
    )
    rows = tuple(_search(review, line, parsed, rejected) for line in searches)
    heads = (
        col("Source"), col("Platform"), col("Kind"), num("Wave"), whole("Date run"), whole("Coverage"), num("Hits"),
        num("Records parsed"), num("Entries rejected"), col("Strategy"), wide("Notes"),
    )  # fmt: skip
    empty = "No search has been run yet; the first goes into records/search/searches.csv."
    return Table("searches", "Sources searched", heads, rows, empty=empty, file="searches")


def _search(review: Review, line: Line, parsed: "Counter[str]", rejected: "Counter[str]") -> Row:
    name = line["search_id"]
    target = wording.to("strategy", name) if _strategy(review, line) else ""
    return row(
        line["source"], line["platform"], line["source_type"], wording.integer(line["wave"]), line["date_run"],
        coverage(line), wording.integer(line["hits"]), str(parsed[name]), str(rejected[name]),
        Link(line["strategy_file"] or "not recorded", target), line["notes"],
        place=wording.anchor("search", name),
    )  # fmt: skip


def coverage(line: Line) -> str:
    """The days that a search covers."""
    if not line["coverage_start"] and not line["coverage_end"]:
        return "not limited"
    return f"{line['coverage_start'] or 'inception'} to {line['coverage_end'] or 'date run'}"
