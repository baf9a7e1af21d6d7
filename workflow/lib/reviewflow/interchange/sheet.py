"""Tables as text: read with any delimiter that spreadsheets use, and written with commas."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from reviewflow.faults import Fault, raise_faults
from reviewflow.formulas import neutral, plain

__all__ = ["Sheet", "neutral", "plain", "read", "write"]

# A cell may be as long as the file.
csv.field_size_limit(2**31 - 1)


class Sheet(NamedTuple):
    """Names of columns, and rows with the line where each begins."""

    header: list[str]
    rows: list[tuple[int, dict[str, str]]]
    faults: list[Fault]


def read(text: str, file: str) -> Sheet:
    """Rows of a table by the names in its first line. Raises DataFaults where the text is no table."""
    text = text.removeprefix("\ufeff")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda mark: (first.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cells):
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise_faults([Fault(file, line, "", f"the line is not CSV ({error})", "save the table as CSV again")])
    if not found:
        raise_faults([Fault(file, 1, "", "the file has no header", "save the table as CSV again")])
    header = [name.strip() for name in found[0][1]]
    rows, faults = [], []
    for line, cells in found[1:]:
        if len(cells) == len(header):
            rows.append((line, dict(zip(header, cells, strict=True))))
        else:
            problem = f"{len(cells)} cells where the header has {len(header)}"
            faults.append(Fault(file, line, "", problem, "give each column a cell"))
    return Sheet(header, rows, faults)


def write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV; line ends within cells are "\\n"."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([re.sub(r"\r\n?", "\n", row.get(name, "")) for name in columns])
    return text.getvalue()
