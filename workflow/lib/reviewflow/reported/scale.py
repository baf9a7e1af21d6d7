"""Rows of one outcome against each other: units, standard errors and standard deviations.

The limits below are rules of thumb with a wide berth, so that what passes them is hard to explain by chance. None of
these findings is an error by itself.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from . import normal
from .findings import Finding, Outcome
from .printed import Interval
from .publication import Publication, Row

# A mean that is so many times another of the same outcome, by the ends of both intervals that lie closest.
_UNIT_RATIO = 10.0
# Standard errors of one study and outcome that differ so much, by the ends of what the printed digits allow.
_SE_RATIO = 10.0
# Standard deviations of one outcome, by the bounds that hold whatever the arm sizes are.
_SD_RATIO = 4.0


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of scale."""
    yield from _units(book)
    yield _standard_errors(book)
    yield _deviations(book)


def differences(rows: Sequence[Row]) -> list[Row]:
    """Rows of differences whose three numbers are printed."""
    return [row for row in rows if row.printed and not row.ratio]


def se_of(row: Row) -> Interval:
    """The standard errors that a row of `differences` allows."""
    assert row.printed is not None
    return normal.standard_error(row.printed)


def limits(row: Row) -> Interval:
    """Everything within the printed interval."""
    assert row.lower is not None
    assert row.upper is not None
    return Interval(row.lower.lower, row.upper.upper)


def _units(book: Publication) -> Iterator[Outcome]:
    """Rows of one comparison and outcome that cannot be in one unit, and rows that pool their studies."""
    found, mixed, pairs = [], [], 0
    for _, rows in book.groups():
        listed = differences(rows)
        pairs += math.comb(len(listed), 2)
        large = {}
        for row in listed:
            small = [r for r in listed if r is not row and limits(r).largest > 0 and limits(row).smallest > 0
                     and limits(row).smallest / limits(r).largest >= _UNIT_RATIO]  # fmt: skip
            if small:
                large[row.analysis] = row
                found.append(_unit(book, row, min(small, key=lambda r: limits(r).largest)))
        suspects = {s for row in large.values() if row.k == 1 for s in row.studies}
        mixed += [_mixed(book, r, suspects) for r in listed if r.analysis not in large and suspects & {*r.studies}]
    about = "Rows of one outcome lie on one scale"
    yield Outcome("unit_ratio", about, pairs, found)
    about = "No row pools a study whose own rows are on another scale"
    yield Outcome("unit_mixture", about, pairs, mixed)


def _unit(book: Publication, row: Row, other: Row) -> Finding:
    ratio = limits(row).smallest / limits(other).largest
    alone = row.k == 1
    finding = f"{book.name(row)}: {row.text['estimate']} cannot be in the unit of {other.text['estimate']}"
    return Finding(
        row.analysis, "critical" if alone else "major", "likely",
        f"{finding} ({book.name(other)}), printed in the same table" + (f"; it is {book.labels(row.studies)} alone"
        if alone and row.studies else ""),
        row.location, (row.analysis, other.analysis), row.studies, f"{row.shown}; {other.shown}", "One unit",
        f"The ends of the two intervals that lie closest differ {ratio:.0f} times, the estimates "
        f"{abs(row.value / (other.value or math.inf)):.0f} times",
        "Ask for the unit and for mean and SD at each time; perhaps another quantity was taken",
    )  # fmt: skip


def _mixed(book: Publication, row: Row, suspects: set[str]) -> Finding:
    who = [study for study in row.studies if study in suspects]
    return Finding(
        row.analysis, "critical", "likely",
        f"{book.name(row)}: pools {book.labels(who)}, whose own rows of this outcome are on another scale",
        row.location, (row.analysis,), row.studies, row.shown, "Studies in one unit",
        "See the findings on units of this outcome", "Ask for the effect of each study in the row, with its unit",
    )  # fmt: skip


def _standard_errors(book: Publication) -> Outcome:
    """Single-study rows of one study and outcome whose standard errors are far apart, and who else may be meant."""
    found, pairs = [], 0
    for _, rows in book.groups():
        alone = [row for row in differences(rows) if row.k == 1 and len(row.studies) == 1]
        for one, other in combinations(alone, 2):
            if one.studies != other.studies:
                continue
            pairs += 1
            small, large = sorted((one, other), key=lambda r: se_of(r).lower)
            if se_of(small).upper > 0 and se_of(large).lower / se_of(small).upper >= _SE_RATIO:
                found.append(_jump(book, small, large))
    about = "One study's standard errors of one outcome are of one size"
    return Outcome("standard_error_jump", about, pairs, found)


def _jump(book: Publication, small: Row, large: Row) -> Finding:
    others = _elsewhere(book, small)
    who = f"; every other row of one study at {small.timepoint} is {book.labels(others)}" if others else ""
    ratio = se_of(large).lower / se_of(small).upper
    return Finding(
        small.analysis, "major", "likely",
        f"{book.name(small)}: its standard error is {ratio:.0f} times smaller than that of {book.name(large)}, both "
        f"said to be {book.labels(small.studies)}{who}",
        small.location, (small.analysis, large.analysis), (*small.studies, *others),
        f"{small.shown}; {large.shown}", f"Standard error near {se_of(large)}",
        f"Standard error {se_of(small)} v {se_of(large)}; another study may be meant, or an SE entered as SD",
        "Ask which study stands in the row, and for its mean, SD and n",
    )  # fmt: skip


def _elsewhere(book: Publication, row: Row) -> tuple[str, ...]:
    """The one study of all other single-study rows of the comparison at that time, where it lists the outcome."""
    same = [r for r in book.rows if r is not row and r.comparison == row.comparison and r.months == row.months]
    studies = {s for r in same if r.k == 1 for s in r.studies}
    if len(same) < 2 or len(studies) != 1 or studies & {*row.studies}:
        return ()
    (study,) = studies
    listed = [s.strip() for s in book.studies.get(study, {}).get("outcomes", "").split(";")]
    return (study,) if row.outcome in listed else ()


def _deviations(book: Publication) -> Outcome:
    """Bounds of the SD behind a difference of two means, whatever the arm sizes: se = SD sqrt(1/n1 + 1/n2)."""
    found, pairs = [], 0
    for _, rows in book.groups():
        alone = [(r, _sd(book, r)) for r in differences(rows) if r.k == 1 and r.design != "before_after"]
        bounded = [(row, sd) for row, sd in alone if math.isfinite(sd.upper) and sd.lower > 0]
        pairs += math.comb(len(bounded), 2)
        for row, sd in bounded:
            least = max((other.lower for r, other in bounded if r is not row), default=0.0)
            if sd.upper * _SD_RATIO <= least:
                found.append(_narrow(book, row, sd, least))
    about = "Standard deviations behind single-study rows of one outcome are of one size"
    return Outcome("implied_sd", about, pairs, found)


def _sd(book: Publication, row: Row) -> Interval:
    se = se_of(row)
    study = book.studies.get(row.studies[0], {}) if row.studies else {}
    sizes = []
    for name, total in (("n_e", "participants_experimental"), ("n_c", "participants_control")):
        known = str(study.get(name))
        bounds = [t["printed"] for t in book.lines["totals"] if t["counts"] == total]
        most = float(known) if known.isdigit() else float(max(bounds)) if bounds else math.inf
        sizes.append((float(known) if known.isdigit() else 2.0, most))
    low, high = (math.sqrt(sum(1 / size[i] for size in sizes)) for i in (1, 0))
    return Interval(se.lower / high, se.upper / low) if low > 0 else Interval(se.lower / high, math.inf)


def _narrow(book: Publication, row: Row, sd: Interval, least: float) -> Finding:
    return Finding(
        row.analysis, "moderate", "likely",
        f"{book.name(row)}: the SD behind it is {sd.upper:.2g} at most, where another row of the outcome needs "
        f"{least:.2g} or more",
        row.location, (row.analysis,), row.studies, row.shown, f"SD of {least:.2g} or more",
        "Bounds over every arm size that printed totals allow, at least two participants an arm",
        "Ask whether a standard error was entered as SD",
    )  # fmt: skip
