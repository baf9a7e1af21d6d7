"""The formats of exports, most specific first: each as data, with its reader and a count that does not use it."""

from . import headers, ris, ris_fields
from .bibtex import BIBTEX
from .chinese import ESTUDY, NOTEEXPRESS
from .embase_rows import EMBASE_ROWS
from .endnote_xml import ENDNOTE_XML
from .format import Format, search
from .ovid import OVID
from .pubmed import NBIB
from .pubmed_xml import PUBMED_XML
from .refer import REFER
from .refworks import REFWORKS
from .table import CSV, TSV
from .wos import WOS

RIS = Format(
    "ris",
    "RIS",
    ("TY  -", "TY -", "TY   -", "ty  -", "ty -"),
    search(r"\n[ \t]{0,4}(?:(?:TY|ty) {2,3}-|(?:TY|ty) - ?[A-Za-z]{2,9}[ \t]{0,9}(?:\n|\Z))"),
    ris.read,
    ris.count,
    ris_fields.COLUMNS,
    ris_fields.refine,
)
# Read by openpyxl, not from text: only its columns are here.
XLSX = Format("xlsx", "Excel (xlsx)", (), lambda _: False, lambda _: (), lambda _: 0, headers.COLUMNS, headers.refine)

_ALL = (
    RIS, PUBMED_XML, ENDNOTE_XML, NBIB, NOTEEXPRESS, ESTUDY, OVID, WOS, REFWORKS, REFER, BIBTEX, EMBASE_ROWS, TSV, CSV,
    XLSX,
)  # fmt: skip
FORMATS: dict[str, Format] = {kind.name: kind for kind in _ALL}

__all__ = ["FORMATS", "Format"]
