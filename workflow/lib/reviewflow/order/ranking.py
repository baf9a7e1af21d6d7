"""The order itself: a linear support vector machine on TF-IDF, the family that ASReview's default (ELAS u4) is of."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .features import Features

# Inverse strength of the regularisation: to one digit the 0.11 of ELAS u4, which its makers found on the reviews of
# SYNERGY.
_C = 0.1
# Passes over the labels, and when one counts as having changed nothing. A machine that is stopped at the limit is as
# good an order, and as reproducible.
_PASSES, _STILL = 1000, 1e-3
# Scores are compared to so many decimals: the last bits of a sum may differ between processors.
_DECIMALS = 6
_ROWS = 10_000
Seed = int | str


class Ranking(NamedTuple):
    """Report ids, the most relevant first, each with its score; the higher, the more like what was included.

    `learned` says whether it was learned: with no inclusion or no exclusion it is the random order, and scores are 0.
    """

    order: list[str]
    scores: list[float]
    learned: bool


def digest(lines: Iterable[str]) -> str:
    """A digest of lines, in their order: `d` and 16 hexadecimal digits."""
    return "d" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def label_digest(labels: Mapping[str, bool]) -> str:
    """The digest of a set of labels, whatever their order."""
    return digest(f"{report}\t{int(label)}" for report, label in sorted(labels.items()))


def shuffled(reports: Iterable[str], seed: Seed) -> list[str]:
    """Reports in random order: each has its place by a digest of the seed and its id, so those that come later or go
    change nothing in the order of the others."""
    return sorted(reports, key=lambda report: chance(report, seed))


def chance(report: str, seed: Seed) -> bytes:
    """What places a report in the random order."""
    return hashlib.sha256(f"{seed}:{report}".encode()).digest()


def rank(features: Features, labels: Mapping[str, bool], seed: Seed) -> Ranking:
    """All reports of `features` in order of relevance, as learned from the labels of those that have one.

    The same for the same texts, labels and seed, whatever their order and the number of threads. A label of a report
    that has no text here is not used.
    """
    import numpy as np

    place = {report: row for row, report in enumerate(features.ids)}
    known = sorted(report for report in labels if report in place)
    mixed = shuffled(features.ids, seed)
    if len({labels[report] for report in known}) < 2:
        return Ranking(mixed, [0.0] * len(mixed), learned=False)
    weights = _trained(features.matrix()[[place[report] for report in known]], [labels[r] for r in known], seed)
    scores = _scores(features.matrix(), weights)[[place[report] for report in mixed]]
    best = np.argsort(-scores, kind="stable")
    return Ranking([mixed[row] for row in best], scores[best].tolist(), learned=True)


def _trained(rows: Any, included: list[bool], seed: Seed) -> tuple[Any, float]:
    """The weight of each term, and the constant."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    drawn = int.from_bytes(chance("", seed)[:4]) >> 1
    # In its dual form the machine goes through the labels one by one in an order by seed, on one thread and without
    # the linear algebra libraries, whose sums depend on the number of threads.
    machine = LinearSVC(
        C=_C, loss="squared_hinge", dual=True, class_weight="balanced", random_state=drawn, max_iter=_PASSES, tol=_STILL
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(rows, included)
    return machine.coef_[0], float(machine.intercept_[0])


def _scores(matrix: Any, weights: tuple[Any, float]) -> Any:
    import numpy as np

    parts = [matrix[start : start + _ROWS] @ weights[0] for start in range(0, matrix.shape[0], _ROWS)]
    # Adding 0 makes the two zeros one.
    return np.round(np.concatenate(parts) + weights[1], _DECIMALS) + 0.0
