"""Numbers that no publication should print, and counts that it leaves open: an answer in bounded time, never a crash."""

from pathlib import Path

import pytest
from reviewflow.cli import main
from reviewflow.reported import search

ESTIMATES = "analysis,location,k,q_p,note,model,estimate,ci_lower,ci_upper,p_value,measure\n"
COUNTS = "analysis,study,events_e,n_e,events_c,n_c,location,quote\n"
STUDIES = "study,label,number,design,n,outcomes,population,effective,authors,location,quote\n"
MEANS = "group,study,outcome,n,mean,sd,step,minimum,maximum,location,quote\n"
TWO = STUDIES + "s1,One,,RCT,,,,,,,\ns2,Two,,RCT,,,,,,,\n"


def run(folder: Path, capsys: pytest.CaptureFixture[str], **tables: str) -> tuple[int, str]:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    status = main(["check-reported", str(folder)])
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.mark.parametrize("number", ["1e309", "1e308", "9" * 400, "-1e200", "5e999"])
def test_a_number_beyond_all_measure_is_a_fault_of_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    rows = f"{ESTIMATES}a,T,3,,,fixed,1.0,0.5,{number},0.5,MD\n"
    status, said = run(tmp_path, capsys, estimates=rows)
    assert (status, said.count("estimates.csv:2: ci_upper: ")) == (1, 1)


@pytest.mark.parametrize(
    "counts",
    [
        "a,s1,3,20,1,20,,\na,s2,,,,,,\n",
        "a,s1,3,999999999999999999,1,1,,\na,s2,,,,,,\n",
        "a,s1,,999999999999999999,1,20,,\na,s2,2,20,1,20,,\n",
        "a,s1,9,20,1,20,,\na,s2,8,20,1,20,,\n",
    ],
)
def test_counts_that_leave_too_much_open_are_not_searched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], counts: str
) -> None:
    rows = f"{ESTIMATES}a,T,2,,,fixed,0.50,0.20,1.25,0.14,OR\n"
    status, said = run(tmp_path, capsys, estimates=rows, studies=TWO, counts=COUNTS + counts)
    assert status == 0, said


@pytest.mark.parametrize("line", ["999999999999,3.45,1.05,0.000001", "10,9e99,1e99,1", "2000000000,3.45,-1,1"])
def test_means_whose_sums_cannot_be_counted_are_not_tested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    status, said = run(tmp_path, capsys, means=f"{MEANS}g1,,o,{line},,,,\n")
    assert (status, said) == (0, "0 findings; clean: none\n")


def test_an_honest_difference_outside_a_review_lacks_no_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = f"{ESTIMATES}a,T,5,,,fixed,-1.50,-2.50,-0.50,0.003,MD\n"
    status, said = run(tmp_path, capsys, estimates=rows)
    assert (status, said.splitlines()[0][:11]) == (0, "0 findings;"), said


def test_a_finding_on_digits_names_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = f"{ESTIMATES}a,T,5,,,fixed,1,0.5,2,1.0,RR\n"
    assert "minor, certain: a: the printed digits leave" in run(tmp_path, capsys, estimates=rows)[1]


@pytest.mark.parametrize(
    ("events", "sizes"),
    [
        ((3, None), (range(1, 9), range(4, 7))), ((None, None), (range(5), range(2, 2))),
        ((9, 1), (range(2, 5), range(1, 3))), ((0, None), (range(3), range(7, 8))),
    ],
)  # fmt: skip
def test_tables_are_counted_before_they_are_made(
    events: tuple[int | None, int | None], sizes: tuple[range, range]
) -> None:
    assert search.many(events, sizes) == len(search.tables(events, sizes))
