"""Consensus: from independent votes and the adjudicator's decisions to one decision a report and stage."""

from collections.abc import Mapping
from typing import NamedTuple

from .votes import Vote


class Rules(NamedTuple):
    """How votes become a decision: votes needed, and whether unsure is a conflict."""

    needed: int
    unsure_is_conflict: bool
    reasons_matter: bool


class Consensus(NamedTuple):
    """The outcome for one report at one stage; `kind` says what differs where it is a conflict or was one."""

    consensus: str
    decision: str = ""
    reason: str = ""
    kind: str = ""


def decide(votes: Mapping[str, Vote], adjudicated: Vote | None, rules: Rules) -> Consensus:
    """Consensus of one report.

    Adjudication holds where there is a conflict; an agreement stands without it. A collision is settled only by
    adjudications that agree on every record that carries a vote: an older one on one of them never saw the other.
    """
    kind = _difference(list(votes.values()), rules)
    if adjudicated and kind and adjudicated.collides(rules.reasons_matter):
        kind = "collision"
    if len(votes) < rules.needed and kind != "collision":
        return Consensus("incomplete")
    if not kind:
        vote = next(iter(votes.values()))
        return Consensus("agreed", vote.effective, vote.reason if vote.effective == "exclude" else "")
    if adjudicated and (kind != "collision" or _settles(votes, adjudicated, rules)):
        reason = adjudicated.reason if adjudicated.decision == "exclude" else ""
        return Consensus("adjudicated", adjudicated.effective, reason, kind)
    return Consensus("collision" if kind == "collision" else "conflict", kind=kind)


def _settles(votes: Mapping[str, Vote], adjudicated: Vote, rules: Rules) -> bool:
    judged = frozenset().union(*(vote.records for vote in votes.values()))
    return judged <= adjudicated.records and not adjudicated.collides(rules.reasons_matter)


def _difference(votes: list[Vote], rules: Rules) -> str:
    if any(vote.collides(rules.reasons_matter) for vote in votes):
        return "collision"
    decisions = {vote.effective for vote in votes}
    if len(decisions) > 1 or (rules.unsure_is_conflict and any(v.decision == "unsure" for v in votes)):
        return "decision"
    if rules.reasons_matter and decisions == {"exclude"} and len({v.reason for v in votes}) > 1:
        return "reason"
    return ""
