"""The rules that say of a pair duplicate, distinct or doubtful: named data, each with the situation that it covers.

Vetoes come first; then the first rule that holds names the match. Similarities are those of rapidfuzz, 0 to 100.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

Condition = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Rule:
    """A named condition on the features of pairs, the situation that it covers, and how sure it is (higher wins
    where links must be broken)."""

    name: str
    situation: str
    holds: Condition
    strength: int = 0


# Titles that differ by a transliteration, a hyphen or a typing error still reach this.
ALIKE = 92.0
# Titles that are the same but for case, punctuation and spelling.
SAME = 97.0
# Fewer words than this do not tell one report from another ("Editorial", "Stem cells in lupus").
TELLING_WORDS = 5


def _same_place(f: pd.DataFrame) -> pd.Series:
    return (f["page"] == 1) & (f["volume"] != 0)


def _same_journal(f: pd.DataFrame) -> pd.Series:
    return (f["journal"] >= 85) | f["initials"]


def _journal_not_other(f: pd.DataFrame) -> pd.Series:
    return _same_journal(f) | f["journal"].isna() | f["both_foreign"]


def _same_people(f: pd.DataFrame) -> pd.Series:
    return (f["author"] == 1) | (f["authors"] >= 80)


def _people_not_other(f: pd.DataFrame) -> pd.Series:
    return _same_people(f) | f["authors"].isna()


def _place_not_other(f: pd.DataFrame) -> pd.Series:
    return (f["page"] != 0) & (f["volume"] != 0)


def _same_supplement(f: pd.DataFrame) -> pd.Series:
    """Whether nothing in the place tells an abstract from the record that does not call itself one."""
    told = (f["volume"] == 1) | (f["volume"].isna() & f["page"].isna() & (f["years"] == 0))
    return told & (f["page"] != 0) & (f["issue"] != 0) & (_same_journal(f) | (f["page"] == 1))


def _same_telling_title(f: pd.DataFrame) -> pd.Series:
    return (f["title"] >= SAME) & (f["words"] >= TELLING_WORDS) & _same_people(f) & (f["years"].fillna(9) <= 1)


def _same_range(f: pd.DataFrame) -> pd.Series:
    """Volume, year and a range of several pages agree at both ends."""
    same_pages = (f["page"] == 1) & (f["page_end"] == 1) & f["both_span"]
    return same_pages & (f["volume"] == 1) & (f["years"] == 0)


def _identifier(f: pd.DataFrame) -> pd.Series:
    return (f["doi"] == 1) | (f["pmid"] == 1)


VETOES = (
    Rule(
        "notice",
        "an erratum, retraction, comment or reply, and the report that it is about",
        lambda f: ~f["same_notice"],
    ),
    Rule("part", "part I and part II", lambda f: f["parts_differ"] & (f["pmid"] != 1)),
    Rule(
        "conference",
        "a conference abstract and the full report of the same work",
        lambda f: f["conference_differs"] & ~_identifier(f) & ~_same_supplement(f),
    ),
    Rule(
        "numbers",
        "titles that differ in a number, such as the years of follow-up",
        lambda f: (f["numbers"] == 0) & (f["title"] < 100) & ~_identifier(f) & ~((f["page"] == 1) & (f["volume"] == 1)),
    ),
    Rule("pmid", "two PubMed records without a common DOI", lambda f: (f["pmid"] == 0) & (f["doi"] != 1)),
    Rule(
        "place",
        "the same title in another volume and on other pages, as recurring titles and second publications have it",
        lambda f: (f["volume"] == 0) & (f["page"] == 0) & (f["doi"] != 1) & (f["pmid"] != 1),
    ),
    Rule(
        "journal",
        "the same title in another journal and volume, as a conference abstract and a later report may have it",
        lambda f: (f["volume"] == 0) & f["journal"].notna() & ~_same_journal(f) & ~f["both_foreign"] & ~_identifier(f),
    ),
    Rule("trial", "reports of different registered trials", lambda f: f["trials_differ"] & ~_identifier(f)),
)

DUPLICATES = (
    Rule("same_pmid", "both carry one PubMed identifier", lambda f: (f["pmid"] == 1) & (f["title"] >= 60), 9),
    Rule(
        "same_doi",
        "both carry one DOI, and the titles agree; abstracts of one supplement share a DOI and do not",
        lambda f: (f["doi"] == 1) & ((f["title"] >= 75) | f["prefix"]),
        9,
    ),
    Rule(
        "same_doi_translated",
        "one DOI and one place, the titles in different scripts",
        lambda f: (f["doi"] == 1) & f["scripts_differ"] & _same_place(f),
        8,
    ),
    Rule(
        "title_and_place",
        "the same title at the same place, whatever became of the authors",
        lambda f: (f["title"] >= ALIKE) & (f["page"] == 1) & (f["volume"] == 1) & (f["years"].fillna(0) <= 1),
        8,
    ),
    Rule(
        "title_authors_place",
        "the same title and people; pages agree, the volume is not given on one side",
        lambda f: (f["title"] >= ALIKE) & _same_people(f) & _same_place(f) & (f["years"].fillna(0) <= 1),
        7,
    ),
    Rule(
        "title_authors_year",
        "the same telling title, people and year; the place is not given on one side",
        lambda f: _same_telling_title(f) & _place_not_other(f) & _journal_not_other(f),
        6,
    ),
    Rule(
        "title_authors_journal",
        "the same telling title, people and journal in one year; a page or volume was mistyped",
        lambda f: _same_telling_title(f) & _same_journal(f) & ((f["page"] != 0) | (f["volume"] != 0)),
        5,
    ),
    Rule(
        "title_abstract",
        "the same title and abstract; people or place are missing",
        lambda f: (
            (f["title"] >= SAME)
            & (f["abstract"] >= 90)
            & (f["years"].fillna(0) <= 1)
            & _people_not_other(f)
            & _journal_not_other(f)
            & _place_not_other(f)
        ),
        5,
    ),
    Rule(
        "translated_place",
        "an original and its translated title: the place, the year and the first author agree",
        lambda f: (
            (f["page"] == 1)
            & (f["volume"] == 1)
            & (f["issue"] != 0)
            & (f["years"] == 0)
            & (f["title"] >= 75)
            & (_same_people(f) | _same_journal(f))
        ),
        5,
    ),
    Rule(
        "same_range",
        "titles translated differently: journal, volume, year, people and a range of several pages agree at both ends",
        lambda f: _same_range(f) & (f["author"] == 1) & _same_journal(f) & (f["title"] >= 35),
        4,
    ),
    Rule(
        "short_title_place",
        "a subtitle left out on one side: people, year and place agree",
        lambda f: f["prefix"] & _same_people(f) & _same_place(f) & (f["years"].fillna(9) <= 1),
        5,
    ),
)

DOUBTS = (
    Rule(
        "same_doi_other_title",
        "one DOI, but the titles differ by more than spelling",
        lambda f: (f["doi"] == 1) & ((f["title"] >= 55) | f["scripts_differ"] | (f["author"] == 1)),
    ),
    Rule(
        "alike_title_other_place",
        "the same people and nearly the same title, the place differs or is not given",
        lambda f: (f["title"] >= ALIKE) & _same_people(f) & (f["words"] >= 3) & (f["years"].fillna(0) <= 2),
    ),
    Rule(
        "update",
        "the same title, people and journal some years apart, as updates of one review have it",
        lambda f: (
            (f["title"] >= SAME) & (f["authors"] >= 95) & _same_journal(f) & (f["years"] <= 6) & (f["words"] >= 4)
        ),
    ),
    Rule(
        "same_range",
        "journal, volume, year and a range of several pages agree at both ends; the people are not given on one side",
        lambda f: _same_range(f) & f["authors"].isna() & _same_journal(f),
    ),
    Rule(
        "short_title",
        "a subtitle left out on one side: people and year agree, the place does not tell",
        lambda f: f["prefix"] & (f["words"] >= TELLING_WORDS) & _same_people(f) & (f["years"].fillna(9) <= 1),
    ),
    Rule(
        "same_place",
        "the place and the first author agree, the titles do not",
        lambda f: (f["page"] == 1) & (f["volume"] == 1) & (f["years"] == 0) & (f["author"] == 1) & (f["title"] >= 55),
    ),
)
