"""Options and fixtures for all tests."""

import pytest
from hypothesis import settings

# How long an example takes says nothing but how busy the machine is; speed is measured in benchmarks/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fix", action="store_true", help="accept what the code generates as the new golden files")


@pytest.fixture
def fix(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--fix"))
