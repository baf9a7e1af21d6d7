"""Search: read the databases' exports without losing a record."""

from .build import build, check, read_exports, record_id
from .encoding import decode
from .entry import Entry, Export, UnknownFormat
from .readers import read_export
from .unlisted import copies, unlisted

__all__ = [
    "Entry",
    "Export",
    "UnknownFormat",
    "build",
    "check",
    "copies",
    "decode",
    "read_export",
    "read_exports",
    "record_id",
    "unlisted",
]
