"""Worksheets of extractors and of the adjudicator: made from the form, filled in, read back whole or not at all."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reviewflow.cli import main
from reviewflow.commands.extract import reading
from reviewflow.tables import frame, write_results

CONFIG = """\
extraction:
  extractors: [extractor_1, extractor_2]
  adjudicator: extractor_3
  study_fields:
    - {name: design, label: Design, type: choice, values: [RCT, "a, b", cohort], required: true, help: As reported}
    - {name: dose, label: Dose, type: number, unit: mg}
    - {name: begun, label: Begun, type: date}
  result_fields:
    - {name: adjusted, label: Adjusted, type: yes_no}
comparisons:
  a_vs_b: {label: A versus B, experimental: A, control: B}
  after: {label: After versus before, experimental: A, control: A, before_after: true}
"""
ANALYSES = """\
analysis,label,section,figure,comparison,outcome,timepoint,measure,method,model,tau2_method,ci_method,exclude_studies,note
death,Death,,,a_vs_b,death,1 year,RR,MH,fixed,,wald,,
death_2,Death,,,a_vs_b,death,2 years,RR,MH,fixed,,wald,,
after,Pain,,,after,pain,1 year,MD,IV,fixed,,wald,,
"""
OUTCOMES = (
    "outcome,label,kind,unit,lower_is_better,note\ndeath,Death,dichotomous,,true,\npain,Pain,continuous,mm,true,\n"
)
LINKS = "study_id,record_id,role,note\ns1,r1,primary,\ns2,r2,primary,\ns3,r3,primary,\n"
STUDIES = 'study_id,label,design,dose,begun,page,quote,provenance,note\ns1,One 2001,RCT,12.50,2001-05,p. 1,"- 1-2, ""x""\n=1+1",reported,\n'
ARMS = "study_id,arm_id,label,role,n,page,quote,provenance,note\ns1,a,,experimental,020,,,,\ns1,b,,control,19,,,,\n"
HEAD = (
    "study_id,comparison,outcome,timepoint,arm_id,n,events,mean,sd,effect,se,adjusted,unit,page,quote,provenance,note\n"
)
RESULTS = (
    f"{HEAD}s1,a_vs_b,death,1 year,a,,3,,,,,yes,,p. 4,,reported,\ns1,a_vs_b,death,1 year,b,,5,,,,,,,p. 5,,reported,\n"
)
OWN = "records/extraction/extractor_1"
BOOK = "worksheets/extractor_1/extraction.xlsx"


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A review with three included studies, of which extractor_1 has extracted one."""
    texts = {
        "config/config.yaml": CONFIG, "config/analyses.csv": ANALYSES, "config/outcomes.csv": OUTCOMES,
        "records/extraction/study_reports.csv": LINKS, f"{OWN}/studies.csv": STUDIES, f"{OWN}/arms.csv": ARMS,
        f"{OWN}/results.csv": RESULTS,
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    ids = ("1", "2", "3")
    state = {"1": "included", "2": "included", "3": "excluded_full_text"}
    tables = {
        "screening/ledger": [{"report_id": f"R{i}", "state": state[i]} for i in ids],
        "dedupe/clusters": [{"record_id": f"r{i}", "report_id": f"R{i}"} for i in ids],
        "dedupe/reports": [{"report_id": f"R{i}", "authors": "Deng, D; Li J", "year": 2017} for i in ids],
    }
    frames = {name: frame(f"results/{name}", rows) for name, rows in tables.items()}
    write_results(frames, {name: str(tmp_path / f"results/{name}.csv") for name in frames})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def extract(*arguments: str) -> int:
    return main(["extract", "--as", "extractor_1", *arguments])


def written(review: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((review / OWN).iterdir())}


def rows(sheet: Any) -> list[dict[str, str]]:
    head, *lines = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(head, line, strict=True)) for line in lines if any(line)]


def edit(file: Path, change: Callable[[Any], object]) -> None:
    book = openpyxl.load_workbook(file)
    change(book)
    book.save(file)


def fill(sheet: Any, key: str, **cells: Any) -> None:
    """Fill in the first line of the study in which nothing stands in the first of these columns."""
    place = {cell.value: cell.column for cell in sheet[1]}
    first = next(iter(cells))
    row = next(r for r in range(2, 400) if sheet.cell(r, 1).value == key and not sheet.cell(r, place[first]).value)
    for name, value in cells.items():
        sheet.cell(row, place[name]).value = value


@pytest.mark.parametrize("how", ["xlsx", "csv"])
def test_a_worksheet_that_nobody_changed_changes_nothing(review: Path, how: str) -> None:
    before = written(review)
    assert extract("--format", how) == 0
    assert extract("--read", BOOK if how == "xlsx" else "worksheets/extractor_1") == 0
    assert written(review) == before


def test_the_worksheet_has_included_studies_existing_lines_and_the_results_that_analyses_need(review: Path) -> None:
    extract()
    book = openpyxl.load_workbook(review / BOOK)
    assert [(line["study_id"], line["label"]) for line in rows(book["studies"])] == [
        ("s1", "One 2001"),
        ("s2", "Deng 2017"),
    ]
    assert [(line["study_id"], line["role"]) for line in rows(book["arms"])][2:] == [("s2", "experimental")]
    asked = [(r["study_id"], r["comparison"], r["timepoint"], r["arm_id"]) for r in rows(book["results"])]
    assert asked[2:] == [
        ("s2", "a_vs_b", "1 year", ""), ("s2", "a_vs_b", "2 years", ""), ("s2", "after", "1 year", ""),
    ]  # fmt: skip
    assert [line["study_id"] for line in rows(book["included"])] == ["s1", "s2"]


def test_arms_that_are_known_are_asked_for_one_by_one(review: Path) -> None:
    (review / OWN / "results.csv").write_text(HEAD, encoding="utf-8")
    extract()
    asked = [r for r in rows(openpyxl.load_workbook(review / BOOK)["results"]) if r["study_id"] == "s1"]
    assert [(r["comparison"], r["timepoint"], r["arm_id"]) for r in asked] == [
        ("a_vs_b", "1 year", "a"), ("a_vs_b", "1 year", "b"), ("a_vs_b", "2 years", "a"), ("a_vs_b", "2 years", "b"),
    ]  # fmt: skip


def test_the_workbook_has_drop_downs_help_a_frozen_head_and_text_cells(review: Path) -> None:
    extract()
    book = openpyxl.load_workbook(review / BOOK)
    sheet = book["studies"]
    lists = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert lists["C2"].showErrorMessage
    assert not lists["A2"].showErrorMessage
    name, cells = lists["C2"].formula1.split("!")
    assert [cell.value for (cell,) in book[name][cells.replace("$", "")]] == ["RCT", "a, b", "cohort"]
    assert book[name].sheet_state == "hidden"
    assert sheet["C1"].comment.text == "Design: As reported. One of RCT, a, b, cohort. Needed in each line."
    assert (sheet.freeze_panes, book["results"].freeze_panes) == ("B2", "F2")
    formats = {cell.number_format for row in sheet.iter_rows(min_row=2, max_row=20) for cell in row}
    assert formats == {"@"}
    dose = next(line for line in rows(book["help"]) if line["column"] == "dose")
    assert dose["what to write"] == "Dose (mg)"


def test_what_looks_like_a_formula_stays_text(review: Path) -> None:
    extract()
    quote = next(c for c in openpyxl.load_workbook(review / BOOK)["studies"][2] if str(c.value).startswith("- 1-2"))
    assert (quote.data_type, quote.value) == ("s", '- 1-2, "x"\n=1+1')
    extract("--format", "csv")
    text = (review / "worksheets/extractor_1/studies.csv").read_text(encoding="utf-8")
    assert '"\'- 1-2, ""x""\n=1+1"' in text


def test_filled_in_lines_are_added_and_prompts_are_not(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract()

    def change(book: Any) -> None:
        fill(book["studies"], "s2", design="cohort", dose=12.0, begun="2019")
        fill(book["arms"], "s2", arm_id="a", n=7)
        fill(book["results"], "s2", arm_id="a", events=1, provenance="reported", percent="14.3")

    edit(review / BOOK, change)
    before = written(review)
    assert extract("--read", BOOK, "--dry-run") == 0
    assert written(review) == before
    assert extract("--read", BOOK) == 0
    said = capsys.readouterr().out
    assert "results: 1 added, 0 changed, 0 removed\n  + s2/a_vs_b/death/1 year/a" in said
    assert written(review)["studies.csv"].decode() == f"{STUDIES}s2,Deng 2017,cohort,12,2019,,,,\n"
    head, *lines = written(review)["results.csv"].decode().splitlines()
    assert head == f"{HEAD.strip()},percent"
    assert lines == [
        *(f"{line}," for line in RESULTS.splitlines()[1:]),
        "s2,a_vs_b,death,1 year,a,,1,,,,,,,,,reported,,14.3",
    ]


def test_a_changed_cell_is_said_and_a_missing_line_is_removed_on_demand_only(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract()

    def change(book: Any) -> None:
        book["arms"]["E2"].value = "21"
        book["results"].delete_rows(3)

    edit(review / BOOK, change)
    before = written(review)
    assert extract("--read", BOOK) == 1
    assert 'the line "s1/a_vs_b/death/1 year/b" of results.csv is not in the worksheet' in capsys.readouterr().err
    assert written(review) == before
    assert extract("--read", BOOK, "--remove") == 0
    assert '  ~ s1/a: n: "020" -> "21"' in capsys.readouterr().out
    assert written(review)["results.csv"].decode() == "".join(RESULTS.splitlines(keepends=True)[:2])
    assert written(review)["studies.csv"] == before["studies.csv"]


def test_all_faults_come_at_once_with_sheet_and_cell_and_nothing_is_written(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract()

    def change(book: Any) -> None:
        book["studies"]["C2"].value = "trial"
        fill(book["studies"], "s2", design="RCT", dose="12 mg")
        fill(book["arms"], "s2", arm_id="a", n="=3+4")
        fill(book["results"], "s2", arm_id="z", events=1)
        book["results"]["G2"].value = 30

    edit(review / BOOK, change)
    before = written(review)
    assert extract("--read", BOOK) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{BOOK} arms:4: E4: the cell is a formula, and only its words were saved; format the cell as text and write it again",
        f"{BOOK} results:4: provenance ({_at(review, 'results', 'provenance')}4): the cell is blank; it must be filled",
        f'{BOOK} studies:2: design (C2): "trial" is not one of RCT, a, b, cohort; write one of these',
        f'{BOOK} studies:3: dose (D3): "12 mg" is not a number; write it as 12.5',
    ]
    assert written(review) == before


def _at(review: Path, sheet: str, column: str) -> str:
    head = openpyxl.load_workbook(review / BOOK)[sheet][1]
    return next(cell.column_letter for cell in head if cell.value == column)


def test_what_the_gate_would_say_is_said_of_the_worksheet(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extract()
    edit(review / BOOK, lambda book: fill(book["results"], "s2", arm_id="z", events=1, provenance="reported"))
    assert extract("--read", BOOK) == 1
    assert f'{BOOK} results:4: arm_id (E4): "z" is not an arm of s2 in arms.csv' in capsys.readouterr().err


def test_a_date_or_a_percentage_that_a_spreadsheet_made_is_a_fault(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import datetime

    extract()

    def change(book: Any) -> None:
        book["studies"]["B2"].value, book["studies"]["B2"].number_format = datetime(2026, 2, 1), "d-mmm"
        book["studies"]["D2"].value, book["studies"]["D2"].number_format = 0.12, "0%"
        book["studies"]["E2"].value, book["studies"]["E2"].number_format = datetime(2001, 5, 6), "yyyy-mm-dd"

    edit(review / BOOK, change)
    assert extract("--read", BOOK) == 1
    said = capsys.readouterr().err
    assert "studies:2: B2: the spreadsheet made a date of it" in said
    assert "studies:2: D2: the spreadsheet made a percentage of it" in said
    assert "E2" not in said


def test_a_worksheet_that_is_made_again_keeps_what_was_not_read_yet(review: Path) -> None:
    extract()
    edit(review / BOOK, lambda book: fill(book["studies"], "s2", design="cohort", dose="80"))
    edit(review / BOOK, lambda book: book["arms"].cell(2, 5, "22"))
    extract()
    book = openpyxl.load_workbook(review / BOOK)
    assert [(line["study_id"], line["dose"]) for line in rows(book["studies"])] == [("s1", "12.50"), ("s2", "80")]
    assert rows(book["arms"])[0]["n"] == "22"


def test_what_is_no_workbook_has_no_traceback(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (review / "x.xlsx").write_bytes(b"PK\x03\x04 no")
    assert extract("--read", "x.xlsx") == 1
    assert extract("--read", "y.xlsx") == 1
    assert main(["extract", "--as", "somebody"]) == 1
    said = capsys.readouterr().err
    assert "x.xlsx: the file is no workbook" in said
    assert "y.xlsx: is no file and no folder" in said
    assert '"somebody" is no extractor of config.yaml; name one of extractor_1, extractor_2' in said


def test_without_the_ledger_nobody_can_say_which_studies_are_included(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (review / "results/screening/ledger.csv").unlink()
    assert extract() == 1
    assert "run snakemake first" in capsys.readouterr().err


ADJUDICATION = "worksheets/adjudication/adjudication.xlsx"


@pytest.mark.parametrize("how", ["xlsx", "csv"])
def test_a_column_that_is_gone_takes_no_value_of_records_with_it(
    review: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = review / OWN / "studies.csv"
    own.write_text(STUDIES.replace(",note\n", ",note,centre\n").replace("reported,\n", "reported,,Lund\n"))
    extract("--format", how)
    if how == "xlsx":
        edit(review / BOOK, lambda book: book["studies"].delete_cols(_place(book, "centre")))
    else:
        sheet = review / "worksheets/extractor_1/studies.csv"
        lines = list(csv.reader(sheet.read_text(encoding="utf-8").splitlines()))
        gone = lines[0].index("centre")
        with sheet.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([cell for i, cell in enumerate(line) if i != gone] for line in lines)
    before = written(review)
    assert extract("--read", BOOK if how == "xlsx" else "worksheets/extractor_1") == 1
    assert "centre: the column is missing, and values of records/ stand in it" in capsys.readouterr().err
    assert written(review) == before


def _place(book: Any, column: str) -> int:
    return next(int(cell.column) for cell in book["studies"][1] if cell.value == column)


def test_merged_cells_are_a_fault_for_all_but_the_first_would_be_lost(
    review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract()

    def change(book: Any) -> None:
        for arm in ("a", "b"):
            book["arms"].append(["s2", arm, "", "control", 30])
        last = book["arms"].max_row
        book["arms"].merge_cells(f"E{last - 1}:E{last}")

    edit(review / BOOK, change)
    before = written(review)
    assert extract("--read", BOOK) == 1
    assert "the cells are merged, and all but the first would be blank; unmerge them" in capsys.readouterr().err
    assert written(review) == before


@pytest.mark.parametrize("place", ["worksheets/extractor_2/extraction.xlsx", "worksheets/extractor_2", "mailed.xlsx"])
def test_nobody_hands_in_the_worksheet_of_another_extractor(
    review: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for how in ("xlsx", "csv"):
        assert main(["extract", "--as", "extractor_2", "--format", how]) == 0
    (review / "mailed.xlsx").write_bytes((review / "worksheets/extractor_2/extraction.xlsx").read_bytes())
    before = written(review)
    assert extract("--remove", "--read", place) == 1
    said = capsys.readouterr().err
    assert said == f"{place}: it was made for extractor_2; read the one that was made for extractor_1\n"
    assert written(review) == before


@pytest.fixture
def differing(review: Path) -> Path:
    """The review in which extractor_2 differs in two cells and lacks a line."""
    other = review / "records/extraction/extractor_2"
    other.mkdir()
    (other / "studies.csv").write_text(STUDIES.replace("12.50", "15").replace("RCT", "cohort"), encoding="utf-8")
    (other / "arms.csv").write_text("".join(ARMS.splitlines(keepends=True)[:2]), encoding="utf-8")
    (other / "results.csv").write_text(HEAD, encoding="utf-8")
    return review


def rule(book: Any, **answers: str) -> None:
    sheet = book["adjudication"]
    place = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        holds, _, value = answers.get(sheet.cell(row, place["column"]).value or "", "").partition("=")
        sheet.cell(row, place["holds"]).value = holds or None
        sheet.cell(row, place["value"]).value = value or None


def test_rulings_go_from_the_adjudicator_s_worksheet_into_adjudication_csv(differing: Path) -> None:
    assert main(["extract", "--adjudicate"]) == 0
    lines = rows(openpyxl.load_workbook(differing / ADJUDICATION)["adjudication"])
    dose = next(line for line in lines if line["column"] == "dose")
    assert (dose["extractor_1"], dose["extractor_2"], dose["extractor_1 page"], dose["label"]) == (
        "12.5", "15", "p. 1", "Dose (mg)",
    )  # fmt: skip
    edit(differing / ADJUDICATION, lambda book: rule(book, dose="other=14.5", design="extractor_2"))
    assert main(["extract", "--adjudicate", "--read", ADJUDICATION]) == 0
    file = differing / "records/extraction/adjudication.csv"
    assert file.read_text(encoding="utf-8").splitlines() == [
        "table,key,column,value,adjudicator,note",
        "studies,s1,design,cohort,extractor_3,",
        "studies,s1,dose,14.5,extractor_3,",
    ]
    main(["extract", "--adjudicate"])
    left = rows(openpyxl.load_workbook(differing / ADJUDICATION)["adjudication"])
    assert {line["column"] for line in left} == {"*"}


def test_rulings_at_fault_come_all_at_once_and_none_is_written(
    differing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["extract", "--adjudicate"])
    edit(differing / ADJUDICATION, lambda book: rule(book, dose="other", design="extractor_9"))
    assert main(["extract", "--adjudicate", "--read", ADJUDICATION]) == 1
    said = capsys.readouterr().err
    assert 'holds: "extractor_9" cannot hold here; write one of extractor_1, extractor_2, other, blank' in said
    assert "value: the cell is blank; write the value that holds, or blank into holds" in said
    edit(differing / ADJUDICATION, lambda book: rule(book, dose="other=a lot"))
    assert main(["extract", "--adjudicate", "--read", ADJUDICATION]) == 1
    assert '"a lot" is not a number' in capsys.readouterr().err
    assert not (differing / "records/extraction/adjudication.csv").exists()


def test_a_cell_that_an_extractor_corrected_meanwhile_is_not_ruled_on_unseen(
    differing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["extract", "--adjudicate"])
    edit(differing / ADJUDICATION, lambda book: rule(book, dose="extractor_2"))
    file = differing / "records/extraction/extractor_2/studies.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("15", "16"), encoding="utf-8")
    assert main(["extract", "--adjudicate", "--read", ADJUDICATION]) == 1
    assert 'extractor_2 has "16" now, and the worksheet shows "15"' in capsys.readouterr().err
    main(["extract", "--adjudicate"])
    lines = rows(openpyxl.load_workbook(differing / ADJUDICATION)["adjudication"])
    assert next(line["holds"] for line in lines if line["column"] == "dose") == "extractor_2"


@pytest.mark.parametrize(
    ("column", "heading", "said"),
    [
        ("holds", "who is right", "holds: the column is missing"),
        ("note", "holds", "holds: the column stands twice"),
        ("value", "", "value: the column is missing"),
        ("extractor_1", "first", "extractor_1: the column is missing"),
    ],
)
def test_an_answer_whose_heading_was_lost_is_not_lost_without_a_word(
    differing: Path, column: str, heading: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["extract", "--adjudicate"])

    def change(book: Any) -> None:
        rule(book, dose="extractor_2")
        next(cell for cell in book["adjudication"][1] if cell.value == column).value = heading or None

    edit(differing / ADJUDICATION, change)
    assert main(["extract", "--adjudicate", "--read", ADJUDICATION]) == 1
    assert f"{ADJUDICATION} adjudication:1: {said}; give the heading the name that it had" in capsys.readouterr().err
    assert not (differing / "records/extraction/adjudication.csv").exists()


def test_the_command_that_reads_a_worksheet_names_the_review_that_lives_elsewhere() -> None:
    here = reading("--as extractor_1", Path(), Path("worksheets/a.xlsx"))
    assert here == "then: .venv/bin/reviewflow extract --as extractor_1 --read worksheets/a.xlsx"
    there = reading("--adjudicate", Path("my review"), Path("my review/a.xlsx"))
    assert there == "then: .venv/bin/reviewflow extract --adjudicate --directory 'my review' --read 'my review/a.xlsx'"


@pytest.mark.parametrize("how", ["xlsx", "csv"])
def test_a_worksheet_sets_nothing_back_that_was_written_into_records_after_it_was_made(
    review: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    extract("--format", how)
    worksheet = BOOK if how == "xlsx" else "worksheets/extractor_1"
    (review / f"{OWN}/arms.csv").write_text(ARMS.replace("control,19", "control,21"), encoding="utf-8")
    assert extract("--read", worksheet) == 1
    said = capsys.readouterr().err
    assert f"{OWN} was changed after this worksheet was made; " in said
    assert "control,21" in (review / f"{OWN}/arms.csv").read_text(encoding="utf-8")
    assert extract("--read", worksheet, "--dry-run") == 0
    assert extract("--read", worksheet, "--over") == 0
    assert "control,19" in (review / f"{OWN}/arms.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["xlsx", "csv"])
def test_making_a_worksheet_again_does_not_hide_that_records_changed_before(review: Path, how: str) -> None:
    extract("--format", how)
    worksheet = BOOK if how == "xlsx" else "worksheets/extractor_1"
    (review / f"{OWN}/arms.csv").write_text(ARMS.replace("control,19", "control,21"), encoding="utf-8")
    extract("--format", how)
    assert extract("--read", worksheet) == 1
    assert "control,21" in (review / f"{OWN}/arms.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["xlsx", "csv"])
def test_a_worksheet_is_read_again_after_it_was_read(review: Path, how: str) -> None:
    extract("--format", how)
    worksheet = BOOK if how == "xlsx" else "worksheets/extractor_1"
    assert extract("--read", worksheet) == 0
    assert extract("--read", worksheet) == 0
