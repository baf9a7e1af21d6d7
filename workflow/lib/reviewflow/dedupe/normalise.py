"""What of a record is compared, in one normal form, a row a record."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from reviewflow.tables import split_list
from reviewflow.text import fold

from .forms import bare_title, family, notice, number, one_word, page_range, part

# The compared columns by name, each with a row a record. What is only asked to be equal is held as numbers: 0 where a
# record has none, else the same number for the same text.
Normal = dict[str, Any]

_DIGITS = re.compile(r"\d+")
_CONFERENCE = r"(?i)conference|meeting|congress|abstracts?\b|proceedings"
# How Ovid names a conference behind the journal that printed its abstracts.
_CONFERENCE_OF = re.compile(r"\. Conference: ", re.IGNORECASE)


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
    bare, bare_translated = (
        [fold(bare_title(title)) for title in records[column].to_list()] for column in ("title", "translated_title")
    )
    words = [f"{a} {b}" if b else a for a, b in zip(bare, bare_translated, strict=True)]
    title = [a or b for a, b in zip(bare, bare_translated, strict=True)]
    translated = [b or a for a, b in zip(bare, bare_translated, strict=True)]
    authors = _surnames(records["authors"])
    pages = Known(page_range).column(records["pages"])
    journal, journals = coded(Known(_journal).column(records["journal"]))
    trials, trial_sets = coded(records["trial_ids"].to_list())
    numbered = {
        "doi": records["doi"].to_list(),
        "pmid": records["pmid"].to_list(),
        "volume": Known(lambda v: number(v).split(" ")[0]).column(records["volume"]),
        "issue": Known(lambda v: number(v).split(" ")[0].removeprefix("s")).column(records["issue"]),
        "page": [first for first, _ in pages],
        "page_end": [last for _, last in pages],
        "author": [names.partition(" ")[0] for names in authors],
        "lead": [" ".join(names.split(" ", 2)[:2]) for names in authors],
        "notice": [notice(text) for text in words],
        "numbers": [" ".join(_DIGITS.findall(text)) for text in bare],
    }
    return {name: coded(values)[0] for name, values in numbered.items()} | {
        "title": objects(title),
        "translated": objects(translated),
        "joined": objects(text.replace(" ", "") for text in title),
        "authors": objects(authors),
        "abstract": records["abstract"],
        "journal": journal,
        "journals": journals,
        "trials": trials,
        "trial_sets": objects(frozenset(split_list(cell)) for cell in trial_sets),
        "year": records["year"].cast(pl.Float64).to_numpy(),
        "span": np.array([last not in ("", first) for first, last in pages], dtype=bool),
        "part": np.array([part(text) for text in words], dtype=np.int32),
        "first_word": coded([text.partition(" ")[0] for text in title])[0],
        "length": np.array([len(text) for text in title], dtype=np.int32),
        "words": np.array([text.count(" ") + 1 for text in title], dtype=np.int32),
        "foreign": np.array([not text.isascii() for text in title], dtype=bool),
        "conference": _conference(records),
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


def _journal(name: str) -> str:
    return fold(_CONFERENCE_OF.split(name)[0])


def _surnames(cells: pl.Series) -> list[str]:
    """Folded surnames in order, joined by spaces; a surname of several words becomes one word."""
    folded = Known(one_word)
    known = Known(lambda author: folded[family(author)])
    return [" ".join(filter(None, [known[name.strip()] for name in cell.split(";")])) for cell in cells.to_list()]


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

    typed = says("journal", r"(?i)\b(?:conference|meeting|congress)\b")
    for column in ("publication_type", "pages", "issue"):
        typed |= says(column, _CONFERENCE)
    supplement = says("issue", "(?i)suppl") | says("volume", "(?i)suppl")
    bare = (records["abstract"] == "").to_numpy()
    return np.asarray(typed | (supplement & says("pages", "^[A-Za-z]") & bare))
