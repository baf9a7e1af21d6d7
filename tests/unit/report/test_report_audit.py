"""The section of the audit: findings, who decided when, votes against each other, what rests on one reviewer."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
import report_sample as sample
from reviewflow.report import pace_figure

from tests.page_reader import Build, Page

ERROR = {"rank": 1, "severity": "error", "check": "chain", "file": "a.csv", "line": 3, "finding": "broken", "mend": "x"}


def pace(*rows: tuple[str, str, str, str, int, int]) -> list[dict[str, object]]:
    names = ("stage", "role", "reviewer", "day", "decisions", "cumulative")
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_findings_stand_by_severity_with_their_place_and_notes_are_folded(page: Page) -> None:
    [row] = page.table("findings")
    assert row["Finding"] == "Changed to exclude after reviewer_1 had voted."
    assert "records/screening/title_abstract/reviewer_2.csv:5" in row["Where"]
    assert page.by_id("audit-notes").tag == "details"
    assert "No error." in page.by_id("audit").text


def test_an_error_is_an_alarm_and_is_counted(build: Build) -> None:
    table = sample.frame("results/audit/findings", [ERROR])
    page = Page(build(tables=sample.tables() | {"audit/findings": table})["index.html"])
    assert "1 error to mend." in page.by_id("audit").text
    assert page.table("findings")[0]["Check"] == "Seals"


def test_the_matrix_has_every_vote_of_one_against_every_vote_of_the_other(page: Page) -> None:
    rows = {row["Vote of the first"]: row for row in page.table("votes_matrix")}
    assert list(rows) == ["include", "unsure", "exclude", "none"]
    assert (rows["include"]["Second: exclude"], rows["exclude"]["Second: none"], rows["none"]["Second: none"]) == (
        "2",
        "1",
        "",
    )


def test_near_misses_say_who_voted_how_and_how_it_was_settled(page: Page) -> None:
    rows = page.table("near_misses")
    assert [row["Report"] for row in rows] == ["PubMed:4", "PubMed:3"]
    assert rows[0]["How it was settled"] == "adjudicated by reviewer_3"
    assert rows[1]["Reason"] == "Review"
    assert "-mice" in rows[0].values()


def test_what_rests_on_one_reviewer_is_in_numbers_and_a_list(page: Page) -> None:
    assert [row["Left open"] for row in page.table("influence")] == ["1", "0"]
    assert page.table("without_reviewer")[0]["State without"] == "awaiting retrieval"


def test_the_figure_stands_in_the_page_and_beside_it(files: dict[str, str]) -> None:
    assert '<title id="pace-title">Decisions by day and person</title>' in files["figures/pace.svg"]
    assert files["figures/pace.svg"].strip() in files["index.html"]


def test_the_first_day_has_no_figure_and_says_so(build: Build) -> None:
    made = build(tables=sample.empty())
    assert "figures/pace.svg" not in made
    assert "No decision with a time is there yet." in made["index.html"]


def test_the_description_of_the_figure_says_who_decided_how_much_and_when() -> None:
    drawn = ET.fromstring(pace_figure.draw(pace(("full_text", "reviewer", "reviewer_1", "2020-01-01", 2, 2))))
    said = drawn.findtext("{http://www.w3.org/2000/svg}desc")
    assert said == "Full text: reviewer_1 2 decisions on 1 day from 2020-01-01 to 2020-01-01."


@pytest.mark.parametrize(("people", "days"), [(1, 1), (2, 3), (9, 400), (12, 4000)])
def test_everything_drawn_is_within_the_drawing_and_no_name_stands_on_another(people: int, days: int) -> None:
    first = date(2020, 1, 1)
    rows = []
    for n in range(people):
        for i, day in enumerate(range(0, days, max(1, days // 50))):
            when = (first + timedelta(days=day)).isoformat()
            rows.append(("title_abstract", "reviewer", f"reviewer_{n + 1}_{'x' * 20}", when, 5, 5 * (i + 1)))
    drawn = ET.fromstring(pace_figure.draw(pace(*rows)))
    height = float(drawn.attrib["height"])
    texts = [(float(e.attrib["x"]), float(e.attrib["y"])) for e in drawn.iter() if e.tag.endswith("}text")]
    assert all(0 <= x <= pace_figure.WIDTH and 0 < y < height for x, y in texts)
    names = sorted(
        float(e.attrib["y"]) for e in drawn.iter() if "}text" in e.tag and re.match(r"\d+ reviewer", e.text or "")
    )
    assert len(names) == people
    assert all(b - a >= 11 for a, b in pairwise(names))
    ticks = [float(e.attrib["x"]) for e in drawn.iter() if re.fullmatch(r"\d{4}-\d\d-\d\d", e.text or "")]
    assert 1 <= len(ticks) <= 6
