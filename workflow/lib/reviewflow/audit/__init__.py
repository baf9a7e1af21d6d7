"""The audit of all decisions: are they as they were written, independent, possible, and what rests on each."""

from .build import of_files, of_lines, of_review, tables
from .findings import SEVERITIES, Finding, counts, ordered, several
from .independence import independence
from .lines import Line, lines_of
from .state import identities
from .whatif import Material

__all__ = [
    "SEVERITIES",
    "Finding",
    "Line",
    "Material",
    "counts",
    "identities",
    "independence",
    "lines_of",
    "of_files",
    "of_lines",
    "of_review",
    "ordered",
    "several",
    "tables",
]
