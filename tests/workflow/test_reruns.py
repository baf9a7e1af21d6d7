"""Content decides what runs again, not clocks: everything that the edit concerns, and nothing else."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import STAGES, Review

pytestmark = pytest.mark.workflow
ANA = "records/screening/title_abstract/reviewer_1.csv"
LIB = "workflow/lib/reviewflow"
YEAR = 365 * 24 * 3600
AFTER = {stage: set(STAGES[STAGES.index(stage) :]) for stage in STAGES}


def _people(done: Review) -> list[Path]:
    return [done.path(name) for name in done.written()]


def test_nothing_changed_and_nothing_runs(review: MakeReview) -> None:
    run = review("full", built=True).run()
    assert run.stages == ()
    assert "check " not in run.output, "what people wrote was read again"


def test_touched_files_run_nothing(review: MakeReview) -> None:
    done = review("full", built=True)
    for path in _people(done):
        path.touch()
    assert done.run().stages == ()


def test_touched_code_runs_nothing(review: MakeReview, own_code: Path) -> None:
    done = review("full", built=True)
    done.code = own_code
    for path in own_code.rglob("*"):
        path.touch()
    assert done.planned() == set()


def test_code_with_other_line_ends_is_the_same_code(review: MakeReview, own_code: Path) -> None:
    done = review("full", built=True)
    done.code = own_code
    module = own_code / LIB / "synthesis/estimates.py"
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert done.planned() == set()


@pytest.mark.parametrize("age", [-3 * YEAR, 0], ids=["old", "new"])
def test_an_edited_decision_runs_screening_and_what_rests_on_it_whatever_its_date(age: int, review: MakeReview) -> None:
    done = review("full", built=True)
    done.edit(ANA, "PubMed:1004,exclude", "PubMed:1004,include")
    stamp = time.time() + age
    os.utime(done.path(ANA), (stamp, stamp))
    assert set(done.run("screening").stages) == {"screening"}
    assert done.rows("results/screening/conflicts.csv")[0]["report_id"] == "PubMed:1004"
    assert done.planned() == AFTER["extraction"]


def test_a_future_date_is_put_right_and_said(review: MakeReview) -> None:
    done = review("full", built=True)
    done.edit(ANA, "PubMed:1004,exclude,,", "PubMed:1004,exclude,,seen again")
    later = time.time() + YEAR
    for path in _people(done):
        os.utime(path, (later, later))
    run = done.run()
    assert set(run.stages) == AFTER["screening"]
    assert f"{ANA}: its time stamp lay in the future and was set to now" in run.output
    assert all(path.stat().st_mtime < later - 1 for path in _people(done))
    assert done.run().stages == ()


def test_a_future_date_of_a_file_that_belongs_to_somebody_else_is_named_with_the_mend(
    review: MakeReview, tmp_path: Path
) -> None:
    done = review("full", built=True)
    (tmp_path / "sitecustomize.py").write_text(_FOREIGN, encoding="utf-8")
    done.environment["PYTHONPATH"] = str(tmp_path)
    later = time.time() + YEAR
    os.utime(done.path(ANA), (later, later))
    (fault,) = done.fail().faults
    assert fault.startswith(f"{ANA}: ")
    assert "future" in fault


# On a shared drive only the owner of a file may set its date.
_FOREIGN = """
import os
_utime = os.utime
def utime(path, *args, **kwargs):
    if "records" in str(path):
        raise PermissionError(1, "Operation not permitted", str(path))
    return _utime(path, *args, **kwargs)
os.utime = utime
"""


def _remove_line(done: Review) -> None:
    lines = done.text(ANA).splitlines(keepends=True)
    done.write(ANA, "".join(lines[:-1]))


def _remove_file(done: Review) -> None:
    done.path("records/screening/title_abstract/adjudication.csv").unlink()


def _add_export(done: Review) -> None:
    done.write("records/search/exports/more.ris", "TY  - JOUR\nU2  - L6000\nTI  - One more\nER  - \n")
    sheet = "records/search/searches.csv"
    done.write(sheet, done.text(sheet) + "embase_2,2,Embase,,database,2021-02-01,,,1,more.ris,,\n")


def _set(file: str, old: str, new: str) -> Callable[[Review], None]:
    return lambda done: done.edit(file, old, new)


CONFIG = "config/config.yaml"
EDITS: dict[str, tuple[Callable[[Review], None], set[str]]] = {
    "removed_decision": (_remove_line, AFTER["screening"]),
    "removed_file": (_remove_file, AFTER["screening"]),
    "added_export": (_add_export, AFTER["search"]),
    "judgement": (_set("records/appraisal/dora/risk_of_bias.csv", "gamma,RoB 2", "gamma,rob 2"), AFTER["risk_of_bias"]),
    "certainty": (_set("records/appraisal/certainty.csv", "few", "too few"), AFTER["appraisal"]),
    "published_row": (_set("records/published/estimates.csv", "-1.17", "-1.2"), AFTER["synthesis"] | {"reported"}),
    "level": (_set(CONFIG, "synthesis:\n", "synthesis:\n  level: 90\n"), AFTER["synthesis"]),
    "unsure": (_set(CONFIG, "counts_as: include", "counts_as: conflict"), AFTER["screening"]),
    "title": (_set(CONFIG, "Amber tea for pain", "Amber tea against pain"), {"report"}),
    "strategy_text": (_set("records/search/strategies/pubmed.txt", "pain", "pains"), AFTER["search"]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_people_runs_what_it_concerns(edit: str, review: MakeReview) -> None:
    done = review("full", built=True)
    change, concerned = EDITS[edit]
    change(done)
    assert done.planned() == concerned


# A module, and the stages whose scripts import it, directly or through others; what rests on their tables follows.
MODULES = {
    f"{LIB}/search/readers.py": AFTER["search"],
    f"{LIB}/screening/agreement.py": AFTER["screening"],
    f"{LIB}/synthesis/estimates.py": AFTER["synthesis"],
    f"{LIB}/report/flow_figure.py": {"report"},
    f"{LIB}/tables/results.py": AFTER["search"] | {"reported"},
    f"{LIB}/cli.py": set(),
    "workflow/templates/page.css": AFTER["dedupe"],
    "workflow/scripts/synthesis.py": AFTER["synthesis"],
}


@pytest.mark.parametrize("module", MODULES)
def test_edited_code_runs_the_jobs_that_use_it_whatever_its_date(
    module: str, review: MakeReview, own_code: Path
) -> None:
    done = review("full", built=True)
    done.code = own_code
    path = own_code / module
    before = path.stat()
    comment = "/* edited */\n" if path.suffix == ".css" else "# edited\n"
    path.write_text(path.read_text(encoding="utf-8") + comment, encoding="utf-8")
    os.utime(path, (before.st_atime, before.st_mtime))
    assert done.planned() == MODULES[module]


def test_an_unrelated_file_runs_nothing(review: MakeReview, own_code: Path) -> None:
    done = review("full", built=True)
    done.code = own_code
    (own_code / "docs").mkdir()
    (own_code / "docs/notes.md").write_text("# Notes\n", encoding="utf-8")
    (own_code / LIB / "unused.py").write_text('"""Nobody imports this."""\n', encoding="utf-8")
    done.write("protocol.md", "# Ours\n")
    assert done.planned() == set()


def test_records_and_code_edited_in_one_go_need_one_run(review: MakeReview, own_code: Path) -> None:
    done = review("full", built=True)
    done.code = own_code
    done.edit(ANA, "PubMed:1004,exclude,,", "PubMed:1004,exclude,,seen again")
    module = own_code / LIB / "synthesis/estimates.py"
    module.write_text(module.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert set(done.run().stages) == AFTER["screening"]
    assert done.run().stages == ()


def test_a_copy_of_a_finished_review_is_finished(review: MakeReview) -> None:
    done = review("full", built=True)
    for path in sorted(done.folder.rglob("*")):
        if path.is_file() and "results" not in path.parts:
            path.touch()
    assert done.planned() == set()
