"""The tables of the dedupe stage from records and rulings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from reviewflow.tables.columns import empty_columns

from .cluster import Links, cluster
from .fields import merged_fields
from .judge import verdicts
from .merge import grouped, merge, unique_records
from .normalise import normalise
from .rulings import ruled_rows

TABLES = ("clusters", "reports", "merged_fields", "doubtful_pairs")
_SIDE = ("title", "authors", "year", "journal", "volume", "pages", "doi")
_PLACE = ("record_id", "search_id", "export_file", "position")


def outcome(config: Mapping[str, Any], sightings: pl.DataFrame, rulings: pd.DataFrame) -> dict[str, pl.DataFrame]:
    """The tables of results/dedupe/ from records.csv and rulings.csv."""
    if sightings.is_empty():
        return {name: empty_columns(f"results/dedupe/{name}") for name in TABLES}
    records = unique_records(sightings, config["dedupe"]["source_order"])
    ruled = ruled_rows(records["record_id"].to_list(), rulings)
    judged = verdicts(normalise(records), ruled)
    links = cluster(len(records), judged, ruled)
    groups = grouped(links.cluster)
    reports = merge(records, groups, sightings)
    return {
        "clusters": _clusters(records["record_id"], sightings, links),
        "reports": reports,
        "merged_fields": merged_fields(records, groups),
        "doubtful_pairs": _doubtful(records, judged, ruled, links, reports),
    }


def _clusters(record_ids: pl.Series, sightings: pl.DataFrame, links: Links) -> pl.DataFrame:
    founders = np.array(links.cluster)
    held = [links.held_by.get(row) if row != founder else None for row, founder in enumerate(links.cluster)]
    matches = pl.DataFrame(
        {
            "record_id": record_ids,
            "report_id": record_ids.gather(founders),
            "matched_to": record_ids.gather([link[0] if link else row for row, link in enumerate(held)]),
            "matched_by": [link[1] if link else "" for link in held],
            "score": pl.Series([link[2] if link else None for link in held], dtype=pl.Float64),
        }
    )
    again, alone = ~pl.col("record_id").is_first_distinct(), pl.col("matched_by") == ""
    seen = sightings.select("wave", *_PLACE).sort("wave", *_PLACE).drop("wave").with_columns(again=again)
    return seen.join(matches, on="record_id", how="left", maintain_order="left").select(
        *_PLACE,
        "report_id",
        founder=(pl.col("record_id") == pl.col("report_id")) & ~pl.col("again"),
        matched_by=pl.when("again").then(pl.lit("same_record")).otherwise("matched_by"),
        matched_to=pl.when("again").then("record_id").when(alone).then(pl.lit("")).otherwise("matched_to"),
        score=pl.when("again").then(100.0).otherwise("score"),
    )


def _doubtful(
    records: pl.DataFrame, judged: pd.DataFrame, ruled: pd.DataFrame, links: Links, reports: pl.DataFrame
) -> pl.DataFrame:
    """Doubtful pairs and broken links on which nobody has ruled: of two clusters the surest pair, most alike first."""
    asked = judged[judged["ask"]]
    doubts = [judged[judged["verdict"] == "doubtful"], asked.assign(rule="alike_but_other_" + asked["rule"])]
    broken = pd.DataFrame(links.broken, columns=["a", "b", "rule", "score"])
    pairs = pd.concat([broken.assign(rule="veto_between_" + broken["rule"].astype(str)), *doubts])
    pairs = _between(pairs[["a", "b", "rule", "score"]], links.cluster)
    ruled_on = set(zip(*(_between(ruled, links.cluster)[side] for side in ("one", "other")), strict=True))
    pairs = pairs.sort_values(["score", "a", "b"], ascending=[False, True, True]).drop_duplicates(["one", "other"])
    unruled = [pair not in ruled_on for pair in zip(pairs["one"], pairs["other"], strict=True)]
    return _queue(pairs[np.array(unruled, dtype=bool)], records, reports)


def _queue(pairs: pd.DataFrame, records: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Pairs side by side, what matters most first; `pairs` has the rows a and b, and those of their founders."""
    rows = {name: records.select("record_id", *_SIDE)[pairs[name].to_numpy(dtype=np.int64)] for name in "ab"}
    shown = {f"{n}_{side}": rows[side][n].cast(pl.String).fill_null("") for side in "ab" for n in _SIDE}
    ids = {f"record_{side}": rows[side]["record_id"] for side in "ab"}
    queue = pl.DataFrame(ids | {"score": pairs["score"].tolist(), "why": pairs["rule"].tolist()} | shown)
    seen = records.select(report_id="record_id").join(
        reports.select("report_id", "n_sightings"), on="report_id", how="left", maintain_order="left"
    )["n_sightings"]
    founders = (pairs[name].to_numpy(dtype=np.int64) for name in ("one", "other"))
    one, other = (seen.gather(rows).cast(pl.Int64) for rows in founders)
    order = ["score", "n_sightings", "record_a", "record_b"]
    queue = queue.with_columns(n_sightings=one + other).sort(order, descending=[True, True, False, False])
    return queue.with_row_index("rank", offset=1).with_columns(pl.col("rank").cast(pl.Int64))


def _between(pairs: pd.DataFrame, cluster: list[int]) -> pd.DataFrame:
    """Pairs of two clusters, with the clusters."""
    of = np.array(cluster)
    a, b = (of[pairs[side].to_numpy(dtype=np.int64)] for side in "ab")
    pairs = pairs.assign(one=np.minimum(a, b), other=np.maximum(a, b))
    return pairs[pairs["one"] != pairs["other"]]
