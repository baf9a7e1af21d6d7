"""The pages that describe every key and column, made from the schemas: config/README.md and docs/tables.md.

Pure functions from schemas to Markdown. A test compares the pages with what these functions make of the schemas, and
`pytest --fix` writes them anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reviewflow.config import config_schema
from reviewflow.schema import Column, Schema, schema, schema_names

_NOTE = "<!-- Made from workflow/schemas by workflow/lib/reviewflow/reference.py; `pytest --fix` writes it anew. -->"
# The folders in the order in which a review goes through them; a folder that is not named comes last.
_ORDER = ("search", "dedupe", "screening", "extraction", "appraisal", "synthesis", "published")
_CONFIG_HEAD = f"""\
# The protocol and the tables that people write

{_NOTE}

`config/` is what the team decides beforehand: `config.yaml` and three tables. `records/` is what people write during
the review. The workflow reads both and changes neither. This page lists every key of `config.yaml` and every column of
every table; each table of the workflow's own answer, `results/`, is in [docs/tables.md](../docs/tables.md).

## How tables are read

- CSV as a text editor, Excel or LibreOffice saves it: UTF-8 with or without byte order mark, cells separated by `,`,
  `;` or tab. In a file whose cells are not separated by commas, a number may have a decimal comma.
- Each table has all of its columns, in any order, and no other column; only columns marked *optional* may be left out.
  A blank cell is a missing value; a cell marked *needed* must be filled.
- A file that is not there is a table without rows. Rows may stand in any order.
- A day is written `2020-05-17`, a month `2020-05`, a time `2020-05-17T09:30:00Z`; a time without a zone is read as UTC.
- A list has `;` between its values.
- Whatever is wrong is reported at once for all files, each fault with its file, line, column and mend.

In paths, STAGE is `title_abstract` or `full_text`, and REVIEWER, EXTRACTOR and ASSESSOR are the names that
`config.yaml` gives.
"""
_TABLES_HEAD = f"""\
# The tables that the workflow writes

{_NOTE}

CSV in UTF-8, a blank cell where a value is missing, rows sorted by the key, lists with `;` between their values,
numbers written so that they read back exactly. Whatever is in `results/` can be made again from `config/` and
`records/`. A column marked *filled* never has a blank cell.

Not in this list: `results/screening/PRISMA.csv`, the flow as the PRISMA2020 package for R reads it, and
`results/report/tables/`, each table of the report as its reader sees it.
"""
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "date": "day",
    "datetime": "day or time",
    "partial_date": "day, month or year",
    "list": "list",
}
_PATTERNS = {
    "^[A-Za-z0-9_-]+$": "letters, digits, `_` and `-`",
    "^[a-z][a-z0-9_]*$": "small letters, digits and `_`",
}
_BOUNDS = {"minimum": "at least", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}


class Key(NamedTuple):
    """One key of config.yaml by its path: NAME stands for a name that the team gives, [] for each entry of a list."""

    path: str
    spec: Mapping[str, Any]
    required: bool


def pages() -> dict[str, str]:
    """The generated pages by their places in the repository."""
    tables = [schema(name) for name in schema_names()]
    of_people = [table for table in tables if not table.name.startswith("results/")]
    return {
        "config/README.md": config_page(config_schema(), of_people),
        "docs/tables.md": tables_page([table for table in tables if table.name.startswith("results/")]),
    }


def config_page(declared: Mapping[str, Any], tables: Sequence[Schema]) -> str:
    """The page on config.yaml and the tables that people write."""
    groups = [_group(name, spec) for name, spec in declared["properties"].items()]
    parts = [_CONFIG_HEAD, f"## config.yaml\n\n{declared['description']}\n", *groups]
    for folder in ("config", "records"):
        parts.append(f"## Tables in {folder}/\n")
        parts += [_table(table) for table in _ordered(tables) if table.name.startswith(f"{folder}/")]
    return "\n".join(parts)


def tables_page(tables: Sequence[Schema]) -> str:
    """The page on the tables of results/."""
    return "\n".join([_TABLES_HEAD, *(_table(table, "##", "filled") for table in _ordered(tables))])


def keys(path: str, spec: Mapping[str, Any], required: bool) -> Iterator[Key]:
    """A key and all keys below it."""
    yield Key(path, spec, required)
    inner, prefix = (spec["items"], f"{path}[]") if spec["type"] == "array" else (spec, path)
    for name, below in inner.get("properties", {}).items():
        yield from keys(f"{prefix}.{name}", {"type": "string"} | below, name in inner.get("required", ()))
    named = inner.get("additionalProperties")
    if isinstance(named, dict):
        yield from keys(f"{prefix}.NAME", named, False)


def place(table: Schema) -> str:
    """The path of a table's file, its placeholders in capitals."""
    path = table.path or f"{table.name}.csv"
    for word in ("stage", "reviewer", "extractor", "assessor"):
        path = path.replace(f"{{{word}}}", word.upper())
    return path.replace("worksheets.csv", "worksheets/STAGE_REVIEWER.csv")


def _group(name: str, spec: Mapping[str, Any]) -> str:
    rows = [(f"`{key.path}`", _value(key.spec), _default(key), key.spec.get("description", "")) for key in
            keys(name, spec, False) if key.path != name and _is_leaf(key)]  # fmt: skip
    return f"### {name}\n\n{spec['description']}\n\n{_markdown(('key', 'value', 'default', 'meaning'), rows)}\n"


def _is_leaf(key: Key) -> bool:
    """Whether the key has a value of its own: a group of keys is shown by its keys."""
    return bool(key.spec["type"] != "object")


def _default(key: Key) -> str:
    if key.required:
        return "needed"
    default = key.spec.get("default", "")
    return {"": "blank", "[]": "empty"}.get(str(default), f"`{str(default).lower()}`")


def _value(spec: Mapping[str, Any]) -> str:
    """What may stand there, in words."""
    if "enum" in spec:
        return _either(spec["enum"])
    if spec["type"] == "array":
        inner = spec["items"]
        return f"list; each {'a group of keys' if inner['type'] == 'object' else _value(inner)}"
    words = _WORDS[spec["type"]]
    bounds = [f"{word} {spec[bound]}" for bound, word in _BOUNDS.items() if bound in spec]
    pattern = spec.get("pattern", "")
    form = [f"of {_PATTERNS.get(pattern, f'the form `{pattern}`')}"] if pattern else []
    return " ".join([words, " and ".join([*bounds, *form])]).strip()


def _ordered(tables: Iterable[Schema]) -> list[Schema]:
    def rank(table: Schema) -> tuple[bool, int, str]:
        folder = table.name.split("/")[1]
        return "/" not in place(table), _ORDER.index(folder) if folder in _ORDER else len(_ORDER), table.name

    return sorted(tables, key=rank)


def _table(table: Schema, mark: str = "###", required: str = "needed") -> str:
    key = f"Key: {', '.join(f'`{c}`' for c in table.key)}." if table.key else "No key."
    rows = [(f"`{c.name}`", _cell(c), _presence(c, required), c.about) for c in table.columns.values()]
    listed = _markdown(("column", "value", "", "meaning"), rows)
    return f"{mark} {place(table)}\n\n{table.about}\n\n{key}\n\n{listed}\n"


def _cell(column: Column) -> str:
    words = _either(column.values) if column.values else _WORDS[column.type]
    return words if column.minimum is None else f"{words} at least {column.minimum:g}"


def _presence(column: Column, required: str) -> str:
    if column.optional:
        return "optional"
    return required if column.required else ""


def _either(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
