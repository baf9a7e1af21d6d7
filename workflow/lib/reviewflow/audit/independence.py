"""Whether each decision was made before the person could have known another's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import frame

from .findings import Finding, several
from .lines import Line, about, before, by, grouped, votes_of

_CHECK = "independence"
_AGAIN = "the reviewer restores the vote, or the adjudicator adds a line to adjudication.csv on the votes as they stand"
_ASK = "ask why; agreement between reviewers is about votes before any consensus"


class _Seen(NamedTuple):
    """What the lines of one report at one stage come to: counts by reviewer, and findings."""

    counts: list[tuple[str, str]]
    findings: list[Finding]


def independence(lines: Iterable[Line]) -> tuple[pd.DataFrame, list[Finding]]:
    """Table independence, and what is to be said of single decisions. `lines` are oldest first."""
    listed = list(lines)
    tally: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    found: list[Finding] = []
    whole = Counter(
        (line.stage, line.reviewer, line.seal, bool(line.imported)) for line in listed if line.role == "reviewer"
    )
    for (stage, reviewer, seal, imported), n in whole.items():
        tally[stage, reviewer].update({"decisions": n, seal: n, "imported": n * imported})
    counts: Counter[tuple[str, str, str]] = Counter()
    for (stage, _), own in grouped(listed, "stage", "report_id").items():
        seen = _report(own)
        found += seen.findings
        for reviewer, what in seen.counts:
            counts[stage, reviewer, what] += 1
    for (stage, reviewer, what), n in counts.items():
        tally[stage, reviewer][what] += n
    rows = [{"stage": stage, "reviewer": name} | _filled(counts) for (stage, name), counts in tally.items()]
    return frame("results/audit/independence", rows), [*found, *_summary(tally)]


_COUNTS = (
    "decisions", "reports", "first_before_other", "after_other_on_page", "after_other_by_hand", "order_unknown",
    "after_adjudication", "changed", "changed_after_other_on_page", "changed_after_other_by_hand",
    "changed_after_adjudication", "sealed", "unsealed", "imported",
)  # fmt: skip


def _filled(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in _COUNTS}


def _report(lines: list[Line]) -> _Seen:
    """All lines of one report at one stage, oldest first."""
    seen = _Seen([], [])
    if _each_once(lines):
        for line in lines:
            others = [other for other in lines if other is not line]
            seen.counts.extend([(line.reviewer, "reports"), (line.reviewer, _standing(line, others))])
        return seen
    people = by((line for line in lines if line.role == "reviewer"), "reviewer")
    firsts = {name: first for name, own in people.items() if (first := next(votes_of(own), None))}
    rulings = [line for line in votes_of(lines) if line.role == "adjudicator"]
    for name, first in firsts.items():
        others = [vote for other, vote in firsts.items() if other != name]
        seen.counts.extend([(name, "reports"), (name, _standing(first, others))])
        changed = list(_changes(people[name])) if len(people[name]) > 1 else []
        for line in changed:
            _change(line, others, seen)
        if rulings:
            _after_ruling(people[name], first, changed, rulings, seen)
    return seen


def _each_once(lines: list[Line]) -> bool:
    """Whether every line is the only one of a reviewer, and a vote, as on most reports."""
    return len({line.reviewer for line in lines if line.role == "reviewer" and line.decision != "withdraw"}) == len(
        lines
    )


def _standing(first: Line, others: list[Line]) -> str:
    """Among which column the first vote on a report is counted."""
    if all(before(first, other) for other in others):
        return "first_before_other"
    if any(before(other, first) for other in others):
        return "after_other_on_page" if first.by_page else "after_other_by_hand"
    return "order_unknown"


def _changes(own: list[Line]) -> Iterator[Line]:
    """Lines that say otherwise than the person's vote on the record before; a withdrawal only where it stands."""
    votes: dict[str, Line] = {}
    newest = {line.record_id: line for line in own}
    for line in own:
        vote = votes.get(line.record_id)
        if line.decision == "withdraw":
            if vote and newest[line.record_id] is line:
                yield line
            continue
        if vote and vote.said != line.said:
            yield line
        votes[line.record_id] = line


def _change(line: Line, others: list[Line], seen: _Seen) -> None:
    seen.counts.append((line.reviewer, "changed"))
    known = next((other for other in others if before(other, line)), None)
    if known:
        seen.counts.append((line.reviewer, f"changed_after_other_{'on_page' if line.by_page else 'by_hand'}"))
    if known and not line.by_page:
        said = f"{_did(line)} after {known.reviewer} had voted on the report ({known.decided_at})"
        seen.findings.append(about(line, "warning", _CHECK, said, _ASK))


def _did(line: Line) -> str:
    return "withdrawn" if line.decision == "withdraw" else f"changed to {line.decision}"


def _after_ruling(own: list[Line], first: Line, changed: list[Line], rulings: list[Line], seen: _Seen) -> None:
    """What one reviewer did on a report after it had been adjudicated."""
    ruled = f"the report was adjudicated ({rulings[0].decided_at})"
    if before(rulings[0], first):
        seen.counts.append((first.reviewer, "after_adjudication"))
        seen.findings.append(about(first, "warning", _CHECK, f"the first vote is younger than when {ruled}", _ASK))
    late = [line for line in changed if before(rulings[0], line)]
    seen.counts.extend((line.reviewer, "changed_after_adjudication") for line in late)
    # A ruling that was taken back decides nothing: there is none that has not seen the vote.
    held = any(ruling.holds for ruling in rulings)
    replaced = set(_replaced(own, rulings[-1])) if held else set()
    for line in late:
        stands = line.record_id in replaced and line.holds
        said = f"{_did(line)} after {ruled}"
        said += ", and the adjudicator has not seen the vote that stands now" if stands else ""
        yes = about(line, "error", _CHECK, said, _AGAIN) if stands else about(line, "warning", _CHECK, said, _ASK)
        seen.findings.append(yes)


def _replaced(own: list[Line], ruling: Line) -> Iterator[str]:
    """Records on which the vote that stands is not the one that there was at the ruling."""
    for record, lines in by(own, "record_id").items():
        older = [line for line in lines if not before(ruling, line)]
        if older and older[-1].said != lines[-1].said:
            yield record


def _summary(tally: Mapping[tuple[str, str], Counter[str]]) -> Iterator[Finding]:
    """For each reviewer, what the files cannot show, and what the seals show."""
    for (stage, name), counts in sorted(tally.items()):
        file = f"records/screening/{stage}/{name}.csv"
        yield from (Finding("note", _CHECK, said, "", stage, name, file=file) for said in _said(counts))


def _said(counts: Mapping[str, int]) -> Iterator[str]:
    if hand := counts["after_other_by_hand"]:
        many = several(hand, "first vote is", "first votes are")
        yield f"{many} younger than another's and written by hand: the files cannot show that nothing was known"
    if page := counts["changed_after_other_on_page"]:
        many = several(page, "vote was", "votes were")
        yield f"{many} changed on the page after another's vote, which the page does not show"
    if unknown := counts["order_unknown"]:
        yield f"{several(unknown, 'first vote')} cannot be put in order with another's: the times do not say"
