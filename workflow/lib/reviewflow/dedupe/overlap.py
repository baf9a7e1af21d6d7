"""What the sources have in common: the exact sets of sources that found reports, and what follows from them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from reviewflow.tables import frame, join_list

# Bits of one word of a set of sources.
_WORD = 64


def overlap(sightings: pd.DataFrame, clusters: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables sources, overlap and intersections from records.csv and clusters.csv."""
    home = clusters.drop_duplicates("record_id").set_index("record_id")["report_id"]
    reports, _ = pd.factorize(home.reindex(sightings["record_id"]).to_numpy())
    sources, names = pd.factorize(sightings["source"], sort=True)
    sets, counts = exact_sets(reports, sources, len(names))
    common = (sets * counts[:, None]).T @ sets
    alone = counts[sets.sum(axis=1) == 1] @ sets[sets.sum(axis=1) == 1]
    return {
        "sources": _sources(sightings, list(names), common.diagonal(), alone),
        "overlap": _overlap(list(names), common),
        "intersections": _intersections(list(names), sets, counts),
    }


def exact_sets(
    reports: npt.NDArray[np.int64], sources: npt.NDArray[np.int64], n_sources: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different sets of sources (a row each, 1 where the source is in it), and how many reports have each.

    `reports` and `sources` are codes from 0, a pair a sighting.
    """
    n_reports = int(reports.max()) + 1 if len(reports) else 0
    words = np.zeros((n_reports, -(-n_sources // _WORD)), dtype=np.uint64)
    bits = np.left_shift(np.uint64(1), (sources % _WORD).astype(np.uint64))
    np.bitwise_or.at(words, (reports, sources // _WORD), bits)
    different, counts = np.unique(words, axis=0, return_counts=True)
    place = np.arange(n_sources)
    held = different[:, place // _WORD] >> (place % _WORD).astype(np.uint64)
    return (held & np.uint64(1)).astype(np.int64), counts.astype(np.int64)


def _sources(
    sightings: pd.DataFrame, names: list[str], reports: npt.NDArray[np.int64], alone: npt.NDArray[np.int64]
) -> pd.DataFrame:
    types = sightings[["source", "source_type"]].drop_duplicates().sort_values("source_type").groupby("source")
    kinds = {source: join_list(found) for source, found in types["source_type"]}
    seen = sightings["source"].value_counts()
    records = sightings[["source", "record_id"]].drop_duplicates()["source"].value_counts()
    rows = [
        {
            "source": name,
            "source_type": kinds[name],
            "sightings": int(seen[name]),
            "records": int(records[name]),
            "reports": int(n),
            "unique_reports": int(unique),
            "share_unique": int(unique) / int(n),
        }
        for name, n, unique in zip(names, reports, alone, strict=True)
    ]
    return frame("results/dedupe/sources", rows)


def _overlap(names: list[str], common: npt.NDArray[np.int64]) -> pd.DataFrame:
    rows = [
        {"source_a": a, "source_b": b, "reports": int(common[i, j]), "share_a": int(common[i, j]) / int(common[i, i])}
        for i, a in enumerate(names)
        for j, b in enumerate(names)
    ]
    return frame("results/dedupe/overlap", rows)


def _intersections(names: list[str], sets: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> pd.DataFrame:
    rows = [
        {"sources": join_list(names[i] for i in np.flatnonzero(held)), "n_sources": int(held.sum()), "reports": int(n)}
        for held, n in zip(sets, counts, strict=True)
    ]
    return frame("results/dedupe/intersections", rows)
