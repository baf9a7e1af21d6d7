"""The judgement that a tool's own rules propose from the answers. It knows no tool: conditions and tables are data.

Every condition is true, false or open: open where a question that it asks for has no answer yet. A table stops at the
first rule that is not false; where that rule is open, nothing is proposed and the open questions are named. Where it is
still open whether a question is asked at all, the questions before it that decide this are named in its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .tools import Domain, Tool

NOT_APPLICABLE = "NA"
# What is known of each question: its answer, or the questions that have to be answered first.
_Known = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Proposal:
    """What the rules propose: a judgement, or why there is none. `missing` are the questions (or, for the overall
    judgement, the domains) that have to be answered first."""

    judgement: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Truth:
    """true, false, or None with what is open."""

    holds: bool | None
    open: tuple[str, ...] = ()


def propose(domain: Domain, answers: Mapping[str, str]) -> Proposal:
    """The judgement of a domain from its answers, question to answer; answers to other questions say nothing."""
    known = _known(domain, answers)
    if domain.direct:
        question = domain.questions[0].code
        given = known[question]
        return Proposal(given) if isinstance(given, str) else _unanswered(given)
    if domain.stars:
        waits = [name for given in known.values() if isinstance(given, tuple) for name in given]
        earned = sum(q.stars.get(str(known[q.code]), 0) for q in domain.questions)
        return _unanswered(waits) if waits else Proposal(str(earned))
    return _decided(domain, known)


def propose_overall(tool: Tool, judgements: Mapping[str, str]) -> Proposal:
    """The overall judgement from those of the domains, code to judgement; blank or absent ones are open."""
    if tool.overall is None:
        return Proposal(why="the tool has no overall judgement")
    counted = [domain for domain in tool.domains if domain.group == "bias"]
    known = {domain.code: judgements.get(domain.code) or (domain.code,) for domain in counted}
    if not tool.overall.worst:
        return _decided(tool.overall, known)
    waits = [name for given in known.values() if isinstance(given, tuple) for name in given]
    if waits:
        return _unanswered(waits)
    return Proposal(max(map(str, known.values()), key=tool.overall.rank))


def asked(domain: Domain, answers: Mapping[str, str]) -> dict[str, bool | None]:
    """Whether each question of the domain is asked, given the answers; None where that is still open."""
    known = _known(domain, answers)
    return {q.code: True if q.asked is None else _holds(q.asked, known).holds for q in domain.questions}


def _known(domain: Domain, answers: Mapping[str, str]) -> _Known:
    """Each question's answer; NA where it is not asked."""
    known: dict[str, str | tuple[str, ...]] = {}
    for question in domain.questions:
        on = _Truth(True) if question.asked is None else _holds(question.asked, known)
        if on.holds is None:
            known[question.code] = on.open
        else:
            given = answers.get(question.code) or (question.code,)
            known[question.code] = given if on.holds else NOT_APPLICABLE
    return known


def _decided(domain: Domain, known: _Known) -> Proposal:
    if not domain.parts:
        return Proposal(why="the tool fixes no rule; people judge")
    proposals = [_first(part, known) for part in domain.parts]
    missing = tuple(dict.fromkeys(m for p in proposals for m in p.missing))
    if missing:
        return _unanswered(missing)
    without = next((p for p in proposals if not p.judgement), None)
    return without or max(proposals, key=lambda p: domain.rank(p.judgement))


def _first(part: Iterable[tuple[Mapping[str, Any] | None, str]], known: _Known) -> Proposal:
    for condition, judgement in part:
        truth = _Truth(True) if condition is None else _holds(condition, known)
        if truth.holds is None:
            return _unanswered(truth.open)
        if truth.holds:
            return Proposal(judgement)
    return Proposal(why="the tool gives no rule for these answers; people judge")


def _unanswered(missing: Iterable[str]) -> Proposal:
    names = tuple(dict.fromkeys(missing))
    return Proposal(why=f"cannot be proposed: {', '.join(names)} unanswered", missing=names)


def _holds(condition: Mapping[str, Any], known: _Known) -> _Truth:
    """All entries of a condition together (Kleene's logic of three values)."""
    truths = [_entry(name, value, known) for name, value in condition.items()]
    if any(truth.holds is False for truth in truths):
        return _Truth(False)
    left = tuple(name for truth in truths if truth.holds is None for name in truth.open)
    return _Truth(None, left) if left else _Truth(True)


def _entry(name: str, value: Any, known: _Known) -> _Truth:
    if name == "any":
        truths = [_holds(condition, known) for condition in value]
        if any(truth.holds for truth in truths):
            return _Truth(True)
        left = tuple(n for truth in truths if truth.holds is None for n in truth.open)
        return _Truth(None, left) if left else _Truth(False)
    if name == "count":
        return _count(value["of"], value["is"], int(value["least"]), known)
    if name == "any_domain":
        return _count(list(known), value, 1, known)
    given = known.get(name, (name,))
    return _Truth(None, given) if isinstance(given, tuple) else _Truth(given in value)


def _count(names: list[str], values: Iterable[str], least: int, known: _Known) -> _Truth:
    """Whether at least so many of the names have one of the values."""
    wanted = set(values)
    given = [known.get(name, (name,)) for name in names]
    waits = [one for one in given if isinstance(one, tuple)]
    sure = sum(one in wanted for one in given if isinstance(one, str))
    if sure >= least:
        return _Truth(True)
    open_names = tuple(name for one in waits for name in one)
    return _Truth(None, open_names) if sure + len(waits) >= least else _Truth(False)
