"""Faults of the review's own fields in config.yaml that the schema of one field does not show."""

from collections.abc import Iterator, Mapping
from typing import Any

from reviewflow.schema import schema

from .fields import OWN

# Key within the group extraction, place in its list, problem, mend.
Trouble = tuple[str, int, str, str]


def field_faults(extraction: Mapping[str, Any]) -> Iterator[Trouble]:
    """Each fault of study_fields, arm_fields and result_fields; what is of the wrong type is the schema's to say."""
    for table, key in OWN.items():
        listed = extraction.get(key)
        specs = listed if isinstance(listed, list) else []
        seen: set[str] = set()
        for place, spec in enumerate(specs):
            if isinstance(spec, dict):
                yield from ((key, place, *trouble) for trouble in _troubles(table, spec, seen))
                seen.add(str(spec.get("name")))


def _troubles(table: str, spec: Mapping[str, Any], seen: set[str]) -> Iterator[tuple[str, str]]:
    name, values = spec.get("name"), spec.get("values", [])
    if name in _taken(table):
        yield f'"{name}" is a column of {table}.csv already', "fill in that column, or give this one another name"
    if name in seen:
        yield f'"{name}" stands twice', "keep one field of that name"
    if spec.get("type") == "choice" and not values:
        yield f'"{name}" is a choice without values', "list what can be chosen in values"
    if spec.get("type") != "choice" and values:
        yield f'"{name}" has values and is no choice', "write type: choice, or remove values"
    if isinstance(values, list) and len({str(value).strip() for value in values}) < len(values):
        yield f'"{name}" has a value twice', "keep each value once"


def _taken(table: str) -> set[str]:
    """Columns that are there: of people's table, and of the consensus where that has the review's own, too."""
    names = [f"records/extraction/{table}"] + ([] if table == "results" else [f"results/extraction/{table}"])
    return {column for name in names for column in schema(name).columns}
