"""The report: one page, its figures and its tables. It computes no statistic; every number is a cell of a table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow import duplicates
from reviewflow.page import render
from reviewflow.page.document import FOOT, Link, Page, Section

from . import (
    agreement,
    appraisal,
    audit,
    extraction,
    flow_figure,
    frame,
    lists,
    methods,
    reported,
    reproduction,
    results,
    robustness,
    screening,
    search,
    status,
    studies,
    summary,
)
from .flow import Flow, flow_of
from .review import Review
from .status import Waiting, waiting

__all__ = ["Review", "Waiting", "build", "waiting"]


def build(
    config: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Any],
    strategies: Mapping[str, str],
) -> dict[str, str]:
    """The files of the report, relative path to text.

    `tables` has a frame for each table the report reads, named as its schema without `results/`; `provenance` has
    reviewflow, versions, inputs and code; `strategies` the text of each file in records/search/strategies/ by name.
    """
    review = Review(config, tables, provenance, strategies)
    flow = flow_of(review)
    drawn = results.drawings(review)
    sections = _sections(review, flow, drawn)
    files = {
        "index.html": render.html(_page(review, sections)),
        "figures/flow.svg": flow_figure.draw(flow, base="../index.html"),
        **duplicates.drawings(review.duplicates),
        **audit.drawings(review),
        **appraisal.drawings(review),
        **drawn,
        "summary.txt": summary.text(review),
    }
    blocks = [block for section in sections for block in section.blocks]
    return {**files, **render.csvs([*blocks, results.all_effects(review)])}


def _page(review: Review, sections: list[Section]) -> Page:
    title, state = review.title, "final" if status.is_final(review) else "interim"
    return Page(
        kind="Systematic review",
        heading=title,
        name=f"{title} ({state} report)",
        sections=tuple(sections),
        foot=FOOT,
        called="report",
        state=Link(f"{state} report", kind=f"state {state}"),
    )


def _sections(review: Review, flow: Flow, drawn: results.Drawings) -> list[Section]:
    return [
        status.section(review),
        frame.question(review),
        search.section(review),
        *duplicates.sections(review.duplicates),
        screening.flow_section(review, flow),
        agreement.section(review),
        audit.section(review),
        studies.section(review),
        studies.excluded_section(review),
        extraction.section(review),
        appraisal.section(review),
        results.section(review, drawn),
        robustness.section(review),
        reproduction.section(review),
        *reported.sections(review),
        methods.section(review),
        frame.amendments(review),
        lists.section(review),
        frame.provenance(review),
    ]
