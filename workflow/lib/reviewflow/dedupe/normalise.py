"""What of a record is compared, in one normal form, a row a record."""

import re

import numpy as np
import pandas as pd

from reviewflow.tables import split_list
from reviewflow.text import fold

# Words that make a document about another document: such a record never duplicates the one it is about.
_NOTICE = {
    "erratum": re.compile(
        r"\b(erratum|errata|corrigend\w+|corrections? to|correction|publisher correction|author correction)\b"
    ),
    "retraction": re.compile(r"\b(retraction|retracted article|retraction notice|withdrawn|expression of concern)\b"),
    "reply": re.compile(
        r"\b(repl(?:y|ies)|response) (?:to|by|from)\b|\bauthors? (?:reply|response)\b|^(?:reply|response)$"
    ),
    "comment": re.compile(r"\b(comments? on|commentary on|letter to the editor|comment)\b"),
}
_CONFERENCE = re.compile(r"conference|meeting|congress|abstracts?\b|proceedings", re.IGNORECASE)
# How Ovid names a conference behind the journal that printed its abstracts.
_CONFERENCE_OF = re.compile(r"\. Conference: ", re.IGNORECASE)
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "one": 1, "two": 2, "three": 3, "four": 4}
_PART = re.compile(
    r"\b(?:part|section|chapter|volume|phase|study|paper|no) (\d{1,3}|i{1,3}|iv|vi?|one|two|three|four)\b"
)
_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


def normalise(records: pd.DataFrame) -> pd.DataFrame:
    """One row a record_id in the order given, with the compared columns; `records` has the columns of records.csv."""
    title, translated = (records[column].map(bare_title).map(fold) for column in ("title", "translated_title"))
    authors = records["authors"].map(_surnames)
    pages = records["pages"].map(page_range)
    words = title + " " + translated
    return pd.DataFrame(
        {
            "record_id": records["record_id"].to_numpy(),
            "title": title.where(title != "", translated).to_numpy(),
            "translated": translated.where(translated != "", title).to_numpy(),
            "doi": records["doi"].to_numpy(),
            "pmid": records["pmid"].to_numpy(),
            "trial_ids": records["trial_ids"].map(lambda cell: frozenset(split_list(cell))).to_numpy(),
            "year": records["year"].astype("float64").to_numpy(),
            "journal": records["journal"].str.split(_CONFERENCE_OF).str[0].map(fold).to_numpy(),
            "volume": records["volume"].map(lambda v: number(v).split(" ")[0]).to_numpy(),
            "issue": records["issue"].map(lambda v: number(v).split(" ")[0].removeprefix("s")).to_numpy(),
            "page": pages.map(lambda p: p[0]).to_numpy(),
            "page_end": pages.map(lambda p: p[1]).to_numpy(),
            "author": authors.map(lambda names: names.split(" ")[0]).to_numpy(),
            "authors": authors.to_numpy(),
            "abstract": records["abstract"].str.slice(0, ABSTRACT_COMPARED).map(fold).to_numpy(),
            "notice": words.map(notice).to_numpy(),
            "span": (pages.map(lambda p: p[1] != "" and p[0] != p[1])).to_numpy(),
            "part": words.map(part).to_numpy(),
            "numbers": title.map(lambda t: " ".join(re.findall(r"\d+", t))).to_numpy(),
            "conference": _conference(records).to_numpy(),
        }
    )


# What databases write into a title that is not of it: notes on an erratum or a comment that appeared elsewhere, the
# kind of document, the language, and a second title in the original language.
_NOTES = re.compile(
    r"\s*[\[(](?:(?:published )?erratum|see comments?|comments? (?:in|on)|summary for patients|retraction in|abstract"
    r"|conference abstract|corrected|republished|update (?:in|of)|original|in process citation|review|dutch|german"
    r"|french|spanish|italian|chinese|japanese|portuguese|russian|polish|turkish|korean)\b[^\[\]]{0,300}(?:[\])]\.?|$)"
    r"|\s*<original>.{0,500}$",
    re.IGNORECASE,
)


def bare_title(title: str) -> str:
    """A title without the notes that databases add behind it; a title that is nothing but a note stays."""
    return _NOTES.sub("", title).strip() or title


# Enough of an abstract to know it by; one of 240 kB must not cost more than others.
ABSTRACT_COMPARED = 1500


def _conference(records: pd.DataFrame) -> pd.Series:
    """Whether a record says that it is a conference abstract: by its type, by its issue or pages ("MeetingAbstracts"),
    by its journal ("FASEB Journal. Conference: ..."), or as a piece of a supplement without an abstract of its own and
    with lettered pages ("S123")."""
    typed = (records["publication_type"] + " " + records["pages"] + " " + records["issue"]).str.contains(_CONFERENCE)
    typed |= records["journal"].str.contains(r"\b(?:conference|meeting|congress)\b", case=False)
    place = records["issue"] + " " + records["volume"]
    lettered = records["pages"].str.contains(r"^[A-Za-z]") & (records["abstract"] == "")
    return (typed | (place.str.contains("suppl", case=False) & lettered)).astype(bool)


def notice(folded: str) -> str:
    """Kind of notice that a folded title announces, or ""."""
    return next((kind for kind, pattern in _NOTICE.items() if pattern.search(folded)), "")


def part(folded: str) -> int:
    """Number of the part that a folded title names, or 0."""
    found = _PART.search(folded)
    if not found:
        return 0
    word = found.group(1)
    return _NUMERALS.get(word) or int(word)


def number(text: str) -> str:
    """Volume or issue without leading zeros and decoration: "Vol. 07 (Suppl 1)" gives "7 s1"."""
    folded = fold(text)
    digits = [d.lstrip("0") or "0" for d in re.findall(r"\d+", folded)]
    if "suppl" in folded or re.match(r"s\d", folded):
        return " s".join(digits) if len(digits) > 1 else "s" + "".join(digits)
    return " ".join(digits)


def page_range(text: str) -> tuple[str, str]:
    """First and last page in full: "494-6" gives ("494", "496"); a month that a spreadsheet made of a range is undone
    ("06-Oct" and "6-Oct" give ("6", "10"))."""
    plain = text.strip().lower().replace("~", "-").replace(" ", "")
    dated = re.fullmatch(r"(\d{1,2})-([a-z]{3})|([a-z]{3})-(\d{1,2})", plain)
    if dated and (dated.group(2) or dated.group(3)) in _MONTHS:
        pair = (
            (int(dated.group(1)), _MONTHS[dated.group(2)])
            if dated.group(2)
            else (_MONTHS[dated.group(3)], int(dated.group(4)))
        )
        return str(min(pair)), str(max(pair))
    found = re.match(r"(?:pp?\.?)?([a-z]{0,3})0*(\d{1,9})(?:-([a-z]{0,3})0*(\d{1,9}))?", plain)
    if not found:
        return (fold(text), "") if text.strip() else ("", "")
    letter, first, _, last = found.groups()
    if last and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return letter + first, (letter + last) if last else ""


def _surnames(cell: str) -> str:
    """Folded surnames in order, joined by spaces; a surname of several words becomes one word."""
    return " ".join(name for name in map(surname, split_list(cell)) if name)


def surname(author: str) -> str:
    """The surname in "Gu, F.", "Gu F", "Gu FF", "F. Gu" or "顾芳", folded and in one word."""
    if "," in author:
        return fold(author.split(",")[0]).replace(" ", "")
    words = [w for w in author.replace(".", ". ").split() if w.lower() not in ("et", "al", "al.")]
    if not words:
        return ""
    initials = [w.endswith(".") or (w.isupper() and len(w) <= 3 and w.isascii()) for w in words]
    names = [w for w, initial in zip(words, initials, strict=True) if not initial]
    if not (any(initials) and names):
        names = words[-1:] if words[-1].isascii() else words
    return fold("".join(names)).replace(" ", "")


def agree(a: pd.Series, b: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """1 where both are given and equal, 0 where both are given and differ, NaN where one is missing."""
    given = (a.to_numpy() != "") & (b.to_numpy() != "")
    return np.where(given, (a.to_numpy() == b.to_numpy()).astype(float), np.nan)
