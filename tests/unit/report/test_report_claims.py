"""The page claims what the tables say, and nothing beyond."""

import csv
import io
import re
from copy import deepcopy
from typing import Any

import pytest
import report_sample as sample
from reviewflow.report.lists import NOTE

from tests.page_reader import Build, Page

MADE_UP = "Constructed record for an example, not a real publication"
CAVEAT = "The effects marked calibrated were chosen so that these rows come out"


def test_the_methods_claim_no_plan_that_no_table_holds(page: Page) -> None:
    text = page.by_id("methods").text
    assert "analyses listed in config/analyses.csv number 9;" in text
    assert "The criteria stand as config.yaml states them." in text
    assert "verbatim" in page.by_id("search").text
    everything = page.root.text
    for claim in ("beforehand", "protocol", "as run", "as it was run", "with page and quote"):
        assert claim not in everything


def test_the_methods_are_whole_sentences(page: Page) -> None:
    text = page.by_id("methods").text
    assert "Two extractors (reviewer_1 and reviewer_2) extracted independently; each value carries its page" in text
    for paragraph in page.by_id("methods").all("p"):
        assert "  " not in paragraph.text
        assert paragraph.text[0].isupper()
        assert not re.search(r"[a-z)]\. [a-z]", paragraph.text)


@pytest.mark.parametrize(
    ("setting", "methods", "agreement"),
    [
        ("include", "unsure counts as include;", "unsure counts as include."),
        ("conflict", "unsure counts as a conflict;", "whereas in screening it is a conflict."),
    ],
)
def test_what_unsure_counts_as_follows_the_config(build: Build, setting: str, methods: str, agreement: str) -> None:
    config: dict[str, Any] = deepcopy(sample.CONFIG)
    config["screening"]["unsure_counts_as"] = setting
    page = Page(build(config=config)["index.html"])
    assert methods in page.by_id("methods").text
    assert agreement in page.by_id("agreement").text
    assert ("counts as include" in page.root.text) == (setting == "include")


def test_a_reproduction_from_calibrated_effects_says_what_it_tests(page: Page, build: Build) -> None:
    assert CAVEAT in page.by_id("reproduction").text
    tables = sample.tables()
    tables["synthesis/effects"] = tables["synthesis/effects"].assign(provenance="reported")
    assert CAVEAT not in Page(build(tables=tables)["index.html"]).by_id("reproduction").text


def test_pooled_rows_bear_the_provenance_of_the_table(page: Page, files: dict[str, str]) -> None:
    pooled = sample.tables()["synthesis/pooled"]
    known = [text for text in pooled["provenance"] if text]
    shown = [row["Provenance"] for name in ("2", "3") for row in page.table(f"pooled_table_{name}")]
    assert sorted(text.split()[0] for text in shown if text) == sorted(known)
    assert "calibrated \u2020" in files["tables/pooled_table_2.csv"]


def test_the_key_says_what_reported_takes_in(page: Page) -> None:
    assert (
        "printed in a report of the study or in the published review (a standard error may come from its printed "
        "limits)" in page.by_id("results").text
    )


def test_the_note_of_a_record_stands_in_every_list(build: Build) -> None:
    tables = sample.tables()
    for name in ("search/records", "dedupe/reports"):
        tables[name] = tables[name].assign(notes=MADE_UP)
    files = build(tables=tables)
    page = Page(files["index.html"])
    lists = ("duplicates", "new_reports", "dbr_excluded", "dbr_notretrieved_reports", "records_excluded")
    for name in (*lists, "database_results_pubmed"):
        rows = page.table(name)
        assert rows
        assert {row["Note"] for row in rows} == {MADE_UP}
        written = list(csv.DictReader(io.StringIO(files[f"tables/list_{name}.csv"])))
        assert {row["Note"] for row in written} == {MADE_UP}


def test_a_long_note_is_cut(build: Build) -> None:
    tables = sample.tables()
    tables["dedupe/reports"] = tables["dedupe/reports"].assign(notes="word " * 500)
    notes = {row["Note"] for row in Page(build(tables=tables)["index.html"]).table("new_reports")}
    assert all(note.endswith("\u2026") and len(note) <= NOTE for note in notes)


def test_numbers_that_lead_nowhere_are_no_links(build: Build) -> None:
    tables = sample.tables()
    tables["dedupe/reports"] = tables["dedupe/reports"].assign(doi="10.5555/made.up", pmid="90000001")
    page = Page(build(tables=tables)["index.html"])
    assert "doi:10.5555/made.up" in page.by_id("studies").text
    assert "PMID 90000001" in page.by_id("studies").text
    assert not [a for a in page.root.all("a") if a.attributes["href"].startswith("https://")]
