"""EndNote's import format (Refer, .enw): "%T title", "%0 type" begins a record; without %0 a blank line divides
them, as in Refer's own files. CNKI puts several authors or keywords in one tag, glues tags together and leaves the
blank behind %K out (translators_CN, CNKI Refer.js)."""

import re
from collections.abc import Iterator

from ..entry import Entry, Tags
from ..stream import Text
from .format import Fields, Format, Values, blocks, search, summed, tag_lines

_TAG = tag_lines(r"(%[A-Z0-9@!#$&()*+<>?\[\]^~=])[ \t]?")
_GLUED = re.compile(r"(?<=[^\n])(?=%[KAYI] )")
_START = re.compile(r"\n(?=%0)")
_PARAGRAPH = re.compile(r"(?:\A|\n[ \t]{0,9})(\n)(?=%[A-Z])")


def parse(block: str) -> Tags:
    """Tags of one record."""
    lines = _GLUED.sub("\n", block) if "CNKI" in block else block
    return [(tag, value.strip()) for tag, value in _TAG.findall(lines)]


def _is_divided(text: Text) -> bool:
    return any("\n%0" in window for window in text.windows())


def read(text: Text) -> Iterator[Entry]:
    """Entries from one %0 to the next, or between blank lines."""
    return blocks(text, _START if _is_divided(text) else _PARAGRAPH, parse, _TAG)


def count(text: Text) -> int:
    """%0 lines and tags before the first of them, or paragraphs that begin with a tag."""
    return (summed(_divided, _START) if _is_divided(text) else summed(_paragraphs, _PARAGRAPH))(text)


def _divided(text: str) -> int:
    first = text.find("\n%0")
    head = text[:first] if first >= 0 else text
    return text.count("\n%0") + (re.search(r"\n%[A-Z]", head) is not None)


def _paragraphs(text: str) -> int:
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
