"""What docs/pool.md says of the command is so."""

import argparse
import re
from pathlib import Path

import pytest
from reviewflow.cli import main
from reviewflow.commands import pool

REPO = Path(__file__).resolve().parents[2]
PAGE = (REPO / "docs/pool.md").read_text(encoding="utf-8")


def options() -> set[str]:
    parser = argparse.ArgumentParser()
    pool.add(parser.add_subparsers())
    found = parser._subparsers._group_actions[0].choices["pool"]  # type: ignore[union-attr,index]
    return {name for action in found._actions for name in action.option_strings if name.startswith("--")}


def test_each_option_is_on_the_page_and_each_on_the_page_is_one() -> None:
    named = set(re.findall(r"--[a-z][a-z0-9-]+", PAGE))
    # The same under another name.
    assert options() - {"--help", "--meta-regression"} == named


def test_the_faults_of_the_page_are_those_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    good = "4,30,6,30\n"
    lines = ["ai,n1i,ci,n2i\n", good, good, "31,30,6,30\n", good, good, "4,30,6,2O\n"]
    Path("DATA.csv").write_text("".join(lines), encoding="utf-8")
    assert main(["pool", "DATA.csv", "--measure", "RR"]) == 1
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    assert capsys.readouterr().err == shown.group(1)
