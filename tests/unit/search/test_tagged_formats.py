"""PubMed, Web of Science, Ovid, RefWorks, Refer, NoteExpress, E-Study: one oddity each, the rows that come out."""

import pytest
from reviewflow.search import read_export
from reviewflow.search.fields import FIELDS
from search_samples import TEXTS


def rows(text, name):
    export = read_export(text.encode())
    assert (export.format, export.counted) == (name, len(export.entries))
    return [FIELDS[name](entry) for entry in export.entries]


def check(text, name, **expected):
    got = rows(text, name)[0]
    assert {column: got[column] for column in expected} == expected


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_every_format_is_known_by_its_content_whatever_its_line_ends_and_encoding(name, end, encoding):
    text = TEXTS[name].replace("\r\n", "\n")
    export = read_export(text.replace("\n", end).encode(encoding))
    assert (export.format, export.counted, len(export.entries), export.note) == (name, 2, 2, "")
    assert [FIELDS[name](entry)["title"].split()[0] for entry in export.entries] == ["One", "Two"]
    assert [entry.line for entry in export.entries] == [entry.line for entry in read_export(text.encode()).entries]


def test_pubmed_gives_identifiers_both_titles_and_full_names():
    check(
        "PMID- 1\nTI  - [Stem cells].\nTT  - Ganxibao.\nFAU - Gu, Fei\n"
        "AU  - Gu F\nAID - S1 [pii]\nAID - 10.1000/x [doi]\n"
        "PMC - PMC123456\nTA  - Lupus\nJT  - Lupus journal\nDP  - 2019 Jan-Feb\nPG  - 494-6\nMH  - Humans\nOT  - mice\n"
        "SI  - ClinicalTrials.gov/NCT01234567\nIS  - 1 (Print)\n",
        "nbib",
        title="Ganxibao.", translated_title="Stem cells", authors="Gu, Fei", doi="10.1000/x", pmcid="PMC123456",
        journal="Lupus journal", journal_abbreviation="Lupus", year=2019, pages="494-6", keywords="Humans; mice",
        trial_ids="NCT01234567", accession="1", database="PubMed", issn="1 (Print)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("PMID- 1\nTI  - One\nPMID- 2\nTI  - Two\n", ["One", "Two"]),  # no blank line between
        ("TI  - One\nAU  - X\n\nPMID- 2\nTI  - Two\n", ["One", "Two"]),  # the head was cut off
        ("PMID- 1\nTI  - One\n\nOWN - NLM\nTI  - Two\n", ["One", "Two"]),  # a PMID line is lost
        ("\n\nPMID- 1\nTI  - One\n \nPMID- 2\nTI  - Two\n\n\n", ["One", "Two"]),
    ],
)
def test_pubmed_loses_no_record(text, titles):
    assert [r["title"] for r in rows(text, "nbib")] == titles


def test_web_of_science_takes_each_line_as_an_author_and_joins_the_others():
    check(
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Gu, F\n   Wang, DD\nAF Gu, Fei\n   Wang, Dandan\n"
        "TI A title that is\n   wrapped\nSO LUPUS\nJI Lupus\nDE a; b;\n   c\nBP 1\nEP 9\nAR e5\nDI 10.1000/X\nPM 12\n"
        "DT Article\nLA English\nPY 2020\nUT WOS:000000000000001\nER\n\nEF\n",
        "wos",
        authors="Gu, Fei; Wang, Dandan", title="A title that is wrapped", keywords="a; b; c", pages="1-9", pmid="12",
        doi="10.1000/x", accession="WOS:000000000000001", database="Web of Science", journal="LUPUS", year=2020,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("PT J\nTI One\nUT WOS:1\n\nPT J\nTI Two\nUT WOS:2\nER\n\nEF\n", 2),  # ER is missing
        ("FN X\nVR 1.0\nAU A\nTI One\nUT WOS:1\nER\n\nPT J\nTI Two\nER\n\nEF\n", 2),  # PT is missing
        ("PT J\nTI One\nER\n\nPT J\nTI Tw", 2),  # cut off
    ],
)
def test_web_of_science_loses_no_record(text, count):
    assert len(rows(text, "wos")) == count


def test_ovid_s_source_line_is_taken_apart():
    check(
        "<1. >\nVN  - Ovid Technologies\nDB  - Ovid MEDLINE(R)\nUI  - 12345678\nTI  - A title.\n"
        "SO  - Forest Ecology & Management. 201(2-3):327-334, 2004 Nov 15.\nLG  - English\n",
        "ovid",
        journal="Forest Ecology & Management", volume="201", issue="2-3", pages="327-334", year=2004,
        accession="12345678", pmid="12345678", language="English",
    )  # fmt: skip


def test_refworks_of_cnki_may_have_lower_case_tags_or_no_blank_behind_them():
    check(
        "rt Journal Article\nsr 1\na1张三;李四\nt1黄瓜的研究\njf 学报\nyr 2024\nop 1-7\nds CNKI\n",
        "refworks",
        authors="张三; 李四", title="黄瓜的研究", journal="学报", year=2024, pages="1-7", database="CNKI",
    )  # fmt: skip
    check(
        "RT Journal Article\nA1 Gu,F.\nT1 One\nAB The first\nUS patients\nOR two\nSP 5\nOP 9\n",
        "refworks",
        abstract="The first US patients OR two",
        pages="5-9",
    )


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("%A Gu, F\n%T One\n\n%A Li, X\n%T Two\n", ["One", "Two"]),  # Refer itself has no %0
        ("%0 Journal Article\n%T One\n%0 Book\n%T Two\n%A X", ["One", "Two"]),
        ("%T One\n%A X\n\n%0 Book\n%T Two\n", ["One", "Two"]),  # the head was cut off
    ],
)
def test_refer_loses_no_record(text, titles):
    assert [r["title"] for r in rows(text, "refer")] == titles
    assert all(r["authors"] for r in rows(text, "refer") if "%A" in text and text.count("%A") == len(titles))


def test_refer_of_cnki_has_glued_tags_and_several_authors_in_one():
    check(
        "%0 Journal Article\n%A 张三;李四%A 王五\n%T 间充质干细胞\n%J 学报\n"
        "%D 2020\n%K一;二\n%P 12~15\n%R 10.1000/x\n%W CNKI\n",
        "refer",
        authors="张三; 李四; 王五", keywords="一; 二", pages="12-15", doi="10.1000/x", database="CNKI",
    )  # fmt: skip


def test_noteexpress_of_three_platforms():
    check(
        "{Reference Type}: Journal Article\n{Title}: 间充质干细胞\n{Translated Title}: Stem cells\n{Author}: 张三\n"
        "{Author}: 李四\n{Translated Author}: Zhang San\n{Journal}: 学报\n{Year}: 2020\n{Pages}: 1-5\n{Keywords}: 一\n"
        "{Keywords}: 二\n{Abstract}: 目的\n方法\n{DOI}: 10.1000/x\n"
        "{Database Provider}: 北京万方数据股份有限公司\n{Language}: chi\n",
        "noteexpress",
        title="间充质干细胞", translated_title="Stem cells", authors="张三; 李四", keywords="一; 二",
        abstract="目的 方法", database="北京万方数据股份有限公司", language="chi",
    )  # fmt: skip
    check(
        "{Reference Type}: Journal Article \n{Title}:无空格\n{Author}: 张三；李四，王五\n{Volume} : 5\n"
        "{URL}: https://www.sinomed.ac.cn/article.do?ui=2020123456\n",
        "noteexpress",
        title="无空格",
        authors="张三; 李四; 王五",
        volume="5",
        accession="2020123456",
    )


def test_estudy_takes_the_year_from_the_date_and_the_accession_from_the_link():
    check(
        "DataType: 1\nTitle-题名: 狼疮: 综述\nAuthor-作者: 张三;\nSource-刊名: 学报\nPubTime-出版时间: 2013-04-01\n"
        "Keyword-关键词: 一;二\nSummary-摘要: <正>目的\nPeriod-期: 07\n"
        "Roll-卷: 12\nPage-页码: 161\nSrcDatabase-来源库: 期刊\n"
        "Link-链接: https://kns.cnki.net/kcms/detail/detail.aspx?FileName=XXJK201307097&DbName=CJFQ2013\n",
        "estudy",
        title="狼疮: 综述", authors="张三", journal="学报", year=2013, issue="07", volume="12", pages="161",
        abstract="目的", keywords="一; 二", accession="XXJK201307097",
    )  # fmt: skip


def test_bibtex_keeps_what_a_library_sets_aside():
    text = (
        "@string{jl = {Journal of Lupus}}\n@comment{x}\n"
        '@article{a, title="{One} of M{\\"u}ller", author={M{\\"u}ller, J{\\\'e}r{\\^o}me and {Barnes and Noble} and '
        "Gu, F}, journal=jl, year=2020, pages={494--6}, keywords={a, b}, doi={10.1000/a\\_b}, month=jan # { 1},}\n"
        "@article{a, title={Two}, title={Two again}}  @article(b, title = {Three})\n"
        "@article{c, title={Four}, abstract={no end\n@misc{d, title={Five}}\n"
    )
    got = rows(text, "bibtex")
    assert [r["title"] for r in got] == ["One of Müller", "Two", "Three", "Four", "Five"]
    expected = {"authors": "Müller, Jérôme; Barnes and Noble; Gu, F", "journal": "Journal of Lupus", "year": 2020,
                "pages": "494-6", "keywords": "a; b", "doi": "10.1000/a_b"}  # fmt: skip
    assert {name: got[0][name] for name in expected} == expected
    assert "line 5" in read_export(text.encode()).note


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Sm{\o}rrebr{\o}d", "Smørrebrød"), (r"\v{S}koda", "Škoda"), (r"Fran\c{c}ois", "François"),
        (r"na\"{\i}ve", "naïve"), (r"5\% \& more", "5% & more"), (r"$\alpha$-cells", "α-cells"), (r"a~b", "a b"),
        (r"\emph{In vitro} study", "In vitro study"), (r"\unknown{x}", r"\unknownx"),
    ],
)  # fmt: skip
def test_tex_becomes_unicode(tex, text):
    (got,) = rows(f"@article{{a, title={{{tex}}}}}\n", "bibtex")
    assert got["title"] == text
