"""Ovid's tagged format (.ovd, Citavi, Reprint/Medlars): "<1. >" above each record, which begins with VN, the vendor.
Most databases give journal, volume, issue and pages in one source line (as Zotero's translator "OVID Tagged" found)."""

import re
from collections.abc import Iterator

from ..entry import Entry
from .format import Fields, Format, Values, blocks, parse_tags, search, tag_lines

_NUMBER = re.compile(r"\n<\s?\d{1,7}\s?\.?\s?>[ \t]{0,9}(?=\n)")
_VENDOR = re.compile(r"\nVN {1,2}- Ovid")
_TAG = tag_lines(r"([A-Z][A-Z0-9]{1,2}) {1,2}- ")
_SOURCE = re.compile(
    r"(?P<journal>[^\n]{2,300}?)[.,;] (?:vol\. ?)?(?P<volume>\d{1,5}) ?(?:\((?P<issue>[^)\n]{1,40})\))?"
    r"(?: ?[:,] ?(?:pp\. ?)?(?P<pages>[A-Za-z]?\d[\w-]{0,20}))?"
)


def read(text: str) -> Iterator[Entry]:
    """Entries by their numbers, or where these are left out by the vendor's line."""
    pattern = _NUMBER if _NUMBER.search(text) else _VENDOR
    return blocks(text, (found.start() for found in pattern.finditer(text)), parse_tags(_TAG), _TAG)


def count(text: str) -> int:
    """Vendor lines, and one more for tags before the first record."""
    first = (_NUMBER if _NUMBER.search(text) else _VENDOR).search(text)
    head = _TAG.search(text, 0, first.start()) if first else None
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
