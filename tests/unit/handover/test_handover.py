"""What is handed over says what the tables say, in the form that the other program reads."""

import csv
import io
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from reviewflow.cli import main
from reviewflow.handover import cochrane, metafor
from reviewflow.handover.book import Table, sheet_names, workbook
from reviewflow.handover.rows import shown
from reviewflow.tables import DataFaults, frame

EFFECT = {"analysis": "deaths", "measure": "OR", "used": True, "provenance": "reported"}


def effects():
    rows = [
        EFFECT | {"study_id": "a2001", "label": "A 2001", "yi": -0.5, "vi": 0.2, "se": 0.2**0.5, "events_e": 4, "n_e": 40,
                  "events_c": 6, "n_c": 41, "weight_fixed": 60.0, "weight_random": 55.0, "effect_natural": 0.61,
                  "ci_lower_natural": 0.25, "ci_upper_natural": 1.46, "subgroup": "adults"},
        EFFECT | {"study_id": "b2002", "label": "B 2002", "yi": 0.1, "vi": 0.3, "se": 0.3**0.5, "events_e": 3, "n_e": 30.5,
                  "events_c": 3, "n_c": 33, "weight_fixed": 40.0, "weight_random": 45.0, "effect_natural": 1.11,
                  "ci_lower_natural": 0.38, "ci_upper_natural": 3.23, "subgroup": "children", "provenance": "derived"},
        EFFECT | {"study_id": "c2003", "label": "C 2003", "used": False, "events_e": 0, "n_e": 10, "events_c": 0, "n_c": 10},
    ]  # fmt: skip
    return frame("results/synthesis/effects", rows)


def pooled(**changes):
    row = {"analysis": "deaths", "measure": "OR", "method": "MH", "model": "random", "model_rule": "random",
           "tau2_method": "DL", "ci_method": "wald", "level": 95.0, "k": 2, "estimate": -0.27, "se": 0.35,
           "ci_lower": -0.95, "ci_upper": 0.41, "z": -0.77, "p_value": 0.44, "q": 0.72, "df": 1, "q_p": 0.4, "i2": 0.0,
           "tau2": 0.0, "estimate_natural": 0.76, "ci_lower_natural": 0.39, "ci_upper_natural": 1.51}  # fmt: skip
    return frame("results/synthesis/pooled", [row | changes])


def tables(**changes):
    outcome = {"outcome": "death", "label": "Death", "unit": "", "lower_is_better": True}
    analysis = {
        "analysis": "deaths",
        "label": "Death at 1 year",
        "comparison": "drug",
        "outcome": "death",
        "subgroup": "",
    }
    sides = {"comparison": "drug", "label": "Drug versus placebo", "experimental": "Drug", "control": "Placebo"}
    return {
        "synthesis/effects": effects(),
        "synthesis/pooled": pooled(**changes),
        "config/analyses": pd.DataFrame([analysis]),
        "config/outcomes": pd.DataFrame([outcome]),
        "comparisons": pd.DataFrame([sides]),
    }


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_for_r_has_the_pooled_studies_in_escalc_columns():
    rows = read(metafor.files(tables())["studies.csv"])
    assert [(r["slab"], r["yi"], r["ai"], r["n1i"], r["ci"], r["n2i"]) for r in rows] == [
        ("A 2001", "-0.5", "4", "40", "6", "41"),
        ("B 2002", "0.1", "3", "30.5", "3", "33"),
    ]


@pytest.mark.parametrize(
    ("changes", "call"),
    [
        ({"method": "IV", "model": "fixed"}, 'method = "EE"'),
        ({"method": "IV", "tau2_method": "REML", "ci_method": "hksj"}, 'method = "REML", test = "knha"'),
        ({"model": "fixed"}, "fit <- rma.mh("),
        ({}, "tau2 = tau2"),
        ({"method": "PETO", "model": "fixed", "measure": "PETO"}, "rma.peto("),
        ({"k": 0, "estimate": None, "model": ""}, "no estimate"),
    ],
)
def test_the_script_calls_what_repeats_the_analysis(changes, call):
    script = metafor.files(tables(**changes))["repeat_analyses.R"]
    assert call in script.split("# deaths", 1)[1]


def test_a_name_of_an_analysis_can_break_out_of_no_string():
    data = tables()
    for name in ("synthesis/effects", "synthesis/pooled", "config/analyses"):
        data[name] = data[name].assign(analysis='x"); quit(); ("')
    script = metafor.files(data)["repeat_analyses.R"]
    assert 'analysis == "x\\"); quit(); (\\""' in script


def test_cochranes_files_have_the_study_data_and_the_settings():
    files = cochrane.files(tables(), "CD1")
    data = read(files["CD1-analysis-data/CD1-data-rows.csv"])
    assert [(r["Study"], r["Experimental cases"], r["Control N"], r["Weight"]) for r in data] == [
        ("A 2001", "4", "41", "55"),
        ("B 2002", "3", "33", "45"),
    ]
    assert [r["Footnotes"] for r in data] == ["", "Provenance: derived"]
    (row,) = read(files["CD1-analysis-data/CD1-overall-estimates-and-settings.csv"])
    expected = {"Analysis group": "1", "Analysis number": "1", "Data type": "Dichotomous", "Statistical method": "MH",
                "Effect measure": "Odds Ratio", "Analysis model": "Random effect", "Log-scale data": "TRUE",
                "Heterogeneity estimator": "DL", "CI method": "Wald", "CI/PI level": "95%", "Experimental cases": "7",
                "Experimental N": "70.5", "Mean": "0.76", "Graph label (left)": "Favours Drug", "ID": "deaths"}  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_cochranes_files_have_subgroups_with_their_test():
    data = tables()
    numbers = {c: pooled()[c][0] for c in pooled() if c != "analysis"}
    data["synthesis/subgroups"] = pd.DataFrame(
        [{"analysis": "deaths", **numbers, "subgroup": name} for name in ("adults", "children")]
    )
    data["synthesis/subgroup_tests"] = pd.DataFrame(
        [{"analysis": "deaths", "q": 1.5, "df": 1, "p_value": 0.22, "i2": 33.0}]
    )
    files = cochrane.files(data, "CD1")
    groups = read(files["CD1-analysis-data/CD1-subgroup-estimates.csv"])
    assert [(g["Subgroup"], g["Subgroup number"], g["Weight"], g["Experimental N"]) for g in groups] == [
        ("adults", "1", "55", "40"),
        ("children", "2", "45", "30.5"),
    ]
    (row,) = read(files["CD1-analysis-data/CD1-overall-estimates-and-settings.csv"])
    assert (row["Subgroup Chi²"], row["Subgroup df"], row["Subgroup P"], row["Subgroup I²"]) == (
        "1.5",
        "1",
        "0.22",
        "33",
    )


@pytest.mark.parametrize(
    ("value", "text"), [(20.0, "20"), (0.1 + 0.2, "0.30000000000000004"), (None, ""), (True, "TRUE")]
)
def test_cells_read_back_exactly_and_whole_numbers_have_no_point(value, text):
    assert shown(value) == text


def test_a_workbook_keeps_types_and_takes_no_cell_for_a_formula():
    rows = [["1", "0.3125", "true", '=cmd|"x"'], ["2", "", "false", "plain"]]
    columns = [("n", "integer"), ("x", "number"), ("ok", "boolean"), ("text", "string")]
    content, told = workbook([Table("results/a/b.csv", "What it is", columns, rows)])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["b"]
    assert [[c.value for c in row] for row in sheet.iter_rows(min_row=2)] == [
        [1, 0.3125, True, '\'=cmd|"x"'],
        [2, None, False, "plain"],
    ]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
    assert told == []


def test_what_does_not_fit_a_sheet_is_told(monkeypatch):
    monkeypatch.setattr("reviewflow.handover.book.MOST_ROWS", 2)
    content, told = workbook([Table("results/a/b.csv", "", [("n", "integer")], [["1"], ["2"]])])
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Contents"]
    assert told == ["results/a/b.csv: 2 rows are more than a sheet holds; not in the workbook"]


def test_names_of_sheets_differ_whatever_their_case_and_length():
    paths = ["results/a/effects.csv", "results/b/Effects.csv", "results/b/effects.csv", "config/" + "x" * 60 + ".csv",
             "records/" + "x" * 60 + ".csv", "results/q/contents.csv"]  # fmt: skip
    names = sheet_names(paths)
    assert len({n.lower() for n in names}) == len(paths)
    assert all(len(n) <= 31 for n in names)


def test_a_review_without_estimates_is_told_what_to_run(tmp_path):
    from reviewflow.commands.handing import analyses

    with pytest.raises(DataFaults, match="run snakemake synthesis first"):
        analyses(tmp_path, "metafor", tmp_path / "out")


def test_nothing_is_handed_over_into_the_review(tmp_path, capsys):
    (tmp_path / "results").mkdir()
    target = tmp_path / "results/x"
    assert main(["export", "--format", "metafor", "--directory", str(tmp_path), "--output", str(target)]) == 1
    assert "never written into results/" in capsys.readouterr().err
    assert not target.exists()


def test_the_script_runs_in_r(tmp_path, rscript):
    program = rscript("metafor")
    for name, text in metafor.files(tables(method="IV", model="fixed", estimate=-0.26, se=0.34641016151377546,
                                           ci_lower=-0.938951440835, ci_upper=0.418951440835, tau2=None)).items():  # fmt: skip
        Path(tmp_path, name).write_text(text, encoding="utf-8")
    ran = subprocess.run([program, "repeat_analyses.R"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 analyses" in ran.stdout
