"""Excel workbooks (.xlsx), read with openpyxl without formulas; what could harm is refused before it is unpacked: a zip
bomb by the sizes that its directory states (zipfile reads no more than these), entities by the word that declares them.
The count goes over the sheets' XML without openpyxl."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any

from ..entry import Entry, Tags, UnknownFormat
from . import headers
from .xlsx_count import full_rows, refuse_entities

# The largest sheet that Excel can hold unpacks to less; text packs to a twentieth at best.
_LARGEST = 1 << 29
_RATIO = 100
_SMALL = 1 << 24
_ROWS = 1 << 20
_PREAMBLE_ROWS = 30
_AGAIN = "save it again as .xlsx or CSV"


def is_xlsx(raw: bytes) -> bool:
    """Whether the content is a zip archive, as workbooks are."""
    return raw.startswith(b"PK\x03\x04")


def read(raw: bytes) -> tuple[list[Entry], int, str]:
    """Entries of all sheets that have a row of known names, their number by another count, and a note."""
    entries: list[Entry] = []
    counted, left = 0, []
    with _opened(raw) as archive:
        refuse_entities(archive)
        counts = full_rows(archive)
        for name, rows in _sheets(raw):
            found = _header(rows)
            if found is None:
                left += [name] if len(rows) > 1 else []
                continue
            counted += counts.get(name, 0) - found - 1
            entries += _entries(rows, found)
    if not entries and not counted:
        raise UnknownFormat("no sheet has a row with names of columns such as Title, Authors, Year", 1, _AGAIN)
    note = f"sheets without names of columns are not read: {', '.join(left)}" if left else ""
    return entries, counted, note


def _opened(raw: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnknownFormat(f"the workbook is broken: {error}", 1, _AGAIN) from None
    sizes = [part.file_size for part in archive.infolist()]
    if "xl/workbook.xml" not in archive.namelist():
        mend = "unpack an archive, save an .ods table as .xlsx or CSV, move any other document away"
        raise UnknownFormat("the file is an archive or a document, not a workbook", 1, mend)
    if sum(sizes) > _LARGEST or (sum(sizes) > _SMALL and sum(sizes) > _RATIO * len(raw)):
        raise UnknownFormat("the workbook unpacks to an implausible size: it may be harmful", 1, _AGAIN)
    tail = raw.rfind(b"PK\x05\x06")
    if tail + 22 + int.from_bytes(raw[tail + 20 : tail + 22], "little") != len(raw):
        raise UnknownFormat("something stands behind the end of the workbook", 1, _AGAIN)
    return archive


def _sheets(raw: bytes) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """Name and rows of each sheet, blank rows left out."""
    from openpyxl import load_workbook  # a quarter second that only workbooks need

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # some writers state a wrong size
                cells = (
                    (number, [_text(value) for value in row])
                    for number, row in enumerate(islice(sheet.iter_rows(values_only=True), _ROWS), 1)
                )
                yield sheet.title, [(number, row) for number, row in cells if any(row)]
    except UnknownFormat:
        raise
    except Exception as error:  # noqa: BLE001 whatever a broken part makes openpyxl raise, the file is at fault
        raise UnknownFormat(f"the workbook is broken: {type(error).__name__}", 1, _AGAIN) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _header(rows: list[tuple[int, list[str]]]) -> int | None:
    """Index of the row of names among the first rows."""
    score, index = max(((headers.known(row), -i) for i, (_, row) in enumerate(rows[:_PREAMBLE_ROWS])), default=(0, 0))
    return -index if score else None


def _entries(rows: list[tuple[int, list[str]]], header: int) -> Iterator[Entry]:
    parse = partial(_parse, [headers.plain(name) for name in rows[header][1]])
    return (Entry(number, row, parse) for number, row in rows[header + 1 :])


def _parse(names: list[str], row: list[str]) -> Tags:
    return [*zip(names, row, strict=False), *(("", value) for value in row[len(names) :])]
