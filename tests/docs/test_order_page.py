"""docs/order.md says what the order and the stopping test are, and the commands that it shows work."""

import re
import shlex
from pathlib import Path

import pytest
from reviewflow.cli import _parser
from reviewflow.order import ASSUMPTIONS
from reviewflow.order.features import _MOST
from reviewflow.order.ranking import _C

PAGE = (Path(__file__).resolve().parents[2] / "docs/order.md").read_text(encoding="utf-8")
PLAIN = " ".join(PAGE.split())
COMMANDS = re.findall(r"^\.venv/bin/reviewflow (order .*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_is_understood(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).command == "order"


def test_the_page_shows_commands() -> None:
    assert len(COMMANDS) >= 4


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_each_assumption_is_on_the_page(assumption: str) -> None:
    assert assumption in PLAIN


def test_the_page_names_the_settings_that_are_used() -> None:
    assert f"C = {_C:g}," in PLAIN
    assert f"more than {_MOST * 100:.0f} of 100 texts" in PLAIN
