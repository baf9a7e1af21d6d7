"""The process that trains: it holds the features of all texts, and makes one order after the other."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from .features import Features
from .ranking import Ranking, Seed, digest, label_digest, rank

# Below the page that answers people: on one or two cores it goes first.
_NICENESS = 10


class Trained(NamedTuple):
    """One training: the place of each report, by the sorted ids of the reports; digests; what made it."""

    places: Any
    order: str
    labels: str
    versions: dict[str, str]


def serve(line: Connection) -> None:
    """Answer what comes through `line` until its other end is closed or gone: `texts` are taken, `end` is answered by
    their digest, `labels` by a training. What fails is answered in words that begin with `failed: `."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_page, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    features, texts = Features(), TextsDigest()
    while True:
        try:
            what, content = line.recv()
        except EOFError:
            return
        try:
            answer = _answer(features, texts, what, content)
        except Exception as error:  # noqa: BLE001 whatever it is, the page goes on without and says so
            answer = f"failed: {type(error).__name__}: {error}"
        if answer is not None:
            line.send(answer)


def _end_with_the_page() -> None:
    """Leave no process behind that goes on training for nobody, however the page has ended."""
    page = multiprocessing.parent_process()
    if page is not None:
        page.join()
        os._exit(0)


class TextsDigest:
    """The digest of texts that come in pieces, sorted by report."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, ids: list[str], texts: list[str]) -> None:
        """Take some more."""
        self._lines += [digest(pair) for pair in zip(ids, texts, strict=True)]

    def __str__(self) -> str:
        return digest(self._lines)


def trained(features: Features, labels: Mapping[str, bool], seed: Seed) -> tuple[Ranking, Trained]:
    """One training, with what is to be noted of it."""
    import numpy as np

    ranking = rank(features, labels, seed)
    row = {report: i for i, report in enumerate(features.ids)}
    places = np.empty(len(row), dtype=np.int32)
    places[[row[report] for report in ranking.order]] = np.arange(len(row), dtype=np.int32)
    return ranking, Trained(places, digest(ranking.order), label_digest(labels), versions())


def noted(
    time: str, labels: Mapping[str, bool], basis: Mapping[str, str], seed: Seed, texts: str, training: Trained
) -> dict[str, Any]:
    """What the log keeps of a training: digests of what went in and of what came out, and what made it."""
    counts = {"n_labels": len(labels), "n_included": sum(labels.values())}
    digests = {"labels": training.labels, "texts": texts, "order": training.order}
    return {"trained_at": time, **basis, **counts, **digests, "seed": seed, "versions": training.versions}


def versions() -> dict[str, str]:
    """What the order is made with."""
    import numpy as np
    import scipy
    import sklearn

    import reviewflow

    found = {"reviewflow": reviewflow.__version__, "scikit-learn": sklearn.__version__}
    return found | {"numpy": np.__version__, "scipy": scipy.__version__}


def _answer(features: Features, texts: TextsDigest, what: str, content: Any) -> Any:
    if what == "texts":
        features.add(*content)
        texts.add(*content)
        return None
    if what == "end":
        features.matrix()
        return str(texts)
    return trained(features, *content)[1]
