"""RIS as each platform writes it, one oddity each: the row that comes out."""

import pytest
from reviewflow.search import read_export
from reviewflow.search.fields import FIELDS
from reviewflow.search.formats import ris


def rows(text):
    export = read_export(text.encode())
    assert (export.format, export.counted) == ("ris", len(export.entries))
    return [FIELDS["ris"](entry) for entry in export.entries]


def row(*tags):
    (only,) = rows("TY  - JOUR\n" + "\n".join(tags) + "\nER  - \n")
    return only


PLATFORMS = {
    "embase.com": (
        ["T1  - A", "A1  - Gu, F.", "JF  - Lupus", "JO  - Lup.", "U2  - L600000001", "C5  - 1234567", "DB  - Embase",
         "DB  - Medline", "N2  - Text", "Y1  - 2020", "M3  - Article in Press"],
        {"accession": "L600000001", "pmid": "1234567", "database": "Embase; Medline", "journal": "Lupus",
         "journal_abbreviation": "Lup.", "abstract": "Text", "year": 2020, "publication_type": "Article in Press"},
    ),
    "ovid": (
        ["DB  - APA PsycInfo <2021>", "ID  - 2021-94054-001", "DO  - https://dx.doi.org/10.1000/X.1", "T1  - A",
         "AI  - Gu, F; ORCID: x", "A2  - Cited, C.", "Y1  - 2021//", "NL  - J Ex", "JF  - Journal of Examples",
         "M3  - Therapy [3311]", "PT  - Journal", "M1  - A cited report"],
        {"accession": "2021-94054-001", "doi": "10.1000/x.1", "year": 2021, "journal_abbreviation": "J Ex",
         "publication_type": "Journal", "authors": "", "notes": "", "database": "APA PsycInfo <2021>"},
    ),
    "ebsco": (
        ["T1  - A", "AB  - Text", "AB  - Copyright of PLoS ONE is the property of its owner", "L3  - 10.1000/x",
         "N1  - Accession Number: 176404503; Gu, Fei 1;", "DB  - aph", "DP  - EBSCOhost", "Y1  - 2024/04/03/"],
        {"accession": "176404503", "doi": "10.1000/x", "abstract": "Text", "database": "aph", "year": 2024},
    ),
    "scopus": (
        ["TI  - A", "C7  - 2864", "UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-85189760133&doi=10.1%2fx",
         "C2  - 38580657", "DB  - Scopus", "J2  - Nat. Commun.", "T2  - Nature Communications"],
        {"accession": "2-s2.0-85189760133", "pages": "2864", "pmid": "38580657", "journal": "Nature Communications",
         "journal_abbreviation": "Nat. Commun."},
    ),
    "web of science": (
        ["TI  - A", "AN  - WOS:000282053100002", "T2  - PLOS ONE", "JI  - PLoS One", "SN  - 1932-6203",
         "SN  - 1932-0000", "C7  - e12292", "AB  - First:", "   second."],
        {"accession": "WOS:000282053100002", "database": "Web of Science", "issn": "1932-6203; 1932-0000",
         "pages": "e12292", "abstract": "First: second.", "journal_abbreviation": "PLoS One"},
    ),
    "proquest": (
        ["T1  - A", "AN  - 2612345678", "UR  - https://www.proquest.com/docview/2612345678", "DB  - ProQuest Central"],
        {"accession": "2612345678", "database": "ProQuest Central"},
    ),
    "proquest without AN": (
        ["T1  - A", "UR  - https://www.proquest.com/scholarly-journals/a/docview/2612345678/se-2"],
        {"accession": "2612345678", "database": "ProQuest"},
    ),
    "lens": (
        ["TI  - A", "ID  - 002-042-026-423-65X", "L2  - https://pubmed.ncbi.nlm.nih.gov/22752652/",
         "L2  - https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8382607", "UR  - https://lens.org/002-042-026-423-65X"],
        {"accession": "002-042-026-423-65X", "database": "Lens", "pmid": "22752652", "pmcid": "PMC8382607"},
    ),
    "dimensions": (["TI  - A", "ID  - pub.1012345678"], {"accession": "pub.1012345678", "database": "Dimensions"}),
    "openalex": (
        ["TI  - A", "UR  - https://openalex.org/W4387881419", "C1  - An address", "LA  - en"],
        {"accession": "W4387881419", "database": "OpenAlex", "language": "en"},
    ),
    "endnote": (
        ["TI  - A", "DB  - Embase", "Medline", "KW  - article", "upper jaw", "SN  - 1932-8494", "1932-8486",
         "N1  - L2030246463", "2024-06-24", "ID  - 889"],
        {"accession": "L2030246463", "database": "Embase; Medline", "keywords": "article; upper jaw",
         "issn": "1932-8494; 1932-8486"},
    ),
    "zotero": (
        ["TI  - A", "AU  - Gu, Fei", "DA  - 2019/09//undefined", "N1  - PMID: 31456789", "AN  - 31456789",
         "DB  - PubMed",          "SN  - 1660-4601 1661-7827"],
        {"year": 2019, "pmid": "31456789", "accession": "31456789", "database": "PubMed"},
    ),
    "mendeley": (["TI  - A", "M3  - 10.1000/x", "ID  - Gu2020"], {"doi": "10.1000/x", "accession": "",
                                                                   "publication_type": "Journal Article"}),
    "citavi": (["T1  - A", "TS  - RIS", "M4  - Citavi", "DO  - 10.1000/x"], {"doi": "10.1000/x", "accession": ""}),
    "refworks": (
        ["T1  - A", "ID  - RefID:888-gu2020", "JF  - Anatomical Record", "JA  - Anat.Rec.",
         "UR  - https://www.embase.com/search/results?subaction=viewrecord&id=L2030246463&from=export http://x.org/a"],
        {"accession": "L2030246463", "database": "Embase", "journal_abbreviation": "Anat.Rec.",
         "url": "https://www.embase.com/search/results?subaction=viewrecord&id=L2030246463&from=export"},
    ),
    "covidence": (
        ["TI  - A", "PD  - ", "N2  - Text", "PG  - 14316", "SP  - ", "EP  - ", "AN  - ", "DO  - 10.1000/x"],
        {"pages": "14316", "abstract": "Text", "accession": ""},
    ),
    "rayyan": (
        ["TI  - A", "AN  - rayyan-42924189", "DO  - 10.1000/x     LK  - https://x.org", "N1  - RAYYAN-INCLUSION: {}",
         "UR  - https://www.embase.com/search/results?subaction=viewrecord&id=L20&from=export     U2  - L2029880245"],
        {"accession": "L2029880245", "doi": "10.1000/x", "notes": "RAYYAN-INCLUSION: {}"},
    ),
    "eppi": (["T1  - A", "A1  - Gu F", "U1  - 102199191", "DA  - 2024///"], {"accession": "", "year": 2024}),
    "google scholar": (["T1  - A", "JO  - Lupus", "Y1  - 2001"], {"journal": "Lupus", "journal_abbreviation": ""}),
    "mdpi": (["AU  - Gu, Fei ", "TI  - A", "DO  - 10.3390/en3050940"], {"authors": "Gu, Fei"}),
    "three letter tag": (["TI  - A", "DOI  - 10.1000/x"], {"title": "A", "doi": "10.1000/x"}),
    "authors in one tag": (["TI  - A", "AU  - 张三;李四；王五"], {"authors": "张三; 李四; 王五"}),
    "an author twice": (["TI  - A", "AU  - Wang, L", "AU  - Wang, L"], {"authors": "Wang, L; Wang, L"}),
}  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_s_fields_are_found(platform):
    tags, expected = PLATFORMS[platform]
    got = row(*tags)
    assert {name: got[name] for name in expected} == expected


CENTRAL = "Record #{0} of 2\nProvider: John Wiley & Sons, Ltd.\nContent: text/plain\n\nTY  -  JOUR\n"


@pytest.mark.parametrize(("author", "title", "abstract"), [("AU", "TI", "AB"), ("A1", "T1", "N2"), ("A1", "T1", "AB")])
def test_the_three_variants_of_central_are_one(author, title, abstract):
    text = "".join(
        f"{CENTRAL.format(i)}AN  -  CN-0077815{i}\n{author}  -  Gu, F\n{title}  -  T\nJA  -  Trials\nC3  -  PUBMED 213,"
        f"EMBASE 9\nC3  -  PUBMED 1234\n{abstract}  -  Text\nER  -  \n\n\n"
        for i in (1, 2)
    )
    first, second = rows(text)
    assert (first["accession"], second["accession"]) == ("CN-00778151", "CN-00778152")
    assert [first[n] for n in ("authors", "title", "abstract", "pmid", "database")] == (
        ["Gu, F", "T", "Text", "213", "CENTRAL"]
    )
    assert read_export(text.encode()).stated == 2


SHAPES = {
    "tags before TY": ("DB  - scopus\nTY  - JOUR\nTI  - One\nER  - \n", ["One"]),
    "three blanks": ("TY   - JOUR\nTI   - One\nER   - \n", ["One"]),
    "glued": ("TY  -JOUR\nTI  - One\nER  -\n", ["One"]),
    "lower case": ("ty  - jour\nti  - One\ner  - \n", ["One"]),
    "indented": ("  TY  - JOUR\n  TI  - One\n  ER  - \n", ["One"]),
    "a blank line within": ("TY  - JOUR\n\nTI  - One\n\nAB  - a\n\nb\nER  - \n", ["One"]),
    "no end at all": ("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n", ["One", "Two"]),
    "no beginning, no end": ("TY  - JOUR\nTI  - One\nER  - \n\nTI  - Two\nAU  - X\n", ["One", "Two"]),
    "ovid's strays": (
        "1. \nTY  - JOUR\nTI  - One\nER  - \n\nC1  - Link to the full text\n\n2. \nTY  - JOUR\nTI  - Two\nER  - \n"
        "Search Strategy:\n1 exp Lupus/\n",
        ["One", "Two"],
    ),
    "one blank before the dash beside two": (
        "TY  - JOUR\nTI  - One\nER  - \nTY - JOUR\nTI - Two\nER - \n",
        ["One", "Two"],
    ),
    "the word ER with two blanks": ("TY  - JOUR\nTI  - One\nAB  - x\nER  - and PR status\nER  - \n", ["One"]),
    "a line that begins with TYPE": ("TY  - JOUR\nTI  - One\nAB  - x\nTYPE 2 diabetes\nER  - \n", ["One"]),
    "no-break space behind ER": (
        "TY  - JOUR\nTI  - One\nER  - \u00a0\nTY  - JOUR\nTI  - Two\nER  -\u00a0\n",
        ["One", "Two"],
    ),
    "an empty record": ("TY  - JOUR\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n", ["", "Two"]),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read_whole(shape):
    text, titles = SHAPES[shape]
    assert [r["title"] for r in rows(text)] == titles


def test_a_record_of_240_kb_is_one_record():
    (only,) = rows(f"TY  - JOUR\nTI  - One\nAB  - {'word ' * 48_000}\nER  - \n")
    assert len(only["abstract"]) == 5 * 48_000 - 1


def test_624_bare_carriage_returns_within_a_record_are_line_ends():
    text = "TY  - JOUR\r\nTI  - One\r\nAD  - a" + "\r   b" * 624 + "\r\nER  - \r\n"
    assert [r["title"] for r in rows(text)] == ["One"]


def test_the_line_of_each_entry_is_where_an_editor_shows_it():
    text = "Database: X\r\n\r\n1. \r\nTY  - JOUR\r\nTI  - One\rER  - \n\nTY  - JOUR\nTI  - Two\nER  - \n"
    assert [entry.line for entry in read_export(text.encode()).entries] == [4, 8]


@pytest.mark.parametrize(
    "block", ["\nTY  - JOUR\nTI  - One\nA1  - B\nER  - ", "\nTY  - JOUR\n1A  - x", "\nTY  - J\n\nTI  -"]
)
def test_the_quick_way_through_a_record_gives_what_the_slow_one_gives(block):
    assert ris._quick(block) in ([], ris._STRICT(block))


MERGED = {
    "TI": "TY  - JOUR\nTI  - One\nAN  - 1\n\nTI  - Two\nAN  - 2\nER  - \n",
    "T1, and tags before it": "TY  - JOUR\nAU  - A\nT1  - One\n\nU2  - L2\nAU  - B\nT1  - Two\nER  - \n",
    "one blank before the dash": "TY - JOUR\nTI - One\n\nAU - B\nTI - Two\nER - \n",
    "a blank line within": "TY  - JOUR\nTI  - One\nAB  - a\n\nb\n\nAU  - B\nTI  - Two\nER  - \n",
    "nothing at the end either": "TY  - JOUR\nTI  - One\n\nTI  - Two\n",
    "outside": "TY  - JOUR\nTI  - Zero\nER  - \n\nTI  - One\n\nTI  - Two\n\nTY  - JOUR\nTI  - Three\nER  - \n",
}


@pytest.mark.parametrize("what", MERGED)
def test_two_records_whose_end_and_beginning_are_missing_stay_two(what):
    export = read_export(MERGED[what].encode())
    titles = [FIELDS["ris"](entry)["title"] for entry in export.entries]
    assert [title for title in titles if title in ("One", "Two")] == ["One", "Two"]
    assert export.counted == len(titles)
    assert export.note


@pytest.mark.parametrize("tag", ["TI", "T1", "AN", "U2"])
def test_a_second_title_or_accession_without_a_blank_line_is_noted_with_its_line(tag):
    text = f"TY  - JOUR\nTI  - Zero\nER  - \n\nTY  - JOUR\n{tag}  - One\nAU  - A\n{tag}  - Two\nER  - \n"
    assert "twice" in read_export(text.encode()).note
    assert "at line 5" in read_export(text.encode()).note


def test_a_source_that_gives_every_record_two_titles_is_taken_at_its_word():
    text = "TY  - JOUR\nTI  - One\nTI  - Uno\nER  - \n\n" * 4
    assert read_export(text.encode()).note == ""


def test_title_and_primary_title_of_one_record_are_no_two_records():
    (only,) = rows("TY  - JOUR\nTI  - One\n\nT1  - One\nTI  - \nER  - \n")
    assert only["title"] == "One"
    assert read_export(b"TY  - JOUR\nTI  - A\nT1  - A\nER  - \n").note == ""
