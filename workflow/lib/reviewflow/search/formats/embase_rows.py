"""Embase.com's CSV with "fields by row": a line a field, its name in capitals first and each of its values in a cell of
its own behind it; a record begins with TITLE (the layout that converters of such files expect)."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

from ..entry import Entry, Tags
from ..stream import Text, last
from . import headers
from .format import Format, blocks, search

_START = re.compile(r'\n(?="TITLE",")')
# A field, and the lines that go on with it where a cell has line breaks.
_NAME = r"[A-Z][A-Za-z /()-]{2,50}"
_FIELD = re.compile(rf'\n("(?!SEARCH QUERY)({_NAME})",[^\n]*+(?:\n(?!"{_NAME}",)[^\n]*+)*+)')
# What a record has once. Where one of these stands more often than TITLE a beginning was lost.
_ONCE = re.compile(r'\n"(TITLE|PUI|EMBASE ACCESSION ID|MEDLINE PMID|PUBLICATION YEAR|DOI)",')


def parse(block: str) -> Tags:
    """Each value of each field, under its name as in the table with columns."""
    tags: Tags = []
    for line, name in _FIELD.findall(block):
        cells = next(csv.reader([line.replace("\n", " ")]), [])
        tags += [(headers.plain(name), cell.strip()) for cell in cells[1:]]
    return tags


def read(text: Text) -> Iterator[Entry]:
    """Entries from one title to the next."""
    return blocks(text, _START, parse, _FIELD)


def count(text: Text) -> int:
    """The most lines of any field that a record has once."""
    found: Counter[str] = Counter()
    for piece, _ in text.pieces(last(_START)):
        found.update(_ONCE.findall(piece))
    return max(found.values(), default=0)


EMBASE_ROWS = Format(
    "embase_rows",
    "CSV of Embase with fields by row",
    ('\n"TITLE","',),
    # The names of a table's columns begin with TITLE too, but what follows is no name of a field alone in its line.
    search(
        r'\n"TITLE","[^\n]*\n"(?:ORIGINAL[A-Z ()-]{0,30} TITLE|AUTHOR[A-Z ]{1,20}|SOURCE(?: TITLE)?|'
        r"PUBLICATION [A-Z]{4}|ABSTRACT|DOI|PUI|MEDLINE PMID|EMBASE ACCESSION ID|VOLUME|"
        r'CORRESPONDENCE ADDRESS|A[Ii]P/IP ENTRY DATE)",'
    ),
    read,
    count,
    headers.COLUMNS,
    headers.refine,
)
