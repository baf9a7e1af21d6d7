"""Consensus of extractors and contrasts: literal tables in, whole tables out."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.extraction import build
from reviewflow.tables import frame, schema

Row = dict[str, Any]
CONFIG: Row = {
    "extraction": {
        "extractors": ["extractor_1", "extractor_2"],
        "adjudicator": "extractor_3",
        "study_fields": [{"name": "dose", "label": "Dose"}],
    },
    "preparation": {
        "multi_arm": "combine",
        "medians": "convert",
        "skewed": "flag",
        "change_scores": "final",
        "correlation": 0.5,
    },
    "comparisons": {
        "a_vs_b": {"label": "A versus B", "experimental": "A", "control": "B", "before_after": False},
        "after": {"label": "After versus before", "experimental": "A", "control": "A", "before_after": True},
    },
}
STUDY = {"study_id": "s1", "label": "One 2001", "dose": "10", "page": "p. 1", "provenance": "reported"}
ARM_E = {"study_id": "s1", "arm_id": "a", "role": "experimental", "n": 20, "page": "p. 2", "provenance": "derived"}
ARM_C = {"study_id": "s1", "arm_id": "b", "role": "control", "n": 19, "page": "p. 2", "provenance": "derived"}
CONTRAST = {"study_id": "s1", "comparison": "a_vs_b", "outcome": "death", "timepoint": "1 year"}
DEATH_E = {**CONTRAST, "arm_id": "a", "events": 3, "page": "p. 4", "quote": "3 died", "provenance": "reported"}
DEATH_C = {**CONTRAST, "arm_id": "b", "events": 5, "page": "p. 5", "quote": "5 died", "provenance": "reported"}
PAIN = {**CONTRAST, "outcome": "pain", "effect": -1.5, "se": 0.5, "page": "p. 6", "provenance": "calibrated"}
OUTCOMES = [
    {"outcome": "death", "label": "Death", "kind": "dichotomous"},
    {"outcome": "pain", "label": "Pain", "kind": "continuous", "unit": "mm"},
]
LINKS = [{"study_id": "s1", "record_id": "r1", "role": "primary"}]
LEDGER = [{"report_id": "R1", "state": "included"}]
CLUSTERS = [
    {"record_id": "r0", "report_id": "R0"},
    {"record_id": "r1", "report_id": "R1"},
    {"record_id": "r1b", "report_id": "R1"},
]
EVERYTHING: dict[str, list[Row]] = {"studies": [STUDY], "arms": [ARM_E, ARM_C], "results": [DEATH_E, DEATH_C, PAIN]}


def people(table: str, rows: list[Row], extra: tuple[str, ...] = ()) -> pd.DataFrame:
    lines = range(2, len(rows) + 2)
    return frame(f"records/extraction/{table}", rows, extra).assign(_file=f"{table}.csv", _line=lines)


def run(
    tables: dict[str, dict[str, list[Row]]],
    rulings: list[Row] | None = None,
    links: list[Row] = LINKS,
    ledger: list[Row] = LEDGER,
    config: Row = CONFIG,
) -> dict[str, pd.DataFrame]:
    fields = {"studies": ("dose",)}
    frames = {
        name: {who: people(name, tables[who].get(name, []), fields.get(name, ())) for who in tables}
        for name in ("studies", "arms", "results")
    }
    return build(
        config,
        frames["studies"],
        frames["arms"],
        frames["results"],
        people("adjudication", rulings or []),
        people("study_reports", links),
        frame("config/outcomes", OUTCOMES),
        frame("results/screening/ledger", ledger),
        frame("results/dedupe/clusters", CLUSTERS),
    )


def both(**changed: list[Row]) -> dict[str, dict[str, list[Row]]]:
    return {"extractor_1": EVERYTHING, "extractor_2": {**EVERYTHING, **changed}}


def rows(table: pd.DataFrame, *columns: str) -> list[Row]:
    """The table's rows without blank cells."""
    chosen = table[list(columns)] if columns else table
    return [
        {str(name): cell for name, cell in row.items() if not pd.isna(cell) and cell != ""}
        for row in chosen.to_dict("records")
    ]


def ruling(table: str, key: str, column: str, value: str) -> Row:
    return {
        "table": table,
        "key": key,
        "column": column,
        "value": value,
        "adjudicator": "extractor_3",
        "note": "read again",
    }


def test_agreement() -> None:
    made = run(both())
    assert rows(made["studies"]) == [{**STUDY, "reports": "R1"}]
    assert rows(made["arms"]) == [ARM_E, ARM_C]
    assert rows(made["contrasts"]) == [
        {
            **CONTRAST,
            "label": "One 2001",
            "n_e": 20,
            "n_c": 19,
            "events_e": 3,
            "events_c": 5,
            "provenance": "derived",
            "imputed": False,
            "shared_control": False,
            "conversions": 0,
            "source": "p. 4; p. 2; p. 5",
            "quote": "3 died; 5 died",
        },
        {
            **CONTRAST,
            "outcome": "pain",
            "label": "One 2001",
            "n_e": 20,
            "n_c": 19,
            "effect": -1.5,
            "se": 0.5,
            "provenance": "calibrated",
            "imputed": False,
            "shared_control": False,
            "conversions": 0,
            "source": "p. 6",
        },
    ]
    assert made["disagreements"].empty
    assert made["issues"].empty


def test_tables_have_the_columns_of_their_schemas() -> None:
    for name, table in run({"extractor_1": {}, "extractor_2": {}}, links=[], ledger=[]).items():
        extra = ["dose"] if name == "studies" else []
        assert list(table.columns) == [*schema(f"results/extraction/{name}").columns, *extra]
        assert table.empty


def test_a_line_s_own_n_goes_before_the_arm_s() -> None:
    line = {**DEATH_E, "n": 18}
    made = run(
        {
            "extractor_1": {**EVERYTHING, "results": [line, DEATH_C]},
            "extractor_2": {**EVERYTHING, "results": [line, DEATH_C]},
        }
    )
    assert rows(made["contrasts"], "n_e", "n_c") == [{"n_e": 18, "n_c": 19}]


def test_numbers_are_compared_as_numbers_and_page_quote_note_not_at_all() -> None:
    other = {**PAIN, "effect": -1.50, "page": "p. 7", "quote": "-1.50", "note": "mine", "provenance": "reported"}
    made = run(both(results=[DEATH_E, DEATH_C, other]))
    assert made["disagreements"].empty
    pain = rows(made["contrasts"], "source", "quote", "note", "provenance")[1]
    assert pain == {"source": "p. 6", "quote": "-1.50", "note": "mine", "provenance": "calibrated"}


def test_an_unresolved_cell_keeps_its_contrast_out() -> None:
    made = run(both(results=[{**DEATH_E, "events": 4}, DEATH_C, PAIN]))
    assert made["contrasts"]["outcome"].tolist() == ["pain"]
    key = "s1/a_vs_b/death/1 year/a"
    assert rows(made["disagreements"]) == [
        {
            "table": "results",
            "key": key,
            "column": "events",
            "values": "extractor_1=3; extractor_2=4",
            "status": "unresolved",
        }
    ]
    assert rows(made["issues"], "kind", "study_id", "where", "person") == [
        {"kind": "unresolved", "study_id": "s1", "where": f"results {key} events", "person": "extractor_3"}
    ]


def test_an_unresolved_arm_keeps_the_contrasts_of_its_lines_out_and_its_n_out_of_the_others() -> None:
    made = run(both(arms=[ARM_E, {**ARM_C, "n": 21}]))
    assert rows(made["contrasts"], "outcome", "n_e", "n_c") == [{"outcome": "pain", "n_e": 20}]
    assert made["arms"]["arm_id"].tolist() == ["a"]
    assert rows(made["issues"], "kind", "where") == [{"kind": "unresolved", "where": "arms s1/b n"}]


def test_an_unresolved_characteristic_is_blank_and_keeps_no_contrast_out() -> None:
    made = run(both(studies=[{**STUDY, "dose": "20"}]))
    assert rows(made["studies"], "study_id", "label", "dose") == [{"study_id": "s1", "label": "One 2001"}]
    assert len(made["contrasts"]) == 2
    assert rows(made["issues"], "where") == [{"where": "studies s1 dose"}]


def test_a_ruling_resolves_and_page_and_quote_follow_the_value() -> None:
    theirs = {**PAIN, "effect": 1.5, "page": "p. 9", "quote": "+1.5"}
    # The slash before the blank arm_id may be left away.
    for key in ("s1/a_vs_b/pain/1 year/", "s1/a_vs_b/pain/1 year"):
        made = run(both(results=[DEATH_E, DEATH_C, theirs]), [ruling("results", key, "effect", "1.5")])
        assert rows(made["contrasts"], "effect", "source", "quote")[1] == {
            "effect": 1.5,
            "source": "p. 9",
            "quote": "+1.5",
        }
        assert rows(made["disagreements"]) == [
            {
                "table": "results",
                "key": "s1/a_vs_b/pain/1 year/",
                "column": "effect",
                "values": "extractor_1=-1.5; extractor_2=1.5",
                "status": "adjudicated",
                "value": "1.5",
                "adjudicator": "extractor_3",
                "note": "read again",
            }
        ]
        assert made["issues"].empty


def test_a_ruling_to_blank_is_a_value() -> None:
    made = run(both(arms=[ARM_E, {**ARM_C, "label": "Placebo"}]), [ruling("arms", "s1/b", "label", "")])
    assert rows(made["arms"], "arm_id", "label") == [{"arm_id": "a"}, {"arm_id": "b"}]
    assert made["disagreements"]["status"].tolist() == ["adjudicated"]


def test_a_ruling_that_all_agree_with_is_no_disagreement_and_one_against_all_is_listed() -> None:
    assert run(both(), [ruling("arms", "s1/a", "n", "20")])["disagreements"].empty
    made = run(both(), [ruling("arms", "s1/a", "n", "17")])
    assert made["contrasts"]["n_e"].tolist() == [17, 17]
    assert rows(made["disagreements"], "values", "value") == [
        {"values": "extractor_1=20; extractor_2=20", "value": "17"}
    ]


def test_a_line_that_one_extractor_has_is_kept_out_until_it_is_ruled_on() -> None:
    lacking = both(results=[DEATH_E, DEATH_C])
    made = run(lacking)
    assert made["contrasts"]["outcome"].tolist() == ["death"]
    key = "s1/a_vs_b/pain/1 year/"
    assert rows(made["issues"], "kind", "where", "person") == [
        {"kind": "single_extraction", "where": f"results {key}", "person": "extractor_2"}
    ]
    assert rows(made["disagreements"]) == [
        {
            "table": "results",
            "key": key,
            "column": "*",
            "values": "extractor_1=present; extractor_2=absent",
            "status": "unresolved",
        }
    ]
    kept = run(lacking, [ruling("results", key, "*", "keep")])
    assert kept["contrasts"]["outcome"].tolist() == ["death", "pain"]
    dropped = run(lacking, [ruling("results", key, "*", "drop")])
    assert dropped["contrasts"]["outcome"].tolist() == ["death"]
    for ruled in (kept, dropped):
        assert ruled["issues"].empty
        assert ruled["disagreements"]["status"].tolist() == ["adjudicated"]


def test_a_dropped_arm_whose_lines_remain_is_named() -> None:
    made = run(both(), [ruling("arms", "s1/b", "*", "drop")])
    assert made["contrasts"]["outcome"].tolist() == ["pain"]
    assert rows(made["issues"], "kind", "issue") == [
        {"kind": "incomplete", "issue": "arm b was dropped; drop its lines too"}
    ]


def test_one_extractor_is_enough_where_one_is_configured() -> None:
    config = {**CONFIG, "extraction": {**CONFIG["extraction"], "extractors": ["extractor_1"]}}
    made = run({"extractor_1": EVERYTHING}, config=config)
    assert len(made["contrasts"]) == 2
    assert made["issues"].empty


def test_who_has_not_begun_a_study_is_asked_once() -> None:
    made = run({"extractor_1": EVERYTHING, "extractor_2": {}})
    assert rows(made["studies"]) == [{"study_id": "s1", "reports": "R1"}]
    assert made["contrasts"].empty
    assert made["disagreements"].empty
    assert rows(made["issues"], "kind", "study_id", "where", "person") == [
        {"kind": "not_extracted", "study_id": "s1", "where": "records/extraction/extractor_2", "person": "extractor_2"}
    ]
    nobody = run({"extractor_1": {}, "extractor_2": {}})
    assert rows(nobody["issues"], "kind", "person") == [
        {"kind": "not_extracted", "person": "extractor_1"},
        {"kind": "not_extracted", "person": "extractor_2"},
    ]


def test_a_study_without_characteristics_is_named_and_bears_its_short_name() -> None:
    made = run({who: {**EVERYTHING, "studies": []} for who in ("extractor_1", "extractor_2")})
    assert made["contrasts"]["label"].tolist() == ["s1", "s1"]
    assert rows(made["issues"]) == [
        {
            "kind": "incomplete",
            "study_id": "s1",
            "where": "studies",
            "person": "extractor_1; extractor_2",
            "issue": "the study has no line in studies.csv; extract its characteristics",
        }
    ]


@pytest.mark.parametrize("state", ["excluded_full_text", "awaiting_full_text"])
def test_a_study_without_an_included_report_is_kept_out(state: str) -> None:
    made = run(both(), ledger=[{"report_id": "R1", "state": state}])
    for name in ("studies", "arms", "contrasts", "disagreements"):
        assert made[name].empty
    text = f"r1 is {state}; no report of this study is included: finish its screening, or remove the study"
    assert rows(made["issues"]) == [{"kind": "not_included", "study_id": "s1", "where": "study_reports", "issue": text}]


def test_reports_primary_first_and_each_once() -> None:
    links = [
        {"study_id": "s1", "record_id": "r0", "role": "secondary"},
        {"study_id": "s1", "record_id": "r1b", "role": "secondary"},
        {"study_id": "s1", "record_id": "r1", "role": "primary"},
    ]
    ledger = [*LEDGER, {"report_id": "R0", "state": "included"}]
    made = run(both(), links=links, ledger=ledger)
    assert made["studies"]["reports"].tolist() == ["R1; R0"]
    assert run(both(), links=links)["studies"]["reports"].tolist() == ["R1"]


def test_a_before_after_contrast_counts_its_participants_once() -> None:
    line = {**PAIN, "comparison": "after"}
    made = run(both(results=[line]) | {"extractor_1": {**EVERYTHING, "results": [line]}})
    assert rows(made["contrasts"], "n_e", "n_c") == [{"n_e": 20}]
    own = {**line, "n": 15}
    made = run({who: {**EVERYTHING, "results": [own]} for who in ("extractor_1", "extractor_2")})
    assert rows(made["contrasts"], "n_e", "n_c") == [{"n_e": 15}]


@pytest.mark.parametrize(
    ("results", "arms", "kind", "issue"),
    [
        ([DEATH_E], [ARM_E, ARM_C], "incomplete", "no line of an arm on the control side; extract it"),
        (
            [DEATH_E, DEATH_C],
            [ARM_E, {**ARM_C, "role": "experimental"}],
            "incomplete",
            "no line of an arm on the control side; extract it",
        ),
        (
            [DEATH_E, DEATH_C],
            [ARM_E, {**ARM_C, "n": None}],
            "incomplete",
            "n of the control side is blank; fill it in here or in arms.csv",
        ),
        (
            [DEATH_E, {**DEATH_C, "events": None, "mean": 1.0, "sd": 1.0}],
            [ARM_E, ARM_C],
            "incomplete",
            "one side has events, the other means; extract the same of both",
        ),
    ],
)
def test_what_keeps_a_contrast_out(results: list[Row], arms: list[Row], kind: str, issue: str) -> None:
    tables = {**EVERYTHING, "arms": arms, "results": results}
    made = run({"extractor_1": tables, "extractor_2": tables})
    assert made["contrasts"].empty
    assert rows(made["issues"], "kind", "person", "issue") == [
        {"kind": kind, "person": "extractor_1; extractor_2", "issue": issue}
    ]


def test_a_blank_makes_no_other_unit() -> None:
    tables = {**EVERYTHING, "results": [{**PAIN, "unit": "m m"}]}
    assert rows(run({"extractor_1": tables, "extractor_2": tables})["contrasts"], "unit") == [{"unit": "mm"}]


@pytest.mark.parametrize(
    ("provenances", "least"),
    [
        (("reported", "derived"), "derived"),
        (("constructed", "calibrated"), "constructed"),
        (("", "reported"), "reported"),
    ],
)
def test_a_contrast_is_as_certain_as_its_least_certain_cell(provenances: tuple[str, str], least: str) -> None:
    lines = [{**line, "n": 9, "provenance": p} for line, p in zip((DEATH_E, DEATH_C), provenances, strict=True)]
    tables = {**EVERYTHING, "results": lines}
    assert run({"extractor_1": tables, "extractor_2": tables})["contrasts"]["provenance"].tolist() == [least]


OTHER: dict[str, list[Row]] = {
    "studies": [{**STUDY, "dose": "20"}, {**STUDY, "study_id": "s2"}],
    "arms": [ARM_E, {**ARM_C, "n": 18}],
    "results": [{**DEATH_E, "events": 2}, DEATH_C, {**PAIN, "timepoint": "2 years"}],
}


@settings(max_examples=25)
@given(st.data())
def test_order_of_rows_files_and_people_changes_nothing(data: st.DataObject) -> None:
    links = [*LINKS, {"study_id": "s2", "record_id": "r1b", "role": "secondary"}]
    rulings = [ruling("arms", "s1/b", "n", "18"), ruling("results", "s1/a_vs_b/death/1 year/a", "events", "2")]
    tables = {"extractor_1": EVERYTHING, "extractor_2": OTHER}
    expected = run(tables, rulings, links)

    def shuffled(rows: list[Row]) -> list[Row]:
        return data.draw(st.permutations(rows))

    order = data.draw(st.permutations(["extractor_1", "extractor_2"]))
    config = {**CONFIG, "extraction": {**CONFIG["extraction"], "extractors": list(order)}}
    mixed = {who: {name: shuffled(rows) for name, rows in tables[who].items()} for who in order}
    made = run(mixed, shuffled(rulings), shuffled(links), config=config)
    assert {name for name in expected if made[name].empty} == {"conversions", "warnings"}
    for name in expected:
        # Where a cell stands is all that may follow the order of lines.
        place = [column for column in ("line",) if column in expected[name]]
        pd.testing.assert_frame_equal(made[name].drop(columns=place), expected[name].drop(columns=place))


def test_who_is_called_what_decides_no_number() -> None:
    """Names decide only whose page and quote stand where both agree."""
    theirs = {**EVERYTHING, "results": [{**line, "page": "p. 99"} for line in EVERYTHING["results"]]}
    one = run({"extractor_1": EVERYTHING, "extractor_2": theirs})["contrasts"]
    two = run({"extractor_1": theirs, "extractor_2": EVERYTHING})["contrasts"]
    assert one["source"].tolist() != two["source"].tolist()
    pd.testing.assert_frame_equal(one.drop(columns="source"), two.drop(columns="source"))
