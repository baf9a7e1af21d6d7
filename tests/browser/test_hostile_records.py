"""Records come from anybody: whatever their texts are, the page shows them as text and does nothing else."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.browser.desk_server import room
from tests.browser.visitors import Visitors
from tests.unit.desk.desk_room import ask, lines, report

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "image": '<img src="http://192.0.2.1/x.png" onerror="alert(2)">',
    "attribute": '" autofocus onfocus="alert(3)" x=\'',
    "handler": "</h1></main><svg onload=alert(4)><details open ontoggle=alert(5)>",
    "htmx": '<a hx-get="http://192.0.2.1/" hx-trigger="load" hx-on:click="alert(6)">x</a>',
    "style": "<style>@import url(http://192.0.2.1/x.css)</style><link rel=stylesheet href=//192.0.2.1/y.css>",
    "frame": '<iframe srcdoc="<script>parent.alert(7)</script>"></iframe><base href="http://192.0.2.1/">',
    "template": "{{ 7 * 7 }} {% include 'x' %} ${7*7} <!--#exec cmd=ls-->",
    "escaped": "&lt;script&gt;alert(8)&lt;/script&gt; &#x3C;b&#x3E;",
    "close": "]]></textarea></title></style></script><script>alert(9)</script>",
    "link": "javascript:alert(10)",
    "formula": '=HYPERLINK("http://192.0.2.1/","x")',
}
_REVERSED = "Trial \u202egnorw\u202c of \u2066amber\u2069 tea \u200b\u0000".replace("\0", "")


def everywhere(name: str, text: str) -> dict[str, str]:
    """A record with a text in each field that the page shows."""
    fields = ("title", "translated_title", "authors", "journal", "volume", "issue", "pages", "doi", "abstract")
    return report(name, **dict.fromkeys(fields, text))


def text_of(page: Page, place: str) -> str:
    return " ".join((page.locator(place).first.text_content() or "").split())


@pytest.mark.parametrize("stage", ["title_abstract", "full_text"])
def test_markup_in_records_is_text(visitors: Visitors, serve: Serve, tmp_path: Path, stage: str) -> None:
    names = list(ATTACKS)
    root = room(
        tmp_path / "review", [everywhere(name, text) for name, text in ATTACKS.items()],
        [ask(f"A:{name}", stage) for name in names],
    )  # fmt: skip
    served = serve(root, "--as", "reviewer_1")
    page = visitors.enter(served.link)
    for name, text in ATTACKS.items():
        page.goto(f"{served.url}/screen/{stage}?report=A%3A{name}")
        assert text_of(page, "#report-heading") == text
        assert text in text_of(page, ".abstract")
        assert text in text_of(page, ".where")
    for place in (
        f"/list/{stage}",
        f"/find/{stage}?q=script",
        "/sought",
        f"/find/{stage}?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ):
        page.goto(f"{served.url}{place}")
        expect(page.locator("main")).to_be_visible()
    assert page.locator("main img, main svg, main iframe, main style, main script, main base").count() == 0


def test_what_a_person_types_is_text_in_the_page_and_in_the_file(
    visitors: Visitors, serve: Serve, tmp_path: Path
) -> None:
    root = room(tmp_path / "review", [report(1), report(2)])
    served = serve(root, "--as", "reviewer_1")
    page = visitors.enter(served.link)
    note = '=cmd|"/c calc"!A1 <script>alert(1)</script>'
    page.goto(f"{served.url}/screen/title_abstract?report=A%3A1")
    page.locator("#note").fill(note)
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.locator("#live")).to_contain_text("Included")
    page.goto(f"{served.url}/screen/title_abstract?report=A%3A1")
    expect(page.locator("#note")).to_have_value(note)
    assert lines(root)[0]["note"] == f"'{note}"
    page.goto(f"{served.url}/list/title_abstract")
    expect(page.locator("main")).to_contain_text(note)


def test_an_override_of_direction_turns_nothing_outside_its_record(
    visitors: Visitors, serve: Serve, tmp_path: Path
) -> None:
    served = serve(room(tmp_path / "review", [everywhere("1", _REVERSED), report(2)]), "--as", "reviewer_1")
    page = visitors.enter(served.link)
    for place in ("/screen/title_abstract?report=A%3A1", "/list/title_abstract", "/find/title_abstract?q=amber"):
        page.goto(f"{served.url}{place}")
        shown = page.locator("main").inner_text() + page.title()
        assert not set("\u202e\u202d\u202a\u202b\u2066\u2067\u2068") & set(shown), (
            "a reader cannot see what turns the text"
        )


def test_a_text_of_a_megabyte_leaves_the_page_usable(visitors: Visitors, serve: Serve, tmp_path: Path) -> None:
    huge = "amber " * 170_000 + "tea"
    served = serve(
        room(tmp_path / "review", [report(1, abstract=huge, title="A" * 100_000), report(2)]), "--as", "reviewer_1"
    )
    page = visitors.enter(served.link, viewport={"width": 320, "height": 640})
    page.goto(f"{served.url}/screen/title_abstract?report=A%3A1")
    expect(page.locator("main")).to_contain_text(f"The abstract has {len(huge)} characters")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.keyboard.press("e")
    expect(page.locator("#live")).to_contain_text("Excluded. 1 left.")
    page.goto(f"{served.url}/text?report=A%3A1")
    assert len(page.locator("body").inner_text()) >= len(huge)
