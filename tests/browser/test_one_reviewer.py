"""One reviewer at the page: by keys alone, without a script, in two tabs, in two processes, after a crash."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reviewflow.desk.own import TABLE
from reviewflow.events import verify
from reviewflow.tables import read_people, rows_of

from tests.browser.conftest import Serve
from tests.browser.desk_server import Served, room
from tests.browser.visitors import PATIENCE, Visitors
from tests.unit.desk.desk_room import ask, lines, report


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return room(tmp_path / "review", [report(i, title=f"Trial {i} of amber tea") for i in range(1, 6)])


@pytest.fixture
def served(serve: Serve, root: Path) -> Served:
    return serve(root, "--as", "reviewer_1")


def decided(root: Path, stage: str = "title_abstract") -> list[tuple[str, str, str, str]]:
    return [(e["record_id"], e["decision"], e["reason"], e["note"]) for e in lines(root, stage)]


def heading(page: Page) -> str:
    return page.locator("#report-heading").inner_text()


def focused(page: Page) -> str:
    """What has the focus, by its visible text or its id."""
    found: str = page.evaluate("(e => e.id || e.innerText.trim())(document.activeElement)")
    return found


def tab_to(page: Page, name: str) -> None:
    """Tab until something has the focus, which must be seen there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.match(name, focused(page)):
            break
    else:
        raise AssertionError(f"Tab never comes to {name}")
    assert page.evaluate(
        """() => {
          const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            && box.bottom > 0 && box.top < innerHeight && box.width > 0;
        }"""
    ), f"the focus on {name} cannot be seen"


def key(page: Page, name: str, said: str) -> None:
    """Press a key and wait for what the page then says."""
    page.keyboard.press(name)
    expect(page.locator("#live")).to_contain_text(said)


def until(page: Page, holds: str) -> None:
    """Wait until a script says so; Playwright's own way would need eval, which the page's policy forbids."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(holds):
        assert time.monotonic() < deadline, f"waited in vain for {holds}"
        page.wait_for_timeout(5)


def test_the_keyboard_alone_is_enough(visitors: Visitors, served: Served, root: Path) -> None:
    page = visitors.enter(served.link)
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.locator("#decide")).to_be_visible()
    first = heading(page)
    key(page, "i", "Included. 4 left.")
    assert focused(page) == "report-heading"
    key(page, "2", "Excluded. 3 left.")
    key(page, "u", "Marked as unsure. 2 left.")
    key(page, "z", "Undone: this report waits again. 3 left.")
    page.keyboard.press("n")
    assert focused(page) == "note"
    page.keyboard.type("u 2 z / quoted by i")
    page.keyboard.press("Escape")
    assert focused(page) != "note"
    key(page, "e", "Excluded. 2 left.")
    page.keyboard.press("k")
    expect(page.locator(".stands")).to_contain_text("You decided: exclude")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".stands")).to_contain_text("You decided: exclude (Wrong people)")
    page.keyboard.press("k")
    expect(page.locator("#report-heading")).to_have_text(first)
    for _ in range(3):
        before = heading(page)
        page.keyboard.press("j")
        expect(page.locator("#report-heading")).not_to_have_text(before)
    put_off = heading(page)
    page.keyboard.press("s")
    expect(page.locator("#report-heading")).not_to_have_text(put_off)
    key(page, "i", "Included. 1 left.")
    expect(page.locator("#report-heading")).to_have_text(put_off)
    page.keyboard.press("/")
    assert focused(page) == "search"
    page.keyboard.type("amber")
    page.keyboard.press("Enter")
    expect(page.locator(".found li")).to_have_count(5)
    assert [(d, r, n) for _, d, r, n in decided(root)] == [
        ("include", "", ""), ("exclude", "wrong_people", ""), ("unsure", "", ""), ("withdraw", "", ""),
        ("exclude", "", "u 2 z / quoted by i"), ("include", "", ""),
    ]  # fmt: skip


def test_at_full_text_keys_give_the_one_reason(visitors: Visitors, serve: Serve, tmp_path: Path) -> None:
    root = room(tmp_path / "review", [report(1), report(2)], [ask(f"A:{i}", "full_text") for i in (1, 2)])
    page = visitors.enter(serve(root, "--as", "reviewer_1", "--stage", "full_text").link)
    page.keyboard.press("e")
    assert focused(page).endswith("Wrong design")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Excluded. 1 left.")
    key(page, "1", "Excluded. 0 left.")
    assert sorted(reason for *_, reason, _ in decided(root, "full_text")) == ["wrong_design", "wrong_people"]


def test_help_holds_the_focus_and_gives_it_back(visitors: Visitors, served: Served, root: Path) -> None:
    page = visitors.enter(served.link)
    page.goto(f"{served.url}/screen/title_abstract")
    tab_to(page, "Include")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        # The browser's own bar is the one place outside to which a modal dialog lets the focus go.
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#help')")
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    assert focused(page).startswith("Include")
    assert not (root / "records").exists() or not decided(root)


def test_keys_do_nothing_while_typing_or_with_a_modifier_or_switched_off(
    visitors: Visitors, served: Served, root: Path
) -> None:
    page = visitors.enter(served.link)
    page.goto(f"{served.url}/screen/title_abstract")
    first = heading(page)
    for place in ("#note", "#search"):
        page.locator(place).focus()
        page.keyboard.type("ieu12sz?/jk")
        assert page.locator(place).input_value() == "ieu12sz?/jk"
    page.locator("#report-heading").focus()
    for chord in ("Control+i", "Alt+e", "Meta+u", "Shift+KeyI"):
        page.keyboard.press(chord)
    page.goto(f"{served.url}/settings")
    page.locator("#shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".said")).to_have_text("Kept.")
    page.goto(f"{served.url}/screen/title_abstract")
    for name in "ieu12sz?/jk":
        page.keyboard.press(name)
    assert heading(page) == first
    expect(page.locator("#help")).to_be_hidden()
    assert not (root / "records/screening/title_abstract/reviewer_1.csv").exists() or not decided(root)


def test_forms_do_where_the_browser_has_no_script(visitors: Visitors, served: Served, root: Path) -> None:
    page = visitors.enter(served.link, java_script_enabled=False)
    page.get_by_role("link", name="Begin").click()
    page.locator("#note").fill("seen without a script")
    page.get_by_role("button", name="Include").click()
    expect(page.locator(".said")).to_have_text("Included. 4 left.")
    page.locator("details.why summary").click()
    page.get_by_role("button", name="Wrong design").click()
    expect(page.locator(".said")).to_have_text("Excluded. 3 left.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".said")).to_contain_text("this report waits again")
    put_off = page.locator("#report-heading").text_content() or ""
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("#report-heading")).not_to_have_text(put_off)
    page.locator("#search").fill("amber")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".found li")).to_have_count(5)
    assert [event[1:] for event in decided(root)] == [
        ("include", "", "seen without a script"), ("exclude", "wrong_design", ""), ("withdraw", "", "")
    ]  # fmt: skip


def test_keys_send_the_forms_where_htmx_is_not_there(visitors: Visitors, served: Served, root: Path) -> None:
    page = visitors.enter(served.link)
    page.route("**/htmx.min.js", lambda route: route.abort())
    page.goto(f"{served.url}/screen/title_abstract")
    key(page, "i", "Included. 4 left.")
    assert focused(page) == "report-heading"
    key(page, "2", "Excluded. 3 left.")
    visitors.of(page).forgive("ERR_FAILED")
    assert [event[1:] for event in decided(root)] == [("include", "", ""), ("exclude", "wrong_people", "")]


def test_two_tabs_decide_once_and_the_second_is_told(visitors: Visitors, served: Served, root: Path) -> None:
    first = visitors.enter(served.link)
    visitor = visitors.of(first)
    second = visitor.page()
    for tab in (first, second):
        tab.goto(f"{served.url}/screen/title_abstract")
    assert heading(first) == heading(second)
    key(first, "i", "Included. 4 left.")
    second.keyboard.press("e")
    expect(second.locator("#problem")).to_contain_text("Nothing was written")
    expect(second.locator(".stands")).to_contain_text("You decided: include")
    visitor.forgive("409")
    assert [event[1] for event in decided(root)] == ["include"]
    second.keyboard.press("e")
    expect(second.locator("#live")).to_contain_text("Excluded. 4 left.")
    assert [event[1] for event in decided(root)] == ["include", "exclude"]


def test_a_key_held_or_hammered_decides_on_no_report_unseen(visitors: Visitors, served: Served, root: Path) -> None:
    page = visitors.enter(served.link)
    page.goto(f"{served.url}/screen/title_abstract")
    until(page, "!!document.getElementById('decide')._htmx")
    page.evaluate(
        """() => {
          const press = (key, repeat) => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, repeat}));
          press("i", false); press("e", false); for (let i = 0; i < 20; i += 1) press("i", true);
        }"""
    )
    expect(page.locator("#live")).to_contain_text("Included. 4 left.")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#problem")).to_have_count(0)
    assert [event[1] for event in decided(root)] == ["include"]


def test_a_second_process_is_told_and_writes_nothing(visitors: Visitors, serve: Serve, root: Path) -> None:
    first, second = serve(root, "--as", "reviewer_1"), serve(root, "--as", "reviewer_1")
    assert "Another window or process of reviewflow has this file open" in second.told
    page = visitors.enter(second.link)
    expect(page.locator(".alarm").first).to_contain_text("Another window or process")
    page.goto(f"{second.url}/screen/title_abstract")
    expect(page.locator(".alarm")).to_contain_text("Another window or process")
    expect(page.locator("#decide")).to_have_count(0)
    page.keyboard.press("i")
    other = visitors.enter(first.link)
    other.goto(f"{first.url}/screen/title_abstract")
    key(other, "i", "Included. 4 left.")
    assert len(decided(root)) == 1


def test_a_kill_in_a_burst_loses_nothing_that_was_shown(visitors: Visitors, serve: Serve, tmp_path: Path) -> None:
    root = room(tmp_path / "review", [report(i) for i in range(1, 301)])
    served = serve(root, "--as", "reviewer_1")
    page = visitors.enter(served.link)
    page.goto(f"{served.url}/screen/title_abstract")
    until(page, "!!document.getElementById('decide')._htmx")
    # The page's own keys, as quickly as it takes them; each report that it shows is noted with what it says.
    page.evaluate(
        """() => {
          window.shown = [];
          document.addEventListener("htmx:after:swap", () => window.shown.push(
            [document.getElementById("main").dataset.said, document.querySelector("#report-heading").textContent]));
          window.burst = setInterval(() => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key: "ieu"[window.shown.length % 3], bubbles: true, cancelable: true})), 2);
        }"""
    )
    until(page, "window.shown.length >= 12")
    served.kill()
    expect(page.locator("#live")).to_contain_text("No answer: nothing is known to be saved")
    shown = page.evaluate("clearInterval(window.burst), window.shown")
    file = root / "records/screening/title_abstract/reviewer_1.csv"
    left = min(int(re.findall(r"(\d+) left", said)[0]) for said, _ in shown)
    written = decided(root)
    # The one under way when the server died may be on disk without having been shown.
    assert 300 - left <= len(written) <= 300 - left + 1
    assert [d for _, d, _, _ in written] == [("include", "exclude", "unsure")[i % 3] for i in range(len(written))]
    # What a crash of the computer leaves: half a line.
    with file.open("ab") as torn:
        torn.write(file.read_bytes().splitlines()[-1][:40])
    again = serve(root, "--as", "reviewer_1")
    assert f"{len(written)} decided" in again.told
    dead, page = page, visitors.enter(again.link)
    for complaint in ("Failed to fetch", "ERR_CONNECTION"):
        visitors.of(dead).forgive(complaint)
    page.goto(f"{again.url}/screen/title_abstract")
    expect(page.locator(".notice")).to_contain_text("was cut off by a crash")
    key(page, "i", f"Included. {299 - len(written)} left.")
    assert decided(root)[:-1] == written
    checked = verify("title_abstract", "reviewer_1", rows_of(read_people(file, TABLE, root)))
    assert [seal.state for seal in checked] == ["sealed"] * (len(written) + 1)
    assert not any(seal.problem for seal in checked)
