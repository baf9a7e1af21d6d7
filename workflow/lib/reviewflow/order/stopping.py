"""Whether enough was screened: a test of the hypothesis that too many relevant reports are still unseen.

Callaghan MW, Müller-Hansen F. Statistical stopping criteria for automated screening in systematic reviews.
Syst Rev 2020;9:273. doi:10.1186/s13643-020-01521-4. Of N reports s were screened and r included. If the recall is below
the target t, at least M = floor(r/t - r) + 1 relevant ones are among the N - s that were not. Take what was screened
last, from any place on, as a random sample of n reports with k inclusions out of those that were unscreened at that
place: the N - s and the n themselves. Then the probability of so few inclusions is
P(X <= k), X ~ Hypergeometric(population N - s + n, relevant k + M, drawn n), and the p-value is the lowest over all
places (ranked quasi-sampling). Where a true random sample was begun at a known place, that place alone is asked.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from .hypergeometric import cdf

if TYPE_CHECKING:
    import numpy as np

# To be shown wherever the result is.
ASSUMPTIONS = (
    "It is a statement about recall: the share that has been found of the reports that this reviewer would include if "
    "all were screened. It says nothing about which reports are missing, and nothing about the review's conclusions.",
    "The votes are those of one reviewer on the reports assigned to that reviewer, before consensus; unsure counts as "
    "include.",
    "What was screened last is taken for a random sample of what was unscreened before it. With an order of relevance, "
    "inclusions come earlier than by chance, so that the test asks for more screening than needed. If the order puts "
    "relevant reports last, as it may for a topic that no inclusion resembles, the test says too early that enough is "
    "screened.",
    "The lowest p-value over all beginnings of that sample counts, and one may look again after every vote. Both make "
    "the test more lenient than its confidence says; benchmarks/README.md has how often it held.",
    "It is optional, and no instruction: whoever stops before the end says so in the protocol or in an amendment, and "
    "reports the target, the confidence and the number of reports that nobody screened.",
)
# Points of the curve: as many as a line on the page can show.
_POINTS = 100
# Logarithms of large factorials leave errors of some 1e-10 in p; where p and the limit are that close, it is not met.
_CLOSE = 1e-9


class Stopping(NamedTuple):
    """The test after `screened` of `n_total` reports, of which `found` were included.

    `p` is the probability, at most, of what was seen if recall were below the target; `met` whether it is below
    1 - confidence; `further` how many more must be screened until it is, if none of them is included. `sample` is the
    number of reports screened last that are taken as the sample, and `unseen` how many relevant ones would have to be
    unscreened for the recall to be below the target. `curve` is p after so many screened, up to now.
    """

    n_total: int
    screened: int
    found: int
    recall_target: float
    confidence: float
    p: float
    met: bool
    further: int
    sample: int
    unseen: int
    curve: tuple[tuple[int, float], ...]


def stopping(
    decisions: Iterable[str | bool],
    n_total: int,
    recall_target: float,
    confidence: float,
    sample_from: int | None = None,
) -> Stopping:
    """The test on decisions in the order in which they were made: include, exclude or unsure, or whether included.

    `n_total` is the number of reports to be screened in all. With `sample_from`, the reports from that place on were
    drawn at random (not ranked), and the test asks of this sample alone.
    """
    import numpy as np

    found = np.array([decision in ("include", "unsure", True) for decision in decisions], dtype=bool)
    if len(found) > n_total:
        raise ValueError(f"{len(found)} decisions on {n_total} reports")
    if not (0 < recall_target < 1 and 0 < confidence < 1):
        raise ValueError("recall target and confidence lie between 0 and 1")
    target, limit = Fraction(str(recall_target)), float(1 - Fraction(str(confidence))) * (1 - _CLOSE)
    p, sample = _lowest(found, n_total, target, sample_from)
    return Stopping(
        n_total, len(found), int(found.sum()), recall_target, confidence, p, p < limit,
        _further(found, n_total, target, limit, sample_from), sample, _unseen(int(found.sum()), target),
        tuple((n, _lowest(found[:n], n_total, target, sample_from)[0]) for n in _places(len(found))),
    )  # fmt: skip


def _unseen(found: int, target: Fraction) -> int:
    """The fewest relevant reports that must be unscreened for the recall to be below the target."""
    return int(found / target - found) + 1


def _places(n: int) -> list[int]:
    """About so many places up to n, the last one n."""
    step = max(1, -(-n // _POINTS))
    return list(range(n, 0, -step))[::-1]


def _further(found: "np.ndarray[Any, Any]", n_total: int, target: Fraction, limit: float, start: int | None) -> int:
    """How many exclusions in a row meet the criterion; p falls with each, and is 0 when nothing is left."""
    import numpy as np

    low, high = 0, n_total - len(found)
    while low < high:
        middle = (low + high) // 2
        longer = np.concatenate((found, np.zeros(middle, dtype=bool)))
        if _lowest(longer, n_total, target, start)[0] < limit:
            high = middle
        else:
            low = middle + 1
    return low


def _lowest(found: "np.ndarray[Any, Any]", n_total: int, target: Fraction, start: int | None) -> tuple[float, int]:
    """The p-value, and the size of the sample that it comes from; 1 and 0 where nothing was drawn yet."""
    import numpy as np

    screened, included = len(found), np.flatnonzero(found)
    # Of all samples with the same number of inclusions the longest has the lowest p: each begins right behind an
    # inclusion, or with the first report.
    begins = np.concatenate(([0], included + 1)) if start is None else np.array([start])
    begins = begins[begins < screened]
    if not len(begins):
        return 1.0, 0
    drawn = screened - begins
    inside = len(included) - np.searchsorted(included, begins)
    unseen = _unseen(len(included), target)
    if unseen > n_total - screened:
        return 0.0, int(drawn[0])
    values = cdf(inside, n_total - begins, inside + unseen, drawn)
    best = int(values.argmin())
    return float(values[best]), int(drawn[best])
