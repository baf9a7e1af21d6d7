"""Consensus: from independent votes and the adjudicator's decisions to one decision a report and stage."""

from collections.abc import Mapping
from dataclasses import dataclass

from .votes import Vote


@dataclass(frozen=True)
class Rules:
    """How votes become a decision: votes needed, and whether unsure is a conflict."""

    needed: int
    unsure_is_conflict: bool
    reasons_matter: bool


@dataclass(frozen=True)
class Consensus:
    """The outcome for one report at one stage; `kind` says what differs where it is a conflict or was one."""

    consensus: str
    decision: str = ""
    reason: str = ""
    kind: str = ""


def decide(votes: Mapping[str, Vote], adjudicated: Vote | None, rules: Rules) -> Consensus:
    """Consensus of one report.

    Adjudication holds where there is a conflict or a collision; an agreement stands without it.
    """
    kind = _difference(list(votes.values()), rules)
    if len(votes) < rules.needed and kind != "collision":
        return Consensus("incomplete")
    if not kind:
        vote = next(iter(votes.values()))
        return Consensus("agreed", vote.effective, vote.reason if vote.effective == "exclude" else "")
    if adjudicated:
        reason = adjudicated.reason if adjudicated.decision == "exclude" else ""
        return Consensus("adjudicated", adjudicated.effective, reason, kind)
    return Consensus("collision" if kind == "collision" else "conflict", kind=kind)


def _difference(votes: list[Vote], rules: Rules) -> str:
    if any(vote.collision for vote in votes):
        return "collision"
    decisions = {vote.effective for vote in votes}
    if len(decisions) > 1 or (rules.unsure_is_conflict and any(v.decision == "unsure" for v in votes)):
        return "decision"
    if rules.reasons_matter and decisions == {"exclude"} and len({v.reason for v in votes}) > 1:
        return "reason"
    return ""
