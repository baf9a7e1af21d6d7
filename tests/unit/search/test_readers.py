"""Readers: every entry of every oddity is seen, none is made up."""

import pytest
from reviewflow.search import UnknownFormat, decode, read_export
from reviewflow.search.fields import FIELDS

RIS = "TY  - JOUR\r\nTI  - One\r\nER  - \r\n\r\nTY  - JOUR\r\nTI  - Two\r\nER  - \r\n"
NBIB = "PMID- 1\nTI  - A title that is\n      wrapped.\nLID - 10.1000/x [doi]\nFAU - Gu, Fei\n\nPMID- 2\nTI  - Two\n"
NOTE = (
    "{Reference Type}: Journal Article\n{Title}: 间充质干细胞移植治疗\n{Author}: 张三;李四\n\n"
    "{Reference Type}: X\n{Title}: 狼疮\n"
)


def titles(raw: bytes) -> list[object]:
    export = read_export(raw)
    assert export.counted == len(export.entries)
    return [FIELDS[export.format](entry)["title"] for entry in export.entries]


@pytest.mark.parametrize(
    "text",
    [
        RIS,
        "\ufeff" + RIS,
        RIS.replace("\r\n", "\n"),
        RIS.replace("\r\n", "\r"),
        RIS.rstrip().removesuffix("ER  -"),  # the last end is missing
        RIS.replace("ER  - \r\n\r\n", "\r\n"),  # an end in the middle is missing
        RIS.replace("TY  - JOUR\r\nTI  - Two", "TI  - Two"),  # a beginning is missing
        "Database: X\r\n1. \r\n" + RIS + "\r\nC1  - Link to the full text\r\nSearch strategy: TY\r\n",
        RIS.replace("TY  - JOUR", "TY  -  JOUR").replace("TI  - ", "TI  -  "),  # CENTRAL
        RIS.replace("  - ", " - ").replace("  -\r", " -\r"),  # one space before the dash
        RIS.replace("TY  - JOUR\r\n", "TY  - JOUR\r\n\r\n"),  # a blank line behind TY
    ],
    ids=["plain", "bom", "lf", "cr", "last-er", "mid-er", "no-ty", "junk", "central", "one-space", "blank"],
)
def test_no_dialect_of_ris_loses_a_record(text):
    assert titles(text.encode()) == ["One", "Two"]


def test_a_wrapped_line_that_begins_with_er_does_not_end_the_record():
    text = "TY  - JOUR\nTI  - One\nAB  - stained for\nER - and progesterone receptors\nER  - \n"
    assert titles(text.encode()) == ["One"]
    fields = FIELDS["ris"](read_export(text.encode()).entries[0])
    assert fields["abstract"] == "stained for ER - and progesterone receptors"


def test_repeated_tags_are_all_kept():
    text = "TY  - JOUR\nTI  - One\nAU  - Gu, F\nAU  - Wang, D\nKW  - a\nKW  - b\nER  - \n"
    fields = FIELDS["ris"](read_export(text.encode()).entries[0])
    assert (fields["authors"], fields["keywords"]) == ("Gu, F; Wang, D", "a; b")


def test_a_missing_end_among_others_is_noted_as_a_possible_truncation():
    text = RIS.rstrip().removesuffix("ER  -").encode()
    assert "line 5" in read_export(text).note


def test_nbib_unwraps_lines_and_finds_the_doi():
    export = read_export(NBIB.encode())
    fields = [FIELDS["nbib"](entry) for entry in export.entries]
    assert [f["title"] for f in fields] == ["A title that is wrapped.", "Two"]
    assert (fields[0]["doi"], fields[0]["accession"], export.counted) == ("10.1000/x", "1", 2)


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        (
            "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1175/1520-0442(1999)012<0001:TATOC>2.0.CO;2</b>", "10.1175/1520-0442(1999)012<0001:tatoc>2.0.co;2"),
        ("https://doi.org/10.1000%2Fabc%281%29d", "10.1000/abc(1)d"),
        ("10.1000/abc<br>", "10.1000/abc"),
    ],
)
def test_a_doi_is_read_whole_and_without_markup(written, doi):
    text = f"TY  - JOUR\nTI  - One\nDO  - {written}\nER  - \n"
    assert FIELDS["ris"](read_export(text.encode()).entries[0])["doi"] == doi


def test_a_translated_title_of_pubmed_stands_apart_from_the_original():
    text = "PMID- 1\nTI  - [Stem cells in lupus].\nTT  - Ganxibao yu langchuang.\n"
    fields = FIELDS["nbib"](read_export(text.encode()).entries[0])
    assert (fields["title"], fields["translated_title"]) == ("Ganxibao yu langchuang.", "Stem cells in lupus")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_titles_survive_every_encoding(encoding):
    assert titles(NOTE.encode(encoding)) == ["间充质干细胞移植治疗", "狼疮"]


def test_windows_1252_is_not_taken_for_chinese():
    text, encoding = decode("TY  - JOUR\nAU  - Müller, Jürgen\nTI  - Über Größen\nER  - \n".encode("cp1252"))
    assert (encoding, "Müller, Jürgen" in text) == ("cp1252", True)


@pytest.mark.parametrize(
    ("marks", "stated"), [("#1 of 3,#2 of 3,#3 of 3", 3), ("#1 of 3,#2 of 3", 3), ("#3 of 18,#9 of 18", None)]
)
def test_the_total_that_central_states_counts_unless_a_selection_was_exported(marks, stated):
    text = "".join(f"Record {m}\nProvider: W\n\nTY  -  JOUR\nTI  -  T\nER  -  \n\n" for m in marks.split(","))
    assert read_export(text.encode()).stated == stated


def test_content_in_no_known_format_is_refused():
    with pytest.raises(UnknownFormat):
        read_export(b"%PDF-1.7 something")
