"""The three RIS dialects, each in its source's own shape."""

from collections.abc import Iterable

from .abstracts import abstract, keywords
from .records import Record
from .reports import CONFERENCE, Author, Report, rng
from .titles import GREEK, plain, sentence_case

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
EMBASE_TYPES = {
    "review": "Review",
    "editorial": "Editorial",
    "letter": "Letter",
    "erratum": "Erratum",
    CONFERENCE: "Conference Abstract",
}
Lines = Iterable[tuple[str, str]]


def web_of_science(records: Iterable[Record]) -> str:
    """Web of Science: BOM, abbreviated names in capitals, continuation lines, bare lines after N1."""
    entries = ["\n".join(f"{tag}  - {value}" if tag else value for tag, value in _wos(r)) for r in records]
    return "\ufeff" + "\n\n".join(f"{entry}\nER  -" for entry in entries) + "\n\n"


def _wos(record: Record) -> Lines:
    report, journal = record.report, record.report.journal
    yield "TY", "JOUR"
    yield from (("AU", plain(f"{a.surname}, {_wos_initials(a)}")) for a in report.authors)
    yield "TI", record.title
    yield "T2", plain(journal.name).upper()
    if report.type == CONFERENCE:
        yield "M3", "Meeting Abstract"
    yield "LA", "English"
    yield from (("KW", word.upper()) for word in keywords(report))
    yield from _wos_abstract(record)
    if not report.real:
        yield "AD", f"Example Univ, Dept Med, {journal.place.title()}"
        yield "PI", journal.place
    if journal.issn:
        yield "SN", journal.issn
    yield "J9", plain(journal.medline or journal.name).upper()
    yield "JI", plain(journal.abbreviation)
    yield from _wos_place(record)
    yield "WE", "Science Citation Index Expanded (SCI-EXPANDED)"
    yield "AN", record.accession
    yield "N1", report.note
    if not report.real:
        cited = rng("cited", report.key).randint(0, 60)
        yield "N1", f"Times Cited in Web of Science Core Collection:  {cited}"
        yield "", f"Total Times Cited:  {cited + cited // 9}"
        yield "", f"Cited Reference Count:  {rng('list', report.key).randint(4, 80)}"


def _wos_initials(author: Author) -> str:
    """Web of Science gives a Chinese given name of two syllables two initials."""
    return author.initials() + (author.given[0] if len(author.zh) == 3 else "")


def _wos_abstract(record: Record) -> Lines:
    """Greek letters spelt out; a structured abstract continues on lines with three spaces."""
    text = abstract(record.report) if record.with_abstract else ""
    for letter, name in GREEK.items():
        text = text.replace(letter, name)
    if text and rng("structured", record.report.key).random() < 0.4:
        first, _, rest = text.partition(". ")
        text = f"Objective: {first}.\n   Results: {rest}"
    if text:
        yield "AB", text.replace("×", "x")


def _wos_place(record: Record) -> Lines:
    report = record.report
    if report.month:
        yield "DA", MONTHS[report.month - 1].upper()
    yield "PY", str(record.year)
    yield "VL", record.volume
    if record.issue:
        yield "IS", record.issue.replace("Suppl ", "S")
    if record.first_page:
        yield "SP", record.first_page
        yield "EP", record.last_page or record.first_page
    if report.elocation:
        yield "C7", report.elocation
    if record.doi:
        yield "DO", record.doi


def embase(records: Iterable[Record]) -> str:
    """Embase.com: accession in U2 and UR, PMID in C5, DB once or twice, a space after the last dash."""
    entries = ["\n".join(f"{tag}  - {value}" for tag, value in _embase(r)) for r in records]
    return "\n\n".join(f"{entry}\nER  - " for entry in entries) + "\n"


def _embase(record: Record) -> Lines:
    report, journal = record.report, record.report.journal
    yield "TY", "JOUR"
    yield "M3", "Article in Press" if record.in_press else EMBASE_TYPES.get(report.type, "Article")
    yield "Y1", str(record.year)
    place = [("VL", record.volume), ("IS", record.issue), ("SP", record.first_page or report.elocation)]
    yield from (pair for pair in [*place, ("EP", record.last_page), ("SN", journal.issn)] if pair[1])
    yield "JF", journal.name
    yield "JO", journal.abbreviation
    link = "https://www.embase.com/search/results?subaction=viewrecord&id={}&from=export"
    yield "UR", link.format(record.accession)
    yield "U2", record.accession
    if record.pmid:
        yield "C5", record.pmid
    yield "DB", "Embase"
    if record.pmid:
        yield "DB", "Medline"
    yield from _embase_dates(record)
    if record.doi:
        yield "L2", f"http://dx.doi.org/{record.doi}"
        yield "DO", record.doi
    yield from (("A1", f"{a.surname}, {_dotted(a)}") for a in report.authors)
    if not report.real:
        everyone = "; ".join(f"{a.surname} {_dotted(a)}" for a in report.authors)
        yield "M1", f"({everyone}) Department of Medicine, Example University, {journal.place.title()}"
    yield "T1", record.title
    yield "LA", {"chi": "Chinese", "fre": "French", "ger": "German"}.get(report.language, "English")
    yield from (("KW", word) for word in keywords(report))
    text = abstract(report) if record.with_abstract else ""
    if text:
        yield "N2", text
    yield "N1", report.note


def _dotted(author: Author) -> str:
    return "".join(f"{letter}." for letter in author.initials())


def _embase_dates(record: Record) -> Lines:
    """Days of entry, for constructed records only."""
    if record.report.real:
        return
    draw = rng("entered", record.report.key)
    month, day = min(12, record.report.month + 1), draw.randint(1, 20)
    yield "U3", f"{record.year}-{month:02d}-{day:02d}"
    if record.pmid:
        yield "U4", f"{record.year}-{month:02d}-{day + 7:02d}"


def cochrane(records: list[Record]) -> str:
    """Cochrane Library: a preamble before each record, two spaces after the dash, a Unicode hyphen."""
    head = 'Record #{} of {}\nProvider: John Wiley & Sons, Ltd.\nContent: text/plain; charset="UTF-8"\n\n'
    entries = [
        head.format(i, len(records)) + "\n".join(f"{tag}  -  {value}" for tag, value in _cochrane(r))
        for i, r in enumerate(records, 1)
    ]
    return "\n\n\n".join(f"{entry}\nER  -  " for entry in entries) + "\n\n"


def _cochrane(record: Record) -> Lines:
    report = record.report
    registry = report.type == "registry"
    yield "TY", "JOUR"
    yield "AN", record.accession
    yield from (("A1", plain(f"{a.surname}, {a.initials()}")) for a in report.authors if not registry)
    yield "T1", record.title
    yield "JA", _trial_link(report) if registry else _cochrane_journal(report)
    yield "PY", str(record.year)
    pages = "\u2010".join(p for p in (record.first_page, record.last_page) if p)
    place = [("VL", record.volume), ("IS", record.issue), ("SP", pages)]
    yield from (pair for pair in place if pair[1] and not registry)
    numbers = [
        ("PUBMED", record.pmid),
        ("EMBASE", record.embase_number),
        ("CTgov", _trial(report) if registry else ""),
    ]
    if any(number for _, number in numbers):
        yield "C3", ",".join(f"{name} {number}" for name, number in numbers if number)
    kind = "Trial registry record" if registry else "Journal article"
    yield "M3", f"{kind}; Conference proceeding" if report.type == CONFERENCE else kind
    yield from (("KW", word.capitalize()) for word in keywords(report))
    if record.doi:
        yield "DO", record.doi
    text = abstract(report) if record.with_abstract else ""
    if text:
        yield "N2", text.replace("-", "\u2010")
    yield "UR", f"https://www.cochranelibrary.com/central/doi/10.1002/central/{record.accession}/full"
    yield "N1", report.note


def _trial(report: Report) -> str:
    return f"NCT99000{report.key[1:]}"


def _trial_link(report: Report) -> str:
    return f"https://clinicaltrials.gov/show/{_trial(report)}"


def _cochrane_journal(report: Report) -> str:
    full = sentence_case(report.journal.name)
    return full if rng("ja", report.key).random() < 0.6 else report.journal.medline or full
