"""Candidate pairs by blocking on several keys."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from .normalise import Normal, coded

Rows = NDArray[Any]

# A block larger than this compares each record only with its neighbours in the order of title, people and place:
# duplicates of one report stand next to each other there, and a giant block costs no more than its size.
BLOCK_CAP = 60
NEIGHBOURS = 12
_KEY_WORDS = 4
# Chinese and Japanese have no spaces; as many of their characters say what four words do.
_KEY_CHARACTERS = 8
_LAST_SPACED = "\u3000"
# A title shorter than this is no key by parts of it.
_SHORT = 12


def candidates(records: Normal) -> tuple[Rows, Rows]:
    """Row numbers a < b of the pairs that share a blocking key, each pair once, in order."""
    size = len(records["title"])
    place = _place(records)
    found = [a * size + b for key in _keys(records) for a, b in _block(key, place)]
    pairs = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return pairs // max(size, 1), pairs % max(size, 1)


def _place(records: Normal) -> Rows:
    """The rank of each record by title, then people, year and page; equal records in the order of the rows."""
    by = pl.DataFrame({name: records[name].tolist() for name in ("title", "authors", "year", "page")})
    order = by.select(pl.arg_sort_by(by.columns, maintain_order=True)).to_series().to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _keys(records: Normal) -> Iterator[Rows]:
    """Blocking keys as numbers, 0 where a record has none. Each catches duplicates that the others may miss."""
    yield records["doi"]
    yield records["pmid"]
    titles, translated = records["title"].tolist(), records["translated"].tolist()
    others = [row for row, (one, other) in enumerate(zip(titles, translated, strict=True)) if one != other]
    for key in (_first_words, _longest_words):
        keys = [key(title) for title in titles]
        yield coded(keys)[0]
        # By translated title only those meet of which one has another title.
        for row in others:
            keys[row] = key(translated[row])
        of_translations = {keys[row] for row in others}
        if of_translations:
            yield coded([k if k in of_translations else "" for k in keys])[0]
    year, volume, page = np.nan_to_num(records["year"]).astype(np.int64), records["volume"], records["page"]
    yield _joint(volume, page, records["author"])
    yield _joint(year, volume, page)
    yield np.where(records["foreign"] | (records["translation"] == 1), _joint(year, page, records["page_end"]), 0)
    yield _joint(records["lead"], year)


def _joint(*columns: Rows) -> Rows:
    """One key of several, 0 where one of them is 0."""
    joint = columns[0].astype(np.int64)
    for column in columns[1:]:
        joint = pd.factorize(joint * (int(column.max(initial=0)) + 1) + column)[0]
    return np.where(np.all(columns, axis=0), joint + 1, 0)


def _first_words(title: str) -> str:
    if title[:1] > _LAST_SPACED:
        return title[:_KEY_CHARACTERS]
    return " ".join(title.split(" ", _KEY_WORDS)[:_KEY_WORDS]) if len(title) >= _SHORT else title


def _longest_words(title: str) -> str:
    if len(title) < _SHORT:
        return ""
    words = sorted(title.split(" "))
    words.sort(key=len, reverse=True)
    return " ".join(words[:3])


def _block(key: Rows, place: Rows) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows with the same key: all of a block, but of a large one only those that stand near in `place`."""
    sizes = np.bincount(key)
    sizes[0] = 0
    rows = np.flatnonzero(sizes[key] > 1)
    rows = rows[np.lexsort((place[rows], key[rows]))]
    for distance in range(1, BLOCK_CAP):
        kept = sizes[key[rows]] > distance
        if distance > NEIGHBOURS:
            kept &= sizes[key[rows]] <= BLOCK_CAP
        rows = rows[kept]
        if not len(rows):
            return
        near = key[rows[distance:]] == key[rows[:-distance]]
        one, other = rows[:-distance][near], rows[distance:][near]
        yield np.minimum(one, other), np.maximum(one, other)
