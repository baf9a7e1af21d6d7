"""How alike the two records of a pair are."""

from collections.abc import Callable
from typing import Any, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from .candidates import Rows
from .contrasts import turned
from .hanzi import fold_script
from .journals import one_journal
from .normalise import ABSTRACT_COMPARED, CUT_OFF, Normal, objects

Values = NDArray[Any]
Feature = Callable[["Features"], Values]


class Features:
    """Features of pairs by name, each computed where a rule first asks for it, for the pairs that are still open:
    similarities from 0 to 100, agreements 1, 0 or NaN where a side is blank. `features[mask]` has fewer pairs."""

    def __init__(self, records: Normal, a: Rows, b: Rows, known: dict[str, pd.Series] | None = None) -> None:
        self.records, self.a, self.b, self.known = records, a, b, known or {}

    def sides(self, column: str) -> tuple[Values, Values]:
        """A compared column of the one and of the other record of each pair."""
        return self.records[column][self.a], self.records[column][self.b]

    def __len__(self) -> int:
        return len(self.a)

    @overload
    def __getitem__(self, asked: str) -> pd.Series: ...
    @overload
    def __getitem__(self, asked: Values) -> "Features": ...
    def __getitem__(self, asked: str | Values) -> "pd.Series | Features":
        if isinstance(asked, str):
            if asked not in self.known:
                self.known[asked] = pd.Series(FEATURES[asked](self))
            return self.known[asked]
        known = {name: pd.Series(values.to_numpy()[asked]) for name, values in self.known.items()}
        return Features(self.records, self.a[asked], self.b[asked], known)


def compare(records: Normal, a: Rows, b: Rows) -> pd.DataFrame:
    """All features of all pairs in one table; `Features` gives the same to those that do not ask for all."""
    features = Features(records, a, b)
    return pd.DataFrame({"a": a, "b": b} | {name: features[name] for name in FEATURES})


def _similarity(a: Values, b: Values, scorer: Any, least: float = 0) -> Values:
    scores = process.cpdist(a.tolist(), b.tolist(), scorer=scorer, score_cutoff=least, workers=1, dtype=np.float64)
    return np.where((a == "") | (b == ""), np.nan, scores)


def title_similarity(records: Normal, a: Rows, b: Rows, least: float = 0) -> Values:
    """The best of original and translated titles on either side, without regard to spaces; less than `least` is 0."""
    joined = records["joined"]
    scores = np.nan_to_num(_similarity(joined[a], joined[b], fuzz.ratio, least))
    title, translated = records["title"], records["translated"]
    other = np.flatnonzero((title[a] != translated[a]) | (title[b] != translated[b]))
    for x, y in ((title, translated), (translated, title), (translated, translated)) if len(other) else ():
        one, two = (objects(text.replace(" ", "") for text in s[r[other]]) for s, r in ((x, a), (y, b)))
        scores[other] = np.maximum(scores[other], np.nan_to_num(_similarity(one, two, fuzz.ratio, least)))
    return scores


def prefix(records: Normal, a: Rows, b: Rows) -> Values:
    """Whether one title is the other without its last words; a long one may end within a word, where it was cut off."""
    one, other = records["title"][a] + " ", records["title"][b] + " "
    shared = process.cpdist(one.tolist(), other.tolist(), scorer=Prefix.similarity, workers=1, dtype=np.int64)
    size = records["length"]
    shorter = np.minimum(size[a], size[b])
    within = (shared == shorter + 1) | ((shorter >= CUT_OFF) & (shared == shorter))
    return np.asarray((size[a] != size[b]) & (shorter > 0) & within)


def agree(column: str) -> Feature:
    """1 where both are given and equal, 0 where both are given and differ, NaN where one is missing."""

    def compared(f: Features) -> Values:
        one, other = f.sides(column)
        return np.where((one != 0) & (other != 0), (one == other).astype(float), np.nan)

    return compared


def _of_each(f: Features, codes: str, texts: str, function: Callable[[Values, Values], Values]) -> Values:
    """A function of two texts that come again and again, computed once for each two."""
    a, b = (side.astype(np.int64) for side in f.sides(codes))
    known = f.records[texts]
    both, place = np.unique(np.minimum(a, b) * len(known) + np.maximum(a, b), return_inverse=True)
    return function(known[both // len(known)], known[both % len(known)])[place]


def _journal(f: Features) -> Values:
    """NaN where a side is blank, or where the names are in two scripts and cannot be compared."""

    def alike(a: Values, b: Values) -> Values:
        comparable = [bool(x and y) and x.isascii() == y.isascii() for x, y in zip(a, b, strict=True)]
        return np.array(
            [one_journal(x, y) if c else np.nan for x, y, c in zip(a, b, comparable, strict=True)], dtype=np.float64
        )

    return _of_each(f, "journal", "journals", alike)


def _trials_differ(f: Features) -> Values:
    def differ(a: Values, b: Values) -> Values:
        return np.array([bool(x and y) and not x & y for x, y in zip(a, b, strict=True)], dtype=bool)

    return _of_each(f, "trials", "trial_sets", differ)


def _contrast_differs(f: Features) -> Values:
    """Whether each title has a turning word that the other has not, or one says "without"."""

    def differ(a: Values, b: Values) -> Values:
        return np.array([turned(x, y) for x, y in zip(a, b, strict=True)], dtype=bool)

    return _of_each(f, "contrast", "contrasts", differ)


def _abstract(f: Features) -> Values:
    """NaN where the titles are not alike: no rule asks for abstracts there, and they take the longest to compare."""
    scores = np.full(len(f), np.nan)
    alike = np.flatnonzero(f["title"] >= ABSTRACTS_FROM)
    rows, place = np.unique(np.concatenate([f.a[alike], f.b[alike]]), return_inverse=True)
    texts = objects(map(fold_script, f.records["abstract"].gather(rows).str.slice(0, ABSTRACT_COMPARED).to_list()))
    scores[alike] = _similarity(texts[place[: len(alike)]], texts[place[len(alike) :]], fuzz.ratio)
    return scores


def _authors(f: Features) -> Values:
    """How alike the surnames are; where titles agree but surnames do not, given names of the other side are tried, too,
    since databases swap the two ("Wei Zhang" and "Zhang Wei"). NaN where a side is blank, or where the names are in two
    scripts and cannot be compared."""
    alike = _similarity(*f.sides("authors"), fuzz.token_set_ratio)
    tried = _perhaps_swapped(f, alike)
    for one, other in _swapped(f, tried):
        alike[tried] = np.fmax(alike[tried], _similarity(one, other, fuzz.token_set_ratio))
    return np.where(np.equal(*f.sides("named_foreign")), alike, np.nan)


def _author(f: Features) -> Values:
    """Whether the first authors agree, names swapped or not; NaN as above."""
    first = agree("author")(f)
    tried = _perhaps_swapped(f, np.where(first == 0, 0.0, np.nan))
    for one, other in _swapped(f, tried):
        pairs = zip(one.tolist(), other.tolist(), strict=True)
        same = [x != "" and x.partition(" ")[0] == y.partition(" ")[0] for x, y in pairs]
        first[tried] = np.where(same, 1.0, first[tried])
    return np.where(np.equal(*f.sides("named_foreign")), first, np.nan)


def _perhaps_swapped(f: Features, alike: Values) -> Values:
    return np.flatnonzero((alike < OTHER_PEOPLE) & (f["title"].to_numpy() >= TITLES_AGREE))


def _swapped(f: Features, pairs: Values) -> list[tuple[Values, Values]]:
    """Surnames of one side and given names of the other, both ways, of some of the pairs."""
    return [
        (f.records["authors"][one[pairs]], f.records["given"][other[pairs]]) for one, other in ((f.a, f.b), (f.b, f.a))
    ]


def _consecutive(f: Features) -> Values:
    """Whether the pages of one begin on the page behind the last one of the other."""
    (first, other_first), (last, other_last) = f.sides("first_page"), f.sides("last_page")
    return np.asarray((other_first == last + 1) | (first == other_last + 1))


def _translation(f: Features) -> Values:
    """What the side with a title in Latin letters says of being a translation."""
    one, other = f.sides("translation")
    return np.where(f.sides("foreign")[0], other, one)


def _parts_differ(f: Features) -> Values:
    one, other = f.sides("part")
    return np.asarray((one != other) & (one != 0) & (other != 0))


def _differ(column: str) -> Feature:
    return lambda f: np.not_equal(*f.sides(column))


def _both(column: str) -> Feature:
    return lambda f: np.logical_and(*f.sides(column))


# Titles less alike than this are of two reports, whatever the abstracts say.
ABSTRACTS_FROM = TITLES_AGREE = 75.0
# Surnames less alike than this are of other people, unless they were swapped with given names.
OTHER_PEOPLE = 80.0

FEATURES: dict[str, Feature] = {
    "title": lambda f: title_similarity(f.records, f.a, f.b),
    "prefix": lambda f: prefix(f.records, f.a, f.b),
    "authors": _authors,
    "author": _author,
    "journal": _journal,
    "abstract": _abstract,
    **{name: agree(name) for name in ("doi", "pmid", "volume", "issue", "page", "page_end", "numbers", "edition")},
    "years": lambda f: np.abs(np.subtract(*f.sides("year"))),
    "words": lambda f: np.minimum(*f.sides("words")),
    "both_span": _both("span"),
    "one_spans": _differ("span"),
    "same_notice": lambda f: np.equal(*f.sides("notice")),
    "parts_differ": _parts_differ,
    "one_is_part": _differ("sequel"),
    "recurring": _both("recurring"),
    "consecutive": _consecutive,
    "conference_differs": _differ("conference"),
    "contrast_differs": _contrast_differs,
    "typed_notice_differs": _differ("typed_notice"),
    "thesis_differs": _differ("thesis"),
    "cochrane": _both("cochrane"),
    "placed_once": _differ("placed"),
    "trials_differ": _trials_differ,
    "scripts_differ": _differ("foreign"),
    "translation": _translation,
}
