"""What the team sees of its searches: overlap of the sources, merges by rule, doubts by reason, notices."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from reviewflow.tables import empty_result

from .merges import doubts, merges
from .notices import notices
from .overlap import overlap

if TYPE_CHECKING:
    import polars as pl

# What is looked at here of tables that may have a million rows.
_RECORDS = (
    "record_id", "source", "source_type", "notice", "notice_role", "title", "translated_title", "authors", "journal",
    "year", "doi", "pmid",
)  # fmt: skip
_CLUSTERS = ("record_id", "report_id", "matched_by", "matched_to", "score")
_REPORTS = ("report_id", "title", "translated_title", "authors", "journal", "year", "doi", "pmid")
# Texts in which a notice names its report; of other records they are not read.
_TEXTS = ("abstract", "notes")
_TABLES = ("sources", "overlap", "intersections", "merges", "doubts", "notices")


def overview(sightings: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables sources, overlap, intersections, merges, doubts and notices from records.csv and what `build` gave."""
    if sightings.empty:
        return {name: empty_result(f"results/dedupe/{name}") for name in _TABLES}
    return {
        **overlap(sightings, tables["clusters"]),
        "merges": merges(sightings, tables["clusters"]),
        "doubts": doubts(tables["doubtful_pairs"]),
        "notices": notices(sightings, tables["clusters"], tables["reports"]),
    }


def overview_columns(sightings: "pl.DataFrame", tables: "Mapping[str, pl.DataFrame]") -> dict[str, pd.DataFrame]:
    """The same from tables that are held in columns."""
    import polars as pl

    from reviewflow.tables.columns import to_frame

    texts = [pl.when(pl.col("notice") == "").then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in _TEXTS]
    looked = to_frame("results/search/records", sightings.select(*_RECORDS, *texts))
    parts = {"clusters": tables["clusters"].select(_CLUSTERS), "reports": tables["reports"].select(_REPORTS)}
    parts["doubtful_pairs"] = tables["doubtful_pairs"]
    return overview(looked, {name: to_frame(f"results/dedupe/{name}", part) for name, part in parts.items()})
