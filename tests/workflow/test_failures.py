"""A failed run stays failed until it is mended; an older result never hides it."""

import shutil
from pathlib import Path

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import JOBS, Review

pytestmark = pytest.mark.workflow
POOL = "workflow/lib/reviewflow/synthesis/every.py"


@pytest.fixture
def failing(review: MakeReview, own_code: Path) -> Review:
    """A finished review, and code whose synthesis fails."""
    done = review("full", built=True)
    done.code = own_code
    module = own_code / POOL
    text = module.read_text(encoding="utf-8")
    assert text.count("\ndef every(") == 1
    broken = text + "\n\ndef every(*_: object, **__: object) -> None:\n    raise ArithmeticError('the sums are off')\n"
    module.write_text(broken, encoding="utf-8")
    return done


def test_a_failed_run_stays_failed_although_an_older_report_is_there_and_heals_once_mended(
    failing: Review, code: Path
) -> None:
    results = failing.results()
    for _ in range(2):
        run = failing.attempt()
        assert run.status != 0
        assert run.stages == ("synthesis",)
        assert "ArithmeticError: the sums are off" in run.output
        left = failing.results("report")
        assert left == {name: results[name] for name in left}
        assert "results/report/index.html" in left
    shutil.copy2(code / POOL, failing.code / POOL)
    failing.run()
    assert failing.results() == results


def test_jobs_run_the_library_beside_the_snakefile_and_no_other(failing: Review) -> None:
    assert failing.attempt("synthesis").status != 0


def test_deleted_results_come_back_although_the_report_is_there(review: MakeReview) -> None:
    done = review("full", built=True)
    results = done.results()
    for file in ("dedupe/doubtful_pairs.csv", "extraction/contrasts.csv", "report/provenance.json"):
        done.path(f"results/{file}").unlink()
    done.run()
    assert done.results() == results


def test_every_output_of_every_rule_is_asked_for_by_all(review: MakeReview) -> None:
    listed = review("full").run("--quiet", "host", "--dry-run").output
    jobs = dict(block.split(":", 1) for block in listed.split("\nrule ")[1:])
    wanted = _files(jobs.pop("all"), "input")
    made = {file for job in jobs.values() for file in _files(job, "output")}
    assert len(jobs) == len(JOBS)
    assert made == wanted


def _files(job: str, kind: str) -> set[str]:
    line = next(line for line in job.splitlines() if line.strip().startswith(f"{kind}:"))
    return set(line.split(":", 1)[1].strip().split(", "))


def test_a_table_that_somebody_edited_in_results_is_made_again_for_what_rests_on_it(review: MakeReview) -> None:
    done = review("full", built=True)
    done.edit("results/extraction/contrasts.csv", ",-3.0,2.0,", ",-9.0,2.0,")
    assert {"synthesis", "report"} <= done.planned()
