"""Deduplication on records written out: what merges, what never does, and what a person is asked."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow import dedupe
from reviewflow.dedupe.cluster import cluster
from reviewflow.tables import empty_people, frame

CONFIG = {"dedupe": {"source_order": ["PubMed", "Embase"]}}
FULL = {
    "title": "Umbilical cord mesenchymal stem cells in refractory lupus nephritis",
    "authors": "Wang, Dan; Sun, Ling",
    "year": 2014,
    "journal": "Clinical Rheumatology",
    "volume": "33",
    "issue": "11",
    "pages": "1611-1619",
}


def sightings(*records: dict[str, Any]) -> pd.DataFrame:
    """Records as sightings of two sources in turn; `id` is the accession."""
    rows = []
    for position, record in enumerate(records, 1):
        source = record.get("source", ("PubMed", "Embase")[(position - 1) % 2])
        base = {"search_id": source, "wave": 1, "source": source, "source_type": "database", "line": position}
        accession = record.get("id", str(position))
        place = {"export_file": f"{source}.ris", "position": position, "accession": accession}
        rows.append(base | place | {"record_id": f"{source}:{accession}"} | record)
    return frame("results/search/records", rows)


def run(*records: dict[str, Any], rulings: list[tuple[str, str, str]] | None = None) -> dict[str, pd.DataFrame]:
    table = empty_people("records/dedupe/rulings")
    for a, b, verdict in rulings or []:
        line = {"record_a": a, "record_b": b, "verdict": verdict, "ruled_by": "x", "ruled_at": "2020-01-01", "note": ""}
        table = pd.concat([table, pd.DataFrame([line | {"_file": "rulings.csv", "_line": 2}])])
    return dedupe.build(CONFIG, sightings(*records), table)


def outcome(*changes: dict[str, Any], base: dict[str, Any] = FULL) -> str:
    """What becomes of two records that differ by `changes`: duplicate, doubtful or distinct."""
    first, second = (changes[0], changes[1]) if len(changes) == 2 else ({}, changes[0])
    result = run(base | first, base | second)
    if len(result["reports"]) == 1:
        return "duplicate"
    return "doubtful" if len(result["doubtful_pairs"]) else "distinct"


@pytest.mark.parametrize(
    "change",
    [
        {"title": FULL["title"].upper() + "."},
        {"authors": "Wang D; Sun L", "journal": "Clin Rheumatol", "pages": "1611-9"},
        {"volume": "", "issue": "", "pages": ""},
        {"authors": "", "journal": "Clin. Rheumatol."},
        {"title": "Umbilical-Cord Mesenchymal Stem-Cells in Refractory Lupus Nephritis", "volume": "033"},
        {"year": 2015},
        {"title": "Umbilical cord mesenchymal stem cells", "pages": "1611"},
        {"title": "脐带间充质干细胞治疗难治性狼疮肾炎", "translated_title": FULL["title"], "authors": "王丹;孙玲"},
    ],
    ids=["case", "forms", "no-place", "no-authors", "hyphens", "year-off", "subtitle", "chinese"],
)
def test_spellings_of_one_report_are_duplicates(change):
    assert outcome(change) == "duplicate"


@pytest.mark.parametrize(
    "change",
    [
        {"title": FULL["title"] + ".[Erratum appears in Clin Rheumatol. 2015 May;34(5):1]"},
        {"title": f"[{FULL['title']}] <ORIGINAL> CELLULES SOUCHES ET LUPUS", "pages": "1611-9"},
        {"title": "Cord stroma cells against therapy-resistant inflammation of the kidney in lupus"},
        {"volume": "33 Suppl 1", "issue": "Suppl 1"},
        {"journal": "Clinical Rheumatology. Conference: 9th Congress on Lupus", "pages": "", "volume": "33"},
    ],
    ids=["erratum-note", "original-title", "other-translation", "supplement", "conference-named"],
)
def test_what_databases_add_or_translate_does_not_hide_a_duplicate(change):
    assert outcome(change) == "duplicate"


def test_abstracts_of_one_supplement_share_a_doi_and_stay_apart():
    one = {"doi": "10.1000/s", "title": "Cells in lupus mice of three strains", "authors": "Petri, M", "pages": "S9"}
    other = {"doi": "10.1000/s", "title": "Kidney biopsies before and after cells", "authors": "Sun, L", "pages": "S9"}
    assert outcome(one, other) == "distinct"


def test_records_that_only_their_place_keeps_apart_are_asked_about():
    """A mistyped volume and page, or a second publication: they stay two reports until somebody has looked."""
    result = run(FULL, FULL | {"volume": "35", "pages": "7-9"})
    assert len(result["reports"]) == 2
    assert result["doubtful_pairs"]["why"].tolist() == ["alike_but_other_place"]


def test_two_clusters_are_asked_about_once():
    """Two copies on either side are four pairs, and one question."""
    here, there = FULL | {"doi": "10.1000/a"}, FULL | {"volume": "35", "pages": "7-9", "doi": "10.1000/b"}
    result = run(here, here, there, there)
    assert (len(result["reports"]), len(result["doubtful_pairs"])) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Erratum to: " + FULL["title"], "pages": "1701"},
        {"title": "Reply to: " + FULL["title"], "pages": "1620"},
        {"title": FULL["title"] + ": part II", "pages": "1620-1629"},
        {"publication_type": "Conference Abstract", "journal": "Lupus", "volume": "22", "pages": "S40", "year": 2013},
        {"volume": "40", "pages": "1-9", "year": 2021, "authors": "Petri, M"},
        {"title": FULL["title"].replace("stem cells", "stem cells at 12 months"), "volume": "34", "pages": "7-9"},
    ],
    ids=["erratum", "reply", "part", "conference", "other-people", "follow-up"],
)
def test_near_misses_stay_distinct(change):
    assert outcome(change) != "duplicate"


def test_a_recurring_short_title_does_not_join_two_editorials():
    base = {"title": "Editorial", "authors": "Wang, D", "year": 2014, "journal": "Lupus", "volume": "23"}
    assert outcome({"issue": "1", "pages": "1"}, {"issue": "2", "pages": "101"}, base=base) != "duplicate"


def test_chinese_titles_of_different_reports_do_not_merge():
    base = {"authors": "张三", "year": 2016, "journal": "中国免疫学杂志", "volume": "33"}
    one = {"title": "脐带间充质干细胞移植治疗系统性红斑狼疮", "pages": "905-909"}
    other = {"title": "糖皮质激素治疗系统性红斑狼疮的疗效观察", "pages": "12-15"}
    assert outcome(one, other, base=base) == "distinct"


def test_a_doubtful_pair_shows_both_sides_and_a_ruling_settles_it():
    records = [FULL, FULL | {"pages": "20-29", "volume": "", "journal": "Lupus"}]
    asked = run(*records)["doubtful_pairs"]
    assert asked[["record_a", "record_b", "pages_a", "pages_b"]].values.tolist() == [
        ["PubMed:1", "Embase:2", "1611-1619", "20-29"]
    ]
    joined = run(*records, rulings=[("Embase:2", "PubMed:1", "duplicate")])
    assert (len(joined["reports"]), len(joined["doubtful_pairs"])) == (1, 0)
    apart = run(*records, rulings=[("Embase:2", "PubMed:1", "distinct")])
    assert (len(apart["reports"]), len(apart["doubtful_pairs"])) == (2, 0)


def test_a_ruling_parts_what_the_rules_would_join():
    result = run(FULL, FULL, rulings=[("PubMed:1", "Embase:2", "distinct")])
    assert len(result["reports"]) == 2


def test_rulings_hold_transitively():
    other = FULL | {"title": "Something else entirely about kidneys in cats", "authors": "Quimby, J", "pages": "1-2"}
    third = FULL | {"title": "A third matter altogether, on dogs and birds", "authors": "Quimby, J", "pages": "3-4"}
    joined = [("PubMed:1", "Embase:2", "duplicate"), ("Embase:2", "PubMed:3", "duplicate")]
    assert len(run(FULL, other, third, rulings=joined)["reports"]) == 1


def test_a_veto_is_not_joined_across_by_a_record_between():
    """An erratum and its report both resemble a record that lost its title's first word: the weaker link breaks."""
    verdicts = pd.DataFrame(
        [(0, 1, "duplicate", "r", 9, 99.0), (1, 2, "duplicate", "r", 5, 80.0), (0, 2, "distinct", "notice", 0, 90.0)],
        columns=["a", "b", "verdict", "rule", "strength", "score"],
    )
    links = cluster(3, verdicts, pd.DataFrame(columns=["a", "b", "verdict"]))
    assert links.cluster == [0, 0, 2]
    assert [link[:2] for link in links.broken] == [(1, 2)]


def test_contradicting_rulings_are_named():
    table = pd.DataFrame(
        [("a", "b", "duplicate"), ("b", "c", "duplicate"), ("a", "c", "distinct")],
        columns=["record_a", "record_b", "verdict"],
    ).assign(ruled_by="x", ruled_at="2020-01-01", note="", _file="records/dedupe/rulings.csv", _line=[2, 3, 4])
    assert [str(f) for f in dedupe.check(table, {"a", "b", "c"})] == [
        'records/dedupe/rulings.csv:4: verdict: "a" and "c" are ruled distinct, yet other rulings join them; '
        "correct one of the rulings"
    ]
    beside = [str(fault) for fault in dedupe.check(table, {"a", "b"})]
    assert [text.count("no record is called") for text in beside] == [1, 1, 0]
    assert "ruled distinct" in beside[-1]


def test_the_founder_is_the_earliest_wave_then_the_source_order():
    result = run(
        FULL | {"source": "CBM", "id": "9", "wave": 1},
        FULL | {"source": "PubMed", "id": "5", "wave": 2},
        FULL | {"source": "Embase", "id": "7", "wave": 1},
    )
    assert result["reports"]["report_id"].tolist() == ["Embase:7"]
    assert result["reports"].loc[0, ["wave", "n_records", "n_sightings", "sources"]].tolist() == [
        1, 3, 3, "Embase; CBM; PubMed",
    ]  # fmt: skip


def test_a_record_seen_in_two_exports_is_one_record_with_two_sightings():
    result = run(FULL | {"id": "1", "source": "PubMed"}, FULL | {"id": "1", "source": "PubMed", "export_file": "b.ris"})
    assert result["reports"].loc[0, ["n_records", "n_sightings"]].tolist() == [1, 2]
    assert result["clusters"]["matched_by"].tolist() == ["", "same_record"]


def test_differing_sightings_of_one_record_give_the_fuller_values():
    """The same record exported twice, once with an abstract cut off and once without a year."""
    seen = FULL | {"id": "1", "source": "PubMed"}
    one = seen | {"abstract": "Cut", "year": None, "export_file": "a.ris"}
    other = seen | {"abstract": "Cut off here.", "doi": "", "pages": "1611", "export_file": "b.ris"}
    for order in ((one, other), (other, one)):
        assert run(*order)["reports"].loc[0, ["abstract", "year", "pages", "doi", "n_records"]].tolist() == [
            "Cut off here.", 2014, "1611-1619", "", 1,
        ]  # fmt: skip


def test_merged_fields_fill_what_the_founder_lacks():
    result = run(FULL | {"abstract": "Short."}, FULL | {"doi": "10.1000/x", "abstract": "A longer abstract."})
    assert result["reports"].loc[0, ["doi", "abstract", "pages"]].tolist() == [
        "10.1000/x", "A longer abstract.", "1611-1619",
    ]  # fmt: skip


TITLES = (
    "Stem cells in lupus nephritis of adults",
    "Stem cells in lupus nephritis of adults.",
    "Cats with kidney disease",
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(TITLES),
            "authors": st.sampled_from(["Wang, D", "Gu F", ""]),
            "year": st.sampled_from([2014, 2015]),
            "pages": st.sampled_from(["1-9", "20", ""]),
            "volume": st.sampled_from(["3", ""]),
            "doi": st.sampled_from(["", "10.1000/a", "10.1000/b"]),
            "source": st.sampled_from(["PubMed", "Embase", "CBM"]),
            "id": st.sampled_from(list("123456")),
        }
    ),
    max_size=7,
)


@settings(max_examples=60)
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_sightings_changes_no_cluster_and_none_is_lost(records, random):
    one = run(*records)
    order = sightings(*records).sample(frac=1, random_state=random.randint(0, 999))
    other = dedupe.build(CONFIG, order, empty_people("records/dedupe/rulings"))
    key = ["record_id", "search_id", "export_file", "position"]
    columns = [*key, "report_id"]
    assert len(one["clusters"]) == len(records)
    assert not one["clusters"].duplicated(key).any()
    assert sorted(map(tuple, one["clusters"][columns].values)) == sorted(map(tuple, other["clusters"][columns].values))
    assert (
        one["reports"].sort_values("report_id").astype(str).values.tolist()
        == other["reports"].sort_values("report_id").astype(str).values.tolist()
    )


def test_a_report_counts_in_the_wave_in_which_a_database_found_it():
    """Found by following references in wave 1 and by a database in wave 2: wave 1 has no database record of it."""
    first = FULL | {"source": "Hand", "id": "1", "wave": 1, "source_type": "citation"}
    result = run(first, FULL | {"source": "PubMed", "id": "5", "wave": 2})
    assert result["reports"].loc[0, ["report_id", "wave", "route"]].tolist() == ["Hand:1", 2, "database"]
