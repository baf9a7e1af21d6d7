"""The whole life of a record, report or study, from the lines of the exports to the pooled estimates."""

from collections.abc import Collection
from dataclasses import replace

from .find import Candidate, find, near
from .report import lone_record, records_of, reports
from .source import Source
from .study import reports_of, studies_of, study
from .text import written
from .tree import State, Trace

__all__ = ["Candidate", "Source", "State", "Trace", "find", "near", "trace", "written"]


def trace(source: Source, asked: str, meant: Candidate, page: Collection[str], state: State) -> Trace:
    """The life of what is meant. `page` has the ids of results/report/index.html; `state` gets what cannot be read."""
    if meant.kind == "study":
        record, homes, names = None, reports_of(source, meant.id), [meant.id]
    else:
        clusters = source.within("results/dedupe/clusters", "record_id", {meant.id})
        homes = sorted({c["report_id"] for c in clusters}) or ([meant.id] if meant.kind == "report" else [])
        alone = meant.kind == "record"
        record = (next(iter(records_of(source, clusters)), None) or lone_record(source, meant.id)) if alone else None
        names = []
    found = reports(source, homes, page)
    for report in found if not names else []:
        names += studies_of(source, report.report_id, {record.record_id for record in report.records})
    studies = [study(source, name, page) for name in names]
    problems = [*state.problems, *(f"{table}.csv: {said}" for table, said in source.problems.items())]
    return Trace(asked, meant.kind, meant.id, record, found, studies, replace(state, problems=problems))
