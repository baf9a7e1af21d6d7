"""Stage targets, new reviews, and lint."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import CASES, ROOT, Review

pytestmark = pytest.mark.workflow


def test_each_stage_target_builds_the_tables_of_its_stage_and_in_the_end_the_whole(review: MakeReview) -> None:
    expected = review("full", built=True, name="built").results()
    done = review("full")
    assert done.run("reported").stages == ("reported",)
    for stage in ("search", "dedupe", "screening", "extraction", "synthesis", "appraisal", "report"):
        # The syntheses need risk of bias first, which is a part of appraisal.
        assert done.run(stage).stages == (("risk_of_bias", stage) if stage == "synthesis" else (stage,))
        tables = {name: raw for name, raw in expected.items() if name.startswith(f"results/{stage}/")}
        assert tables
        assert done.results(stage) == tables
    assert done.results() == expected


def test_a_stage_that_is_made_anew_says_what_came_out_and_shows_no_summary_of_an_older_report(
    review: MakeReview,
) -> None:
    done = review("minimal", built=True)
    for log in done.path("results/logs").iterdir():
        os.utime(log, (0, 0))
    done.edit("records/search/searches.csv", "database,2019-01-11", "database,2019-01-12")
    run = done.run("dedupe")
    assert run.stages[0] == "search"
    assert "6 records in 2 exports, 0 entries rejected" in run.output
    assert "State: " not in run.output
    assert "State: final" in done.run().output


def test_a_review_without_any_record_is_a_valid_interim_review(review: MakeReview) -> None:
    done = review("empty")
    shutil.rmtree(done.path("records"))
    done.run()
    assert "State: interim" in done.text("results/report/summary.txt")


def _reviewflow(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "import sys; from reviewflow.cli import main; sys.exit(main())", *arguments]
    environment = {"PYTHONPATH": str(ROOT / "workflow/lib"), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


def test_the_empty_case_is_what_reviewflow_new_makes(tmp_path: Path, fix: bool) -> None:
    folder = tmp_path / "my review"
    made = _reviewflow("new", str(folder))
    assert made.returncode == 0, made.stderr
    if fix:
        for part in ("config", "records"):
            shutil.rmtree(CASES / "empty" / part, ignore_errors=True)
            shutil.copytree(folder / part, CASES / "empty" / part)
    assert Review(CASES / "empty", ROOT).written() == Review(folder, ROOT).written()
    assert (folder / "records/search/exports").is_dir()
    assert str(folder) in made.stdout


def test_reviewflow_new_writes_over_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    _reviewflow("new", str(folder))
    (folder / "records/screening/retrieval.csv").write_text(
        "record_id,status,file,note\nx,retrieved,,\n", encoding="utf-8"
    )
    before = Review(folder, ROOT).written()
    again = _reviewflow("new", str(folder))
    assert again.returncode != 0
    assert "is there already; nothing was written" in again.stderr
    assert "Traceback" not in again.stderr
    assert Review(folder, ROOT).written() == before


def test_lint_complains_of_nothing_but_the_missing_environment_of_each_rule(review: MakeReview) -> None:
    complaints = re.findall(r"^    \* (.*)$", review("full").attempt("--lint").output, re.MULTILINE)
    assert set(complaints) <= {"Specify a conda environment or container for each rule.:"}


def test_records_that_nobody_may_write_are_read(review: MakeReview) -> None:
    done = review("full", built=True)
    done.edit("records/amendments.csv", "small", "more")
    for path in sorted(done.path("records").rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.stat().st_mtime_ns for path in done.path("records").rglob("*")}
    done.run()
    assert {path: path.stat().st_mtime_ns for path in done.path("records").rglob("*")} == before
