"""CSV, TSV and workbooks: the rows that come out, and what is refused."""

import io
import time
import zipfile

import pytest
from reviewflow.search import UnknownFormat, read_export
from reviewflow.search.fields import FIELDS
from search_samples import CSV, SEMICOLONS, XLSX_ROWS, repacked, shared_workbook, workbook, zipped


def rows(raw, name="csv"):
    export = read_export(raw if isinstance(raw, bytes) else raw.encode())
    assert (export.format, export.counted) == (name, len(export.entries))
    return [FIELDS[name](entry) for entry in export.entries]


PLATFORMS = {
    "pubmed": (
        "\ufeffPMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
        '"1","A","Gu F, O\'Connor RE.","Lupus. 2020 Feb;63(2):103640. doi: x.",'
        '"Gu F","Lupus","2020","","PMC123456","","10.1/x"\n',
        {"accession": "1", "pmid": "1", "authors": "Gu F; O'Connor RE", "volume": "63", "issue": "2", "pages": "103640",
         "pmcid": "PMC123456", "database": "PubMed", "year": 2020},
    ),
    "embase": (
        '"SEARCH QUERY","lupus:ti"\n-------\n\n'
        '"Title","Original Title","Author Names","Source title","Publication Year",'
        '"First Page","Last Page","PUI","Medline PMID","DOI"\n'
        '"Stem cells",Ganxibao,"Gu F., Li X.-Y.","Lupus","2020",5,9,"L600000001","12","10.1000/x"\n',
        {"title": "Ganxibao", "translated_title": "Stem cells", "authors": "Gu F.; Li X.-Y.", "pages": "5-9",
         "accession": "L600000001", "pmid": "12", "database": "Embase"},
    ),
    "central": (
        'CENTRAL ID,Author(s),Title,Source,Year,Abstract,PubMed ID,CTgov ID,DOI\n'
        '"CN-00778158","Gu, F; Li, X","A","Trials",'
        '"2011","x","PUBMED 21314913","NCT01234567","10.1000/x"\n',
        {"accession": "CN-00778158", "authors": "Gu, F; Li, X", "journal": "Trials", "pmid": "21314913",
         "trial_ids": "NCT01234567", "database": "CENTRAL"},
    ),
    "ebsco": (
        'Article Title,Author,Journal Title,ISSN,Publication Date,Accession Number,DOI\n'
        '"A, b","Gu, F; Li, X","PLoS ONE",="19326203",="4/3/2024","176404503","10.1000/x"\n',
        {"title": "A, b", "issn": "19326203", "year": 2024, "accession": "176404503"},
    ),
    "scopus": (
        '"Authors","Title","Year","Source title","Art. No.",'
        '"Page start","DOI","PubMed ID","Document Type","Source","EID"\n'
        '"Gu F.; Li X.","A","2024","Lupus","2864","","10.1000/x","","Retracted","Scopus","2-s2.0-85189760133"\n',
        {"accession": "2-s2.0-85189760133", "journal": "Lupus", "pages": "2864", "database": "Scopus",
         "notice": "retraction", "notice_role": "subject"},
    ),
    "zotero": (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","Url","Manual Tags","Archive"\n'
        '"ABCD","journalArticle","2020","Gu, Fei; Li, X.","A","Lupus",'
        '"https://www.embase.com/x?subaction=viewrecord&id=L2029880245","a; b","Embase"\n',
        {"accession": "L2029880245", "authors": "Gu, Fei; Li, X.", "journal": "Lupus", "keywords": "a; b"},
    ),
    "covidence": (
        "Title,Authors,Abstract,Published Year,Journal,Accession Number,DOI,Covidence #,Notes,Tags\n"
        'A,"Gu, F.; Li, X.",x,2024,Lupus,,10.1000/x,#1,,\n',
        {"authors": "Gu, F.; Li, X.", "year": 2024, "accession": ""},
    ),
    "rayyan": (
        "key,title,year,journal,authors,url,notes,doi,pubmed_id,pmc_id\n"
        'rayyan-1,A,2024,Lupus,"Gu, F. and Li, X.",'
        'https://x.org/?id=L2029880245     U2  - L1,RAYYAN-INCLUSION: {},10.1/x,,\n',
        {"accession": "L2029880245", "authors": "Gu, F.; Li, X.", "notes": "RAYYAN-INCLUSION: {}"},
    ),
    "asreview": (
        "record_id,title,abstract,authors,asreview_label\n7,A,x,\"Gu, F.\",1\n",
        {"title": "A", "abstract": "x", "authors": "Gu, F.", "accession": ""},
    ),
    "openalex": (
        "id,doi,title,publication_year,is_retracted,type,authorships.author.display_name\n"
        "https://openalex.org/W4387881419,https://doi.org/10.1000/x,A,2024,True,article,Fei Gu|Xin Li\n",
        {"accession": "W4387881419", "doi": "10.1000/x", "authors": "Fei Gu; Xin Li", "notice": "retraction"},
    ),
    "dimensions": (
        '"About the data: Exported on Aug 05, 2024."\n'
        'Rank,Publication ID,DOI,Title,Abstract,Source title,PubYear,Authors\n'
        '1,pub.1012345678,10.1000/x,A,x,Lupus,2020,"Gu, Fei; Li, X"\n',
        {"accession": "pub.1012345678", "database": "Dimensions", "year": 2020},
    ),
    "cnki": ("题名,作者,刊名,年,摘要\n间充质干细胞,张三;李四,学报,2020,目的\n",
             {"title": "间充质干细胞", "authors": "张三; 李四", "journal": "学报", "year": 2020}),
    "excel's first line": ("sep=;\nTitle;Authors;Year\nA;Gu F;2020\n", {"title": "A", "year": 2020}),
    "a mark within a cell": ('Title,Authors,Year\nA 5" tube,"Gu, F",2020\n', {"title": 'A 5" tube', "year": 2020}),
    "a number that a spreadsheet kept as a formula": (
        'Title,Year,ISSN\nOne,2020,"=""19326203"""\n',
        {"title": "One", "issn": "19326203"},
    ),
    "a cell of a formula's look": ('Title,Notes,Year\n"see ,=""x""",y,2020\n', {"title": 'see ,="x"'}),
}  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_s_columns_are_found(platform):
    text, expected = PLATFORMS[platform]
    (got,) = rows(text)
    assert {name: got[name] for name in expected} == expected


BY_ROW = (
    '"TITLE","Stem cells, a ""review"""\n"ORIGINAL (NON-ENGLISH) TITLE","Ganxibao"\n"AUTHOR NAMES","Gu F.","Li X.-Y."\n'
    '"SOURCE TITLE","Lupus"\n"PUBLICATION YEAR","2020"\n"FIRST PAGE","5"\n"LAST PAGE","9"\n"ABSTRACT","first\nsecond"\n'
    '"AUTHOR KEYWORDS","a","lupus erythematosus, systemic"\n"MEDLINE PMID","12"\n"PUI","L600000001"\n'
    '"DOI","10.1000/x"\n\n"TITLE","Two"\n"SOURCE TITLE","Lupus"\n"PUI","L600000002"\n'
)


@pytest.mark.parametrize("above", ["", '"SEARCH QUERY","lupus:ti"\n-------\n\n', "\ufeff"])
def test_embase_s_table_with_a_line_for_each_field_gives_what_the_one_with_columns_gives(above):
    first, second = rows(above + BY_ROW, "embase_rows")
    expected = {
        "title": "Ganxibao", "translated_title": 'Stem cells, a "review"', "authors": "Gu F.; Li X.-Y.",
        "journal": "Lupus", "year": 2020, "pages": "5-9", "abstract": "first second", "pmid": "12",
        "keywords": "a; lupus erythematosus, systemic", "accession": "L600000001", "doi": "10.1000/x",
        "database": "Embase",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert (second["title"], second["accession"]) == ("Two", "L600000002")


def test_a_record_whose_title_line_is_missing_is_not_swallowed_by_the_one_above_it():
    export = read_export(BY_ROW.replace('"TITLE","Two"\n', "").encode())
    assert (export.counted, export.read) == (2, 1)


def test_names_of_columns_in_capitals_are_a_table_with_columns():
    (only,) = rows('"TITLE","AUTHOR NAMES","SOURCE","PUI"\n"A","Gu F., Li X.","Lupus","L600000001"\n')
    assert (only["title"], only["accession"]) == ("A", "L600000001")


def test_keywords_of_one_cell_are_divided_at_semicolons_and_never_at_commas():
    first, second = rows('Title,Keywords,Year\nA,"Lupus Nephritis, Systemic",2020\nB,"a; b, c",2021\n')
    assert (first["keywords"], second["keywords"]) == ("Lupus Nephritis, Systemic", "a; b, c")


def test_a_cell_with_line_breaks_is_one_cell_and_the_line_is_where_its_row_begins():
    export = read_export(CSV.encode())
    assert [entry.line for entry in export.entries] == [2, 4]
    assert rows(SEMICOLONS)[0]["authors"] == "Gu F; Li X"


def test_a_value_that_no_column_would_take_is_refused_with_its_line():
    head = "Title,Abstract,DOI\n"
    fine = "A,one,10.1000/a\n"
    assert rows(head + "A,one,10.1000/a,,\n")[0]["doi"] == "10.1000/a"
    with pytest.raises(UnknownFormat, match=r'more cells than the table has names, first "10\.1000/b"') as found:
        rows(head + fine + "B,one, two,10.1000/b\n")
    assert found.value.line == 3
    assert rows("Title,DOI,Title\nA,10.1000/a,A\nB,10.1000/b,\n")[1]["title"] == "B"
    with pytest.raises(UnknownFormat, match='two columns are called "Title"') as found:
        rows("Title,DOI,Title\nA,10.1000/a,A\nB,10.1000/b,Another\n")
    assert found.value.line == 3


def test_a_tab_separated_table_may_hold_single_quotation_marks():
    text = 'Reference Type\tTitle Primary\tPub Year\nX\t"Quoted" title\t2020\nX\t"Open title\t2021\n'
    assert [r["title"] for r in rows(text, "tsv")] == ['"Quoted" title', '"Open title']


def test_a_cell_of_240_kb_is_read():
    assert len(rows(f'Title,Abstract\nA,"{"word " * 48_000}"\n')[0]["abstract"]) == 5 * 48_000 - 1


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest_unseen():
    export = read_export(b'Title,Authors,Year\nA,"Gu F,2020\nB,Li X,2021\nC,Xu Y,2022\n')
    assert export.counted != len(export.entries)


def test_a_table_that_was_cut_off_is_noted():
    assert "line 3" in read_export(b"Title,Authors,Year\nA,Gu F,2020\nB,L").note


def test_a_workbook_gives_its_rows_with_their_numbers():
    raw = workbook({"Sheet1": [["SEARCH QUERY", "x"], [], *XLSX_ROWS, [None, None, None]], "empty": []})
    export = read_export(raw)
    assert [entry.line for entry in export.entries] == [4, 5]
    assert [(r["title"], r["authors"], r["year"]) for r in rows(raw, "xlsx")] == [
        ("One", "Gu, F.; Li, X.", 2020), ("Two", "Li, X.", 2021),
    ]  # fmt: skip


def test_rows_of_nothing_but_blank_shared_strings_are_no_records():
    raw = shared_workbook([["Title", "Year"], ["One", "2020"], ["", " "], ["Two", "2021"]])
    assert [r["title"] for r in rows(raw, "xlsx")] == ["One", "Two"]


def test_all_sheets_with_records_are_read_and_the_others_named():
    export = read_export(workbook({"a": XLSX_ROWS, "b": XLSX_ROWS, "criteria": [["x", "y"], [1, 2]]}))
    assert (export.counted, len(export.entries)) == (4, 4)
    assert "criteria" in export.note


def test_a_wrong_size_stated_by_the_sheet_loses_no_row():
    raw = workbook({"a": XLSX_ROWS})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<dimension" in sheet
    assert len(rows(repacked(raw, {"xl/worksheets/sheet1.xml": sheet.replace(b"A1:C3", b"A1:A1")}), "xlsx")) == 2


def _bomb():
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return repacked(workbook({"a": XLSX_ROWS}), {"xl/worksheets/sheet1.xml": sheet + b" " * (1 << 26)})


HARMFUL = {
    "zip bomb": _bomb,
    "entities": lambda: repacked(
        workbook({"a": XLSX_ROWS}),
        {"xl/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><styleSheet>&b;</styleSheet>'},
    ),
    "broken": lambda: workbook({"a": XLSX_ROWS})[:-200],
    "broken within": lambda: repacked(workbook({"a": XLSX_ROWS}), {"xl/worksheets/sheet1.xml": b"<worksheet>"}),
    "more behind it": lambda: workbook({"a": XLSX_ROWS}) + CSV.encode(),
    "no names": lambda: workbook({"a": [["x", "y"], [1, 2]]}),
    "another archive": lambda: zipped({"a.ris": b"TY  - JOUR"}),
    "old Excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "packed": lambda: b"\x1f\x8b\x08\x00" + bytes(100),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMFUL)
def test_a_harmful_or_broken_workbook_is_refused_at_once(what):
    raw = HARMFUL[what]()
    start = time.process_time()
    with pytest.raises(UnknownFormat) as error:
        read_export(raw)
    assert error.value.mend
    assert time.process_time() - start < 2
