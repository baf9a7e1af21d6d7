"""Typed tables: the only room of the library, beside the renderers, that touches files."""

from reviewflow.faults import DataFaults, Fault, raise_faults
from reviewflow.schema import Column, Schema, schema, schema_names

from .cells import csv_line
from .people import (
    Written,
    cell_trouble,
    empty_people,
    header_of,
    is_partial_date,
    parse_time,
    people_frame,
    read_cells,
    read_people,
)
from .results import (
    empty_result,
    frame,
    framed,
    join_list,
    read_result,
    read_stages,
    rows_of,
    split_list,
    to_csv,
    write_results,
    write_text,
    write_tree,
    write_whole,
)
from .spool import Spool

__all__ = [
    "Column",
    "DataFaults",
    "Fault",
    "Schema",
    "Spool",
    "Written",
    "cell_trouble",
    "csv_line",
    "empty_people",
    "empty_result",
    "frame",
    "framed",
    "header_of",
    "is_partial_date",
    "join_list",
    "parse_time",
    "people_frame",
    "raise_faults",
    "read_cells",
    "read_people",
    "read_result",
    "read_stages",
    "rows_of",
    "schema",
    "schema_names",
    "split_list",
    "to_csv",
    "write_results",
    "write_text",
    "write_tree",
    "write_whole",
]
