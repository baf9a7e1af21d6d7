"""Analyses as tables: which contrasts are pooled, what is left out and why, what is blank."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow import synthesis
from reviewflow.boxes import BrokenIdentity
from reviewflow.synthesis import build, check
from reviewflow.tables import Fault, frame, schema

Row = dict[str, Any]
CONFIG: Row = {
    "comparisons": {
        "a_vs_b": {"label": "A versus B", "experimental": "A", "control": "B", "before_after": False},
        "after": {"label": "After versus before", "experimental": "A", "control": "A", "before_after": True},
    },
    "synthesis": {
        "level": 95,
        "q_test_threshold": 0.1,
        "preset": "revman5",
        "small_study_k": 10,
        "permutations": 50,
        "seed": 1,
        "sensitivity": [],
    },
}
ANALYSIS = {
    "analysis": "pain",
    "comparison": "a_vs_b",
    "outcome": "pain",
    "timepoint": "1 year",
    "measure": "MD",
    "method": "IV",
    "model": "q_test",
    "tau2_method": "DL",
    "ci_method": "wald",
}
ODDS = {**ANALYSIS, "analysis": "death", "outcome": "death", "measure": "OR", "method": "MH"}
OUTCOMES = [
    {"outcome": "pain", "label": "Pain", "kind": "continuous"},
    {"outcome": "death", "label": "Death", "kind": "dichotomous"},
]
Z95 = 1.959963984540054


def contrast(study: str, **cells: Any) -> Row:
    key = {"comparison": "a_vs_b", "outcome": "pain", "timepoint": "1 year"}
    return {"study_id": study, "label": study.upper(), **key, "provenance": "reported", **cells}


def whole(study: str, effect: float, se: float, **cells: Any) -> Row:
    return contrast(study, **{"effect": effect, "se": se, "n_e": 10, "n_c": 9, **cells})


def table(study: str, events_e: int, n_e: int, events_c: int, n_c: int, **cells: Any) -> Row:
    counts = {"events_e": events_e, "n_e": n_e, "events_c": events_c, "n_c": n_c}
    return contrast(study, outcome="death", **counts, **cells)


def people(name: str, rows: list[Row]) -> pd.DataFrame:
    return frame(name, rows).assign(_file=f"{name}.csv", _line=range(2, len(rows) + 2))


def run(analyses: list[Row], contrasts: list[Row], estimates: list[Row] | None = None) -> dict[str, pd.DataFrame]:
    return build(
        CONFIG,
        people("config/analyses", analyses),
        frame("results/extraction/contrasts", contrasts),
        people("records/published/estimates", estimates or []),
        people("config/outcomes", OUTCOMES),
    )


def filled(table: pd.DataFrame) -> list[Row]:
    """The table's rows without blank cells."""
    rows = table.to_dict("records")
    return [{str(name): cell for name, cell in row.items() if not pd.isna(cell) and cell != ""} for row in rows]


def pooled(analysis: Row, contrasts: list[Row]) -> Row:
    return filled(run([analysis], contrasts)["pooled"])[0]


def assert_row(row: Row, expected: Row) -> None:
    """Text is equal, and numbers to within the last digits that another order of the same sums costs."""
    assert set(row) == set(expected)
    for name, value in expected.items():
        assert row[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-12)), name


def test_a_pooled_row() -> None:
    row = pooled(ANALYSIS, [whole("s1", 0, 1), whole("s2", 4, math.sqrt(3), provenance="derived")])
    z = 1.75 / math.sqrt(63 / 16)
    half = Z95 * math.sqrt(63 / 16)
    expected = {
        "analysis": "pain",
        "measure": "MD",
        "method": "IV",
        "model": "random",
        "model_rule": "q_test",
        "tau2_method": "DL",
        "ci_method": "wald",
        "prediction": "none",
        "preset": "revman5",
        "dependence": "refuse",
        "level": 95,
        "k": 2,
        "k_effects": 2,
        "n": 38,
        "estimate": 1.75,
        "se": math.sqrt(63 / 16),
        "ci_lower": 1.75 - half,
        "ci_upper": 1.75 + half,
        "z": z,
        "p_value": math.erfc(z / math.sqrt(2)),
        "q": 4,
        "df": 1,
        "q_p": math.erfc(2 / math.sqrt(2)),
        "i2": 75,
        "h2": 4,
        "i2_q": 75,
        "h2_q": 4,
        "q_about": "iv",
        "tau2": 6,
        "tau2_lower": 0,
        # Of two studies the generalised Q is (4 - 0)^2 / (1 + 3 + 2 tau2), set to qchisq(0.025, 1) of R 4.2.2.
        "tau2_upper": (16 / 0.0009820691171752585 - 4) / 2,
        "estimate_natural": 1.75,
        "ci_lower_natural": 1.75 - half,
        "ci_upper_natural": 1.75 + half,
        "provenance": "derived",
    }
    assert_row(row, expected)


def test_rows_of_effects() -> None:
    found = run([ANALYSIS], [whole("s2", 4, 2, note="p. 3"), whole("s1", 0, 2)])["effects"]
    assert list(found.columns) == list(schema("results/synthesis/effects").columns)
    row = {
        "analysis": "pain",
        "study_id": "s2",
        "label": "S2",
        "measure": "MD",
        "yi": 4.0,
        "vi": 4.0,
        "se": 2.0,
        "ci_lower": 4 - 2 * Z95,
        "ci_upper": 4 + 2 * Z95,
        "effect_natural": 4.0,
        "ci_lower_natural": 4 - 2 * Z95,
        "ci_upper_natural": 4 + 2 * Z95,
        "n_e": 10,
        "n_c": 9,
        "imputed": False,
        "provenance": "reported",
        "weight_fixed": 50.0,
        "weight_random": 50.0,
        "used": True,
        "note": "p. 3",
    }
    assert found["study_id"].tolist() == ["s1", "s2"]
    assert_row(filled(found)[1], row)


def test_one_study_and_none() -> None:
    one = pooled(ANALYSIS, [whole("s1", 2, 0.5)])
    assert one["note"] == "k = 1: the result of a single study, nothing is pooled"
    assert (one["k"], one["model"], one["estimate"], one["se"]) == (1, "fixed", 2.0, 0.5)
    assert not {"q", "df", "q_p", "i2", "h2", "tau2"} & set(one)
    none = pooled(ANALYSIS, [])
    assert none == {
        "analysis": "pain",
        "measure": "MD",
        "method": "IV",
        "model_rule": "q_test",
        "tau2_method": "DL",
        "ci_method": "wald",
        "prediction": "none",
        "preset": "revman5",
        "dependence": "refuse",
        "level": 95,
        "k": 0,
        "k_effects": 0,
        "note": "k = 0: no study has a usable contrast for Pain, 1 year",
    }


def test_a_review_without_analyses() -> None:
    for name, found in run([], []).items():
        assert list(found.columns) == list(schema(f"results/synthesis/{name}").columns)
        assert found.empty


def test_only_the_contrasts_of_the_analysis() -> None:
    others = [
        whole("s1", 9, 1, comparison="after"),
        whole("s1", 9, 1, outcome="other"),
        whole("s1", 9, 1, timepoint="2 years"),
    ]
    assert pooled(ANALYSIS, [whole("s1", 2, 0.5), *others])["estimate"] == 2.0


def test_a_study_that_is_left_out_is_listed_with_its_effect() -> None:
    made = run([{**ANALYSIS, "exclude_studies": "s1; s9"}], [whole("s1", 0, 1, note="odd"), whole("s2", 4, 1)])
    effects, row = made["effects"], made["pooled"].iloc[0]
    assert (row["k"], row["estimate"], row["n"]) == (1, 4.0, 19)
    assert "exclude_studies names s9, which has no contrast here" in row["note"]
    assert effects["used"].tolist() == [False, True]
    assert effects["yi"].tolist() == [0.0, 4.0]
    assert effects["note"].tolist() == ["left out in config/analyses.csv; odd", ""]
    for weight in ("weight_fixed", "weight_random"):
        assert effects[weight].fillna(-1).tolist() == [-1, 100]


def test_odds_ratios_by_mantel_haenszel() -> None:
    """Deng 2017 (2/12 v 2/6) with a trial of 3/20 v 9/20, which Zhou 2020 prints as 0.26 (0.07, 0.89), P 0.03."""
    made = run([ODDS], [table("s1", 2, 12, 2, 6), table("s2", 3, 20, 9, 20)])
    row = made["pooled"].iloc[0]
    assert row["estimate_natural"] == pytest.approx((8 / 18 + 33 / 40) / (20 / 18 + 153 / 40), rel=1e-14)
    assert row["estimate"] == pytest.approx(math.log(row["estimate_natural"]), rel=1e-14)
    assert [round(row[f"{limit}_natural"], 2) for limit in ("ci_lower", "ci_upper")] == [0.07, 0.89]
    assert row["n"] == 58
    effects = made["effects"]
    assert effects["effect_natural"].tolist() == pytest.approx([8 / 20, 33 / 153], rel=1e-14)
    assert effects["weight_fixed"].tolist() == pytest.approx([100 / (1 + 153 * 18 / 800), 100 / (1 + 800 / 153 / 18)])
    assert effects[["events_e", "events_c"]].to_numpy().tolist() == [[2, 2], [3, 9]]


def test_what_is_not_estimable_is_listed_and_not_counted() -> None:
    rows = [
        table("s1", 0, 9, 0, 9),
        table("s2", 9, 9, 8, 8),
        table("s3", 3, 20, 9, 20),
        whole("s4", 1, 1, outcome="death"),
    ]
    for method in ("MH", "IV"):
        made = run([{**ODDS, "method": method}], rows)
        effects = made["effects"]
        estimable = "not estimable: no events, or only events, on both sides"
        assert effects["note"].tolist()[:3] == [estimable, estimable, ""]
        assert effects["yi"].isna().tolist()[:3] == [True, True, False]
        # An extracted log odds ratio has an inverse-variance weight, but no cells for that of Mantel and Haenszel.
        assert effects["used"].tolist() == [False, False, True, method == "IV"]
        assert made["pooled"]["k"].tolist() == [1 if method == "MH" else 2]
        assert made["pooled"]["n"].tolist() == [40 if method == "MH" else 59]
    assert run([ODDS], rows)["effects"]["note"][3].startswith("no n and events of both sides")


def test_an_extracted_effect_goes_before_one_from_arms() -> None:
    arms = {"mean_e": 5.0, "sd_e": 3.0, "mean_c": 2.0, "sd_c": 3.0}
    assert pooled(ANALYSIS, [contrast("s1", n_e=9, n_c=9, **arms)])["estimate"] == 3.0
    assert pooled(ANALYSIS, [whole("s1", 2.5, 1, **arms)])["estimate"] == 2.5
    generic = {**ANALYSIS, "measure": "GIV"}
    assert pooled(generic, [contrast("s1", n_e=9, n_c=9, **arms)])["k"] == 0
    note = run([generic], [contrast("s1", n_e=9, n_c=9, **arms)])["effects"]["note"].tolist()
    assert note == ["no effect with se"]


def test_participants() -> None:
    assert pooled(ANALYSIS, [whole("s1", 0, 1), whole("s2", 0, 1)])["n"] == 38
    assert "n" not in pooled(ANALYSIS, [whole("s1", 0, 1), whole("s2", 0, 1, n_c=None)])
    after = {**ANALYSIS, "comparison": "after"}
    once = [whole(study, 0, 1, comparison="after", n_c=None) for study in ("s1", "s2")]
    assert pooled(after, once)["n"] == 20
    assert "n" not in pooled(after, [*once, whole("s3", 0, 1, comparison="after", n_e=None, n_c=None)])


def test_reproduction() -> None:
    printed = [{"analysis": "pain", "location": "Table 2", "k": "1", "estimate": "2.00", "p_value": "<0.0001"}]
    found = run([ANALYSIS], [whole("s1", 2, 0.5)], printed)["reproduction"]
    assert list(found.columns) == list(schema("results/synthesis/reproduction").columns)
    assert found[["field", "printed", "computed", "agrees"]].to_numpy().tolist() == [
        ["estimate", "2.00", "2.00", True],
        ["k", "1", "1", True],
        ["p_value", "<0.0001", "<0.0001", True],
    ]


@settings(max_examples=25)
@given(st.data())
def test_order_of_rows_changes_nothing(data: st.DataObject) -> None:
    contrasts = [
        whole("s1", 0.3, 0.7),
        whole("s2", 4.1, 0.9),
        whole("s3", 1.7, 0.2),
        table("s1", 1, 9, 4, 9),
        table("s2", 3, 20, 9, 20),
    ]
    printed = [{"analysis": "pain", "k": "3"}, {"analysis": "death", "k": "2"}]
    expected = run([ANALYSIS, ODDS], contrasts, printed)
    mixed = [data.draw(st.permutations(rows)) for rows in ([ANALYSIS, ODDS], contrasts, printed)]
    made = run(*mixed)
    for name in expected:
        pd.testing.assert_frame_equal(made[name], expected[name], check_exact=True)


@pytest.mark.parametrize(
    ("change", "column", "problem", "mend"),
    [
        ({"comparison": "x"}, "comparison", '"x" is not a comparison of config.yaml', "write one of a_vs_b, after"),
        ({"outcome": "x"}, "outcome", '"x" is not in outcomes.csv', "write one of pain, death"),
        ({"method": "MH"}, "method", "MH does not weight MD", "write IV"),
        (
            {"measure": "OR"},
            "measure",
            "OR is for dichotomous outcomes, pain is continuous",
            "write one of MD, SMD, ROM, or correct the outcome",
        ),
        (
            {"outcome": "death"},
            "measure",
            "MD is for continuous outcomes, death is dichotomous",
            "write one of OR, RR, RD, PETO, IRR, HR, PLO, PAS, or correct the outcome",
        ),
    ],
)
def test_an_analysis_at_fault(change: Row, column: str, problem: str, mend: str) -> None:
    analyses, outcomes = people("config/analyses", [{**ANALYSIS, **change}]), people("config/outcomes", OUTCOMES)
    faults = check(CONFIG, analyses, people("records/published/estimates", []), outcomes)
    assert faults == [Fault("config/analyses.csv", 2, column, problem, mend)]


def test_printed_cells_at_fault_and_what_is_right() -> None:
    analyses, outcomes = people("config/analyses", [ANALYSIS, ODDS]), people("config/outcomes", OUTCOMES)
    right = {"analysis": "pain", "k": "2", "q_p": "0.84", "model": "Fixed", "estimate": "-1.7", "p_value": "<0.01"}
    assert check(CONFIG, analyses, people("records/published/estimates", [right]), outcomes) == []
    wrong = [{"analysis": "x", "estimate": "about 2"}, {"analysis": "pain", "ci_lower": "<1"}]
    file = "records/published/estimates.csv"
    form = "write a number such as -610.6"
    assert check(CONFIG, analyses, people("records/published/estimates", wrong), outcomes) == [
        Fault(file, 2, "analysis", '"x" is not in config/analyses.csv', "add it there or correct it here"),
        Fault(file, 2, "estimate", '"about 2" cannot be compared', form),
        Fault(file, 3, "ci_lower", '"<1" cannot be compared', form),
    ]


def test_a_generic_effect_takes_any_outcome() -> None:
    analyses = people(
        "config/analyses", [{**ANALYSIS, "measure": "GIV", "outcome": outcome} for outcome in ("pain", "death")]
    )
    estimates = people("records/published/estimates", [])
    assert check(CONFIG, analyses, estimates, people("config/outcomes", OUTCOMES)) == []


def test_a_study_that_is_not_included_breaks_h10():
    effects = frame(
        "results/synthesis/effects",
        [
            {"analysis": "a", "study_id": s, "measure": "MD", "provenance": "reported", "used": True}
            for s in ("s1", "s2")
        ],
    )
    pooled = pd.DataFrame({"k": [2]})
    studies = frame("results/extraction/studies", [{"study_id": "s1"}, {"study_id": "s2"}])
    assert synthesis.identities(effects, pooled, studies)["ok"].all()
    with pytest.raises(BrokenIdentity, match="H10 known: every effect is one of an included study: 2 and 1"):
        synthesis.identities(effects, pooled, studies.iloc[:1])
