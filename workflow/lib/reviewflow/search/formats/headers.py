"""Column names of tables, as PubMed, Embase, CENTRAL, EBSCO, Scopus, Web of Science, Lens, OpenAlex, Dimensions, Google
Scholar, Zotero, RefWorks, Covidence, Rayyan, ASReview, EPPI, Abstrackr, trial registers and CNKI write them; compared
without case, blanks and signs."""

import re

from .format import Fields, Values

COLUMNS: dict[str, tuple[str, ...]] = {
    # The most telling first: a register's or database's own number, never a reference manager's.
    "accession": (
        "pui", "embaseaccessionid", "centralid", "eid", "utuniquewosid", "uniquewosid", "ut", "lensid", "publicationid",
        "nctnumber", "trialid", "accessionnumber", "accessionno", "archivelocation", "openalexid", "idsopenalex",
    ),
    "pmid": ("pmid", "pubmedid", "medlinepmid", "idspmid", "openaccesspmid", "pm"),
    "pmcid": ("pmcid", "pmcids", "idspmcid"),
    "doi": ("doi", "dois", "doilink", "url", "link", "externalurl", "fulltextlink", "linktofulltext", "di"),
    "title": (
        "title", "articletitle", "primarytitle", "titleprimary", "documenttitle", "displayname",
        "studytitle", "scientifictitle", "publictitle", "题名", "篇名", "标题", "title题名", "ti",
    ),
    "original": ("originaltitle", "originalnonenglishtitle", "originalforeigntitle", "titleoriginal"),
    "translated_title": ("translatedtitle", "titletranslated", "titleenglish", "英文题名"),
    "authors": (
        "authors", "author", "authornames", "authorsprimary", "firstauthors", "authorfullnames", "authorss",
        "authorshipsauthordisplayname", "authorshipsdisplayname", "作者", "author作者", "af", "au",
    ),
    "year": (
        "year", "publicationyear", "publishedyear", "pubyear", "yearpublished", "publicationdate", "datepublished",
        "date", "dateofpublication", "年", "year年", "出版年", "pubtime发表时间", "发表时间", "py",
    ),
    "journal": (
        "journal", "journalbook", "sourcetitle", "journaltitle", "publicationtitle", "publication", "periodicalfull",
        "secondarytitle", "primarylocationsourcedisplayname", "source", "pubtitle", "刊名", "文献来源",
        "source文献来源", "期刊", "so",
    ),
    "journal_abbreviation": (
        "abbreviatedsourcetitle", "journalabbreviation", "journalisoabbreviation", "periodicalabbrev",
        "journalabbr", "alternatetitle", "ji",
    ),
    "volume": ("volume", "bibliovolume", "vol", "卷", "roll卷", "vl"),
    "issue": ("issue", "issuenumber", "number", "biblioissue", "期", "period期", "is"),
    "first_page": ("pagestart", "startpage", "firstpage", "bibliofirstpage", "bp"),
    "last_page": ("pageend", "endpage", "lastpage", "bibliolastpage", "otherpages", "ep"),
    "pages": ("pages", "pagination", "artno", "articlenumber", "页码", "page页码", "ar"),
    "abstract": (
        "abstract", "abstractnote", "notesabstract", "abstracts", "originalabstract", "摘要", "summary摘要", "ab",
    ),
    "language": ("language", "articlelanguage", "languageoforiginaldocument", "outputlanguage"),
    "publication_type": (
        "publicationtype", "documenttype", "doctype", "itemtype", "referencetype", "type", "studytype",
        "来源库", "srcdatabase来源库", "dt",
    ),
    "keywords": (
        "keywords", "authorkeywords", "keyword", "subjects", "manualtags", "automatictags", "meshterms", "keywordsplus",
        "emtreemedicalindexterms", "indexkeywords", "关键词", "keyword关键词",
    ),
    "url": ("url", "link", "embaselink", "plink", "externalurl", "permalink", "articlelink", "链接"),
    "notes": ("notes", "note", "tags", "extra", "conflict", "comments", "generalnotes"),
    "issn": ("issn", "issns", "issnisbn", "primarylocationsourceissnl"),
    "database": ("databasename", "subfiledatabase", "database", "archive", "sourcedb"),
    "retracted": ("isretracted",),
}  # fmt: skip
KNOWN = {name: column for column, names in reversed(COLUMNS.items()) for name in names}
# The database that a number itself names.
_OWNERS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"2-s2\.0-\d", "Scopus"),
        (r"L\d+$", "Embase"),
        (r"CN-\d", "CENTRAL"),
        (r"WOS:", "Web of Science"),
        (r"W\d{5,}$", "OpenAlex"),
        (r"pub\.\d", "Dimensions"),
        (r"\d{3}(?:-\d{3}){3}-\d\d[\dX]$", "Lens"),
        (r"NCT\d{8}$", "ClinicalTrials.gov"),
    )
)
# PubMed's CSV has volume, issue and pages only within one line: "... 2020 Feb;63(2):103640. doi: ...".
_CITATION = re.compile(
    r"\d{4}[^;]{0,20};(?P<volume>[^():.;]{1,40})?(?:\((?P<issue>[^)]{1,40})\))?(?::(?P<pages>[^.;]{1,40}))?"
)
_SIGNS = re.compile(r"[\W_]+")
_TELLING = frozenset({"title", "original", "abstract", "doi", "pmid", "accession"})
_INITIALS = re.compile(r"\S.{0,80}? [A-Z][A-Za-z.\-]{0,8}\.?$")
_PREFIX = re.compile(r"https?://openalex\.org/|^MEDLINE:", re.IGNORECASE)


def plain(name: str) -> str:
    """A column's name for comparing."""
    return _SIGNS.sub("", name.casefold())


def known(row: list[str]) -> int:
    """How many of the cells are names of columns, or 0 where none would make a record."""
    columns = {KNOWN.get(plain(cell)) for cell in row if len(cell) < 60} - {None}
    return len(columns) if columns & _TELLING and len(columns) > 1 else 0


def names_of(text: str) -> list[str]:
    """Authors of one cell: with semicolons, bars or "and" between them, or commas between names with initials."""
    for separator in (";", "|", " and "):
        if separator in text:
            return [name.strip(" ,") for name in text.split(separator) if name.strip(" ,")]
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if len(pieces) > 1 and all(len(piece) < 90 and _INITIALS.match(piece) for piece in pieces):
        # PubMed ends the list with a full stop, and writes initials without.
        return [*pieces[:-1], pieces[-1] if "." in pieces[0] else pieces[-1].removesuffix(".")]
    return [text.strip(" ,")] if text.strip(" ,") else []


def refine(values: Values, fields: Fields) -> None:
    """The platform's habits: original and translated title, page columns, OpenAlex's addresses, Rayyan's links."""
    if len(fields["authors"]) == 1:
        fields["authors"] = names_of(fields["authors"][0])
    if original := fields.pop("original"):
        fields["title"], fields["translated_title"] = original, fields["title"]
    start, end = fields.pop("first_page"), fields.pop("last_page")
    if not fields["pages"]:
        fields["pages"] = f"{start}-{end}" if start and end and end != start else start or end
    if fields.pop("retracted").casefold() == "true":
        fields["publication_type"] = [*fields["publication_type"], "Retracted Publication"]
    fields["accession"] = _accession(values, fields)
    owner = next((name for pattern, name in _OWNERS if pattern.match(fields["accession"])), "")
    fields["database"] = fields["database"] or ([owner] if owner else [])
    if found := _CITATION.search(next(iter(values.get("citation", ())), "")):
        for column in ("volume", "issue", "pages"):
            fields[column] = fields[column] or found[column] or ""
    _links(fields)


def _accession(values: Values, fields: Fields) -> str:
    given = _PREFIX.sub("", fields["accession"])
    if given and not given.startswith("rayyan-"):
        return given
    first = next(iter(values.get("id", ())), "")
    if "openalex.org/W" in first:
        return first.rsplit("/", 1)[-1]
    if "journalbook" in values:
        fields["database"] = fields["database"] or ["PubMed"]
        return str(fields["pmid"])
    link = re.search(r"[?&](?:id=(L\d{1,12})|eid=(2-s2\.0-\d{5,20})|AN=([\w.-]{3,40}))", fields["url"])
    return next((group for group in link.groups() if group), "") if link else ""


def _links(fields: Fields) -> None:
    if "pubmed" in fields["pmid"]:
        fields["pmid"] = fields["pmid"].rstrip("/").rsplit("/", 1)[-1]
    fields["pmid"] = fields["pmid"].removeprefix("PUBMED").strip(" :")
    if fields["pmid"] in ("0", "nan") or not fields["pmid"].isdigit():
        fields["pmid"] = ""
    pmcid = re.search(r"PMC\d{4,9}", fields["pmcid"])
    fields["pmcid"] = pmcid.group() if pmcid else ""
