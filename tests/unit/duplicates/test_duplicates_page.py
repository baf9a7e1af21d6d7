"""The page of import and deduplication: what the tables say, for everybody, and with nothing in it that can run."""

import re
from itertools import pairwise
from typing import Any

import duplicates_sample as sample
import pytest
from reviewflow import duplicates
from reviewflow.duplicates import View, notices
from reviewflow.duplicates.difference import LONGEST, difference
from reviewflow.tables import DataFaults, frame, read_people

from tests.page_reader import Element, Page, contrast

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}]]>&amp;\x00"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(duplicates.page(sample.tables()))


def test_it_says_what_was_read_and_what_became_of_it(page: Page) -> None:
    text = page.by_id("read").text
    assert (
        "5 exports with 5 entries: 5 parsed, 0 rejected. 14 sightings less 5 joined to another make 9 reports." in text
    )
    assert page.table("balance")[0]["In balance"] == "✓ yes"
    assert page.table("rejected_entries")[0]["Why it is no record"] == "no title"


def test_the_matrix_has_every_pair_of_sources_and_darkens_with_the_share(page: Page) -> None:
    rows = {row["Of the reports in"]: row for row in page.table("overlap")}
    assert rows["PubMed"]["also in PubMed"] == "4"
    assert rows["PubMed"]["also in Embase"] == "3 (75%)"
    assert rows["Embase"]["also in PubMed"] == "3 (60%)"
    assert rows["Registry"]["also in CBM"] == "0 (0%)"
    cells = {td.text: td.attributes.get("class", "") for td in page.by_id("table-overlap").all("td")}
    assert (cells["3 (75%)"], cells["3 (60%)"], cells["0 (0%)"]) == ("n shade-4", "n shade-3", "n")


def test_each_source_shows_what_no_other_found(page: Page) -> None:
    rows = {row["Source"]: row for row in page.table("sources")}
    assert (rows["Embase"]["Reports"], rows["Embase"]["Found by no other"], rows["Embase"]["Share"]) == (
        "5",
        "2",
        "40%",
    )
    assert rows["Registry"]["Kind"] == "register"
    assert rows["PubMed"]["Sightings"] == "5"
    assert rows["PubMed"]["Records"] == "4"


def test_a_drawing_and_the_table_beside_it_say_the_same(page: Page) -> None:
    sets = {row["Found by exactly these"]: row["Reports"] for row in page.table("source_sets")}
    assert sets["Embase, PubMed"] == "2"
    drawn = page.by_id("figure-sets")
    bars = [e.text for e in drawn.all("text") if e.attributes.get("text-anchor") == "middle"]
    assert sorted(bars) == sorted(sets.values())
    assert sum(map(int, bars)) == len(sample.REPORTS)
    filled = [c for c in drawn.all("circle") if c.attributes["r"] == "5.5"]
    assert len(filled) == sum(len(names.split(", ")) for names in sets)
    text = page.by_id("figure-sources").text
    assert "2 of 5 (40%)" in text


def test_merges_show_rule_situation_and_the_pair_to_doubt_first(page: Page) -> None:
    rows = {row["Rule"]: row for row in page.table("merges")}
    assert rows["same doi"]["Joined"] == "3"
    assert rows["same doi"]["Lowest similarity"] == "90.5"
    assert "both carry one DOI" in rows["same doi"]["Situation"]
    assert rows["same doi"]["Least similar pair"].startswith("CBM:1 Stem cells in lupus nephritis PubMed:1")
    assert rows["same record"]["Least similar pair"] == "PubMed:1 Stem cells in lupus nephritis"
    assert "These rules joined nothing: ruling, " in page.by_id("merges").text


def pair(page: Page, number: int) -> tuple[dict[str, list[str]], Element]:
    """The rows of a pair by field, and its element."""
    place = page.by_id(f"pair-{number}")
    rows = [[c.text for c in row.every() if c.tag in ("th", "td")] for row in place.all("tbody")[0].all("tr")]
    return {row[0]: row[1:] for row in rows}, place


def test_doubtful_pairs_stand_side_by_side_the_most_similar_first(page: Page) -> None:
    rows, place = pair(page, 2)
    assert pair(page, 1)[1].all("caption")[0].text == "Pair 1: similarity 96.0 alike but other place"
    assert [th.text for th in place.all("thead")[0].all("th")] == ["Field", "Embase:5", "Embase:6"]
    assert rows["Title ≠ differs"] == [
        "Cord blood cells for refractory lupus",
        "Cord-blood cells for refractory lupus: only here: two years",
    ]
    assert rows["Journal same"] == ["Lupus", "LUPUS"]
    assert rows["Volume given once"] == ["23", ""]
    assert not [name for name in rows if name.startswith("DOI")]


def test_chinese_differs_by_the_character(page: Page) -> None:
    marked = [mark.text for mark in pair(page, 1)[1].all("mark")]
    assert marked[:2] == ["only here: 性", "only here: 观察"]


def test_the_line_to_copy_is_a_ruling_once_name_and_day_are_filled_in(page: Page, tmp_path: Any) -> None:
    first = page.by_id("queue").all("pre")[0].text
    answers = [code.text for code in pair(page, 2)[1].all("code")]
    assert answers[0].startswith("Embase:5,Embase:6,duplicate,")
    assert answers[1].startswith("Embase:5,Embase:6,distinct,")
    file = tmp_path / "rulings.csv"
    file.write_text(f"{first}\n{answers[0]}\n", encoding="utf-8")
    with pytest.raises(DataFaults, match="ruled_at"):
        read_people(file, "records/dedupe/rulings", tmp_path)
    file.write_text(f"{first}\n{answers[0].replace('YYYY-MM-DD', '2020-05-17')}\n", encoding="utf-8")
    assert read_people(file, "records/dedupe/rulings", tmp_path)["verdict"].tolist() == ["duplicate"]


def test_a_queue_of_thousands_is_cut_and_says_so() -> None:
    many = frame(
        "results/dedupe/doubtful_pairs", [sample.PAIRS[0] | {"record_a": f"Embase:{i}"} for i in range(10, 4300)]
    )
    text = duplicates.page(sample.tables(doubtful_pairs=many))
    page = Page(text)
    assert len([i for i in page.ids if i.startswith("pair-")]) == 100
    assert "The 100 most similar of 4290 pairs are shown" in page.by_id("queue").text
    assert "4290 pairs" in page.by_id("queue").text
    assert len(text) < 1_000_000


def test_a_retraction_stands_at_the_head_and_first_among_the_notices(page: Page) -> None:
    alarm = [p.text for p in page.by_id("status").all("p") if "alarm" in p.attributes["class"]]
    assert alarm[0] == "Retraction. 1 report is retracted: PubMed:1 (Stem cells in lupus nephritis). See Notices ."
    assert alarm[1].startswith("Expression of concern. 1 report is subject to an expression of concern: PubMed:2")
    rows = page.table("notices")
    assert [row["Notice"] for row in rows] == ["Retraction", "Expression of concern"]
    assert rows[0]["Record that says so"] == "PubMed:4 Retraction: Stem cells in lupus nephritis"
    assert rows[1]["How that is known"] == "the record says so of itself"
    assert page.table("other_notices")[0]["Record"] == "CBM:8"


def test_links_lead_to_the_tables_as_they_lie_beside_the_page(page: Page) -> None:
    links = {e.attributes["href"] for e in page.root.all("a") if not e.attributes["href"].startswith("#")}
    assert links == {
        "../search/balance.csv", "../search/rejected.csv", "notices.csv", "sources.csv", "overlap.csv",
        "intersections.csv", "merges.csv", "doubts.csv",
    }  # fmt: skip
    assert set(page.inner_links()) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_before_anything_is_searched_the_page_says_so() -> None:
    page = Page(duplicates.page(sample.empty()))
    assert "Nothing to read yet." in page.by_id("status").text
    assert "No record has been read yet" in page.by_id("overlap").text
    assert "No record is joined to another." in page.by_id("merges").text
    assert "No pair of records waits" in page.by_id("queue").text
    assert "No record carries a retraction" in page.by_id("notices").text
    assert not page.root.all("svg")


def test_nothing_is_fetched_and_hostile_text_is_text() -> None:
    tables = sample.tables()
    for name, columns in {
        "dedupe/doubtful_pairs": ["title_a", "authors_b", "why", "record_a"], "dedupe/notices": ["title", "title_about"],
        "dedupe/merges": ["title_a", "situation"], "search/rejected": ["text"], "search/balance": ["note", "export_file"],
        "dedupe/doubts": ["situation"],
    }.items():  # fmt: skip
        tables[name] = tables[name].assign(**dict.fromkeys(columns, HOSTILE))
    for name, column in (("sources", "source"), ("overlap", "source_a"), ("overlap", "source_b")):
        table = tables[f"dedupe/{name}"]
        tables[f"dedupe/{name}"] = table.assign(**{column: table[column].replace({"CBM": HOSTILE})})
    page = Page(duplicates.page(tables))
    assert len(page.root.all("script")) == 1
    assert not [e for e in page.elements if "src" in e.attributes or e.tag in ("link", "img", "iframe", "object")]
    assert not [e for e in page.elements for name in e.attributes if name.startswith("on") or name == "style"]
    assert "\x00" not in page.source
    policy = next(e for e in page.elements if e.attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none'")


def test_the_page_is_built_for_everybody(page: Page) -> None:
    assert page.root.all("title")[0].text == page.root.all("h1")[0].text == "Import and deduplication"
    for table in page.root.all("table"):
        assert table.all("caption")
        assert all(th.attributes["scope"] in ("col", "row") for th in table.all("th"))
    for drawing in page.root.all("svg"):
        assert set(drawing.attributes["aria-labelledby"].split()) <= set(page.ids)
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert max(b - a for a, b in pairwise(levels)) <= 1


def test_the_same_tables_give_the_same_bytes_whatever_the_order_of_rows() -> None:
    tables = sample.tables()
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in tables.items()}
    turned["search/balance"] = tables["search/balance"]
    assert duplicates.page(turned) == duplicates.page(tables)


def view(**states: str) -> View:
    return View(
        sample.tables(), {"PubMed:1": "", "PubMed:2": "", **{k.replace("_", ":"): v for k, v in states.items()}}
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("included", "1 report included is retracted"),
        ("awaiting_title_abstract", "1 report in screening is retracted"),
        ("conflict_full_text", "1 report in screening is retracted"),
        ("excluded_full_text", None),
    ],
)
def test_a_headline_is_for_reports_that_count_or_may_yet(state: str, said: str | None) -> None:
    lines = notices.headlines(view(PubMed_1=state, PubMed_2="excluded_full_text"))
    assert lines == ([said] if said else [])


def test_a_tie_that_is_doubtful_is_told_as_such() -> None:
    doubtful = frame("results/dedupe/notices", [sample.NOTICES[0] | {"tie": "maybe"}])
    seen = View(sample.tables(notices=doubtful), {"PubMed:1": "included"})
    assert notices.headlines(seen) == ["1 report included may be retracted"]
    (alarm,) = notices.alarms(seen)
    assert "alarm" not in alarm.kind


def test_an_erratum_is_news_for_an_included_report_only() -> None:
    erratum = frame("results/dedupe/notices", [sample.NOTICES[0] | {"notice": "erratum"}])
    for state, n in (("included", 1), ("awaiting_full_text", 0)):
        assert len(notices.alarms(View(sample.tables(notices=erratum), {"PubMed:1": state}))) == n


def marks(a: str, b: str) -> tuple[list[str], list[str]]:
    sides = difference("", a, b).sides
    return [w.text for w in sides[0] if w.only], [w.text for w in sides[1] if w.only]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Cells in lupus", "Cells in lupus nephritis", ([], ["nephritis"])),
        ("Part I: cells", "Part II: cells", (["I"], ["II"])),
        ("Élan vital", "ELAN VITAL.", ([], [])),
        ("TNF-α in lupus", "TNF-alpha in lupus", ([], [])),
        ("one two three", "four five six", (["one two three"], ["four five six"])),
        ("Cells", "", ([], [])),
        ("494-6", "494-496", (["6"], ["496"])),
    ],
)
def test_words_that_only_one_side_has_are_marked(a: str, b: str, expected: tuple[list[str], list[str]]) -> None:
    assert marks(a, b) == expected


def test_texts_are_whole_up_to_a_length_and_cut_beyond() -> None:
    found = difference("Title", "a " * 50_000, "b")
    assert len("".join(word.text for word in found.sides[0])) <= LONGEST
    assert found.differs
    assert "".join(word.text for word in difference("T", "Cells, in: lupus", "x").sides[0]) == "Cells, in: lupus"


def test_figures_stay_readable_with_many_sources() -> None:
    names = [f"Source {i:02} with a long name that needs more room than there is" for i in range(30)]
    sources = [sample.tables()["dedupe/sources"].iloc[0].to_dict() | {"source": n, "reports": 9} for n in names]
    sets = [{"sources": "; ".join(names[: i + 1]), "n_sources": i + 1, "reports": 90 - i} for i in range(60)]
    tables = sample.tables() | {
        "dedupe/sources": frame("results/dedupe/sources", sources),
        "dedupe/intersections": frame("results/dedupe/intersections", sets[:30]),
        "dedupe/overlap": frame(
            "results/dedupe/overlap",
            [{"source_a": a, "source_b": b, "reports": 1, "share_a": 0.1} for a in names for b in names],
        ),
    }
    page = Page(duplicates.page(tables))
    assert len(page.table("overlap")) == 15
    assert "The 15 sources with most reports of 30 are shown" in page.by_id("overlap").text
    assert "The 24 largest of 30 sets are drawn; the others hold 381 reports" in page.by_id("figure-sets").text
    assert len(page.table("source_sets")) == 30


def test_colours_of_the_shades_and_marks_can_be_read(page: Page) -> None:
    style = "".join(str(c) for c in page.root.all("style")[0].content)
    schemes = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)]  # fmt: skip
    assert len(schemes) == 3
    for colours in schemes:
        shades = [f"shade-{n}" for n in ("one", "two", "three", "four", "five")]
        for ink, ground in (*(("ink", shade) for shade in shades), ("ink", "alarm"), ("mark-ink", "mark")):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def test_the_terminal_is_told_of_reports_of_doubts_and_of_retractions() -> None:
    assert duplicates.told(sample.tables()) == (
        "9 reports, 2 doubtful pairs to rule on, 1 report is retracted, 1 report is subject to an expression of concern"
    )
    assert duplicates.told(sample.empty()) == "0 reports, 0 doubtful pairs to rule on"


def test_thousands_of_notices_are_cut_the_gravest_first() -> None:
    errata = [sample.NOTICES[0] | {"notice": "erratum", "record_id": f"PubMed:{i}"} for i in range(100, 1600)]
    many = frame("results/dedupe/notices", [*errata, sample.NOTICES[1]])
    page = Page(duplicates.page(sample.tables(notices=many)))
    rows = page.table("notices")
    assert (len(rows), rows[0]["Notice"]) == (500, "Expression of concern")
    assert "The first 500 of 1501 rows are shown; all are in notices.csv" in page.by_id("notices").text
