"""Each address of the page, behind the door: nobody reads or writes as another, and nothing else gets in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_room import ask, config, make_review, report
from door_samples import PLACE, TwoPeople, browser, enter
from reviewflow.desk.app import application
from reviewflow.desk.door import Door
from reviewflow.desk.review import Review
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

PEOPLE = ("reviewer_1", "reviewer_2")
STAGES = ("title_abstract", "full_text")
SAFE = {"GET", "HEAD"}
OWN = {"Origin": PLACE.url}


@pytest.fixture
def review(tmp_path) -> Iterator[Review]:
    queue = [ask(f"A:{i}", stage, person) for i in range(1, 6) for stage in STAGES for person in PEOPLE]
    made = Review(make_review(tmp_path, [report(i) for i in range(1, 6)], queue), config())
    yield made
    made.close()


@pytest.fixture
def app(review) -> Starlette:
    return application(review, Door(TwoPeople(), PLACE))


def addresses(app: Starlette) -> list[tuple[str, str]]:
    """Each method and address that the application knows, at every stage."""
    found = []
    for route in app.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route), f"{route} is of a kind that this test does not know"
        paths = {re.sub(r"\{stage(:\w+)?\}", stage, route.path) for stage in STAGES}
        assert not [path for path in paths if "{" in path], f"{route.path} has a part that this test does not know"
        methods = route.methods or {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
        found += [(method, path) for path in sorted(paths) for method in sorted(methods)]
    return found


def files(review: Review) -> dict[str, bytes]:
    """What people and the page have written."""
    places = [*review.root.glob("records/**/*"), *review.root.glob(".reviewflow/**/*")]
    return {str(p): p.read_bytes() for p in places if p.is_file() and p.suffix != ".lock"}


def filled(**more: str) -> dict[str, str]:
    """A form with what every form of the page might have, naming another person wherever it could."""
    others = dict.fromkeys(("person", "as", "reviewer", "adjudicator", "name", "user"), "reviewer_2")
    shown = {"stage": "title_abstract", "report": "A:1", "record_id": "A:1", "decision": "include", "expected": ""}
    return others | shown | {"note": "written by reviewer_1"} | more


def seen(page: TestClient, report_id: str) -> str:
    text = page.get(f"/screen/title_abstract?report={report_id}").text
    found = re.search(r'name="seen" value="([^"]*)"', text)
    assert found, text
    return found[1]


def test_the_page_has_addresses_of_both_kinds(app):
    assert len({path for method, path in addresses(app) if method == "GET"}) >= 5
    assert len({path for method, path in addresses(app) if method not in SAFE}) >= 3


def test_nothing_answers_without_a_session(app, review):
    page, before = browser(app), files(review)
    for method, path in [*addresses(app), ("GET", "/anything"), ("POST", "/leave")]:
        answer = page.request(method, path, data=None if method in SAFE else filled(), headers=OWN)
        assert answer.status_code == 403, (method, path)
        assert "Title 1" not in answer.text
        assert "content-security-policy" in answer.headers
    assert files(review) == before


def test_nothing_answers_to_another_name(app):
    page = browser(app)
    csrf = enter(page, "token-1", "/settings")
    for method, path in addresses(app):
        headers = {"Host": "evil.example", "Origin": "http://evil.example", "X-CSRF-Token": csrf}
        assert page.request(method, path, headers=headers).status_code == 400, (method, path)


def test_no_change_is_made_but_from_the_page_itself_with_the_token_of_its_session(app, review):
    page, other = browser(app), browser(app)
    csrf, others = enter(page, "token-1", "/settings"), enter(other, "token-2", "/settings")
    shown = seen(page, "A:1")
    before = files(review)
    wrong = [
        (OWN, ""),
        (OWN, others),
        ({"Origin": "http://evil.example"}, csrf),
        ({"Origin": "null"}, csrf),
        ({}, csrf),
    ]
    for method, path in addresses(app):
        for headers, token in wrong if method not in SAFE else []:
            form = filled(csrf=token, seen=shown)
            assert page.request(method, path, data=form, headers=headers).status_code == 403, (method, path, headers)
    assert files(review) == before
    # The same form counts where it comes as it should.
    assert page.post("/decide", data=filled(csrf=csrf, seen=shown), headers=OWN).status_code < 400
    assert files(review) != before


def test_nobody_writes_as_another_whatever_a_form_or_address_says(app, review):
    one, two = browser(app), browser(app)
    csrf = enter(one, "token-1", "/settings")
    enter(two, "token-2", "/settings")
    shown_to_two = seen(two, "A:1")
    page_of_two = enter(two, "token-2", "/settings")
    form_of_two = filled(csrf=page_of_two, seen=shown_to_two, note="two")
    assert two.post("/decide", data=form_of_two, headers=OWN).status_code < 400
    shown = seen(one, "A:1")
    of_two = {path: text for path, text in files(review).items() if "reviewer_2" in path}
    assert of_two
    for method, path in addresses(app):
        if method not in SAFE:
            for stage in STAGES:
                form = filled(csrf=csrf, seen=shown, stage=stage)
                one.request(method, f"{path}?person=reviewer_2&as=reviewer_2", data=form, headers=OWN)
    after = files(review)
    assert {path: text for path, text in after.items() if "reviewer_2" in path} == of_two
    written = {path for path, text in after.items() if b"written by reviewer_1" in text}
    assert written == {str(review.root / f"records/screening/{stage}/reviewer_1.csv") for stage in STAGES}


def test_nobody_reads_what_another_decided(app, review):
    one, two = browser(app), browser(app)
    enter(one, "token-1", "/settings")
    csrf = enter(two, "token-2", "/settings")
    form = filled(csrf=csrf, seen=seen(two, "A:1"), note="a note of the other", decision="exclude")
    unread = {path: _text(one, path) for method, path in addresses(app) if method == "GET"}
    assert two.post("/decide", data=form, headers=OWN).status_code < 400
    kept = (review.root / "records/screening/title_abstract/reviewer_2.csv").read_text(encoding="utf-8")
    assert "a note of the other" in kept
    for path, before in unread.items():
        assert _text(one, path) == before
        for words in ("?report=A:1", "?person=reviewer_2", "?as=reviewer_2&report=A:1", "?q=Title"):
            assert "a note of the other" not in one.get(path + words).text


def _text(page: TestClient, path: str) -> str:
    """A page without what differs from one visit to the next."""
    return re.sub(r'value="[0-9a-f]{64}"', "", page.get(path).text)


def test_every_page_lets_its_person_sign_out(app):
    page = browser(app)
    enter(page, "token-1", "/settings")
    for path in ("/?all", "/settings", "/screen/title_abstract", "/nothing"):
        form = page.get(path).text.split('action="/leave"')[1].split("</form>")[0]
        csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', form)
        assert len(csrf) == 1
    assert "Signed out" in page.post("/leave", data={"csrf": csrf[0]}, headers=OWN).text
    assert page.get("/settings").status_code == 403


def test_a_file_of_the_page_is_no_way_out_of_its_folder(app, tmp_path: Path):
    page = browser(app)
    assert page.get("/static/desk.css").status_code == 200
    for path in (
        "/static/../base.html.j2",
        "/static/%2e%2e/base.html.j2",
        "/static/..%2fbase.html.j2",
        "/static//etc/passwd",
    ):
        answer = page.get(path)
        assert answer.status_code in (403, 404), path
        assert "{%" not in answer.text


def test_what_fails_is_a_plain_page_without_a_traceback(app, review, monkeypatch):
    page = browser(app)
    enter(page, "token-1", "/settings")
    monkeypatch.setattr(type(review), "task", lambda *_: 1 / 0)
    answer = page.get("/screen/title_abstract")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "ZeroDivisionError" not in answer.text
