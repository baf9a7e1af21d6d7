"""Which report a retraction, an expression of concern or an erratum is about, and what is left open."""

from typing import Any

import pytest
from reviewflow import concerns
from reviewflow.dedupe.notices import notices, same_journal, subject_titles
from reviewflow.tables import frame

TITLE = "Umbilical cord cells for refractory lupus nephritis"
REPORT = {
    "record_id": "P:1", "title": TITLE, "authors": "Gu, Fang; Li, M.", "journal": "Stem Cells International",
    "year": 2014, "doi": "10.1155/2014/1", "pmid": "24000001",
}  # fmt: skip
NOTICE = {
    "record_id": "P:2",
    "notice": "retraction",
    "notice_role": "notice",
    "journal": "Stem Cells Int",
    "year": 2016,
}


def ties(*records: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(record, about, tie), each record a report of its own."""
    rows = [
        {"search_id": "s", "export_file": "e", "position": i, "line": i, "wave": 1, "source": "P",
         "source_type": "database", "report_id": record["record_id"], **record}
        for i, record in enumerate(records)
    ]  # fmt: skip
    tables = [frame(f"results/{n}", rows) for n in ("search/records", "dedupe/clusters", "dedupe/reports")]
    found = notices(*tables)
    return list(zip(found["record_id"], found["about"], found["tie"], strict=True))


@pytest.mark.parametrize(
    "title",
    [
        f"Retraction: {TITLE}",
        f"RETRACTION NOTICE TO: {TITLE}.",
        f'Retraction notice to "{TITLE}" [Stem Cells Int. 12 (2014) 34-40]',
        f"Retraction Note: {TITLE}",
        f"Withdrawn: {TITLE}",
        f"Erratum to: {TITLE}",
        f"Author Correction: {TITLE}",
        f"Corrigendum to “{TITLE}”",
        f"Publisher Correction to: {TITLE}",
        f"Expression of Concern: {TITLE}",
        f"Editorial Expression of Concern for: {TITLE}",
        f"[Retracted] {TITLE}",
        f"{TITLE} (Retraction of vol 12, pg 34, 2014)",
        f"{TITLE} (vol 12, pg 34, 2014)",
        f"{TITLE}: correction",
        f"{TITLE} [Erratum]",
        f"Erratum: Author Correction: {TITLE}",
    ],
)
def test_the_words_of_a_notice_come_off_its_title(title):
    assert ties(REPORT, NOTICE | {"title": title}) == [("P:2", "P:1", "title")]


@pytest.mark.parametrize(
    "title",
    [
        "勘误：间充质干细胞治疗狼疮性肾炎",
        "《间充质干细胞治疗狼疮性肾炎》一文的勘误",
        "撤稿声明：间充质干细胞治疗狼疮性肾炎",
    ],
)
def test_chinese_notices_are_tied_too(title):
    report = REPORT | {"title": "间充质干细胞治疗狼疮性肾炎", "journal": "中华肾脏病杂志"}
    assert ties(report, NOTICE | {"title": title, "journal": "中华肾脏病杂志"}) == [("P:2", "P:1", "title")]


def test_a_title_that_ends_in_brackets_itself_is_found():
    title = f"{TITLE} (phase 2)"
    assert ties(REPORT | {"title": title}, NOTICE | {"title": f"Erratum: {title}"}) == [("P:2", "P:1", "title")]
    cited = NOTICE | {"title": f"Erratum: {title} (vol 12, pg 34, 2014)"}
    assert ties(REPORT | {"title": title}, cited) == [("P:2", "P:1", "title")]


@pytest.mark.parametrize("title", ["", "Erratum", "勘误", "(2014)", "Correction of hyponatraemia in lupus"])
def test_the_forms_of_a_title_begin_with_the_title_itself_and_end(title):
    forms = list(subject_titles(title))
    assert forms[:1] == ([title] if title else [])
    assert len(forms) <= 3


@pytest.mark.parametrize(
    "text",
    ["This corrects the report DOI: 10.1155/2014/1.", "[This retracts Stem Cells Int. 2014;2014:1. PMID: 24000001.]"],
)
def test_an_identifier_that_a_notice_names_is_enough_whatever_its_title(text):
    notice = NOTICE | {"title": "Erratum.", "abstract": text, "journal": "Another", "doi": "10.1155/2016/9"}
    assert ties(REPORT, notice) == [("P:2", "P:1", "identifier")]


def test_its_own_identifier_is_not_that_of_its_report():
    notice = NOTICE | {"title": "Erratum.", "doi": "10.1155/2016/9", "abstract": "doi: 10.1155/2016/9"}
    assert ties(REPORT, notice) == [("P:2", "", "")]


def test_people_are_enough_where_the_journal_is_not_given():
    notice = NOTICE | {"title": f"Retraction: {TITLE}", "journal": "", "authors": "Gu F"}
    assert ties(REPORT, notice) == [("P:2", "P:1", "title")]


@pytest.mark.parametrize("fields", [{"journal": ""}, {"journal": "Lupus", "authors": "Roe J"}])
def test_a_title_alone_only_says_that_a_notice_may_concern_a_report(fields):
    assert ties(REPORT, NOTICE | {"title": f"Retraction: {TITLE}"} | fields) == [("P:2", "P:1", "maybe")]


def test_of_two_reports_with_the_title_both_may_be_meant():
    abstract = REPORT | {"record_id": "P:0", "doi": "", "pmid": ""}
    found = ties(REPORT, abstract, NOTICE | {"title": f"Retraction: {TITLE}"})
    assert found == [("P:2", "P:0", "maybe"), ("P:2", "P:1", "maybe")]


def test_the_one_where_more_agrees_is_meant_and_the_other_still_shown():
    abstract = REPORT | {"record_id": "P:0", "journal": "Lupus", "authors": "Gu F"}
    found = ties(REPORT, abstract, NOTICE | {"title": f"Retraction: {TITLE}", "authors": "Gu F"})
    assert found == [("P:2", "P:0", "maybe"), ("P:2", "P:1", "title")]


def test_a_notice_is_not_about_a_report_that_came_long_after_it():
    assert ties(REPORT, NOTICE | {"title": f"Retraction: {TITLE}", "year": 2010}) == [("P:2", "", "")]


def test_short_titles_tie_nothing():
    assert ties(REPORT | {"title": "Editorial"}, NOTICE | {"title": "Erratum: Editorial"}) == [("P:2", "", "")]


def test_two_notices_are_never_tied_to_each_other():
    first = NOTICE | {"title": f"Retraction: {TITLE}"}
    second = NOTICE | {"record_id": "P:3", "title": f"Retraction: {TITLE}"}
    assert ties(first, second) == [("P:2", "", ""), ("P:3", "", "")]


def test_a_record_that_says_so_of_itself_is_certain_and_its_marked_title_is_still_found():
    subject = REPORT | {"title": f"RETRACTED: {TITLE}", "notice": "retraction", "notice_role": "subject"}
    found = ties(subject, NOTICE | {"title": f"Retraction: {TITLE}"})
    assert found == [("P:1", "P:1", "own"), ("P:2", "P:1", "title")]


def test_of_two_sightings_the_graver_notice_holds():
    later = REPORT | {"notice": "retraction", "notice_role": "subject"}
    earlier = REPORT | {"notice": "erratum", "notice_role": "subject"}
    assert ties(earlier, later) == [("P:1", "P:1", "own")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Stem Cells Int", "Stem cells international", True),
        ("Annals of the Rheumatic Diseases", "Ann Rheum Dis", True),
        ("Lupus", "Lupus", True),
        ("Lupus", "Lupus science & medicine", False),
        ("", "", False),
        ("Kidney Int", "Stem Cells Int", False),
    ],
)
def test_a_journal_and_its_abbreviation_are_one(one, other, same):
    assert same_journal(one, other) is same


def test_what_a_report_is_said_to_be_names_the_gravest_first_and_drops_an_idle_perhaps():
    rows = [
        {"record_id": "b", "report_id": "b", "about": "a", "notice": "erratum", "notice_role": "notice", "tie": "title"},
        {"record_id": "c", "report_id": "c", "about": "a", "notice": "erratum", "notice_role": "notice", "tie": "maybe"},
        {"record_id": "a", "report_id": "a", "about": "a", "notice": "retraction", "notice_role": "subject", "tie": "own"},
        {"record_id": "d", "report_id": "d", "about": "", "notice": "concern", "notice_role": "notice", "tie": ""},
    ]  # fmt: skip
    assert concerns.by_report(frame("results/dedupe/notices", rows)) == {
        "a": "retraction; erratum",
        "b": "notice of erratum",
        "c": "notice of erratum",
        "d": "notice of concern",
    }
