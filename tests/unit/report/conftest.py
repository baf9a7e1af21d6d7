"""The sample review, its report, and a reader of its page."""

from typing import Any

import pytest
import report_sample as sample
from reviewflow import report

from tests.page_reader import Build, Page


@pytest.fixture
def build() -> Build:
    """Build the report of the sample review, any part of it replaced."""

    def built(**parts: Any) -> dict[str, str]:
        given = {
            "config": sample.CONFIG,
            "tables": sample.tables(),
            "provenance": sample.PROVENANCE,
            "strategies": sample.STRATEGIES,
            **parts,
        }
        return report.build(**given)

    return built


@pytest.fixture(scope="session")
def files() -> dict[str, str]:
    """The report of the finished sample review."""
    return report.build(sample.CONFIG, sample.tables(), sample.PROVENANCE, sample.STRATEGIES)


@pytest.fixture(scope="session")
def page(files: dict[str, str]) -> Page:
    """Its page."""
    return Page(files["index.html"])
