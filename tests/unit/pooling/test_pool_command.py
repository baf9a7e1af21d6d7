"""`reviewflow pool`: files as programs save them, all faults at once, and everything that can be asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose
from reviewflow.cli import main
from reviewflow.commands.pool import _MEASURES
from reviewflow.pooling import MEASURES
from reviewflow.schema import schema

R: dict[str, Any] = json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8"))
BCG = [R["bcg"][name] for name in ("ai", "n1i", "ci", "n2i", "ablat", "alloc")]
LINES = [
    "study,ai,n1i,ci,n2i,ablat,alloc",
    *(f"trial {i},{','.join(map(str, row))}" for i, row in enumerate(zip(*BCG, strict=True))),
]


@pytest.fixture
def bcg(tmp_path: Path) -> Path:
    return write(tmp_path, "\n".join(LINES) + "\n")


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def pool(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict[str, Any]:
    assert main(["pool", str(path), "--json", *options]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    return result


def faults(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> list[str]:
    assert main(["pool", str(path), *options]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    return [line.removeprefix(str(path)) for line in printed.err.splitlines()]


def test_the_command_knows_the_measures_of_the_engine() -> None:
    assert set(_MEASURES) == set(MEASURES) == set(schema("config/analyses").columns["measure"].values)


def test_all_digits_by_the_names_of_pooled(capsys: pytest.CaptureFixture[str], bcg: Path) -> None:
    row = pool(capsys, bcg, "--measure", "RR", "--preset", "metafor", "--ci", "hksj", "--prediction", "t_kminus1")
    expected = R["fits"]["REML knha"]
    assert_allclose([row[n] for n in expected], list(expected.values()), rtol=1e-8)
    own = {"label", "analysis", "n", "provenance"}
    assert set(schema("results/synthesis/pooled").columns) - own <= set(row) | {"k_effects", "dependence"}
    assert [study["study"] for study in row["studies"]] == [f"trial {i}" for i in range(13)]
    assert_allclose(sum(study["weight_random"] for study in row["studies"]), 100)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfstudy;yi;vi\r\na;0,5;0,1\r\nb;-0,25;0,2\r\n",
        b"study\tyi\tvi\r\na\t0,5\t0,1\r\n\r\nb\t-0,25\t0,2",
        b'study,yi,vi\n"a","0,5","0,1"\nb,-.25,2e-1\n',
    ],
)
def test_files_as_programs_save_them(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: bytes) -> None:
    row = pool(capsys, write(tmp_path, text), "--measure", "MD", "--decimal-comma", "--model", "fixed")
    assert [(study["yi"], study["vi"]) for study in row["studies"]] == [(0.5, 0.1), (-0.25, 0.2)]


def test_a_decimal_comma_is_told_not_guessed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = faults(capsys, write(tmp_path, "study;yi;vi\na;0,5;1\nb;1;1\n"), "--measure", "MD")
    assert found == [':2: yi: "0,5" is not a number; write 0.5, or say --decimal-comma if that is what the comma is']


def test_all_faults_of_file_and_options_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path, 'study,ai,n1i,ci\n"a\nb",5,4,x\nc,-1,0,2\n')
    found = faults(capsys, path, "--measure", "OR", "--method", "PETO", "--level", "0.95", "--subgroup", "dose")
    assert [line.split(" ")[0] + " " + line.split(" ")[1] for line in found] == [
        ": Peto's", ": the", ":1: dose:", ":1: n2i:", ":2: ai:", ":2: ci:", ":4: ai:", ":4: n1i:",
    ]  # fmt: skip
    assert all("; " in line for line in found)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", ":1:"),
        ("yi,vi\n", ":1:"),
        ("yi,vi\n1,2,3\n1\n", ":2:"),
        ("yi,yi\n1,2\n", ":1:"),
        ('yi,vi\n1,"2\n', ":2:"),
        ("yi,vi\n1,-2\n", ":2:"),
        ("yi,vi\n1e400,2\n", ":2:"),
    ],
)
def test_broken_files_are_faults(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, place: str) -> None:
    assert faults(capsys, write(tmp_path, text), "--measure", "MD")[0].startswith(place)


@pytest.mark.parametrize(
    "options",
    [
        ("--measure", "MD", "--method", "MH"),
        ("--measure", "PETO", "--model", "random"),
        ("--measure", "OR", "--method", "MH"),
        ("--measure", "OR", "--peters"),
        ("--measure", "MD", "--permutations", "100"),
        ("--measure", "MD", "--moderator", "vi", "--moderator", "vi"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = write(tmp_path, "yi,vi\n1,1\n2,1.5\n3,1\n4,2\n")
    (line,) = faults(capsys, path, *options)
    assert "; " in line


def test_studies_without_numbers_are_listed_with_the_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path, "study,m1i,sd1i,n1i,m2i,sd2i,n2i\na,1,1,10,0,1,10\nb,NA,1,10,0,,10\nc,2,0,10,1,0,10\n")
    row = pool(capsys, path, "--measure", "MD")
    assert (row["k"], row["note"][:5]) == (1, "k = 1")
    assert [study["used"] for study in row["studies"]] == [True, False, False]
    assert row["studies"][1]["note"] == "m1i and sd2i missing"
    assert "variance above 0" in row["studies"][2]["note"]
    assert len(row["warnings"]) == 2


def test_no_study_at_all_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("--leave-one-out", "--cumulative", "--influence", "--egger", "--trim-and-fill")
    row = pool(capsys, write(tmp_path, "yi,vi\nNA,1\n"), "--measure", "MD", *asked)
    assert (row["k"], row["estimate"], row["leave_one_out"]) == (0, None, [])
    assert "needs 3 studies" in row["egger"]["note"]


def test_two_effects_of_one_name_are_warned_of(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    row = pool(capsys, write(tmp_path, "study,yi,vi\na,1,1\na,2,1\nb,2,1\n"), "--measure", "MD")
    assert row["warnings"] == ["a: 2 effects of one name; effects of the same people are not independent"]


def test_everything_beside_the_estimate(capsys: pytest.CaptureFixture[str], bcg: Path) -> None:
    flags = ("--leave-one-out", "--cumulative", "--influence", "--egger", "--begg", "--peters", "--trim-and-fill")
    more = ("--subgroup", "alloc", "--moderator", "ablat", "--moderator", "alloc", "--permutations", "20")
    row = pool(capsys, bcg, "--measure", "RR", "--preset", "metafor", "--sort", "ablat", *flags, *more)
    assert [line["subgroup"] for line in row["subgroups"]] == ["alternate", "random", "systematic"]
    assert_allclose(row["subgroup_differences"]["q"], R["own"]["q"], rtol=1e-7)
    assert [line["term"] for line in row["meta_regression"]["terms"]] == [
        "intercept", "ablat", "alloc: random", "alloc: systematic",
    ]  # fmt: skip
    expected = R["reg"]["REML z"]["estimate"]
    assert_allclose([line["estimate"] for line in row["meta_regression"]["terms"]], expected, rtol=1e-7)
    assert row["meta_regression"]["compared_with"] == {"alloc": "alternate"}
    assert len(row["leave_one_out"]) == len(row["cumulative"]) == len(row["influence"]) == 13
    assert row["cumulative"][0]["up_to"] == f"trial {R['bcg']['ablat'].index(13)}"
    assert_allclose(row["cumulative"][-1]["estimate"], row["estimate"], rtol=1e-9)
    assert_allclose(row["egger"]["p_value"], R["small"]["egger"]["p_value"], rtol=1e-10)
    again = pool(capsys, bcg, "--measure", "RR", "--preset", "metafor", *more)
    assert again["meta_regression"] == row["meta_regression"]


def test_leaving_out_keeps_the_method(capsys: pytest.CaptureFixture[str], bcg: Path, tmp_path: Path) -> None:
    """Without the first study the row is that of a file without its line, by Mantel-Haenszel as well."""
    options = ("--measure", "RR", "--preset", "revman5")
    without = pool(capsys, bcg, *options, "--leave-one-out")["leave_one_out"][0]
    alone = pool(capsys, write(tmp_path, "\n".join([LINES[0], *LINES[2:]])), *options)
    assert {name: alone[name] for name in without if name != "without"} == {
        n: without[n] for n in without if n != "without"
    }


def test_words_among_numbers_are_a_fault_until_they_are_said_to_be_categories(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path, "yi,vi,dose\n1,1,10\n2,1,high\n3,1,20\n4,1,20\n5,2,high\n6,1,10\n")
    found = faults(capsys, path, "--measure", "MD", "--moderator", "dose")
    assert [line[:9] for line in found] == [":3: dose:", ":6: dose:"]
    row = pool(capsys, path, "--measure", "MD", "--category", "dose")
    assert [term["term"] for term in row["meta_regression"]["terms"]] == ["intercept", "dose: 20", "dose: high"]


def test_a_test_of_few_studies_is_made_with_a_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    same = pool(capsys, write(tmp_path, "yi,vi\n1,1\n2,1\n3,1\n"), "--measure", "MD", "--egger", "--begg")
    assert same["egger"]["p_value"] is same["begg"]["p_value"] is None
    assert "same precision" in same["egger"]["note"]
    few = pool(capsys, write(tmp_path, "yi,vi\n1,1\n2,2\n3,3\n3,4\n"), "--measure", "MD", "--egger")
    assert few["egger"]["p_value"] is not None
    assert "fewer than 10" in few["egger"]["note"]


def test_the_terminal_shows_what_json_has(capsys: pytest.CaptureFixture[str], bcg: Path) -> None:
    assert main(["pool", str(bcg), "--measure", "RR", "--subgroup", "alloc", "--egger"]) == 0
    printed = capsys.readouterr().out
    for text in ("estimate               -0.714532", "trial 12", "subgroup_differences:", "egger:", "q_p"):
        assert text in printed
    assert "nan" not in printed


_GIV = ("--measure", "GIV")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("yi,vi\n1e300,1\n1,1e-320\n", _GIV, [":2: yi: 1e300 is too far from 1 to compute with; check its unit",
                                              ":3: vi: 1e-320 is too far from 1 to compute with; check its unit"]),
        ("yi,vi\n\0001,1\n", _GIV, [': has NUL characters, as UTF-16 has; save it as "CSV UTF-8"']),
        ("yi,vi,g\n1,1,u\n2,1,u\n3,1,\n", (*_GIV, "--moderator", "g"),
         [":1: g: the studies with an effect have 1 word of it; there is nothing to compare; name another column"]),
        ("ai,bi,n1i,ci,di,n2i\n3,7,99,4,6,10\n", ("--measure", "OR"),
         [":2: n1i: n1i 99 is not ai 3 and bi 7; check it against the report"]),
    ],
    ids=["no double", "UTF-16 without its mark", "category of one word", "cells against their sum"],
)  # fmt: skip
def test_what_cannot_be_computed_with_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: tuple[str, ...], expected: list[str]
) -> None:
    assert faults(capsys, write(tmp_path, text), *options) == expected


def test_a_comma_in_a_quoted_name_of_a_column_is_no_separator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, '"study, year, place, x";yi;vi\na;1;2\nb;2;1\n')
    assert pool(capsys, path, *_GIV, "--study", "study, year, place, x")["k"] == 2


def test_a_missing_subgroup_is_none_however_it_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "yi,vi,g\n1,1,NA\n2,1,u\n3,1,\n4,1,v\n")
    result = pool(capsys, path, *_GIV, "--subgroup", "g")
    assert [row["subgroup"] for row in result["subgroups"]] == ["u", "v"]
    assert result["warnings"] == ["2 of the studies are in no subgroup: g is blank"]


def test_effects_are_taken_where_the_columns_of_the_measure_are_not_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Many files have yi and vi with the number of participants, which alone makes no correlation."""
    result = pool(capsys, write(tmp_path, "study,yi,vi,ni\n,.1,.2,10\n,.3,.1,20\n"), "--measure", "ZCOR")
    assert result["k"] == 2
    assert [study["study"] for study in result["studies"]] == ["1", "2"]
    assert result["warnings"] == ["yi and the variance beside it are taken, not ni: there is no ri"]


DEPENDENT = "trial,yi,vi\na,0.1,0.04\na,0.5,0.1\nb,0.3,0.05\nc,1.2,0.2\nc,-0.2,0.06\nd,0.7,0.03\n"


def test_dependent_effects_are_pooled_by_study(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("--measure", "GIV", "--study", "trial")
    path = write(tmp_path, DEPENDENT)
    robust = pool(capsys, path, *asked, "--dependence", "robust")
    assert (robust["k"], robust["k_effects"], robust["rho"], robust["ci_method"]) == (4, 6, 0.5, "cr2")
    three = pool(capsys, path, *asked, "--dependence", "three_level", "--rho", "0.3")
    assert (three["rho"], three["ci_df"], three["warnings"]) == (0.3, 3, [])
    assert three["tau2"] == three["tau2_between"] + three["tau2_within"]
    assert sum(study["weight_random"] for study in three["studies"]) == pytest.approx(100)
    assert len(pool(capsys, path, *asked)["warnings"]) == 2


def test_what_models_of_dependent_effects_cannot_do_is_named_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path, DEPENDENT)
    found = faults(capsys, path, "--measure", "GIV", "--dependence", "robust", "--egger", "--rho", "2")
    assert len(found) == 3
    assert any("needs to know which study an effect is of; name the column with --study" in fault for fault in found)
    assert faults(capsys, path, "--measure", "GIV", "--rho", "0.5")


def test_rare_events_keep_studies_without_any_and_take_whole_counts_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    counts = "study,ai,n1i,ci,n2i\nx,0,50,0,40\ny,1,50,4,40\nz,2,50,6,45\n"
    asked = ("--measure", "OR", "--method", "GLMM", "--model", "fixed")
    row = pool(capsys, write(tmp_path, counts), *asked)
    assert (row["k"], [study["used"] for study in row["studies"]]) == (3, [True] * 3)
    fewer = pool(capsys, write(tmp_path, counts.replace("x,0,50,0,40\n", "")), *asked)
    assert fewer["estimate"] == pytest.approx(row["estimate"], rel=1e-12)
    found = faults(capsys, write(tmp_path, counts.replace("1,50", "1.5,50")), *asked)
    assert found == [
        ":3: ai: 1.5 is no whole number, and only these have a likelihood; combine arms instead of dividing one, or use IV"
    ]
