"""Which included reports each study has. Studies are counted, reports are not: a study with several reports is one."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.boxes import INCLUDED

from .rows import rows_of


def included_reports(study_reports: pd.DataFrame, ledger: pd.DataFrame, clusters: pd.DataFrame) -> dict[str, list[str]]:
    """report_id of each study's included reports, the primary ones first; studies without one are absent."""
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    included = set(ledger.loc[ledger["state"].isin(INCLUDED), "report_id"])
    found: dict[str, set[tuple[bool, str]]] = {}
    for link in rows_of(study_reports):
        report = report_of.get(link["record_id"], "")
        if report in included:
            found.setdefault(link["study_id"], set()).add((link["role"] != "primary", report))
    ordered = {study: sorted(found[study]) for study in sorted(found)}
    return {study: list(dict.fromkeys(report for _, report in pairs)) for study, pairs in ordered.items()}


def shared_reports(reports: Mapping[str, list[str]], one: str, other: str) -> list[str]:
    """Reports that are linked to both studies, such as a report of two trials."""
    return sorted({*reports.get(one, ())} & {*reports.get(other, ())})
