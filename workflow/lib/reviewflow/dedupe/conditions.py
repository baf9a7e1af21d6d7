"""What the rules ask of the features of pairs: each question once, under the name that it has in the rules.

Similarities are those of rapidfuzz, 0 to 100; agreements are 1, 0 or NaN where a side is blank.
"""

import pandas as pd

# Titles that differ by a transliteration, a hyphen or a typing error still reach this.
ALIKE = 92.0
# Titles that are the same but for case, punctuation and spelling.
SAME = 97.0
# Fewer words than this do not tell one report from another ("Editorial", "Stem cells in lupus").
TELLING_WORDS = 5
# Names of one journal, in full, abbreviated or misspelt, reach this.
SAME_JOURNAL = 92.0


def same_place(f: pd.DataFrame) -> pd.Series:
    """The first page agrees, and the volume where both give it."""
    return (f["page"] == 1) & (f["volume"] != 0)


def same_journal(f: pd.DataFrame) -> pd.Series:
    """The names of the journals can be of one."""
    return f["journal"] >= SAME_JOURNAL


def journal_not_other(f: pd.DataFrame) -> pd.Series:
    """One journal, or a side does not give it in a script that can be compared."""
    return same_journal(f) | f["journal"].isna()


def same_people(f: pd.DataFrame) -> pd.Series:
    """The first author agrees, or the authors altogether."""
    return (f["author"] == 1) | (f["authors"] >= 80)


def same_list(f: pd.DataFrame) -> pd.Series:
    """The first author agrees, and hardly another name is on one list only."""
    return (f["author"] == 1) & (f["authors"] >= 95)


def people_not_other(f: pd.DataFrame) -> pd.Series:
    """The same people, or a side does not give them in a script that can be compared."""
    return same_people(f) | f["authors"].isna()


def place_not_other(f: pd.DataFrame) -> pd.Series:
    """First page and volume agree where both give them."""
    return (f["page"] != 0) & (f["volume"] != 0)


def nothing_other(f: pd.DataFrame) -> pd.Series:
    """Whether people, journal and place say nothing against a pair, if only because a side does not give them."""
    return people_not_other(f) & journal_not_other(f) & place_not_other(f)


def telling(f: pd.DataFrame) -> pd.Series:
    """The same title, long enough to know a report by."""
    return (f["title"] >= SAME) & (f["words"] >= TELLING_WORDS)


def same_supplement(f: pd.DataFrame) -> pd.Series:
    """Whether nothing in the place tells an abstract from the record that does not call itself one."""
    told = (f["volume"] == 1) | ((f["volume"].isna() & f["page"].isna() | (f["page"] == 1)) & (f["years"] == 0))
    return told & (f["page"] != 0) & (f["issue"] != 0) & (same_journal(f) | (f["page"] == 1))


def same_telling_title(f: pd.DataFrame) -> pd.Series:
    """The same telling title and people, years at most one apart, as those of advance publication and print are."""
    return telling(f) & same_people(f) & (f["years"].fillna(9) <= 1)


def one_mistyped(f: pd.DataFrame) -> pd.Series:
    """Whether year, volume and first page differ in one at most, since a slip of typing changes one of them while two
    reports differ in more. One that begins where the other ends is a companion printed behind it."""
    differ = sum((f[name] == 0).astype(int) for name in ("volume", "page")) + (f["years"] > 0).astype(int)
    return (differ <= 1) & ((f["years"] == 0) | (f["volume"] == 1) | (f["page"] == 1)) & ~f["consecutive"]


def not_crowded(f: pd.DataFrame) -> pd.Series:
    """Not two letters or abstracts that share a page: a range of pages tells one report from others, a single page only
    with the same title and no other people."""
    several = f["both_span"] | f["one_spans"] | f["scripts_differ"]
    return several | (f["volume"] != 1) | (f["title"] >= SAME) & people_not_other(f)


def two_scripts(f: pd.DataFrame) -> pd.Series:
    """A title in Chinese characters and one in Latin letters, of which nothing says that its report is in English."""
    return f["scripts_differ"] & (f["translation"] != 0) & (f["doi"] != 0) & (f["pmid"] != 0)


def same_range(f: pd.DataFrame) -> pd.Series:
    """Volume, year and a range of several pages agree at both ends."""
    same_pages = (f["page"] == 1) & (f["page_end"] == 1) & f["both_span"]
    return same_pages & (f["volume"] == 1) & (f["years"] == 0)


def identifier(f: pd.DataFrame) -> pd.Series:
    """One DOI or one PubMed identifier."""
    return (f["doi"] == 1) | (f["pmid"] == 1)
