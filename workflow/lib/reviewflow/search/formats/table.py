"""Tables as text: CSV, TSV and what Excel saves with semicolons; a preamble may stand above the names of the columns
(Embase's query, Dimensions' "About the data", Excel's "sep=;"), numbers may be written ="123" (EBSCO).

Keywords of one cell are divided at semicolons alone: no platform documents commas, and terms have commas in them
("Lupus Erythematosus, Systemic")."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from ..entry import Entry, Tags, UnknownFormat
from ..stream import Text
from . import headers
from .format import Format

# A cell may be as long as the file: the module's own limit of 128 kB would refuse one long abstract.
csv.field_size_limit(2**31 - 1)
_DELIMITERS = ",\t;|"
_PREAMBLE_ROWS = 30
_HEAD = 1 << 18
_FORMULA = re.compile(r'(?<![^,;\t\n])="(?!")')
# The same once a spreadsheet or a CSV library wrote it as a cell: "=""19326203""".
_CELL = re.compile(r'="([^"]*)"')
# A quoted cell, matched whole or not at all; a quotation mark within a cell that is not quoted is a mark.
_QUOTED = {
    mark: re.compile(rf'(?<![^{re.escape(mark)}\n])"(?:[^"]++|"")*+"(?![^{re.escape(mark)}\n])') for mark in _DELIMITERS
}
# The same, or a cell that is still open at the end of a piece.
_OPEN = {
    mark: re.compile(rf'(?<![^{re.escape(mark)}\n])"(?:[^"]++|"")*+(?:\Z|"(?![^{re.escape(mark)}\n]))')
    for mark in _DELIMITERS
}


class Layout(NamedTuple):
    """How a table is written: its delimiter, whether cells are quoted, the row of names and the line behind it."""

    delimiter: str
    quoted: bool
    header: list[str]
    row: int


def rows(lines: Iterable[str], delimiter: str, quoted: bool) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line where each begins, blank ones left out."""
    reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    line = 1
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnknownFormat(f"the table cannot be read: {error}", line, "export it again") from None


def _all_lines(text: Text) -> Iterator[str]:
    """All lines, numbers in them plain."""
    start = 1  # behind the line end of our own
    for piece in text.lines():
        yield from _lines(_plain(piece), start)
        start = 0


def _lines(text: str, start: int = 1) -> Iterator[str]:
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    if start < len(text):
        yield text[start:]


def layout(head: str) -> Layout | None:
    """The layout under which a row among the first of a text has most of the known names, or None."""
    best: tuple[int, Layout] | None = None
    if "," not in head and "\t" not in head and ";" not in head and "|" not in head:
        return None
    for delimiter in _DELIMITERS:
        for quoted in (True, False):
            try:
                top = list(islice(rows(_lines(head), delimiter, quoted), _PREAMBLE_ROWS))
            except UnknownFormat:
                continue
            score, index = max(((headers.known(row), -i) for i, (_, row) in enumerate(top)), default=(0, 0))
            if score > (best[0] if best else 0):
                best = score, Layout(delimiter, quoted, top[-index][1], -index)
    return best[1] if best else None


def _layout(text: Text) -> Layout | None:
    """The layout of a whole text. Tables whose cells are never quoted (RefWorks' TSV) have single quotation marks in
    them."""
    head = next(text.lines())
    found = layout(_plain(head)[:_HEAD])
    if not found or not found.quoted or found.delimiter != "\t" or not any('"' in piece for piece in text.lines()):
        return found
    width = len(found.header)
    ragged = [sum(len(row) != width for _, row in rows(_all_lines(text), "\t", quoted)) for quoted in (True, False)]
    return found._replace(quoted=ragged[0] <= ragged[1])


def read(text: Text) -> Iterator[Entry]:
    """Entries of a table: the rows below the names."""
    found = _layout(text)
    if not found:
        return
    names = [headers.plain(name) for name in found.header]
    parse = partial(_parse, names)
    twins = [(names.index(name), i) for i, name in enumerate(names) if name in headers.KNOWN and name in names[:i]]
    last, shortest = None, len(names)
    for line, row in islice(rows(_all_lines(text), found.delimiter, found.quoted), found.row + 1, None):
        if row == found.header:
            continue  # files of the same columns glued together
        _refuse_lost(line, row, found.header, twins)
        if last:
            shortest = min(shortest, len(last.source))
            yield last
        last = Entry(line, row, parse)
    if last:
        # Only the end of a table that was cut off is shorter than every row above it.
        last.closed = len(last.source) >= shortest
        yield last


def _refuse_lost(line: int, row: list[str], header: list[str], twins: list[tuple[int, int]]) -> None:
    """Raise UnknownFormat for a row with a value that no column of a record would take."""
    beyond = next((cell for cell in row[len(header) :] if cell.strip()), "")
    if beyond:
        problem = f'the row has more cells than the table has names, first "{beyond.strip()[:60]}"'
        raise UnknownFormat(problem, line, "put the cell that was divided in quotation marks, or export it as RIS")
    for one, other in twins:
        if other < len(row) and row[other].strip() not in ("", row[one].strip()):
            problem = f'two columns are called "{header[one]}", and the row has another value in each'
            raise UnknownFormat(problem, line, "give one of the two columns its own name")


def _parse(names: list[str], row: list[str]) -> Tags:
    cells = [_CELL.sub(r"\1", value.strip()) if value.startswith('="') else value.strip() for value in row]
    return list(zip(names, cells, strict=False))


def _plain(text: str) -> str:
    return _FORMULA.sub('"', text) if '="' in text else text


def count(text: Text) -> int:
    """Lines that are not blank once each quoted cell is put on one line, without the names and what is above them."""
    found = _layout(text)
    if not found:
        return 0
    blank = re.compile(rf'(?:[^\S\n]|["{re.escape(found.delimiter)}])*+\n?')
    flat = _flat(text, found.delimiter) if found.quoted else (_plain(piece) for piece in text.lines())
    full = sum(1 for piece in flat for line in _lines(piece, 0) if not blank.fullmatch(line))
    above = islice(rows(_all_lines(text), found.delimiter, found.quoted), found.row)
    return full - found.row - max(_repeats(text, found), 1) + sum(_is_row(row, found) for _, row in above)


def _flat(text: Text, delimiter: str) -> Iterator[str]:
    """Pieces of whole lines with each quoted cell on one line. What follows a cell that is open at the end of a piece
    waits for the next."""
    rest, size = "", 0
    for piece in text.lines():
        rest += _plain(piece)
        if len(rest) < size:
            continue
        found = deque(_OPEN[delimiter].finditer(rest), maxlen=1)
        at = found[0].start() if found and found[0].end() == len(rest) else len(rest)
        flat = _QUOTED[delimiter].sub('"x"', rest[:at])
        ends = flat.rfind("\n") + 1
        yield flat[:ends]
        rest = flat[ends:] + rest[at:]
        size = 2 * len(rest)
    yield _QUOTED[delimiter].sub('"x"', rest)


def _is_row(row: list[str], found: Layout) -> bool:
    """Whether what stands above the names looks like a record: a preamble leaves most cells blank."""
    return len(row) == len(found.header) > 1 and sum(map(bool, row)) * 2 > len(row)


def _repeats(text: Text, found: Layout) -> int:
    """How often the line of names stands in the table."""
    for line in islice(_all_lines(text), 10 * _PREAMBLE_ROWS):
        if next(rows([line], found.delimiter, found.quoted), (0, []))[1] == found.header:
            again = re.compile(rf"\n{re.escape(line.rstrip(chr(10)))}(?=\n|\Z)")
            return sum(len(again.findall("\n" + _plain(piece))) for piece in text.lines())
    return 1


def _format(name: str, label: str, delimiters: str) -> Format:
    def recognised(text: str) -> bool:
        found = layout(_plain(text[:_HEAD]))
        return found is not None and found.delimiter in delimiters

    return Format(name, label, (), recognised, read, count, headers.COLUMNS, headers.refine)


CSV = _format("csv", "CSV", ",;|")
TSV = _format("tsv", "TSV", "\t")
