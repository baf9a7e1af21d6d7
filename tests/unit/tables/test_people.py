"""Reading what people wrote: every way a spreadsheet saves it, and every fault at once."""

from pathlib import Path

import pytest
from reviewflow.tables import DataFaults, read_people

TABLE = "records/extraction/results"
HEADER = [
    "study_id",
    "comparison",
    "outcome",
    "timepoint",
    "arm_id",
    "n",
    "events",
    "mean",
    "sd",
    "effect",
    "se",
    "unit",
    "page",
    "quote",
    "provenance",
    "note",
]
ROW = ["s1", "c", "o", "6 months", "", "", "", "", "", "-0.5", "0.25", "", "p. 3", "", "reported", ""]


def write(folder: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path = folder / "results.csv"
    path.write_bytes("\r\n".join(delimiter.join(r) for r in rows).encode(encoding))
    return path


def faults(folder: Path, rows: list[list[str]], **how: str) -> list[str]:
    with pytest.raises(DataFaults) as caught:
        read_people(write(folder, rows, **how), TABLE, folder)
    return [str(f) for f in caught.value.faults]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_delimiter_and_encoding_of_a_spreadsheet_reads_the_same(tmp_path, delimiter, encoding):
    frame = read_people(write(tmp_path, [HEADER, ROW], delimiter, encoding), TABLE, tmp_path)
    assert frame.loc[0, ["study_id", "effect", "se", "page", "_line"]].tolist() == ["s1", -0.5, 0.25, "p. 3", 2]


def test_a_decimal_comma_is_read_where_the_comma_does_not_separate_cells(tmp_path):
    row = [*ROW[:9], "-0,5", "0,25", *ROW[11:]]
    frame = read_people(write(tmp_path, [HEADER, row], ";"), TABLE, tmp_path)
    assert frame.loc[0, ["effect", "se"]].tolist() == [-0.5, 0.25]


def test_a_decimal_comma_in_a_comma_file_is_a_fault_because_it_may_mean_thousands(tmp_path):
    row = [*ROW[:9], '"1,234"', *ROW[10:]]
    assert faults(tmp_path, [HEADER, row]) == [
        'results.csv:2: effect: "1,234" is not a number; write it as 12.5',
    ]


def test_all_faults_of_a_file_are_reported_at_once_with_line_and_column(tmp_path):
    rows = [
        HEADER,
        [*ROW[:8], "-1", *ROW[9:14], "guessed", ""],
        [*ROW[:3], "8 months", *ROW[4:]],
        [*ROW[:3], "9 months", *ROW[4:]],
        ["", *ROW[1:5], "7.5", *ROW[6:]],
    ]
    assert faults(tmp_path, rows) == [
        'results.csv:2: provenance: "guessed" is not one of reported, derived, calibrated, constructed; write one of these',
        "results.csv:2: sd: -1 is below 0; check it against the report",
        'results.csv:5: n: "7.5" is not a whole number; write digits only',
        "results.csv:5: study_id: the cell is blank; it must be filled",
    ]


def test_a_duplicate_key_names_the_line_of_the_first(tmp_path):
    assert faults(tmp_path, [HEADER, ROW, ROW]) == [
        "results.csv:3: study_id, comparison, outcome, timepoint, arm_id: the same key as line 2; keep one line a key"
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ([*HEADER, "colour"], "results.csv:1: colour: unknown column"),
        (HEADER[1:], "results.csv:1: study_id: the column is missing"),
        ([*HEADER, "note"], "results.csv:1: note: the column stands twice"),
    ],
)
def test_a_header_fault_names_the_column(tmp_path, header, expected):
    assert faults(tmp_path, [header])[0].startswith(expected)


def test_trailing_blank_cells_of_a_spreadsheet_are_no_fault(tmp_path):
    frame = read_people(write(tmp_path, [[*HEADER, "", ""], [*ROW, "", ""], [""] * 18]), TABLE, tmp_path)
    assert len(frame) == 1


def test_a_line_break_within_a_cell_keeps_the_lines_of_later_faults_right(tmp_path):
    rows = [HEADER, [*ROW[:15], '"two\nlines"'], [*ROW[:3], "9 months", *ROW[4:9], "x", *ROW[10:]]]
    assert faults(tmp_path, rows) == ['results.csv:4: effect: "x" is not a number; write it as 12.5']


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    row = [*ROW[:15], "Müller"]
    assert faults(tmp_path, [HEADER, row], encoding="cp1252") == [
        'results.csv:2: the file is not UTF-8; save it as "CSV UTF-8"'
    ]


def test_an_unclosed_quotation_mark_names_the_line_where_it_begins(tmp_path):
    assert faults(tmp_path, [HEADER, ROW, [*ROW[:15], '"open']])[0].startswith("results.csv:3: the line is not CSV")


def test_a_line_with_too_few_cells_is_a_fault(tmp_path):
    assert faults(tmp_path, [HEADER, ROW[:5]]) == [
        "results.csv:2: 5 cells where the header has 16; give each column a cell"
    ]
