"""EndNote's XML, which Zotero, Mendeley and EPPI write as well; text may sit in <style> elements."""

import re

from .format import Fields, Format, Values, search
from .xml import Shape, counter, reader

_SHAPE = Shape(
    frozenset({"record"}),
    {
        "ref-type": "type",
        "contributors/authors/author": "author",
        "titles/title": "title",
        "titles/secondary-title": "secondary",
        "titles/alt-title": "alternate",
        "titles/translated-title": "translated",
        "titles/short-title": "",
        "periodical/full-title": "journal",
        "periodical/abbr-1": "abbreviation",
        "dates/year": "year",
        "dates/pub-dates/date": "date",
        "keywords/keyword": "keyword",
        "urls/related-urls/url": "url",
        "urls/web-urls/url": "url",
        **{
            name: name
            for name in (
                "volume", "number", "issue", "pages", "isbn", "accession-num", "electronic-resource-num", "abstract",
                "remote-database-name", "remote-database-provider", "language", "notes", "work-type", "custom2",
                "source-app", "rec-number", "database",
            )
        },
    },
    {},
    {"ref-type": "name"},
)  # fmt: skip


def refine(values: Values, fields: Fields) -> None:
    """The type's name without its number; PMCID in custom2; a PubMed record's accession is its PMID."""
    fields["publication_type"] = [name.split(":")[0] for name in fields["publication_type"]]
    fields["pmcid"] = next((v for v in values.get("custom2", ()) if re.fullmatch(r"PMC\d{4,9}", v)), "")
    # `accession-num` is a number of the database, but a reference manager may keep a file name or its own key there.
    database = " ".join(fields["database"]).casefold()
    if fields["accession"].isdigit() and any(name in database for name in ("medline", "pubmed", "nlm")):
        fields["pmid"] = fields["accession"]
    if fields["accession"].startswith("rayyan-"):
        fields["accession"] = ""


ENDNOTE_XML = Format(
    "endnote_xml",
    "EndNote XML",
    ("<ref-type",),
    search(r"<record[\s>](?:[^<]{0,400}<[^>]{1,400}>){0,40}?[^<]{0,400}<ref-type"),
    reader(_SHAPE),
    counter("record"),
    {
        "accession": ("accession-num",),
        "doi": ("electronic-resource-num", "url"),
        "title": ("title",),
        "translated_title": ("translated",),
        "authors": ("author",),
        "year": ("year", "date"),
        "journal": ("journal", "secondary", "alternate"),
        "journal_abbreviation": ("abbreviation", "alternate"),
        "volume": ("volume",),
        "issue": ("number", "issue"),
        "pages": ("pages",),
        "abstract": ("abstract",),
        "language": ("language",),
        "publication_type": ("work-type", "type"),
        "keywords": ("keyword",),
        "url": ("url",),
        "notes": ("notes",),
        "issn": ("isbn",),
        "database": ("remote-database-name",),
    },
    refine,
)
