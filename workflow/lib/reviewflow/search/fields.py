"""From the tags of one format to the columns of results/search/records.csv."""

import hashlib
from collections.abc import Callable, Container, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from reviewflow.tables import join_list
from reviewflow.text import doi, fold, trial_ids, year

from .cells import is_list, split, tidy
from .entry import Entry
from .formats import FORMATS
from .formats.format import Fields, Format, Values
from .notices import notice

_NOTICE_TAGS = ("ROF", "RIN", "ECF", "ECI", "EFR", "EIN")
# What of a record decides that two sightings without an accession are the same record.
_CONTENT = (
    "title",
    "translated_title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "abstract",
)
# 16 hexadecimal digits: two of a million contents collide with a chance below 1e-7.
_DIGEST_LENGTH = 16

# Readers of a column get the names of its tags that the entry has.
# Of journals, names, keywords and types the same ones come again and again; titles and abstracts do not.
_SHORT = 60
_KNOWN = 1 << 14
short = lru_cache(maxsize=1 << 16)(tidy)

Read = Callable[[tuple[str, ...], Values], Any]


class Part(NamedTuple):
    """Of a plan what entries of some tags need: what is blank in them, which of that are lists, and each other column
    with the tags that they have and how these are read."""

    blank: Fields
    lists: tuple[str, ...]
    read: tuple[tuple[str, tuple[str, ...], Read], ...]


def fields_of(kind: Format, entry: Entry) -> Fields:
    """Columns of an entry: the tags that the format names for each, mended by its rules."""
    tags = entry.tags
    values = _values(tags)
    fields = _columns(kind, values, _PLANS[kind.name])
    links = [tag for tag in _NOTICE_TAGS if tag in values]
    fields["notice"], fields["notice_role"] = notice(fields["title"], fields["publication_type"], links)
    if fields.get("journal_abbreviation") == fields["journal"]:
        fields["journal_abbreviation"] = ""
    source = entry.source if isinstance(entry.source, str) else " ".join(value for _, value in tags)
    fields["trial_ids"] = trial_ids(source)
    for name, value in fields.items():
        if isinstance(value, list):
            fields[name] = _joined(value) if value else ""
    return fields


def identity(kind: Format, source: str, entry: Entry) -> str:
    """The record_id of an entry, or "" where it is no record: what `is_record` and `record_id` say of all its fields.

    Most sources give an accession, and only the fields that tell it are read then.
    """
    fields = _columns(kind, _values(entry.tags), _TELLING[kind.name])
    if not (fields["accession"] and _is_plain(fields["title"])):
        fields = fields_of(kind, entry)
    return record_id(source, fields) if is_record(fields) else ""


def record_id(source: str, fields: Mapping[str, object]) -> str:
    """source:accession, or source:digest of the normalised content where there is no accession."""
    accession = str(fields.get("accession") or "")
    if accession:
        return f"{source}:{accession}"
    content = "\x1f".join(fold(str(fields.get(name) or "")) for name in _CONTENT)
    return f"{source}:{hashlib.sha256(content.encode()).hexdigest()[:_DIGEST_LENGTH]}"


def is_record(fields: Mapping[str, object]) -> bool:
    """Whether there is enough to screen: a title, an abstract or a DOI."""
    if _is_plain(str(fields.get("title") or "")):
        return True
    return any(fold(str(fields.get(name) or "")) for name in ("title", "translated_title", "abstract", "doi"))


def _is_plain(title: str) -> bool:
    """Whether a title begins with a letter or digit that `fold` keeps, so that it need not be folded to be seen."""
    first = title[:1]
    return first.isalnum() and (first.isascii() or "\u4e00" <= first <= "\u9fff")


def _values(tags: list[tuple[str, str]]) -> Values:
    values: Values = {}
    for tag, value in tags:
        if not value:
            continue
        if tag in values:
            values[tag].append(value)
        else:
            values[tag] = [value]
    return values


def _columns(kind: Format, values: Values, plan: "_Plan") -> Fields:
    part = plan.of(tuple(values))
    fields = part.blank.copy()
    for column in part.lists:
        fields[column] = []
    for column, names, read in part.read:
        fields[column] = read(names, values)
    kind.refine(values, fields)
    return fields


def _joined(values: list[str]) -> str:
    """`join_list`, at once where no value needs mending."""
    text = "; ".join(values)
    whole = text.count(";") == len(values) - 1 and " ;" not in text and ";  " not in text and text.strip() == text
    return text if whole else join_list(values)


def _text(names: tuple[str, ...], values: Values) -> str:
    if not names:
        return ""
    value = values[names[0]][0]
    return tidy(value) if len(value) > _SHORT else short(value)


def _url(names: tuple[str, ...], values: Values) -> str:
    return values[names[0]][0].split()[0] if names else ""


_year_of = lru_cache(maxsize=1 << 12)(year)


def _year(names: tuple[str, ...], values: Values) -> int | None:
    for name in names:
        for value in values[name]:
            if number := _year_of(value):
                return number
    return None


def _doi(names: tuple[str, ...], values: Values) -> str:
    for name in names:
        for value in values[name]:
            if "10." in value and (found := doi(value)):
                return found
    return ""


def _first_list(names: tuple[str, ...], values: Values) -> list[str]:
    """Values of the first tag that has any, each line a value where the tag holds a list."""
    if not names:
        return []
    found = values[names[0]]
    pieces = found
    if any(map(is_list, found)):
        pieces = [piece for value in found for piece in (split(value) if is_list(value) else (value,))]
    return [text for piece in pieces if (text := short(piece))]


def _all_lists(names: tuple[str, ...], values: Values) -> list[str]:
    return [text for name in names for text in _first_list((name,), values)]


def _types(names: tuple[str, ...], values: Values) -> list[str]:
    return [text for value in values[names[0]] if (text := short(value))] if names else []


def _notes(names: tuple[str, ...], values: Values) -> list[str]:
    return [text for name in names for value in values[name] if (text := tidy(value))]


_READ: dict[str, Read] = {
    "url": _url, "year": _year, "doi": _doi, "authors": _first_list, "database": _first_list, "issn": _first_list,
    "keywords": _all_lists, "publication_type": _types, "notes": _notes,
}  # fmt: skip
# Columns that every format has, if only by its rules.
_ALWAYS = ("accession", "pmid", "pmcid", "translated_title", "database")
# Columns that an accession may come from, and the title.
_ACCESSION = frozenset({"accession", "pmid", "pmcid", "url", "database", "title", "original", "translated_title"})


class _Plan:
    """Which columns of a format are read from which tags; columns that are not asked for have no tags."""

    def __init__(self, kind: Format, asked: Container[str]) -> None:
        self._columns = [(c, names if c in asked else ()) for c, names in kind.columns.items()]
        self._known: dict[tuple[str, ...], Part] = {}

    def of(self, tags: tuple[str, ...]) -> Part:
        """The part for an entry of these tags. Entries of one file have the same tags again and again."""
        if tags not in self._known:
            if len(self._known) > _KNOWN:
                self._known.clear()
            found = [(c, tuple(n for n in names if n in tags), _READ.get(c, _text)) for c, names in self._columns]
            blank = {c: _READ.get(c, _text)((), {}) for c in (*_ALWAYS, *(c for c, _ in self._columns))}
            lists = tuple(column for column, value in blank.items() if isinstance(value, list))
            self._known[tags] = Part(blank, lists, tuple(part for part in found if part[1]))
        return self._known[tags]


_PLANS = {name: _Plan(kind, kind.columns) for name, kind in FORMATS.items()}
_TELLING = {name: _Plan(kind, _ACCESSION) for name, kind in FORMATS.items()}
FIELDS: dict[str, Callable[[Entry], Fields]] = {name: partial(fields_of, kind) for name, kind in FORMATS.items()}
