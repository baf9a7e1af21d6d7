"""Interchange: records and decisions out to other tools, and back without loss."""

from .already import fresh, source, twice
from .columns import DECISION, FIELDS, Returned
from .decisions import Incoming, Terms, incoming, reason_codes
from .exports import TOOLS, entries
from .formats import FORMATS, Format, read, write
from .matching import Finder
from .select import READ, TABLES, Wanted, needs, records, table_of
from .summary import summary

__all__ = [
    "DECISION",
    "FIELDS",
    "FORMATS",
    "READ",
    "TABLES",
    "TOOLS",
    "Finder",
    "Format",
    "Incoming",
    "Returned",
    "Terms",
    "Wanted",
    "entries",
    "fresh",
    "incoming",
    "needs",
    "read",
    "reason_codes",
    "records",
    "source",
    "summary",
    "table_of",
    "twice",
    "write",
]
