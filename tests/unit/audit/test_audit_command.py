"""`reviewflow audit` on folders: as they are, damaged, without results, behind their records."""

import contextlib
import json
import shutil
from pathlib import Path

import pytest
from audit_sample import decide
from reviewflow import dedupe, records, screening, search
from reviewflow.cli import main
from reviewflow.config import read_config
from reviewflow.provenance import file_digest, people_files
from reviewflow.tables import write_results

REPO = Path(__file__).parents[3]
FOLDER = "records/screening/title_abstract"
ONE, OTHER, THIRD = (f"{FOLDER}/{name}.csv" for name in ("reviewer_1", "reviewer_2", "adjudication"))


def build(folder):
    """Make the tables that the audit reads, as the workflow does."""
    file_digest.cache_clear()
    with contextlib.chdir(folder):
        config = read_config()
        searches = records.one("records/search/searches")
        found = search.build(searches, records.exports())
        reports = dedupe.build(config, found["records"], records.one("records/dedupe/rulings"))
        reports |= dedupe.overview(found["records"], reports)
        people = screening.People(
            {stage: records.decisions(config, stage) for stage in screening.STAGES},
            {stage: records.adjudication(stage) for stage in screening.STAGES},
            records.one("records/screening/retrieval"),
            records.one("records/extraction/study_reports"),
        )
        tables = [found["records"], reports["clusters"], reports["reports"], reports["notices"]]
        screened = screening.build(config, people, searches, *tables)
        for stage, built in (("search", found), ("dedupe", reports), ("screening", screened)):
            write_results(built, {name: f"results/{stage}/{name}.csv" for name in built})


@pytest.fixture(scope="session")
def bundled(tmp_path_factory):
    """The bundled review with the tables of its first stages."""
    folder = tmp_path_factory.mktemp("audited") / "review"
    for part in ("config", "records"):
        shutil.copytree(REPO / part, folder / part)
    build(folder)
    return folder


@pytest.fixture
def review(bundled, tmp_path):
    """A copy of it that a test may damage."""
    return shutil.copytree(bundled, tmp_path / "review")


@pytest.fixture
def sealed(review):
    """The same, its reviewers having decided on the page at title and abstract."""
    for n, name in enumerate(("reviewer_1", "reviewer_2")):
        lines = (review / f"{FOLDER}/{name}.csv").read_text(encoding="utf-8").splitlines()[1:21]
        (review / f"{FOLDER}/{name}.csv").unlink()
        decide(review, "title_abstract", name, *(line.split(",")[1] for line in lines), start=n * 30)
    (review / THIRD).unlink()
    shutil.rmtree(review / "records/screening/full_text")
    build(review)
    return review


@pytest.fixture
def audit(capsys):
    """Run the command: its status and the findings."""

    def run(folder, *arguments):
        file_digest.cache_clear()
        status = main(["audit", "--directory", str(folder), "--json", *arguments])
        return status, json.loads(capsys.readouterr().out)["findings"]

    return run


def places(findings, severity, check=""):
    return {(f["file"], f["line"]) for f in findings if f["severity"] == severity and check in ("", f["check"])}


def edit(folder, file, change):
    lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / file).write_text("".join(change(lines)), encoding="utf-8")


def test_the_bundled_review_has_no_error_and_its_results_are_up_to_date(bundled, audit):
    status, findings = audit(bundled)
    assert status == 0
    assert places(findings, "error") == set()
    assert places(findings, "warning", "results") == set()


def test_it_prints_by_severity_with_file_and_line_and_a_summary(bundled, capsys):
    assert main(["audit", "--directory", str(bundled)]) == 0
    *lines, blank, last = capsys.readouterr().out.splitlines()
    severities = [line.split(" ")[0] for line in lines]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert any(line.startswith(f"warning  {ONE}:") for line in lines)
    assert (blank, last[:15]) == ("", "Audit: 0 errors")


@pytest.mark.parametrize(
    ("least", "shown"), [("error", set()), ("warning", {"warning"}), ("note", {"warning", "note"})]
)
def test_severity_hides_what_is_less_grave(bundled, audit, least, shown):
    _, findings = audit(bundled, "--severity", least)
    assert {f["severity"] for f in findings} == shown


def test_what_is_hidden_decides_the_status_all_the_same(sealed, audit):
    edit(sealed, ONE, lambda lines: [*lines[:3], lines[3].replace("exclude", "include"), *lines[4:]])
    assert audit(sealed, "--severity", "error")[0] == 1


def test_what_the_page_wrote_has_no_error_and_each_file_its_last_seal(sealed, audit):
    status, findings = audit(sealed)
    assert status == 0
    last = {f["file"] for f in findings if "last seal" in f["finding"]}
    assert last == {ONE, OTHER}


def line_of_the_other(folder):
    return (folder / OTHER).read_text(encoding="utf-8").splitlines(keepends=True)[5]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [*lines[:3], lines[3].replace("exclude", "include"), *lines[4:]], 4),
        (lambda lines: [*lines[:3], lines[3].replace("2020-", "2021-", 1), *lines[4:]], 4),
        (lambda lines: lines[:3] + lines[4:], 4),
    ],
    ids=["an edited decision", "an edited time", "a deleted line"],
)
def test_damage_to_a_sealed_file_is_an_error_at_its_line(sealed, audit, change, line):
    edit(sealed, ONE, change)
    status, findings = audit(sealed)
    assert status == 1
    assert (ONE, line) in places(findings, "error", "chain")
    assert places(findings, "warning", "results"), "the tables were made before the damage"


def test_a_line_copied_from_another_is_an_error(sealed, audit):
    edit(sealed, ONE, lambda lines: [*lines, line_of_the_other(sealed)])
    status, findings = audit(sealed)
    assert status == 1
    assert (ONE, 22) in places(findings, "error", "chain")
    assert places(findings, "error", "copied")


@pytest.mark.parametrize(
    "change",
    [lambda lines: [lines[0], *sorted(lines[1:], reverse=True)], lambda lines: [*lines, *lines[5:9]]],
    ids=["sorted", "merged with an older copy"],
)
def test_a_sorted_file_and_merged_copies_are_warnings_and_no_errors(sealed, audit, change):
    edit(sealed, ONE, change)
    status, findings = audit(sealed)
    assert status == 0
    assert places(findings, "warning", "chain")


def test_faults_of_files_are_errors_without_a_traceback_and_chains_are_looked_at_all_the_same(sealed, audit, capsys):
    edit(sealed, ONE, lambda lines: [*lines[:3], lines[3].replace("exclude", "include"), *lines[4:]])
    edit(sealed, OTHER, lambda lines: [*lines, "2020-01-02T09:59:00Z,Nowhere:1,exclude,,,,,,,\n"])
    (sealed / "records/amendments.csv").write_bytes(b"date,section\n\xff\xfe\x00,\x00\n")
    status, findings = audit(sealed)
    assert status == 1
    gate = places(findings, "error", "gate")
    assert (OTHER, 22) in gate
    assert "records/amendments.csv" in {file for file, _ in gate}
    assert (ONE, 4) in places(findings, "error", "chain")
    assert [f for f in findings if f["check"] == "results" and f["severity"] == "warning"]


def test_a_file_of_decisions_that_cannot_be_read_stops_nothing_else(sealed, audit):
    (sealed / OTHER).write_bytes(b"decided_at,record_id\n\xff\xff")
    status, findings = audit(sealed)
    assert status == 1
    assert OTHER in {file for file, _ in places(findings, "error", "gate")}
    assert any(f["file"] == ONE and "last seal" in f["finding"] for f in findings)


def test_a_config_that_is_no_yaml_is_an_error(review, audit):
    (review / "config/config.yaml").write_text("screening: [", encoding="utf-8")
    status, findings = audit(review)
    assert status == 1
    assert {file for file, _ in places(findings, "error", "gate")} == {"config/config.yaml"}


def test_a_review_without_results_is_checked_as_far_as_it_goes_and_says_so(sealed, audit):
    shutil.rmtree(sealed / "results")
    status, findings = audit(sealed)
    assert status == 0
    [unchecked] = [f for f in findings if f["check"] == "results"]
    assert "results/search/records.csv is not there" in unchecked["finding"]
    edit(sealed, ONE, lambda lines: lines[:3] + lines[4:])
    assert audit(sealed)[0] == 1


def test_an_empty_review_has_no_error(tmp_path, audit, capsys):
    main(["new", str(tmp_path / "new")])
    capsys.readouterr()
    status, findings = audit(tmp_path / "new")
    assert status == 0
    assert [f["check"] for f in findings] == ["results"]


def test_decisions_that_the_results_do_not_know_are_said(review, audit):
    edit(review, THIRD, lambda lines: lines[:-1])
    _, findings = audit(review)
    behind = {file for file, _ in places(findings, "warning", "results")}
    assert {"results/screening/votes.csv", "results/screening/ledger.csv"} <= behind
    assert "results/screening/flow.csv" in behind


def test_records_that_the_clusters_do_not_have_are_said_and_nothing_fails(review, audit):
    edit(review, "results/dedupe/clusters.csv", lambda lines: [*lines[:50], *lines[60:]])
    status, findings = audit(review)
    assert status == 0
    assert ("results/dedupe/clusters.csv", None) in places(findings, "warning", "results")


def test_files_that_changed_since_the_report_are_named(review, audit):
    with contextlib.chdir(review):
        inputs = [{"file": f, "sha256": file_digest(f)} for f in people_files("config", "records")]
    (review / "results/report").mkdir()
    (review / "results/report/provenance.json").write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
    assert places(audit(review)[1], "warning", "results") == set()
    edit(review, "records/amendments.csv", lambda lines: [*lines, "2020-01-01,Outcomes,one more,\n"])
    _, findings = audit(review)
    [behind] = [f for f in findings if f["check"] == "results"]
    assert behind["finding"].endswith("records/amendments.csv")


def test_a_decision_dated_ahead_of_the_clock_is_an_error(review, audit):
    edit(review, ONE, lambda lines: [lines[0], lines[1].replace("2019-", "2999-", 1), *lines[2:]])
    status, findings = audit(review)
    assert status == 1
    assert places(findings, "error", "future") == {(ONE, 2)}


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path, capsys):
    assert main(["audit", "--directory", str(tmp_path / "nowhere")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
