"""Texts as numbers: TF-IDF over words, pairs of words, and n-grams of Han characters and kana.

Salton G, Buckley C. Term-weighting approaches in automatic text retrieval. Inf Process Manag 1988;24:513-523. With tf
the count of a term in a text, df the number of texts that have it and n the number of texts, its weight is
(1 + ln tf) (ln((1 + n) / (1 + df)) + 1), and each text has length 1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from reviewflow.text import fold

# Chinese has no spaces: two and three neighbouring characters stand for its words, also where it has kana in it.
_UNSPACED = "㐀-䶿一-鿿豈-﫿぀-ヿ\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_UNSPACED}]+)|[^{_UNSPACED}]+")
_GRAMS = (2, 3)
# Terms have no dictionary, which would take gigabytes at 200,000 texts; each is hashed to one of so many columns. At
# 20,000 abstracts of benchmarks/order_records.py there are 1.6 million different terms, a third of which share a column
# with another, most with one that occurs once.
_COLUMNS = 2**22
# A term of one text says nothing of any other, one of nearly all texts tells none apart.
_FEWEST, _MOST = 2, 0.95
# Texts that are taken at a time: what is on the way stays small.
CHUNK = 2000


def text_of(title: str, translated_title: str = "", abstract: str = "") -> str:
    """The text of a report that is learned from."""
    return "\n".join(part for part in (title, translated_title, abstract) if part)


def terms(text: str) -> list[str]:
    """Words, pairs of neighbouring words, and n-grams of what is written without spaces."""
    words: list[str] = []
    grams: list[str] = []
    for word in fold(text).split():
        if word.isascii():
            words.append(word)
            continue
        for run in _RUN.finditer(word):
            if run.group(1):
                grams += _grams(run.group(1))
            else:
                words.append(run.group())
    return [*words, *(f"{a} {b}" for a, b in pairwise(words)), *grams]


def _grams(run: str) -> Iterator[str]:
    if len(run) < min(_GRAMS):
        yield run
    for size in _GRAMS:
        yield from (run[i : i + size] for i in range(len(run) - size + 1))


class Features:
    """The texts of a review as a matrix: made once, in pieces, and then used for every training."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._counts: list[Any] = []
        self._matrix: Any = None

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Features":
        """The features of all texts at once."""
        features = cls()
        for chunk in chunks(texts):
            features.add(*chunk)
        return features

    @property
    def ids(self) -> list[str]:
        """The reports, in the order of the rows of the matrix."""
        return self._ids

    def add(self, ids: Iterable[str], texts: Iterable[str]) -> None:
        """Take some more texts; before the first ranking only."""
        import numpy as np
        from sklearn.feature_extraction.text import HashingVectorizer

        vectorizer = HashingVectorizer(
            analyzer=terms, n_features=_COLUMNS, alternate_sign=False, norm=None, dtype=np.float32
        )
        self._ids += ids
        self._counts.append(vectorizer.transform(texts))

    def matrix(self) -> Any:
        """A row a text, sparse; made when first asked for."""
        if self._matrix is None:
            from scipy import sparse

            counts = sparse.vstack(self._counts, format="csr") if self._counts else sparse.csr_matrix((0, 1))
            self._counts = []
            self._matrix = _weighted(counts)
        return self._matrix


def chunks(texts: Mapping[str, str]) -> Iterator[tuple[list[str], list[str]]]:
    """Reports and their texts, some at a time, sorted, so that the order of the reports changes nothing."""
    ids = iter(sorted(texts))
    while chunk := list(islice(ids, CHUNK)):
        yield chunk, [texts[report] for report in chunk]


def _weighted(counts: Any) -> Any:
    import numpy as np
    from scipy import sparse
    from sklearn.preprocessing import normalize

    n = counts.shape[0]
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = found >= _FEWEST if n > _FEWEST else found >= 1
    kept &= found <= max(_MOST * n, 1)
    place = np.cumsum(kept, dtype=np.int32) - 1
    stays = kept[counts.indices]
    starts = np.concatenate(([0], np.cumsum(stays)))[counts.indptr]
    columns, found = place[counts.indices[stays]], found[kept]
    inverse = (np.log((1 + n) / (1 + found)) + 1).astype(np.float32)
    weights = (1 + np.log(counts.data[stays])) * inverse[columns]
    matrix = sparse.csr_matrix((weights, columns, starts), shape=(n, max(len(inverse), 1)))
    return normalize(matrix, copy=False)
