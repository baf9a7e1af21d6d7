"""Clusters from verdicts: rulings first, then the surest links; a veto is never joined across."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Links(NamedTuple):
    """Result of clustering: the cluster (smallest row number) of each row, the link that holds each row (to, rule,
    score; none for rows alone), and the links that a veto broke."""

    cluster: list[int]
    held_by: dict[int, tuple[int, str, float]]
    broken: list[tuple[int, int, str, float]]


class _Forest:
    """Union-find with the pairs that must stay apart."""

    def __init__(self, size: int, apart: Iterable[tuple[int, int]] = ()) -> None:
        self.parent = list(range(size))
        self.members: dict[int, list[int]] = {}
        self.apart: dict[int, set[int]] = {}
        self.refused: set[tuple[int, int]] = set()
        for a, b in apart:
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def root(self, row: int) -> int:
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def join(self, a: int, b: int) -> bool:
        """Join the clusters of two rows unless a pair across them must stay apart."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return True
        if len(self.members.get(a, ())) > len(self.members.get(b, ())):
            a, b = b, a
        # What stands between two clusters stays while they grow: they need not be searched again for each link.
        if (a, b) in self.refused or (b, a) in self.refused:
            return False
        small = self.members.get(a, [a])
        if self.apart and any(self.root(y) == b for x in small for y in self.apart.get(x, ())):
            self.refused.add((a, b))
            return False
        self.parent[a] = b
        self.members.setdefault(b, [b]).extend(small)
        self.members.pop(a, None)
        return True

    def smallest(self) -> list[int]:
        """The smallest row of each row's cluster."""
        least = {root: min(rows) for root, rows in self.members.items()}
        roots = map(self.root, range(len(self.parent)))
        return [least.get(root, root) for root in roots]


def joined(size: int, a: Sequence[int], b: Sequence[int]) -> NDArray[Any]:
    """A number for each row, the same for rows that links a-b join, whatever should stay apart."""
    forest = _Forest(size)
    for one, other in zip(a, b, strict=True):
        forest.join(one, other)
    return np.array(forest.smallest())


def cluster(size: int, verdicts: pd.DataFrame, rulings: pd.DataFrame) -> Links:
    """Cluster `size` rows.

    `verdicts` is the result of `judge`, `rulings` has a, b and verdict (duplicate or distinct); rows must be in an
    order that does not depend on the files. Rulings win over every rule, transitively.
    """
    ruled = {(a, b): v for a, b, v in rulings[["a", "b", "verdict"]].itertuples(index=False)}
    same = [pair for pair, verdict in ruled.items() if verdict == "duplicate"]
    apart = {pair for pair, verdict in ruled.items() if verdict == "distinct"}
    settled = _Forest(size, apart)
    for a, b in same:
        settled.join(a, b)
    vetoes = verdicts[verdicts["verdict"] == "distinct"]
    vetoed = {(a, b) for a, b in _rows(vetoes, "a", "b") if settled.root(a) != settled.root(b)}
    forest = _Forest(size, apart | vetoed)
    for a, b in same:
        forest.join(a, b)
    links = verdicts[verdicts["verdict"] == "duplicate"].sort_values(
        ["strength", "score", "a", "b"], ascending=[False, False, True, True], kind="stable"
    )
    kept = [(a, b, "ruling", 100.0) for a, b in same]
    broken: list[tuple[int, int, str, float]] = []
    for a, b, rule, score in _rows(links, "a", "b", "rule", "score"):
        (kept if forest.join(a, b) else broken).append((a, b, rule, score))
    broken = [link for link in broken if (link[0], link[1]) not in ruled]
    return Links(forest.smallest(), _held_by(kept), broken)


def _rows(data: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Rows of plain numbers and texts, which are looked up much faster than those of an array."""
    return zip(*(data[column].tolist() for column in columns), strict=True)


def _held_by(kept: list[tuple[int, int, str, float]]) -> dict[int, tuple[int, str, float]]:
    """The surest link of each row; `kept` is in the order in which links were taken."""
    held: dict[int, tuple[int, str, float]] = {}
    for a, b, rule, score in kept:
        held.setdefault(a, (b, rule, score))
        held.setdefault(b, (a, rule, score))
    return held
