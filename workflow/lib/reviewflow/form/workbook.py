"""Worksheets as an Excel workbook: text cells, so that no spreadsheet makes a date of 1-2 or a formula of =1,
drop-downs for what is chosen, and the form's help."""

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewflow.faults import DataFaults, Fault
from reviewflow.tables import Written

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Excel's own limits, and what a form of a few thousand lines never unpacks to.
_LONGEST, _LARGEST = 32_767, 1 << 28
# Rows beyond the last line that have drop-downs and are text, too.
_SPARE = 300
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LISTS = "lists"


class Column(NamedTuple):
    """A column of a sheet: its name, the note of its heading, what can be chosen (nothing: anything can be written),
    whether something else may be written all the same, and its width in characters."""

    name: str
    help: str = ""
    values: tuple[str, ...] = ()
    free: bool = False
    width: int = 14


class Sheet(NamedTuple):
    """A sheet: columns, lines of cells by column, and how many columns stay in sight; `open` where people write."""

    name: str
    columns: Sequence[Column]
    lines: Sequence[Mapping[str, str]]
    frozen: int = 1
    open: bool = True


def workbook(file: str, sheets: Sequence[Sheet], title: str = "") -> bytes:
    """The workbook, which says in its properties what it is. Raises DataFaults, with `file` as their file, with every
    cell that Excel cannot hold."""
    from openpyxl import Workbook

    faults = [fault for sheet in sheets for fault in _unfit(file, sheet)]
    if faults:
        raise DataFaults(faults)
    book = Workbook()
    book.remove(book.worksheets[0])
    chosen = [(sheet, column) for sheet in sheets for column in sheet.columns if column.values]
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for place, (sheet, column) in enumerate(chosen, 1):
        for line, value in enumerate([f"{sheet.name}.{column.name}", *column.values], 1):
            _put(lists, line, place, value)
        _choose(book[sheet.name], sheet, column, letters(place))
    book.properties.title = title or None
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def letters(place: int) -> str:
    """The letters of a column, A for 1."""
    left, own = divmod(place - 1, 26)
    return (letters(left) if left else "") + chr(ord("A") + own)


def _unfit(file: str, sheet: Sheet) -> list[Fault]:
    found = []
    for number, line in enumerate(sheet.lines, 2):
        for name, text in line.items():
            if len(text) > _LONGEST:
                problem = f"{len(text)} characters, and Excel holds {_LONGEST} in a cell"
                found.append(
                    Fault(f"{file} {sheet.name}", number, name, problem, "make the worksheet with --format csv")
                )
            if _ILLEGAL.search(text):
                problem = "a character that Excel cannot hold"
                found.append(
                    Fault(f"{file} {sheet.name}", number, name, problem, "take it out of the file in records/")
                )
    return found


def _put(sheet: "Worksheet", row: int, column: int, text: str) -> Any:
    """The cell, with text as text, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _fill(made: "Worksheet", sheet: Sheet) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    for place, column in enumerate(sheet.columns, 1):
        head = _put(made, 1, place, column.name)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6EE")
        if column.help:
            head.comment = Comment(column.help, "the form", height=110, width=300)
        made.column_dimensions[letters(place)].width = column.width
        made.column_dimensions[letters(place)].number_format = "@"
    for row, line in enumerate(sheet.lines, 2):
        for place, column in enumerate(sheet.columns, 1):
            if text := line.get(column.name, ""):
                _put(made, row, place, text).alignment = Alignment(vertical="top", wrap_text=not sheet.open)
    made.freeze_panes = f"{letters(sheet.frozen + 1)}2"
    # Blank cells, too: what is written into them later must stay text.
    for row in range(2, len(sheet.lines) + 2 + _SPARE) if sheet.open else ():
        for place in range(1, len(sheet.columns) + 1):
            made.cell(row, place).number_format = "@"


def _choose(made: "Worksheet", sheet: Sheet, column: Column, letter: str) -> None:
    """A drop-down for one column."""
    from openpyxl.worksheet.datavalidation import DataValidation

    place = next(i for i, other in enumerate(sheet.columns, 1) if other is column)
    source = f"{_LISTS}!${letter}$2:${letter}${len(column.values) + 1}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=not column.free)
    rule.errorTitle, rule.error = column.name, "Choose one of the list."
    here = letters(place)
    rule.add(f"{here}2:{here}{len(sheet.lines) + 1 + _SPARE}")
    made.add_data_validation(rule)


def read_workbook(file: str, raw: bytes, names: Sequence[str]) -> tuple[dict[str, Written], list[Fault]]:
    """The cells of the sheets of these names that are there, as text, and the faults of cells that are none: formulas,
    what a spreadsheet made a date or a percentage of, merged ones. Raises DataFaults where the file is no workbook."""
    book = _opened(file, raw)
    found: dict[str, Written] = {}
    faults: list[Fault] = []
    for name in names:
        if name in book.sheetnames:
            faults += _merged(f"{file} {name}", book[name])
            rows = [(number, [*cells]) for number, cells in enumerate(book[name].iter_rows(), 1)]
            texts = [(number, [_text(f"{file} {name}", cell, faults) for cell in cells]) for number, cells in rows]
            filled = [(number, cells) for number, cells in texts if any(cell.strip() for cell in cells)]
            header = [cell.strip() for cell in filled[0][1]] if filled else []
            width = max((i + 1 for i, cell in enumerate(header) if cell), default=0)
            body = [(number, cells[: max(width, _last(cells))]) for number, cells in filled[1:]]
            found[name] = Written(header[:width], [(n, cells + [""] * (width - len(cells))) for n, cells in body])
    return found, faults


def _merged(place: str, sheet: "Worksheet") -> list[Fault]:
    """Of merged cells a file keeps the first alone, though people see one value in all of them."""
    problem, mend = "the cells are merged, and all but the first would be blank", "unmerge them and fill in each"
    return [Fault(place, found.min_row, found.coord, problem, mend) for found in sheet.merged_cells.ranges]


def title_of(file: str, raw: bytes) -> str:
    """What the workbook says that it is. Raises DataFaults where the file is no workbook."""
    return str(_opened(file, raw, read_only=True).properties.title or "")


def _last(cells: Sequence[str]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if cell.strip()), default=0)


def _opened(file: str, raw: bytes, *, read_only: bool = False) -> Any:
    from openpyxl import load_workbook

    mend = "save it as .xlsx, or name the folder of the CSV worksheets"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST:
                raise DataFaults([Fault(file, 0, "", "the workbook unpacks to an implausible size", mend)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out
            return load_workbook(io.BytesIO(raw), read_only=read_only)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise DataFaults([Fault(file, 0, "", "the file is no workbook", mend)]) from error


def _text(place: str, cell: Any, faults: list[Fault]) -> str:
    """The cell as its reader sees it."""
    value = cell.value
    if value is None:
        return ""

    def fault(problem: str) -> str:
        mend = "format the cell as text and write it again"
        faults.append(Fault(place, cell.row, cell.coordinate, problem, mend))
        return str(value)

    if cell.data_type == "f":
        return fault("the cell is a formula, and only its words were saved")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if "%" in str(cell.number_format):
            return fault(f"the spreadsheet made a percentage of it ({value})")
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime | date | time):
        day = isinstance(value, datetime) and value.time() == time() and _shows_a_day(cell.number_format)
        return str(value)[: len("2020-05-17")] if day else fault(f"the spreadsheet made a date of it ({value})")
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _shows_a_day(number_format: str) -> bool:
    """Whether a date is shown in ISO form, and nobody wrote anything else that became one, such as 1-2."""
    return str(number_format).lower().startswith("yyyy-mm-dd")
