"""Merged reports tell where their fields come from, merges can be undone, and the queue begins with what matters."""

from test_dedupe import FULL, run

COLUMNS = ["report_id", "field", "record_id", "n_values", "others"]


def told(*records, **more):
    return run(*records, **more)["merged_fields"][COLUMNS].values.tolist()


def test_what_the_founder_lacks_is_said_to_come_from_another():
    assert told(FULL, FULL | {"doi": "10.1000/x"}) == [["PubMed:1", "doi", "Embase:2", 1, ""]]


def test_values_that_differ_are_shown_with_their_records():
    other = FULL | {"journal": "Clin. Rheumatol.", "pages": "1611-9"}
    assert told(FULL, other, other) == [
        ["PubMed:1", "journal", "PubMed:1", 2, "PubMed:3: Clin. Rheumatol."],
        ["PubMed:1", "pages", "PubMed:1", 2, "PubMed:3: 1611-9"],
    ]


def test_case_punctuation_and_accents_tell_nothing():
    assert told(FULL, FULL | {"title": FULL["title"].upper() + ".", "authors": "Wáng, D.an; Sun, Ling"}) == [
        ["PubMed:1", "authors", "PubMed:1", 2, "Embase:2: Wáng, D.an; Sun, Ling"]
    ]
    assert told(FULL, FULL | {"title": FULL["title"].upper() + ".", "authors": "WÁNG, Dan; Sun, Ling"}) == []


def test_the_longest_abstract_is_told_and_the_others_are_cut():
    short, long = "Cells were given. " + "x" * 90, "Cells were given to patients. " + "y" * 900
    rows = told(FULL | {"abstract": short}, FULL | {"abstract": long})
    assert rows == [["PubMed:1", "abstract", "Embase:2", 2, "PubMed:1: " + short[:99] + "…"]]


def test_every_record_that_names_a_trial_is_told_of():
    trials = ["NCT00000001", "", "NCT00000001; NCT00000002"]
    result = run(*(FULL | {"trial_ids": t} for t in trials))
    assert result["reports"]["trial_ids"].tolist() == ["NCT00000001; NCT00000002"]
    assert result["merged_fields"][COLUMNS].values.tolist() == [
        ["PubMed:1", "trial_ids", "PubMed:1; PubMed:3", 2, "PubMed:3: NCT00000001; NCT00000002"]
    ]


def test_a_report_of_one_record_and_records_that_agree_have_no_row():
    assert told(FULL) == told(FULL, FULL) == []


def test_five_other_values_are_shown_and_all_are_counted():
    rows = told(*(FULL | {"url": f"https://example.org/{n}"} for n in range(9)))
    assert [(row[1], row[3]) for row in rows] == [("url", 9)]
    assert [shown.split(": ")[0] for shown in rows[0][4].split(" | ")] == [
        "PubMed:3", "PubMed:5", "PubMed:7", "PubMed:9", "Embase:2",
    ]  # fmt: skip


def test_every_value_of_a_merged_report_stands_in_the_record_that_is_named():
    """From clusters.csv and merged_fields.csv alone: the founder's value, but where a row names another record."""
    records = [
        FULL | {"abstract": "Short.", "volume": "33", "keywords": ""},
        FULL | {"abstract": "A longer abstract.", "doi": "10.1000/x", "keywords": "lupus"},
        FULL | {"journal": "Clin Rheumatol", "url": "https://example.org", "year": 2015},
    ]
    result = run(*records)
    ids = ["PubMed:1", "Embase:2", "PubMed:3"]
    named = {row[1]: row[2] for row in result["merged_fields"][COLUMNS].values.tolist()}
    for field in ("title", "abstract", "doi", "keywords", "journal", "year", "url", "volume", "pages"):
        value = records[ids.index(named.get(field, "PubMed:1"))].get(field, "")
        assert result["reports"].loc[0, field] == value, field


def test_a_merge_is_undone_by_ruling_on_the_link_that_clusters_csv_names():
    """Three records, joined one by one; each link that is ruled distinct leaves its record alone again."""
    records = [FULL, FULL | {"pages": ""}, FULL | {"volume": ""}]
    clusters = run(*records)["clusters"]
    assert clusters["report_id"].tolist() == ["PubMed:1"] * 3
    links = clusters.loc[clusters["matched_by"] != "", ["record_id", "matched_to"]].values.tolist()
    assert len(links) == 2
    apart = [(record, other, "distinct") for record in ("Embase:2", "PubMed:3") for other in ("PubMed:1",)]
    undone = run(*records, rulings=[*apart, ("Embase:2", "PubMed:3", "distinct")])
    assert sorted(undone["reports"]["report_id"]) == ["Embase:2", "PubMed:1", "PubMed:3"]
    assert len(undone["merged_fields"]) == 0


def test_the_likeliest_duplicates_come_first_and_of_these_what_concerns_most_sightings():
    """Three doubtful pairs: a shortened title, and twice the same title elsewhere, of which one was seen thrice."""
    here, there = FULL, FULL | {"volume": "35", "pages": "7-9"}
    cats = {"title": "Kidney disease of old cats in five large cities", "authors": "Quimby, J; Finch, N"}
    other, elsewhere = here | cats, there | cats
    short = FULL | {"title": "Dogs with a failing heart in the north: results of a trial", "authors": "Lee, K"}
    cut = short | {"title": "Dogs with a failing heart in the north", "pages": "", "volume": "", "journal": ""}
    seen_again = [other | {"id": "3", "source": "PubMed", "export_file": f"{n}.ris"} for n in "ab"]
    queue = run(here, there, other, elsewhere, short, cut, *seen_again)["doubtful_pairs"]
    assert queue["rank"].tolist() == [1, 2, 3]
    assert queue["record_a"].tolist() == ["PubMed:5", "PubMed:3", "PubMed:1"]
    assert queue["n_sightings"].tolist() == [2, 4, 2]
    sure, *less = queue["score"].tolist()
    assert sure > less[0] == less[1]
