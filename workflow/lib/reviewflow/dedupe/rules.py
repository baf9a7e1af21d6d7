"""The rules that say of a pair duplicate, distinct or doubtful: named data, each with the situation that it covers.

Vetoes, which come first, are in `vetoes`; then the first rule that holds names the match. Similarities are those of
rapidfuzz, 0 to 100.
"""

from .conditions import (
    ALIKE,
    SAME,
    TELLING_WORDS,
    journal_not_other,
    not_crowded,
    nothing_other,
    one_mistyped,
    people_not_other,
    place_not_other,
    same_journal,
    same_list,
    same_people,
    same_place,
    same_range,
    same_telling_title,
    telling,
    two_scripts,
)
from .rule import Rule

DUPLICATES = (
    Rule(
        "same_pmid",
        "both carry one PubMed identifier",
        lambda f: (f["pmid"] == 1) & ((f["title"] >= 60) | f["scripts_differ"]),
        9,
    ),
    Rule(
        "same_doi",
        "both carry one DOI, and the titles agree; abstracts of one supplement share a DOI and do not",
        lambda f: (f["doi"] == 1) & ((f["title"] >= 75) | f["prefix"]),
        9,
    ),
    Rule(
        "same_doi_translated",
        "one DOI, the titles in different scripts, and no other place",
        lambda f: (f["doi"] == 1) & f["scripts_differ"] & place_not_other(f) & (f["issue"] != 0),
        8,
    ),
    Rule(
        "title_and_place",
        "the same title at the same place, whatever became of the authors or of the journal's name; on a single page, "
        "which letters and abstracts share, the same words and no other people",
        lambda f: (
            (f["title"] >= ALIKE)
            & (f["page"] == 1)
            & (f["volume"] == 1)
            & (f["years"].fillna(0) <= 1)
            & (same_people(f) | same_journal(f) | (telling(f) & (people_not_other(f) | journal_not_other(f))))
            & not_crowded(f)
        ),
        8,
    ),
    Rule(
        "title_authors_place",
        "the same title and people; pages agree, the volume is not given on one side",
        lambda f: (f["title"] >= ALIKE) & same_people(f) & same_place(f) & (f["years"].fillna(0) <= 1) & not_crowded(f),
        7,
    ),
    Rule(
        "title_authors_year",
        "the same telling title, people and journal; the place is not given on one side, as of an advance publication, "
        "which may count in the year before",
        lambda f: same_telling_title(f) & place_not_other(f) & same_journal(f) & (f["placed_once"] | (f["years"] == 0)),
        6,
    ),
    Rule(
        "title_authors_no_journal",
        "the same telling title, all people and the year, as theses and books have it; a side gives no journal",
        lambda f: (
            telling(f) & same_list(f) & place_not_other(f) & f["journal"].isna() & (f["years"] == 0) & (f["doi"] != 0)
        ),
        5,
    ),
    Rule(
        "title_authors_journal",
        "the same telling title, people and journal; one of page, volume and year was mistyped",
        lambda f: same_telling_title(f) & same_journal(f) & one_mistyped(f),
        5,
    ),
    Rule(
        "title_issue",
        "the same telling title in one issue; people and pages are not given on one side, or are in another script",
        lambda f: telling(f) & nothing_other(f) & (f["volume"] == 1) & (f["issue"] == 1) & (f["years"] == 0),
        5,
    ),
    Rule(
        "title_abstract",
        "the same title and abstract; people or place are missing",
        lambda f: (f["title"] >= SAME) & (f["abstract"] >= 90) & (f["years"].fillna(0) <= 1) & nothing_other(f),
        5,
    ),
    Rule(
        "translated_place",
        "an original and its translated title: the place and the first author or the journal agree",
        lambda f: (
            (f["page"] == 1)
            & (f["volume"] == 1)
            & (f["issue"] != 0)
            & (f["years"].fillna(0) == 0)
            & (f["title"] >= 75)
            & (same_people(f) | same_journal(f))
            & not_crowded(f)
        ),
        5,
    ),
    Rule(
        "two_scripts",
        "a Chinese title and a translation of it: year, volume, issue and all pages agree, and the names of people and "
        "of the journal, in two scripts as well, say nothing",
        lambda f: (
            two_scripts(f)
            & (f["translation"] == 1)
            & same_range(f)
            & (f["issue"] == 1)
            & people_not_other(f)
            & journal_not_other(f)
        ),
        5,
    ),
    Rule(
        "same_range",
        "titles translated differently: journal, volume, year, people and a range of several pages agree at both ends",
        lambda f: same_range(f) & (f["author"] == 1) & same_journal(f) & (f["title"] >= 35),
        4,
    ),
    Rule(
        "short_title_place",
        "a subtitle left out on one side: people, year and place agree",
        lambda f: f["prefix"] & same_people(f) & same_place(f) & (f["years"].fillna(9) <= 1),
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
        lambda f: (f["title"] >= ALIKE) & same_people(f) & (f["words"] >= 3) & (f["years"].fillna(0) <= 2),
    ),
    Rule(
        "update",
        "the same title, people and journal some years apart, as updates of one review have it",
        lambda f: (f["title"] >= SAME) & (f["authors"] >= 95) & same_journal(f) & (f["years"] <= 6) & (f["words"] >= 4),
    ),
    Rule(
        "same_range_people_missing",
        "journal, volume, year and a range of several pages agree at both ends; the people are not given on one side",
        lambda f: same_range(f) & f["authors"].isna() & same_journal(f),
    ),
    Rule(
        "short_title",
        "a subtitle left out on one side: people and year agree, the place does not tell",
        lambda f: f["prefix"] & (f["words"] >= TELLING_WORDS) & same_people(f) & (f["years"].fillna(9) <= 1),
    ),
    Rule(
        "same_place",
        "the place and the first author agree, the titles do not",
        lambda f: (f["page"] == 1) & (f["volume"] == 1) & (f["years"] == 0) & (f["author"] == 1) & (f["title"] >= 55),
    ),
    Rule(
        "title_alone",
        "the same telling title; what else would tell is missing, or agrees but for the people's names",
        lambda f: (
            telling(f)
            & place_not_other(f)
            & (f["years"].fillna(0) <= 1)
            & (people_not_other(f) & journal_not_other(f) | same_journal(f))
        ),
    ),
    Rule(
        "short_title_issue",
        "the same short title by the same people in one issue; the pages are not given on one side",
        lambda f: (f["title"] >= SAME) & same_people(f) & nothing_other(f) & (f["volume"] == 1) & (f["years"] == 0),
    ),
    Rule(
        "two_scripts_in_part",
        "a Chinese title and one in Latin letters at one place, as far as it is given",
        lambda f: (
            two_scripts(f)
            & (f["page"] == 1)
            & (f["page_end"] != 0)
            & (f["years"] == 0)
            & ((f["volume"] == 1) & (f["issue"] != 0) | (f["issue"] == 1) & (f["volume"] != 0))
            & people_not_other(f)
            & journal_not_other(f)
        ),
    ),
)
