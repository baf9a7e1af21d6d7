"""What decisions come to today: those without effect, collisions, adjudicators who voted, text that has changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from reviewflow.events.seen import seen_digest

from .findings import Finding, several
from .lines import Line, about, grouped, votes_of

# States of the ledger in which a report has not come to full text.
_NOT_SOUGHT = {
    "excluded_title_abstract": "excluded at title and abstract",
    "awaiting_title_abstract": "not decided at title and abstract",
    "conflict_title_abstract": "in conflict at title and abstract",
    "not_retrieved": "not retrieved",
}


def own_adjudicators(lines: Iterable[Line]) -> Iterator[Finding]:
    """Adjudications by somebody who voted on the report, at either stage, however the name is written."""
    listed = list(lines)
    judged = [line for line in votes_of(listed) if line.role == "adjudicator"]
    reports = {line.report_id for line in judged}
    voted = {
        (line.report_id, line.reviewer.strip().casefold())
        for line in votes_of(listed)
        if line.role == "reviewer" and line.report_id in reports
    }
    for line in judged:
        if (line.report_id, line.reviewer.strip().casefold()) in voted:
            said = f"{line.reviewer} adjudicated and voted on the same report"
            yield about(line, "error", "adjudicator", said, "a third person adjudicates")


def without_effect(
    needed: Mapping[tuple[str, str], int], lines: Iterable[Line], consensus: Mapping[str, pd.DataFrame],
    ledger: pd.DataFrame,
) -> Iterator[Finding]:  # fmt: skip
    """Decisions that hold and change nothing: adjudications without a conflict, decisions at full text on reports that
    did not come to it, and votes beyond those that a report needs. `needed` has the
    votes that a report needs, by stage and report; `consensus` the table of each stage."""
    standing = [line for line in votes_of(lines) if line.holds]
    rulings = [line for line in standing if line.role == "adjudicator"]
    for stage, table in consensus.items():
        settled = dict(zip(table["report_id"], table["consensus"], strict=True))
        for line in rulings:
            if line.stage == stage:
                yield from _idle_ruling(line, settled.get(line.report_id, "incomplete"))
    why = _out_of_place(ledger)
    astray = [line for line in standing if (line.stage, line.report_id) in why]
    for (stage, report), own in grouped(astray, "stage", "report_id").items():
        said = f"{several(len(own), 'decision')} at this stage on a report that is {why[stage, report]}"
        yield about(own[0], "note", "no_effect", said)
    yield from _beyond(needed, standing)


def _out_of_place(ledger: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Why a report is not to be judged at a stage, by stage and report."""
    why = {}
    columns = (ledger[name].tolist() for name in ("report_id", "state", "route"))
    for report, state, route in zip(*columns, strict=True):
        if state in _NOT_SOUGHT:
            why["full_text", report] = _NOT_SOUGHT[state]
        if route == "other":
            why["title_abstract", report] = "found by other methods, which go to full text at once"
    return why


def _idle_ruling(line: Line, consensus: str) -> Iterator[Finding]:
    if consensus == "agreed":
        yield about(line, "note", "no_effect", "adjudicated, yet the votes that stand agree")
    elif consensus == "incomplete":
        yield about(line, "note", "no_effect", "adjudicated, yet not all votes are there")


def _beyond(needed: Mapping[tuple[str, str], int], standing: list[Line]) -> Iterator[Finding]:
    """More votes than a report needs. `needed` is by stage and report."""
    voted = dict.fromkeys((v.stage, v.report_id, v.reviewer) for v in standing if v.role == "reviewer")
    people = Counter((stage, report) for stage, report, _ in voted)
    extra = Counter(stage for (stage, report), n in people.items() if n > needed[stage, report])
    for stage, n in extra.items():
        said = f"{several(n, 'report has', 'reports have')} more votes than are needed"
        yield Finding("note", "no_effect", said, stage=stage)


def collisions(consensus: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Reports on whose records one person said different things."""
    for stage, table in consensus.items():
        for report in table.loc[table["consensus"] == "collision", "report_id"]:
            said = "the records of this report carry different decisions of one person"
            yield Finding("warning", "collision", said, "the adjudicator decides on each of them", stage, "", report)


def seen_otherwise(lines: Iterable[Line], reports: pd.DataFrame) -> Iterator[Finding]:
    """Decisions that hold, made on a text that is not the report's text today."""
    held = [line for line in votes_of(lines) if line.holds and line.seen]
    wanted = {line.report_id for line in held}
    columns = ("report_id", "title", "translated_title", "abstract")
    texts = zip(*(reports[name] for name in columns), strict=True)
    today = {report: seen_digest(*text) for report, *text in texts if report in wanted}
    for line in held:
        if line.seen != today.get(line.report_id):
            said = "the title or abstract is not what was on the screen"
            yield about(line, "warning", "seen", said, "look whether the decision still stands")
