"""From records to merged reports."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from reviewflow.tables import join_list, split_list

MERGED = (
    "pmid", "pmcid", "doi", "trial_ids", "title", "translated_title", "authors", "year", "journal", "volume", "issue",
    "pages", "abstract", "language", "publication_type", "keywords", "url", "notes",
)  # fmt: skip
BOOKS_OF_RECORD = ("database", "register")


def unique_records(sightings: pl.DataFrame, source_order: Sequence[str]) -> pl.DataFrame:
    """One row a record_id in the order in which a record founds a cluster: earliest wave, then the order of sources
    (those that are not named come after, by name), then accession, then record_id. Differing sightings of one record
    give the fuller value of each field, so that the order of files decides nothing."""
    ranks = {source: rank for rank, source in enumerate(source_order)}
    rank = pl.col("source").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64)
    ordered = sightings.sort("wave", rank, "source", "accession", "record_id", maintain_order=True)
    first = ordered.filter(pl.col("record_id").is_first_distinct())
    again = sightings.filter(pl.col("record_id").is_duplicated())
    for column in MERGED if len(again) else ():
        values = again.select("record_id", column).unique()
        differing = values.filter(pl.col("record_id").is_duplicated())
        text = pl.col(column).cast(pl.String)
        fullest = differing.sort("record_id", filled(column), text.str.len_chars(), text)
        first = first.update(fullest.unique("record_id", keep="last"), on="record_id")
    return first


def filled(column: str) -> pl.Expr:
    """Whether a cell is not blank."""
    return pl.col(column).is_not_null() & (pl.col(column).cast(pl.String) != "")


class Groups(NamedTuple):
    """The rows of the records, those of a report together and in the order of the records, and where each report
    begins; its first is its founder."""

    order: NDArray[np.int64]
    starts: NDArray[np.int64]


def grouped(cluster: Sequence[int]) -> Groups:
    """Groups from the founder's row of each record."""
    founder = np.asarray(cluster, dtype=np.int64)
    order = np.argsort(founder, kind="stable")
    return Groups(order, np.flatnonzero(np.diff(founder[order], prepend=-1)))


def carriers(records: pl.DataFrame, groups: Groups, field: str) -> NDArray[np.int64]:
    """The row of the record whose value of a field each report carries: the founder's, else the first of the others
    that has one; of abstracts the longest."""
    size = len(groups.order)
    if field == "abstract":
        length = records["abstract"].str.len_chars().to_numpy()[groups.order].astype(np.int64)
        longest = np.repeat(np.maximum.reduceat(length, groups.starts), np.diff(groups.starts, append=size))
        fits = length == longest
    else:
        fits = records.select(filled(field)).to_series().to_numpy()[groups.order]
    first = np.minimum.reduceat(np.where(fits, np.arange(size), size), groups.starts)
    return groups.order[np.where(first < size, first, groups.starts)]


def merge(records: pl.DataFrame, groups: Groups, sightings: pl.DataFrame) -> pl.DataFrame:
    """The rows of reports.csv; `records` is the result of `unique_records`."""
    founders = np.repeat(groups.order[groups.starts], np.diff(groups.starts, append=len(groups.order)))
    places = records.select("record_id", "source", "trial_ids")[groups.order]
    places = places.with_columns(report_id=records["record_id"].gather(founders))
    merged = pl.DataFrame({field: records[field].gather(carriers(records, groups, field)) for field in MERGED})
    merged = merged.with_columns(report_id=records["record_id"].gather(groups.order[groups.starts]))
    lists = [_lists(places), _trials(places), _counts(sightings, places)]
    for more in lists:
        merged = merged.drop("trial_ids", strict=False) if "trial_ids" in more.columns else merged
        merged = merged.join(more, on="report_id", how="left", maintain_order="left")
    return merged.with_columns(pl.col("trial_ids").fill_null("")).sort("report_id")


def _lists(places: pl.DataFrame) -> pl.DataFrame:
    def joined(values: pl.Expr) -> pl.Expr:
        return values.str.replace_all(";", ",", literal=True).str.strip_chars().str.join("; ")

    sources = joined(pl.col("source").unique(maintain_order=True))
    return places.group_by("report_id").agg(n_records=pl.len(), record_ids=joined(pl.col("record_id")), sources=sources)


def _trials(places: pl.DataFrame) -> pl.DataFrame:
    """All trials that a report's records name, each once."""
    named = places.filter(pl.col("trial_ids") != "").group_by("report_id").agg(pl.col("trial_ids").str.join(";"))
    each = [join_list(dict.fromkeys(split_list(cell))) for cell in named["trial_ids"].to_list()]
    return named.with_columns(trial_ids=pl.Series(each, dtype=pl.String))


def _counts(sightings: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Sightings of each report, and where it counts: in the earliest wave that found it in a database or register,
    since only those stand in that column of the flow diagram; else in the earliest of all."""
    seen = sightings.select("record_id", "wave", "source_type").join(places, on="record_id")
    in_books = pl.col("source_type").is_in(BOOKS_OF_RECORD)
    return seen.group_by("report_id").agg(
        wave=pl.coalesce(pl.col("wave").filter(in_books).min(), pl.col("wave").min()),
        n_sightings=pl.len(),
        route=pl.when(in_books.any()).then(pl.lit("database")).otherwise(pl.lit("other")),
    )
