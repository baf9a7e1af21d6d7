"""PubMed's tagged format (nlm.nih.gov/bsd/mms/medlineelements.html), as PubMed and Ovid's and EBSCO's PubMed exports
write it: a tag of two to four letters, "- ", lines that go on indented by six, a blank line between records."""

import re
from collections.abc import Iterator
from itertools import pairwise

from reviewflow.text import doi

from ..entry import Entry
from ..stream import Text, last
from .format import Fields, Format, Lines, Values, parse_tags, search, summed, tag_lines

_TAG = tag_lines(r"([A-Z]{2,4}) {0,2}- ")
# A record begins with PMID, or, where that line is lost, with the first tag behind a blank line.
_START = re.compile(r"\n(?=PMID ?- ?\d)|\n[ \t]*\n(?=[A-Z]{2,4} {0,2}- )(?!PMID)")
_PMID = re.compile(r"\nPMID ?- ?\d")
_BRACKETS = re.compile(r"\[(.*)\]\.?", re.DOTALL)

COLUMNS: dict[str, tuple[str, ...]] = {
    "pmid": ("PMID",),
    "pmcid": ("PMC",),
    "title": ("TI", "BTI"),
    "translated_title": ("TT",),
    "authors": ("FAU", "AU", "FED", "CN"),
    "year": ("DP", "DEP"),
    "journal": ("JT", "TA", "BTI"),
    "journal_abbreviation": ("TA",),
    "volume": ("VI",),
    "issue": ("IP",),
    "pages": ("PG",),
    "abstract": ("AB", "OAB"),
    "language": ("LA",),
    "publication_type": ("PT",),
    "keywords": ("MH", "OT"),
    "url": ("URL",),
    "notes": ("GN",),
    "issn": ("IS",),
}


def read(text: Text) -> Iterator[Entry]:
    """Entries of a PubMed file. Tags before the first PMID are an entry too: its beginning was cut off."""
    for piece, above in text.pieces(last(_PMID)):
        yield from _entries(piece, above)


def _entries(text: str, above: int) -> Iterator[Entry]:
    lines, parse = Lines(text, above), parse_tags(_TAG)
    starts = [found.end() - 1 for found in _START.finditer(text)]
    head = _TAG.search(text, 0, starts[0] if starts else len(text))
    if head:
        starts.insert(0, head.start())
    for start, stop in pairwise([*starts, len(text)]):
        block = text[start:stop] if text[start] == "\n" else "\n" + text[start:stop]
        yield Entry(lines.number(start), block, parse, closed=block.startswith("\nPMID"))


def count(text: str) -> int:
    """Records: PMID lines, paragraphs that begin with another tag, and tags before the first of them."""
    pmids = len(re.findall(r"\nPMID ?- ?\d", text))
    others = len(re.findall(r"\n[ \t]*\n(?!PMID)[A-Z]{2,4} {0,2}- ", text))
    first = re.search(r"\nPMID ?- ?\d|\n[ \t]*\n[A-Z]{2,4} {0,2}- ", text)
    head = text[: first.start() if first else len(text)]
    return pmids + others + (re.search(r"\n[A-Z]{2,4} {0,2}- ", head) is not None)


def refine(values: Values, fields: Fields) -> None:
    """A title in brackets is NLM's translation, TT the original; the DOI stands among the identifiers."""
    named = [v.removesuffix(" [doi]") for t in ("LID", "AID") for v in values.get(t, ()) if v.endswith(" [doi]")]
    fields["doi"] = doi(next(iter(named), ""))
    fields["accession"] = fields["pmid"]
    fields["database"] = ["PubMed"]
    original_title(fields)


def original_title(fields: Fields) -> None:
    """NLM's titles: the original apart from the translation, which it puts in brackets."""
    original = fields["translated_title"]
    bracketed = _BRACKETS.fullmatch(fields["title"])
    translated = bracketed.group(1) if bracketed else ""
    fields["translated_title"] = (translated or fields["title"]) if original and original != fields["title"] else ""
    fields["title"] = original or translated or fields["title"]


NBIB = Format(
    "nbib",
    "PubMed (nbib)",
    ("\nPMID- ", "\nPMID - "),
    search(_PMID.pattern),
    read,
    summed(count, _PMID),
    COLUMNS,
    refine,
)
