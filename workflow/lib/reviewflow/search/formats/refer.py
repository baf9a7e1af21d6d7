"""EndNote's import format (Refer, .enw): "%T title", "%0 type" begins a record; without %0 a blank line divides
them, as in Refer's own files. CNKI puts several authors or keywords in one tag, glues tags together and leaves the
blank behind %K out (translators_CN, CNKI Refer.js)."""

import re
from collections.abc import Iterator

from ..entry import Entry, Tags
from .format import Fields, Format, Values, blocks, search, starts_of, tag_lines

_TAG = tag_lines(r"(%[A-Z0-9@!#$&()*+<>?\[\]^~=])[ \t]?")
_GLUED = re.compile(r"(?<=[^\n])(?=%[KAYI] )")
_START = re.compile(r"\n(?=%0)")
_BLANK = re.compile(r"\n[ \t]{0,9}(?=\n%[A-Z])")


def parse(block: str) -> Tags:
    """Tags of one record."""
    lines = _GLUED.sub("\n", block) if "CNKI" in block else block
    return [(tag, value.strip()) for tag, value in _TAG.findall(lines)]


def read(text: str) -> Iterator[Entry]:
    """Entries from one %0 to the next, or between blank lines."""
    if "\n%0" in text:
        return blocks(text, starts_of(_START)(text), parse, _TAG)
    return blocks(text, (found.end() - 1 for found in _BLANK.finditer("\n" + text)), parse, _TAG)


def count(text: str) -> int:
    """%0 lines and tags before the first of them, or paragraphs that begin with a tag."""
    if "\n%0" in text:
        return text.count("\n%0") + (re.search(r"\n%[A-Z]", text[: text.index("\n%0")]) is not None)
    return sum(1 for part in re.split(r"\n[ \t]{0,9}(?=\n)", "\n" + text) if re.search(r"\n%[A-Z]", part))


def refine(_values: Values, fields: Fields) -> None:
    """CNKI's page ranges."""
    fields["pages"] = fields["pages"].replace("~", "-")


REFER = Format(
    "refer",
    "EndNote import (enw)",
    ("\n%T", "\n%0 "),
    search(r"\n%T ?\S"),
    read,
    count,
    {
        "accession": ("%M",),
        "doi": ("%R", "%O", "%U"),
        "title": ("%T",),
        "translated_title": ("%Q",),
        "authors": ("%A",),
        "year": ("%D", "%8"),
        "journal": ("%J", "%B"),
        "volume": ("%V",),
        "issue": ("%N",),
        "pages": ("%P",),
        "abstract": ("%X",),
        "language": ("%G",),
        "publication_type": ("%9", "%0"),
        "keywords": ("%K",),
        "url": ("%U",),
        "notes": ("%Z",),
        "issn": ("%@",),
        "database": ("%~", "%W"),
    },
    refine,
)
