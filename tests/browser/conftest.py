"""Chromium, visitors of the page, and servers that end with their test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.desk_server import Served
from tests.browser.visitors import PATIENCE, Visitors
from tests.workflow.conftest import code, review, shared

__all__ = ["code", "review", "shared"]

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MISSING = f"none of {', '.join(_NAMES)} is installed, so nothing was tested in a browser: apt-get install chromium"
Serve = Callable[..., Served]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for test in items:
        if Path(__file__).parent in test.path.parents:
            test.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if not found and os.environ.get("CI"):
        pytest.fail(_MISSING)
    return found or pytest.skip(_MISSING)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Root, which containers run as, cannot have Chromium's sandbox.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Visitors]:
    """Browsers that must have complained of nothing, unless the test forgave it."""
    visitors = Visitors(browser)
    yield visitors
    complaints = visitors.complaints()
    for visitor in visitors.all:
        visitor.context.close()
    assert not complaints, complaints


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start the page on a review."""
    started: list[Served] = []

    def start(root: Path, *arguments: str) -> Served:
        started.append(Served(root, *arguments))
        return started[-1]

    yield start
    for served in started:
        served.end()
