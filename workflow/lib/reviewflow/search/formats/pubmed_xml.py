"""PubMed's XML (dtd.nlm.nih.gov/ncbi/pubmed/doc/out/)."""

from reviewflow.text import doi

from ..entry import Tags
from .format import Fields, Format, Values, search
from .pubmed import original_title
from .xml import Shape, counter, reader

_ARTICLE = "MedlineCitation/Article"
_BOOK = "BookDocument"
_NOTICES = {
    "RetractionIn": "RIN", "RetractionOf": "ROF", "ErratumIn": "EIN", "ErratumFor": "EFR",
    "ExpressionOfConcernIn": "ECI", "ExpressionOfConcernFor": "ECF",
}  # fmt: skip
_LEAVES = {
    "MedlineCitation/PMID": "PMID",
    f"{_BOOK}/PMID": "PMID",
    **{f"{root}/ArticleTitle": "TI" for root in (_ARTICLE, _BOOK)},
    f"{_ARTICLE}/VernacularTitle": "TT",
    f"{_BOOK}/Book/BookTitle": "BTI",
    **{f"{root}/AuthorList/Author": "AU" for root in (_ARTICLE, _BOOK)},
    **{
        f"{root}/AuthorList/Author/{name}": tag
        for root in (_ARTICLE, _BOOK)
        for name, tag in (("LastName", "LN"), ("ForeName", "FN"), ("Suffix", "SX"), ("CollectiveName", "CN"),
                          ("Initials", "IN"), ("Identifier", ""), ("AffiliationInfo", ""))
    },
    **{f"{root}/Abstract/AbstractText": "AB" for root in (_ARTICLE, _BOOK)},
    f"{_ARTICLE}/Journal/Title": "JT",
    f"{_ARTICLE}/Journal/ISOAbbreviation": "TA",
    f"{_ARTICLE}/Journal/ISSN": "IS",
    f"{_ARTICLE}/Journal/JournalIssue/Volume": "VI",
    f"{_ARTICLE}/Journal/JournalIssue/Issue": "IP",
    f"{_ARTICLE}/Journal/JournalIssue/PubDate/Year": "DP",
    f"{_ARTICLE}/Journal/JournalIssue/PubDate/MedlineDate": "DP",
    f"{_ARTICLE}/ArticleDate/Year": "DEP",
    f"{_BOOK}/Book/PubDate/Year": "DP",
    f"{_ARTICLE}/Pagination/MedlinePgn": "PG",
    f"{_ARTICLE}/ELocationID@doi": "DOI",
    f"{_ARTICLE}/ELocationID@pii": "PII",
    f"{_ARTICLE}/Language": "LA",
    f"{_ARTICLE}/PublicationTypeList/PublicationType": "PT",
    f"{_ARTICLE}/DataBankList/DataBank/AccessionNumberList/AccessionNumber": "SI",
    "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName": "MH",
    "MedlineCitation/KeywordList/Keyword": "OT",
    "MedlineCitation/GeneralNote": "GN",
    **{f"MedlineCitation/CommentsCorrectionsList/CommentsCorrections@{k}": tag for k, tag in _NOTICES.items()},
    "PubmedData/ArticleIdList/ArticleId@doi": "DOI",
    "PubmedData/ArticleIdList/ArticleId@pmc": "PMC",
    # Text that is no part of the record itself.
    "PubmedData/ReferenceList": "",
}  # fmt: skip


def _parse(tags: Tags) -> Tags:
    """Each author as one name, written as PubMed's tagged format does."""
    out: Tags = []
    name: dict[str, str] = {}
    for tag, value in tags:
        if tag in ("LN", "FN", "IN", "SX", "CN"):
            name[tag] = value
        elif tag == "AU":
            given = " ".join(part for part in (name.get("FN") or name.get("IN", ""), name.get("SX", "")) if part)
            family = name.get("LN", "")
            out.append(("author", f"{family}, {given}" if family and given else family or name.get("CN", "")))
            name = {}
        else:
            out.append((tag, value))
    return out


_SHAPE = Shape(
    frozenset({"PubmedArticle", "PubmedBookArticle"}),
    _LEAVES,
    {"ELocationID": "EIdType", "ArticleId": "IdType", "CommentsCorrections": "RefType"},
    {"AbstractText": "Label"},
    _parse,
)


def refine(values: Values, fields: Fields) -> None:
    """The PMID is the accession; a date is free text at times ("2019 Jan-Feb"); an abstract has several parts."""
    fields["accession"] = fields["pmid"]
    fields["database"] = ["PubMed"]
    fields["abstract"] = " ".join(values.get("AB", ()))
    fields["doi"] = next((name for value in values.get("DOI", ()) if (name := doi(value))), "")
    original_title(fields)


PUBMED_XML = Format(
    "pubmed_xml",
    "PubMed XML",
    ("<PubmedArticle", "<PubmedBookArticle"),
    search(r"<Pubmed(?:Book)?Article(?:Set)?[\s>]"),
    reader(_SHAPE),
    counter("PubmedArticle|PubmedBookArticle"),
    {
        "pmid": ("PMID",),
        "pmcid": ("PMC",),
        "title": ("TI", "BTI"),
        "translated_title": ("TT",),
        "authors": ("author",),
        "year": ("DP", "DEP"),
        "journal": ("JT", "TA", "BTI"),
        "journal_abbreviation": ("TA",),
        "volume": ("VI",),
        "issue": ("IP",),
        "pages": ("PG",),
        "abstract": ("AB",),
        "language": ("LA",),
        "publication_type": ("PT",),
        "keywords": ("MH", "OT"),
        "url": (),
        "notes": ("GN",),
        "issn": ("IS",),
    },
    refine,
)
