"""Every table of the review as one Excel workbook, a sheet each, behind a sheet that says what each is."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from reviewflow.formulas import neutral

# The most rows and characters a cell that a sheet can hold (Excel specifications and limits).
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
# Characters that XML 1.0 has no form for.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBER = ("integer", "number")


class Table(NamedTuple):
    """One table: its path in the review, what it is, its columns with their types, and its rows of text."""

    path: str
    about: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]


def workbook(tables: Iterable[Table]) -> tuple[bytes, list[str]]:
    """The workbook, and what of the tables does not fit into it, in words."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    first = book.create_sheet("Contents")
    listed, told, sheets = list(tables), [], []
    for name, table in zip(sheet_names([t.path for t in listed]), listed, strict=True):
        fits = len(table.rows) < MOST_ROWS
        told += (
            [] if fits else [f"{table.path}: {len(table.rows):,} rows are more than a sheet holds; not in the workbook"]
        )
        sheets.append((name, table, fits))
    _write(first, Font, [("sheet", "string"), ("table", "string"), ("rows", "integer"), ("what it is", "string")], [
        [name if fits else "", table.path, str(len(table.rows)), table.about] for name, table, fits in sheets
    ])  # fmt: skip
    for name, table, fits in sheets:
        if fits:
            told += _write(book.create_sheet(name), Font, table.columns, table.rows, table.path)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), told


def sheet_names(paths: Sequence[str]) -> list[str]:
    """Names of at most 31 characters that differ whatever their case: the file's name, with its folder where two have
    the same, with a number where they still are."""
    names: list[str] = []
    for path in paths:
        parts = path.rsplit(".", 1)[0].split("/")
        tried = [parts[-1], " ".join(parts[-2:]), " ".join(parts[1:])]
        clean = [_FORBIDDEN.sub("_", t)[:31] for t in tried]
        taken = {n.lower() for n in names} | {"contents", "history"}
        numbered = (f"{clean[-1][:27]} {i}" for i in range(2, 10_000))
        names.append(next(n for n in (*clean, *numbered) if n.lower() not in taken))
    return names


def _write(
    sheet: Any, font: Any, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], path: str = ""
) -> list[str]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for i, (name, _) in enumerate(columns):
        longest = max((len(row[i]) for row in rows[:200] if i < len(row)), default=0)
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(60, max(len(name), longest) + 2)
    heads = []
    for name, _ in columns:
        cell = WriteOnlyCell(sheet, name)
        cell.font = font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    cut = 0
    for row in rows:
        cells = [_cell(text, kind) for text, (_, kind) in zip(row, columns, strict=False)]
        cut += sum(len(text) > MOST_CHARACTERS for text in row)
        sheet.append(cells)
    if columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(1, len(rows) + 1)}"
    return [f"{path}: {cut} cells are longer than a sheet's cell holds, and end where it ends"] if cut else []


def _cell(text: str, kind: str) -> str | int | float | bool | None:
    if text == "":
        return None
    if kind in _NUMBER:
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return neutral(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return _CONTROL.sub("\ufffd", neutral(text))[:MOST_CHARACTERS]
