"""The dedup view: the doubtful pairs side by side, and the rulings that it writes."""

import html
import re

import pytest
from desk_room import client, config, make_review, write
from reviewflow.desk.review import Review
from reviewflow.desk.rulings import FILE, TABLE
from reviewflow.tables import read_people, rows_of

HOSTILE = "Cord <script>alert(1)</script> cells"


def pair(rank, a, b, **cells):
    row = {"rank": rank, "record_a": a, "record_b": b, "score": 100 - rank, "why": "short_title", "n_sightings": 2}
    return row | {"title_a": "Cord blood cells", "title_b": "Cord blood cells: two years", "year_a": "2014"} | cells


PAIRS = [
    pair(2, "B:2", "C:2", title_a=HOSTILE),
    pair(1, "A:1", "B:1"),
    pair(3, "B:1", "C:1"),
    pair(4, "A:1", "C:1"),
]


@pytest.fixture
def root(tmp_path):
    make_review(tmp_path, also={"A:1b": "A:1"})
    write(tmp_path / "results/dedupe/doubtful_pairs.csv", "results/dedupe/doubtful_pairs", PAIRS)
    sightings = [
        ("A:1", "PubMed", "pubmed.nbib", 12),
        ("A:1b", "PubMed", "old.nbib", 3),
        ("B:1", "Embase", "e.ris", 77),
    ]
    records = [
        {"record_id": r, "source": s, "export_file": f, "position": 1, "line": n, "search_id": "s", "wave": 1}
        for r, s, f, n in sightings
    ]
    write(tmp_path / "results/search/records.csv", "results/search/records", records)
    return tmp_path


@pytest.fixture
def page(root):
    return client(Review(root, config()), "reviewer_1")


def rulings(root):
    return rows_of(read_people(root / FILE, TABLE, root)) if (root / FILE).exists() else []


def fields(text):
    form = text[text.index('id="decide"') :].split("</form>")[0]
    return {n: html.unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


def rule(page, verdict, address="/pairs", **more):
    return page.post("/pairs", data=fields(page.get(address).text) | {"verdict": verdict} | more)


def named(answer):
    return re.findall(r'role="columnheader" class="id">([^<]*)<', answer.text)


def test_pairs_come_by_rank_with_both_sides_and_what_differs_marked(page):
    answer = page.get("/pairs")
    assert named(answer) == ["A:1", "B:1"]
    assert "<mark>two years</mark>" in answer.text
    assert "similarity <strong>99" in answer.text
    assert "short title" in answer.text.lower()
    assert "4 left</strong> of 4" in answer.text


def test_exports_and_lines_of_both_sides_show_with_the_records_that_are_one_report_already(page):
    text = page.get("/pairs").text
    assert "PubMed, pubmed.nbib line 12" in text
    assert "Embase, e.ris line 77" in text
    assert text.index("pubmed.nbib") < text.index("already one report with A:1b") < text.index("old.nbib line 3")


def test_titles_with_markup_show_as_text(page):
    text = page.get("/pairs?a=B:2&b=C:2").text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in re.sub("</?mark>", "", text)


def test_a_ruling_is_written_and_the_next_pair_shows(root, page):
    answer = rule(page, "duplicate", note="=same\n trial")
    (ruling,) = rulings(root)
    assert [ruling[name] for name in ("record_a", "record_b", "verdict", "ruled_by", "note")] == [
        "A:1", "B:1", "duplicate", "reviewer_1", "'=same trial",
    ]  # fmt: skip
    assert named(answer) == ["B:2", "C:2"]
    assert "Duplicates. 3 left." in answer.text


def test_the_address_follows_the_pair_that_the_page_itself_asks_for(page):
    form = fields(page.get("/pairs").text) | {"verdict": "duplicate"}
    answer = page.post("/pairs", data=form, headers={"hx-request": "true"})
    assert answer.headers["HX-Push-Url"] == "/pairs?a=B%3A2&b=C%3A2"
    assert "<html" not in answer.text


def test_skipping_leads_on_and_round_again_without_writing(root, page):
    asked = [named(page.get(address)) for address in ("/pairs?after=0", "/pairs?after=2", "/pairs?after=3")]
    assert asked == [["B:2", "C:2"], ["A:1", "C:1"], ["A:1", "B:1"]]
    assert "first of those you skipped" in page.get("/pairs?after=3").text
    assert rulings(root) == []


def test_a_group_shows_its_pairs_and_how_far_it_is(page):
    rule(page, "duplicate")
    text = page.get("/pairs?a=B:1&b=C:1").text
    assert "1 of 3 pairs of this group ruled" in text
    assert "they link 3 reports" in text
    assert "of this group" not in page.get("/pairs?a=B:2&b=C:2").text


def test_a_ruling_that_contradicts_earlier_ones_is_refused_with_its_reason_and_the_note_kept(root, page):
    rule(page, "duplicate", "/pairs?a=A:1&b=B:1")
    rule(page, "duplicate", "/pairs?a=B:1&b=C:1")
    answer = rule(page, "distinct", "/pairs?a=A:1&b=C:1", note="look again")
    assert answer.status_code == 409
    assert "cannot be distinct: other rulings join them" in answer.text
    assert "B:1 and C:1: duplicate, reviewer_1" in answer.text
    assert ">look again</textarea>" in answer.text
    assert len(rulings(root)) == 2


def test_of_two_windows_the_second_is_told_and_writes_nothing(root, page):
    shown = fields(page.get("/pairs").text)
    page.post("/pairs", data=shown | {"verdict": "duplicate"})
    answer = page.post("/pairs", data=shown | {"verdict": "distinct"})
    assert answer.status_code == 409
    assert "since the page was shown" in answer.text
    assert len(rulings(root)) == 1


def test_two_reviewers_rule_in_one_file(root, page):
    other = client(Review(root, config()), "reviewer_2")
    rule(page, "duplicate")
    rule(other, "distinct")
    assert [(r["ruled_by"], r["verdict"]) for r in rulings(root)] == [
        ("reviewer_1", "duplicate"), ("reviewer_2", "distinct"),
    ]  # fmt: skip


def test_undo_takes_the_last_ruling_back_and_shows_its_pair(root, page):
    rule(page, "duplicate")
    answer = page.post("/pairs/undo", data={})
    assert rulings(root) == []
    assert "was taken back" in answer.text
    assert named(answer) == ["A:1", "B:1"]


def test_undo_is_refused_with_words_where_another_ruled_since(root, page):
    rule(page, "duplicate")
    rule(client(Review(root, config()), "reviewer_2"), "distinct")
    answer = page.post("/pairs/undo", data={})
    assert "not the last line" in answer.text
    assert len(rulings(root)) == 2


def test_a_pair_that_is_ruled_can_be_ruled_anew(root, page):
    rule(page, "duplicate")
    text = page.get("/pairs?a=A:1&b=B:1").text
    assert "Ruled: <strong>Duplicates</strong> by reviewer_1" in text
    rule(page, "distinct", "/pairs?a=A:1&b=B:1")
    assert [r["verdict"] for r in rulings(root)] == ["duplicate", "distinct"]
    assert "Ruled: <strong>Distinct</strong>" in page.get("/pairs?b=A:1&a=B:1").text


@pytest.mark.parametrize("form", [{"a": "A:1", "b": "Z:9", "verdict": "duplicate"}, {"a": "A:1", "b": "B:1"}])
def test_a_form_that_the_page_did_not_make_writes_nothing(root, page, form):
    assert page.post("/pairs", data=form).status_code == 400
    assert rulings(root) == []


def test_a_file_that_cannot_be_read_is_named_and_not_written(root, page):
    shown = fields(page.get("/pairs").text)
    (root / "records/dedupe").mkdir(parents=True, exist_ok=True)
    broken = "record_a,record_b,verdict,ruled_by,ruled_at,note\nA:1,B:1,perhaps,reviewer_2,2024-05-01,\n"
    (root / FILE).write_text(broken)
    assert "perhaps" in page.get("/pairs").text
    answer = page.post("/pairs", data=shown | {"verdict": "duplicate"})
    assert answer.status_code == 409
    assert (root / FILE).read_text() == broken


def test_pairs_that_the_workflow_made_anew_show_without_a_restart(root, page):
    page.get("/pairs")
    write(root / "results/dedupe/doubtful_pairs.csv", "results/dedupe/doubtful_pairs", [pair(1, "X:1", "Y:1")])
    assert named(page.get("/pairs")) == ["X:1", "Y:1"]


def test_when_the_only_pair_is_ruled_the_page_does_not_speak_of_several(root, page):
    write(root / "results/dedupe/doubtful_pairs.csv", "results/dedupe/doubtful_pairs", [pair(1, "X:1", "Y:1")])
    page.get("/pairs")
    assert "The doubtful pair is ruled on" in rule(page, "distinct").text


def test_when_all_are_ruled_the_page_says_what_comes_next(root, page):
    for _ in PAIRS:
        answer = rule(page, "distinct")
    assert "All 4 doubtful pairs are ruled on" in answer.text
