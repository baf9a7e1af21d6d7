"""Interchange: records and decisions out to other tools, and back without loss."""

from .columns import DECISION, FIELDS, Returned
from .formats import FORMATS, Format, read, write
from .select import READ, TABLES, Wanted, needs, records, table_of
from .summary import summary

__all__ = [
    "DECISION",
    "FIELDS",
    "FORMATS",
    "READ",
    "TABLES",
    "Format",
    "Returned",
    "Wanted",
    "needs",
    "read",
    "records",
    "summary",
    "table_of",
    "write",
]
