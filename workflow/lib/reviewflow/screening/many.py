"""Agreement of any number of reviewers on categories, from counts of votes.

Each function takes how often each row of counts occurs: a row has, for one report, the votes for each category. The
arithmetic is in fractions, so that the order of reports changes no digit.
"""

from collections.abc import Mapping
from fractions import Fraction

Counts = Mapping[tuple[int, ...], int]


def observed(counts: Counts) -> float | None:
    """The share of pairs of votes on a report that agree, averaged over the reports with two votes or more."""
    pairable = _pairable(counts)
    reports = sum(pairable.values())
    return float(sum(_agreeing(row) * often for row, often in pairable.items()) / reports) if reports else None


def fleiss_kappa(counts: Counts) -> float | None:
    """Kappa of Fleiss 1971 (Psychol Bull 76:378-382). It is for reports with equally many votes each: None where
    they differ, and where all votes are for one category."""
    pairable = _pairable(counts)
    if len({sum(row) for row in pairable}) != 1:
        return None
    totals = _totals(pairable)
    expected = sum(Fraction(n, sum(totals)) ** 2 for n in totals)
    if expected == 1:
        return None
    found = Fraction(sum(_agreeing(row) * often for row, often in pairable.items()), sum(pairable.values()))
    return float((found - expected) / (1 - expected))


def krippendorff_alpha(counts: Counts) -> float | None:
    """Alpha for nominal data by its coincidences (Krippendorff 2011, Computing Krippendorff's alpha-reliability):
    reports may have different numbers of votes. None where all votes are for one category."""
    pairable = _pairable(counts)
    totals = _totals(pairable)
    n = sum(totals)
    disagreeing = sum(
        often * Fraction(sum(votes * (sum(row) - votes) for votes in row), sum(row) - 1)
        for row, often in pairable.items()
    )
    expected = Fraction(sum(votes * (n - votes) for votes in totals), max(n - 1, 1))
    return float(1 - disagreeing / expected) if expected else None


def _pairable(counts: Counts) -> dict[tuple[int, ...], int]:
    """Rows with two votes or more: others say nothing of agreement."""
    return {row: often for row, often in counts.items() if sum(row) > 1 and often}


def _totals(counts: Counts) -> list[int]:
    width = len(next(iter(counts), ()))
    return [sum(row[i] * often for row, often in counts.items()) for i in range(width)]


def _agreeing(row: tuple[int, ...]) -> Fraction:
    votes = sum(row)
    return Fraction(sum(n * (n - 1) for n in row), votes * (votes - 1))
