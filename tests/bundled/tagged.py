"""PubMed's tagged format and NoteExpress as Chinese databases export it."""

import re
import textwrap
from collections.abc import Iterable

from .abstracts import abstract, keywords
from .records import Record
from .reports import Author, rng
from .ris import MONTHS
from .titles import plain, sentence_case

PUBMED_TYPES = {
    "review": ["Journal Article", "Review"],
    "case_report": ["Case Reports", "Journal Article"],
    "editorial": ["Editorial"],
    "letter": ["Letter", "Comment"],
    "erratum": ["Published Erratum"],
}
COUNTRIES = {"chi": "China", "fre": "France", "ger": "Germany"}
Lines = Iterable[tuple[str, str]]


def pubmed(records: Iterable[Record]) -> str:
    """MEDLINE tags of four characters; long values wrap onto lines with six spaces; a blank line ends a record."""
    return "\n".join("".join(_wrapped(tag, value) for tag, value in _medline(r)) for r in records)


def _wrapped(tag: str, value: str) -> str:
    lines = textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False)
    return f"{tag:<4}- " + "\n      ".join(lines) + "\n"


def _medline(record: Record) -> Lines:
    report, journal = record.report, record.report.journal
    yield "PMID", record.accession
    yield "OWN", "NLM"
    yield "STAT", "MEDLINE"
    if journal.issn:
        yield "IS", f"{journal.issn} (Print)"
    yield from (pair for pair in [("VI", record.volume), ("IP", record.issue)] if pair[1])
    date = f"{record.year} {MONTHS[report.month - 1]}" if report.month else str(record.year)
    yield "DP", date
    yield "TI", record.title
    pages = _abbreviated(record.first_page, record.last_page) or report.elocation
    if pages:
        yield "PG", pages
    if record.doi:
        yield "LID", f"{record.doi} [doi]"
    text = abstract(report) if record.with_abstract else ""
    if text:
        yield "AB", re.sub(r"\^(\d)", r"(\1)", text).replace("×", "x")
    yield from _authors(report.authors)
    yield "LA", report.language
    yield from (("PT", kind) for kind in _types(record))
    if report.language != "eng":
        if rng("tt", report.key).random() < 0.6 or report.language != "chi":
            yield "TT", report.title_original
        yield "PL", COUNTRIES[report.language]
    yield from _journal_lines(record)
    yield from (("OT", word) for word in keywords(report))
    if record.doi:
        yield "AID", f"{record.doi} [doi]"
    yield "PST", "ppublish"
    place = f"{record.volume}({record.issue})" if record.issue else record.volume
    doi = f" doi: {record.doi}." if record.doi else ""
    yield "SO", f"{_short_title(record)}. {date};{place}:{pages}.{doi}"
    yield "GN", report.note


def _authors(authors: Iterable[Author]) -> Lines:
    for author in authors:
        yield "FAU", f"{author.surname}, {author.given}"
        yield "AU", f"{author.surname} {author.initials()}"


def _types(record: Record) -> list[str]:
    report = record.report
    if report.topic in ("clin", "other") and "C" in report.sources:
        return ["Journal Article", "Randomized Controlled Trial"]
    return PUBMED_TYPES.get(report.type, ["Journal Article"])


def _short_title(record: Record) -> str:
    return plain(record.report.journal.medline)


def _journal_lines(record: Record) -> Lines:
    """TA and JT; a Chinese journal has its transliterated name with the English one behind."""
    journal = record.report.journal
    yield "TA", _short_title(record)
    english = sentence_case(journal.name)
    yield "JT", f"{journal.medline.capitalize()} = {english}" if journal.kind == "zh" else english


def _abbreviated(first: str, last: str) -> str:
    """Pages with the repeated leading digits of the last one left out, such as 1611-9."""
    if not last or len(first) != len(last):
        return "-".join(p for p in (first, last) if p)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first) - 1)
    return f"{first}-{last[same:]}"


def noteexpress(records: Iterable[Record]) -> str:
    """NoteExpress: {Field}: value, a blank line behind each record, with BOM."""
    entries = ["\n".join(f"{{{name}}}: {value}" for name, value in _note(r)) for r in records]
    return "\ufeff" + "\n\n".join(entries) + "\n\n"


def _note(record: Record) -> Lines:
    report, journal = record.report, record.report.journal
    latin = ";".join(f"{a.surname} {a.given}" for a in report.authors)
    yield "Reference Type", "Journal Article"
    yield "Title", report.title_original
    yield "Translated Title", record.title
    yield "Author", latin if report.real else ";".join(a.zh for a in report.authors)
    yield "Translated Author", latin
    if not report.real:
        yield "Author Address", "示例大学医学院"
    yield "Journal", journal.zh
    yield "Translated Journal", journal.name
    if journal.issn:
        yield "ISBN/ISSN", journal.issn
    yield "Year", str(record.year)
    yield "Volume", record.volume
    yield "Issue", record.issue
    yield "Pages", "-".join(p for p in (record.first_page, record.last_page) if p)
    words = keywords(report, chinese=True)
    if words:
        yield "Keywords", ";".join(words)
    text = abstract(report, chinese=True) if record.with_abstract else ""
    if text:
        yield "Abstract", text
    yield "URL", f"https://www.sinomed.ac.cn/article.do?ui={record.accession}"
    if record.doi:
        yield "DOI", record.doi
    yield "Database Provider", "中国生物医学文献数据库"
    yield "Language", report.language
    yield "Notes", report.note
