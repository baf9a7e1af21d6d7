"""Search: read the databases' exports without losing a record."""

from .build import build
from .check import check
from .encoding import decode
from .entry import Entry, Export, UnknownFormat
from .fields import record_id
from .files import survey
from .readers import Reading, read_export
from .unlisted import copies, unlisted

__all__ = [
    "Entry",
    "Export",
    "Reading",
    "UnknownFormat",
    "build",
    "check",
    "copies",
    "decode",
    "read_export",
    "record_id",
    "survey",
    "unlisted",
]
