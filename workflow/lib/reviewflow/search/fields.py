"""From the tags of one format to the columns of results/search/records.csv."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reviewflow.tables import join_list
from reviewflow.text import doi, fold, trial_ids, year

from .cells import is_list, split, tidy
from .entry import Entry
from .formats import FORMATS
from .formats.format import Fields, Format, Values
from .notices import notice

_NOTICE_TAGS = ("ROF", "RIN", "ECF", "ECI", "EFR", "EIN")


def fields_of(kind: Format, entry: Entry) -> Fields:
    """Columns of an entry: the tags that the format names for each, mended by its rules."""
    tags = entry.tags
    values: Values = {}
    for tag, value in tags:
        if not value:
            continue
        if tag in values:
            values[tag].append(value)
        else:
            values[tag] = [value]
    fields: Fields = {"accession": "", "pmid": "", "pmcid": "", "translated_title": "", "database": []}
    for column, names in kind.columns.items():
        fields[column] = _READ.get(column, _text)(names, values)
    kind.refine(values, fields)
    links = [tag for tag in _NOTICE_TAGS if tag in values]
    fields["notice"], fields["notice_role"] = notice(fields["title"], fields["publication_type"], links)
    if fields.get("journal_abbreviation") == fields["journal"]:
        fields["journal_abbreviation"] = ""
    source = entry.source if isinstance(entry.source, str) else " ".join(value for _, value in tags)
    fields["trial_ids"] = trial_ids(source)
    return {name: (value and join_list(value)) or "" if isinstance(value, list) else value
            for name, value in fields.items()}  # fmt: skip


def _text(names: tuple[str, ...], values: Values) -> str:
    return next((tidy(values[name][0]) for name in names if name in values), "")


def _url(names: tuple[str, ...], values: Values) -> str:
    return next((values[name][0].split()[0] for name in names if name in values), "")


def _year(names: tuple[str, ...], values: Values) -> int | None:
    found = (value for name in names if name in values for value in values[name])
    return next((number for value in found if (number := year(value))), None)


def _doi(names: tuple[str, ...], values: Values) -> str:
    found = (value for name in names if name in values for value in values[name])
    return next((name for value in found if "10." in value and (name := doi(value))), "")


def _first_list(names: tuple[str, ...], values: Values) -> list[str]:
    """Values of the first tag that has any, each line a value where the tag holds a list."""
    found = next((values[name] for name in names if name in values), [])
    pieces = [piece for value in found for piece in (split(value) if is_list(value) else (value,))]
    return [text for piece in pieces if (text := tidy(piece))]


def _all_lists(names: tuple[str, ...], values: Values) -> list[str]:
    return [text for name in names if name in values for text in _first_list((name,), values)]


def _types(names: tuple[str, ...], values: Values) -> list[str]:
    found = next((values[name] for name in names if name in values), [])
    return [text for value in found if (text := tidy(value))]


def _notes(names: tuple[str, ...], values: Values) -> list[str]:
    return [text for name in names for value in values.get(name, ()) if (text := tidy(value))]


_READ: dict[str, Callable[[tuple[str, ...], Values], Any]] = {
    "url": _url, "year": _year, "doi": _doi, "authors": _first_list, "database": _first_list, "issn": _first_list,
    "keywords": _all_lists, "publication_type": _types, "notes": _notes,
}  # fmt: skip


def is_record(fields: Mapping[str, object]) -> bool:
    """Whether there is enough to screen: a title, an abstract or a DOI."""
    return any(fold(str(fields.get(name) or "")) for name in ("title", "translated_title", "abstract", "doi"))


FIELDS: dict[str, Callable[[Entry], Fields]] = {name: partial(fields_of, kind) for name, kind in FORMATS.items()}
