"""NoteExpress, as CBM (SinoMed), Wanfang, VIP and CNKI write it, and CNKI's E-Study (CNKI 研学).

Wanfang repeats {Author} and gives English authors, title and journal besides; CNKI puts all authors in one tag; VIP
leaves the blank behind the colon out or puts one before it; Wanfang breaks lines within abstracts (mrhelper)."""

import re
from collections.abc import Iterator
from functools import partial

from reviewflow.text import year

from ..entry import Entry
from ..stream import Text
from .format import Fields, Format, Values, blocks, parse_tags, search, summed, tag_lines

_NOTE_TAG = tag_lines(r"\{([A-Za-z][A-Za-z /]{1,40})\} {0,2}[:：] ?")
_NOTE_START = re.compile(r"\n(?=\{Reference Type\} {0,2}[:：])")
_STUDY_TAG = tag_lines(r"(DataType|[A-Za-z]{2,20}(?=-[^\s:：]{1,20}[:：]))(?:-[^\s:：]{1,20})?[:：] ?")
# What CNKI puts before abstracts of conference reports.
_MARK = re.compile(r"^[〈⟨<＜]正[＞>⟩〉]\s*")
_NAMES = re.compile(r"[;；，,]")


def _read_note(text: Text) -> Iterator[Entry]:
    return blocks(text, _NOTE_START, parse_tags(_NOTE_TAG), _NOTE_TAG)


def _count_note(text: str) -> int:
    first = text.find("\n{Reference Type}")
    head = text[:first] if first >= 0 else text
    return text.count("\n{Reference Type}") + (re.search(r"\n\{[A-Za-z /]{2,41}\} {0,2}[:：]", head) is not None)


def _refine_note(values: Values, fields: Fields) -> None:
    """CBM's accession is the `ui` of its link, CNKI's the file name."""
    link = re.search(r"[?&](?:ui|FileName)=(\w{1,60})", next(iter(values.get("URL", ())), ""), re.IGNORECASE)
    fields["accession"] = fields["accession"] or (link.group(1) if link else "")
    _refine(fields)


def _refine(fields: Fields) -> None:
    fields["abstract"] = _MARK.sub("", fields["abstract"])
    if any("\u3400" <= character <= "\u9fff" for name in fields["authors"] for character in name):
        fields["authors"] = [a.strip() for name in fields["authors"] for a in _NAMES.split(name) if a.strip()]


NOTEEXPRESS = Format(
    "noteexpress",
    "NoteExpress",
    ("\n{Reference Type}",),
    search(r"\n\{Reference Type\} {0,2}[:：]"),
    _read_note,
    summed(_count_note, _NOTE_START),
    {
        "accession": ("Accession Number",),
        "pmid": ("PMID",),
        "doi": ("DOI",),
        "title": ("Title",),
        "translated_title": ("Translated Title",),
        "authors": ("Author",),
        "year": ("Year", "Date"),
        "journal": ("Journal", "Secondary Title"),
        "journal_abbreviation": ("Alternate Journal", "Abbreviated Journal"),
        "volume": ("Volume",),
        "issue": ("Issue",),
        "pages": ("Pages",),
        "abstract": ("Abstract",),
        "language": ("Language",),
        "publication_type": ("Reference Type",),
        "keywords": ("Keywords",),
        "url": ("URL",),
        "notes": ("Notes",),
        "issn": ("ISBN/ISSN",),
        "database": ("Database Provider",),
    },
    _refine_note,
)


def _study_start(text: Text) -> tuple[str, re.Pattern[str]]:
    """The tag that a record begins with: DataType, or in CNKI's own tables the database or the title."""
    found = (tag for tag in ("DataType", "SrcDatabase") if any(f"\n{tag}" in window for window in text.windows()))
    first = next(found, "Title")
    return first, re.compile(rf"\n(?={first}[-:：])")


def _read_study(text: Text) -> Iterator[Entry]:
    return blocks(text, _study_start(text)[1], parse_tags(_STUDY_TAG), _STUDY_TAG)


def _count_study(text: Text) -> int:
    first, start = _study_start(text)
    return summed(partial(_count_study_piece, first), start)(text)


def _count_study_piece(first: str, text: str) -> int:
    begin = text.find(f"\n{first}")
    head = text[:begin] if begin >= 0 else text
    return len(re.findall(rf"\n{first}[-:：]", text)) + (
        re.search(r"\n[A-Za-z]{2,20}-[^\s:：]{1,20}[:：]", head) is not None
    )


def _refine_study(values: Values, fields: Fields) -> None:
    """The year may be missing; CNKI's accession is the file name within the link."""
    fields["year"] = fields["year"] or year(next(iter(values.get("PubTime", ())), ""))
    link = re.search(r"[?&]filename=([\w.]{1,60})", fields["url"], re.IGNORECASE)
    fields["accession"] = link.group(1) if link else ""
    fields["publication_type"] = [_STUDY_TYPES.get(kind, kind) for kind in fields["publication_type"]]
    _refine(fields)


_STUDY_TYPES = {"1": "Journal Article", "2": "Thesis", "3": "Conference Paper", "6": "Yearbook"}

ESTUDY = Format(
    "estudy",
    "CNKI E-Study",
    ("\nTitle-题名",),
    search(r"\nTitle-题名[:：]"),
    _read_study,
    _count_study,
    {
        "doi": ("DOI", "Link"),
        "title": ("Title",),
        "authors": ("Author",),
        "year": ("Year",),
        "journal": ("Source",),
        "volume": ("Roll",),
        "issue": ("Period",),
        "pages": ("Page",),
        "abstract": ("Summary",),
        "publication_type": ("DataType",),
        "keywords": ("Keyword",),
        "url": ("Link",),
        "notes": (),
        "language": (),
        "database": ("SrcDatabase",),
    },
    _refine_study,
)
