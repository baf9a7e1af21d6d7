"""What is tried beside each estimate: subgroups, sensitivity, single studies, small-study effects, meta-regression.

Numbers of the BCG trials (Colditz 1994, JAMA 271:698; dat.bcg of metadat 1.2-0) are those of R 4.2.2 with metafor 3.8-1,
the call beside each; REML with control=list(threshold=1e-14, maxiter=1000, stepadj=.5).
"""

from typing import Any

import pandas as pd
import pytest
from reviewflow.synthesis import build, check
from reviewflow.tables import frame, rows_of, schema

Row = dict[str, Any]
# Both sides sum the same few terms in another order, and the printed digits of R are 15.
CLOSED_FORM = 1e-10
# Roots of a likelihood: both stop at relative steps far below this.
ITERATIVE = 1e-6
TPOS = (4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27)
TNEG = (119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886)
CPOS = (11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29)
CNEG = (128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825)
ALLOC = ("random",) * 4 + ("alternate",) * 2 + ("random",) * 3 + ("systematic",) * 4
ABLAT = (44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33)
YEAR = (1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976)
NAMES = [f"s{i:02d}" for i in range(1, 14)]
KEY = {"comparison": "a_vs_b", "outcome": "tb", "timepoint": "end"}
ANALYSIS = {
    "analysis": "bcg", **KEY, "measure": "RR", "method": "IV", "model": "random", "tau2_method": "DL",
    "ci_method": "wald",
}  # fmt: skip
CONFIG: Row = {
    "comparisons": {
        "a_vs_b": {"label": "A versus B", "before_after": False},
        "after": {"label": "After versus before", "before_after": True},
    },
    "extraction": {"study_fields": [{"name": "alloc"}, {"name": "ablat"}]},
    "synthesis": {
        "level": 95, "q_test_threshold": 0.1, "preset": "metafor", "small_study_k": 10, "permutations": 20, "seed": 1,
        "sensitivity": [],
    },
}  # fmt: skip
OUTCOMES = [
    {"outcome": "tb", "label": "Tuberculosis", "kind": "dichotomous"},
    {"outcome": "pain", "label": "Pain", "kind": "continuous", "unit": "mm"},
]


def bcg() -> list[Row]:
    counts = zip(NAMES, TPOS, TNEG, CPOS, CNEG, strict=True)
    return [
        {
            **KEY, "study_id": s, "label": s.upper(), "events_e": a, "n_e": a + b, "events_c": c, "n_c": c + d,
            "provenance": "reported",
        }
        for s, a, b, c, d in counts
    ]  # fmt: skip


def whole(study: str, effect: float, se: float, **cells: Any) -> Row:
    key = {**KEY, "outcome": "pain"}
    return {
        **key,
        "study_id": study,
        "label": study.upper(),
        "effect": effect,
        "se": se,
        "provenance": "reported",
        **cells,
    }


def run(
    analysis: Row, contrasts: list[Row], config: Row | None = None, **further: list[Row]
) -> dict[str, pd.DataFrame]:
    studies = [
        {"study_id": s, "label": s.upper(), "reports": f"R:{s}", "alloc": alloc, "ablat": str(ablat)}
        for s, alloc, ablat in zip(NAMES, ALLOC, ABLAT, strict=True)
    ]
    more = {
        "studies": frame("results/extraction/studies", further.get("studies", studies), ("alloc", "ablat")),
        "reports": frame(
            "results/dedupe/reports", [{"report_id": f"R:{s}", "year": y} for s, y in zip(NAMES, YEAR, strict=True)]
        ),
        "risk_of_bias": frame("results/appraisal/risk_of_bias", further.get("risk_of_bias", [])),
        "issues": frame("results/extraction/issues", further.get("issues", [])),
    }
    tables = (frame("config/analyses", [analysis]), frame("results/extraction/contrasts", contrasts))
    empty = frame("records/published/estimates", [])
    return build({**CONFIG, **(config or {})}, *tables, empty, frame("config/outcomes", OUTCOMES), more)


def asking(*sensitivity: Row, **changed: Any) -> Row:
    return {"synthesis": {**CONFIG["synthesis"], "sensitivity": list(sensitivity), **changed}}


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    return run({**ANALYSIS, "subgroup": "alloc", "moderators": "ablat"}, bcg())


def test_every_table_has_the_columns_of_its_schema(made):
    for name, table in made.items():
        assert list(table.columns) == list(schema(f"results/synthesis/{name}").columns), name


def test_leave_one_out_is_that_of_r(made):
    """leave1out(rma(yi, vi, method="DL"))."""
    estimate = [
        -0.705125198417451, -0.654515875087971, -0.684841748704594, -0.618696870715275, -0.764035701741509,
        -0.712727336606213, -0.655693949355322, -0.790086599853701, -0.739263356536315, -0.652585204582533,
        -0.760694174161193, -0.760012818299681, -0.778923740057073,
    ]  # fmt: skip
    found = made["leave_one_out"]
    assert found["study_id"].tolist() == NAMES
    assert found["estimate"].tolist() == pytest.approx(estimate, rel=CLOSED_FORM)
    assert [found[c][0] for c in ("se", "tau2")] == pytest.approx(
        [0.184250067451655, 0.312171499040679], rel=CLOSED_FORM
    )


def test_cumulative_is_that_of_r_in_the_order_of_years(made):
    """cumul(rma(yi, vi, method="DL"), order=year); the two trials of 1973 stand in the order of their labels."""
    found = made["cumulative"]
    assert found["order_by"].tolist() == sorted(YEAR)
    assert found["study_id"].tolist()[7:9] == ["s05", "s07"]
    assert found["position"].tolist() == list(range(1, 14))
    estimate = {
        1: -0.889311333920205,
        2: -1.325003442244875,
        3: -0.961535321868210,
        12: -0.790086599853701,
        13: -0.714117222073227,
    }
    for position, value in estimate.items():
        assert found["estimate"][position - 1] == pytest.approx(value, rel=CLOSED_FORM)


def test_influence_is_that_of_r(made):
    """influence(rma(yi, vi, method="DL")), which marks no study by the same bounds."""
    found = made["influence"]
    assert found["rstudent"].tolist()[:2] == pytest.approx([-0.224733520404072, -1.281222014233160], rel=1e-9)
    assert found["cook_d"].tolist()[3] == pytest.approx(2.84989173292713e-01, rel=1e-9)
    assert found["dffits"].tolist()[7] == pytest.approx(0.5127744646135052, rel=1e-9)
    assert not found["influential"].any()
    assert found["weight"].sum() == pytest.approx(100)


def test_subgroups_with_a_tau2_of_their_own_are_those_of_r(made):
    """rma(yi, vi, subset=alloc == g, method="DL"); between them sum w (b - mean)^2, w = 1 / se^2."""
    rows = rows_of(made["subgroups"])
    assert [(r["subgroup"], r["k"]) for r in rows] == [("alternate", 2), ("random", 7), ("systematic", 4)]
    b = [-0.540792961849345, -1.004161353998235, -0.439346579998001]
    se = [0.281601613103888, 0.362106798741009, 0.313337913638030]
    assert [r["estimate"] for r in rows] == pytest.approx(b, rel=CLOSED_FORM)
    assert [r["se"] for r in rows] == pytest.approx(se, rel=CLOSED_FORM)
    tau2, i2 = (0.132577039878093, 0.763062754370953, 0.284970681807463), (82.022515566664154, 94.556009017405998)
    assert [r["tau2"] for r in rows] == pytest.approx(tau2, rel=CLOSED_FORM)
    assert [r["i2"] for r in rows][:2] == pytest.approx(i2, rel=CLOSED_FORM)
    weights = [1 / s**2 for s in se]
    mean = sum(w * e for w, e in zip(weights, b, strict=True)) / sum(weights)
    q = sum(w * (e - mean) ** 2 for w, e in zip(weights, b, strict=True))
    test = made["subgroup_tests"].iloc[0]
    assert test["q"] == pytest.approx(q, rel=CLOSED_FORM)
    assert (test["subgroup"], test["tau2"], test["groups"], test["df"]) == ("alloc", "own", 3, 2)
    assert made["effects"]["subgroup"].tolist() == list(ALLOC)


def test_subgroups_with_a_common_tau2_are_a_meta_regression():
    """rma(yi, vi, mods=~0+alloc, method="REML", test="knha"), and QM of mods=~alloc."""
    analysis = {**ANALYSIS, "tau2_method": "REML", "ci_method": "hksj", "subgroup": "alloc", "subgroup_tau2": "common"}
    found = run(analysis, bcg())
    b = [-0.517955777155295, -0.965774178545845, -0.428917560923577]
    assert found["subgroups"]["estimate"].tolist() == pytest.approx(b, rel=ITERATIVE)
    assert found["subgroups"]["se"].tolist() == pytest.approx(
        [0.421947058594147, 0.255585392705570, 0.329896896523930], rel=ITERATIVE
    )
    assert set(found["subgroups"]["tau2"]) == {found["subgroups"]["tau2"][0]}
    assert found["subgroups"]["tau2"][0] == pytest.approx(0.361503664324015, rel=ITERATIVE)
    test = found["subgroup_tests"].iloc[0]
    assert [test["q"], test["p_value"]] == pytest.approx([0.966220844813431, 0.413383745721621], rel=ITERATIVE)
    assert test["tau2"] == "common"


def test_a_study_without_a_subgroup_is_named_and_pooled_with_all():
    studies = [{"study_id": s, "alloc": "" if s == "s01" else "x"} for s in NAMES]
    found = run({**ANALYSIS, "subgroup": "alloc"}, bcg(), studies=studies)
    note = "one subgroup: nothing to compare; in no subgroup, because the column is blank: s01"
    assert found["subgroup_tests"]["note"].tolist() == [note]
    assert found["subgroups"]["k"].tolist() == [12]
    assert found["pooled"]["k"].tolist() == [13]


def test_meta_regression_is_that_of_r(made):
    """rma(yi, vi, mods=~ablat, method="DL")."""
    found = made["regression"]
    rows = {row["term"]: row for row in rows_of(found)}
    assert rows["intercept"]["coefficient"] == pytest.approx(0.2595437124340234, rel=1e-9)
    assert rows["ablat"]["coefficient"] == pytest.approx(-0.0292287387551884, rel=1e-9)
    assert rows["ablat"]["se"] == pytest.approx(0.00673301083956727, rel=1e-9)
    assert 0 < rows["ablat"]["permutation_p"] <= 1
    fit = made["regression_fit"].iloc[0]
    expected = {"tau2": 0.0633005024264152, "qe": 30.7330900107493, "qm": 18.8452335426353, "i2": 64.2079595766237}
    for name, value in expected.items():
        assert fit[name] == pytest.approx(value, rel=1e-9), name
    assert fit["r2"] == pytest.approx(79.4984944501650, rel=1e-9)
    assert (fit["k"], fit["qm_df"], fit["qe_df"], fit["note"]) == (13, 1, 11, "")


def test_words_are_compared_with_the_first_and_few_studies_are_said_to_be_few():
    found = run({**ANALYSIS, "moderators": "alloc"}, bcg())
    assert set(found["regression"]["term"]) == {"intercept", "alloc=random", "alloc=systematic"}
    note = "13 studies for 2 moderators, while the Cochrane Handbook (10.11.5.1) advises 10 for each"
    assert found["regression_fit"]["note"].tolist() == [note]
    none = run({**ANALYSIS, "moderators": "alloc; ablat"}, bcg()[:2])
    assert none["regression"].empty
    assert none["regression_fit"]["note"].tolist() == ["not run: 2 studies for 2 coefficients"]


def test_the_seed_decides_the_permutations(made):
    again = run({**ANALYSIS, "subgroup": "alloc", "moderators": "ablat"}, bcg())
    pd.testing.assert_frame_equal(again["regression"], made["regression"], check_exact=True)
    none = run({**ANALYSIS, "moderators": "ablat"}, bcg(), asking(permutations=0))
    assert none["regression"]["permutation_p"].isna().all()
    assert none["regression_fit"]["permutation_p"].isna().all()


def test_small_study_effects_are_those_of_r(made):
    """regtest(m, model="lm"), ranktest(m), trimfill(m) of m = rma(yi, vi, method="DL")."""
    found = {row["test"]: row for row in rows_of(made["asymmetry"])}
    assert set(found) == {"egger", "begg", "trim_and_fill"}
    egger = [found["egger"][name] for name in ("statistic", "df", "p_value")]
    assert egger == pytest.approx([-1.401282002289333, 11, 0.188706995081979], rel=1e-9)
    begg = [found["begg"][name] for name in ("tau", "p_value")]
    assert begg == pytest.approx([0.0256410256410256, 0.9523619079608663], rel=1e-9)
    filled = found["trim_and_fill"]
    assert (filled["missing"], filled["side"]) == (1, "right")
    limits = [filled[name] for name in ("estimate", "ci_lower", "ci_upper")]
    assert limits == pytest.approx([-0.656073212988602, -0.996055234456539, -0.316091191520664], rel=1e-9)
    assert len(made["filled"]) == 1


def test_small_study_effects_of_few_studies_are_not_tested_and_that_is_said():
    found = run(ANALYSIS, bcg()[:9])["asymmetry"]
    assert not found["made"].any()
    assert set(found["reason"]) == {"9 studies; at least 10 are needed (synthesis.small_study_k)"}
    odds = run({**ANALYSIS, "measure": "OR"}, bcg()[:9], asking(small_study_k=9))["asymmetry"]
    assert sorted(odds["test"]) == ["begg", "egger", "harbord", "peters", "trim_and_fill"]
    assert odds["made"].all()
    assert run(ANALYSIS, bcg()[:1])["asymmetry"].empty


def test_sensitivity_analyses():
    judged = [
        {"study_id": s, "domain": "overall", "status": "agreed", "judgement": "high" if s in NAMES[:3] else "low"}
        for s in NAMES[:12]
    ]
    other = {"study_id": "s04", "domain": "overall", "outcome": "tb", "status": "agreed", "judgement": "high"}
    config = asking(
        {"name": "bias", "label": "Low risk", "drop_risk_of_bias": ["high"]},
        {"name": "reml", "label": "REML", "tau2_method": "REML", "ci_method": "hksj"},
        {"name": "fixed", "label": "Fixed", "model": "fixed", "method": "MH"},
        {"name": "seven", "label": "Without some", "drop_studies": ["s01", "s99"]},
        {"name": "grid", "label": "Correlation", "correlation": [0.3, 0.7]},
        {"name": "md", "label": "As means", "measure": "MD"},
        {"name": "other", "label": "Of another", "only": ["x"], "model": "fixed"},
        {"name": "same", "label": "The same", "tau2_method": "DL"},
    )
    found = run(ANALYSIS, bcg(), config, risk_of_bias=[*judged, other])["sensitivity"]
    rows = {(row["sensitivity"], row["variant"]): row for row in rows_of(found)}
    assert set(rows) == {(n, "") for n in ("bias", "reml", "fixed", "seven", "md", "same")} | {
        ("grid", "0.3"),
        ("grid", "0.7"),
    }
    bias = rows["bias", ""]
    assert (bias["k"], bias["k_left_out"]) == (9, 4)
    assert bias["note"] == "kept without an overall judgement of risk of bias: s13"
    assert rows["fixed", ""]["model"] == "fixed"
    assert rows["seven", ""]["k"] == 12
    assert rows["seven", ""]["estimate"] == pytest.approx(-0.705125198417451, rel=CLOSED_FORM)
    assert rows["grid", "0.3"]["note"] == "not run; no effect rests on a correlation that its reports do not print"
    assert rows["md", ""]["note"] == "not run; MD is for continuous outcomes, tb is dichotomous"
    assert (rows["md", ""]["k"], rows["md", ""]["estimate"]) == (0, pytest.approx(float("nan"), nan_ok=True))
    assert rows["same", ""]["note"] == "nothing differs from the analysis"


def test_a_grid_of_correlations_takes_the_place_of_imputed_ones_alone():
    """Change 2 of 20 people, sd 3 and 4: variance (9 + 16 - 2 r 12) / 20, the printed correlation 0.9 as it is."""
    key = {"comparison": "after", "outcome": "pain", "timepoint": "end", "provenance": "reported", "unit": "mm"}
    numbers = {"n_e": 20, "mean_e": 5, "sd_e": 3, "baseline_mean_e": 3, "baseline_sd_e": 4}
    contrasts = [
        {**key, **numbers, "study_id": "s01", "correlation": 0.5, "imputed": True},
        {**key, **numbers, "study_id": "s02", "correlation": 0.9, "imputed": False},
    ]
    analysis = {**ANALYSIS, **{k: key[k] for k in KEY}, "measure": "MC", "model": "fixed"}
    found = run(analysis, contrasts, asking({"name": "grid", "label": "Grid", "correlation": [0.3, 0.5]}))
    assert found["effects"]["vi"].tolist() == pytest.approx([13 / 20, 3.4 / 20], rel=1e-14)
    low, same = rows_of(found["sensitivity"])
    assert low["se"] == pytest.approx((1 / (1 / (17.8 / 20) + 20 / 3.4)) ** 0.5, rel=1e-14)
    assert same["note"] == "nothing differs from the analysis"


def test_standardised_changes_take_the_deviation_of_the_change_or_of_the_baseline():
    """d = 2 / 4 at baseline sd 4, and 2 / sqrt(13) over the sd of the change; J = 1 - 3 / (4 * 19 - 1) to 3 digits."""
    key = {"comparison": "after", "outcome": "pain", "timepoint": "end", "provenance": "reported", "n_e": 20}
    numbers = {"mean_e": 5, "sd_e": 3, "baseline_mean_e": 3, "baseline_sd_e": 4, "correlation": 0.5}
    direct = {"change_mean_e": 2, "change_sd_e": 13**0.5}
    for measure, d in (("SMCR", 2 / 4), ("SMCC", 2 / 13**0.5)):
        analysis = {**ANALYSIS, "comparison": "after", "outcome": "pain", "measure": measure, "model": "fixed"}
        rows = [{**key, **numbers, "study_id": "s01"}, {**key, **direct, "study_id": "s02"}]
        found = run(analysis, rows)["effects"]
        assert found["yi"][0] == pytest.approx(d * (1 - 3 / 75), rel=1e-3)
        assert found["used"].tolist() == [True, measure == "SMCC"]
        if measure == "SMCC":
            assert found["yi"][1] == pytest.approx(found["yi"][0], rel=1e-12)


def test_several_effects_of_one_study_are_never_pooled_as_if_independent():
    rows = [whole("s01", 1, 1), whole("s02", 2, 1, contrast="a"), whole("s02", 3, 1, contrast="b"), whole("s03", 2, 1)]
    found = run({**ANALYSIS, "outcome": "pain", "measure": "MD"}, rows)
    assert found["pooled"]["k"].tolist() == [2]
    assert "kept out, because several effects of one study are not independent: s02" in found["pooled"]["note"][0]
    assert found["effects"]["used"].tolist() == [True, False, False, True]
    reason = (
        "the study gives 2 effects (a, b), which are not independent; combine them (preparation.multi_arm), or write "
        "three_level or robust in dependence"
    )
    assert found["left_out"][["study_id", "contrast", "reason"]].to_numpy().tolist() == [
        ["s02", "a", reason],
        ["s02", "b", reason],
    ]
    one = run({**ANALYSIS, "outcome": "pain", "measure": "MD"}, [rows[0], {**rows[2], "effect": None}, rows[1]])
    assert one["pooled"]["k"].tolist() == [2]


def test_scores_that_differ_stop_a_standardised_difference_and_are_noted_of_a_plain_one():
    numbers = {"n_e": 20, "n_c": 20, "mean_e": 1, "mean_c": 2, "sd_e": 2, "sd_c": 2, "provenance": "reported"}
    key = {**KEY, "outcome": "pain"}
    rows: list[Row] = [
        {**key, **numbers, "study_id": "s01", "scores": "final"}, {**key, **numbers, "study_id": "s02", "scores": "change"}
    ]  # fmt: skip
    asked = {**ANALYSIS, "outcome": "pain"}
    stopped = run({**asked, "measure": "SMD"}, rows)
    assert stopped["pooled"]["k"].tolist() == [0]
    note = stopped["pooled"]["note"][0]
    assert "stopped: SMD of values at follow-up and of changes is not one scale (change in s02, final in s01)" in note
    plain = run({**asked, "measure": "MD"}, rows)["pooled"]
    assert plain["k"].tolist() == [2]
    assert "pooled together (change in s02, final in s01)" in plain["note"][0]
    # An effect that was extracted as such, or is left out, mixes nothing.
    whole_one = [rows[0], {**rows[1], "effect": 1.0, "se": 0.5, "mean_e": None}]
    assert run({**asked, "measure": "SMD"}, whole_one)["pooled"]["k"].tolist() == [2]
    assert run({**asked, "measure": "SMD", "exclude_studies": "s02"}, rows)["pooled"]["k"].tolist() == [1]


def test_units_that_differ_stop_their_analysis_with_its_rows():
    rows = [whole("s01", 1, 1, unit="mm"), whole("s02", 2, 1, unit="cm"), whole("s03", 2, 1)]
    found = run({**ANALYSIS, "outcome": "pain", "measure": "MD"}, rows)
    note = "stopped: units differ (cm in s02 but mm in outcomes.csv), convert the values, or correct the unit"
    assert found["pooled"]["note"].tolist() == [note]
    assert found["pooled"]["k"].tolist() == [0]
    assert not found["effects"]["used"].any()
    # Standardised effects have no unit, and neither have ratios.
    assert run({**ANALYSIS, "outcome": "pain", "measure": "SMD"}, rows)["pooled"]["k"].tolist() == [3]


def test_each_study_of_the_comparison_that_is_not_pooled_is_listed_with_its_reason():
    elsewhere = whole("s04", 1, 1, timepoint="1 year"), {**whole("s05", 1, 1), "outcome": "tb"}
    issue = {
        "kind": "implausible", "study_id": "s06", "where": "results s06/a_vs_b/pain/end/arm", "issue": "events exceed n",
    }  # fmt: skip
    rows = [whole("s01", 1, 1), whole("s02", 1, 1), {**whole("s03", 1, 1), "se": None}, *elsewhere]
    analysis = {**ANALYSIS, "outcome": "pain", "measure": "MD", "exclude_studies": "s02"}
    found = run(analysis, rows, issues=[issue, {**issue, "study_id": "s07", "where": "results s07/a_vs_b/tb/end/x"}])
    assert found["left_out"][["study_id", "reason"]].to_numpy().tolist() == [
        ["s02", "left out in config/analyses.csv"],
        ["s03", "no effect with se, nor n, mean and sd of both sides"],
        ["s04", "no contrast of this outcome at end, but at 1 year"],
        ["s05", "no contrast of this outcome"],
        ["s06", "kept out by extraction: events exceed n"],
    ]


def test_what_analyses_csv_leaves_blank_is_that_of_the_preset():
    blank = {**ANALYSIS, "tau2_method": "", "ci_method": ""}
    chosen = {
        "revman5": ["DL", "wald", "none"],
        "cochrane2025": ["REML", "hksj", "t_kminus1"],
        "metafor": ["REML", "wald", "z"],
    }
    for preset, expected in chosen.items():
        row = run(blank, bcg(), asking(preset=preset))["pooled"].iloc[0]
        assert [row[n] for n in ("tau2_method", "ci_method", "prediction")] == expected
        assert row["preset"] == preset
        assert pd.isna(row["pi_lower"]) == (preset == "revman5")
        assert pd.isna(row["ci_df"]) == (preset != "cochrane2025")
    assert run({**blank, "prediction": "none"}, bcg())["pooled"]["pi_lower"].isna().all()


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            {"measure": "PETO"},
            [("method", "IV does not weight PETO"), ("model", "Peto's method has a fixed-effect model alone")],
        ),
        ({"measure": "PETO", "method": "MH", "model": "fixed"}, [("method", "MH does not weight PETO")]),
        ({"method": "PETO"}, [("method", "PETO does not weight RR")]),
        ({"measure": "IRR", "method": "MH"}, [("method", "MH does not weight IRR")]),
        ({"measure": "SMCR", "outcome": "pain"}, [("measure", "SMCR is for one group before and after")]),
        ({"subgroup": "colour"}, [("subgroup", '"colour" is not a column of studies.csv')]),
        ({"moderators": "ablat; height"}, [("moderators", '"height" is not a column of studies.csv')]),
        ({"subgroup_tau2": "common"}, [("subgroup_tau2", "common, but no subgroup is named")]),
        (
            {"subgroup": "alloc", "subgroup_tau2": "common", "model": "fixed"},
            [("subgroup_tau2", "common, but the fixed-effect model has no between-study variance")],
        ),
        ({"dependence": "robust"}, [("tau2_method", "DL, but robust takes REML")]),
        ({"dependence": "robust", "tau2_method": ""}, []),
        (
            {"dependence": "three_level", "method": "MH", "model": "fixed", "tau2_method": ""},
            [
                ("method", "three_level weights by inverse variance, not by MH"),
                ("model", "three_level is a random-effects model, not fixed"),
            ],
        ),
        (
            {"method": "GLMM", "model": "q_test", "ci_method": "hksj", "moderators": "ablat"},
            [
                ("ci_method", "hksj, but GLMM has Wald's interval"),
                ("method", "GLMM has likelihoods of OR, IRR, PLO, not of RR"),
                ("model", "GLMM has no Q test"),
                ("moderators", "no meta-regression is made with GLMM"),
                ("tau2_method", "DL, but GLMM takes ML"),
            ],
        ),
        ({"method": "GLMM", "measure": "OR", "tau2_method": ""}, []),
        ({"subgroup": "alloc", "moderators": "ablat", "measure": "OR", "method": "MH", "dependence": "refuse"}, []),
    ],
)
def test_impossible_combinations_are_all_named_at_once_with_a_mend(change: Row, faults: list[tuple[str, str]]):
    def people(name: str, rows: list[Row]) -> pd.DataFrame:
        return frame(name, rows).assign(_file=f"{name}.csv", _line=range(2, len(rows) + 2))

    tables = people("config/analyses", [{**ANALYSIS, **change}]), people("records/published/estimates", [])
    found = check(CONFIG, *tables, people("config/outcomes", OUTCOMES))
    assert [(f.column, f.problem[: len(p)]) for f, (_, p) in zip(found, faults, strict=True)] == faults
    assert all(f.mend for f in found)


def test_faults_of_sensitivity_analyses():
    same = {"name": "one", "label": "One", "model": "fixed"}
    config = asking(same, same, {"name": "two", "label": "Two", "only": ["bcg", "x"]})
    analyses = frame("config/analyses", [ANALYSIS]).assign(_file="config/analyses.csv", _line=2)
    empty = frame("records/published/estimates", []).assign(_file="", _line=0)
    found = check({**CONFIG, **config}, analyses, empty, frame("config/outcomes", OUTCOMES))
    assert [(f.file, f.column, f.problem) for f in found] == [
        ("config/config.yaml", "synthesis.sensitivity, one", "the name stands twice"),
        ("config/config.yaml", "synthesis.sensitivity, two", "nothing is changed"),
        ("config/config.yaml", "synthesis.sensitivity, two.only", '"x" is not in config/analyses.csv'),
    ]
