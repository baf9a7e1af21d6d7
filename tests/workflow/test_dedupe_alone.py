"""A folder with nothing but exports: deduplication needs no protocol, and a protocol that comes later goes on there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reviewflow.tables import read_people, rows_of

from tests.workflow.conftest import MakeReview
from tests.workflow.review import CASES, ROOT, Review

pytestmark = pytest.mark.workflow
SHEET = "records/search/searches.csv"
MINIMAL = CASES / "minimal"


@pytest.fixture
def alone(review: MakeReview) -> Review:
    """The exports of the case `minimal` and nothing else."""
    done = review("minimal", name="only exports")
    for part in [done.path("config"), done.path(SHEET), *done.path("records").iterdir()]:
        if part.name != "search":
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    assert set(done.written()) == {"records/search/exports/embase.ris", "records/search/exports/pubmed.nbib"}
    return done


@pytest.fixture
def listed(alone: Review) -> Review:
    """The same with the searches of the case."""
    shutil.copy2(MINIMAL / SHEET, alone.path(SHEET))
    return alone


def _take_over(done: Review, *parts: str) -> None:
    """What the people of the case wrote."""
    for part in parts:
        source: Path = MINIMAL / part
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, done.path(part))


def test_the_searches_that_the_first_run_offers_are_all_that_is_needed(alone: Review) -> None:
    run = alone.fail("dedupe")
    (fault,) = run.faults
    assert f"1 fault to mend in {alone.folder}; nothing was changed:\n{fault}" in run.output
    assert fault.startswith(f"{SHEET}: 2 exports have no line; save this as that file")
    offered = re.search(r"^search_id,(.*\n)+?(?=Complete|\Z)", run.output, re.MULTILINE)
    assert offered
    alone.write(SHEET, offered.group())
    assert [f.split(": ")[1] for f in alone.fail("dedupe").faults] == ["date_run"] * 2
    alone.write(SHEET, offered.group().replace("DATE_RUN", "2019-01-10"))
    run = alone.run("dedupe")
    assert run.stages == ("search", "dedupe")
    assert "6 records in 2 exports, 0 entries rejected" in run.output
    assert "5 reports, 0 doubtful pairs to rule on" in run.output
    assert {row["source"] for row in alone.rows("results/search/records.csv")} == {"PubMed", "Embase"}
    assert sum(row["founder"] == "true" for row in alone.rows("results/dedupe/clusters.csv")) == 5
    assert alone.rows("results/dedupe/doubtful_pairs.csv") == []


def test_the_five_lines_of_the_readme_work_from_the_checkout(alone: Review, own_code: Path, tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Duplicates\n")[2]
    lines = section.partition("```\n")[2].partition("```")[0].splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r"git clone \S+ reviewflow && cd reviewflow && make review", lines[0])
    # What the first line leaves behind, and what its reader has in the browser's folder.
    checkout = own_code.rename(tmp_path / "reviewflow")
    (checkout / ".venv").symlink_to(sys.prefix)
    shutil.copytree(alone.path("records/search/exports"), tmp_path / "Downloads/exports")
    done = Review(tmp_path / "my-review", checkout)

    def type_in(line: str) -> "subprocess.CompletedProcess[str]":
        environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        how = {"cwd": checkout, "env": environment, "capture_output": True, "text": True}
        return subprocess.run(["bash", "-c", line], check=False, **how)

    assert [type_in(line).returncode for line in lines[1:3]] == [0, 0]
    first = type_in(lines[3])
    assert first.returncode == 1
    done.write(SHEET, first.stderr[first.stderr.index("search_id,") :].replace("DATE_RUN", "2019-01-10"))
    second = type_in(lines[4])
    assert second.returncode == 0, second.stderr
    assert "5 reports, 0 doubtful pairs to rule on" in second.stderr
    assert len(done.rows("results/dedupe/reports.csv")) == 5


def test_the_ruling_that_the_readme_shows_is_a_ruling(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Duplicates\n")[2]
    (tmp_path / "rulings.csv").write_text(section.split("```\n")[3], encoding="utf-8")
    (ruling,) = rows_of(read_people(tmp_path / "rulings.csv", "records/dedupe/rulings", tmp_path))
    assert ruling["verdict"] == "duplicate"


def test_search_alone_and_then_dedupe_are_the_same_as_within_the_whole_review(
    listed: Review, review: MakeReview
) -> None:
    whole = review("minimal", built=True, name="whole")
    assert listed.run("search").stages == ("search",)
    assert {name.split("/")[1] for name in listed.results()} == {"search", "logs"}
    assert listed.run("dedupe").stages == ("dedupe",)
    assert listed.results("search", "dedupe") == whole.results("search", "dedupe")


def test_without_a_protocol_the_report_is_interim_and_says_what_nobody_has_written(listed: Review) -> None:
    run = listed.run()
    assert "State: interim" in run.output
    for waits in (
        "1 title of the review to write: nobody named yet, config/config.yaml",
        "1 list of reviewers to write: nobody named yet, config/config.yaml",
        "1 list of extractors to write: nobody named yet, config/config.yaml",
        "5 reports to decide: nobody named yet, records/screening/title_abstract/",
    ):
        assert waits in run.output
    page = listed.text("results/report/index.html")
    for words in (
        "config/config.yaml does not say yet what this review is.",
        "Nobody is named to screen yet.",
        "Nobody is named to extract yet.",
    ):
        assert words in page
    assert "not registered" not in page
    assert "config/config.yaml: screening.reviewers: protocol: nobody is named to screen" in listed.fail("final").output


def test_a_protocol_that_comes_later_goes_on_from_there(listed: Review, review: MakeReview) -> None:
    whole = review("minimal", built=True, name="whole")
    listed.run("dedupe")
    _take_over(listed, "config")
    assert set(listed.run().stages).isdisjoint({"search", "dedupe"})
    assert "5 reports to decide: reviewer_1, records/screening/title_abstract/reviewer_1.csv" in listed.text(
        "results/report/summary.txt"
    )
    _take_over(listed, "records/screening", "records/extraction")
    assert set(listed.run().stages).isdisjoint({"search", "dedupe"})
    assert listed.results() == whole.results()


def test_a_ruling_is_all_that_runs_dedupe_again(listed: Review) -> None:
    listed.run("dedupe")
    before = listed.rows("results/dedupe/reports.csv")
    first, second = (row["report_id"] for row in before[:2])
    header = "record_a,record_b,verdict,ruled_by,ruled_at,note\n"
    listed.write("records/dedupe/rulings.csv", f"{header}{first},{second},duplicate,reviewer_1,2024-05-17,\n")
    assert listed.run("dedupe").stages == ("dedupe",)
    assert len(listed.rows("results/dedupe/reports.csv")) == len(before) - 1


@pytest.mark.parametrize("part", ["config", "records/screening"])
def test_a_review_that_has_lost_its_protocol_is_not_taken_for_one_without(part: str, listed: Review) -> None:
    _take_over(listed, part)
    listed.path("config/config.yaml").unlink(missing_ok=True)
    (fault,) = listed.fail("dedupe").faults
    assert fault.startswith("config/config.yaml: the file is not there, and ")
    assert "reviewflow new DIR" in fault


def test_a_folder_without_exports_is_told_where_they_go_and_stays_as_it_is(alone: Review) -> None:
    shutil.rmtree(alone.path("records"))
    (fault,) = alone.fail("dedupe").faults
    assert "put exports into records/search/exports/" in fault
    alone.path("records/search/exports").mkdir(parents=True)
    assert alone.fail().faults == [fault]
    assert not alone.path("results").exists()


def test_what_is_no_export_is_named_and_what_programs_leave_behind_is_not(listed: Review) -> None:
    folder = listed.path("records/search/exports")
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$embase.xlsx", ".~lock.embase.csv#"):
        (folder / name).write_bytes(b"\x00\x01")
    listed.run("dedupe")
    (folder / "minutes.docx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe\xfd")
    shutil.copy2(folder / "embase.ris", folder / "embase (1).ris")
    faults = listed.fail("dedupe").faults
    assert [f.removeprefix("records/search/exports/").split(":")[0] for f in faults] == [
        "embase (1).ris", "minutes.docx", "photo.png",
    ]  # fmt: skip
    assert 'the same bytes as "embase.ris"; move it away if it is a copy' in faults[0]


def test_exports_may_lie_in_folders(listed: Review) -> None:
    folder = listed.path("records/search/exports")
    (folder / "first run").mkdir()
    (folder / "embase.ris").rename(folder / "first run/embase.ris")
    assert '"embase.ris" is not in records/search/exports/' in listed.fail("dedupe").output
    listed.edit(SHEET, "embase.ris", "first run/embase.ris")
    listed.run("dedupe")
    assert len(listed.rows("results/dedupe/reports.csv")) == 5
