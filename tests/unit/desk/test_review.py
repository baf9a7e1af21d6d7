"""What the page knows of a review: order, pace, what it reads, and what it says where it cannot begin."""

import pytest
from desk_room import ask, config, make_review, report
from reviewflow.desk.choice import Choice
from reviewflow.desk.order import arranged
from reviewflow.desk.pace import Pace
from reviewflow.desk.review import STAGES, Review
from reviewflow.desk.sources import NotReady
from reviewflow.events import seen_digest, verify
from reviewflow.faults import DataFaults
from reviewflow.tables import read_people, rows_of

IDS = [f"A:{i}" for i in range(50)]


def test_the_random_order_is_drawn_by_seed_and_person_and_by_nothing_else():
    def order(ids, seed="s", person="reviewer_1"):
        return arranged(ids, "random", seed, person, {})

    assert order(IDS) == order(IDS[::-1])
    assert sorted(order(IDS)) == sorted(IDS)
    assert order(IDS) != order(IDS, seed="t")
    assert order(IDS) != order(IDS, person="reviewer_2")
    assert [r for r in order(IDS) if r in IDS[:25]] == order(IDS[:25])


def test_by_year_the_newest_come_first_and_those_without_last():
    years = {"A:1": 1999, "A:2": 2020, "A:3": 2010}
    assert arranged(["A:1", "A:2", "A:3", "A:4"], "year", "", "x", years) == ["A:2", "A:3", "A:1", "A:4"]


def test_a_ranking_is_an_order_only_and_loses_no_report():
    ranked = arranged(IDS, "relevance", "", "x", {}, ["A:7", "A:3", "B:1"])
    assert ranked[:2] == ["A:7", "A:3"]
    assert sorted(ranked) == sorted(IDS)
    assert arranged(IDS, "relevance", "", "x", {}, None) == arranged(IDS, "random", "", "x", {})


def test_the_ranking_is_asked_for_where_the_protocol_says_relevance(tmp_path):
    room = Review(make_review(tmp_path), config(order="relevance"), rank=lambda stage, person: ["A:4", "A:2"])
    assert room.waiting("title_abstract", "reviewer_1")[:2] == ["A:4", "A:2"]
    room.close()


def test_pace_counts_work_and_not_breaks():
    pace = Pace([0, 60, 120, 180, 240, 300])
    assert pace.per_hour(0) == pytest.approx(60)
    pace.add(300 + 3600)
    pace.add(300 + 3660)
    assert pace.per_hour(0) == pytest.approx(7 / 360 * 3600)
    assert pace.per_hour(3800) is None
    assert Pace().per_hour(0) is None


def test_no_file_of_another_reviewer_and_no_outcome_is_ever_opened(tmp_path):
    make_review(tmp_path)
    people = [f"records/screening/{s}/{n}.csv" for s in STAGES for n in ("reviewer_2", "adjudication")]
    outcomes = [f"results/screening/{n}.csv" for n in ("votes", "conflicts", "agreement", "ledger", *STAGES)]
    for name in (*people, *outcomes):
        # A folder cannot be opened as a file, by whatever library.
        (tmp_path / name).mkdir(parents=True)
    room = Review(tmp_path, config())
    seen = room.reports.seen("A:1")
    room.decide("title_abstract", "reviewer_1", "A:1", Choice("include"), expected="", seen=seen)
    assert len(room.waiting("title_abstract", "reviewer_1")) == 4
    assert not room.stale.startswith("records/screening")
    room.close()


def test_what_the_page_writes_passes_the_check_of_seals(tmp_path):
    room = Review(make_review(tmp_path), config())
    for i, note in enumerate(("=1+1", "two\nlines", ""), 1):
        seen = room.reports.seen(f"A:{i}")
        room.decide("title_abstract", "reviewer_1", f"A:{i}", Choice("include", "", note), "", seen)
    room.task("title_abstract", "reviewer_1").undo(room.task("title_abstract", "reviewer_1").undoable)
    room.close()
    file = tmp_path / "records/screening/title_abstract/reviewer_1.csv"
    found = verify("title_abstract", "reviewer_1", rows_of(read_people(file, "records/screening/decisions", tmp_path)))
    assert [(s.state, s.problem) for s in found] == [("sealed", "")] * 4


def test_an_undo_of_a_decision_on_several_records_takes_all_of_them_back_after_a_new_start(tmp_path):
    file = tmp_path / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True)
    file.write_text(
        "decided_at,record_id,decision,reason,note\n2020-01-01,A:1,include,,\n2020-01-02,B:9,exclude,,joined later\n"
    )
    make_review(tmp_path, also={"B:9": "A:1"}, queue=[])
    room = Review(tmp_path, config())
    task = room.task("title_abstract", "reviewer_1")
    room.decide("title_abstract", "reviewer_1", "A:1", Choice("unsure"), task.expected("A:1"), room.reports.seen("A:1"))
    room.close()
    anew = Review(tmp_path, config())
    task = anew.task("title_abstract", "reviewer_1")
    assert task.decided("A:1").decision == "unsure"
    task.undo(task.undoable)
    held = {e.record_id: (e.decision, e.note) for e in task.file.read()}
    assert held == {"A:1": ("include", ""), "B:9": ("exclude", "joined later")}
    anew.close()


def test_results_that_are_not_there_or_of_another_version_are_told_with_the_command(tmp_path):
    with pytest.raises(NotReady, match=r"results/dedupe/reports\.csv is not there yet; run `snakemake screening`"):
        Review(tmp_path, config())
    make_review(tmp_path)
    (tmp_path / "results/screening/queue.csv").write_text("stage,report_id,task\n")
    with pytest.raises(NotReady, match=r"made by another version \(it has no person\); run `snakemake screening`"):
        Review(tmp_path, config())


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("nobody", "is neither a reviewer nor the adjudicator; say --as reviewer_1 or reviewer_2 or reviewer_3"),
        ("old", "is a former reviewer"),
        ("", "is neither"),
        ("../reviewer_2", "is neither"),
    ],
)
def test_who_is_not_named_is_refused_with_the_mend(tmp_path, person, says):
    room = Review(make_review(tmp_path), config(former_reviewers=["old"]))
    with pytest.raises(DataFaults, match=says):
        room.require(person)


def test_reviewers_and_the_adjudicator_are_let_in(tmp_path):
    room = Review(make_review(tmp_path), config())
    room.require("reviewer_2")
    room.require("reviewer_3")
    assert room.roles("reviewer_3") == ("adjudicator",)


def test_the_digest_of_what_was_seen_is_of_the_text_and_not_of_its_form():
    assert seen_digest("A  title\n", "", "abs") == seen_digest("A title", "", " abs")
    assert seen_digest("e\u0301", "", "") == seen_digest("\u00e9", "", "")
    assert seen_digest("a", "b", "") != seen_digest("a", "", "b")
    assert seen_digest("a b", "", "") != seen_digest("a", "b", "")
    assert len(seen_digest("", "", "")) == 13


def test_a_file_with_a_fault_is_told_and_not_written(tmp_path):
    make_review(tmp_path, queue=[ask("A:1")])
    file = tmp_path / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True)
    text = "decided_at,record_id,decision,reason,note,event_id,seen,previous,seal\n2020-01-01,A:1,perhaps,,,,,,\n"
    file.write_text(text)
    room = Review(tmp_path, config())
    with pytest.raises(DataFaults, match="perhaps"):
        room.task("title_abstract", "reviewer_1")
    assert file.read_text() == text


def test_a_decision_on_a_record_that_is_gone_stops_nothing(tmp_path):
    make_review(tmp_path, [report(1)])
    file = tmp_path / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True)
    file.write_text("decided_at,record_id,decision,reason,note\n2020-01-01,Gone:1,include,,\n")
    room = Review(tmp_path, config())
    assert room.waiting("title_abstract", "reviewer_1") == ["A:1"]
    assert room.own("title_abstract", "reviewer_1") == {}
    room.close()
