"""What the team sees of import and deduplication: a page of its own, and the same as sections of the report."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.page import render, wording
from reviewflow.page.document import FOOT, Block, Page, Paragraph, Section, paragraph

from . import imports, merges, notices, overlap, queue
from .view import View

__all__ = ["View", "drawings", "imports", "notices", "page", "sections", "told"]


def page(tables: Mapping[str, pd.DataFrame]) -> str:
    """The page results/dedupe/index.html, from the tables by their names below results/."""
    view = View(tables)
    read = (imports.summary(view), imports.balance(view), *imports.rejected(view))
    state = Section("status", "State of the records", "State", tuple(_state(view)))
    parts = (state, Section("read", "What was read", "What was read", read), *_parts(view))
    name = "Import and deduplication"
    return render.html(Page("Records of this review", name, name, parts, FOOT))


def told(tables: Mapping[str, pd.DataFrame]) -> str:
    """What came out, in a line for the terminal."""
    view = View(tables)
    reports, pairs = view.count("dedupe/reports"), view.count("dedupe/doubtful_pairs")
    counted = f"{wording.several(reports, 'report')}, {wording.several(pairs, 'doubtful pair')} to rule on"
    return ", ".join([counted, *notices.headlines(view)])


def sections(view: View) -> tuple[Section, ...]:
    """The same for the report, which has what was read among its searches and the state of the review at its head."""
    return _parts(view)


def drawings(view: View) -> dict[str, str]:
    """The figures by the paths of their files in the report."""
    return overlap.figures(view)


def _parts(view: View) -> tuple[Section, ...]:
    found: tuple[tuple[str, str, str, list[Block]], ...] = (
        ("notices", "Retractions, concerns and errata", "Notices", notices.blocks(view)),
        ("overlap", "Overlap of the sources", "Overlap", overlap.blocks(view)),
        ("merges", "Duplicates, by rule", "Duplicates", merges.blocks(view)),
        ("queue", "Doubtful pairs", "Doubtful pairs", queue.blocks(view)),
    )
    return tuple(Section(place, title, short, tuple(blocks)) for place, title, short, blocks in found)


def _state(view: View) -> list[Paragraph]:
    waiting = view.count("dedupe/doubtful_pairs")
    if not view.count("search/balance"):
        first = paragraph("Nothing to read yet. ", "Exports go into records/search/exports/.", kind="verdict interim")
    elif waiting:
        text = f"{wording.several(waiting, 'pair')} of records may index one report; the section Doubtful pairs "
        text += "has them side by side."
        first = paragraph("Rulings are asked for. ", text, kind="verdict interim")
    else:
        first = paragraph("Nothing is doubtful. ", "No pair of records waits for a ruling.", kind="verdict final")
    return [first, *notices.alarms(view)]
