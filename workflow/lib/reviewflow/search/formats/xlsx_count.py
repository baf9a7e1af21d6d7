"""Rows with content of each sheet of a workbook, straight from its XML: what openpyxl's reading must equal."""

import posixpath
import re
import zipfile
import zlib
from typing import Any
from xml.parsers import expat

from ..entry import UnknownFormat

_PIECE = 1 << 16
# Office Open XML forbids document types (ECMA-376 part 2, 10.1.2.1 "DTD content"), so that no entity can be declared.
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook of which any part has a document type. Raises UnknownFormat."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            before = b""
            for piece in _pieces(archive, part.filename):
                window = before + piece
                if any(doctype in window for doctype in _DOCTYPES):
                    raise UnknownFormat("the workbook declares entities: it may be harmful", 1, "save it again")
                before = piece[-32:]


def full_rows(archive: zipfile.ZipFile) -> dict[str, int]:
    """Number of rows with content, by the sheet's name."""
    names = archive.namelist()
    strings = _Strings()
    if "xl/sharedStrings.xml" in names:
        _parse(archive, "xl/sharedStrings.xml", strings)
    counts = {}
    for name, part in _parts(archive).items():
        if part in names:
            rows = _Rows(strings.blank)
            _parse(archive, part, rows)
            counts[name] = rows.full
    return counts


def _pieces(archive: zipfile.ZipFile, part: str) -> Any:
    member = archive.open  # within the archive in memory: no file is touched
    try:
        with member(part) as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise UnknownFormat(f"the workbook is broken: {error}", 1, "save it again as .xlsx or CSV") from None


class _Elements:
    """Elements of one part by their names without namespace."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def characters(self, text: str) -> None:
        """Text."""


class _Strings(_Elements):
    """Whether each shared string is blank."""

    def __init__(self) -> None:
        self.blank = bytearray()

    def start(self, name: str, _attributes: dict[str, str], /) -> None:
        if name == "si":
            self.blank.append(1)

    def characters(self, text: str) -> None:
        if self.blank and not text.isspace():
            self.blank[-1] = 0


class _Rows(_Elements):
    """Rows with a cell that is not blank."""

    def __init__(self, blank: bytearray) -> None:
        self.full, self._blank = 0, blank
        self._shared = self._inside = self._content = False
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._content = False
        elif name == "c":
            self._shared = attributes.get("t") == "s"
        elif name in ("v", "t"):
            self._inside, self._text = True, []

    def characters(self, text: str) -> None:
        if self._inside:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            text = "".join(self._text).strip()
            self._inside = False
            blank = not text or (self._shared and text.isdigit() and self._is_blank(int(text)))
            self._content = self._content or not blank
        elif name == "row":
            self.full += self._content

    def _is_blank(self, index: int) -> bool:
        return index < len(self._blank) and bool(self._blank[index])


class _Names(_Elements):
    """Attributes of all elements of one name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._name:
            self.found.append({key.split(":")[-1]: value for key, value in attributes.items()})


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    relations, sheets = _Names("Relationship"), _Names("sheet")
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        _parse(archive, "xl/_rels/workbook.xml.rels", relations)
    _parse(archive, "xl/workbook.xml", sheets)
    targets = {found.get("Id", ""): posixpath.join("/xl", found.get("Target", "")) for found in relations.found}
    return {
        found.get("name", ""): posixpath.normpath(targets.get(found.get("id", ""), "/")).lstrip("/")
        for found in sheets.found
    }


_NAMESPACE = re.compile(r"^[^:]{0,60}:")


def _parse(archive: zipfile.ZipFile, part: str, elements: _Elements) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: elements.start(_NAMESPACE.sub("", name), attributes)
    parser.EndElementHandler = lambda name: elements.end(_NAMESPACE.sub("", name))
    parser.CharacterDataHandler = elements.characters
    try:
        for piece in _pieces(archive, part):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnknownFormat(f"the workbook is broken: {part}: {error}", 1, "save it again as .xlsx or CSV") from None
