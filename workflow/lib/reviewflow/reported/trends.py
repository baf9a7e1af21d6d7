"""Rows of one outcome over time, by two designs, and pairs of studies behind one row.

The limits below are rules of thumb with a wide berth, so that what passes them is hard to explain by chance. None of
these findings is an error by itself.
"""

import math
from collections.abc import Iterator
from statistics import median

from .findings import Finding, Outcome, several
from .printed import Interval
from .publication import Publication, Row
from .scale import differences, limits, se_of

_TREND_RATIO = 2.5
_TREND_ROWS = 4
# Share of the standard error that rounding leaves open, to either side.
_LOSS = 0.15
# A before-after change so many times the difference between arms.
_EXCESS = 1.5
# One of two effects so many times the other.
_ALONE = 10.0


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of trends, designs and pairs."""
    yield _trend(book)
    yield from _designs(book)
    yield _pairs(book)
    yield _precision(book)


def _trend(book: Publication) -> Outcome:
    """A time point that lies apart from all others of its outcome, on one side of no effect."""
    found, groups = [], 0
    for _, rows in book.groups():
        timed = [row for row in differences(rows) if row.months is not None]
        if len(timed) < _TREND_ROWS:
            continue
        groups += 1
        for row in timed:
            rest = [r for r in timed if r is not row]
            middle = median(abs(r.value) for r in rest)
            apart = all(not limits(row).meets(limits(r)) for r in rest)
            if apart and middle > 0 and abs(row.value) / middle > _TREND_RATIO:
                found.append(Finding(
                    row.analysis, "moderate", "hint",
                    f"{book.name(row)}: {row.text['estimate']} is {abs(row.value) / middle:.1f} "
                    "times the usual size of the other timepoints, and its interval touches none of theirs",
                    row.location, (row.analysis,), row.studies, row.shown, f"Near {middle:.3g} in size",
                    "; ".join(f"{r.timepoint} {r.text['estimate']}" for r in rest),
                    "Ask for the study's own numbers, and whether the unit changed",
                ))  # fmt: skip
    return Outcome("trend_outlier", "No timepoint lies apart from all others of its outcome", groups, found)


def _designs(book: Publication) -> Iterator[Outcome]:
    """Before-after changes beside differences between arms, at the same outcome and time."""
    between = {(r.outcome, r.months): r for r in differences(book.rows) if r.design == "parallel" and r.outcome}
    within = [r for r in differences(book.rows) if r.design == "before_after" and r.months is not None]
    pairs = [(between[r.outcome, r.months], r) for r in within if (r.outcome, r.months) in between]
    larger = [(b, w) for b, w in pairs if _apart(w, b)]
    smaller = [(b, w) for b, w in pairs if abs(b.value) > abs(w.value) > 0 and b.value * w.value > 0]
    for name, about, chosen, said, ask in (
        ("change_without_control", "Before-after changes are no larger than differences between arms", larger,
         "the before-after change is far larger than the difference between arms, so that most of it is there without "
         "the treatment too", "Do not read the change as an effect of the treatment"),
        ("difference_above_change", "Differences between arms are no larger than before-after changes", smaller,
         "the difference between arms is larger than the whole before-after change, so that controls worsened or the "
         "arms differed at the start", "Ask for values at the start of each arm"),
    ):  # fmt: skip
        by_outcome = {b.outcome: [(x, y) for x, y in chosen if x.outcome == b.outcome] for b, _ in chosen}
        found = [
            Finding(
                outcome, "major" if name.startswith("change") else "moderate", "hint",
                f"{book.names.get(outcome, outcome)} ({', '.join(b.timepoint for b, _ in listed)}): {said}",
                ", ".join(dict.fromkeys(r.location for pair in listed for r in pair)),
                tuple(r.analysis for pair in listed for r in pair), (),
                "; ".join(f"{b.timepoint}: arms {b.text['estimate']}, change {w.text['estimate']}" for b, w in listed),
                "Differences between arms", f"{several(len(listed), 'timepoint')} with both designs", ask,
            )
            for outcome, listed in by_outcome.items()
        ]  # fmt: skip
        yield Outcome(name, about, len(pairs), found)


def _apart(change: Row, difference: Row) -> bool:
    """Whether the change is larger by far, and its interval does not touch that of the difference."""
    return not limits(change).meets(limits(difference)) and abs(change.value) > _EXCESS * abs(difference.value)


def _pairs(book: Publication) -> Outcome:
    """The two effects behind a random-effects row of two studies.

    With k = 2 DerSimonian and Laird's tau2 makes the squared distance of the effects equal the sum of their random-
    effects variances (Q of two studies is d^2 / (v1 + v2), tau2 = (Q - 1) (v1 + v2) / 2). With share a of the first
    in that sum, se^2 = a (1 - a) d^2, and the effects are estimate + a d and estimate - (1 - a) d, where a lies within
    1 / (2 Q) of one half. So estimate, se and P of Q give both effects within narrow bounds.
    """
    from scipy.special import chdtri

    found, examined = [], 0
    for row in book.rows:
        if row.k != 2 or row.model != "random" or not row.printed or row.ratio or not row.q_p or row.q_p.upper >= 0.3:
            continue
        examined += 1
        q = float(chdtri(1, row.q_p.upper))
        share = Interval((q - 1) / (2 * q), (q + 1) / (2 * q))
        se, e = se_of(row), row.printed.estimate
        step = Interval(se.lower * math.sqrt(share.lower / (1 - share.lower)),
                        se.upper * math.sqrt(share.upper / (1 - share.upper)))  # fmt: skip
        high = Interval(e.lower + step.lower, e.upper + step.upper)
        low = Interval(e.lower - step.upper, e.upper - step.lower)
        outer, inner = (high, low) if e.lower > 0 else (low, high)
        if outer.smallest < _ALONE * inner.largest:
            continue
        found.append(Finding(
            row.analysis, "moderate", "likely",
            f"{book.name(row)}: its two studies must have effects of {outer} and {inner}; one alone makes the result",
            row.location, (row.analysis,), row.studies, f"{row.shown}, P of Q {row.text['q_p']}",
            "Effects that can be pooled", "Solved from estimate, interval and P of Q under DerSimonian and Laird",
            "Ask for both effects; show the result without either",
        ))  # fmt: skip
    return Outcome("two_studies", "No random-effects row of two studies is the work of one of them", examined, found)


def _precision(book: Publication) -> Outcome:
    """Rows whose standard error is known to a few tenths only, because too few digits are printed."""
    rows = [row for row in book.rows if row.printed and se_of(row).upper > 0]
    lost = [(row, (se_of(row).upper - se_of(row).lower) / (se_of(row).upper + se_of(row).lower)) for row in rows]
    by_outcome: dict[str, list[tuple[Row, float]]] = {}
    for row, share in lost:
        if share > _LOSS:
            by_outcome.setdefault(row.outcome or row.analysis, []).append((row, share))
    found = [
        Finding(
            outcome, "minor", "certain",
            f"{book.names.get(outcome, outcome)}: the printed digits leave the standard error open by up to "
            f"{max(share for _, share in listed):.0%} either way",
            listed[0][0].location, tuple(r.analysis for r, _ in listed), (),
            "; ".join(r.shown for r, _ in listed), "One more digit", f"{several(len(listed), 'row')} of the outcome",
            "Ask for one more digit; do not recompute P from these",
        )
        for outcome, listed in by_outcome.items()
    ]  # fmt: skip
    return Outcome("precision", "Enough digits are printed to recover the standard error", len(rows), found)
