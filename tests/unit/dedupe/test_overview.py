"""What the sources have in common and which rule joined what: sums that must hold whatever was found."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow import dedupe
from reviewflow.dedupe.merges import doubts, merges
from reviewflow.dedupe.overlap import overlap
from reviewflow.tables import empty_people, frame, split_list

SOURCES = ["A", "B", "C", "D; E", "F"]
# The source and the report of each sighting; a record is a source's own of a report.
SIGHTINGS = st.lists(st.tuples(st.sampled_from(SOURCES), st.integers(0, 12)), min_size=1, max_size=60)


def found(pairs: list[tuple[str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sightings and clusters of (source, report)."""
    rows = [
        {"record_id": f"{source}:{report}", "search_id": "s", "export_file": "e", "position": i, "line": i, "wave": 1,
         "source": source, "source_type": "database", "report_id": f"r{report}", "title": f"T{report}"}
        for i, (source, report) in enumerate(pairs)
    ]  # fmt: skip
    seen: set[str] = set()
    for row in rows:
        founder = row["report_id"] not in seen
        joined = "" if founder else "same_record" if row["record_id"] in seen else "same_doi"
        seen |= {str(row["report_id"]), str(row["record_id"])}
        row |= {"founder": founder, "matched_by": joined, "matched_to": "x" if joined else "", "score": 90.0}
    return frame("results/search/records", rows), frame("results/dedupe/clusters", rows)


@given(SIGHTINGS)
def test_the_exact_sets_add_up_to_all_reports_and_prove_every_other_number(pairs):
    tables = overlap(*found(pairs))
    reports = {source: {r for s, r in pairs if s == source} for source in dict(pairs)}
    sets = tables["intersections"]
    assert sets["reports"].sum() == len({r for _, r in pairs})
    assert (sets["reports"] > 0).all()
    assert sets["n_sources"].tolist() == [len(split_list(cell)) for cell in sets["sources"]]
    common = tables["overlap"].set_index(["source_a", "source_b"])
    for a in reports:
        for b in reports:
            assert common.loc[(a, b), "reports"] == len(reports[a] & reports[b])
            assert common.loc[(a, b), "share_a"] == len(reports[a] & reports[b]) / len(reports[a])
    for row in tables["sources"].to_dict("records"):
        others = set().union(*(r for s, r in reports.items() if s != row["source"]))
        own = reports[row["source"]]
        assert (row["reports"], row["unique_reports"]) == (len(own), len(own - others))
        assert row["sightings"] == sum(s == row["source"] for s, _ in pairs)
        assert row["share_unique"] == len(own - others) / len(own)
    assert sets.loc[sets["n_sources"] == 1, "reports"].sum() == tables["sources"]["unique_reports"].sum()


@given(SIGHTINGS, st.randoms())
def test_the_order_of_sightings_changes_no_number(pairs, chance):
    sightings, clusters = found(pairs)
    order = list(range(len(pairs)))
    chance.shuffle(order)
    for one, other in zip(
        overlap(sightings, clusters).values(), overlap(sightings.iloc[order], clusters).values(), strict=True
    ):
        pd.testing.assert_frame_equal(one, other)


def test_more_sources_than_a_word_has_bits_are_kept_apart():
    names = [f"S{i:03}" for i in range(150)]
    pairs = [(name, i) for i, name in enumerate(names)] + [(name, 999) for name in names]
    tables = overlap(*found(pairs))
    assert len(tables["intersections"]) == 151
    assert tables["intersections"]["n_sources"].max() == 150
    assert (tables["sources"]["unique_reports"] == 1).all()
    common = tables["overlap"].set_index(["source_a", "source_b"])["reports"]
    assert all(common[a, b] == 1 for a, b in combinations(names[:70], 2))


@given(SIGHTINGS)
def test_links_and_reports_add_up_to_sightings_and_without_further_sightings_to_records(pairs):
    sightings, clusters = found(pairs)
    table = merges(sightings, clusters).set_index("rule")
    reports = len({r for _, r in pairs})
    assert table["links"].sum() + reports == len(pairs)
    assert table["links"].drop("same_record").sum() + reports == len(set(pairs))


TITLES = st.sampled_from(["Cells in lupus nephritis of adults", "Cells in lupus nephritis of children", "Editorial"])
RECORDS = st.lists(st.tuples(st.sampled_from("AB"), TITLES, st.sampled_from(["", "10.1000/a"])), min_size=1, max_size=8)


@settings(max_examples=25)
@given(RECORDS)
def test_whatever_the_rules_join_the_sums_hold(records):
    rows = [
        {"record_id": f"{source}:{i}", "search_id": "s", "export_file": "e", "position": i, "line": i, "wave": 1,
         "source": source, "source_type": "database", "accession": str(i), "title": title, "doi": doi,
         "authors": "Gu F", "year": 2014}
        for i, (source, title, doi) in enumerate(records)
    ]  # fmt: skip
    sightings = frame("results/search/records", rows)
    tables = dedupe.build({"dedupe": {"source_order": []}}, sightings, empty_people("records/dedupe/rulings"))
    tables |= dedupe.overview(sightings, tables)
    assert tables["merges"]["links"].sum() + len(tables["reports"]) == len(records)
    assert tables["intersections"]["reports"].sum() == len(tables["reports"])
    assert tables["doubts"]["pairs"].sum() == len(tables["doubtful_pairs"])
    assert set(tables["merges"]["situation"]) != {""}


def test_each_rule_has_its_situation_and_shows_the_least_similar_pair_that_it_joined():
    sightings, clusters = found([("A", 1), ("B", 1), ("C", 1), ("B", 1)])
    clusters.loc[clusters["record_id"] == "C:1", "score"] = 71.5
    row = merges(sightings, clusters).set_index("rule").loc["same_doi"]
    assert (row["links"], row["example_a"], row["score"], row["title_a"]) == (2, "C:1", 71.5, "T1")
    every = merges(sightings, clusters)
    assert {rule.name for rule in dedupe.DUPLICATES} | {"ruling", "same_record"} == set(every["rule"])
    assert (every["situation"] != "").all()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("update", "updates of one review"),
        ("alike_but_other_journal", "a veto keeps the two apart: the same title in another journal"),
        ("veto_between_same_doi", "a rule would join the two, but a veto keeps records of their clusters apart"),
        ("unheard_of", ""),
    ],
)
def test_every_reason_for_a_doubt_is_put_into_words(why, words):
    pairs = frame("results/dedupe/doubtful_pairs", [{"record_a": "a", "record_b": "b", "score": 90.0, "why": why}])
    (row,) = doubts(pairs).to_dict("records")
    assert row["pairs"] == 1
    assert words in row["situation"]
    assert bool(words) == bool(row["situation"])


def test_nothing_searched_gives_tables_without_rows():
    nothing = frame("results/search/records", [])
    tables = dedupe.overview(nothing, {})
    assert set(map(len, tables.values())) == {0}
