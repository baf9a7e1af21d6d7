"""BibTeX. Our own reader: bibtexparser 2.1 sets entries aside that repeat a field or a key or lack their closing
brace, and leaves `jan # " 1"` as it stands; here each "@type{" is an entry."""

import re
from collections.abc import Iterator

from ..entry import Entry, Tags
from ..latex import unicode_of
from ..stream import Text, last
from .format import Fields, Format, Lines, Values, search, summed

# At the beginning of a line, or right behind the end of another entry.
_START = re.compile(r"(?:\n|(?<=\}))[ \t]{0,9}@(?P<kind>[A-Za-z]{2,30})[ \t]{0,9}[{(]")
_LINE_START = re.compile(r"\n[ \t]{0,9}@[A-Za-z]{2,30}[ \t]{0,9}[{(]")
_APART = frozenset({"comment", "string", "preamble"})
_STRING = re.compile(
    r"\n[ \t]{0,9}@string[ \t]{0,9}[{(]\s{0,9}([\w:-]{1,60})\s{0,9}=\s{0,9}[{\"]([^{}\"\n]{0,300})[}\"]", re.I
)
_FIELD = re.compile(r"[\s,]*+([A-Za-z][\w:.+/-]{0,60})[ \t\n]{0,99}=")
_KEY = re.compile(r"[^,={}\"]{0,300},")
# A field before the first entry: the beginning of one was cut off.
_LOST = re.compile(r"\n[ \t]{0,9}[A-Za-z][\w-]{0,40}[ \t]{0,99}=[ \t]{0,99}[{\"]")
# A field behind the end of an entry: the beginning of the next was damaged.
_BROKEN = re.compile(r"[A-Za-z][ \t]{0,9}=[ \t]{0,9}[{\"]")
_MONTHS = {
    name: name.capitalize()
    for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
}
_TOKEN = re.compile(r'[{}")]')


def read(text: Text) -> Iterator[Entry]:
    """Entries, those that only define or comment left out; each keeps the abbreviations that the file defines."""
    names = dict(_MONTHS)
    for piece, _ in text.pieces(last(_LINE_START)):
        names |= {name.lower(): value for name, value in _STRING.findall(piece)}
    for piece, above in text.pieces(last(_LINE_START)):
        yield from _entries(piece, above, names)


def _entries(text: str, above: int, names: dict[str, str]) -> Iterator[Entry]:
    lines = Lines(text, above)
    starts = list(_START.finditer(text))
    head = text[: starts[0].start() if starts else len(text)]
    if lost := _LOST.search(head):
        yield Entry(lines.number(lost.start()), ("", head, names), parse, closed=False)
    stops = [*(start.start() for start in starts[1:]), len(text)]
    for start, stop in zip(starts, stops, strict=False):
        if start["kind"].lower() not in _APART:
            block = text[start.end() : stop]
            end = _closing(block, 0, ")" if start.group().endswith("(") else "}")
            closed = end >= 0 and not _BROKEN.search(block, end)
            yield Entry(lines.number(start.start()), (start["kind"], block, names), parse, closed)


def count(text: str) -> int:
    """Each "@type{key," wherever it stands, without those that only define or comment."""
    head = _START.split(text, maxsplit=1)[0]
    return (_LOST.search(head) is not None) + sum(
        1
        for kind in re.findall(r"(?:\n[ \t]{0,9}|\}[ \t]{0,9})@([A-Za-z]{2,30})[ \t]{0,9}[{(]", text)
        if kind.lower() not in _APART
    )


def parse(source: tuple[str, str, dict[str, str]]) -> Tags:
    """The entry's type and fields, with TeX made Unicode and braces taken off."""
    kind, block, names = source
    tags = [("type", kind.lower())]
    key = _KEY.match(block)
    at = key.end() if key else 0
    while name := _FIELD.match(block, at):
        value, at = _value(block, name.end(), names)
        column = name.group(1).lower()
        tags.append((column, value if column in _RAW else unicode_of(value)))
    return tags


# Names are divided at " and " outside braces first; TeX does not touch addresses but for an escaped underscore.
_RAW = frozenset({"author", "url", "doi"})


def _value(block: str, at: int, names: dict[str, str]) -> tuple[str, int]:
    """A field's value from `at`: pieces in braces, in quotation marks, or names, joined by #."""
    pieces = []
    while True:
        while at < len(block) and block[at].isspace():
            at += 1
        opening = block[at : at + 1]
        if opening in ("{", '"') and opening:
            end = _closing(block, at + 1, '"' if opening == '"' else "}")
            stop = end if end >= 0 else len(block)
            pieces.append(block[at + 1 : stop])
            at = stop + 1
        else:
            word = _WORD.match(block, at)
            name = word.group().strip() if word else ""
            pieces.append(names.get(name.lower(), name))
            at = word.end() if word else at
        joined = _HASH.match(block, at)
        if not joined:
            return "".join(pieces), at
        at = joined.end()


_WORD = re.compile(r"[^,#{}\"]{0,300}")
_HASH = re.compile(r"\s{0,99}#")


def _closing(block: str, at: int, closing: str = "}") -> int:
    """Where the brace or quotation mark that was opened before `at` closes, or -1."""
    depth = 0
    for found in _TOKEN.finditer(block, at):
        mark, escaped = found.group(), block[max(found.start() - 1, 0)] == "\\"
        if mark == "{" and not escaped:
            depth += 1
        elif mark == closing and not depth and not escaped:
            return found.start()
        elif mark == "}" and depth and not escaped:
            depth -= 1
    return -1


def refine(values: Values, fields: Fields) -> None:
    """Authors at " and ", ranges with one dash, keywords at commas, escaped underscores in a DOI."""
    authors = " ".join(next(iter(values.get("author", ())), "").split())
    fields["authors"] = [unicode_of(name) for name in _split_and(authors) if name.lower() != "others"]
    fields["doi"] = fields["doi"].replace("\\", "").replace("{", "").replace("}", "")
    fields["url"] = fields["url"].replace("\\", "")
    fields["pages"] = re.sub(r"-{2,3}", "-", fields["pages"])
    fields["keywords"] = [k.strip() for word in fields["keywords"] for k in re.split(r"[,;]", word) if k.strip()]


def _split_and(names: str) -> list[str]:
    """Names between " and " outside braces: {Barnes and Noble} is one."""
    pieces, depth, start = [], 0, 0
    for found in re.finditer(r"[{}]| and ", names):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if found.group() == " and " and depth <= 0:
            pieces.append(names[start : found.start()])
            start = found.end()
    return [piece for piece in [*pieces, names[start:]] if piece.strip()]


BIBTEX = Format(
    "bibtex",
    "BibTeX",
    ("@",),
    search(r"\n[ \t]{0,9}@[A-Za-z]{4,20}[ \t]{0,9}\{[^\s,{}=]{0,200},"),
    read,
    summed(count, _LINE_START),
    {
        "accession": ("accession", "unique-id", "accession_number"),
        "pmid": ("pmid",),
        "pmcid": ("pmcid",),
        "doi": ("doi", "url"),
        "title": ("title",),
        "authors": ("author",),
        "year": ("year", "date"),
        "journal": ("journal", "journaltitle", "booktitle"),
        "journal_abbreviation": ("shortjournal", "journal-iso", "abbrev_source_title"),
        "volume": ("volume",),
        "issue": ("number", "issue"),
        "pages": ("pages", "article-number", "art_number", "eid"),
        "abstract": ("abstract",),
        "language": ("language", "langid"),
        "publication_type": ("document_type", "entrytype", "type"),
        "keywords": ("keywords", "author_keywords", "keywords-plus"),
        "url": ("url",),
        "notes": ("note", "annote"),
        "issn": ("issn",),
        "database": ("source", "database"),
    },
    refine,
)
