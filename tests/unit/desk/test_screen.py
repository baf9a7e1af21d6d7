"""The page of one report: what it shows, deciding, undoing, and what it refuses."""

import html
import os
import re
from dataclasses import replace

import pytest
from desk_room import ask, client, config, lines, make_review, report, write
from reviewflow.desk.review import Review
from reviewflow.tables import read_people, rows_of

TA, FT = "/screen/title_abstract", "/screen/full_text"
QUICK = {"HX-Request": "true"}


def form(text: str, action: str = "/decide") -> dict[str, str]:
    """The hidden fields of a form."""
    inside = re.search(rf'<form[^>]*action="{action}".*?</form>', text, re.DOTALL)
    assert inside, text
    return {n: html.unescape(v) for n, v in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside[0])}


def decide(page, decision, at=TA, **fields):
    """Decide on the report that the page shows; the fields of its form, and the answer."""
    shown = form(page.get(at).text)
    return shown, page.post("/decide", data=shown | {"decision": decision} | fields, headers=QUICK)


def undo(page, at=TA):
    return page.post("/undo", data=form(page.get(at).text, "/undo"), headers=QUICK)


def decided(root, **place):
    return [(r["record_id"], r["decision"]) for r in lines(root, **place)]


def test_a_decision_is_in_the_file_before_the_next_report_shows(room):
    shown, answer = decide(client(room), "include")
    assert answer.status_code == 200
    assert "Included. 4 left." in answer.text
    assert decided(room.root) == [(shown["report"], "include")]
    assert form(answer.text)["report"] != shown["report"]


def test_each_decision_carries_the_digest_of_the_text_that_was_shown(room):
    shown, _ = decide(client(room), "unsure")
    assert lines(room.root)[0]["seen"] == shown["seen"] == room.reports.seen(shown["report"])


def test_without_script_a_form_leads_to_the_next_report(room):
    page = client(room)
    answer = page.post("/decide", data=form(page.get(TA).text) | {"decision": "include"}, follow_redirects=False)
    assert answer.status_code == 303
    followed = page.get(answer.headers["location"])
    assert "<!DOCTYPE html>" in followed.text
    assert "Included. 4 left." in followed.text


def test_the_same_form_sent_twice_is_written_once(room):
    page = client(room)
    shown, _ = decide(page, "include")
    again = page.post("/decide", data=shown | {"decision": "include"}, headers=QUICK)
    assert again.status_code == 200
    assert decided(room.root) == [(shown["report"], "include")]


def test_another_tab_that_still_shows_the_report_writes_nothing_and_says_what_stands(room):
    page = client(room)
    shown, _ = decide(page, "include")
    answer = page.post("/decide", data=shown | {"decision": "exclude", "note": "mine"}, headers=QUICK)
    assert answer.status_code == 409
    assert "in another tab meanwhile" in answer.text
    assert "You decided: <strong>include</strong>" in answer.text
    assert decided(room.root) == [(shown["report"], "include")]
    anew = form(answer.text)
    assert page.post("/decide", data=anew | {"decision": "exclude"}, headers=QUICK).status_code == 200
    assert decided(room.root) == [(shown["report"], "include"), (shown["report"], "exclude")]


def test_text_that_changed_meanwhile_is_shown_anew_and_nothing_is_written(room):
    page = client(room)
    shown = form(page.get(TA).text)
    changed = [report(i, abstract="Other words.") for i in range(1, 6)]
    write(room.root / "results/dedupe/reports.csv", "results/dedupe/reports", changed)
    answer = page.post("/decide", data=shown | {"decision": "include", "note": "kept"}, headers=QUICK)
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert "Other words." in answer.text
    assert ">kept</textarea>" in answer.text
    assert decided(room.root) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"decision": "maybe"}, "A decision is include, exclude, unsure."),
        ({"decision": "withdraw"}, "A decision is include, exclude, unsure."),
        ({"decision": ""}, "A decision is include, exclude, unsure."),
        ({"decision": "exclude", "reason": "unknown"}, "not in config/exclusion_reasons.csv"),
        ({"decision": "include", "reason": "wrong_design"}, "A reason goes with exclude alone."),
        ({"decision": "include", "note": "x" * 10_001}, "10000 is the most"),
    ],
)
def test_wrong_values_are_refused_in_words_and_the_note_is_kept(room, fields, says):
    page = client(room)
    answer = page.post("/decide", data=form(page.get(TA).text) | {"note": "mine"} | fields, headers=QUICK)
    assert answer.status_code == 422
    assert says in answer.text
    assert f">{fields.get('note', 'mine')}</textarea>" in answer.text
    assert decided(room.root) == []


def test_a_report_of_somebody_else_cannot_be_decided_on_or_looked_at(tmp_path):
    room = Review(make_review(tmp_path, queue=[ask("A:1"), ask("A:2", person="reviewer_2")]), config())
    page = client(room)
    other = form(page.get(TA).text) | {"report": "A:2", "seen": room.reports.seen("A:2"), "decision": "include"}
    assert page.post("/decide", data=other).status_code == 403
    assert page.post("/skip", data=other).status_code == 400
    assert page.get(TA, params={"report": "A:2"}).status_code == 404
    assert decided(tmp_path) == []
    room.close()


def test_who_is_no_reviewer_can_do_nothing_here(room):
    page = client(room)
    shown = form(page.get(TA).text)
    third = client(room, "reviewer_3")
    assert third.get(TA).status_code == 403
    assert third.get("/find/title_abstract?q=title").status_code == 403
    assert third.post("/decide", data=shown | {"decision": "include"}).status_code == 403
    assert third.post("/undo", data={"stage": "title_abstract", "expected": ""}).status_code == 400
    assert not (room.root / "records/screening/title_abstract/reviewer_3.csv").exists()


def test_a_reason_alone_excludes(room):
    decide(client(room), "", reason="wrong_people")
    assert [(r["decision"], r["reason"]) for r in lines(room.root)] == [("exclude", "wrong_people")]


@pytest.fixture
def full_text(tmp_path):
    queue = [ask("A:1", "full_text"), ask("A:2", "full_text"), ask("A:3", "retrieval", "", "retrieve")]
    review = Review(make_review(tmp_path, queue=queue), config())
    yield review
    review.close()


def test_full_text_needs_a_reason_to_exclude(full_text):
    page = client(full_text)
    _, answer = decide(page, "exclude", at=FT)
    assert answer.status_code == 422
    assert "one primary reason" in answer.text
    _, answer = decide(page, "", at=FT, reason="wrong_design")
    assert answer.status_code == 200
    assert [r["reason"] for r in lines(full_text.root, "full_text")] == ["wrong_design"]


def test_full_texts_that_are_still_sought_are_listed_and_not_to_be_judged(full_text):
    page = client(full_text)
    assert "1 more is still being sought" in page.get("/").text
    listed = page.get("/sought").text
    assert "Title 3" in listed
    assert "not yet to be judged" in listed
    assert page.get(FT, params={"report": "A:3"}).status_code == 404


def test_undo_takes_a_decision_back_by_an_event(room):
    page = client(room)
    shown, _ = decide(page, "include")
    answer = undo(page)
    assert "Undone: this report waits again. 5 left." in answer.text
    assert form(answer.text)["report"] == shown["report"]
    assert decided(room.root) == [(shown["report"], "include"), (shown["report"], "withdraw")]


def test_undo_restores_the_earlier_decision_with_its_reason_and_note(room):
    page = client(room)
    shown, _ = decide(page, "exclude", reason="wrong_design", note="first")
    at = f"{TA}?report={shown['report']}"
    decide(page, "include", at=at, note="second")
    answer = undo(page)
    assert "your earlier decision, exclude, holds again" in answer.text
    cells = [(r["decision"], r["reason"], r["note"]) for r in lines(room.root)]
    assert cells == [
        ("exclude", "wrong_design", "first"),
        ("include", "", "second"),
        ("exclude", "wrong_design", "first"),
    ]
    assert "Undone: this report waits again" in undo(page).text
    assert [r["decision"] for r in lines(room.root)] == ["exclude", "include", "exclude", "withdraw"]


def test_undo_goes_back_decision_by_decision_and_ends_at_the_beginning(room):
    page = client(room)
    for decision in ("include", "exclude", "unsure"):
        decide(page, decision)
    for _ in range(3):
        assert undo(page).status_code == 200
    assert [d for _, d in decided(room.root)] == ["include", "exclude", "unsure", "withdraw", "withdraw", "withdraw"]
    taken_back = [r for r, d in decided(room.root) if d == "withdraw"]
    assert taken_back == [r for r, d in decided(room.root) if d != "withdraw"][::-1]
    assert 'action="/undo"' not in page.get(TA).text


def test_an_undo_sent_twice_takes_back_one_decision(room):
    page = client(room)
    decide(page, "include")
    decide(page, "include")
    twice = form(page.get(TA).text, "/undo")
    assert page.post("/undo", data=twice, headers=QUICK).status_code == 200
    assert page.post("/undo", data=twice, headers=QUICK).status_code == 409
    assert [d for _, d in decided(room.root)] == ["include", "include", "withdraw"]


def test_undo_knows_the_last_decision_after_a_new_start(room):
    shown, _ = decide(client(room), "include")
    room.close()
    anew = Review(room.root, config())
    assert form(undo(client(anew)).text)["report"] == shown["report"]
    assert [d for _, d in decided(room.root)] == ["include", "withdraw"]
    anew.close()


def test_a_changed_mind_goes_to_the_record_that_was_judged(tmp_path):
    file = tmp_path / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True)
    file.write_text("decided_at,record_id,decision,reason,note\n2020-01-01,B:9,include,,by hand\n")
    room = Review(make_review(tmp_path, also={"B:9": "A:1"}, queue=[ask("A:2")]), config())
    page = client(room)
    decide(page, "exclude", at=f"{TA}?report=A:1")
    assert decided(tmp_path) == [("B:9", "include"), ("B:9", "exclude")]
    assert room.own("title_abstract", "reviewer_1")["A:1"].decision == "exclude"
    room.close()


def test_what_was_put_off_comes_at_the_end_also_after_a_new_start(room):
    page = client(room)
    shown = form(page.get(TA).text)
    answer = page.post("/skip", data=shown, headers=QUICK)
    assert "Put off" in answer.text
    assert form(answer.text)["report"] != shown["report"]
    assert room.waiting("title_abstract", "reviewer_1")[-1] == shown["report"]
    room.close()
    anew = Review(room.root, config())
    assert anew.waiting("title_abstract", "reviewer_1")[-1] == shown["report"]
    assert len(anew.waiting("title_abstract", "reviewer_1")) == 5
    anew.close()


def test_one_goes_on_where_one_stopped(room):
    order = room.waiting("title_abstract", "reviewer_1")
    page = client(room)
    decide(page, "include")
    decide(page, "exclude")
    room.close()
    anew = Review(room.root, config())
    assert form(client(anew).get(TA).text)["report"] == order[2]
    anew.close()


def test_next_and_back_go_through_what_was_decided_and_what_waits(room):
    order = room.waiting("title_abstract", "reviewer_1")
    decide(client(room), "include")
    task = room.task("title_abstract", "reviewer_1")
    assert task.before(order[1]) == order[0]
    assert task.after(order[0]) == order[1]
    assert task.after(order[1]) == order[2]
    assert task.before(order[2]) == order[1]
    assert task.before(order[0]) == ""


def test_an_order_learned_later_moves_what_waits_and_leaves_what_was_put_off_last(room):
    order = room.waiting("title_abstract", "reviewer_1")
    room.skip("title_abstract", "reviewer_1", order[0])
    room.task("title_abstract", "reviewer_1").reorder([order[4], order[2], order[0]])
    assert room.waiting("title_abstract", "reviewer_1") == [order[4], order[2], order[1], order[3], order[0]]


def test_a_second_process_is_told_at_once_and_can_only_read(room):
    page = client(room)
    decide(page, "include")
    second = Review(room.root, config())
    other = client(second)
    text = other.get(TA).text
    assert "has this file open" in text
    assert "<form" not in text.split('class="decide"')[1].split('action="/skip"')[0].split("moves")[0]
    fields = {"stage": "title_abstract", "report": second.waiting("title_abstract", "reviewer_1")[0], "expected": ""}
    fields |= {"seen": second.reports.seen(fields["report"]), "decision": "include"}
    assert other.post("/decide", data=fields, headers=QUICK).status_code == 422
    assert len(decided(room.root)) == 1
    assert second.task("title_abstract", "reviewer_1").done == 1
    second.close()


def test_a_line_written_by_hand_while_the_page_runs_is_followed(room):
    page = client(room)
    shown = form(page.get(TA).text)
    file = room.root / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"decided_at,record_id,decision,reason,note\n2021-05-05,{shown['report']},exclude,,by hand\n", encoding="utf-8"
    )
    answer = page.post("/decide", data=shown | {"decision": "include"}, headers=QUICK)
    assert answer.status_code == 409
    assert "You decided: <strong>exclude</strong>" in answer.text
    assert len(decided(room.root)) == 1


@pytest.mark.parametrize("note", ["=1+1", "+49", "-", "@name", "'=quoted", "＝全角", "plain", 'say "no",\nthen', "'"])
def test_a_note_is_no_formula_in_the_file_and_reads_back_exactly(room, note):
    page = client(room)
    shown, _ = decide(page, "include", note=note)
    assert not lines(room.root)[0]["note"].startswith(("=", "+", "-", "@", "＝"))
    assert room.own("title_abstract", "reviewer_1")[shown["report"]].note == note
    room.close()
    anew = Review(room.root, config())
    assert anew.own("title_abstract", "reviewer_1")[shown["report"]].note == note
    anew.close()


def test_control_characters_in_a_note_are_left_out_and_lines_stay_lines(room):
    shown, _ = decide(client(room), "include", note="one\r\ntwo\x00\x1b three ")
    assert room.own("title_abstract", "reviewer_1")[shown["report"]].note == "one\ntwo three"
    file = room.root / "records/screening/title_abstract/reviewer_1.csv"
    assert rows_of(read_people(file, "records/screening/decisions", room.root))[0]["note"] == "one\ntwo three"


def test_hostile_text_is_text(tmp_path):
    title = '<script>alert(1)</script>\x07\u202eevil & "quoted"'
    hostile = report("1", title=title, authors="<b>X</b>", journal="<i>J</i>", abstract="<img src=x onerror=alert(1)>",
                     doi='10.1/"><script>', language="javascript:")  # fmt: skip
    room = Review(
        make_review(tmp_path, [hostile]), config(highlight={"include": ["alert", "<img"], "exclude": ["script"]})
    )
    for text in (client(room).get(TA).text, client(room).get("/find/title_abstract?q=evil").text):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b>X" not in text
        assert "\x07" not in text
        assert "\u202e" not in text
    assert '<mark class="for">alert</mark>' in client(room).get(TA).text
    assert 'href="https://doi.org/10.1/%22%3E%3Cscript%3E"' in client(room).get(TA).text
    room.close()


def test_an_abstract_of_ten_megabytes_is_shown_in_part_and_offered_whole(tmp_path):
    long = "word " * 2_000_000 + "the end"
    room = Review(
        make_review(tmp_path, [report("1", abstract=long)]), config(highlight={"include": ["word"], "exclude": []})
    )
    page = client(room)
    text = page.get(TA).text
    assert len(text) < 1_000_000
    assert f"The abstract has {len(long)} characters" in text
    assert page.get("/text?report=A:1").text.rstrip().endswith("the end")
    _, answer = decide(page, "include")
    assert answer.status_code == 200
    room.close()


def test_the_page_shows_what_is_known_of_the_report(tmp_path):
    row = report(
        "1",
        title="干细胞",
        translated_title="Stem cells",
        language="chi",
        doi="10.1/x",
        abstract="目的：甲。方法：乙。",
    )
    room = Review(make_review(tmp_path, [row | {"n_records": 3, "sources": "A; B"}]), config())
    notice = {"record_id": "A:1", "report_id": "A:1", "notice": "retraction", "notice_role": "subject", "about": "A:1"}
    write(tmp_path / "results/dedupe/notices.csv", "results/dedupe/notices", [notice | {"tie": "own"}])
    text = client(room).get(TA).text
    assert 'lang="zh">干细胞</h1>' in text
    assert 'lang="en" dir="auto">Stem cells' in text
    assert "Doe J; Roe R" in text
    assert "3 records, A, B" in text
    assert 'href="https://doi.org/10.1/x" target="_blank" rel="noopener noreferrer"' in text
    assert "retraction" in text
    assert '<strong class="label">目的</strong> 甲。' in text
    assert "Adults" in text
    assert "Animals" in text
    room.close()


def test_the_words_of_the_protocol_and_of_the_person_are_marked(tmp_path):
    room = Review(make_review(tmp_path), config(highlight={"include": ["abstract"], "exclude": []}))
    page = client(room)
    kept = page.post("/settings", data={"shortcuts": "on", "include": "", "exclude": "titl*\n of 1 "})
    assert "Kept." in kept.text
    text = page.get(f"{TA}?report=A:1").text
    assert '<mark class="for">Abstract</mark>' in text
    assert '<mark class="against">Title</mark>' in text
    assert '<mark class="against">of 1</mark>' in text
    assert '<mark class="against">' not in client(room, "reviewer_2").get("/settings").text
    room.close()


def test_shortcuts_can_be_switched_off_for_one_person(room):
    page = client(room)
    assert 'data-shortcuts="on"' in page.get(TA).text
    page.post("/settings", data={"include": "", "exclude": ""})
    assert 'data-shortcuts="off"' in page.get(TA).text
    assert 'data-shortcuts="on"' in client(room, "reviewer_2").get("/settings").text


def test_too_many_words_are_refused_and_stay_in_the_form(room):
    many = "\n".join(f"word{i}" for i in range(201))
    answer = client(room).post("/settings", data={"shortcuts": "on", "include": many, "exclude": ""})
    assert answer.status_code == 422
    assert "word200" in answer.text
    assert room.settings("reviewer_1").include == ()


def test_settings_that_cannot_be_read_are_the_defaults(room):
    file = room.root / ".reviewflow/settings_reviewer_1.json"
    file.parent.mkdir(exist_ok=True)
    for text in ("{", "[1]", '{"include": 3, "skipped": [], "shortcuts": 0}'):
        file.write_text(text)
        anew = Review(room.root, config())
        assert anew.settings("reviewer_1") == replace(anew.settings("reviewer_2"))


def test_search_finds_ones_own_by_title_and_author_whatever_case_and_accents(tmp_path):
    rows = [report("1", title="Über Zellen", authors="Müller A"), report("2", authors="Muller B"), report("3")]
    room = Review(make_review(tmp_path, rows, [ask("A:1"), ask("A:3")]), config())
    page = client(room)
    found = page.get("/find/title_abstract", params={"q": "MULLER"}).text
    assert "Über Zellen" in found
    assert "Title 2" not in found
    assert "1 of yours has these words" in found
    decide(page, "include", at=f"{TA}?report=A:1")
    assert "decided: include" in page.get("/find/title_abstract", params={"q": "uber zellen"}).text
    room.close()


def test_new_results_are_taken_while_the_page_runs(room):
    page = client(room)
    decide(page, "include")
    write(room.root / "results/dedupe/reports.csv", "results/dedupe/reports", [report(i) for i in range(1, 8)])
    members = [{"record_id": f"A:{i}", "report_id": f"A:{i}", "search_id": "s", "position": 1} for i in range(1, 8)]
    write(room.root / "results/dedupe/clusters.csv", "results/dedupe/clusters", members)
    queue = [ask(f"A:{i}") for i in range(1, 8)]
    write(room.root / "results/screening/queue.csv", "results/screening/queue", queue)
    assert "6 left" in page.get(TA).text
    (room.root / "results/screening/queue.csv").unlink()
    assert "6 left" in page.get(TA).text


def test_a_change_that_the_results_do_not_know_is_named(room):
    page = client(room)
    os.utime(room.root / "config/exclusion_reasons.csv", (1, 1))
    assert "snakemake screening" not in page.get(TA).text
    exports = room.root / "records/search/exports"
    exports.mkdir(parents=True)
    (exports / "new.ris").write_text("TY  - JOUR\n")
    os.utime(exports / "new.ris", (4e9, 4e9))
    decide(page, "include")
    assert "records/search/exports/new.ris was changed after" in page.get(TA).text


def test_nothing_to_screen_is_said_in_words(tmp_path):
    room = Review(make_review(tmp_path, [], []), config())
    page = client(room)
    assert "Nothing waits for you at title and abstract" in page.get(TA).text
    assert "Nothing waits for you here" in page.get("/").text
    assert client(room, "reviewer_3").get("/").status_code == 200
    room.close()


def test_when_all_is_decided_the_page_says_so_and_undo_still_works(tmp_path):
    room = Review(make_review(tmp_path, [report(1)]), config())
    page = client(room)
    _, answer = decide(page, "include")
    assert "Nothing waits for you" in answer.text
    assert undo(page).status_code == 200
    room.close()


@pytest.mark.parametrize(
    "address", ["/nothing", "/screen/extraction", "/screen", "/static/none.js", "/static/../app.py"]
)
def test_what_is_not_there_is_a_plain_page(room, address):
    answer = client(room).get(address)
    assert answer.status_code == 404
    assert "Not here" in answer.text


def test_a_form_address_that_is_only_opened_is_a_plain_page(room):
    answer = client(room).get("/decide")
    assert answer.status_code == 405
    assert "Not in this way" in answer.text


def test_every_script_and_style_is_a_file_of_the_page_itself(room):
    page = client(room)
    for address in ("/", TA, "/settings", "/find/title_abstract?q=title", "/sought"):
        text = page.get(address).text
        assert re.findall(r"<style|style=|onclick|hx-on|javascript:", text) == []
        assert all(src.startswith('src="/static/') for src in re.findall(r"<script ([^>]*?) defer", text))
        assert page.get(address).text.count("<main") == 1
    for file in ("desk.css", "desk.js", "htmx/htmx.min.js", "htmx/LICENSE"):
        assert page.get(f"/static/{file}").status_code == 200


def test_a_fault_in_ones_own_file_is_told_on_the_page_and_mending_it_is_enough(room):
    page = client(room)
    decide(page, "include")
    file = room.root / "records/screening/title_abstract/reviewer_1.csv"
    good = file.read_text(encoding="utf-8")
    file.write_text(f"{good}2030-01-01,A:3,maybe,,\n", encoding="utf-8")
    answer = page.get(TA)
    assert answer.status_code == 409
    assert "reviewer_1.csv:3" in answer.text
    assert "maybe" in html.unescape(answer.text)
    file.write_text(good, encoding="utf-8")
    assert decide(page, "include")[1].status_code == 200


def test_a_disk_that_is_full_is_told_on_the_page(room, monkeypatch):
    page = client(room)
    shown = form(page.get(TA).text)

    def full(_):
        raise OSError(28, "No space left on device", str(room.root))

    monkeypatch.setattr(os, "fsync", full)
    answer = page.post("/decide", data=shown | {"decision": "include"})
    assert answer.status_code == 409
    assert "No space left on device" in answer.text
    assert str(room.root) not in answer.text


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("records/screening/retrieval.csv", "record_id,status\nA:1,lost\n"),
        ("config/exclusion_reasons.csv", 'reason\n"x\n'),
    ],
)
def test_a_fault_in_a_file_of_the_team_stops_nobody_who_is_deciding(room, file, text):
    page = client(room)
    decide(page, "include")
    (room.root / file).parent.mkdir(parents=True, exist_ok=True)
    (room.root / file).write_text(text, encoding="utf-8")
    _, answer = decide(page, "exclude")
    assert answer.status_code == 200
    assert len(lines(room.root)) == 2


def test_a_report_that_was_joined_to_another_meanwhile_is_shown_with_the_note_that_was_typed(room):
    page = client(room)
    shown = form(page.get(f"{TA}?report=A:2").text)
    make_review(room.root, [report(i) for i in (1, 3, 4, 5)], also={"A:2": "A:1"})
    answer = page.post("/decide", data=shown | {"decision": "include", "note": "typed long"})
    assert answer.status_code == 409
    assert "belongs to another report since" in answer.text
    assert form(answer.text)["report"] == "A:1"
    assert "typed long" in answer.text
    assert lines(room.root) == []
