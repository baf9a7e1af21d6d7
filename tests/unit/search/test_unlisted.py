"""Exports that searches.csv does not name: the lines to add are whole but for what only people know."""

import csv

import pandas as pd
import pytest
from reviewflow.schema import schema
from reviewflow.search import copies, read_export, unlisted
from reviewflow.search.unlisted import source_of
from reviewflow.tables import DataFaults, empty_people, read_people
from search_samples import BIBTEX, NBIB, NOTE, OVID, PUBMED_XML, RIS, WOS

TABLE = "records/search/searches"
NONE = empty_people(TABLE)
EMBASE = "TY  - JOUR\nTI  - One\nU2  - L1\nDB  - {}\nER  - \n\nTY  - JOUR\nTI  - Two\nU2  - L2\nDB  - {}\nER  - \n"
CBM = NOTE.replace("{Title}", "{Database Provider}: 中国生物医学文献数据库\n{Title}")


def exports(**texts):
    return {name.replace("_", "."): read_export(text.encode()) for name, text in texts.items()}


def offered(searches, files, same=()):
    """Rows of the lines that are offered, and the message before them."""
    (fault,) = unlisted(searches, list(files), files, dict(same))
    message, _, lines = str(fault).partition(":\n")
    return list(csv.DictReader(lines.splitlines())), message


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (NBIB, "PubMed"),
        (PUBMED_XML, "PubMed"),
        (WOS, "Web of Science"),
        (OVID, "BIOSIS Previews"),
        (OVID.replace("BIOSIS Previews", "APA PsycInfo <2019>", 1).replace("BIOSIS Previews", "PsycINFO"), "PsycInfo"),
        (OVID.replace("BIOSIS Previews", "Ovid MEDLINE(R) <1946 to 2020>"), "MEDLINE"),
        (OVID.replace("BIOSIS Previews", "EBM Reviews - Cochrane Central Register of Controlled Trials"), "CENTRAL"),
        (CBM, "CBM"),
        (EMBASE.format("Embase", "Embase"), "Embase"),
        (EMBASE.format("Medline", "Embase; Medline"), "Embase"),
        (EMBASE.format("Embase", "Scopus"), ""),  # a reference manager's library
        (RIS, ""),
        (BIBTEX, ""),
        ("\n", ""),
    ],
)
def test_the_source_is_named_where_every_entry_names_the_same(text, source):
    assert source_of(read_export(text.encode())) == source


def test_one_entry_that_names_no_source_leaves_it_to_the_team():
    assert source_of(read_export((EMBASE.format("Embase", "Embase") + RIS).encode())) == ""


def test_a_review_without_searches_gets_the_whole_table_and_each_placeholder_that_is_left_is_a_fault(tmp_path):
    rows, message = offered(NONE, exports(a_nbib=NBIB, b_nbib=NBIB, my_ris=RIS))
    assert message.startswith("records/search/searches.csv: 3 exports have no line; save this as that file")
    assert list(rows[0]) == list(schema(TABLE).columns)
    assert [row["search_id"] for row in rows] == ["pubmed_1", "pubmed_2", "my_1"]
    assert [(row["source"], row["wave"], row["hits"]) for row in rows] == [
        ("PubMed", "1", "2"), ("PubMed", "1", "2"), ("SOURCE", "1", "2"),
    ]  # fmt: skip
    path = tmp_path / "searches.csv"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines))
    with pytest.raises(DataFaults) as caught:
        read_people(path, TABLE, tmp_path)
    assert [(f.line, f.column) for f in caught.value.faults] == [
        (2, "date_run"), (3, "date_run"), (4, "date_run"), (4, "source"),
    ]  # fmt: skip
    path.write_text("\n".join(lines).replace("DATE_RUN", "2024-05-01").replace("SOURCE", "Google Scholar"))
    searches = read_people(path, TABLE, tmp_path)
    assert unlisted(searches, ["a.nbib", "b.nbib", "my.ris"], exports(a_nbib=NBIB, b_nbib=NBIB, my_ris=RIS), {}) == []


def test_a_review_with_searches_gets_the_lines_that_lack_and_says_itself_which_wave_they_are(tmp_path):
    path = tmp_path / "searches.csv"
    header = ",".join(schema(TABLE).columns)
    path.write_text(f"{header}\npubmed_1,1,PubMed,,database,2020-01-01,,,2,a.nbib,,\n")
    searches = read_people(path, TABLE, tmp_path)
    rows, message = offered(searches, exports(a_nbib=NBIB, b_nbib=NBIB))
    assert 'searches.csv: "b.nbib" has no line; add this line' in message
    assert [(row["search_id"], row["wave"], row["export_files"]) for row in rows] == [("pubmed_2", "WAVE", "b.nbib")]


def test_names_with_commas_quotes_and_folders_come_back_as_they_are():
    files = {name: read_export(RIS.encode()) for name in ('a, "b".ris', "sub/c.ris", "结果.ris", "….ris")}
    rows, _ = offered(NONE, files)
    assert [row["export_files"] for row in rows] == list(files)
    assert [row["search_id"] for row in rows] == ["a_b_1", "c_1", "结果_1", "search_1"]


@pytest.mark.parametrize("name", ["a;b.ris", " a.ris", "a.ris "])
def test_a_name_that_no_cell_can_hold_is_to_be_changed(name):
    (fault,) = unlisted(NONE, [name], {name: read_export(RIS.encode())}, {})
    assert str(fault).startswith(f"records/search/exports/{name}: the name has a ; or a blank at its end; rename")


def test_a_file_that_could_not_be_read_is_not_offered():
    assert unlisted(NONE, ["a.docx"], {}, {}) == []


def test_a_second_download_of_the_same_bytes_is_pointed_out_and_may_still_be_named():
    raw = RIS.encode()
    files = {"savedrecs (1).ris": raw, "savedrecs.ris": raw, "other.nbib": NBIB.encode(), "0.ris": b"", "00.ris": b""}
    same = copies(files)
    assert same == {"savedrecs (1).ris": "savedrecs.ris"}
    read = {name: read_export(content) for name, content in files.items()}
    copy, sheet = unlisted(NONE, list(files), read, same)
    assert str(copy).startswith('records/search/exports/savedrecs (1).ris: the same bytes as "savedrecs.ris"; move it')
    assert "savedrecs (1).ris" not in sheet.mend
    named = pd.DataFrame({"search_id": ["s"], "export_files": ["; ".join(files)]})
    assert unlisted(named, list(files), read, same) == []
