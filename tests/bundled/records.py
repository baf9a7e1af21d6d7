"""Records: what each source makes of a report it indexes, with that source's own gaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .reports import CONFERENCE, Report, rng
from .titles import title

SOURCES = {
    "W": "Web of Science",
    "E": "Embase",
    "P": "PubMed",
    "C": "Cochrane Library",
    "B": "CBM",
}


@dataclass(frozen=True)
class Record:
    """One report in one source."""

    report: Report
    source: str
    accession: str
    title: str
    year: int
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str
    in_press: bool = False
    pmid: str = ""
    embase_number: str = ""
    with_abstract: bool = True

    @property
    def record_id(self) -> str:
        """Source and accession, as the workflow names the record."""
        return f"{SOURCES[self.source]}:{self.accession}"


def accession(source: str, number: int, year: int) -> str:
    """A constructed accession number in the source's own shape, in a range it does not use."""
    return {
        "W": f"WOS:9{number:014d}",
        "E": f"L9{number:09d}",
        "P": f"{99000000 + number}",
        "C": f"CN-{90000000 + number}",
        "B": f"{year}9{number:05d}",
    }[source]


def all_records(reports: Iterable[Report]) -> dict[str, list[Record]]:
    """Records of each source in the order of its export, numbered in that order."""
    reports = list(reports)
    numbers: dict[tuple[str, str], str] = {}
    found: dict[str, list[Record]] = {}
    for source in SOURCES:
        here = [r for r in reports if source in r.sources]
        rng("order", source).shuffle(here)
        for i, report in enumerate(here, 1):
            numbers[source, report.key] = accession(source, 7 * i + 4, report.year)
        found[source] = [_record(r, source, numbers[source, r.key]) for r in here]
    return {source: [_cross_numbered(r, numbers) for r in here] for source, here in found.items()}


def _record(report: Report, source: str, number: str) -> Record:
    """A record with the source's variation; facts of real reports are left alone."""
    draw = rng("record", report.key, source)
    no_doi, no_end, no_abstract = draw.random(), draw.random(), draw.random()
    gap = {"W": 0.12, "E": 0.12, "P": 0.15, "C": 0.4, "B": 0.5}[source]
    first, _, last = report.pages.partition("-")
    record = Record(
        report=report,
        source=source,
        accession=number,
        title=title(report, source),
        year=report.year,
        volume=report.volume,
        issue=report.issue,
        first_page=first,
        last_page="" if source == "E" and no_end < 0.08 and not report.real else last,
        doi="" if no_doi < gap and not report.real else report.doi,
        with_abstract=no_abstract > 0.08,
    )
    return _ahead_of_print(record) if _seen_early(report) else record


def _seen_early(report: Report) -> bool:
    """Whether Embase indexed the report ahead of print, a year before the issue."""
    shared = "E" in report.sources and len(report.sources) > 1 and bool(report.doi)
    plain = not report.real and not report.group and report.type != CONFERENCE
    return shared and plain and rng("early", report.key).random() < 0.16


def _ahead_of_print(record: Record) -> Record:
    """The same DOI everywhere; Embase has an earlier year and no volume yet."""
    if record.source != "E":
        return replace(record, doi=record.report.doi)
    early = replace(record, year=record.year - 1, in_press=True, doi=record.report.doi)
    return replace(early, volume="", issue="", first_page="", last_page="")


def _cross_numbered(record: Record, numbers: dict[tuple[str, str], str]) -> Record:
    """Embase and CENTRAL name the PubMed record, CENTRAL the Embase record too, mostly."""
    key = record.report.key
    pmid, embase = numbers.get(("P", key), ""), numbers.get(("E", key), "")
    if record.source == "E" and rng("pmid", key).random() < 0.8:
        return replace(record, pmid=pmid)
    if record.source == "C":
        return replace(record, pmid=pmid, embase_number=embase.removeprefix("L"))
    return record


def usual_records(found: dict[str, list[Record]]) -> dict[str, str]:
    """The record_id by which people usually call each report: PubMed's, else Embase's, and so on."""
    return {r.report.key: r.record_id for source in "BCWEP" for r in found[source]}
