"""What of a record is compared, in one normal form, a row a record."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from reviewflow.tables import split_list

from .contrasts import contrasts
from .forms import bare_title, number, page_range
from .hanzi import fold_script
from .journals import journal_names
from .kinds import (
    CONFERENCE,
    CONFERENCE_NAMED,
    cochrane,
    edition,
    in_english,
    notice,
    of_china,
    part,
    recurring,
    telling_words,
    thesis,
)
from .names import both_names

# The compared columns by name, each with a row a record. What is only asked to be equal is held as numbers: 0 where a
# record has none, else the same number for the same text.
Normal = dict[str, Any]

# No platform cuts titles off before this many letters.
CUT_OFF = 40
_DIGITS = re.compile(r"\d+")


class Known(dict[str, Any]):
    """Values of a function, computed once each: journals, names and volumes come again and again."""

    # Enough for what comes again; more would be memory for what does not.
    LIMIT = 500_000

    def __init__(self, function: Callable[[str], Any]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, text: str) -> Any:
        if len(self) >= self.LIMIT:
            self.clear()
        value = self[text] = self.function(text)
        return value

    def column(self, values: pl.Series) -> list[Any]:
        """The function's value for each of `values`."""
        return [self[value] for value in values.to_list()]


def normalise(records: pl.DataFrame) -> Normal:
    """The compared columns of records, in the order given; `records` has the columns of records.csv."""
    journal, journals = coded(Known(journal_names).column(records["journal"]))
    trials, trial_sets = coded(records["trial_ids"].to_list())
    return {
        **_titles(records),
        **_people(records["authors"]),
        **_places(records),
        "doi": coded(records["doi"].to_list())[0],
        "pmid": coded(records["pmid"].to_list())[0],
        "edition": coded([edition(doi) for doi in records["doi"].to_list()])[0],
        "abstract": records["abstract"],
        "journal": journal,
        "journals": journals,
        "trials": trials,
        "trial_sets": objects(frozenset(split_list(cell)) for cell in trial_sets),
        "year": records["year"].cast(pl.Float64).to_numpy(),
        "conference": _conference(records),
        "typed_notice": ((records["notice_role"] == "notice") & (records["notice"] != "")).to_numpy(),
        "thesis": np.array(Known(thesis).column(records["publication_type"]), dtype=bool),
        "translation": _translation(records),
    }


def _titles(records: pl.DataFrame) -> Normal:
    columns = (records[name].to_list() for name in ("title", "translated_title"))
    bare, bare_translated = ([fold_script(bare_title(title)) for title in titles] for titles in columns)
    words = [f"{a}\n{b}" if b else a for a, b in zip(bare, bare_translated, strict=True)]
    title = [a or b for a, b in zip(bare, bare_translated, strict=True)]
    parts = [part(text) for text in words]
    contrast, contrasted = coded([contrasts(text) for text in title])
    return {
        "title": objects(title),
        "translated": objects(b or a for a, b in zip(bare, bare_translated, strict=True)),
        "joined": objects(text.replace(" ", "") for text in title),
        "notice": coded([notice(text) for text in words])[0],
        "numbers": coded([" ".join(_DIGITS.findall(text)) for text in bare])[0],
        "contrast": contrast,
        "contrasts": contrasted,
        "part": np.array([number for number, _ in parts], dtype=np.int32),
        "sequel": np.array([number if of_several else 0 for number, of_several in parts], dtype=np.int32),
        "recurring": np.array([recurring(text) for text in words], dtype=bool),
        "first_word": coded([text[:CUT_OFF].partition(" ")[0] for text in title])[0],
        "length": np.array([len(text) for text in title], dtype=np.int32),
        "words": np.array([telling_words(text) for text in title], dtype=np.int32),
        "foreign": np.array([not text.isascii() for text in title], dtype=bool),
    }


def _people(cells: pl.Series) -> Normal:
    """Folded surnames in order, joined by spaces, and given names likewise; each name is one word."""
    known = Known(both_names)
    people = [[known[name.strip()] for name in cell.split(";")] for cell in cells.to_list()]
    authors, given = ([" ".join(name[end] for name in names if name[end]) for names in people] for end in (0, 1))
    return {
        "authors": objects(authors),
        "given": objects(given),
        "author": coded([names.partition(" ")[0] for names in authors])[0],
        "lead": coded([" ".join(names.split(" ", 2)[:2]) for names in authors])[0],
        "named_foreign": np.array([not names.isascii() for names in authors], dtype=bool),
    }


def _places(records: pl.DataFrame) -> Normal:
    pages = Known(page_range).column(records["pages"])
    first, last = ([page[end] for page in pages] for end in (0, 1))
    return {
        "volume": coded(Known(lambda v: number(v).split(" ")[0]).column(records["volume"]))[0],
        "issue": coded(Known(lambda v: number(v).split(" ")[0].removeprefix("s")).column(records["issue"]))[0],
        "page": coded(first)[0],
        "page_end": coded(last)[0],
        "first_page": np.array([float(page) if page.isdigit() else np.nan for page in first], dtype=np.float64),
        "last_page": np.array([float(page) if page.isdigit() else np.nan for page in last], dtype=np.float64),
        "placed": np.array([bool(v or p) for v, p in zip(records["volume"], first, strict=True)], dtype=bool),
        "cochrane": np.array(Known(cochrane).column(pl.Series(first, dtype=pl.String)), dtype=bool),
        "span": np.array([end not in ("", start) for start, end in pages], dtype=bool),
    }


def objects(values: Iterable[Any]) -> NDArray[Any]:
    """Values of any kind as an array."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def coded(values: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """A number for each different text, 0 for none, and the texts by their numbers."""
    codes, texts = pd.factorize(objects(["", *values]))
    return codes[1:].astype(np.int32), np.asarray(texts, dtype=object)


# Enough of an abstract to know it by; one of 240 kB must not cost more than others.
ABSTRACT_COMPARED = 1500


def _conference(records: pl.DataFrame) -> NDArray[Any]:
    """Whether a record says that it is a conference abstract: by its type, by its issue or pages ("MeetingAbstracts"),
    by its journal ("FASEB Journal. Conference: ..."), or as a piece of a supplement without an abstract of its own and
    with lettered pages ("S123")."""

    def says(column: str, pattern: str) -> NDArray[Any]:
        found = re.compile(pattern).search
        known = Known(lambda text: not text.replace("-", "").isdigit() and bool(found(text)))
        return np.array(known.column(records[column]), dtype=bool)

    typed = says("journal", CONFERENCE_NAMED)
    for column in ("publication_type", "pages", "issue"):
        typed |= says(column, CONFERENCE)
    supplement = says("issue", "(?i)suppl") | says("volume", "(?i)suppl")
    bare = (records["abstract"] == "").to_numpy()
    return np.asarray(typed | (supplement & says("pages", "^[A-Za-z]") & bare))


def _translation(records: pl.DataFrame) -> NDArray[np.float64]:
    """1 where a record says that its title is translated: in brackets, by a language that is not English, or by the
    journal; 0 where it says that the report is in English; NaN where it says nothing."""
    english = np.array(Known(in_english).column(records["language"]), dtype=np.float64)
    foreign = np.array(Known(of_china).column(records["journal"]), dtype=bool)
    foreign |= records["title"].str.starts_with("[").to_numpy() | (english == 0)
    return np.where(foreign, 1.0, np.where(english == 1, 0.0, np.nan))
