"""A broken input: one message with file, line, column and the mend; everything else stays as it was.

Each is the case `full`, whose results stand, with one edit.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from reviewflow.check import check_review
from reviewflow.config import read_config
from reviewflow.faults import DataFaults

from tests.workflow.conftest import MakeReview
from tests.workflow.review import Review

TITLE_ABSTRACT = "records/screening/title_abstract"
EXPORTS = "records/search/exports"
SHEET = "records/search/searches.csv"
CONFIG = "config/config.yaml"


class Broken(NamedTuple):
    """A name, the edit that breaks the review, and the message's place, problem and mend."""

    name: str
    edit: Callable[[Review], object]
    place: str
    problem: str
    mend: str


def _replace(file: str, old: str, new: str) -> Callable[[Review], object]:
    return lambda review: review.edit(file, old, new)


def _truncate(file: str, end: str) -> Callable[[Review], object]:
    return lambda review: review.write(file, review.text(file).partition(end)[0] + end)


def _repeat_line(file: str, line: int) -> Callable[[Review], object]:
    def edit(review: Review) -> None:
        lines = review.text(file).splitlines(keepends=True)
        review.write(file, "".join([*lines, lines[line - 1]]))

    return edit


def _add(file: str, text: str) -> Callable[[Review], object]:
    return lambda review: review.write(file, text)


def _save_as_latin_1(review: Review) -> None:
    file = f"{TITLE_ABSTRACT}/reviewer_2.csv"
    review.path(file).write_bytes(review.text(file).replace("seen in Embase", "gelesen in Zürich").encode("latin-1"))


BROKEN = (
    Broken(
        "truncated_export",
        _truncate(f"{EXPORTS}/embase_1b.ris", "JF  - Geriatric"),
        f"{EXPORTS}/embase_1b.ris:1",
        "the file is cut off within the entry at line 1",
        "export it again, whole",
    ),
    Broken(
        "truncated_last_entry",
        _truncate(f"{EXPORTS}/embase_1a.ris", " every"),
        f"{EXPORTS}/embase_1a.ris:",
        "no end of record (ER)",
        "export it again",
    ),
    Broken(
        "export_truncated_between_records",
        _truncate(f"{EXPORTS}/embase_1a.ris", "ER  - \n"),
        f"{SHEET}:3: hits",
        "5 hits, but embase_1a.ris + embase_1b.ris holds",
        "export again",
    ),
    Broken(
        "hits_that_differ",
        _replace(SHEET, "2019-01-12,2,cbm", "2019-01-12,3,cbm"),
        f"{SHEET}:4: hits",
        "3 hits, but cbm_1.txt holds 2 entries",
        "correct hits",
    ),
    Broken(
        "unlisted_export",
        _add(f"{EXPORTS}/extra.ris", "TY  - JOUR\nTI  - One more\nER  - \n"),
        f"{SHEET}:",
        '"extra.ris" has no line',
        "add this line, with what only you know in place of the words in capitals",
    ),
    Broken(
        "missing_export",
        lambda review: review.path(f"{EXPORTS}/cbm_1.txt").unlink(),
        f"{SHEET}:4: export_files",
        f'"cbm_1.txt" is not in {EXPORTS}/',
        "put the file there",
    ),
    Broken(
        "unknown_format",
        _add(f"{EXPORTS}/cbm_1.txt", "Dear team, here are the results of the search.\n"),
        f"{EXPORTS}/cbm_1.txt:1:",
        "the format is not recognised",
        "export it as one of",
    ),
    Broken(
        "missing_strategy",
        _replace(SHEET, "pubmed_2.nbib,pubmed.txt", "pubmed_2.nbib,pubmed_2.txt"),
        f"{SHEET}:5: strategy_file",
        '"pubmed_2.txt" is not in records/search/strategies/',
        "put the file there",
    ),
    Broken(
        "unknown_column",
        _replace(f"{TITLE_ABSTRACT}/reviewer_1.csv", "reason,note", "reason,note,mood"),
        f"{TITLE_ABSTRACT}/reviewer_1.csv:1: mood",
        "unknown column",
        "the columns are decided_at, record_id, decision",
    ),
    Broken(
        "missing_column",
        _replace(SHEET, "strategy_file,notes\n", "strategy_file\n"),
        f"{SHEET}:1: notes",
        "the column is missing",
        "add it to the header",
    ),
    Broken(
        "row_too_short",
        _replace(f"{TITLE_ABSTRACT}/reviewer_2.csv", "CBM:2017002,exclude,,", "CBM:2017002,exclude"),
        f"{TITLE_ABSTRACT}/reviewer_2.csv:11:",
        "3 cells where the header has 5",
        "give each column a cell",
    ),
    Broken(
        "unclosed_quote",
        _replace(f"{TITLE_ABSTRACT}/reviewer_1.csv", "taken back below", '"taken back below'),
        f"{TITLE_ABSTRACT}/reviewer_1.csv:2:",
        "the line is not CSV",
        "close the quotation marks",
    ),
    Broken(
        "not_utf_8",
        _save_as_latin_1,
        f"{TITLE_ABSTRACT}/reviewer_2.csv:2:",
        "the file is not UTF-8",
        'save it as "CSV UTF-8"',
    ),
    Broken(
        "unknown_record",
        _replace(f"{TITLE_ABSTRACT}/reviewer_1.csv", "PubMed:1004", "PubMed:1040"),
        f"{TITLE_ABSTRACT}/reviewer_1.csv:5: record_id",
        'no record is called "PubMed:1040"',
        "copy the record_id from the worksheet",
    ),
    Broken(
        "decision_maybe",
        _replace(f"{TITLE_ABSTRACT}/reviewer_1.csv", "PubMed:1005,unsure", "PubMed:1005,maybe"),
        f"{TITLE_ABSTRACT}/reviewer_1.csv:6: decision",
        '"maybe" is not one of include, exclude, unsure',
        "write one of these",
    ),
    Broken(
        "exclusion_without_reason",
        _replace(
            "records/screening/full_text/reviewer_2.csv", "PubMed:1006,exclude,no_outcome", "PubMed:1006,exclude,"
        ),
        "records/screening/full_text/reviewer_2.csv:8: reason",
        "an exclusion at full text without its reason",
        "use one of no_outcome, wrong_design",
    ),
    Broken(
        "reviewer_adjudicates",
        _replace(f"{TITLE_ABSTRACT}/adjudication.csv", ",reviewer_3", ",reviewer_1"),
        f"{TITLE_ABSTRACT}/adjudication.csv:2: adjudicator",
        '"reviewer_1" screens in this review',
        "a third person adjudicates",
    ),
    Broken(
        "unknown_reviewer",
        _add(
            f"{TITLE_ABSTRACT}/zoe.csv",
            "decided_at,record_id,decision,reason,note\n2019-02-01,PubMed:1001,include,,\n",
        ),
        f"{TITLE_ABSTRACT}/zoe.csv:",
        'nobody in screening.reviewers of config.yaml is called "zoe"',
        "add the name to screening.reviewers, or move the file away",
    ),
    Broken(
        "events_above_total",
        _replace("records/extraction/emil/results.csv", "tea,30,3,", "tea,30,31,"),
        "records/extraction/emil/results.csv:8: events",
        "31 events among 30 participants",
        "check both against the report",
    ),
    Broken(
        "negative_sd",
        _replace("records/extraction/dora/results.csv", "water,,,-1.5,2,", "water,,,-1.5,-2,"),
        "records/extraction/dora/results.csv:5: sd",
        "-2 is below 0",
        "check it against the report",
    ),
    Broken(
        "duplicate_key",
        _repeat_line("records/extraction/study_reports.csv", 4),
        "records/extraction/study_reports.csv:7: study_id, record_id",
        "the same key as line 4",
        "keep one line a key",
    ),
    Broken(
        "unknown_key_of_config",
        _replace(CONFIG, "  adjudicator: reviewer_3\n  unsure", "  adjudicater: reviewer_3\n  unsure"),
        f"{CONFIG}:14: screening.adjudicater",
        "unknown key",
        "correct its spelling; config/README.md lists all keys",
    ),
    Broken(
        "wrong_value_of_config",
        _replace(CONFIG, "unsure_counts_as: include", "unsure_counts_as: exclude"),
        f"{CONFIG}:15: screening.unsure_counts_as",
        "'exclude' is not one of ['include', 'conflict']",
        "What unsure means at title and abstract",
    ),
    Broken(
        "missing_key_of_config",
        _replace(CONFIG, '  title: "Amber tea for pain"\n', ""),
        f"{CONFIG}:3: review",
        "'title' is a required property",
        "add the key",
    ),
    Broken(
        "malformed_yaml",
        _replace(CONFIG, "reviewers: [reviewer_1, reviewer_2]", "reviewers: [reviewer_1, reviewer_2"),
        f"{CONFIG}:14:",
        "not YAML",
        "mind indentation and quotes",
    ),
    Broken(
        "key_twice_in_config",
        _replace(
            CONFIG, "  adjudicator: reviewer_3\n  unsure", "  adjudicator: reviewer_3\n  adjudicator: dora\n  unsure"
        ),
        f"{CONFIG}:15: adjudicator",
        "the key stands in line 14 too",
        "keep one of them",
    ),
    Broken(
        "brace_in_a_file_name",
        _add(f"{EXPORTS}/" + "a{b}.ris", "TY  - JOUR\nER  - \n"),
        f"{EXPORTS}/" + "a{b}.ris:",
        "the name has a brace",
        "rename the file without { and }",
    ),
)


# The kinds that go through Snakemake; the others take the same way through the gate and are read without it.
RUN = (
    "truncated_export", "unlisted_export", "missing_export", "unknown_format", "decision_maybe", "unknown_reviewer",
    "events_above_total", "duplicate_key", "unknown_key_of_config", "malformed_yaml", "brace_in_a_file_name",
)  # fmt: skip


def _assert_message(fault: str, broken: Broken) -> None:
    assert fault.startswith(broken.place), fault
    assert broken.problem in fault
    assert broken.mend in fault.partition("; ")[2]


@pytest.mark.parametrize("broken", [b for b in BROKEN if b.name not in RUN], ids=lambda broken: broken.name)
def test_a_fault_gives_one_message_with_its_place_and_the_mend(
    broken: Broken, review: MakeReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = review("full")
    broken.edit(done)
    monkeypatch.chdir(done.folder)
    with pytest.raises(DataFaults) as raised:
        check_review(read_config(CONFIG))
    (fault,) = str(raised.value).splitlines()
    _assert_message(fault, broken)


@pytest.mark.workflow
@pytest.mark.parametrize("broken", [b for b in BROKEN if b.name in RUN], ids=lambda broken: broken.name)
def test_a_broken_input_stops_the_run_before_any_job_and_harms_nothing(broken: Broken, review: MakeReview) -> None:
    done = review("full", built=True)
    results = done.results()
    broken.edit(done)
    run = done.fail()
    assert run.stages == ()
    assert done.results() == results
    assert len(run.faults) == 1, run.output
    _assert_message(run.faults[0], broken)


@pytest.mark.workflow
def test_faults_of_different_files_are_reported_in_one_run_and_mending_them_is_all_that_it_takes(
    review: MakeReview,
) -> None:
    done = review("full", built=True)
    chosen = [b for b in BROKEN if b.name in ("decision_maybe", "negative_sd", "duplicate_key", "missing_strategy")]
    whole = {name: done.text(name) for name in done.written()}
    for broken in chosen:
        broken.edit(done)
    run = done.fail()
    assert sorted(f.split(": ")[0] for f in run.faults) == sorted(b.place.split(": ")[0] for b in chosen)
    assert f"{len(chosen)} faults to mend" in run.output
    for name, text in whole.items():
        done.write(name, text)
    assert done.run().stages == ()


@pytest.mark.workflow
def test_a_folder_without_a_config_is_told_how_to_make_one(review: MakeReview) -> None:
    done = review("empty")
    done.path(CONFIG).unlink()
    assert "reviewflow new" in done.fail().output
