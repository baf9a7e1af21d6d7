"""Checks of samples, claims, studies and totals on small tables: each finds its slip and is silent without it."""

from pathlib import Path
from typing import Any

import pytest
from reviewflow import reported
from reviewflow.cli import main
from reviewflow.tables import rows_of

from tests.reference.reported.reported_rows import frames

Line = dict[str, Any]
NAN = float("nan")
BLANK = {"step": NAN, "minimum": NAN, "maximum": NAN}


def found(**lines: list[Line]) -> dict[str, list[reported.Finding]]:
    return {o.check: list(o.findings) for o in reported.audit(frames(**lines)) if o.verdict != "not_applicable"}


def test_header_only_tables_give_header_only_results() -> None:
    made = reported.build(frames())
    assert {name: len(table) for name, table in made.items()} == {"reported_statistics": 0, "reported_checks": 0}


# P by R 4.2.2: 2 * pt(-2.2, 28) = 0.0362, pf(4.25, 2, 40, lower = FALSE) = 0.0212, pchisq(6.53, 2, lower = FALSE) =
# 0.0382, 2 * pnorm(-2.17) = 0.0300, r = .31 with 40 df 0.0457. t(48) = 1.02, p < .05 is statcheck's own test of an error.
@pytest.mark.parametrize(
    ("statistic", "value", "df1", "df2", "p", "severity"),
    [
        ("t", "2.20", "28", "", "0.04", ""), ("f", "4.25", "2", "40", "0.021", ""),
        ("chi2", "6.53", "2", "", "0.038", ""), ("z", "-2.17", "", "", "0.03", ""), ("r", "0.31", "40", "", "0.046", ""),
        ("t", "1.02", "48", "", "<.05", "major"), ("t", "2.20", "28", "", "0.06", "major"),
        ("f", "4.25", "2", "40", "0.01", "moderate"), ("t", "2.20", "28", "", "0.018", "minor"),
        ("t", "2.2", "28", "", "<0.05", ""),
    ],
)  # fmt: skip
def test_p_of_a_test(statistic: str, value: str, df1: str, df2: str, p: str, severity: str) -> None:
    line = {"test": "one", "statistic": statistic, "value": value, "df1": df1, "df2": df2, "p_value": p}
    said = [f.severity for f in found(tests=[line])["test_p_value"]]
    assert said == ([severity] if severity else [])


@pytest.mark.parametrize(("t", "clean"), [("3.11", True), ("3.14", True), ("2.31", False)])
def test_t_from_means_is_students_or_welchs(t: str, clean: bool) -> None:
    """R 4.2.2, t.test of 5.1 6.2 4.8 7.0 5.5 6.1 5.9 6.6 and 4.2 5.0 3.9 5.8 4.4 5.2 4.9: Student 3.114, Welch 3.143."""
    means = [
        {"group": "a", "n": 8, "mean": "5.900", "sd": "0.741", **BLANK},
        {"group": "b", "n": 7, "mean": "4.771", "sd": "0.650", **BLANK},
    ]
    tests = [{"test": "one", "statistic": "t", "value": t, "group_e": "a", "group_c": "b"}]
    assert (found(means=means, tests=tests)["t_from_means"] == []) == clean


def test_means_of_whole_values_and_of_a_scale() -> None:
    means = [
        {"group": "impossible", "n": 28, "mean": "5.19", **BLANK, "step": 1.0},
        {"group": "spread", "n": 18, "mean": "3.44", "sd": "2.47", **BLANK, "step": 1.0},
        {"group": "beyond", "n": 20, "mean": "7.5", **BLANK, "minimum": 1.0, "maximum": 7.0},
        {"group": "wide", "n": 20, "mean": "4.0", "sd": "3.9", **BLANK, "minimum": 1.0, "maximum": 7.0},
        {"group": "fine", "n": 10, "mean": "3.50", "sd": "1.08", "step": 1.0, "minimum": 1.0, "maximum": 7.0},
    ]
    said = {check: [f.subject for f in listed] for check, listed in found(means=means).items()}
    assert said == {"grim": ["impossible"], "grimmer": ["spread"], "scale_limits": ["beyond", "wide"]}


ROW = {"analysis": "a", "location": "Table 1", "measure": "MD", "k": "2", "estimate": "-1.00", "ci_lower": "-2.00",
       "ci_upper": "0.00"}  # fmt: skip


def claim(kind: str) -> list[Line]:
    return [{"claim_id": "c", "location": "abstract", "part": "abstract", "claim": kind, "analyses": "a", "quote": "x"}]


@pytest.mark.parametrize(
    ("upper", "kind", "wrong"),
    [
        ("-0.20", "lower", False), ("-0.20", "higher", True), ("-0.20", "not_significant", True),
        ("-0.20", "differs", False), ("0.20", "lower", True), ("0.20", "not_significant", False),
        ("0.00", "lower", False), ("0.00", "not_significant", False),
    ],
)  # fmt: skip
def test_a_claim_against_its_interval_where_rounding_lets_it_be_judged(upper: str, kind: str, wrong: bool) -> None:
    said = found(estimates=[{**ROW, "ci_upper": upper}], claims=claim(kind)).get("claim_and_result", [])
    assert bool(said) == wrong


def test_totals_and_counts_of_studies() -> None:
    totals = [
        {"total": "whole", "counts": "other", "printed": 12, "parts": "5; six"},
        {"total": "six", "counts": "other", "printed": 6},
        {"total": "fine", "counts": "other", "printed": 11, "parts": "5; six"},
    ]
    estimates = [{**ROW, "studies": "x; y; z"}, {**ROW, "analysis": "b", "studies": "x; y"}]
    said = found(totals=totals, estimates=estimates)
    assert [f.subject for f in said["totals"]] == ["whole"]
    assert [f.subject for f in said["k_and_studies"]] == ["a"]


def test_percentages_are_those_of_the_counts() -> None:
    line = {"analysis": "a", "events_e": 3, "n_e": 7, "events_c": 1, "n_c": 3}
    counts = [
        {**line, "study": "x", "percent_e": "42.9", "percent_c": "33"},
        {**line, "study": "y", "percent_e": "43.9", "percent_c": "34"},
    ]
    said = [f.subject for f in found(counts=counts)["percentages"]]
    assert said == ["a/y/e", "a/y/c"]


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


TESTS = "test,statistic,value,df1,p_value\none,t,1.02,48,<.05\n"


def test_the_command_checks_a_folder_outside_any_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-reported", str(write(tmp_path, tests=TESTS))]) == 0
    assert "major, certain: one: P <.05 does not follow from the statistic" in capsys.readouterr().out
    assert main(["check-reported", str(tmp_path), "--json"]) == 0
    assert '"finding_id": "test_p_value:one"' in capsys.readouterr().out


def test_all_faults_of_all_tables_come_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        tmp_path,
        tests=TESTS.replace("1.02", "big").replace("<.05", "n.s."),
        statements="statement,value\nq_threshold,often\nprotocol,perhaps\n",
        totals="total,counts,printed,studies,parts\nall,studies,3,nobody,2; none\n",
    )
    assert main(["check-reported", str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 6
    assert said[0].startswith('statements.csv:2: value: "often" is no q_threshold;')
    assert not any("Traceback" in line for line in said)


def test_a_folder_without_tables_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-reported", str(tmp_path)]) == 1
    assert "has none of the tables" in capsys.readouterr().err


def test_rows_of_an_outcome_that_is_not_said_are_not_compared_with_each_other() -> None:
    rows = [{**ROW, "analysis": str(i), "estimate": e, "ci_lower": low, "ci_upper": high}
            for i, (e, low, high) in enumerate([("-600", "-700", "-500"), ("-4", "-5", "-3")])]  # fmt: skip
    assert "unit_ratio" not in found(estimates=rows)
    told = found(estimates=[{**row, "outcome": "bun"} for row in rows])["unit_ratio"]
    assert [f.subject for f in told] == ["0"]


def test_both_tables_have_their_columns_filled() -> None:
    made = reported.build(frames(estimates=[{**ROW, "p_value": "0.9"}]))
    (finding,) = [f for f in rows_of(made["reported_statistics"]) if f["check"] == "p_value"]
    assert finding["severity"] == "moderate"
    assert all(finding[name] for name in ("location", "analyses", "printed", "expected", "evidence", "ask"))
