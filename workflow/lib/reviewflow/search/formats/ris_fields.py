"""From RIS tags to columns: which tag holds what on which platform (seen in the exports of 25 platforms that
ASReview collected, and in the platforms' own help)."""

import re

from reviewflow.text import doi

from ..cells import tidy
from .format import Fields, Values

COLUMNS: dict[str, tuple[str, ...]] = {
    "doi": ("DO", "DOI", "DI", "L3", "L2", "UR", "URL", "M3", "LK"),
    "title": ("TI", "T1", "CT", "BT"),
    "translated_title": ("TT",),
    "authors": ("AU", "A1"),
    "year": ("PY", "Y1", "DA"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "BT"),
    "journal_abbreviation": ("J2", "JA", "JI", "JO", "NL", "J9"),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "first_page": ("SP",),
    "last_page": ("EP",),
    "pages": ("PG",),
    "abstract": ("AB", "N2"),
    "language": ("LA",),
    "publication_type": ("PT", "M3"),
    "keywords": ("KW", "DE"),
    "url": ("UR", "URL", "LK", "L2"),
    "notes": ("N1",),
    "issn": ("SN",),
    "database": ("DB",),
    "pmid": ("PMID",),
    "pmcid": ("PMCID",),
}
TYPES = {
    "JOUR": "Journal Article",
    "EJOUR": "Journal Article",
    "CONF": "Conference Paper",
    "CPAPER": "Conference Paper",
    "ABST": "Abstract",
}
# Where each platform keeps the identifier of a record, most telling first, and the database that it means. A reference
# manager's own number (rayyan-1, RefID:1, EndNote's and Mendeley's ID) is none: it changes with the next upload.
_ACCESSIONS = tuple(
    (tag, re.compile(pattern), database)
    for tag, pattern, database in (
        ("U2", r"(L\d{1,12})$", "Embase"),
        ("AN", r"(WOS:\w{1,30})", "Web of Science"),
        ("AN", r"(CN-\d{1,10})", "CENTRAL"),
        ("AN", r"^(?!rayyan-)(\S[^\n]{0,99})", ""),
        ("UR", r"eid=(2-s2\.0-\d{5,20})", "Scopus"),
        ("UR", r"\bU2 {1,2}- (L\d{1,12})", "Embase"),  # swallowed by Rayyan
        ("UR", r"[?&]id=(L\d{1,12})", "Embase"),
        ("N1", r"Accession Number: ([^;\s]{1,40})", ""),  # EBSCO's direct export has it nowhere else
        ("UR", r"[?&]AN=([\w.-]{3,40})", ""),
        ("L2", r"ovid[^\s]{0,300}[?&]AN=([\w.-]{3,40})", ""),
        ("UR", r"//(?:www\.)?lens\.org/(?:lens/[\w/]{0,40})?(\d{3}(?:-\d{3}){3}-\d\d[\dX])", "Lens"),
        ("L2", r"//(?:www\.)?lens\.org/(?:lens/[\w/]{0,40})?(\d{3}(?:-\d{3}){3}-\d\d[\dX])", "Lens"),
        ("UR", r"proquest\.com/[\w/-]{0,200}docview/(\d{5,12})", "ProQuest"),
        ("UR", r"openalex\.org/(?:works/)?(W\d{4,12})", "OpenAlex"),
        ("ID", r"^(pub\.\d{5,12})$", "Dimensions"),
        ("ID", r"^(\d{3}(?:-\d{3}){3}-\d\d[\dX])$", "Lens"),
        # Ovid: EJ389705, 2021-94054-001, a PubMed or Embase number; BVS: lil-123456.
        ("ID", r"^([A-Z]{2,6}\d{5,12}|\d{4}-\d{5}-\d{3}|\d{7,12}|(?!rayyan)[a-z]{2,8}-\d{4,12})$", ""),
        ("N1", r"^(L\d{7,12})(?:\s|$)", "Embase"),  # what EndNote makes of U2
        ("UR", r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{4,8})(?:/|\s|$)", "PubMed"),
    )
)
_PMIDS = tuple(
    (tag, re.compile(pattern))
    for tag, pattern in (
        ("C5", r"^(\d{1,8})$"),  # Embase.com
        ("C3", r"PUBMED (\d{1,8})"),  # CENTRAL
        ("PM", r"^(\d{1,8})$"),
        ("UR", r"ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{4,8})(?:/|\s|$)"),
        ("L2", r"ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{4,8})(?:/|\s|$)"),
        ("N1", r"\bPMID: ?(\d{1,8})\b"),  # Zotero
    )
)
_PMCID = re.compile(r"\b(PMC\d{4,9})\b")
_RIGHTS = re.compile(r"(?:Copyright|©|\(c\) ?\d{4})")


def _found(values: Values, tag: str, pattern: re.Pattern[str]) -> str:
    for value in values.get(tag, ()):
        if found := pattern.search(value):
            return found.group(1).strip()
    return ""


def refine(values: Values, fields: Fields) -> None:
    """What RIS leaves to the platform: identifiers, pages, EBSCO's second abstract, types."""
    for tag, pattern, database in _ACCESSIONS:
        if tag in values and (accession := _found(values, tag, pattern)):
            fields["accession"] = accession
            fields["database"] = fields["database"] or [database]
            break
    fields["pmid"] = fields["pmid"] or _pmid(values, fields)
    fields["pmcid"] = fields["pmcid"] or _pmcid(values)
    fields["pages"] = _pages(values, fields)
    fields["abstract"] = _abstract(values) if "AB" in values else fields["abstract"]
    types = [name for name in fields["publication_type"] if not doi(name)]  # M3 is a DOI in old Mendeley files
    kind = next(iter(values.get("TY", ())), "")
    fields["publication_type"] = types or [TYPES.get(kind, kind)]


def _pmid(values: Values, fields: Fields) -> str:
    for tag, pattern in _PMIDS:
        if tag in values and (found := _found(values, tag, pattern)):
            return found
    databases = " ".join(fields["database"])
    scopus = next((v for v in values.get("C2", ()) if v.isdigit() and len(v) <= 8), "")
    if scopus and "Scopus" in databases:
        return scopus
    accession = str(fields.get("accession") or "")
    medline = any(name in databases.casefold() for name in ("medline", "pubmed", "nlm"))
    return accession if medline and accession.isdigit() and len(accession) <= 8 else ""


def _pmcid(values: Values) -> str:
    return next((f for tag in ("C2", "UR", "L2", "N1") if tag in values and (f := _found(values, tag, _PMCID))), "")


def _pages(values: Values, fields: Fields) -> str:
    start, end = fields.pop("first_page"), fields.pop("last_page")
    if start and end and start != end and "-" not in start:
        return f"{start}-{end}"
    # Numbers in place of pages: C7 in Scopus and Web of Science; CiteSource keeps a label there.
    numbers = [value for value in values.get("C7", ()) if any(map(str.isdigit, value))]
    return start or str(next(iter(numbers), "")) or str(fields["pages"])


def _abstract(values: Values) -> str:
    """EBSCO writes its copyright notice as a second AB; whatever else is repeated belongs to the abstract."""
    parts = [part for part in values["AB"] if part]
    return tidy(" ".join(parts[:1] + [part for part in parts[1:] if not _RIGHTS.match(part)]))
