"""The order in which reports are shown: drawn by seed, by year, or as a ranking says."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence


def arranged(
    reports: Iterable[str],
    order: str,
    seed: str,
    person: str,
    years: Mapping[str, int],
    ranking: Sequence[str] | None = None,
) -> list[str]:
    """The reports in the order of the protocol. What a ranking does not name comes behind what it names, and what is
    equal is drawn, so that the same review gives the same person the same order."""
    drawn = sorted(reports, key=lambda report: draw(seed, person, report))
    if order == "year":
        return sorted(drawn, key=lambda report: -years.get(report, -(10**6)))
    if order == "relevance" and ranking is not None:
        place = {report: i for i, report in enumerate(ranking)}
        return sorted(drawn, key=lambda report: place.get(report, len(place)))
    return drawn


def draw(seed: str, person: str, report: str) -> bytes:
    """Where a report stands in one person's random order."""
    return hashlib.sha256(f"{seed}\x1forder\x1f{person}\x1f{report}".encode()).digest()
