"""docs/interchange.md says what the formats hold, and the commands that it shows work."""

import re
import shlex
from pathlib import Path

import pytest
from reviewflow.cli import _parser
from reviewflow.interchange import FORMATS, TABLES, TOOLS
from reviewflow.interchange.already import CONSENSUS

PAGE = (Path(__file__).resolve().parents[2] / "docs/interchange.md").read_text(encoding="utf-8")
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
IN = PAGE.split("## Decisions in")[1]
ROWS = {
    row[0].strip("` "): row
    for row in (line.split("|")[1:-1] for line in PAGE.split("## Decisions in")[0].splitlines() if line.startswith("|"))
}
COMMANDS = re.findall(r"^\.venv/bin/reviewflow ((?:export|import) .*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_has_no_place_for_is_on_the_page(name: str) -> None:
    assert tuple(re.findall(r"`(\w+)`", ROWS[name][3])) == FORMATS[name].lost
    assert f"`{name}`" in README.split("## What is given back")[1].split("\n## ")[0]


def test_every_table_that_has_a_name_is_on_the_page() -> None:
    assert [name for name in TABLES if f"`{name}`" not in PAGE.split("## Which decisions")[0]] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_is_understood(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).command == command.split()[0]


def test_the_page_shows_commands() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_that_is_imported_from_has_a_row_and_a_command(tool: str) -> None:
    rows = [line for line in IN.splitlines() if line.startswith(f"| `{tool}` |")]
    assert [row.count("|") for row in rows] == [7]
    assert any(f"--format {tool}" in command for command in COMMANDS if command.startswith("import"))


def test_every_option_of_the_import_is_on_the_page() -> None:
    subparsers = next(action for action in _parser()._actions if action.dest == "command")
    options = {name for action in subparsers.choices["import"]._actions for name in action.option_strings}
    shown = {name for name in options if name.startswith("--")} - {"--help", "--directory"}
    assert sorted(name for name in shown if name not in IN) == []
    assert CONSENSUS.strip() in IN
