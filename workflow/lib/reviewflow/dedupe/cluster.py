"""Clusters from verdicts: rulings first, then the surest links; a veto is never joined across."""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd


class Links(NamedTuple):
    """Result of clustering: the cluster (smallest row number) of each row, the link that holds each row (to, rule,
    score; none for rows alone), and the links that a veto broke."""

    cluster: list[int]
    held_by: dict[int, tuple[int, str, float]]
    broken: list[tuple[int, int, str, float]]


class _Forest:
    """Union-find with the pairs that must stay apart."""

    def __init__(self, size: int, apart: Iterable[tuple[int, int]]) -> None:
        self.parent = list(range(size))
        self.members = {i: [i] for i in range(size)}
        self.apart: dict[int, set[int]] = {}
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
        a, b = sorted((self.root(a), self.root(b)), key=lambda r: len(self.members[r]))
        if a == b:
            return True
        others = set(self.members[b])
        if any(self.apart.get(row, set()) & others for row in self.members[a]):
            return False
        self.parent[a] = b
        self.members[b] += self.members.pop(a)
        return True


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
    vetoed = {(a, b) for a, b in vetoes[["a", "b"]].itertuples(index=False) if settled.root(a) != settled.root(b)}
    forest = _Forest(size, apart | vetoed)
    for a, b in same:
        forest.join(a, b)
    links = verdicts[verdicts["verdict"] == "duplicate"].sort_values(
        ["strength", "score", "a", "b"], ascending=[False, False, True, True], kind="stable"
    )
    kept = [(a, b, "ruling", 100.0) for a, b in same]
    broken: list[tuple[int, int, str, float]] = []
    for a, b, rule, score in links[["a", "b", "rule", "score"]].itertuples(index=False):
        (kept if forest.join(a, b) else broken).append((a, b, rule, score))
    broken = [link for link in broken if (link[0], link[1]) not in ruled]
    return Links(_smallest(forest, size), _held_by(kept), broken)


def _smallest(forest: _Forest, size: int) -> list[int]:
    least = {root: min(rows) for root, rows in forest.members.items()}
    return [least[forest.root(row)] for row in range(size)]


def _held_by(kept: list[tuple[int, int, str, float]]) -> dict[int, tuple[int, str, float]]:
    """The surest link of each row; `kept` is in the order in which links were taken."""
    held: dict[int, tuple[int, str, float]] = {}
    for a, b, rule, score in kept:
        held.setdefault(a, (b, rule, score))
        held.setdefault(b, (a, rule, score))
    return held
