"""The report of a review that has everything: WCAG 2.2 AA, links that lead somewhere, and what prints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessible import DESKTOP, PHONE, barriers, too_small, too_wide
from tests.workflow.review import CASES, ROOT, Review, copy_people


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the rich review."""
    folder = tmp_path_factory.mktemp("rich") / "review"
    copy_people(CASES / "rich", folder)
    Review(folder, ROOT).run()
    return folder / "results" / "report" / "index.html"


@pytest.fixture
def shown(browser: Browser, address: Path) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(address.as_uri())
    yield page
    page.close()


def test_axe_finds_no_barrier_with_everything_unfolded(shown: Page) -> None:
    for size in (DESKTOP, PHONE):
        shown.set_viewport_size(size)  # type: ignore[arg-type]
        shown.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        assert not barriers(shown), f"{size['width']} px"
        assert not too_wide(shown), f"{size['width']} px"
        assert not too_small(shown), f"{size['width']} px"


def test_links_within_the_page_and_to_its_files_lead_somewhere(shown: Page, address: Path) -> None:
    targets: list[str] = shown.evaluate("[...document.querySelectorAll('a[href]')].map((e) => e.getAttribute('href'))")
    inside = [target for target in targets if target.startswith("#")]
    assert inside
    assert not shown.evaluate(
        "(all) => all.filter((to) => !document.getElementById(decodeURIComponent(to.slice(1))))", inside
    )
    files = {target.partition("#")[0] for target in targets if not target.startswith(("#", "http", "mailto:"))}
    assert len(files) > 20
    assert not [file for file in files if not (address.parent / file).is_file()]


def test_every_figure_says_what_it_is_and_shows(shown: Page) -> None:
    found: list[list[str]] = shown.evaluate(
        """() => [...document.querySelectorAll("figure svg")]
          .map((e) => [e.querySelector("title")?.textContent ?? "", e.querySelector("desc")?.textContent ?? ""])"""
    )
    assert len(found) > 30
    assert all(title and told for title, told in found)


def test_what_is_folded_up_is_printed(shown: Page) -> None:
    folded = "document.querySelectorAll('details:not([open])').length"
    before = shown.evaluate(folded)
    assert before > 10
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.evaluate(folded) == 0
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.evaluate(folded) == before


def test_a_link_into_something_folded_up_unfolds_it(shown: Page) -> None:
    inside = shown.evaluate(
        "[...document.querySelectorAll('details:not([open]) [id]')].find((e) => !e.closest('svg')).id"
    )
    place = shown.locator(f'[id="{inside}"]')
    assert not place.is_visible()
    shown.evaluate("(to) => { location.hash = to }", f"#{inside}")
    expect(place).to_be_visible()
