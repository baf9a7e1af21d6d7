"""Who decided how much on which day, and the votes of each two reviewers against each other."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from itertools import combinations

import pandas as pd

from reviewflow.tables import frame

from .lines import Line, grouped, votes_of

VOTES = ("include", "unsure", "exclude", "none")


def pace(lines: Iterable[Line]) -> pd.DataFrame:
    """Table pace."""
    rows: list[dict[str, object]] = []
    timed = [line for line in votes_of(lines) if line.time]
    for (stage, role, reviewer), own in grouped(timed, "stage", "role", "reviewer").items():
        days = Counter(line.time.astimezone(UTC).date() for line in own if line.time)
        so_far = 0
        for day in sorted(days):
            so_far += days[day]
            row = {"stage": stage, "role": role, "reviewer": reviewer, "day": day.isoformat()}
            rows.append(row | {"decisions": days[day], "cumulative": so_far})
    return frame("results/audit/pace", rows)


def matrix(lines: Iterable[Line]) -> pd.DataFrame:
    """Table matrix."""
    votes: dict[str, dict[str, dict[str, str]]] = {}
    for line in lines:
        if line.role == "reviewer" and line.holds and line.decision != "withdraw":
            votes.setdefault(line.stage, {}).setdefault(line.report_id, {})[line.reviewer] = line.decision
    rows: list[dict[str, object]] = []
    for stage, reports in votes.items():
        # Reports with the same votes of the same people are counted at once.
        patterns = Counter(tuple(sorted(cast.items())) for cast in reports.values())
        for pair in combinations(sorted({name for cast in patterns for name, _ in cast}), 2):
            cells = _cells(patterns, *pair)
            if any("none" not in both for both in cells):
                row = {"stage": stage, "reviewer_a": pair[0], "reviewer_b": pair[1]}
                rows += [row | {"vote_a": a, "vote_b": b, "reports": n} for (a, b), n in cells.items()]
    return frame("results/audit/matrix", rows)


def _cells(patterns: Counter[tuple[tuple[str, str], ...]], one: str, other: str) -> Counter[tuple[str, str]]:
    cells: Counter[tuple[str, str]] = Counter()
    for pattern, n in patterns.items():
        cast = dict(pattern)
        if one in cast or other in cast:
            cells[cast.get(one, "none"), cast.get(other, "none")] += n
    return cells
