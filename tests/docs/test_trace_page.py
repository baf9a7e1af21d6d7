"""docs/trace.md describes each key that `reviewflow trace --json` writes."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from reviewflow.trace import tree

PAGE = (Path(__file__).resolve().parents[2] / "docs/trace.md").read_text(encoding="utf-8")
PARTS = (
    tree.Trace, tree.State, tree.Record, tree.Report, tree.Stage, tree.Study, tree.Extracted, tree.Effect, tree.Place,
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_the_page_has_each_key_of_the_json(part: type) -> None:
    section = PAGE.split(f"\n### {part.__name__}\n", 1)[1].split("\n### ", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [field.name for field in fields(part)]


def test_no_part_of_the_json_is_left_out() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == [part.__name__ for part in PARTS]
