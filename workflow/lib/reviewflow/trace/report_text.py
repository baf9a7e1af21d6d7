"""The life of a record or report in words."""

from collections.abc import Iterator

from reviewflow.formulas import plain
from reviewflow.page import wording

from .source import Row
from .terminal import Line
from .tree import Record, Report, Stage

_TIES = {
    "own": "the record says so of itself",
    "identifier": "the notice names its DOI or PubMed number",
    "title": "the title is the same",
    "maybe": "may concern it",
}


def record_lines(record: Record) -> Iterator[Line]:
    """One record by itself."""
    yield Line(0, f"Record {record.record_id}", 1)
    if not record.report_id:
        yield Line(1, "It is in no report: deduplication has not met it.")
    else:
        yield Line(1, f"Belongs to the report {record.report_id}: {_joined(record)}.")
    yield from _sightings(record)


def report_lines(report: Report) -> Iterator[Line]:
    """A report from its exports to its state."""
    yield Line(0, f"Report {report.report_id}", 1)
    yield from _fields(report)
    yield Line(1, "Records and where they were found", 2)
    for record in report.records:
        yield Line(2, f"{record.record_id}: {_joined(record)}")
        yield from (Line(line.depth + 1, line.text) for line in _sightings(record))
    if not report.records:
        yield Line(2, "no record of it is in results/dedupe/clusters.csv")
    yield from _listed("Fields that the founder's record does not settle alone", map(_merged, report.merged_fields))
    yield from _listed("Rulings", map(_ruling, report.rulings))
    yield from _listed("Doubtful pairs that wait for a ruling", map(_pair, report.doubtful_pairs))
    yield from _listed("Notices", (_notice(report.report_id, row) for row in report.notices))
    yield from _stage("Title and abstract", report.title_abstract)
    yield from _listed("Retrieval", map(_retrieval, report.retrieval))
    yield from _stage("Full text", report.full_text)
    yield from _listed("Waits for", map(_waits, report.queue))
    yield from _listed("Studies that it is linked to", map(link, report.links))


def _listed(head: str, entries: Iterator[str]) -> Iterator[Line]:
    lines = [Line(2, entry) for entry in entries]
    if lines:
        yield from (Line(1, head, 2), *lines)


def _fields(report: Report) -> Iterator[Line]:
    fields = report.fields or {}
    for name in ("title", "translated_title"):
        if fields.get(name):
            yield Line(1, fields[name])
    authors = wording.first_author("; ".join(fields.get("authors", [])))
    doi, pmid = fields.get("doi"), fields.get("pmid")
    parts = [authors, fields.get("journal"), fields.get("year"), doi and f"doi:{doi}", pmid and f"PMID {pmid}"]
    if any(parts):
        yield Line(1, ". ".join(str(part).rstrip(".") for part in parts if part))
    if report.ledger:
        yield Line(1, f"State: {wording.state(report.ledger['state'])}{_reason(report.ledger)}")
    else:
        yield Line(1, "State: not known, screening has not met it")


def _joined(record: Record) -> str:
    if record.founder:
        return "founder"
    score = "" if record.score is None else f", similarity {wording.number(record.score, 1)}"
    return f"joined to {record.matched_to} by {record.matched_by}{score}"


def _sightings(record: Record) -> Iterator[Line]:
    for row in record.sightings:
        where = f"{row['export_file']}, entry {row['position']}, line {row['line']}"
        yield Line(2, f"{where} (search {row['search_id']}, {row['source']}, wave {row['wave']})")


def _merged(row: Row) -> str:
    others = f"; other values: {row['others']}" if row["others"] else ""
    return f"{row['field']}: from {', '.join(row['record_id'])}{others}"


def _ruling(row: Row) -> str:
    said = f"{row['ruled_at']}, {row['ruled_by']}: {row['record_a']} and {row['record_b']} are {row['verdict']}"
    return noted(said, row["note"], at(row))


def _pair(row: Row) -> str:
    why = f"{wording.human(row['why'])}, similarity {wording.number(row['score'], 1)}"
    return f"{row['record_a']} and {row['record_b']}: {why}"


def _notice(report_id: str, row: Row) -> str:
    tie = _TIES.get(row["tie"], "")
    if row["about"] == report_id:
        return f"{row['notice']}, by the record {row['record_id']}{f' ({tie})' if tie else ''}"
    about = f"about {row['about']}" if row["about"] else "about a report that the review is not known to have"
    return f"it is itself a notice: {row['notice']} {about}{f' ({tie})' if tie and row['about'] else ''}"


def _stage(head: str, stage: Stage) -> Iterator[Line]:
    entries = [_vote(vote) for vote in stage.votes] + [_vote(vote) for vote in stage.adjudication]
    if stage.consensus:
        entries.append(_consensus(stage.consensus))
    if stage.conflict:
        entries.append(f"Conflict about the {stage.conflict['kind']}: {', '.join(stage.conflict['votes'])}")
    yield from _listed(head, iter(entries))


def _vote(vote: Row) -> str:
    role = ", adjudicator" if vote["role"] == "adjudicator" else ""
    said = f"{vote['decided_at'] or 'no time'}, {vote['reviewer']}{role}: {vote['decision']}{_reason(vote)}"
    if vote["holds"] is False:
        said += ", taken back or replaced by a later line"
    seal = f"{vote['seal']}: {vote['seal_problem']}" if vote["seal_problem"] else vote["seal"]
    where = f"on {vote['record_id']}; {seal}; {at(vote)}"
    return noted(said, vote["note"], f"imported from {vote['imported']}; {where}" if vote["imported"] else where)


def _consensus(row: Row) -> str:
    decision = f", {row['decision']}" if row["decision"] else ""
    return f"Consensus: {row['consensus']}{decision}{_reason(row)}"


def _reason(row: Row) -> str:
    return f" ({row['reason']})" if row["reason"] else ""


def _retrieval(row: Row) -> str:
    file = f", {row['file']}" if row["file"] else ""
    return noted(f"{wording.human(row['status'])}{file}", row["note"], f"{row['record_id']}; {at(row)}")


def _waits(row: Row) -> str:
    stage = wording.STAGES.get(str(row["stage"]), str(row["stage"])).lower()
    return f"{row['person'] or 'anybody'}: {wording.human(row['task'])} ({stage}), in {row['file']}"


def link(row: Row) -> str:
    """A line that links a record to a study."""
    return noted(f"{row['study_id']}: {row['role']} report, by {row['record_id']}", row["note"], at(row))


def at(row: Row) -> str:
    """Where a line of people's tables stands."""
    return f"{row['_file']}:{row['_line']}" if "_file" in row else f"{row['file']}:{row['line']}"


def noted(said: str, note: str, where: str) -> str:
    """What somebody wrote, with their note as it was typed and where it stands."""
    return f'{said}; "{plain(note)}" [{where}]' if note else f"{said} [{where}]"
