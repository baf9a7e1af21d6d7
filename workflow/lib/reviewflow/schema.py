"""Schemas: the one declaration of each table's columns, read from workflow/schemas."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True)
class Column:
    """One column. `type` is string, integer, number, boolean, date, datetime, partial_date (a day, month or
    year), enum or list (`;` between values)."""

    name: str
    type: str
    about: str
    required: bool = False
    optional: bool = False
    values: tuple[str, ...] = ()
    minimum: float | None = None


@dataclass(frozen=True)
class Schema:
    """One table. `path` is a pattern with {stage} or {reviewer} for tables that people write."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: dict[str, Column] = field(hash=False)
    path: str = ""
    extra_columns: str = ""


def _column(name: str, spec: dict[str, Any]) -> Column:
    return Column(name=name, **{**spec, "values": tuple(spec.get("values", ()))})


def load_yaml(text: str) -> Any:
    """YAML by the fastest safe loader there is."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 both are safe


@cache
def schema(name: str) -> Schema:
    """The schema of the table `name`, such as records/search/searches or results/dedupe/clusters."""
    spec = load_yaml((SCHEMAS / f"{name}.yaml").read_text(encoding="utf-8"))
    columns = {column: _column(column, values) for column, values in spec["columns"].items()}
    return Schema(name, spec["about"], tuple(spec["key"]), columns, spec.get("path", ""), spec.get("extra_columns", ""))


@cache
def workflow_data(name: str) -> Any:
    """Data that the workflow brings along, workflow/NAME.yaml, such as units. Callers must not change it."""
    return load_yaml((SCHEMAS.parent / f"{name}.yaml").read_text(encoding="utf-8"))


def tool_schema() -> dict[str, Any]:
    """The JSON schema of a tool of appraisal."""
    loaded: dict[str, Any] = load_yaml((SCHEMAS / "tool.schema.yaml").read_text(encoding="utf-8"))
    return loaded


def schema_names() -> list[str]:
    """Names of all tables, sorted."""
    return sorted(str(p.relative_to(SCHEMAS).with_suffix("")) for p in SCHEMAS.glob("*/**/*.yaml"))
