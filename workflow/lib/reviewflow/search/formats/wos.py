"""Web of Science's tagged format (.ciw, savedrecs.txt): "XX value", three blanks before lines that go on, PT ... ER, EF
at the end of the file. Every line of an author tag is an author."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..entry import Entry, Tags
from ..stream import Text, last
from .format import Fields, Format, Lines, Values, search, summed, tag_lines

_TAG = tag_lines(r"([A-Z][A-Z0-9])(?: |(?=\n|\Z))")
_START = re.compile(r"\nPT [A-Z][ \t]{0,9}(?=\n)")
_END = re.compile(r"\nER[ \t]{0,9}(?=\n|\Z)")
_FIRST = re.compile(r"\n(?!FN |VR |EF\b|ER\b)[A-Z][A-Z0-9] ")
_BODY = re.compile(r"\n(?:TI|AU|UT|AB|SO) ")
_LINE_LISTS = frozenset({"AU", "AF", "CA", "C1", "CR"})


def parse(block: str) -> Tags:
    """Tags of one record."""
    tags: Tags = []
    for tag, value in _TAG.findall(block):
        tags += [(tag, line.strip()) for line in value.split("\n")] if tag in _LINE_LISTS else [(tag, value.strip())]
    return tags


def read(text: Text) -> Iterator[Entry]:
    """Entries from PT to ER; without PT from the first tag, without ER to the next PT."""
    for piece, above in text.pieces(last(_START)):
        yield from _entries(piece, above)


def _entries(text: str, above: int) -> Iterator[Entry]:
    lines, at = Lines(text, above), 0
    for stop, closed in [*((end.start(), True) for end in _END.finditer(text)), (len(text), False)]:
        starts = [found.start() for found in _START.finditer(text, at, stop)]
        head = starts[0] if starts else stop
        if _BODY.search(text, at, head) and (first := _FIRST.search(text, at, head)):
            starts.insert(0, first.start())
        for start, end in pairwise([*starts, stop]):
            yield Entry(
                lines.number(start), text[start:end], parse, closed and end == stop and text.startswith("\nPT ", start)
            )
        at = stop


def count(text: str) -> int:
    """Pieces between ER lines: each PT in one, and one more where a body stands before the first of them."""
    total = 0
    for piece in _END.split(text):
        parts = _START.split(piece)
        total += len(parts) - 1 + (_BODY.search(parts[0]) is not None)
    return total


def refine(values: Values, fields: Fields) -> None:
    """First and last page, or the number of the contribution."""
    start, end = fields.pop("first_page"), fields.pop("last_page")
    fields["pages"] = f"{start}-{end}" if start and end and start != end else start or fields["pages"]
    fields["database"] = ["Web of Science"] if "UT" in values else []


WOS = Format(
    "wos",
    "Web of Science (tagged)",
    ("\nPT ",),
    search(r"\nPT [A-Z][ \t]{0,9}\n(?:[A-Z][A-Z0-9] |   |\n)"),
    read,
    summed(count, _START),
    {
        "accession": ("UT",),
        "pmid": ("PM",),
        "doi": ("DI", "D2"),
        "title": ("TI",),
        "translated_title": ("FT",),
        "authors": ("AF", "AU", "CA"),
        "year": ("PY", "EA", "PD"),
        "journal": ("SO", "JI", "J9"),
        "journal_abbreviation": ("JI", "J9"),
        "volume": ("VL",),
        "issue": ("IS",),
        "first_page": ("BP",),
        "last_page": ("EP",),
        "pages": ("AR",),
        "abstract": ("AB",),
        "language": ("LA",),
        "publication_type": ("DT",),
        "keywords": ("DE", "ID"),
        "url": (),
        "notes": (),
        "issn": ("SN", "EI"),
    },
    refine,
)
