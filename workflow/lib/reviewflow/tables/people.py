"""Reading what people wrote: CSV as Excel, LibreOffice or a text editor saves it, checked against its schema."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from reviewflow.faults import DataFaults, Fault
from reviewflow.schema import Column, Schema, schema

csv.field_size_limit(2**31 - 1)
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,300},\d{1,300}")
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Written:
    """A table as its file has it: columns, and lines of cells with the number of each. `comma`: a number may have a
    decimal comma (only where the comma does not separate cells)."""

    header: list[str]
    rows: list[Row]
    comma: bool = False
    line: int = 1


def read_people(path: Path, table: str, root: Path, extra: Sequence[str | Column] = ()) -> pd.DataFrame:
    """Read one file that people wrote.

    `table` names its schema, `extra` the review's own columns (text where only the name is given). The frame has the
    schema's columns and these, typed (string columns and lists "" where blank, integer Int64, number float64, boolean
    bool), and `_file` (relative to `root`) and `_line` for messages. Raises DataFaults with all faults of the file.
    """
    name = str(path.relative_to(root))
    return people_frame(name, _rows(path, name), table, extra)


def read_cells(path: Path, root: Path) -> Written:
    """The cells of a file that people wrote, as they are written. Raises DataFaults where it is no table."""
    return _rows(path, str(path.relative_to(root)))


def people_frame(name: str, written: Written, table: str, extra: Sequence[str | Column] = ()) -> pd.DataFrame:
    """The frame of `read_people` from cells that were read already; `name` is what faults call their file."""
    declared = schema(table)
    columns = further(extra)
    header = written.header
    faults = list(_header_faults(name, header, declared, [c.name for c in columns]))
    # A header alone is no extraction yet, and its team may still choose which fields of its own to extract.
    if columns and not written.rows:
        faults = [fault for fault in faults if fault.column in declared.columns]
    if faults:
        raise DataFaults(faults)
    if columns and not written.rows:
        return empty_people(table, extra)
    rows = _padded(written.rows, header, declared)
    faults = [
        Fault(name, line, "", f"{len(cells)} cells where the header has {len(header)}", "give each column a cell")
        for line, cells in rows
        if len(cells) != len(header)
    ]
    rows = [(line, cells) for line, cells in rows if len(cells) == len(header)]
    filled = {c: [cells[i].strip() for _, cells in rows] for i, c in enumerate(header)}
    lines = [line for line, _ in rows]
    frame: dict[str, pd.Series] = {}
    for column in [*declared.columns.values(), *columns]:
        cells = filled.get(column.name, [""] * len(rows))
        if written.comma and column.type == "number":
            cells = [c.replace(",", ".") if _DECIMAL_COMMA.fullmatch(c) else c for c in cells]
        faults += [Fault(name, lines[i], column.name, *trouble) for i, trouble in _cell_faults(cells, column)]
        frame[column.name] = typed(cells, column) if not faults else pd.Series(cells, dtype=object)
    result = pd.DataFrame(frame).assign(_file=name, _line=lines)
    faults += _duplicate_keys(name, result, declared)
    if faults:
        raise DataFaults(faults)
    return result


def further(extra: Sequence[str | Column]) -> list[Column]:
    """The review's own columns as columns: text where only the name is given."""
    return [Column(e, "string", "") if isinstance(e, str) else e for e in extra]


def header_of(path: Path, root: Path) -> list[str]:
    """The columns of a file that people wrote, as its header names them. Raises DataFaults."""
    return [name for name in _rows(path, str(path.relative_to(root))).header if name]


def empty_people(table: str, extra: Sequence[str | Column] = ()) -> pd.DataFrame:
    """The frame of a file that is not there."""
    columns = [*schema(table).columns.values(), *further(extra)]
    return pd.DataFrame({c.name: typed([], c) for c in columns}).assign(
        _file=pd.Series(dtype=object), _line=pd.Series(dtype="int64")
    )


def _rows(path: Path, name: str) -> Written:
    text = _text(path, name)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        mend = "close the quotation marks of the cell that begins here"
        raise DataFaults([Fault(name, start, "", f"the line is not CSV ({error})", mend)]) from error
    if not rows:
        raise DataFaults([Fault(name, 1, "", "the file has no header", "write the header line first")])
    header = [cell.strip() for cell in rows[0][1]]
    while header and not header[-1]:
        header.pop()
    body = [(line, _trimmed(cells, len(header))) for line, cells in rows[1:]]
    return Written(header, body, delimiter != ",", rows[0][0])


def _padded(rows: list[Row], header: list[str], declared: Schema) -> list[Row]:
    """Rows that end before optional columns do, such as worksheet lines behind a header that the page widened."""
    needed = [i for i, name in enumerate(header) if name not in declared.columns or not declared.columns[name].optional]
    least = max(needed, default=-1) + 1
    width = len(header)
    return [(n, [*cells, *[""] * (width - len(cells))] if len(cells) >= least else cells) for n, cells in rows]


def _trimmed(cells: list[str], width: int) -> list[str]:
    """Cells without the blank ones that spreadsheets leave behind the last column."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _text(path: Path, name: str) -> str:
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fault = Fault(name, line, "", "the file is not UTF-8", 'save it as "CSV UTF-8"')
        raise DataFaults([fault]) from error


def _header_faults(name: str, header: list[str], declared: Schema, extra: Sequence[str]) -> Iterator[Fault]:
    known = [*declared.columns, *extra]
    for column in header:
        if column not in known:
            yield Fault(name, 1, column, "unknown column", f"the columns are {', '.join(known)}")
    for column in sorted({c for c in header if header.count(c) > 1}):
        yield Fault(name, 1, column, "the column stands twice", "remove one")
    needed = [c.name for c in declared.columns.values() if not c.optional] + list(extra)
    for column in needed:
        if column not in header:
            yield Fault(name, 1, column, "the column is missing", "add it to the header, cells may be blank")


def _cell_faults(cells: list[str], column: Column) -> Iterator[tuple[int, tuple[str, str]]]:
    troubles = {cell: trouble for cell in set(cells) if (trouble := cell_trouble(cell, column))}
    if troubles:
        yield from ((i, troubles[cell]) for i, cell in enumerate(cells) if cell in troubles)


def cell_trouble(cell: str, column: Column) -> tuple[str, str] | None:
    """What is wrong with a cell of the column, and the mend; None where nothing is."""
    if not cell:
        return ("the cell is blank", "it must be filled") if column.required else None
    if column.type == "string" and column.required and cell == column.name.upper():
        return f'"{cell}" stands for what only you know', f"write it there: {column.about}"
    if column.type == "enum" and cell not in column.values:
        return f'"{cell}" is not one of {", ".join(column.values)}', "write one of these"
    if column.type == "boolean" and cell.lower() not in ("true", "false"):
        return f'"{cell}" is not true or false', "write true or false"
    if column.type == "partial_date" and not is_partial_date(cell):
        return f'"{cell}" is not a day, a month or a year', "write it as 2020-05-17, 2020-05 or 2020"
    if column.type in ("date", "datetime") and parse_time(cell) is None:
        return f'"{cell}" is not a {column.type}', "write it as 2020-05-17" + (
            " or 2020-05-17T09:30:00Z" if column.type == "datetime" else ""
        )
    if column.type == "integer" and not _INTEGER.fullmatch(cell):
        return f'"{cell}" is not a whole number', "write digits only"
    if column.type == "number" and not _NUMBER.fullmatch(cell):
        return f'"{cell}" is not a number', "write it as 12.5"
    if column.minimum is not None and float(cell) < column.minimum:
        return f"{cell} is below {column.minimum:g}", "check it against the report"
    return None


def _duplicate_keys(name: str, frame: pd.DataFrame, declared: Schema) -> list[Fault]:
    first: dict[tuple[object, ...], int] = {}
    faults = []
    keys = zip(*(frame[column] for column in declared.key), strict=True) if declared.key else iter(())
    for line, key in zip(frame["_line"], keys, strict=False):
        if first.setdefault(key, line) != line:
            problem, mend = f"the same key as line {first[key]}", "keep one line a key"
            faults.append(Fault(name, line, ", ".join(declared.key), problem, mend))
    return faults


def parse_time(cell: str) -> datetime | None:
    """An ISO 8601 date or time as a UTC instant (no zone: taken as UTC), or None."""
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def is_partial_date(cell: str) -> bool:
    """Whether a cell is a day, a month or a year that the calendar has."""
    parts = _PARTIAL_DATE.fullmatch(cell)
    return parts is not None and parse_time(f"{parts[1]}-{parts[2] or '01'}-{parts[3] or '01'}") is not None


def typed(cells: list[str], column: Column) -> pd.Series:
    """Cells as a series of the column's type. Cells must have passed the checks."""
    if column.type == "integer":
        return pd.Series([int(c) if c else pd.NA for c in cells], dtype="Int64")
    if column.type == "number":
        return pd.Series([float(c) if c else float("nan") for c in cells], dtype="float64")
    if column.type == "boolean":
        return pd.Series([c.lower() == "true" for c in cells], dtype=bool)
    return pd.Series(cells, dtype=object)
