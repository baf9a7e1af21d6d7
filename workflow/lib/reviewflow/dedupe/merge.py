"""From records to merged reports."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reviewflow.tables import join_list, split_list

MERGED = (
    "pmid", "pmcid", "doi", "trial_ids", "title", "translated_title", "authors", "year", "journal", "volume", "issue",
    "pages", "abstract", "language", "publication_type", "keywords", "url", "notes",
)  # fmt: skip
BOOKS_OF_RECORD = frozenset({"database", "register"})


def unique_records(records: pd.DataFrame, source_order: Sequence[str]) -> pd.DataFrame:
    """One row a record_id in the order in which a record founds a cluster: earliest wave, then the order of sources
    (those that are not named come after, by name), then accession, then record_id. Differing sightings of one record
    give the fuller value of each field, so that the order of files decides nothing."""
    ranks = {source: rank for rank, source in enumerate(source_order)}
    keyed = records.assign(_rank=records["source"].map(lambda s: ranks.get(s, len(ranks))))
    keyed = keyed.sort_values(
        [*["wave", "_rank", "source", "accession", "record_id"], *MERGED], kind="stable", key=_text
    )
    first = keyed.drop_duplicates("record_id").set_index("record_id", drop=False)
    again = keyed[keyed.duplicated("record_id", keep=False)]
    for record_id, sightings in again.groupby("record_id", sort=True):
        for column in MERGED:
            first.loc[record_id, column] = _fullest(sightings[column])
    return first.drop(columns="_rank").reset_index(drop=True)


def _text(values: pd.Series) -> pd.Series:
    return values if values.name in ("wave", "_rank") else values.astype(str)


def _fullest(values: pd.Series) -> Any:
    return max(values, key=lambda v: (not _blank(v), len(str(v)), str(v)))


def _blank(value: object) -> bool:
    return value is pd.NA or value == ""


def merge(records: pd.DataFrame, cluster: Sequence[int], sightings: pd.DataFrame) -> pd.DataFrame:
    """The rows of reports.csv. `records` is the result of `unique_records`, `cluster` the founder's row of each; the
    founder's value of a field holds, else the first of the others that has one; of abstracts the longest."""
    keyed = records.assign(report_id=records["record_id"].to_numpy()[list(cluster)])
    blank = keyed[list(MERGED)].replace("", pd.NA)
    merged = blank.assign(report_id=keyed["report_id"]).groupby("report_id", sort=True).first()
    longest = keyed.assign(_length=-keyed["abstract"].str.len()).sort_values(["report_id", "_length"], kind="stable")
    merged["abstract"] = longest.groupby("report_id", sort=True)["abstract"].first()
    text = [column for column in MERGED if column != "year"]
    merged[text] = merged[text].astype(object).where(merged[text].notna(), "")
    merged["year"] = merged["year"].astype("Int64")
    groups = keyed.groupby("report_id", sort=True)
    counted = sightings.merge(keyed[["record_id", "report_id"]], on="record_id").groupby("report_id", sort=True)
    merged["wave"] = _wave(sightings.merge(keyed[["record_id", "report_id"]], on="record_id"))
    merged["n_records"] = groups.size()
    merged["n_sightings"] = counted.size()
    merged["sources"] = groups["source"].agg(lambda s: join_list(dict.fromkeys(s)))
    merged["record_ids"] = groups["record_id"].agg(join_list)
    merged["route"] = counted["source_type"].agg(lambda s: "database" if set(s) & BOOKS_OF_RECORD else "other")
    merged["trial_ids"] = groups["trial_ids"].agg(
        lambda s: join_list(dict.fromkeys(i for c in s for i in split_list(c)))
    )
    return merged.reset_index()


def _wave(sightings: pd.DataFrame) -> pd.Series:
    """The wave that a report counts in, by report: the earliest that found it in a database or register, since only
    those stand in that column of the flow diagram; else the earliest of all."""
    in_books = sightings[sightings["source_type"].isin(list(BOOKS_OF_RECORD))]
    every = sightings.groupby("report_id", sort=True)["wave"].min()
    return in_books.groupby("report_id", sort=True)["wave"].min().reindex(every.index).fillna(every).astype("Int64")
