"""Clusters of any verdicts and rulings: what holds whatever the graph looks like."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from reviewflow import dedupe
from reviewflow.dedupe.cluster import Links, cluster, joined
from reviewflow.tables import empty_people

SIZE = 8
Pair = tuple[int, int]
PAIRS = st.sampled_from(list(combinations(range(SIZE), 2)))
# Duplicates with how sure they are, vetoes, and doubts; most pairs have no verdict at all.
VERDICTS = st.dictionaries(
    PAIRS,
    st.tuples(
        st.sampled_from(["duplicate", "duplicate", "distinct", "doubtful"]), st.integers(0, 3), st.integers(0, 2)
    ),
    max_size=16,
)
RULINGS = st.dictionaries(PAIRS, st.sampled_from(["duplicate", "distinct"]), max_size=5)


class Graph(NamedTuple):
    """Verdicts of the rules and rulings of people, by pairs."""

    verdicts: dict[Pair, tuple[str, int, int]]
    rulings: dict[Pair, str]

    def of(self, verdict: str) -> set[Pair]:
        return {pair for pair, found in self.verdicts.items() if found[0] == verdict}

    def ruled(self, verdict: str) -> set[Pair]:
        return {pair for pair, found in self.rulings.items() if found == verdict}

    def clustered(self, seed: int | None = None) -> Links:
        rows = [(a, b, verdict, "rule", s, float(n)) for (a, b), (verdict, s, n) in self.verdicts.items()]
        verdicts = pd.DataFrame(rows, columns=["a", "b", "verdict", "rule", "strength", "score"])
        ruled = [(a, b, verdict) for (a, b), verdict in self.rulings.items()]
        rulings = pd.DataFrame(ruled, columns=["a", "b", "verdict"])
        if seed is not None:
            verdicts, rulings = (t.sample(frac=1, random_state=seed) for t in (verdicts, rulings))
        return cluster(SIZE, verdicts, rulings)


def components(links: set[Pair]) -> list[int]:
    """The smallest row that each row hangs together with, found by walking until nothing changes."""
    least = list(range(SIZE))
    for _ in range(SIZE):
        for a, b in links:
            least[a] = least[b] = min(least[a], least[b])
    return least


def consistent(graph: Graph) -> bool:
    joint = components(graph.ruled("duplicate"))
    return all(joint[a] != joint[b] for a, b in graph.ruled("distinct"))


GRAPHS = st.builds(Graph, VERDICTS, RULINGS).filter(consistent)
BETWEEN = Graph({(0, 1): ("duplicate", 3, 0), (1, 2): ("duplicate", 1, 0), (0, 2): ("distinct", 0, 0)}, {})


@given(GRAPHS)
def test_rulings_hold_transitively_whatever_the_rules_say(graph: Graph) -> None:
    found = graph.clustered().cluster
    assert all(found[a] == found[b] for a, b in graph.ruled("duplicate"))
    assert all(found[a] != found[b] for a, b in graph.ruled("distinct"))


@example(BETWEEN)
@given(GRAPHS)
def test_two_that_a_veto_keeps_apart_are_together_only_where_rulings_join_them(graph: Graph) -> None:
    found, ruled = graph.clustered().cluster, components(graph.ruled("duplicate"))
    assert all(found[a] != found[b] or ruled[a] == ruled[b] for a, b in graph.of("distinct"))


@given(GRAPHS)
def test_only_duplicates_hang_together(graph: Graph) -> None:
    """Doubts join nothing, and each cluster hangs together by links within it."""
    found = graph.clustered().cluster
    links = {(a, b) for a, b in graph.of("duplicate") | graph.ruled("duplicate") if found[a] == found[b]}
    assert components(links) == found


@example(BETWEEN)
@given(GRAPHS)
def test_a_link_is_broken_only_where_it_would_join_what_must_stay_apart(graph: Graph) -> None:
    links = graph.clustered()
    found = links.cluster
    ruled = components(graph.ruled("duplicate"))
    apart = graph.ruled("distinct") | {(a, b) for a, b in graph.of("distinct") if ruled[a] != ruled[b]}
    broken = {(a, b) for a, b, *_ in links.broken}
    crossing = {(a, b) for a, b in graph.of("duplicate") if found[a] != found[b]}
    assert broken == crossing - graph.rulings.keys()
    for a, b in crossing:
        assert any({found[x], found[y]} == {found[a], found[b]} for x, y in apart)


@given(GRAPHS)
def test_the_links_that_are_broken_are_the_weakest(graph: Graph) -> None:
    """A broken link would have joined two groups that must stay apart and that surer links alone make."""
    links = graph.clustered()
    ruled = components(graph.ruled("duplicate"))
    apart = graph.ruled("distinct") | {(a, b) for a, b in graph.of("distinct") if ruled[a] != ruled[b]}
    for a, b, *_ in links.broken:
        sure = graph.verdicts[a, b][1:]
        surer = {pair for pair in graph.of("duplicate") if graph.verdicts[pair][1:] >= sure}
        kept = {(x, y) for x, y in surer if links.cluster[x] == links.cluster[y]} | graph.ruled("duplicate")
        group = components(kept)
        assert any({group[x], group[y]} == {group[a], group[b]} for x, y in apart)


@given(GRAPHS, st.integers(0, 99))
def test_the_order_of_verdicts_and_rulings_changes_nothing(graph: Graph, seed: int) -> None:
    one, other = graph.clustered(), graph.clustered(seed)
    assert (one.cluster, sorted(one.broken)) == (other.cluster, sorted(other.broken))


@given(GRAPHS)
def test_each_row_that_is_joined_names_a_link_within_its_cluster(graph: Graph) -> None:
    links = graph.clustered()
    for row, least in enumerate(links.cluster):
        if links.cluster.count(least) > 1:
            to, rule, _ = links.held_by[row]
            assert links.cluster[to] == least
            pair = (min(row, to), max(row, to))
            assert pair in (graph.ruled("duplicate") if rule == "ruling" else graph.of("duplicate"))


@given(st.sets(PAIRS, max_size=10))
def test_what_links_join_is_found_whatever_their_order(links: set[Pair]) -> None:
    one, other = zip(*sorted(links), strict=True) if links else ((), ())
    found = joined(SIZE, one, other)
    assert np.array_equal(found, components(links))


@settings(max_examples=60)
@given(RULINGS)
def test_each_ruling_that_others_contradict_is_named_and_no_other(rulings: dict[Pair, str]) -> None:
    assume(rulings)
    graph = Graph({}, rulings)
    joint = components(graph.ruled("duplicate"))
    lines = [(f"r{a}", f"r{b}", verdict) for (a, b), verdict in rulings.items()]
    table = pd.DataFrame(lines, columns=["record_a", "record_b", "verdict"])
    table = pd.concat(
        [empty_people("records/dedupe/rulings"), table.assign(ruled_by="x", ruled_at="2020-01-01", note="")]
    )
    table = table.assign(_file="rulings.csv", _line=range(2, len(lines) + 2))
    named = {fault.line for fault in dedupe.check(table, None)}
    wrong = {n for n, ((a, b), v) in enumerate(rulings.items(), 2) if v == "distinct" and joint[a] == joint[b]}
    assert named == wrong
