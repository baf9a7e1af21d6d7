"""An extractor's worksheet: the form with the lines to fill in, as a workbook or as a folder of CSV files."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.faults import DataFaults, Fault
from reviewflow.formulas import neutral, plain
from reviewflow.schema import schema
from reviewflow.tables import Written, csv_line, people_frame

from .fields import TABLES, Field
from .lines import Form, Line, Lines, lines_of
from .workbook import Column, Sheet, letters

# Columns of sentences.
_WIDE = {"quote": 40, "note": 30, "label": 22, "study_id": 14}
_RULES = (
    "Write values as they are printed, and the words or digits they were read from into quote, with their page.",
    "One line of results is one arm's numbers, or a whole contrast with a blank arm_id.",
    "A line in which nothing was filled in is not taken; copy a line for each further arm, outcome or timepoint.",
    "Cells are text: 12.5 with a point, dates as 2020-05-17, 2020-05 or 2020. A blank cell is a value not reported.",
    "Nothing of another extractor is in this file. Hand it in with `reviewflow extract --as NAME --read FILE`.",
)


def sheets(form: Form, lines: Lines, choices: Mapping[str, Sequence[str]], included: Sequence[Line]) -> list[Sheet]:
    """The sheets: a table each, the included reports, and the help. `choices` are what can be chosen in columns whose
    values are the review's, such as study_id and outcome."""
    made = [
        Sheet(
            table,
            [_column(field, choices.get(field.name, ())) for field in form[table]],
            lines[table],
            len(schema(f"records/extraction/{table}").key),
        )
        for table in TABLES
    ]
    reports = Sheet("included", [Column(n, width=w) for n, w in _INCLUDED.items()], included, open=False)
    columns = [Column(n, width=w) for n, w in {"sheet": 10, "column": 18, "what to write": 90, "value": 30}.items()]
    return [*made, reports, Sheet("help", columns, _help(form), open=False)]


_INCLUDED = {"study_id": 14, "report_id": 20, "authors": 30, "year": 7, "title": 70, "journal": 30}


def _column(field: Field, choices: Sequence[str]) -> Column:
    wide = _WIDE.get(field.name, max(12, len(field.name) + 2))
    values = field.column.values or tuple(choices)
    # A timepoint or a study that no analysis names yet may be written all the same; the gate says what cannot stand.
    return Column(field.name, _about(field), values, free=not field.column.values, width=wide)


def _meaning(field: Field) -> str:
    """What a column is for; the help of a field of the review's own stands behind its heading, where it has any."""
    own = field.own and field.column.about != field.label
    return f"{field.heading}: {field.column.about}" if own else field.heading if field.own else field.column.about


def _about(field: Field) -> str:
    parts = [_meaning(field), _value(field)]
    parts.append("Needed in each line" if field.column.required else "")
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _value(field: Field) -> str:
    if field.column.values:
        return f"One of {', '.join(field.column.values)}"
    words = {"integer": "A whole number", "number": "A number", "partial_date": "A day, a month or a year"}
    return words.get(field.column.type, "")


def _help(form: Form) -> list[Line]:
    rules = [{"sheet": "all", "what to write": rule} for rule in _RULES]
    return rules + [
        {
            "sheet": table,
            "column": field.name,
            "what to write": _meaning(field),
            "value": ". ".join(filter(None, [_value(field), "needed" if field.column.required else ""])),
        }
        for table in TABLES
        for field in form[table]
    ]


def csv_texts(made: Sequence[Sheet]) -> dict[str, str]:
    """The same sheets as texts of CSV files by their names. A cell that a spreadsheet would take for a formula has an
    apostrophe before it, a number never."""
    return {
        f"{sheet.name}.csv": "".join(
            [
                csv_line([column.name for column in sheet.columns]),
                *(csv_line([guarded(line.get(c.name, "")) for c in sheet.columns]) for line in sheet.lines),
            ]
        )
        for sheet in made
    }


def guarded(cell: str) -> str:
    """A cell of a CSV worksheet: neutral, unless it is a plain number, such as -1.5, which is harmless."""
    try:
        float(cell)
    except ValueError:
        return neutral(cell)
    return cell


def unguarded(written: Written) -> Written:
    """A CSV worksheet's cells as they were before `guarded`."""
    rows = [(number, [plain(cell) for cell in cells]) for number, cells in written.rows]
    return Written(written.header, rows, written.comma, written.line)


def checked(
    file: Mapping[str, str], written: Mapping[str, Written], form: Form, faults: Sequence[Fault]
) -> dict[str, pd.DataFrame]:
    """The frames of a worksheet, as `read_people` gives them. `file` is how faults call each table, `faults` what was
    wrong with its cells already. Raises DataFaults with the faults of all tables."""
    every, frames = [*faults], dict[str, Any]()
    seen = {(fault.file, fault.line) for fault in faults}
    for table in TABLES:
        if table not in written:
            mend = "make the worksheet again with `reviewflow extract`, and copy your lines into it"
            every.append(Fault(file[table], 0, "", f"there is no sheet {table}", mend))
            continue
        own = [field.column for field in form[table] if field.own]
        try:
            frames[table] = people_frame(file[table], written[table], f"records/extraction/{table}", own)
        except DataFaults as found:
            every += [fault for fault in found.faults if (fault.file, fault.line) not in seen]
    if every:
        raise DataFaults(every)
    return frames


def with_decimal_points(written: Written, form: Sequence[Field]) -> list[Line]:
    """The lines with numbers as the gate reads them: a decimal comma of a file whose cells no comma separates is a
    point."""
    numbers = {field.name for field in form if field.column.type == "number"}
    return [
        {n: cell.replace(",", ".") if written.comma and n in numbers else cell for n, cell in line.items()}
        for line in lines_of(written)
    ]


def addressed(faults: Sequence[Fault], written: Mapping[str, Written]) -> list[Fault]:
    """Faults of a workbook with the cell's address beside the column; `written` are its sheets by the name that faults
    call them."""
    found = []
    for fault in faults:
        header = written[fault.file].header if fault.file in written else []
        where = (
            f"{fault.column} ({letters(header.index(fault.column) + 1)}{fault.line})" if fault.column in header else ""
        )
        found.append(Fault(fault.file, fault.line, where or fault.column, fault.problem, fault.mend))
    return found
