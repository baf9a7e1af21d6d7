"""The list of what concerns a person: filters that work as a plain form, counts, pages."""

import re

import polars as pl
import pytest
from desk_room import ask, client, config, make_review, report
from reviewflow.desk.catalogue import Catalogue
from reviewflow.desk.choice import Choice
from reviewflow.desk.own import Event
from reviewflow.desk.query import Query
from reviewflow.desk.review import Review

STAGE = "title_abstract"


def catalogue(*rows):
    blank = {
        "title": "",
        "translated_title": "",
        "authors": "",
        "journal": "",
        "year": None,
        "sources": "A",
        "abstract": "",
    }
    schema = {"report_id": pl.String, **dict.fromkeys(blank, pl.String), "year": pl.Int64}
    return Catalogue(pl.DataFrame([blank | row for row in rows], schema=schema))


def event(decision, reason="", note="", decided_at="2024-05-01"):
    return Event("", decision, reason, note, decided_at)


SOME = catalogue(
    {"report_id": "A:1", "title": "Naïve cells", "year": 2001, "sources": "PubMed; Embase"},
    {"report_id": "A:2", "title": "beta (1.5%) blockers", "year": 2005, "sources": "Embase", "abstract": "NAIVE mice"},
    {"report_id": "A:3", "title": "Alpha", "authors": "Müller M", "year": None, "sources": "PubMed"},
    {"report_id": "A:4", "title": "", "translated_title": "Cells of 间充质", "year": 2010, "sources": "CBM"},
).standings(
    ["A:2", "A:1"],
    {
        "A:3": event("exclude", "wrong_people", "see page 2", "2024-05-03"),
        "A:4": event("include", decided_at="2024-05-02"),
    },
    ["A:1"],
)


def found(**query):
    return [row.report_id for row in SOME.answer(Query.of(query)).rows]


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ({}, ["A:2", "A:1", "A:3", "A:4"]),
        ({"state": "waiting"}, ["A:2"]),
        ({"state": "skipped"}, ["A:1"]),
        ({"state": "decided"}, ["A:3", "A:4"]),
        ({"decision": "exclude"}, ["A:3"]),
        ({"reason": "wrong_people"}, ["A:3"]),
        ({"note": "yes"}, ["A:3"]),
        ({"source": "PubMed"}, ["A:1", "A:3"]),
        ({"source": "Nowhere"}, []),
        ({"year_from": "2002", "year_to": "2009"}, ["A:2"]),
        ({"year_from": "2005"}, ["A:2", "A:4"]),
        ({"words": "naive"}, ["A:2", "A:1"]),
        ({"words": "NAÏVE cells"}, ["A:1"]),
        ({"words": "muller"}, ["A:3"]),
        ({"words": "(1.5%)"}, ["A:2"]),
        ({"words": "充质"}, ["A:4"]),
        ({"sort": "title"}, ["A:3", "A:2", "A:4", "A:1"]),
        ({"sort": "newest"}, ["A:4", "A:2", "A:1", "A:3"]),
        ({"sort": "oldest"}, ["A:1", "A:2", "A:4", "A:3"]),
        ({"sort": "decided", "state": "decided"}, ["A:3", "A:4"]),
        ({"sort": "; drop", "size": "7", "page": "x", "year_from": "-3"}, ["A:2", "A:1", "A:3", "A:4"]),
    ],
)
def test_each_filter_and_order(query, reports):
    assert found(**query) == reports


def test_counts_of_a_filter_are_those_under_the_other_filters():
    counts = SOME.answer(Query.of({"state": "decided", "source": "CBM"})).counts
    assert counts["state"] == {"decided": 1}
    assert counts["source"] == {"CBM": 1, "Embase": 0, "PubMed": 1}
    assert counts["decision"] == {"include": 1}


def test_every_count_is_what_choosing_it_shows():
    for chosen in ({}, {"source": "PubMed"}, {"words": "cells"}, {"year_from": "2004"}):
        for name, values in SOME.answer(Query.of(chosen)).counts.items():
            for value, n in values.items():
                assert len(found(**chosen | {name: value})) == n, (chosen, name, value)


def test_pages_hold_every_report_once_and_one_too_far_is_the_last():
    many = catalogue(*({"report_id": f"A:{i}"} for i in range(120))).standings([f"A:{i}" for i in range(120)], {})
    pages = [[row.report_id for row in many.answer(Query.of({"page": str(n)})).rows] for n in (1, 2, 3, 99)]
    assert [len(page) for page in pages] == [50, 50, 20, 20]
    assert len({report for page in pages[:3] for report in page}) == 120
    assert many.answer(Query.of({"page": "99"})).page == 3
    assert len(many.answer(Query.of({"size": "100"})).rows) == 100


def test_an_address_says_what_was_asked_and_a_changed_filter_begins_at_page_1():
    query = Query.of({"words": "a&b", "state": "waiting", "page": "3"})
    assert query.address() == "state=waiting&words=a%26b&page=3"
    assert query.address(page=4) == "state=waiting&words=a%26b&page=4"
    assert query.address(state="") == "words=a%26b"


@pytest.fixture
def review(tmp_path):
    listed = [report(i, year=str(2000 + i)) for i in range(1, 6)]
    listed[1] |= {"title": '<img src=x onerror="alert(1)">'}
    make_review(tmp_path, listed, [ask(f"A:{i}") for i in range(1, 5)] + [ask("A:5", person="reviewer_2")])
    found = Review(tmp_path, config())
    yield found
    found.close()


def reports(text):
    return re.findall(r"/screen/title_abstract\?report=([\w%:]+)", text)


def test_the_list_has_what_concerns_the_person_and_leads_to_each_report(review):
    page = client(review)
    text = page.get("/list/title_abstract").text
    assert sorted(reports(text)) == ["A%3A1", "A%3A2", "A%3A3", "A%3A4"]
    assert page.get("/screen/title_abstract?report=A%3A3").status_code == 200
    assert "<strong>4</strong> of 4 reports" in text


def test_a_decision_shows_at_once_with_its_reason_and_note(review):
    page = client(review)
    page.get("/list/title_abstract")
    seen = review.reports.seen("A:3")
    review.decide(STAGE, "reviewer_1", "A:3", Choice("exclude", "wrong_people", "=children <b>"), "", seen)
    text = page.get("/list/title_abstract?state=decided").text
    assert reports(text) == ["A%3A3"]
    assert "Wrong people" in text
    assert "=children &lt;b&gt;" in text
    assert "waits for me (3)" in text


def test_what_was_put_off_is_listed_as_skipped(review):
    review.skip(STAGE, "reviewer_1", "A:4")
    assert reports(client(review).get("/list/title_abstract?state=skipped").text) == ["A%3A4"]


def test_titles_and_words_with_markup_show_as_text(review):
    text = (
        client(review)
        .get("/list/title_abstract", params={"words": '"><script>alert(1)</script>', "source": "<b>"})
        .text
    )
    assert "<script>alert" not in text
    assert 'value="<b>"' not in text
    assert "<img" not in client(review).get("/list/title_abstract").text


def test_every_filter_has_its_label_and_a_button_sends_the_form(review):
    text = client(review).get("/list/title_abstract").text
    form = text[text.index('class="filters"') :].split("</form>")[0]
    ids = set(re.findall(r' id="(\w+)"', form))
    assert ids == set(re.findall(r'for="(\w+)"', form))
    assert {"state", "decision", "reason", "source", "note", "words", "year_from", "year_to", "sort"} <= ids
    assert "<button" in form


def test_somebody_whom_the_protocol_does_not_name_sees_no_list(review):
    assert client(review, "somebody").get("/list/title_abstract").status_code == 403


def test_an_unknown_stage_is_not_there(review):
    assert client(review).get("/list/extraction").status_code == 404
