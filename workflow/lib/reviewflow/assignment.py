"""Who screens what: drawn by digests of the seed, the report and the reviewer, so that no list of it is kept.

Each reviewer has a number for each report, and those with the least numbers have its seats (rendezvous hashing, Thaler
and Ravishankar 1998). The number knows nothing of other reports or reviewers: a record that arrives moves no seat, and
a reviewer who joins or leaves moves only the seats that are gained or left. Whoever has voted has a seat before
anybody is drawn, so no vote is ever beside the plan.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

# Of a digest so many bits are compared with the share of the check sample.
_BITS = 64


@dataclass(frozen=True)
class Assignment:
    """The seats of every report at both stages: current reviewers, seats of each report, the seed of all draws, the
    check sample in percent, and the reports of the pilot."""

    reviewers: tuple[str, ...]
    per_report: int
    seed: str
    check_sample: float
    pilot: frozenset[str]

    def in_pilot(self, stage: str, report: str) -> bool:
        """Whether all reviewers judge the report at this stage: there is no pilot at full text."""
        return stage == "title_abstract" and report in self.pilot

    def in_check_sample(self, report: str) -> bool:
        """Whether a second reviewer judges a report that one alone would decide. The draw concerns each report by
        itself, so the sample has this percentage of the reports on average."""
        if self.per_report != 1 or not self.check_sample:
            return False
        drawn = int.from_bytes(digest(self.seed, "check_sample", report)[: _BITS // 8])
        return bool(100 * drawn < self.check_sample * 2**_BITS)

    def needed(self, stage: str, report: str, voted: Collection[str]) -> int:
        """Votes that the report needs where these people have voted. In the pilot every current reviewer votes,
        beside those who left and voted before."""
        seats = max(self.per_report, 2) if self.in_check_sample(report) else self.per_report
        return max(seats, len({*self.reviewers, *voted})) if self.in_pilot(stage, report) else seats

    def missing(self, stage: str, report: str, voted: Collection[str]) -> list[str]:
        """Current reviewers whose vote the report still needs, in alphabetical order."""
        others = [who for who in self.reviewers if who not in voted]
        seats = max(self.needed(stage, report, voted) - len(voted), 0)
        if len(others) > seats:
            others = nsmallest(seats, others, key=lambda who: digest(self.seed, report, who))
        return sorted(others)


def assign(screening: Mapping[str, Any], waves: Mapping[str, int]) -> Assignment:
    """The assignment by the group `screening` of config.yaml. `waves` are those of the reports that are screened by
    title and abstract; the pilot is drawn from the first."""
    seed, first = screening["seed"], min(waves.values(), default=0)
    candidates = (report for report, wave in waves.items() if wave == first)
    pilot = nsmallest(screening["pilot"], candidates, key=lambda report: digest(seed, "pilot", report))
    reviewers = tuple(sorted(screening["reviewers"]))
    sample = screening["check_sample"]
    return Assignment(reviewers, screening["reviewers_per_report"], seed, sample, frozenset(pilot))


def digest(seed: str, *parts: str) -> bytes:
    """What is drawn for these parts under a seed."""
    return hashlib.sha256("\x1f".join([*([seed] if seed else []), *parts]).encode()).digest()
