"""The page of one report: what it shows, deciding, undoing, and what it refuses."""

import re

import pytest
from desk_room import client, config, lines, make_review
from reviewflow.desk.review import Review


@pytest.fixture
def room(tmp_path):
    review = Review(make_review(tmp_path), config())
    yield review
    review.close()


def form(text: str, action: str = "/decide") -> dict[str, str]:
    inside = re.search(rf'<form[^>]*action="{action}".*?</form>', text, re.DOTALL)
    assert inside, text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside[0]))


def test_a_decision_is_in_the_file_before_the_next_report_shows(room):
    page = client(room)
    shown = form(page.get("/screen/title_abstract").text)
    answer = page.post("/decide", data=shown | {"decision": "include"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Included. 4 left." in answer.text
    assert [(r["record_id"], r["decision"]) for r in lines(room.root)] == [(shown["report"], "include")]
    assert form(answer.text)["report"] != shown["report"]
