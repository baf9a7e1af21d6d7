"""Ovid's tagged format (.ovd, Citavi, Reprint/Medlars): "<1. >" above each record, which begins with VN, the vendor.
Most databases give journal, volume, issue and pages in one source line (as Zotero's translator "OVID Tagged" found)."""

import re
from collections.abc import Iterator
from functools import partial

from ..entry import Entry
from ..stream import Text
from .format import Fields, Format, Values, blocks, parse_tags, search, summed, tag_lines

_NUMBER = re.compile(r"\n<\s?\d{1,7}\s?\.?\s?>[ \t]{0,9}(?=\n)")
_VENDOR = re.compile(r"\nVN {1,2}- Ovid")
_TAG = tag_lines(r"([A-Z][A-Z0-9]{1,2}) {1,2}- ")
_SOURCE = re.compile(
    r"(?P<journal>[^\n]{2,300}?)[.,;] (?:vol\. ?)?(?P<volume>\d{1,5}) ?(?:\((?P<issue>[^)\n]{1,40})\))?"
    r"(?: ?[:,] ?(?:pp\. ?)?(?P<pages>[A-Za-z]?\d[\w-]{0,20}))?"
)


def read(text: Text) -> Iterator[Entry]:
    """Entries by their numbers, or where these are left out by the vendor's line."""
    return blocks(text, _start(text), parse_tags(_TAG), _TAG)


def _start(text: Text) -> re.Pattern[str]:
    return _NUMBER if any(_NUMBER.search(window) for window in text.windows()) else _VENDOR


def count(text: Text) -> int:
    """Vendor lines, and one more for tags before the first record."""
    start = _start(text)
    return summed(partial(_count, start), start)(text)


def _count(start: re.Pattern[str], text: str) -> int:
    first = start.search(text)
    head = _TAG.search(text, 0, first.start() if first else len(text))
    vendors = text.count("\nVN  - Ovid") + text.count("\nVN - Ovid")
    return vendors + (head is not None and not head.group().startswith("\nVN"))


def refine(values: Values, fields: Fields) -> None:
    """The source line taken apart; MEDLINE's unique identifier is the PMID."""
    if found := _SOURCE.match(" ".join(next(iter(values.get("SO", ())), "").split())):
        for column in ("journal", "volume", "issue", "pages"):
            fields[column] = fields[column] or found[column] or ""
    accession = fields["accession"]
    if "MEDLINE" in " ".join(fields["database"]).upper() and accession.isdigit():
        fields["pmid"] = fields["pmid"] or accession


OVID = Format(
    "ovid",
    "Ovid (tagged)",
    ("\nVN  - Ovid", "\nVN - Ovid"),
    search(r"\nVN {1,2}- Ovid"),
    read,
    count,
    {
        "accession": ("AN", "UI"),
        "pmid": ("PM",),
        "doi": ("DO", "DI"),
        "title": ("TI",),
        "translated_title": ("TT", "OT"),
        "authors": ("FA", "AU"),
        "year": ("YR", "DP", "SO"),
        "journal": ("JT", "JN", "TA"),
        "journal_abbreviation": ("TA", "JA"),
        "volume": ("VI", "VO"),
        "issue": ("IP",),
        "pages": ("PG",),
        "abstract": ("AB",),
        "language": ("LG", "LA"),
        "publication_type": ("PT", "DT"),
        "keywords": ("KW", "MH", "SH", "EM", "DE"),
        "url": ("XL", "UR"),
        "notes": (),
        "issn": ("IS",),
        "database": ("DB",),
    },
    refine,
)
