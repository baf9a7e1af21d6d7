"""docs/extraction.md says what the form, the command and the tables of extraction are."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from reviewflow.cli import _parser
from reviewflow.config import config_schema, read_config
from reviewflow.schema import schema

PAGE = (Path(__file__).resolve().parents[2] / "docs/extraction.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())
COMMANDS = sorted(set(re.findall(r"`\.venv/bin/reviewflow (extract [^`]*)`", FLAT)))


def test_the_page_shows_commands_and_they_are_understood() -> None:
    assert len(COMMANDS) == 4
    for command in COMMANDS:
        assert _parser().parse_args(shlex.split(command)).command == "extract"


def test_the_example_of_the_configuration_is_one_and_shows_types(tmp_path: Path) -> None:
    example = PAGE.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "config.yaml").write_text(example, encoding="utf-8")
    read_config(tmp_path / "config.yaml")
    shown = [spec.get("type") for part in yaml.safe_load(example)["extraction"].values() if isinstance(part, list)
             for spec in part if isinstance(spec, dict)]  # fmt: skip
    known = config_schema()["properties"]["extraction"]["properties"]["study_fields"]["items"]["properties"]["type"]
    assert {*shown} <= {*known["enum"]}


@pytest.mark.parametrize(
    ("table", "column"),
    [("results/extraction/as_extracted", "how"), ("records/extraction/overlaps", "verdict")],
)
def test_every_code_of_these_columns_is_on_the_page(table: str, column: str) -> None:
    assert [value for value in schema(table).columns[column].values if f"`{value}`" not in PAGE] == []


def test_each_table_that_the_page_names_is_one_of_extraction() -> None:
    for name in re.findall(r"^\| `(\w+)\.csv` \|", PAGE, re.MULTILINE):
        assert schema(f"results/extraction/{name}").about
    for column in ("mean_se", "median", "q1", "q3", "sd"):
        assert column in schema("records/extraction/results").columns
