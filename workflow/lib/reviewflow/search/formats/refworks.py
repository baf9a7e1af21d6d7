"""RefWorks' tagged format (refworks.com/refworks2/help/RefWorks_Tagged_Format.htm): "XX value", RT begins a record.
CNKI writes tags in lower case or without the blank behind them at times (translators_CN, CNKI RefWorks.js)."""

import re
from collections.abc import Iterator

from ..entry import Entry, Tags
from ..stream import Text
from .format import Fields, Format, Values, blocks, search, summed, tag_lines

# Only these begin a line that is a tag: a wrapped abstract may well begin with "US " or "OR ".
_NAMES = (
    "RT|SR|ID|A[1-6]|T[1-3]|JF|JO|YR|FD|VO|IS|SP|OP|K1|AB|NO|ED|PB|PP|SN|AV|AD|AN|LA|CL|SF|OT|LK|DO|CN|DB|DS|IP|RD|ST|"
    r"U\d{1,2}|URL|UL|SL|LL|CR|WT|WV|WP|OL|PMID|PMCID"
)
_HEAD = rf"((?:{_NAMES})(?![A-Za-z0-9]))(?: |(?=[\n\u3400-\u9fff])|\Z)"
_UPPER, _LOWER = tag_lines(_HEAD), tag_lines(_HEAD, re.IGNORECASE)
_START = re.compile(r"\n(?=RT |rt )")
_BODY = re.compile(r"\n(?:T1|A1|AB|JF|YR|SN|DO|K1|t1|a1|ab|jf|yr) ")


def parse(block: str) -> Tags:
    """Tags of one record, in the case of its first."""
    pattern = _LOWER if block.startswith("\nrt ") else _UPPER
    return [(tag.upper(), value.strip()) for tag, value in pattern.findall(block)]


def read(text: Text) -> Iterator[Entry]:
    """Entries from one RT to the next."""
    return blocks(text, _START, parse, _BODY)


def count(text: str) -> int:
    """RT lines, and one more for a body before the first of them."""
    first = re.search(r"\n(?:RT|rt) ", text)
    head = _BODY.search(text, 0, first.start() if first else len(text)) is not None
    return text.count("\nRT ") + text.count("\nrt ") + head


def refine(_values: Values, fields: Fields) -> None:
    """OP is the last page, or CNKI's whole range; OT the original title where T1 is a translation."""
    start, end = fields.pop("first_page"), fields.pop("last_page")
    fields["pages"] = f"{start}-{end}" if start and end and start != end else start or end
    fields["pages"] = fields["pages"].replace("~", "-")
    if original := fields["translated_title"]:
        fields["title"], fields["translated_title"] = original, fields["title"]


REFWORKS = Format(
    "refworks",
    "RefWorks (tagged)",
    ("\nRT ", "\nrt "),
    search(r"\n(?:RT|rt) [A-Z][A-Za-z, /()-]{2,40}[ \t]{0,9}\n(?:[^\n]*\n){0,12}?(?:[TAtaSs][1Rr]|ID|JF|id|jf)"),
    read,
    summed(count, _START),
    {
        "accession": ("AN",),
        "pmid": ("PMID",),
        "pmcid": ("PMCID",),
        "doi": ("DO", "UL", "LK"),
        "title": ("T1",),
        "translated_title": ("OT",),
        "authors": ("A1",),
        "year": ("YR", "FD"),
        "journal": ("JF", "JO", "T2"),
        "journal_abbreviation": ("JO",),
        "volume": ("VO",),
        "issue": ("IS",),
        "first_page": ("SP",),
        "last_page": ("OP",),
        "abstract": ("AB",),
        "language": ("LA",),
        "publication_type": ("RT",),
        "keywords": ("K1",),
        "url": ("UL", "URL", "LK"),
        "notes": ("NO",),
        "issn": ("SN",),
        "database": ("DB", "DS"),
    },
    refine,
)
