"""A CSV file of studies as Excel, LibreOffice, R or a text editor saves it: its columns as text and as numbers."""

import csv
import io
import math
import re
from collections.abc import Iterator

import numpy as np

from reviewflow.faults import Fault, raise_faults

from .batch import Array

# Numbers further from 1 than this have squares and cubes that no double holds.
_LARGEST = 1e30
_BLANK = ("", "na", "nan", ".")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_QUOTED = re.compile(r'"[^"]*"')
_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


class Table:
    """The header and the rows of a file. `file` is its name in messages; with `comma` numbers have a decimal comma,
    which is never guessed: 1,234 is two different numbers in two countries."""

    def __init__(self, text: str, file: str, *, comma: bool = False) -> None:
        """Raises DataFaults for a file without studies, a header with blank or repeated names, and uneven rows."""
        self.file, self.comma = file, comma
        rows = self._rows(text.lstrip("\ufeff"))
        if len(rows) < 2:
            raise_faults([Fault(file, 1, "", "there is no study", "write a header line and a line for each study")])
        self.header = [cell.strip() for cell in rows[0][1]]
        raise_faults([*self._header_faults(), *self._uneven(rows[1:])])
        self.rows = rows[1:]

    def _rows(self, text: str) -> list[tuple[int, list[str]]]:
        """Line and cells of each row that is not blank."""
        if "\0" in text:
            raise_faults([Fault(self.file, 0, "", "has NUL characters, as UTF-16 has", 'save it as "CSV UTF-8"')])
        first = _QUOTED.sub("", next((line for line in text.splitlines() if line.strip()), ""))
        delimiter = max(",;\t", key=lambda d: (first.count(d), d == ","))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows, start = [], 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append((start, cells))
                start = reader.line_num + 1
        except csv.Error as error:
            raise_faults([Fault(self.file, start, "", f"cannot be read ({error})", "close its quotation marks")])
        return rows

    def _header_faults(self) -> Iterator[Fault]:
        for i, name in enumerate(self.header, 1):
            if not name and any(self.header[i:]):
                yield Fault(self.file, 1, "", f"column {i} has no name", "name it, or delete it")
            if name and self.header.index(name) < i - 1:
                yield Fault(self.file, 1, name, "the column is there twice", "keep one of them")

    def _uneven(self, rows: list[tuple[int, list[str]]]) -> Iterator[Fault]:
        for line, cells in rows:
            if len(cells) != len(self.header):
                there = f"{len(cells)} cells where the header has {len(self.header)}"
                yield Fault(self.file, line, "", there, "give each column a cell, and put text with commas in quotes")

    def line(self, place: int) -> int:
        """The line of the file on which a study stands."""
        return self.rows[place][0]

    def text(self, name: str) -> list[str]:
        """One column, which must be there."""
        at = self.header.index(name)
        return [cells[at].strip() for _, cells in self.rows]

    def groups(self, name: str) -> list[str]:
        """One column of words, which must be there, "" where it is blank as a number would be."""
        return ["" if cell.lower() in _BLANK else cell for cell in self.text(name)]

    def missing(self, names: tuple[str, ...], mend: str = "") -> Iterator[Fault]:
        """A fault for each column that is not there."""
        listed = mend or f"the columns are {', '.join(self.header)}"
        yield from (Fault(self.file, 1, name, "the column is missing", listed) for name in names if not self.has(name))

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return name in self.header

    def number(self, cell: str) -> float | None:
        """A cell as a number: NaN where blank, None where it is none."""
        if cell.lower() in _BLANK:
            return math.nan
        if self.comma and _COMMA.fullmatch(cell):
            cell = cell.replace(",", ".")
        value = float(cell) if _NUMBER.fullmatch(cell) else math.inf
        return value if math.isfinite(value) else None

    def numbers(self, name: str) -> tuple[Array, list[Fault]]:
        """One column as numbers, NaN where blank; and a fault for each cell that is no number."""
        cells = self.text(name)
        values = [self.number(cell) for cell in cells]
        faults = [
            Fault(self.file, self.line(i), name, f'"{cell}" is not a number', self._mend(cell))
            for i, (cell, value) in enumerate(zip(cells, values, strict=True))
            if value is None
        ]
        faults += [
            Fault(self.file, self.line(i), name, f"{cells[i]} is too far from 1 to compute with", "check its unit")
            for i, value in enumerate(values)
            if value and not 1 / _LARGEST <= abs(value) <= _LARGEST and not math.isnan(value)
        ]
        return np.array([math.nan if value is None else value for value in values]), faults

    def _mend(self, cell: str) -> str:
        if not self.comma and _COMMA.fullmatch(cell):
            return f"write {cell.replace(',', '.')}, or say --decimal-comma if that is what the comma is"
        return "write it as 12.5, or leave it blank where it is not known"
