"""What if: excluded reports that somebody would have included, and the review without one reviewer's votes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow import screening
from reviewflow.boxes import PENDING
from reviewflow.tables import frame, join_list

from .lines import Line, by, grouped, votes_of

_EXCLUDED = ("excluded_title_abstract", "excluded_full_text")


class Material(NamedTuple):
    """What screening is made from, and what it made."""

    config: Mapping[str, Any]
    people: screening.People
    searches: pd.DataFrame
    sightings: pd.DataFrame
    clusters: pd.DataFrame
    reports: pd.DataFrame
    notices: pd.DataFrame


def near_misses(
    lines: Iterable[Line], consensus: Mapping[str, pd.DataFrame], titles: Mapping[str, str]
) -> pd.DataFrame:
    """Table near_misses. `consensus` has the table of each stage."""
    outcomes = {
        (stage, report): (settled, reason)
        for stage, table in consensus.items()
        for report, settled, reason in _columns(
            table[table["decision"] == "exclude"], "report_id", "consensus", "reason"
        )
    }
    listed = list(lines)
    wanted = {
        (line.stage, line.report_id)
        for line in listed
        if line.decision in ("include", "unsure") and line.role == "reviewer"
    } & outcomes.keys()
    near = [line for line in listed if (line.stage, line.report_id) in wanted]
    rows = [
        _near_miss(own, *outcomes[stage, report]) | {"title": titles.get(report, "")}
        for (stage, report), own in grouped(near, "stage", "report_id").items()
    ]
    return frame("results/audit/near_misses", rows)


def _columns(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].tolist() for name in names), strict=True)


def _near_miss(own: list[Line], settled: str, reason: str) -> dict[str, object]:
    voted = [line for line in votes_of(own) if line.role == "reviewer"]
    held = [line for line in voted if line.holds]
    standing = {name: {v.reviewer for v in held if v.decision == name} for name in ("include", "unsure", "exclude")}
    ever = {line.reviewer for line in voted if line.decision != "exclude"}
    row: dict[str, object] = {"stage": own[0].stage, "report_id": own[0].report_id}
    row |= {f"{name}d_by": join_list(sorted(standing[name])) for name in ("include", "exclude")}
    row |= {"unsure_by": join_list(sorted(standing["unsure"]))}
    row |= {"changed_by": join_list(sorted(ever - standing["include"] - standing["unsure"]))}
    row |= {"settled": settled, "reason": reason}
    ruling = next((line for line in reversed(own) if line.role == "adjudicator" and line.holds), None)
    if ruling and settled == "adjudicated":
        row |= {"adjudicator": ruling.reviewer, "note": ruling.note}
    return row


def without(
    material: Material, lines: Iterable[Line], consensus: Mapping[str, pd.DataFrame], ledger: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables without_reviewer and influence."""
    listed = [line for line in lines if line.role == "reviewer" and line.holds and line.decision != "withdraw"]
    now = {report: (state, title) for report, state, title in _columns(ledger, "report_id", "state", "title")}
    included = sum(state == "included" for state, _ in now.values())
    doubted = _doubted(listed, consensus)
    some = _only(material, doubted)
    rows, totals = [], []
    for reviewer, own in sorted(by(listed, "reviewer").items()):
        judged = {line.report_id for line in own}
        then = _states(some, reviewer, judged & doubted)
        other = [(report, now[report][0], state) for report, state in then.items()]
        changed = [(report, was, state, _change(was, state)) for report, was, state in other if was != state]
        rows += [
            {"reviewer": reviewer, "report_id": r, "state": was, "without": state, "change": change}
            | {"title": now[r][1]}
            for r, was, state, change in changed
        ]
        kinds = [change for *_, change in changed]
        lost, gained = kinds.count("lost"), kinds.count("gained")
        total = {"reviewer": reviewer, "reports": len(judged), "included": included, "lost": lost, "gained": gained}
        total |= {"included_without": included - lost + gained, "open": kinds.count("open"), "changed": len(changed)}
        totals.append(total)
    return frame("results/audit/without_reviewer", rows), frame("results/audit/influence", totals)


def _change(was: str, state: str) -> str:
    if was == "included":
        return "lost"
    if state == "included":
        return "gained"
    if was in _EXCLUDED and state in PENDING:
        return "open"
    return "excluded_earlier" if was in _EXCLUDED and state in _EXCLUDED else "other"


def _doubted(votes: list[Line], consensus: Mapping[str, pd.DataFrame]) -> set[str]:
    """Reports that one person fewer could decide otherwise: all but those on which two or more agree at each stage
    that they came to."""
    lone = {
        report
        for (_, report), own in grouped(votes, "stage", "report_id").items()
        if len(own) < 2 or len({line.reviewer for line in own}) < 2
    }
    open_ones = {r for t in consensus.values() for r in t.loc[t["consensus"] != "agreed", "report_id"]}
    return lone | open_ones


class _Some(NamedTuple):
    """What screening is made from, of some reports only."""

    config: Mapping[str, Any]
    said: screening.Said
    people: screening.People
    reports: pd.DataFrame
    report_of: Mapping[str, str]


def _only(material: Material, reports: Collection[str]) -> _Some:
    """What concerns these reports."""

    def of(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["record_id"].isin(records)]

    clusters = material.clusters[material.clusters["report_id"].isin(list(reports))]
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    records = list(report_of)
    written = material.people
    people = screening.People(
        {stage: {name: of(lines) for name, lines in files.items()} for stage, files in written.decisions.items()},
        {stage: of(lines) for stage, lines in written.adjudication.items()},
        of(written.retrieval),
        of(written.study_reports),
    )
    chosen = material.reports[material.reports["report_id"].isin(list(reports))]
    return _Some(material.config, screening.said(people, report_of), people, chosen, report_of)


def _states(some: _Some, reviewer: str, reports: Collection[str]) -> dict[str, str]:
    """The state of these reports where this reviewer has decided nothing."""
    own = some.config["screening"]
    fewer = max(1, own["reviewers_per_report"] - 1)
    left = {name: [who for who in own.get(name, []) if who != reviewer] for name in ("reviewers", "former_reviewers")}
    changed = {**own, **left, "reviewers_per_report": fewer, "pilot": 0, "check_sample": 0}
    chosen = some.reports[some.reports["report_id"].isin(list(reports))]
    said = some.said.without(reviewer, reports)
    made, _ = screening.states(changed, said, some.people, chosen, some.report_of)
    return dict(_columns(made, "report_id", "state"))
