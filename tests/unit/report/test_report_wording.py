"""How numbers and names are written."""

from typing import Any

import pandas as pd
import pytest
import report_sample as sample
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.page import wording
from reviewflow.report.status import _NOUNS
from reviewflow.schema import schema

from tests.page_reader import Build


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.3, "0.30"), (0.995, "0.99"), (1.0, "1.00"), (0.0486, "0.05"), (0.01, "0.01"), (0.0099, "0.01"),
        (0.0038, "0.004"), (0.0008254, "0.0008"), (0.0001, "0.0001"), (0.00005, "<0.0001"), (1e-12, "<0.00001"),
        (0.0, "<0.00001"), (float("nan"), ""), (pd.NA, ""), (None, ""),
    ],
)  # fmt: skip
def test_p_is_written_as_revman_writes_it(p: object, text: str) -> None:
    assert wording.p_value(p) == text


def test_p_phrases_have_their_relation() -> None:
    assert wording.p_phrase(0.03) == "P = 0.03"
    assert wording.p_phrase(1e-9) == "P < 0.00001"
    assert wording.p_phrase(None) == "P not estimable"


def test_a_rounded_zero_has_no_sign() -> None:
    assert wording.number(-0.001) == "0.00"
    assert wording.number(-0.006) == "-0.01"


def test_decimals_show_narrow_intervals() -> None:
    assert wording.decimals(3.2) == 2
    assert wording.decimals(0.0017) == 4
    assert wording.decimals(0.0) == wording.decimals(float("nan")) == 2


@given(st.floats(1e-6, 1e6))
def test_an_interval_never_shrinks_to_one_number(width: float) -> None:
    digits = wording.decimals(width)
    assert wording.number(0.0, digits) != wording.number(width, digits) or width < 1e-5


def test_minus_signs_stand_only_before_numbers() -> None:
    text = "-1.5 (-2, -1), 2014-03-02, pp. 3-5, UC-MSC, x-1"
    assert wording.typographic(text) == "\u22121.5 (\u22122, \u22121), 2014-03-02, pp. 3-5, UC-MSC, x-1"


def test_names_are_listed_as_a_sentence_does() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(iter(["a", "b", "c"])) == "a, b and c"


def test_ids_keep_different_names_apart() -> None:
    assert wording.anchor("report", "CBM:一 二") == "report-CBM:一_二"
    assert wording.to("report", "A:1-2") != wording.to("report", "A:1:2")


def test_the_summary_fits_a_terminal(build: Build) -> None:
    config: dict[str, Any] = {**sample.CONFIG, "review": {"title": "Long title " * 30}}
    tables = sample.tables(sample.INTERIM)
    issues = [
        {"kind": kind, "study_id": f"s{i}", "person": f"person_{i}", "issue": "x"}
        for i in range(9)
        for kind in ("incomplete", "not_extracted")
    ]
    tables["extraction/issues"] = sample.frame("results/extraction/issues", issues)
    lines = build(config=config, tables=tables)["summary.txt"].splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 100
    assert lines[-1] == "The report is at results/report/index.html"
    assert any("more, listed in the report" in line for line in lines)


def test_the_summary_of_an_unfinished_review_counts_nothing_as_judged_that_waits(build: Build) -> None:
    lines = build(tables=sample.tables(sample.INTERIM))["summary.txt"].splitlines()
    found = {line[:36].strip(): line[36:].strip() for line in lines}
    assert "Records screened" not in found
    judged = (found["Records to screen"], found["Reports to assess for eligibility"])
    assert judged == ("7 (5 decided)", "5 (3 decided)")


@pytest.mark.parametrize(("doi", "leads"), [("10.1000/x", True), ("10.5555/12345678", False), ("10.55550/x", True)])
def test_a_doi_of_the_prefix_for_tests_leads_nowhere(doi: str, leads: bool) -> None:
    assert wording.doi_address(doi) == (f"https://doi.org/{doi}" if leads else "")


@pytest.mark.parametrize(
    ("pmid", "leads"),
    [("1", True), ("24161458", True), ("59999999", True), ("60000000", False), ("024161458", False), ("PMC1", False)],
)
def test_only_a_number_that_pubmed_can_have_given_leads_there(pmid: str, leads: bool) -> None:
    assert wording.pubmed_address(pmid) == (f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if leads else "")


def test_the_summary_of_a_finished_review(files: dict[str, str]) -> None:
    text = files["summary.txt"]
    assert "State: final" in text
    for label, n in (
        ("Records identified", "10"), ("Records identified by other methods", "2"), ("Duplicate records removed", "3"),
        ("Records screened", "7"), ("Reports not retrieved", "1"), ("Reports excluded", "2"),
        ("Studies included", "4 (4 reports)"), ("Published rows reproduced", "8 of 8"),
        ("Analyses pooled (2 studies or more)", "6 of 9"),
    ):  # fmt: skip
        line = next(line for line in text.splitlines() if line.startswith(f"{label}  "))
        assert line.split("  ")[-1].strip() == n


def test_every_kind_of_issue_of_the_extraction_has_words_for_what_waits() -> None:
    kinds = {*schema("results/extraction/issues").columns["kind"].values} - {"unresolved"}
    assert kinds - _NOUNS.keys() == set()
