"""config/README.md and docs/tables.md say what the schemas declare."""

from pathlib import Path
from typing import Any

import pytest
from reviewflow.config import config_schema
from reviewflow.reference import config_page, keys, pages, place
from reviewflow.schema import Column, Schema, schema, schema_names

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", pages())
def test_the_page_is_what_the_schemas_make_of_it(page: str, fix: bool) -> None:
    if fix:
        (REPO / page).write_text(pages()[page], encoding="utf-8", newline="\n")
    assert (REPO / page).read_text(encoding="utf-8") == pages()[page], "accept it with `pytest --fix tests/docs`"


def test_each_key_of_the_configuration_is_described_and_documented() -> None:
    text = pages()["config/README.md"]
    properties = config_schema()["properties"]
    declared = [key for name, spec in properties.items() for key in keys(name, spec, required=False)]
    assert [key.path for key in declared if not key.spec.get("description") and not key.path.endswith(".NAME")] == []
    leaves = [key.path for key in declared if key.spec["type"] != "object"]
    assert len(leaves) >= 20
    assert [path for path in leaves if f"| `{path}` |" not in text] == []


@pytest.mark.parametrize("name", schema_names())
def test_each_column_of_the_table_is_documented(name: str) -> None:
    table = schema(name)
    page = pages()["docs/tables.md" if name.startswith("results/") else "config/README.md"]
    section = page.split(f"# {place(table)}\n", 1)[1].split("\n#", 1)[0]
    assert table.about in section
    assert [c for c in table.columns if f"| `{c}` |" not in section] == []
    assert set(table.key) <= set(table.columns)


def test_a_page_says_what_may_stand_in_a_cell() -> None:
    columns = [
        Column("n", "integer", "Participants, |a|", required=True, minimum=0),
        Column("role", "enum", "Side", values=("experimental", "control")),
        Column("title", "string", "Title", optional=True),
    ]
    table = Schema("records/made/up", "Made up.", ("n",), {c.name: c for c in columns}, "records/{reviewer}/up.csv")
    group: dict[str, Any] = {"type": "object", "description": "A group.", "properties": {}}
    key = {"type": "number", "exclusiveMinimum": 50, "exclusiveMaximum": 100, "default": 95, "description": "Level"}
    group["properties"]["level"] = key
    page = config_page({"description": "All.", "properties": {"made": group}, "required": []}, [table])
    assert "| `made.level` | number above 50 and below 100 | `95` | Level |" in page
    assert "### records/REVIEWER/up.csv" in page
    assert "| `n` | whole number at least 0 | needed | Participants, \\|a\\| |" in page
    assert "| `role` | `experimental`, `control` |  | Side |" in page
    assert "| `title` | text | optional | Title |" in page
