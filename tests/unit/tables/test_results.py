"""Tables of results/: they read back exactly, sorted by key, and are written whole or not at all."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.tables import frame, join_list, read_result, split_list, to_csv, write_results, write_tree

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.lists(st.tuples(NUMBERS, WORDS), max_size=6))
def test_numbers_and_text_read_back_exactly(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("r") / "results/synthesis/effects.csv"
    table = frame(
        "results/synthesis/effects",
        [
            {
                "analysis": f"a{i}",
                "study_id": "s",
                "measure": "MD",
                "yi": yi,
                "provenance": "x",
                "used": True,
                "note": t,
            }
            for i, (yi, t) in enumerate(rows)
        ],
    )
    write_results({"effects": table}, {"effects": str(path)})
    back = read_result(path)
    assert back["yi"].tolist() == [yi for yi, _ in rows]
    assert back["note"].tolist() == [note for _, note in rows]


@given(st.permutations(list(range(5))))
def test_rows_are_sorted_by_key_whatever_their_order(order):
    rows = [{"analysis": f"a{i}", "subgroup": "x"} for i in order]
    text = to_csv(frame("results/synthesis/subgroup_tests", rows), "results/synthesis/subgroup_tests")
    assert [line.split(",")[0] for line in text.splitlines()] == ["analysis", *(f"a{i}" for i in range(5))]


def test_blank_is_missing_and_zero_is_not(tmp_path):
    path = tmp_path / "results/synthesis/pooled.csv"
    base = {"measure": "MD", "method": "IV", "model_rule": "fixed", "tau2_method": "DL", "ci_method": "wald"}
    rows = [{"analysis": "a", "level": 95, "k": 0, **base}, {"analysis": "b", "level": 95, "k": 2, "tau2": 0.0, **base}]
    write_results({"pooled": frame("results/synthesis/pooled", rows)}, {"pooled": str(path)})
    back = read_result(path)
    assert math.isnan(back.loc[0, "tau2"])
    assert back.loc[1, "tau2"] == 0
    assert back["n"].isna().all()
    assert back["k"].tolist() == [0, 2]


def test_nothing_is_replaced_when_one_of_the_tables_cannot_be_written(tmp_path):
    good, bad = (tmp_path / f"results/appraisal/{name}.csv" for name in ("certainty", "risk_of_bias"))
    good.parent.mkdir(parents=True)
    good.write_text("earlier")
    table = frame("results/appraisal/certainty", [{"analysis": "a", "certainty": "low"}])
    with pytest.raises(KeyError):
        write_results(
            {"certainty": table, "risk_of_bias": pd.DataFrame()}, {"certainty": str(good), "risk_of_bias": str(bad)}
        )
    assert good.read_text() == "earlier"


def test_a_folder_is_made_anew_so_that_nothing_old_stays(tmp_path):
    folder = tmp_path / "report/figures"
    folder.mkdir(parents=True)
    (folder / "old.svg").write_text("x")
    write_tree({"index.html": "page", "figures/new.svg": "y"}, tmp_path / "report", str(folder))
    assert sorted(p.relative_to(tmp_path).as_posix() for p in Path(tmp_path).rglob("*.*")) == [
        "report/figures/new.svg",
        "report/index.html",
    ]


def test_a_semicolon_within_a_value_does_not_split_a_list():
    assert split_list(join_list(["Gu, F.; deceased", " ", "Wang, D."])) == ["Gu, F., deceased", "Wang, D."]
