"""WCAG 2.2 AA on every page: what axe-core can see, sizes, reflow at 320 px and at 200 %, and reduced motion."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_server import Served, invite
from tests.browser.furnished import STAGE, furnished
from tests.browser.visitors import Visitors

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # axe-core leaves it out unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
# A window of 1280 px at 200 %.
ZOOMED = {"width": 640, "height": 400}
PLACES = {
    "reviewer_1": {
        "home": "/?all",
        "title and abstract": f"/screen/{STAGE}?report=A%3A1",
        "long": f"/screen/{STAGE}?report=A%3A2",
        "decided": f"/screen/{STAGE}?report=A%3A3",
        "right to left": f"/screen/{STAGE}?report=A%3A4",
        "full text": "/screen/full_text?report=A%3A30",
        "list": f"/list/{STAGE}?size=25",
        "search": f"/find/{STAGE}?q=amber",
        "sought": "/sought",
        "settings": "/settings",
        "pairs": "/pairs",
        "nowhere": "/nowhere",
        "not for you": f"/adjudicate/{STAGE}",
    },
    "reviewer_2": {"finished": f"/screen/{STAGE}", "nothing listed": f"/list/{STAGE}"},
    "reviewer_3": {
        "home of the adjudicator": "/?all",
        "adjudicate": f"/adjudicate/{STAGE}",
        "conflicts": f"/list/{STAGE}",
        "no conflict": "/adjudicate/full_text",
    },
}
WITH_HELP = [
    (person, PLACES[person][name])
    for person, name in (
        ("reviewer_1", "title and abstract"), ("reviewer_1", "full text"), ("reviewer_1", "pairs"),
        ("reviewer_3", "adjudicate"),
    )
]  # fmt: skip
EACH = pytest.mark.parametrize(
    ("person", "place"), [(person, place) for person, places in PLACES.items() for place in places.values()],
    ids=[name for places in PLACES.values() for name in places],
)  # fmt: skip


@dataclass
class Open:
    """The page as it is served, and the sessions of all who came in."""

    served: Served
    sessions: dict[str, Any]


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    root = furnished(tmp_path_factory.mktemp("furnished") / "review")
    served = Served(root, "--team", "--port", "0")
    sessions = {}
    for person in PLACES:
        context = browser.new_context()
        context.new_page().goto(invite(root, person, served.url))
        sessions[person] = context.storage_state()
        context.close()
    yield Open(served, sessions)
    served.end()


@pytest.fixture
def shown(opened: Open, visitors: Visitors, person: str, place: str) -> Iterator[Page]:
    visitor = visitors.come(opened.served.url, storage_state=opened.sessions[person])
    page = visitor.page()
    answer = page.goto(opened.served.url + place)
    assert answer
    yield page
    if not answer.ok:
        visitor.forgive(f"status of {answer.status}")


def at(page: Page, *sizes: dict[str, int]) -> Iterator[int]:
    """Load the page in windows of these sizes."""
    for size in sizes:
        page.set_viewport_size(size)
        page.reload()
        yield size["width"]


def barriers(page: Page) -> list[str]:
    """What axe-core finds in light, and in dark what depends on it."""
    found = []
    for scheme, rules in (("light", RULES), ("dark", {"runOnly": ["color-contrast"], "resultTypes": ["violations"]})):
        page.emulate_media(color_scheme=scheme)
        found += [
            f"{scheme}: {violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
            for violation in Axe().run(page, options=rules).response["violations"]
            for node in violation["nodes"]
        ]
    return found


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; nothing where it does not."""
    found: list[str] = page.evaluate(
        """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 160))"""
    )
    return found


def too_small(page: Page) -> list[str]:
    """Targets below 24 px, without those in the line of a sentence."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
          .filter((e) => e.checkVisibility() && !e.closest(".skip") && getComputedStyle(e).display !== "inline")
          .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 160)])
          .filter(([box]) => box.width < 24 || box.height < 24)
          .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""
    )
    return found


def hidden_focus(page: Page) -> list[str]:
    """What Tab leads to and nobody sees: outside the window, behind something, or without an outline."""
    found = []
    for _ in range(page.locator("a, button, summary, select, textarea, input").count() + 1):
        page.keyboard.press("Tab")
        fault = page.evaluate(
            """() => {
              const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
              if (e === document.body) return "end";
              const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
              const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
              const on = document.elementFromPoint(x, y);
              const seen = box.bottom > 0 && box.top < innerHeight && on && (e.contains(on) || on.contains(e));
              const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              return seen && outlined ? "" : `${seen ? "no outline" : "not seen"}: ${e.outerHTML.slice(0, 160)}`;
            }"""
        )
        if fault == "end":
            break
        found += [fault] if fault else []
    return found


@EACH
def test_axe_finds_no_barrier(shown: Page) -> None:
    for width in at(shown, DESKTOP, PHONE):
        assert not barriers(shown), f"{width} px"


@EACH
def test_a_phone_and_a_zoom_of_200_percent_lose_nothing(shown: Page) -> None:
    for width in at(shown, PHONE, ZOOMED):
        assert not too_wide(shown), f"{width} px"
        assert not too_small(shown), f"{width} px"
        assert not hidden_focus(shown), f"{width} px"


@pytest.mark.parametrize(("person", "place"), WITH_HELP)
def test_the_list_of_keys_has_no_barrier(shown: Page) -> None:
    for width in at(shown, DESKTOP, PHONE):
        shown.locator("#report-heading").focus()
        shown.keyboard.press("?")
        expect(shown.locator("#help")).to_be_visible()
        assert not barriers(shown), f"{width} px"
        assert not too_wide(shown)


@pytest.mark.parametrize(("person", "place"), [("reviewer_1", f"/screen/{STAGE}?report=A%3A1")])
def test_nothing_moves_where_motion_is_unwanted(shown: Page) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((e) => ["transitionDuration", "animationDuration"]
      .some((name) => getComputedStyle(e)[name].split(",").some((time) => parseFloat(time) > 0))).length"""
    shown.emulate_media(reduced_motion="no-preference")
    assert shown.evaluate(moving) > 0
    shown.emulate_media(reduced_motion="reduce")
    assert shown.evaluate(moving) == 0
    assert shown.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_the_pages_of_the_door_have_no_barrier(opened: Open, visitors: Visitors) -> None:
    visitor = visitors.come(opened.served.url, viewport=PHONE)
    page = visitor.page()
    for place in ("/", "/enter?token=wrong"):
        page.goto(opened.served.url + place)
        assert not barriers(page), place
        assert not too_wide(page)
    visitor.forgive("status of 403")
