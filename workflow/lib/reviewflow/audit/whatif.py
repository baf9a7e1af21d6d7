"""What if: excluded reports that somebody would have included, and the review without one reviewer's votes."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from reviewflow import screening
from reviewflow.boxes import PENDING
from reviewflow.tables import frame, join_list, rows_of

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
        (stage, row["report_id"]): row
        for stage, table in consensus.items()
        for row in rows_of(table[table["decision"] == "exclude"][["report_id", "consensus", "reason"]])
    }
    rows = []
    for key, own in grouped(lines, "stage", "report_id").items():
        outcome = outcomes.get((key[0], key[1]))
        if outcome and any(line.role == "reviewer" and line.decision in ("include", "unsure") for line in own):
            rows.append(_near_miss(own, outcome) | {"title": titles.get(key[1], "")})
    return frame("results/audit/near_misses", rows)


def _near_miss(own: list[Line], outcome: Mapping[str, str]) -> dict[str, object]:
    voted = [line for line in votes_of(own) if line.role == "reviewer"]
    held = [line for line in voted if line.holds]
    standing = {name: {v.reviewer for v in held if v.decision == name} for name in ("include", "unsure", "exclude")}
    ever = {line.reviewer for line in voted if line.decision != "exclude"}
    row: dict[str, object] = {"stage": own[0].stage, "report_id": own[0].report_id}
    row |= {f"{name}d_by": join_list(sorted(standing[name])) for name in ("include", "exclude")}
    row |= {"unsure_by": join_list(sorted(standing["unsure"]))}
    row |= {"changed_by": join_list(sorted(ever - standing["include"] - standing["unsure"]))}
    row |= {"settled": outcome["consensus"], "reason": outcome["reason"]}
    ruling = next((line for line in reversed(own) if line.role == "adjudicator" and line.holds), None)
    if ruling and outcome["consensus"] == "adjudicated":
        row |= {"adjudicator": ruling.reviewer, "note": ruling.note}
    return row


def without(
    material: Material, lines: Iterable[Line], consensus: Mapping[str, pd.DataFrame], ledger: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables without_reviewer and influence."""
    listed = [line for line in lines if line.role == "reviewer" and line.holds and line.decision != "withdraw"]
    now = {row["report_id"]: row for row in rows_of(ledger[["report_id", "state", "title"]])}
    included = sum(row["state"] == "included" for row in now.values())
    doubted = _doubted(listed, consensus)
    rows, totals = [], []
    for reviewer, own in sorted(by(listed, "reviewer").items()):
        judged = {line.report_id for line in own}
        then = _states(material, reviewer, judged & doubted)
        other = [(report, now[report]["state"], state) for report, state in then.items()]
        changed = [(report, was, state, _change(was, state)) for report, was, state in other if was != state]
        rows += [
            {"reviewer": reviewer, "report_id": r, "state": was, "without": state, "change": change}
            | {"title": now[r]["title"]}
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


def _states(material: Material, reviewer: str, reports: Collection[str]) -> dict[str, str]:
    """The state of these reports where this reviewer has decided nothing."""
    if not reports:
        return {}
    own = material.config["screening"]
    fewer = max(1, own["reviewers_per_report"] - 1)
    left = {name: [who for who in own.get(name, []) if who != reviewer] for name in ("reviewers", "former_reviewers")}
    changed = {**own, **left, "reviewers_per_report": fewer, "pilot": 0, "check_sample": 0}
    config = {**material.config, "screening": changed}
    clusters = _only(material.clusters, "report_id", reports)
    records = set(clusters["record_id"])
    people = _people(material.people, reviewer, records)
    sightings = _only(material.sightings, "record_id", records)
    chosen = _only(material.reports, "report_id", reports)
    made = screening.build(config, people, material.searches, sightings, clusters, chosen, material.notices.iloc[:0])
    return dict(zip(made["ledger"]["report_id"], made["ledger"]["state"], strict=True))


def _people(people: screening.People, reviewer: str, records: Collection[str]) -> screening.People:
    decisions = {
        stage: {name: _only(lines, "record_id", records) for name, lines in files.items() if name != reviewer}
        for stage, files in people.decisions.items()
    }
    rulings = {stage: _only(lines, "record_id", records) for stage, lines in people.adjudication.items()}
    rest = (_only(table, "record_id", records) for table in (people.retrieval, people.study_reports))
    return screening.People(decisions, rulings, *rest)


def _only(table: pd.DataFrame, column: str, wanted: Collection[str]) -> pd.DataFrame:
    return table[table[column].isin(list(wanted))]
