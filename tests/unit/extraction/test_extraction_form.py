"""The review's own fields: declared in config.yaml, checked cell by cell, compared and ruled on in their types."""

from pathlib import Path
from typing import Any

import pytest
from reviewflow.config import read_config
from reviewflow.extraction import build, check
from reviewflow.faults import DataFaults
from reviewflow.form import canonical, form, own_columns, same
from reviewflow.tables import empty_people, frame, read_people, schema

CONFIG: dict[str, Any] = {
    "extraction": {
        "extractors": ["extractor_1", "extractor_2"],
        "adjudicator": "extractor_3",
        "study_fields": [
            {"name": "design", "label": "Design", "type": "choice", "values": ["RCT", "cohort"], "required": True},
            {"name": "dose", "label": "Dose", "type": "number", "unit": "mg", "help": "Daily dose"},
            {"name": "sites", "label": "Sites", "type": "integer"},
            {"name": "begun", "label": "Begun", "type": "date"},
            {"name": "blind", "label": "Blind", "type": "yes_no"},
            {"name": "funding", "label": "Funding"},
        ],
        "arm_fields": [{"name": "age", "label": "Age", "type": "number", "unit": "years"}],
        "result_fields": [{"name": "adjusted", "label": "Adjusted", "type": "yes_no"}],
    },
    "comparisons": {},
}
OWN = "design,dose,sites,begun,blind,funding"


def read(tmp_path: Path, lines: str) -> Any:
    file = tmp_path / "studies.csv"
    file.write_text(f"study_id,label,{OWN},page,quote,provenance,note\n{lines}", encoding="utf-8")
    return read_people(file, "records/extraction/studies", tmp_path, own_columns(CONFIG, "studies"))


def test_cells_of_own_fields_have_their_type(tmp_path: Path) -> None:
    data = read(tmp_path, "s1,One,RCT,12.50,3,2019-05,yes,none,,,,\n")
    assert data.loc[0, ["dose", "sites", "begun", "blind"]].tolist() == [12.5, 3, "2019-05", "yes"]


def test_all_cells_that_are_not_of_their_type_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataFaults) as found:
        read(tmp_path, "s1,One,case,12 mg,3.5,May 2019,maybe,,,,,\ns2,Two,,,,2019-13,,,,,,\n")
    assert [(fault.line, fault.column) for fault in found.value.faults] == [
        (2, "begun"), (2, "blind"), (2, "design"), (2, "dose"), (2, "sites"), (3, "begun"), (3, "design"),
    ]  # fmt: skip
    assert '"case" is not one of RCT, cohort; write one of these' in str(found.value)


@pytest.mark.parametrize("cell", ["2020", "2020-02", "2020-02-29"])
def test_a_date_may_be_a_year_a_month_or_a_day(tmp_path: Path, cell: str) -> None:
    assert read(tmp_path, f"s1,One,RCT,,,{cell},,,,,,\n").loc[0, "begun"] == cell


@pytest.mark.parametrize("cell", ["2021-02-29", "20", "2020-00", "2020/02"])
def test_what_the_calendar_does_not_have_is_no_date(tmp_path: Path, cell: str) -> None:
    with pytest.raises(DataFaults):
        read(tmp_path, f"s1,One,RCT,,,{cell},,,,,,\n")


def test_the_form_has_every_column_once_and_own_fields_behind_the_label() -> None:
    for table, fields in form(CONFIG).items():
        names = [field.name for field in fields]
        own = [column.name for column in own_columns(CONFIG, table)]
        assert sorted(names) == sorted([*schema(f"records/extraction/{table}").columns, *own])
    assert [field.name for field in form(CONFIG)["studies"]][:3] == ["study_id", "label", "design"]
    assert form(CONFIG)["studies"][3].heading == "Dose (mg)"


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("{name: label, label: L}", '"label" is a column of studies.csv already'),
        ("{name: reports, label: R}", '"reports" is a column of studies.csv already'),
        ("{name: x, label: X, type: choice}", '"x" is a choice without values'),
        ("{name: x, label: X, values: [a]}", '"x" has values and is no choice'),
        ("{name: x, label: X, type: choice, values: [a, a]}", '"x" has a value twice'),
        ("{name: first, label: X}", '"first" stands twice'),
    ],
)
def test_a_field_that_could_be_no_column_is_a_fault_of_the_configuration(
    tmp_path: Path, field: str, problem: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(
        f"extraction:\n  extractors: [e]\n  study_fields:\n    - {{name: first, label: F}}\n    - {field}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataFaults) as found:
        read_config(file)
    (fault,) = found.value.faults
    assert (fault.line, fault.column, fault.problem) == (5, "extraction.study_fields.1", problem)


@pytest.mark.parametrize(
    ("one", "other", "column", "equal"),
    [
        (12.0, 12, "n", True),
        (12.0, 12.5, "n", False),
        ("5 to  10\nmg ", "5 to 10 mg", "dose", True),
        ("RCT", "rct", "design", False),
        ("Zu\u0308rich", "Zürich", "site", True),
        ("< 0.010", "<0.01", "p_value", True),
        ("0.03", "=.030", "p_value", True),
        ("<0.05", "0.05", "p_value", False),
        ("0.010", "0.01", "quote", False),
        (None, None, "n", True),
        (None, 0, "n", False),
    ],
)
def test_numbers_compare_as_numbers_and_text_by_its_words(one: Any, other: Any, column: str, equal: bool) -> None:
    assert same(one, other, column) is equal
    assert (canonical(one, column) == canonical(other, column)) is equal


def people(table: str, rows: list[dict[str, Any]]) -> Any:
    own = own_columns(CONFIG, table) if table in ("studies", "arms", "results") else ()
    if not rows:
        return empty_people(f"records/extraction/{table}", own)
    typed = empty_people(f"records/extraction/{table}", own).drop(columns=["_file", "_line"])
    data = frame(f"records/extraction/{table}", rows, [c.name for c in own])
    numbers = {c.name: "float64" for c in own if c.type == "number"} | {
        c.name: "Int64" for c in own if c.type == "integer"
    }
    for column, kind in numbers.items():
        data[column] = data[column].replace("", None).astype("float64").astype(kind)
    assert data.dtypes.equals(typed.dtypes)
    return data.assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


STUDY = {"study_id": "s1", "label": "One 2001", "design": "RCT", "dose": "12.0", "sites": "3", "begun": "2019"}


def built(other: dict[str, Any], rulings: list[dict[str, Any]]) -> dict[str, Any]:
    nobody = {"extractor_1": people("arms", []), "extractor_2": people("arms", [])}
    nothing = {"extractor_1": people("results", []), "extractor_2": people("results", [])}
    studies = {"extractor_1": people("studies", [STUDY]), "extractor_2": people("studies", [{**STUDY, **other}])}
    links = people("study_reports", [{"study_id": "s1", "record_id": "r1", "role": "primary"}])
    outcomes = empty_people("config/outcomes")
    given = (CONFIG, studies, nobody, nothing, people("adjudication", rulings), links, outcomes)
    assert check(*given) == []
    ledger = frame("results/screening/ledger", [{"report_id": "R1", "state": "included"}])
    clusters = frame("results/dedupe/clusters", [{"record_id": "r1", "report_id": "R1"}])
    return build(*given, ledger, clusters)


def test_own_fields_agree_as_their_type_does() -> None:
    made = built({"dose": "12", "begun": "2019 "}, [])
    assert made["disagreements"].empty
    assert made["studies"].loc[0, ["dose", "sites", "begun"]].tolist() == ["12", "3", "2019"]


def test_a_ruling_on_an_own_field_holds_in_its_type() -> None:
    ruling = {"table": "studies", "key": "s1", "column": "dose", "value": "15.0", "adjudicator": "extractor_3"}
    made = built({"dose": "20"}, [ruling])
    assert made["studies"].loc[0, "dose"] == "15"
    cells = made["as_extracted"].query("column == 'dose'")
    assert cells[["extractor", "value", "holds", "how"]].to_numpy().tolist() == [
        ["extractor_1", "12", "15", "adjudicated"],
        ["extractor_2", "20", "15", "adjudicated"],
    ]


def test_a_ruling_that_is_not_of_the_field_s_type_is_a_fault() -> None:
    ruling = {"table": "studies", "key": "s1", "column": "blind", "value": "perhaps", "adjudicator": "extractor_3"}
    with pytest.raises(AssertionError, match="perhaps"):
        built({}, [ruling])
