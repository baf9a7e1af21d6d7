"""What one cell of a record says, in a form that is compared."""

import re
import unicodedata

from reviewflow.text import fold

_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


# What databases write into a title that is not of it: notes on an erratum or a comment that appeared elsewhere, that it
# was retracted since, the kind of document, the language, and a second title in the original language.
_NOTES = re.compile(
    r"\s*[\[(](?:(?:published )?erratum|see comments?|comments? (?:in|on)|summary for patients|retraction in|abstract"
    r"|conference abstract|corrected|republished|update (?:in|of)|original|in process citation|review|dutch|german"
    r"|french|spanish|italian|chinese|japanese|portuguese|russian|polish|turkish|korean|letter|editorial|news)\b"
    r"[^\[\]]{0,300}(?:[\])]\.?|$)|\s*<original>.{0,500}$|\s*[\[(（](?:英文|中文|英文版|摘要|会议摘要|综述|J)[\])）]"
    r"|^\s*(?:\[retracted\]|retracted(?: article)?\s*:)\s*",
    re.IGNORECASE,
)


def bare_title(title: str) -> str:
    """A title without the notes that databases add behind it; a title that is nothing but a note stays."""
    if not any(sign in title for sign in "([<（") and title[:9].lower() != "retracted":
        return title
    return _NOTES.sub("", title).strip() or title


def number(text: str) -> str:
    """Volume or issue without leading zeros and decoration: "Vol. 07 (Suppl 1)" gives "7 s1"."""
    folded = fold(text)
    digits = [d.lstrip("0") or "0" for d in re.findall(r"\d+", folded)]
    if "suppl" in folded or re.match(r"s\d", folded):
        return " s".join(digits) if len(digits) > 1 else "s" + "".join(digits)
    return " ".join(digits)


# What spreadsheets make of the pages 6-10: a day and a month, with or without the year in which the file was opened.
# Where the second number is no day they take it for a year, so that 10-32 becomes October 1932.
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<day>\d{1,2})-(?P<month>[a-z]{3})(?:-(?:\d\d){1,2})?",
        r"(?P<month>[a-z]{3})-(?:19|20)?(?P<day>\d{1,2})",
        r"19(?P<day>\d\d)-(?P<month>\d\d)-01(?:t?00:00(?::00)?)?",
        r"20\d\d-(?P<month>\d\d)-(?P<day>\d\d)(?:t?00:00(?::00)?)?",
        r"(?P<month>\d\d?)/(?P<day>\d\d?)/20\d\d",
    )
)
_NUMBERS = re.compile(r"\d+(?:-\d+)?")
_PAGES = re.compile(r"(?:pp?\.?)?([a-z]{0,3})0*(\d{1,9})(?:-([a-z]{0,3})0*(\d{1,9}))?")


def page_range(text: str) -> tuple[str, str]:
    """First and last page in full: "494-6" gives ("494", "496"); a date that a spreadsheet made of a range is undone
    ("06-Oct", "6-Oct-2025" and "2025-10-06" give ("6", "10"))."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("~", "-").replace(" ", "")
    if not _NUMBERS.fullmatch(plain):
        for dated in filter(None, (pattern.fullmatch(plain) for pattern in _DATES)):
            month = int(dated["month"]) if dated["month"].isdigit() else _MONTHS.get(dated["month"], 0)
            if month:
                pair = int(dated["day"]), month
                return str(min(pair)), str(max(pair))
    found = _PAGES.match(plain)
    if not found:
        return (fold(text), "") if text.strip() else ("", "")
    letter, first, _, last = found.groups()
    if last and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return letter + first, (letter + last) if last else ""
