"""One small file of each format, two records each, written for the tests; and workbooks made from rows."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

RIS = "TY  - JOUR\r\nTI  - One\r\nER  - \r\n\r\nTY  - JOUR\r\nTI  - Two\r\nER  - \r\n"
NBIB = "PMID- 1\nTI  - One\n      more.\nLID - 10.1000/x [doi]\nFAU - Gu, Fei\n\nPMID- 2\nTI  - Two\n"
NOTE = "{Reference Type}: Journal Article\n{Title}: One\n{Author}: 张三;李四\n\n{Reference Type}: X\n{Title}: Two\n"
STUDY = (
    "DataType: 1\nTitle-题名: One\nAuthor-作者: 张三;李四;\nYear-年: 2020\n\n"
    "DataType: 1\nTitle-题名: Two\nYear-年: 2021\n"
)
WOS = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Gu, F\n   Wang, DD\nTI One\n   more\nSO LUPUS\nPY 2020\n"
    "UT WOS:000000000000001\nER\n\nPT J\nAU Li, X\nTI Two\nSO LUPUS\nUT WOS:000000000000002\nER\n\nEF\n"
)
OVID = (
    "<1. >\nVN  - Ovid Technologies\nDB  - BIOSIS Previews\nAN  - PREV200400000001\nTI  - One\nAU  - Gu, F.\n\n"
    "<2. >\nVN  - Ovid Technologies\nDB  - BIOSIS Previews\nAN  - PREV200400000002\nTI  - Two\n"
)
REFWORKS = (
    "RT Journal Article\nSR Electronic(1)\nA1 Gu,Fei\nT1 One\nYR 2020\n\n"
    "RT Journal Article\nA1 Li,X.\nT1 Two\nYR 2021\n"
)
REFER = "%0 Journal Article\n%A Gu, Fei\n%T One\n%D 2020\n\n%0 Journal Article\n%A Li, X\n%T Two\n%D 2021\n"
BIBTEX = "@article{gu2020,\n  title = {One},\n  author = {Gu, Fei and Li, X.},\n}\n\n@article{li2021, title = {Two}}\n"
PUBMED_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" '
    '"https://dtd.nlm.nih.gov/x.dtd">\n<PubmedArticleSet>\n'
    '<PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article><ArticleTitle>One</ArticleTitle></Article>'
    "</MedlineCitation></PubmedArticle>\n"
    '<PubmedArticle><MedlineCitation><PMID Version="1">2</PMID><Article><ArticleTitle>Two</ArticleTitle></Article>'
    "</MedlineCitation></PubmedArticle>\n</PubmedArticleSet>\n"
)
ENDNOTE_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><xml><records>'
    '<record><ref-type name="Journal Article">17</ref-type><titles><title><style face="normal">One</style></title>'
    "</titles></record>\n"
    '<record><ref-type name="Journal Article">17</ref-type><titles><title>Two</title></titles></record>'
    "</records></xml>\n"
)
CSV = 'Title,Authors,Year,Abstract\nOne,"Gu, F.; Li, X.",2020,"first\nsecond"\nTwo,"Li, X.",2021,x\n'
TSV = CSV.replace('"Gu, F.; Li, X."', "Gu F").replace('"Li, X."', "Li X").replace(",", "\t")
SEMICOLONS = CSV.replace("; ", " and ").replace("Gu, F.", "Gu F").replace("Li, X.", "Li X").replace(",", ";")

EMBASE_ROWS = (
    '"TITLE","One"\n"AUTHOR NAMES","Gu F.","Li X."\n"PUBLICATION YEAR","2020"\n"PUI","L600000001"\n\n'
    '"TITLE","Two"\n"AUTHOR NAMES","Li X."\n"PUBLICATION YEAR","2021"\n"PUI","L600000002"\n'
)

TEXTS = {
    "ris": RIS, "nbib": NBIB, "noteexpress": NOTE, "estudy": STUDY, "wos": WOS, "ovid": OVID, "refworks": REFWORKS,
    "refer": REFER, "bibtex": BIBTEX, "pubmed_xml": PUBMED_XML, "endnote_xml": ENDNOTE_XML, "csv": CSV, "tsv": TSV,
    "embase_rows": EMBASE_ROWS,
}  # fmt: skip


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """A workbook with those sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


XLSX_ROWS = [["Title", "Authors", "Year"], ["One", "Gu, F.; Li, X.", 2020], ["Two", "Li, X.", 2021]]


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive of those parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(raw: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A workbook with some of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        return zipped({name: parts.get(name, source.read(name)) for name in source.namelist()})


def shared_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook as Excel writes it, each text once in a list of its own."""
    office = "http://schemas.openxmlformats.org"
    main = f'xmlns="{office}/spreadsheetml/2006/main"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    related = f"{office}/officeDocument/2006/relationships"
    texts = [cell for row in rows for cell in row]
    cells = iter(range(len(texts)))
    lines = (
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="s"><v>{next(cells)}</v></c>' for c in "AB"[: len(row)]) + "</row>"
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{related}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }  # fmt: skip
    return zipped({name: content.encode() for name, content in parts.items()})
