"""Rendering: sections to one HTML file, tables to CSV."""

import base64
import csv
import hashlib
import io
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from .document import Block, Page, Table, walk
from .svg import clean
from .wording import typographic

TEMPLATES = Path(__file__).parents[3] / "templates"


def html(page: Page) -> str:
    """The page. Everything in it is inside this one text; nothing is fetched."""
    code = _asset("page.js").strip()
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    text = _template().render(
        page=page,
        style=_asset("page.css").strip(),
        script=code,
        script_source=f"'sha256-{digest}'",
    )
    return clean(text)


def csvs(blocks: Sequence[Block]) -> dict[str, str]:
    """Each table that has a file, by that file's name."""
    tables = [block for block in walk(tuple(blocks)) if isinstance(block, Table) and block.file]
    return {f"tables/{table.file}.csv": to_csv(table) for table in tables}


def to_csv(table: Table) -> str:
    """A table as CSV; the name of a row's group stands in a first column of its own."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*([table.group] if table.group else []), *(head.label for head in table.heads)])
    for row in table.rows:
        writer.writerow([*([row.group] if table.group else []), *(cell.text for cell in row.cells)])
    return out.getvalue()


def escaping(folder: Path) -> Environment:
    """Templates of a folder, in which all that is put in is text and a name that is not there is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _template() -> Template:
    environment = escaping(TEMPLATES)
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["runs"] = lambda rows: [
        (name, list(found)) for name, found in groupby(rows, lambda row: row.group)
    ]
    environment.filters["typographic"] = typographic
    return environment.get_template("page.html.j2")


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
