"""What one cell of a record says, in a form that is compared."""

import re

from reviewflow.text import fold

# Words that make a document about another document: such a record never duplicates the one it is about. Each pattern
# comes with what any text that it finds has within, since most titles have none of it and that is quickly seen.
_NOTICE = (
    (
        "erratum",
        ("errat", "corrig", "correction"),
        r"\b(erratum|errata|corrigend\w+|corrections? to|correction|publisher correction|author correction)\b",
    ),
    (
        "retraction",
        ("retract", "withdrawn", "concern"),
        r"\b(retraction|retracted article|retraction notice|withdrawn|expression of concern)\b",
    ),
    (
        "reply",
        ("repl", "response"),
        r"\b(repl(?:y|ies)|response) (?:to|by|from)\b|\bauthors? (?:reply|response)\b|^(?:reply|response)$",
    ),
    ("comment", ("comment", "letter"), r"\b(comments? on|commentary on|letter to the editor|comment)\b"),
)
_NOTICE_ROOTS = tuple(root for _, roots, _ in _NOTICE for root in roots)
_NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "one": 1, "two": 2, "three": 3, "four": 4}
_PART = re.compile(
    r"\b(?:part|section|chapter|volume|phase|study|paper|no) (\d{1,3}|i{1,3}|iv|vi?|one|two|three|four)\b"
)
_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


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
    if "(" not in title and "[" not in title and "<" not in title:
        return title
    return _NOTES.sub("", title).strip() or title


def notice(folded: str) -> str:
    """Kind of notice that a folded title announces, or ""."""
    if not any(root in folded for root in _NOTICE_ROOTS):
        return ""
    return next((kind for kind, _, pattern in _NOTICE if re.search(pattern, folded)), "")


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
    plain = text.strip().lower().replace("~", "-").replace(" ", "")
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


def surname(author: str) -> str:
    """The surname in "Gu, F.", "Gu F", "Gu FF", "F. Gu" or "顾芳", folded and in one word."""
    return one_word(family(author))


def one_word(name: str) -> str:
    """A surname of several words as one, folded."""
    return fold(name).replace(" ", "")


def family(author: str) -> str:
    """The surname as written."""
    family, comma, _ = author.partition(",")
    if comma:
        return family
    words = [w for w in author.replace(".", ". ").split() if w.lower() not in ("et", "al", "al.")]
    names = [w for w in words if not (w[-1] == "." or (len(w) <= 3 and w.isupper() and w.isascii()))]
    if not names or len(names) == len(words):
        names = words[-1:] if words and words[-1].isascii() else words
    return "".join(names)
