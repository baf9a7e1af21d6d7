"""Search: read the databases' exports without losing a record."""

from .build import build, check, read_exports, record_id
from .encoding import decode
from .entry import Entry, Export, UnknownFormat
from .readers import read_export

__all__ = [
    "Entry",
    "Export",
    "UnknownFormat",
    "build",
    "check",
    "decode",
    "read_export",
    "read_exports",
    "record_id",
]
