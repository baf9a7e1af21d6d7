"""The report in a few lines, for the terminal."""

from reviewflow.duplicates import notices
from reviewflow.page import wording

from . import reproduction, results
from .flow import LABELS, UNDECIDED
from .review import Review
from .status import Waiting, waiting

WIDTH, HEIGHT = 100, 25


def text(review: Review) -> str:
    """At most 25 lines of at most 100 columns."""
    waits = waiting(review)
    title = review.title
    warnings = [f"! {line}: see Notices in the report" for line in notices.headlines(review.duplicates)]
    lines = [title, f"State: {'interim' if waits else 'final'}", *warnings, "", *_counts(review), *_synthesis(review)]
    last = ["", "The report is at results/report/index.html"]
    if waits:
        lines += ["", "What waits, for whom, and the file for the answer:"]
        lines += _waits(waits, HEIGHT - len(lines) - len(last))
    return "".join(f"{_fit(line)}\n" for line in lines + last)


def _waits(waits: list[Waiting], room: int) -> list[str]:
    """As much of what waits as there is room for; the rest is in the report."""
    if len(waits) <= room:
        return [_wait(wait) for wait in waits]
    return [*map(_wait, waits[: room - 1]), f"  and {len(waits) - room + 1} more, listed in the report"]


def _fit(line: str) -> str:
    flat = line.replace("\n", " ").rstrip()
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 3].rstrip() + "..."


def _counts(review: Review) -> list[str]:
    n = review.count
    others = sum(n(data) for data in ("website_results", "organisation_results", "citations_results", "other_results"))
    shown: list[tuple[str, int | str | None]] = [
        ("Records identified", n("database_results") + n("register_results")),
        ("Records identified by other methods", others or None),
        ("Duplicate records removed", n("duplicates")),
        _judged(review, "records_screened"),
        ("Records excluded", n("records_excluded")),
        ("Reports sought for retrieval", n("dbr_sought_reports") + n("other_sought_reports")),
        ("Reports not retrieved", n("dbr_notretrieved_reports") + n("other_notretrieved_reports")),
        _judged(review, "dbr_assessed", "other_assessed"),
        ("Reports excluded", n("dbr_excluded") + n("other_excluded")),
    ]
    lines = [f"{label:<36}{count:>7}" for label, count in shown if count is not None]
    included = f"{n('new_studies'):>7} ({wording.several(n('new_reports'), 'report')})"
    return [*lines, f"{'Studies included':<36}{included}"]


def _judged(review: Review, *counts: str) -> tuple[str, int | str]:
    """A count, and how much of it is decided where not all of it is."""
    n = sum(map(review.count, counts))
    awaiting = sum(review.count(UNDECIDED[data][0]) for data in counts)
    first = counts[0]
    return (UNDECIDED[first][1], f"{n:>7} ({n - awaiting} decided)") if awaiting else (LABELS[first], n)


def _synthesis(review: Review) -> list[str]:
    pooled = sum(results.pools(review, line) for line in review.analyses)
    lines = [f"{'Analyses pooled (2 studies or more)':<36}{pooled:>7} of {len(review.analyses)}"]
    if review.reproduction:
        agree, printed = reproduction.tally(review)
        lines.append(f"{'Published rows reproduced':<36}{agree:>7} of {printed}")
    return lines


def _wait(wait: Waiting) -> str:
    return f"  {wait.n} {wait.task}: {wait.who}, {wait.file}"
