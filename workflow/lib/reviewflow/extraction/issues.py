"""What is wrong with the extraction or missing from it: rows of results/extraction/issues."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from reviewflow.form import TABLES
from reviewflow.tables import join_list

from .consensus import Consensus, Line
from .rows import Key, Row, key_text, rows_of


def unsettled(
    agreed: Mapping[str, Consensus],
    reports: Mapping[str, list[str]],
    begun: Mapping[str, Collection[str]],
    adjudicator: str,
) -> list[Row]:
    """One issue for each unresolved cell, and for each line that somebody who has begun the study lacks."""
    return [
        row
        for table in TABLES
        for key, line in agreed[table].lines.items()
        if key[0] in reports
        for row in _of_line(table, key, line, begun, adjudicator)
    ]


def _of_line(table: str, key: Key, line: Line, begun: Mapping[str, Collection[str]], adjudicator: str) -> list[Row]:
    where = f"{table} {key_text(key)}"
    differ = "the extractors differ; rule in records/extraction/adjudication.csv, or correct the wrong table"
    found = [issue("unresolved", key[0], f"{where} {column}", adjudicator, differ) for column in line.unresolved]
    people = [person for person in line.lacking if key[0] in begun[person]]
    if people:
        alone = "one extractor alone has this line; extract it too, or let the adjudicator keep or drop it"
        found.append(issue("single_extraction", key[0], where, join_list(people), alone))
    return found


def not_extracted(
    agreed: Mapping[str, Consensus], reports: Mapping[str, list[str]], begun: Mapping[str, Collection[str]]
) -> list[Row]:
    """One issue for each extractor who has nothing of an included study, and for a study without
    characteristics."""
    found: list[Row] = []
    for study in reports:
        others = any(study in begun[person] for person in begun)
        for person in sorted(begun):
            if study not in begun[person]:
                kept = "; until then the lines that only one extractor has are kept out" if others else ""
                where = f"records/extraction/{person}"
                text = f"{person} has extracted nothing of this study; extract it{kept}"
                found.append(issue("not_extracted", study, where, person, text))
        if others and (study,) not in agreed["studies"].lines:
            text = "the study has no line in studies.csv; extract its characteristics"
            found.append(issue("incomplete", study, "studies", join_list(sorted(begun)), text))
    return found


def not_included(
    study_reports: pd.DataFrame,
    reports: Mapping[str, list[str]],
    ledger: pd.DataFrame,
    clusters: pd.DataFrame,
) -> list[Row]:
    """One issue for each study of study_reports.csv that has no included report, with where its reports
    stand."""
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    state_of = dict(zip(ledger["report_id"], ledger["state"], strict=True))
    links: dict[str, set[str]] = {}
    for link in rows_of(study_reports):
        state = state_of.get(report_of.get(link["record_id"], ""), "in no search")
        links.setdefault(link["study_id"], set()).add(f"{link['record_id']} is {state}")
    mend = "no report of this study is included: finish its screening, or remove the study"
    return [
        issue("not_included", study, "study_reports", "", f"{', '.join(sorted(links[study]))}; {mend}")
        for study in sorted(links)
        if study not in reports
    ]


def of_overlaps(overlaps: Sequence[Row], adjudicator: str) -> list[Row]:
    """One issue for each pair of studies that nobody has ruled on, and for each that was ruled to be one study."""
    found: list[Row] = []
    for pair in overlaps:
        where = f"overlaps {pair['study_a']}/{pair['study_b']}"
        if pair["verdict"] == "open":
            said = pair["why"].replace(";", ",")
            text = (
                f"may have the same participants as {pair['study_b']} ({said}); rule in records/extraction/overlaps.csv"
            )
            found.append(issue("overlap", pair["study_a"], where, adjudicator, text))
        elif pair["verdict"] == "same_study":
            text = (
                f"was ruled to be one study with {pair['study_b']} and is counted twice until it is; give both one "
                "study_id in study_reports.csv and in the extractors' tables"
            )
            found.append(issue("same_study", pair["study_a"], where, "", text))
    return found


def issue(kind: str, study: str, where: str, person: str, text: str) -> Row:
    """One row of results/extraction/issues."""
    return {"kind": kind, "study_id": study, "where": where, "person": person, "issue": text}
