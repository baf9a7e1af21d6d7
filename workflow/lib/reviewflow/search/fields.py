"""From the tags of one format to the columns of results/search/records.csv."""

import re
from collections.abc import Callable, Mapping

from reviewflow.tables import join_list
from reviewflow.text import clean, doi, fold, trial_ids, year

from .readers import Entry

Fields = dict[str, object]
# Where each platform keeps the identifier of a record, most telling first: Embase.com U2, Web of Science, CENTRAL and
# most others AN, Scopus within its link, Ovid ID.
_RIS_ACCESSIONS = (
    ("U2", re.compile(r"(L\d+)$")),
    ("AN", re.compile(r"(\S.*)")),
    ("UR", re.compile(r"eid=(2-s2\.0-\d+)")),
    ("UR", re.compile(r"[?&]id=(L\d+)")),
    ("ID", re.compile(r"(\S.*)")),
)
_RIS_TYPES = {
    "JOUR": "Journal Article",
    "CONF": "Conference Paper",
    "CPAPER": "Conference Paper",
    "ABST": "Abstract",
}


def ris_fields(entry: Entry) -> Fields:
    """Columns of a RIS entry."""
    start, end = entry.first("SP"), entry.first("EP")
    pages = f"{start}-{end}" if start and end and start != end and "-" not in start else start
    first = entry.first
    return _common(
        entry,
        accession=_accession(entry),
        pmid=_pmid(entry),
        doi=doi(first("DO") or first("DI") or next((v for v in entry.all("L3", "L2", "UR", "M3") if doi(v)), "")),
        title=first("TI", "T1", "CT"),
        translated_title=first("TT"),
        authors=entry.all("AU", "A1"),
        year=year(first("PY", "Y1", "DA")),
        journal=first("JF", "T2", "JO", "JA", "J2"),
        volume=first("VL"),
        issue=first("IS", "CP"),
        pages=pages or first("C7"),
        abstract=first("AB", "N2"),
        language=first("LA"),
        publication_type=entry.all("M3", "PT") or [_RIS_TYPES.get(first("TY"), first("TY"))],
        keywords=entry.all("KW", "DE"),
        url=first("UR", "LK", "L2"),
        notes=entry.all("N1"),
    )


def _accession(entry: Entry) -> str:
    for tag, pattern in _RIS_ACCESSIONS:
        for value in entry.all(tag):
            found = pattern.search(value)
            if found:
                return found.group(1).strip()
    return ""


def _pmid(entry: Entry) -> str:
    """PubMed identifier: Embase in C5, CENTRAL in C3 as "PUBMED n,EMBASE n", others in their own words."""
    for tag, pattern in (("C5", r"^(\d{1,9})$"), ("C3", r"PUBMED (\d{1,9})"), ("PM", r"^(\d{1,9})$")):
        for value in entry.all(tag):
            found = re.search(pattern, value)
            if found:
                return found.group(1)
    return ""


def nbib_fields(entry: Entry) -> Fields:
    """Columns of a PubMed entry. A title in brackets is NLM's translation; TT is the original."""
    first = entry.first
    bracketed = re.fullmatch(r"\[(.*)\]\.?", first("TI"))
    translated = bracketed.group(1) if bracketed else ""
    identifiers = [v.rsplit(" [doi]", 1)[0] for v in entry.all("LID", "AID") if v.endswith("[doi]")]
    return _common(
        entry,
        accession=first("PMID"),
        pmid=first("PMID"),
        pmcid=first("PMC"),
        doi=doi(next(iter(identifiers), "")),
        title=first("TT") or translated or first("TI"),
        translated_title=translated if first("TT") else "",
        authors=entry.all("FAU") or entry.all("AU"),
        year=year(first("DP", "DEP")),
        journal=first("JT", "TA"),
        volume=first("VI"),
        issue=first("IP"),
        pages=first("PG"),
        abstract=first("AB"),
        language=first("LA"),
        publication_type=entry.all("PT"),
        keywords=entry.all("MH", "OT"),
        notes=entry.all("GN"),
    )


def noteexpress_fields(entry: Entry) -> Fields:
    """Columns of a NoteExpress entry. CBM's accession is the `ui` of its link."""
    first = entry.first
    link = re.search(r"[?&]ui=(\w+)", first("URL"))
    return _common(
        entry,
        accession=first("Accession Number") or (link.group(1) if link else ""),
        pmid=first("PMID"),
        doi=doi(first("DOI")),
        title=first("Title"),
        translated_title=first("Translated Title"),
        authors=[a for value in entry.all("Author") for a in re.split(r"[;；，,]", value)],
        year=year(first("Year") or first("Date")),
        journal=first("Journal"),
        volume=first("Volume"),
        issue=first("Issue"),
        pages=first("Pages"),
        abstract=first("Abstract"),
        language=first("Language"),
        publication_type=entry.all("Reference Type"),
        keywords=[k for value in entry.all("Keywords") for k in re.split(r"[;；]", value)],
        url=first("URL"),
        notes=entry.all("Notes"),
    )


def _common(entry: Entry, **fields: object) -> Fields:
    lists = {n: join_list(clean(v) for v in values) for n, values in fields.items() if isinstance(values, list)}
    texts = {n: clean(v) for n, v in fields.items() if isinstance(v, str)}
    text = " ".join(value for _, value in entry.tags)
    return {**fields, **texts, **lists, "trial_ids": join_list(trial_ids(text))}


def is_record(fields: Mapping[str, object]) -> bool:
    """Whether there is enough to screen: a title, an abstract or a DOI."""
    return any(fold(str(fields.get(name) or "")) for name in ("title", "translated_title", "abstract", "doi"))


FIELDS: dict[str, Callable[[Entry], Fields]] = {
    "ris": ris_fields,
    "nbib": nbib_fields,
    "noteexpress": noteexpress_fields,
}
