"""Several people at one server: who gets in, and a whole double screening with its adjudication."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.desk_server import Served, invite, reviewflow, room
from tests.browser.test_accessible import barriers
from tests.browser.visitors import Visitors
from tests.unit.desk.desk_room import ask, report
from tests.workflow.conftest import MakeReview
from tests.workflow.review import Review

STAGE = "title_abstract"
FOLDER = f"records/screening/{STAGE}"
PEOPLE = ("reviewer_1", "reviewer_2")
KEYS = {"include": "i", "exclude": "e", "unsure": "u"}
# Not agreement: that knows of minds that were changed in the bundled review, which nobody changes here again.
SAME = [
    f"results/screening/{name}.csv" for name in ("ledger", STAGE, "full_text", "flow", "PRISMA", "conflicts", "queue")
]
Votes = dict[str, dict[str, str]]


@pytest.fixture
def served(serve: Serve, tmp_path: Path) -> Served:
    asked = [ask(f"A:{i}", person=person) for i in (1, 2) for person in PEOPLE]
    return serve(room(tmp_path / "review", [report(1), report(2)], asked), "--team", "--port", "0")


def test_no_link_and_a_wrong_link_show_nothing(visitors: Visitors, served: Served) -> None:
    visitor = visitors.come(served.url)
    page = visitor.page()
    for place in (
        "/",
        f"/screen/{STAGE}",
        f"/list/{STAGE}",
        f"/adjudicate/{STAGE}",
        "/pairs",
        "/enter",
        "/enter?token=wrong",
    ):
        answer = page.goto(served.url + place)
        assert answer
        assert answer.status == 403, place
        expect(page.locator("h1")).to_have_text("This link is not good" if "wrong" in place else "Nobody is signed in")
        assert "Title 1" not in page.content()
    assert visitor.context.cookies() == []
    visitor.forgive("403")


def test_a_revoked_link_ends_its_sessions_and_no_others(visitors: Visitors, served: Served, tmp_path: Path) -> None:
    root = tmp_path / "review"
    links = {person: invite(root, person, served.url) for person in PEOPLE}
    first, second = (visitors.enter(links[person]) for person in PEOPLE)
    for page in (first, second):
        assert "token" not in page.url
        page.goto(f"{served.url}/screen/{STAGE}")
        expect(page.locator("#decide")).to_be_visible()
    assert reviewflow(root, "invite", "reviewer_2", "--revoke").returncode == 0
    second.keyboard.press("i")
    expect(second.locator("main")).to_contain_text("Nobody is signed in")
    second.goto(links["reviewer_2"])
    expect(second.locator("h1")).to_have_text("This link is not good")
    visitors.of(second).forgive("403")
    first.keyboard.press("i")
    expect(first.locator("#live")).to_contain_text("Included. 1 left.")
    assert (
        not (root / FOLDER / "reviewer_2.csv").is_file()
        or "include" not in (root / FOLDER / "reviewer_2.csv").read_text()
    )


def test_a_link_in_mail_on_the_web_shows_a_button_first(visitors: Visitors, served: Served, tmp_path: Path) -> None:
    link = invite(tmp_path / "review", "reviewer_1", served.url)
    page = visitors.come(served.url).page()
    page.set_content(f'<a href="{link}">Your link</a>')
    page.get_by_role("link").click()
    assert not barriers(page)
    page.get_by_role("button", name="Go in").click()
    expect(page.locator("h1")).to_have_text("What waits for you")
    assert "token" not in page.url
    page.reload()
    expect(page.locator("h1")).to_have_text("What waits for you")


def test_a_form_cannot_speak_for_somebody_else(visitors: Visitors, served: Served, tmp_path: Path) -> None:
    root = tmp_path / "review"
    first, second = (visitors.enter(invite(root, person, served.url)) for person in PEOPLE)
    for page in (first, second):
        page.goto(f"{served.url}/screen/{STAGE}")
    # The other's session token and name in one's own form.
    token = second.locator("#decide input[name=csrf]").input_value()
    first.evaluate(
        """(token) => {
          const form = document.getElementById("decide");
          form.querySelector("[name=csrf]").value = token;
          form.insertAdjacentHTML("beforeend", "<input type=hidden name=person value=reviewer_2>");
          form.querySelectorAll("button[value=include]")[0].click();
        }""",
        token,
    )
    expect(first.locator("main")).to_contain_text("Nothing was saved")
    visitors.of(first).forgive("403")
    answer = first.goto(f"{served.url}/adjudicate/{STAGE}")
    assert answer
    assert answer.status == 403
    visitors.of(first).forgive("403")
    for person in PEOPLE:
        file = root / FOLDER / f"{person}.csv"
        assert not file.is_file() or len(file.read_text().splitlines()) == 1


def take_out(review: Review, name: str, records: set[str]) -> list[dict[str, str]]:
    """Take the lines of these records out of a file that people wrote, and give them."""
    rows = review.rows(name)
    kept = [row for row in rows if row["record_id"] not in records]
    with review.path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return [row for row in rows if row["record_id"] in records]


def decide(page: Page, vote: dict[str, str], *, by_keys: bool) -> None:
    """Decide on the report that is shown as somebody once did, with the note."""
    decision = vote["decision"]
    if by_keys:
        page.keyboard.press("n")
        page.keyboard.insert_text(vote["note"])
        page.keyboard.press("Escape")
        page.keyboard.press(KEYS[decision])
    else:
        page.locator("#note").fill(vote["note"])
        page.locator(f"#decide button[value={decision}]").click()


def screen(pages: Sequence[tuple[Page, Votes]], origin: str, n: int) -> None:
    """Let all decide on what waits for them, in turns, until nothing does; the first by keys."""
    for page, _ in pages:
        page.goto(f"{origin}/screen/{STAGE}")
    for left in range(n - 1, -1, -1):
        for page, votes in pages:
            shown = page.locator("#decide input[name=report]").input_value()
            decide(page, votes[shown], by_keys=page == pages[0][0])
            expect(page.locator("#live")).to_contain_text(f"{left} left.")
    for page, _ in pages:
        expect(page.locator("h1")).to_contain_text("Nothing waits for you")


def test_two_reviewers_and_an_adjudicator_screen_the_conflicts_of_the_bundled_review_again(
    review: MakeReview, visitors: Visitors, serve: Serve
) -> None:
    again = review("bundled", built=True)
    before = {name: again.text(name) for name in SAME}
    conflicts = {
        row["report_id"] for row in again.rows(f"results/screening/{STAGE}.csv") if row["consensus"] == "adjudicated"
    }
    members = {row["record_id"]: row["report_id"] for row in again.rows("results/dedupe/clusters.csv")}
    records = {record for record, report_id in members.items() if report_id in conflicts}
    votes: dict[str, Votes] = {
        person: {members[row["record_id"]]: row for row in take_out(again, f"{FOLDER}/{person}.csv", records)}
        for person in (*PEOPLE, "adjudication")
    }
    assert all(set(found) == conflicts for found in votes.values())
    again.run("screening")
    assert again.text(SAME[0]) != before[SAME[0]]
    served = serve(again.folder, "--team", "--port", "0")
    pages = {p: visitors.enter(invite(again.folder, p, served.url)) for p in (*PEOPLE, "reviewer_3")}

    screen([(pages[person], votes[person]) for person in PEOPLE], served.url, len(conflicts))
    for person, other in (PEOPLE, PEOPLE[::-1]):
        assert person in pages[person].content()
        assert other not in pages[person].content()
    again.run("screening")
    assert {row["report_id"] for row in again.rows("results/screening/conflicts.csv")} == conflicts

    judge = pages["reviewer_3"]
    judge.goto(f"{served.url}/adjudicate/{STAGE}")
    for left in range(len(conflicts) - 1, -1, -1):
        shown = judge.locator("#decide input[name=report]").input_value()
        for person in PEOPLE:
            expect(judge.locator(".side", has_text=person)).to_contain_text(votes[person][shown]["decision"])
        decide(judge, votes["adjudication"][shown], by_keys=False)
        expect(judge.locator("#live")).to_contain_text(f"{left} left.")
    again.run("screening")

    assert {name: again.text(name) for name in SAME} == before
    judged = [
        row
        for row in again.rows("results/screening/votes.csv")
        if row["stage"] == STAGE and row["report_id"] in conflicts
    ]
    assert len(judged) == 3 * len(conflicts)
    assert {(row["seal"], row["seal_problem"], row["holds"]) for row in judged} == {("sealed", "", "true")}
    for row in judged:
        then = votes["adjudication" if row["role"] == "adjudicator" else row["reviewer"]][row["report_id"]]
        assert [row[cell] for cell in ("decision", "reason", "note")] == [
            then[cell] for cell in ("decision", "reason", "note")
        ]
    shows_independence(again, conflicts)


def shows_independence(review: Review, conflicts: set[str]) -> None:
    """The audit finds nothing to ask about the decisions of the page, but that they were made quickly."""
    audit = json.loads(reviewflow(review.folder, "audit", "--json").stdout)
    assert audit["counts"]["error"] == 0
    of_page = [finding for finding in audit["findings"] if finding["report_id"] in conflicts and finding["event_id"]]
    assert {finding["check"] for finding in of_page} <= {"burst", "pace"}
    for row in review.rows("results/audit/independence.csv"):
        if row["stage"] == STAGE:
            assert row["sealed"] == str(len(conflicts))
            assert row["after_adjudication"] == row["changed_after_other_on_page"] == "0"
