"""All checks and tables of the audit."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pandas as pd

from reviewflow.screening import STAGES, People

from . import chains, effects, findings, overview, state, times, whatif
from .findings import Finding
from .independence import independence
from .lines import Line, lines_of
from .whatif import Material

Tables = Mapping[str, pd.DataFrame]


def tables(
    material: Material, made: Tables, balance: pd.DataFrame, amendments: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables of results/audit. `made` has the tables of results/screening by their names. No clock is read: the
    same decisions give the same tables."""
    lines = lines_of(made["votes"])
    consensus = {stage: made[stage] for stage in STAGES}
    shown, found = independence(lines)
    titles = dict(zip(material.reports["report_id"], material.reports["title"], strict=True))
    changed, totals = whatif.without(material, lines, consensus, made["ledger"])
    found += [
        *of_files(material.people, lines),
        *of_lines(lines),
        *of_review(material, made, lines, balance, amendments),
    ]
    return {
        "findings": findings.table(found),
        "independence": shown,
        "pace": overview.pace(lines),
        "matrix": overview.matrix(lines),
        "near_misses": whatif.near_misses(lines, consensus, titles),
        "without_reviewer": changed,
        "influence": totals,
    }


def of_files(people: People, lines: list[Line]) -> Iterator[Finding]:
    """What the seals in the files of decisions say."""
    files = [events for stage in STAGES for events in people.decisions[stage].values()]
    yield from chains.chains(lines, [*files, *people.adjudication.values()])


def of_lines(lines: list[Line], now: datetime | None = None) -> Iterator[Finding]:
    """What the decisions say, whatever reports they are about; with `now` also those dated ahead of it."""
    yield from chains.copied(lines)
    yield from times.bursts(lines)
    yield from times.hurries(lines)
    yield from times.unknown_times(lines)
    yield from times.too_late(lines, now) if now else ()


def of_review(
    material: Material, made: Tables, lines: list[Line], balance: pd.DataFrame, amendments: pd.DataFrame
) -> Iterator[Finding]:
    """What the decisions come to, without those on independence."""
    consensus = {stage: made[stage] for stage in STAGES}
    yield from times.too_early(lines, times.first_searches(material.sightings, material.searches))
    yield from effects.own_adjudicators(lines)
    yield from effects.without_effect(_needed(consensus), lines, consensus, made["ledger"])
    yield from effects.collisions(consensus)
    yield from effects.seen_otherwise(lines, material.reports)
    yield from state.unresolved(made["queue"])
    yield from state.identities(made["identities"], "results/screening/identities.csv")
    yield from state.balance(balance)
    yield from state.amended(amendments, lines)


def _needed(consensus: Tables) -> dict[tuple[str, str], int]:
    """Votes that each report needs, by stage and report."""
    return {
        (stage, report): int(n)
        for stage, table in consensus.items()
        for report, n in zip(table["report_id"], table["needed"], strict=True)
    }
