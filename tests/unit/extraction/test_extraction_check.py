"""Faults of the extraction: each by its place, problem and mend."""

from typing import Any

import pytest
from reviewflow.extraction import check
from reviewflow.tables import Fault, frame

Row = dict[str, Any]
CONFIG: Row = {
    "extraction": {"extractors": ["extractor_1"], "study_fields": [{"name": "dose", "label": "Dose"}]},
    "comparisons": {
        "a_vs_b": {"label": "A versus B", "experimental": "A", "control": "B", "before_after": False},
        "after": {"label": "After versus before", "experimental": "A", "control": "A", "before_after": True},
    },
}
STUDY = {"study_id": "s1", "label": "One 2001"}
ARM = {"study_id": "s1", "arm_id": "a", "role": "experimental", "n": 20}
LINE = {"study_id": "s1", "comparison": "a_vs_b", "outcome": "death", "timepoint": "1 year", "provenance": "reported"}
DEATH = {**LINE, "arm_id": "a", "events": 3}
PAIN = {**LINE, "outcome": "pain", "effect": -1.5, "se": 0.5}
PAIN_ARM = {**LINE, "outcome": "pain", "arm_id": "a", "mean": 1.0, "sd": 2.0}
REPORT = "check it against the report"


def people(table: str, rows: list[Row], extra: tuple[str, ...] = ()) -> Any:
    return frame(table, rows, extra).assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


def run(
    studies: tuple[Row, ...] = (STUDY,),
    arms: tuple[Row, ...] = (ARM,),
    results: tuple[Row, ...] = (),
    rulings: tuple[Row, ...] = (),
) -> list[Fault]:
    outcomes = [
        {"outcome": "death", "label": "Death", "kind": "dichotomous"},
        {"outcome": "pain", "label": "Pain", "kind": "continuous"},
    ]
    return check(
        CONFIG,
        {"extractor_1": people("records/extraction/studies", [*studies], ("dose",))},
        {"extractor_1": people("records/extraction/arms", [*arms])},
        {"extractor_1": people("records/extraction/results", [*results])},
        people("records/extraction/adjudication", [*rulings]),
        people("records/extraction/study_reports", [{"study_id": "s1", "record_id": "r1"}]),
        people("config/outcomes", outcomes),
    )


def test_what_is_right_has_no_fault() -> None:
    before_after = {**PAIN, "comparison": "after", "n": 20}
    assert run(results=(DEATH, PAIN, PAIN_ARM, {**DEATH, "n": 3, "timepoint": "2 years"}, before_after)) == []


def test_a_study_that_no_report_is_linked_to() -> None:
    faults = run((STUDY, {**STUDY, "study_id": "s2"}), ({**ARM, "study_id": "s2"},), ({**PAIN, "study_id": "s2"},))
    problem, mend = '"s2" is not in study_reports.csv', "add it there or correct it here"
    assert faults == [
        Fault("records/extraction/arms.csv", 2, "study_id", problem, mend),
        Fault("records/extraction/results.csv", 2, "study_id", problem, mend),
        Fault("records/extraction/studies.csv", 3, "study_id", problem, mend),
    ]


@pytest.mark.parametrize(
    ("line", "column", "problem", "mend"),
    [
        (
            {**PAIN, "comparison": "x"},
            "comparison",
            '"x" is not a comparison of config.yaml',
            "write one of a_vs_b, after",
        ),
        ({**PAIN, "outcome": "x"}, "outcome", '"x" is not in outcomes.csv', "write one of death, pain"),
        ({**DEATH, "arm_id": "z"}, "arm_id", '"z" is not an arm of s1 in arms.csv', "add it there or correct it here"),
        ({**DEATH, "events": 21}, "events", "21 events among 20 participants", "check both against the report"),
        ({**DEATH, "n": 2}, "events", "3 events among 2 participants", "check both against the report"),
        ({**PAIN, "effect": None}, "effect", "se without effect", "fill in the effect"),
        ({**PAIN, "se": 0.0}, "se", "a standard error of 0 would give the study all the weight", REPORT),
        (
            {**PAIN, "effect": None, "se": None},
            "effect",
            "the line has neither an arm nor an effect",
            "fill in effect and se, or arm_id",
        ),
        (
            {**PAIN, "n": 20},
            "n",
            "n of a whole contrast does not say which side it counts",
            "give n of each arm in arms.csv",
        ),
        (
            {**DEATH, "arm_id": ""},
            "arm_id",
            "the cell is blank, but the line has events of an arm",
            "name the arm, or leave these cells blank",
        ),
        ({**PAIN_ARM, "mean": None}, "mean", "sd without mean", "fill in the mean"),
        ({**PAIN_ARM, "sd": 0.0}, "sd", "a standard deviation of 0 leaves no variance", REPORT),
        (
            {**PAIN_ARM, "effect": 1.0},
            "effect",
            "the line names an arm, but this belongs to a whole contrast",
            "give it a line with blank arm_id",
        ),
        (
            {**PAIN_ARM, "mean": None, "sd": None},
            "events",
            "the arm's line has neither events nor mean and sd",
            "fill them in or remove the line",
        ),
        (
            {**DEATH, "outcome": "pain"},
            "events",
            "pain is continuous in outcomes.csv",
            "give mean and sd, or correct the outcome",
        ),
        (
            {**PAIN_ARM, "outcome": "death"},
            "mean",
            "death is dichotomous in outcomes.csv",
            "give events, or correct the outcome",
        ),
    ],
)
def test_a_results_line(line: Row, column: str, problem: str, mend: str) -> None:
    assert run(results=(line,)) == [Fault("records/extraction/results.csv", 2, column, problem, mend)]


def ruling(table: str, key: str, column: str, value: str) -> Row:
    return {"table": table, "key": key, "column": column, "value": value, "adjudicator": "extractor_3"}


@pytest.mark.parametrize(
    "row",
    [
        ruling("arms", "s1/a", "n", "19"),
        ruling("arms", "s1/a", "label", ""),
        ruling("arms", "s1/a", "role", "control"),
        ruling("arms", "s1/a", "*", "drop"),
        ruling("studies", "s1", "dose", "10 mg"),
        ruling("results", "s1/a_vs_b/pain/1 year/", "effect", "-1.5"),
        ruling("results", "s1/a_vs_b/pain/1 year", "quote", "-1.5"),
    ],
)
def test_a_ruling_that_is_right(row: Row) -> None:
    assert run(results=(PAIN,), rulings=(row,)) == []


@pytest.mark.parametrize(
    ("row", "column", "problem", "mend"),
    [
        (
            ruling("arms", "s1/z", "n", "1"),
            "key",
            'no extractor has the line "s1/z" in arms.csv',
            "copy the key from results/extraction/disagreements.csv",
        ),
        (
            ruling("arms", "s1/a", "dose", "1"),
            "column",
            '"dose" is not a column of arms.csv',
            "the columns are label, role, n, page, quote, provenance, note",
        ),
        (
            ruling("arms", "s1/a", "arm_id", "b"),
            "column",
            "arm_id is part of the key",
            "rule on the whole line: * with keep or drop",
        ),
        (ruling("arms", "s1/a", "*", "yes"), "value", '"yes" is not known', "write keep or drop"),
        (ruling("arms", "s1/a", "n", "1.5"), "value", '"1.5" is not a whole number', "write digits only"),
        (ruling("arms", "s1/a", "n", "-1"), "value", "-1 is below 0", REPORT),
        (
            ruling("arms", "s1/a", "role", "placebo"),
            "value",
            '"placebo" is not one of experimental, control',
            "write one of these",
        ),
        (
            ruling("arms", "s1/a", "role", ""),
            "value",
            "the cell is blank, but role must be filled",
            "write the value that holds",
        ),
        (
            ruling("results", "s1/a_vs_b/pain/1 year/", "effect", "1,5"),
            "value",
            '"1,5" is not a number',
            "write it as 12.5",
        ),
    ],
)
def test_a_ruling_at_fault(row: Row, column: str, problem: str, mend: str) -> None:
    faults = run(results=(PAIN,), rulings=(row,))
    assert faults == [Fault("records/extraction/adjudication.csv", 2, column, problem, mend)]


def test_two_rulings_on_one_cell() -> None:
    twice = (
        ruling("results", "s1/a_vs_b/pain/1 year", "se", "1"),
        ruling("results", "s1/a_vs_b/pain/1 year/", "se", "2"),
    )
    mend = "keep one line a cell"
    assert run(results=(PAIN,), rulings=twice) == [
        Fault("records/extraction/adjudication.csv", 3, "key", "the cell was ruled on before", mend)
    ]


def test_all_faults_at_once_in_the_order_of_files_and_lines() -> None:
    faults = run(
        results=({**PAIN, "se": 0.0}, {**DEATH, "events": 30, "arm_id": "a"}), arms=({**ARM, "study_id": "s2"},)
    )
    assert [(fault.file.rsplit("/")[-1], fault.line, fault.column) for fault in faults] == [
        ("arms.csv", 2, "study_id"),
        ("results.csv", 2, "se"),
        ("results.csv", 3, "arm_id"),
    ]


@pytest.mark.parametrize("other", ["S1", "\uff531", "s1\u00a0"])
def test_two_names_of_a_study_that_people_take_for_one_are_a_fault(other: str) -> None:
    links = people("records/extraction/study_reports", [
        {"study_id": "s1", "record_id": "r1", "role": "primary"}, {"study_id": "s1", "record_id": "r2"},
        {"study_id": other, "record_id": "r3", "role": "primary"},
    ])  # fmt: skip
    frames: list[Any] = [{} for _ in range(3)]
    empty = people("records/extraction/adjudication", [])
    (fault,) = check(CONFIG, *frames, empty, links, people("config/outcomes", []))
    assert (fault.line, fault.column) == (4, "study_id")
    assert fault.problem == f'"{other}" and "s1" differ in capitals, blanks or width only'


def test_an_extractor_rules_on_no_cell() -> None:
    row = {**ruling("arms", "s1/a", "n", "19"), "adjudicator": "extractor_1"}
    (fault,) = run(rulings=(row,))
    assert (fault.column, fault.problem) == ("adjudicator", "extractor_1 is one of the extractors")


def test_no_name_has_the_sign_that_joins_the_parts_of_a_key() -> None:
    (fault,) = run(arms=({**ARM, "arm_id": "a/b"},))
    assert (fault.file, fault.column, fault.mend) == ("records/extraction/arms.csv", "arm_id", "write a hyphen")
