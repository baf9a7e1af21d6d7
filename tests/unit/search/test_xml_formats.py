"""XML of PubMed and EndNote: the rows that come out, and what is refused."""

import time

import pytest
from reviewflow.search import UnknownFormat, read_export
from reviewflow.search.fields import FIELDS
from search_samples import ENDNOTE_XML, PUBMED_XML

ARTICLE = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">31456789</PMID><Article>
<Journal><ISSN IssnType="Print">0961-2033</ISSN><JournalIssue><Volume>28</Volume><Issue>3</Issue><PubDate>
<MedlineDate>2019 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>Lupus journal</Title>
<ISOAbbreviation>Lupus</ISOAbbreviation></Journal>
<ArticleTitle>[CO<sub>2</sub> &amp; <i>in vitro</i> cells].</ArticleTitle>
<Pagination><MedlinePgn>494-6</MedlinePgn></Pagination><ELocationID EIdType="doi">10.1000/X</ELocationID>
<Abstract><AbstractText Label="AIM">First.</AbstractText><AbstractText>Second.</AbstractText></Abstract>
<AuthorList><Author><LastName>Gu</LastName><ForeName>Fei</ForeName><Initials>F</Initials><AffiliationInfo><Affiliation>
Nanjing</Affiliation></AffiliationInfo></Author><Author><CollectiveName>Lupus Group</CollectiveName></Author>
</AuthorList><Language>chi</Language><DataBankList><DataBank><AccessionNumberList><AccessionNumber>NCT01234567</AccessionNumber>
</AccessionNumberList></DataBank></DataBankList><PublicationTypeList><PublicationType UI="D1">Journal Article
</PublicationType></PublicationTypeList><VernacularTitle>Ganxibao.</VernacularTitle></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><PMID>99</PMID></CommentsCorrections>
</CommentsCorrectionsList><MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading>
</MeshHeadingList></MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">
10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList><ArticleIdList><ArticleId IdType="pmc">PMC123456
</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>"""
RECORD = """<?xml version="1.0"?><xml><records><record><database name="a.enl">a</database>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal" font="default">Gu, Fei</style></author>
<author>Li, X.</author></authors></contributors>
<titles><title><style>One &lt;b&gt;</style><style face="italic"> two</style></title>
<secondary-title>Lupus</secondary-title></titles><periodical><full-title>Lupus journal</full-title><abbr-1>Lup</abbr-1>
</periodical><pages>1-9</pages><volume>28</volume><number>3</number><dates><year>2020</year></dates><isbn>0961-2033</isbn>
<accession-num>31456789</accession-num><electronic-resource-num>10.1000/x</electronic-resource-num><abstract>Text</abstract>
<keywords><keyword>a</keyword><keyword>b</keyword></keywords><urls><related-urls><url>https://x.org</url></related-urls></urls>
<custom2>PMC123456</custom2><remote-database-name>Medline</remote-database-name></record></records></xml>"""


def only(text):
    export = read_export(text.encode())
    assert export.counted == len(export.entries) == 1
    return FIELDS[export.format](export.entries[0])


def test_pubmed_xml_gives_what_the_tagged_format_gives():
    expected = {
        "accession": "31456789", "pmcid": "PMC123456", "doi": "10.1000/x", "title": "Ganxibao.",
        "translated_title": "CO2 & in vitro cells", "authors": "Gu, Fei; Lupus Group", "year": 2019,
        "journal": "Lupus journal", "journal_abbreviation": "Lupus", "volume": "28", "issue": "3", "pages": "494-6",
        "abstract": "AIM: First. Second.", "language": "chi", "publication_type": "Journal Article",
        "keywords": "Humans", "trial_ids": "NCT01234567", "notice": "retraction", "notice_role": "subject",
    }  # fmt: skip
    got = only(ARTICLE)
    assert {name: got[name] for name in expected} == expected


def test_endnote_xml_joins_the_styles_of_a_title():
    expected = {
        "title": "One two", "authors": "Gu, Fei; Li, X.", "journal": "Lupus journal", "journal_abbreviation": "Lup",
        "year": 2020, "volume": "28", "issue": "3", "pages": "1-9", "doi": "10.1000/x", "accession": "31456789",
        "pmid": "31456789", "pmcid": "PMC123456", "abstract": "Text", "keywords": "a; b", "url": "https://x.org",
        "publication_type": "Journal Article", "database": "Medline",
    }  # fmt: skip
    got = only(RECORD)
    assert {name: got[name] for name in expected} == expected


def test_a_named_character_of_the_document_type_is_not_lost():
    export = read_export(PUBMED_XML.replace("One", "Caf&eacute;").encode())
    assert FIELDS["pubmed_xml"](export.entries[0])["title"] == "Café"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "entities that grow": PUBMED_XML.replace("<!DOCTYPE", f"{BOMB}]><!-- ").replace('.dtd">', "-->"),
    "an external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    "<PubmedArticleSet><PubmedArticle>&e;</PubmedArticle></PubmedArticleSet>",
    "cut off": PUBMED_XML[:-60],
    "an entity that nothing declares": ENDNOTE_XML.replace("One", "&eacute;"),
    "two documents": ENDNOTE_XML + ENDNOTE_XML,
    "nested deeply": f"<PubmedArticleSet><PubmedArticle>{'<a>' * 100_000}",
}


@pytest.mark.parametrize("what", REFUSED)
def test_harmful_or_broken_xml_is_refused_at_once_with_its_line(what):
    start = time.process_time()
    with pytest.raises(UnknownFormat) as error:
        read_export(REFUSED[what].encode())
    assert error.value.line >= 1
    assert error.value.mend
    assert time.process_time() - start < 2
