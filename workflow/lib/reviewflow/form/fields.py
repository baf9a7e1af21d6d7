"""The fields of the form, declared once: the columns of workflow/schemas/records/extraction/ and the review's own of
config.yaml."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviewflow.schema import Column, schema

TABLES = ("studies", "arms", "results")
# The keys of config.yaml that declare the review's own fields of each table.
OWN = {"studies": "study_fields", "arms": "arm_fields", "results": "result_fields"}
_TYPES = {"text": "string", "choice": "enum", "date": "partial_date", "yes_no": "enum"}
_YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Field:
    """One field. `column` says what a cell may hold, `own` whether the review declared it, `in_table` whether the
    report's tables show it."""

    column: Column
    label: str
    unit: str = ""
    key: bool = False
    own: bool = False
    in_table: bool = False

    @property
    def name(self) -> str:
        """The column that it fills."""
        return self.column.name

    @property
    def heading(self) -> str:
        """Label and unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


def form(config: Mapping[str, Any]) -> dict[str, tuple[Field, ...]]:
    """The fields of each table in the order of its columns: key, the review's own, then the others."""
    return {table: _fields(table, config) for table in TABLES}


def own_columns(config: Mapping[str, Any], table: str) -> tuple[Column, ...]:
    """The review's own columns of studies, arms or results."""
    return tuple(field.column for field in _own(config, table))


def columns_of(config: Mapping[str, Any]) -> dict[str, dict[str, Column]]:
    """All columns of each table by their names, the review's own behind those of the schema."""
    return {
        table: schema(f"records/extraction/{table}").columns
        | {column.name: column for column in own_columns(config, table)}
        for table in TABLES
    }


def _fields(table: str, config: Mapping[str, Any]) -> tuple[Field, ...]:
    declared = schema(f"records/extraction/{table}")
    given = [Field(c, c.name.replace("_", " "), key=c.name in declared.key) for c in declared.columns.values()]
    first = [field for field in given if field.key or field.name == "label"]
    return (*first, *_own(config, table), *(field for field in given if field not in first))


def _own(config: Mapping[str, Any], table: str) -> Iterator[Field]:
    for spec in _specs(config, table):
        kind = spec.get("type", "text")
        values = _YES_NO if kind == "yes_no" else tuple(spec.get("values", ()))
        about = spec.get("help") or spec["label"]
        column = Column(spec["name"], _TYPES.get(kind, kind), about, spec.get("required", False), values=values)
        shown = spec.get("in_table", table != "results")
        yield Field(column, spec["label"], spec.get("unit", ""), own=True, in_table=shown)


def _specs(config: Mapping[str, Any], table: str) -> Sequence[Mapping[str, Any]]:
    specs: Sequence[Mapping[str, Any]] = config["extraction"].get(OWN[table], ())
    return specs
