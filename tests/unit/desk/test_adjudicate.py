"""The adjudicator's view: only conflicts, every vote side by side, settled by events of the adjudicator."""

import html
import random
import re

import pandas as pd
import pytest
from desk_room import ask, client, config, lines, make_review, report, write
from reviewflow.desk.cases import Case, Vote, settles
from reviewflow.desk.own import Event
from reviewflow.desk.review import Review
from reviewflow.events import seen_digest, verify
from reviewflow.screening.consensus import Rules, decide
from reviewflow.screening.votes import votes

STAGE = "title_abstract"
NOTE = 'No adults <script>alert("n")</script>'


def vote(report_id, reviewer, decision, stage=STAGE, record="", **cells):
    file = f"records/screening/{stage}/{reviewer}.csv"
    row = {"stage": stage, "report_id": report_id, "reviewer": reviewer, "role": "reviewer", "decision": decision}
    row |= {"record_id": record or report_id, "seal": "unsealed", "holds": "true", "file": file, "line": 2}
    return row | {"decided_at": "2024-05-01T12:00:00Z"} | cells


def conflict(report_id, kind="decision", stage=STAGE):
    return {"stage": stage, "report_id": report_id, "kind": kind, "votes": "shown elsewhere"}


VOTES = [
    vote("A:1", "reviewer_1", "include", note="Perhaps mixed ages"),
    vote("A:1", "reviewer_2", "exclude", reason="wrong_people", note=NOTE),
    vote("A:1", "reviewer_2", "include", holds="false", note="an older vote"),
    vote("A:2", "reviewer_1", "exclude", reason="wrong_design", record="A:2"),
    vote("A:2", "reviewer_1", "include", record="A:2b", decided_at="2024-05-01T13:00:00Z"),
    vote("A:2", "reviewer_2", "exclude", reason="wrong_design", record="A:2b"),
    vote("A:4", "reviewer_1", "include", note="agreed by both"),
    vote("A:4", "reviewer_2", "include"),
    vote("A:3", "reviewer_1", "exclude", stage="full_text", reason="wrong_people"),
    vote("A:3", "reviewer_2", "exclude", stage="full_text", reason="wrong_design"),
]
CONFLICTS = [conflict("A:1"), conflict("A:2", "collision"), conflict("A:3", "reason", "full_text")]


@pytest.fixture
def root(tmp_path):
    listed = [report(i) for i in range(1, 5)]
    listed[0] |= {"title": "<script>alert(1)</script> & more", "abstract": "<b>Bold</b>"}
    make_review(tmp_path, listed, [ask("A:4")], {"A:2b": "A:2"})
    write(tmp_path / "results/screening/conflicts.csv", "results/screening/conflicts", CONFLICTS)
    write(tmp_path / "results/screening/votes.csv", "results/screening/votes", VOTES)
    return tmp_path


@pytest.fixture
def review(root):
    review = Review(root, config())
    yield review
    review.close()


@pytest.fixture
def adjudicator(review):
    with client(review, "reviewer_3") as page:
        yield page
        if hasattr(page.app.state, "benches"):
            page.app.state.benches.close()


def fields(text):
    form = text[text.index('id="decide"') :].split("</form>")[0]
    return {n: html.unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


def undo_fields(text):
    form = text[text.index("/undo") :].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def settle(page, report_id, stage=STAGE, **choice):
    shown = page.get(f"/adjudicate/{stage}", params={"report": report_id})
    return page.post(f"/adjudicate/{stage}", data=fields(shown.text) | choice)


@pytest.mark.parametrize("person", ["reviewer_1", "reviewer_2", "somebody"])
@pytest.mark.parametrize("address", ["/adjudicate/title_abstract", "/adjudicate/full_text?report=A:3"])
def test_nobody_but_the_adjudicator_sees_it_and_the_page_says_why(review, person, address):
    answer = client(review, person).get(address)
    assert answer.status_code == 403
    assert "without knowing what others decided" in answer.text
    assert "reviewer_2" not in answer.text.replace(f"</span>{person}", "")
    assert "wrong_people" not in answer.text


def test_nobody_but_the_adjudicator_settles_or_undoes(review, root, adjudicator):
    form = fields(adjudicator.get("/adjudicate/title_abstract").text) | {"decision": "include"}
    reviewer = client(review, "reviewer_1")
    assert reviewer.post("/adjudicate/title_abstract", data=form).status_code == 403
    assert reviewer.post("/adjudicate/title_abstract/undo", data={}).status_code == 403
    assert not lines(root, person="adjudication")


def test_the_pages_of_a_reviewer_hold_no_decision_of_another(review, root):
    (root / "records/screening/title_abstract").mkdir(parents=True)
    (root / "records/screening/title_abstract/reviewer_2.csv").write_text(
        "decided_at,record_id,decision,reason,note\n2024-05-01T12:00:00Z,A:1,exclude,wrong_people,No adults\n"
    )
    page = client(review, "reviewer_1")
    addresses = ["/", "/screen/title_abstract", "/screen/full_text", "/list/title_abstract", "/list/full_text"]
    for address in [*addresses, "/screen/title_abstract?report=A:1", "/list/title_abstract?words=mixed", "/pairs"]:
        text = page.get(address).text
        for secret in ("reviewer_2", "No adults", "Perhaps mixed", "agreed by both", "conflict", "collision"):
            assert secret not in text.lower().replace("reviewer_1", ""), (address, secret)


def test_all_votes_stand_side_by_side_with_notes_times_and_reasons_counted(adjudicator):
    text = adjudicator.get("/adjudicate/title_abstract?report=A:1").text
    assert "The decisions differ" in text
    assert [text.index(name) for name in (">reviewer_1<", ">reviewer_2<")] == sorted(
        text.index(name) for name in (">reviewer_1<", ">reviewer_2<")
    )
    assert "Perhaps mixed ages" in text
    assert "2024-05-01 12:00" in text
    assert "Wrong people <strong>1</strong>" in text
    assert "an older vote" not in text
    assert "agreed by both" not in text


def test_titles_and_notes_with_markup_show_as_text(adjudicator):
    text = adjudicator.get("/adjudicate/title_abstract?report=A:1").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>Bold" not in text


def test_a_report_that_is_in_no_conflict_is_not_shown(adjudicator):
    answer = adjudicator.get("/adjudicate/title_abstract?report=A:4")
    assert answer.status_code == 404
    assert "agreed by both" not in answer.text


def test_a_decision_is_a_sealed_event_of_the_adjudicator_and_the_next_conflict_shows(root, adjudicator):
    answer = settle(adjudicator, "A:1", decision="include", note="=mixed, but most are adults")
    assert "Included. 1 left." in answer.text
    (line,) = lines(root, person="adjudication")
    assert (line["record_id"], line["decision"], line["adjudicator"]) == ("A:1", "include", "reviewer_3")
    assert line["note"] == "'=mixed, but most are adults"
    assert line["seen"] == seen_digest("<script>alert(1)</script> & more", "", "<b>Bold</b>")
    assert [s.state for s in verify(STAGE, "adjudication", [line | {"_line": 2}])] == ["sealed"]
    assert "=mixed, but" in adjudicator.get("/adjudicate/title_abstract?report=A:1").text


def test_a_collision_is_settled_for_every_record_that_carries_a_vote(root, adjudicator):
    text = adjudicator.get("/adjudicate/title_abstract?report=A:2").text
    assert "A collision" in text
    assert "on A:2b" in text
    settle(adjudicator, "A:2", decision="exclude", reason="wrong_design")
    assert {(line["record_id"], line["reason"]) for line in lines(root, person="adjudication")} == {
        ("A:2", "wrong_design"),
        ("A:2b", "wrong_design"),
    }
    assert "A:2" not in adjudicator.get("/adjudicate/title_abstract").text.split("report-heading")[1]


def test_a_collision_of_which_one_record_is_settled_still_waits(root, review):
    columns = "decided_at,record_id,decision,reason,note,adjudicator\n"
    (root / "records/screening/title_abstract").mkdir(parents=True)
    (root / "records/screening/title_abstract/adjudication.csv").write_text(
        f"{columns}2024-06-01T00:00:00Z,A:2,include,,,reviewer_3\n2024-06-01T00:00:00Z,A:1,include,,,reviewer_3\n"
    )
    page = client(review, "reviewer_3")
    assert "1 left" in page.get("/adjudicate/title_abstract").text
    assert "A collision" in page.get("/adjudicate/title_abstract").text
    page.app.state.benches.close()


def test_an_exclusion_at_full_text_needs_its_reason(root, adjudicator):
    answer = settle(adjudicator, "A:3", "full_text", decision="exclude", note="kept")
    assert answer.status_code == 422
    assert "needs its one primary reason" in answer.text
    assert ">kept</textarea>" in answer.text
    assert not lines(root, "full_text", "adjudication")
    assert settle(adjudicator, "A:3", "full_text", reason="wrong_people").status_code == 200
    assert lines(root, "full_text", "adjudication")[0]["decision"] == "exclude"


@pytest.mark.parametrize("decision", ["unsure", "withdraw", "", "maybe"])
def test_the_adjudicator_decides_include_or_exclude_alone(root, adjudicator, decision):
    assert settle(adjudicator, "A:1", decision=decision).status_code == 422
    assert not lines(root, person="adjudication")


def test_undo_withdraws_on_every_record_and_the_conflict_waits_again(root, adjudicator):
    settle(adjudicator, "A:2", decision="include")
    text = adjudicator.get("/adjudicate/title_abstract").text
    answer = adjudicator.post("/adjudicate/title_abstract/undo", data=undo_fields(text))
    assert "the conflict waits again. 2 left" in answer.text
    assert [(line["record_id"], line["decision"]) for line in lines(root, person="adjudication")] == [
        ("A:2", "include"),
        ("A:2b", "include"),
        ("A:2", "withdraw"),
        ("A:2b", "withdraw"),
    ]


def test_undo_of_a_changed_mind_restores_what_stood_before(root, adjudicator):
    settle(adjudicator, "A:1", decision="include")
    settle(adjudicator, "A:1", decision="exclude", reason="wrong_people")
    text = adjudicator.get("/adjudicate/title_abstract").text
    adjudicator.post("/adjudicate/title_abstract/undo", data=undo_fields(text))
    assert [line["decision"] for line in lines(root, person="adjudication")] == ["include", "exclude", "include"]


def test_of_two_windows_the_second_is_told_and_writes_nothing(root, adjudicator):
    shown = fields(adjudicator.get("/adjudicate/title_abstract?report=A:1").text)
    adjudicator.post("/adjudicate/title_abstract", data=shown | {"decision": "include"})
    answer = adjudicator.post("/adjudicate/title_abstract", data=shown | {"decision": "exclude"})
    assert answer.status_code == 409
    assert "another window" in answer.text
    assert len(lines(root, person="adjudication")) == 1


@pytest.mark.parametrize(("field", "said"), [("seen", "title or abstract"), ("votes", "votes have changed")])
def test_what_changed_since_it_was_shown_is_not_decided_on(root, adjudicator, field, said):
    shown = fields(adjudicator.get("/adjudicate/title_abstract?report=A:1").text)
    answer = adjudicator.post("/adjudicate/title_abstract", data=shown | {"decision": "include", field: "other"})
    assert answer.status_code == 409
    assert said in answer.text
    assert not lines(root, person="adjudication")


def test_votes_that_the_workflow_found_anew_are_shown_without_a_restart(root, adjudicator):
    shown = fields(adjudicator.get("/adjudicate/title_abstract?report=A:1").text)
    changed = [VOTES[0] | {"note": "On second thought"}, *VOTES[1:]]
    write(root / "results/screening/votes.csv", "results/screening/votes", changed)
    answer = adjudicator.post("/adjudicate/title_abstract", data=shown | {"decision": "include"})
    assert answer.status_code == 409
    assert "On second thought" in answer.text


def test_without_conflicts_the_page_says_what_would_bring_them(root, adjudicator):
    write(root / "results/screening/conflicts.csv", "results/screening/conflicts", [])
    answer = adjudicator.get("/adjudicate/title_abstract")
    assert answer.status_code == 200
    assert "No conflict waits" in answer.text


def test_a_table_that_is_not_made_yet_is_named(root, adjudicator):
    (root / "results/screening/votes.csv").unlink()
    answer = adjudicator.get("/adjudicate/title_abstract")
    assert (answer.status_code, "results/screening/votes.csv" in answer.text) == (409, True)


def settled_by_the_workflow(drawn_votes, adjudicated):
    """What the screening stage makes of votes on A:1, whose cluster has the record A:1b."""
    report_of = {"A:1": "A:1", "A:1b": "A:1"}
    cast = {who: votes(events(rows), report_of)["A:1"] for who, rows in drawn_votes.items() if rows}
    third = votes(events(adjudicated), report_of).get("A:1")
    return decide(cast, third, Rules(2, unsure_is_conflict=True, reasons_matter=True))


def events(rows):
    filled = [
        {"decided_at": f"2024-05-01T12:00:{i:02}Z", "record_id": r, "decision": d, "reason": reason}
        for i, (r, d, reason) in enumerate(rows)
    ]
    return pd.DataFrame(filled, columns=["decided_at", "record_id", "decision", "reason"])


def test_what_the_page_calls_settled_is_what_the_workflow_calls_adjudicated():
    drawn = random.Random(20240501)
    met = set()
    for _ in range(400):
        choices = [("include", ""), ("exclude", "wrong_people"), ("exclude", "wrong_design")]
        cast = {
            who: [(record, *drawn.choice(choices)) for record in drawn.choice([["A:1"], ["A:1b"], ["A:1", "A:1b"]])]
            for who in ("reviewer_1", "reviewer_2")
        }
        before = settled_by_the_workflow(cast, [])
        if before.consensus not in ("conflict", "collision"):
            continue
        rows = [(r, *drawn.choice(choices)) for r in drawn.choice([["A:1"], ["A:1b"], ["A:1", "A:1b"]])]
        after = settled_by_the_workflow(cast, rows)
        given = tuple(Vote(who, d, reason, "", "", r) for who, ballots in cast.items() for r, d, reason in ballots)
        held = {r: Event(r, d, reason, "", "") for r, d, reason in rows}
        said = settles(Case("A:1", before.kind, given), held, reasons_matter=True)
        assert said == (after.consensus == "adjudicated"), (cast, rows)
        met.add((before.kind, said))
    assert met >= {(kind, said) for kind in ("decision", "collision") for said in (True, False)}
