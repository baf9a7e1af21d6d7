"""The trace of a record, report or study: what it has of each table, how it is found, and how it is written."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import reviewflow
import trace_sample as sample
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.cli import main
from reviewflow.commands.new import new_review
from reviewflow.commands.trace import page_ids, read, result_names, state_of
from reviewflow.trace import Candidate, Trace, find, trace, written
from reviewflow.trace.terminal import Line, columns, safe, set_lines

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    return sample.review(tmp_path / "review")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command: status, what it prints, and what it says of trouble."""

    def ran(review: Path, *arguments: str) -> tuple[int, str, str]:
        status = main(["trace", *arguments, "--directory", str(review)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


def traced(review: Path, asked: str) -> Trace:
    source, problems = read(review)
    (meant,) = find(source, asked)
    return trace(source, asked, meant, page_ids(review), state_of(review, source, problems))


def flat(text: str) -> str:
    """Text without the line breaks of its width."""
    return " ".join(text.split())


def test_the_trace_of_an_included_study_goes_from_the_line_of_the_export_to_the_pooled_estimate(review: Path) -> None:
    found = traced(review, "li2020")
    (study,), (report,) = found.studies, found.reports
    first = report.records[0].sightings[0]
    assert (first["export_file"], first["position"], first["line"]) == ("pubmed.nbib", 3, 30)
    assert [r.record_id for r in report.records] == ["PubMed:1", "Embase:L1"]
    assert [s["export_file"] for s in report.records[1].sightings] == ["embase.ris", "embase_again.ris"]
    joined = report.records[1]
    assert (joined.matched_by, joined.matched_to, joined.score) == ("same_title", "PubMed:1", 98.5)
    assert [(v["reviewer"], v["decision"]) for v in report.full_text.votes] == [
        ("reviewer_1", "include"),
        ("reviewer_2", "include"),
    ]
    assert report.retrieval[0]["file"] == "full_texts/one.pdf"
    assert report.ledger
    assert report.ledger["state"] == "included"
    assert [(e.line["person"], e.line["n"], e.line["quote"]) for e in study.extracted if e.table == "arms"] == [
        ("extractor_1", 12, "n = 12"),
        ("extractor_2", 6, "n = 6"),
    ]
    assert study.characteristics
    assert study.characteristics["design"] == study.extracted[0].line["design"] == "RCT"
    assert [row["value"] for row in study.adjudication] == ["12"]
    assert [row["key"] for row in study.disagreements] == ["li2020/cells"]
    assert [(e.effect["analysis"], e.weight, e.pooled and e.pooled["k"]) for e in study.effects] == [
        ("c3_6m", 41.5, 3),
        ("c3_late", None, 2),
    ]


def test_the_text_of_an_excluded_record_names_both_votes_and_the_adjudication(review: Path, run: Run) -> None:
    status, out, _ = run(review, "PubMed:2")
    assert status == 0
    text = flat(out)
    assert (
        'reviewer_1: exclude (review); "no trial" [on PubMed:2; unsealed; records/screening/full_text/reviewer_1.csv:3]'
        in text
    )
    assert "2024-03-02, reviewer_2: include" in text
    assert (
        "2024-03-05, reviewer_3, adjudicator: exclude (review) [on PubMed:2; unsealed; records/screening/full_text/adjudication.csv:2]"
        in text
    )
    assert "Consensus: adjudicated, exclude (review)" in text
    assert "State: excluded at full text (review)" in text


def test_a_note_stands_as_it_was_typed(review: Path, run: Run) -> None:
    file = review / "results/screening/votes.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("no trial", "'=no trial"), encoding="utf-8")
    assert '"=no trial"' in flat(run(review, "PubMed:2")[1])


def test_votes_stand_in_the_order_of_their_instants_and_those_without_a_time_come_first(review: Path) -> None:
    one, two = traced(review, "PubMed:1").reports[0], traced(review, "PubMed:2").reports[0]
    assert [v["reviewer"] for v in one.title_abstract.votes] == ["reviewer_2", "reviewer_1"]
    assert [v["reviewer"] for v in two.title_abstract.votes] == ["reviewer_2", "reviewer_1"], "09:01+01:00 is 08:01Z"


def test_a_line_that_was_replaced_and_a_broken_seal_are_said(review: Path, run: Run) -> None:
    text = flat(run(review, "PubMed:3")[1])
    assert "reviewer_1: include, taken back or replaced by a later line" in text
    assert "broken: the line is not as written" in text
    assert "it is itself a notice: retraction about PubMed:1" in text
    assert "retraction, by the record PubMed:3 (the title is the same)" in flat(run(review, "PubMed:1")[1])


def test_a_record_that_is_no_founder_has_its_own_part_and_its_report(review: Path) -> None:
    found = traced(review, "Embase:L1")
    assert found.kind == "record"
    assert found.record
    assert found.record.report_id == "PubMed:1"
    assert len(found.record.sightings) == 2
    assert [r.report_id for r in found.reports] == ["PubMed:1"]
    assert [s.study_id for s in found.studies] == ["li2020"]
    assert traced(review, "PubMed:1").record is None


def test_rulings_and_doubtful_pairs_of_any_record_of_the_report_are_there_and_merged_fields_say_whose_they_are(
    review: Path, run: Run
) -> None:
    report = traced(review, "PubMed:1").reports[0]
    assert [row["verdict"] for row in report.rulings] == ["distinct"]
    assert [row["why"] for row in report.doubtful_pairs] == ["alike"]
    assert report.merged_fields[0]["record_id"] == ["PubMed:1"]
    assert "doi: from PubMed:1; other values: Embase:L1: 10.5555/one.other" in flat(run(review, "PubMed:1")[1])
    assert "records/dedupe/rulings.csv:2" in run(review, "PubMed:2")[1]


def test_what_waits_is_said(review: Path, run: Run) -> None:
    assert "reviewer_1: decide (title and abstract), in records/screening/title_abstract/reviewer_1.csv" in flat(
        run(review, "CBM:4")[1]
    )


def test_every_row_of_every_table_is_in_the_trace_of_some_report_or_study(review: Path) -> None:
    source, problems = read(review)
    state = state_of(review, source, problems)
    asked = [Candidate("report", name, "") for name in sample.STATES]
    text = "".join(json.dumps(trace(source, c.id, c, (), state).as_json()["reports"]) for c in asked)
    for name in ("li2020", "li2020b"):
        text += json.dumps(trace(source, name, Candidate("study", name, ""), (), state).as_json()["studies"])
    for table in [
        *result_names(),
        "records/dedupe/rulings",
        "records/screening/retrieval",
        "records/extraction/adjudication",
        "records/extraction/arms",
    ]:
        rows = source.rows(table, pl.lit(True))
        assert rows or table == "results/screening/conflicts"
        for row in rows:
            assert json.dumps(row)[1:-1] in text, table


def test_a_weight_is_that_of_the_model_and_a_study_that_is_not_used_has_none(review: Path, run: Run) -> None:
    text = flat(run(review, "li2020")[1])
    assert "41.5% of the random estimate 0.3 (0.2 to 0.4) of 3 studies, certainty moderate" in text
    assert (
        "c3_late (C3, 6 months): MD 0.25 (0.05 to 0.45), standard error 0.1; not in the pooled estimate: left out by the protocol"
        in text
    )


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("li2020", "li2020"), ("LI2020", "li2020"), ("Li 2020", "li2020"),
        ("PubMed:1", "PubMed:1"), ("pubmed:2", "PubMed:2"), ("L1", "Embase:L1"),
        ("10.5555/two", "PubMed:2"), ("https://doi.org/10.5555/TWO", "PubMed:2"), ("10.5555/one.other", "PubMed:1"),
        ("PMID 2", "PubMed:2"), ("1", "PubMed:1"),
        ("stem cells in lupus", "PubMed:1"), ("a protocol", "PubMed:2"), ("狼疮", "CBM:4"), ("Umbilical", "CBM:4"),
    ],
)  # fmt: skip
def test_ids_numbers_and_parts_of_titles_lead_to_the_one_that_is_meant(review: Path, asked: str, meant: str) -> None:
    assert [c.id for c in find(read(review)[0], asked)] == [meant]


def test_what_may_be_several_is_listed_and_gives_status_2(review: Path, run: Run) -> None:
    status, out, err = run(review, "cells")
    assert (status, out) == (2, "")
    assert "report PubMed:1: Stem cells in lupus\n" in err
    assert "report CBM:4: 脐带间充质干细胞治疗狼疮 [Umbilical cells for lupus]\n" in err
    assert "report PubMed:2" in err


@pytest.mark.parametrize(
    ("asked", "near"),
    [("lo2020", "study li2020"), ("PubMed:11", "report PubMed:1"), ("stem cell lupus protocl", "PubMed:2")],
)
def test_what_is_not_known_gives_status_1_and_what_is_written_almost_so(
    review: Path, run: Run, asked: str, near: str
) -> None:
    status, out, err = run(review, asked)
    assert (status, out) == (1, "")
    assert f'nothing in this review is called "{asked}"' in err
    assert near in err


@pytest.mark.parametrize("asked", ["", " ", "\x1b[9J", "((", "zzzz qqqq"])
def test_nonsense_is_answered_plainly(review: Path, run: Run, asked: str) -> None:
    status, _, err = run(review, asked)
    assert status == 1
    assert "\x1b" not in err


def test_untrusted_text_cannot_steer_a_terminal_and_json_keeps_it(review: Path, run: Run) -> None:
    _, out, _ = run(review, "PubMed:3")
    assert not set(out) & set("\x1b\x07\x9b\u202e\u2028")
    assert r"Sham\x1b[2J\x1b]0;owned\x07 \x9b31m\u202etxt.exe\u2028 end" in flat(out)
    _, out, _ = run(review, "PubMed:3", "--json")
    assert not set(out) & set("\x1b\x07\x9b\u202e\u2028")
    assert json.loads(out)["reports"][0]["fields"]["title"] == sample.HOSTILE
    assert "\x1b" not in run(review, "Sham")[2]


@given(st.text(max_size=200), st.integers(10, 90), st.integers(0, 3))
def test_lines_fit_the_width_and_lose_nothing(text: str, width: int, depth: int) -> None:
    out = set_lines([Line(depth, text)], width, bold=False)
    assert all(columns(line) <= max(width, 20 + 2 * depth) for line in out.splitlines())
    assert "".join(out.split()) == "".join(safe(text).split())
    assert "\x1b" not in out


def test_chinese_characters_count_twice() -> None:
    assert set_lines([Line(0, "狼疮" * 8)], 20, bold=False).splitlines()[0] == "狼疮" * 5


def test_only_heads_are_bold_and_only_where_asked(review: Path) -> None:
    found = traced(review, "li2020")
    assert "\x1b" not in written(found, 80)
    bold = [line for line in written(found, 80, bold=True).splitlines() if "\x1b" in line]
    assert "\x1b[1mReport PubMed:1\x1b[0m" in bold
    assert all(line.endswith("\x1b[0m") for line in bold)


def test_json_has_numbers_as_numbers_truth_as_truth_lists_as_lists_and_null_where_a_number_is_blank(
    review: Path, run: Run
) -> None:
    status, out, _ = run(review, "li2020", "--json")
    assert status == 0
    found = json.loads(out)
    effect = found["studies"][0]["effects"][1]
    assert (effect["effect"]["yi"], effect["effect"]["used"], effect["effect"]["weight_random"], effect["weight"]) == (
        0.25,
        False,
        None,
        None,
    )
    report = found["reports"][0]
    assert (report["fields"]["year"], report["fields"]["authors"], report["fields"]["journal"]) == (
        2020,
        ["Li, A", "Wu, B"],
        "",
    )
    assert report["retrieval"][0]["_line"] == 2
    assert found == asdict(traced(review, "li2020"))


def test_only_places_that_the_page_has_are_named(tmp_path: Path) -> None:
    ids = ["report-PubMed:2", "box-dbr_excluded", "box-dbr_excluded/review", "box-records_excluded", "pair-1", "other"]
    review = sample.review(tmp_path, ids)
    assert [p.anchor for p in traced(review, "PubMed:2").reports[0].places] == [*ids[:3], "pair-1"]
    (cut,) = traced(review, "CBM:4").reports[0].places
    assert (cut.file, cut.anchor) == ("results/report/tables/list_records_awaiting.csv", "")


def test_without_a_page_no_place_is_named(review: Path) -> None:
    (review / "results/report/index.html").unlink()
    found = traced(review, "PubMed:2")
    assert found.reports[0].places == []
    assert found.state.stages_missing == ["report"]


def test_files_that_were_edited_added_or_removed_since_the_report_are_named(review: Path, run: Run) -> None:
    assert traced(review, "PubMed:1").state.changed == []
    assert "Changed since" not in run(review, "PubMed:1")[1]
    ruling = review / "records/dedupe/rulings.csv"
    ruling.write_text(ruling.read_text(encoding="utf-8").replace("another year", "another YEAR"), encoding="utf-8")
    (review / "records/screening/retrieval.csv").unlink()
    (review / "records/amendments.csv").write_text("date,section,change,reason\n", encoding="utf-8")
    changed = ["records/amendments.csv", "records/dedupe/rulings.csv", "records/screening/retrieval.csv"]
    assert traced(review, "PubMed:1").state.changed == changed
    assert f"Changed since the report was made (2024-04-01T00:00:00+00:00): {', '.join(changed)}." in flat(
        run(review, "PubMed:1")[1]
    )


def test_a_review_that_has_only_read_its_exports_says_so(tmp_path: Path, run: Run) -> None:
    sample.write(tmp_path, "results/search/records", sample.SIGHTINGS)
    status, out, _ = run(tmp_path, "Embase:L1")
    assert status == 0
    assert "Not made yet: dedupe, screening, extraction, appraisal, synthesis and report." in flat(out)
    assert "embase_again.ris, entry 2, line 20" in out
    assert traced(tmp_path, "Embase:L1").state.changed is None


def test_a_new_review_and_a_folder_without_one_are_answered_plainly(tmp_path: Path, run: Run) -> None:
    new_review(tmp_path / "new")
    assert (
        run(tmp_path / "new", "PubMed:1")[2]
        == '"PubMed:1" is not known: the review has no results/ yet; run `snakemake` first\n'
    )
    assert run(tmp_path / "none", "PubMed:1")[0] == 1


@pytest.mark.parametrize("table", result_names())
def test_a_table_that_is_missing_empty_without_its_columns_or_broken_gives_no_traceback(
    review: Path, run: Run, table: str
) -> None:
    path = review / f"{table}.csv"
    for damage in ("", "x\n1\n", path.read_text(encoding="utf-8").replace("\n", ',"\n', 2), "\x00\xff"):
        path.write_text(damage, encoding="latin-1" if "\xff" in damage else "utf-8")
        for asked in ("li2020", "Embase:L1"):
            status, _, err = run(review, asked)
            assert status == 0 or table in err
    path.unlink()
    status, out, _ = run(review, "li2020")
    assert status == 0
    assert f"{table}.csv" in out or table.split("/")[1] in out.split("Report")[0]


def test_a_file_of_people_that_cannot_be_read_is_named_and_the_rest_is_shown(review: Path, run: Run) -> None:
    arms = review / "records/extraction/extractor_1/arms.csv"
    arms.write_text(arms.read_text(encoding="utf-8").replace(",12,", ",twelve,"), encoding="utf-8")
    found = traced(review, "li2020")
    assert [e.line["person"] for e in found.studies[0].extracted if e.table == "arms"] == ["extractor_2"]
    assert 'records/extraction/extractor_1/arms.csv:2: n: "twelve" is not a whole number' in flat(
        run(review, "li2020")[1]
    )


def test_numbers_of_results_that_are_not_numbers_are_named(review: Path, run: Run) -> None:
    effects = review / "results/synthesis/effects.csv"
    effects.write_text(effects.read_text(encoding="utf-8").replace(",41.5,", ",much,"), encoding="utf-8")
    status, out, _ = run(review, "li2020")
    assert status == 0
    assert "results/synthesis/effects.csv: cannot be read" in flat(out)


def test_reading_leaves_the_review_as_it_is(review: Path, run: Run) -> None:
    def state() -> dict[str, Any]:
        return {p.as_posix(): p.read_bytes() for p in review.rglob("*") if p.is_file()}

    before = state()
    run(review, "li2020")
    assert state() == before


def test_whoever_has_read_enough_may_close_the_pipe(review: Path) -> None:
    code = "import sys; from reviewflow.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "trace", "li2020", "--directory", str(review)]
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONPATH": str(Path(reviewflow.__file__).parents[1])}
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_terminal_that_cannot_show_a_character_gets_its_code(review: Path) -> None:
    code = "import sys; from reviewflow.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "trace", "CBM:4", "--directory", str(review)]
    environment = {**os.environ, "PYTHONPATH": str(Path(reviewflow.__file__).parents[1]), "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert r"\u8110\u5e26" in ended.stdout


def test_an_id_that_no_table_could_hold_is_refused_in_one_short_line(review: Path, run: Run) -> None:
    status, out, said = run(review, "x" * 100_000)
    assert (status, out) == (1, "")
    assert said == "an ID of 100000 characters names nothing; give a record, report or study\n"
