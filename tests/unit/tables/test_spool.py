"""A table that waits in a file gives the bytes that a frame of the same rows gives, and leaves nothing behind."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.schema import schema
from reviewflow.tables import Spool, frame, to_csv, write_results
from reviewflow.tables.cells import csv_line

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["", '"', ",", "a,b", 'say "x"', "two\nlines", "\r\n", "old\rMac", " ", "NA", "=1", "中文", "\u2028"]
)
VALUES = {
    "string": TEXT | st.none(),
    "list": TEXT,
    "integer": st.integers(-(2**40), 2**40) | st.none(),
    "number": st.floats(allow_infinity=False, allow_nan=False) | st.none(),
    "boolean": st.booleans(),
}


def rows(table):
    """Rows of a table, some cells absent, keys often the same."""
    columns = schema(table).columns.values()
    needed = {c.name: VALUES.get(c.type, TEXT) for c in columns if c.name in schema(table).key or c.type == "boolean"}
    needed = {name: values.filter(lambda value: value is not None) for name, values in needed.items()}
    others = {c.name: VALUES.get(c.type, TEXT) for c in columns if c.name not in needed}
    return st.lists(st.fixed_dictionaries(needed, optional=others), max_size=6)


TABLES = ["results/search/records", "results/search/balance", "results/synthesis/effects"]


@pytest.mark.parametrize("table", TABLES)
@given(data=st.data())
def test_a_spool_gives_the_bytes_of_a_frame(tmp_path_factory, table, data):
    drawn = data.draw(rows(table))
    path = tmp_path_factory.mktemp("r") / f"{table}.csv"
    with Spool(path) as spool:
        for row in drawn:
            spool.add(row)
        write_results({"x": spool}, {"x": str(path)})
    assert path.read_bytes() == to_csv(frame(table, drawn), table).encode()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_a_line_is_what_the_csv_module_writes(cells):
    cells = [cell.replace("\r", "\n") for cell in cells]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    assert csv_line(cells) == text.getvalue()


@given(rows("results/synthesis/effects"))
def test_tables_are_written_as_pandas_writes_their_cells(drawn):
    data = frame("results/synthesis/effects", drawn)
    written = pd.read_csv(
        io.StringIO(to_csv(data, "results/synthesis/effects")), dtype=str, keep_default_na=False, lineterminator="\n"
    )
    again = io.StringIO()
    written.to_csv(again, index=False, lineterminator="\n")
    assert to_csv(data, "results/synthesis/effects") == again.getvalue()


def test_a_fault_leaves_the_earlier_table_and_no_spool(tmp_path):
    path = tmp_path / "results/search/records.csv"
    path.parent.mkdir(parents=True)
    path.write_text("earlier")
    with Spool(path) as spool:
        spool.add({"record_id": "S:1", "position": 1})
        with pytest.raises(KeyError):
            write_results({"records": spool}, {"records": str(path), "balance": str(path.with_name("balance.csv"))})
    assert path.read_text() == "earlier"
    assert [file.name for file in path.parent.iterdir()] == ["records.csv"]


def test_what_a_killed_run_left_is_removed(tmp_path):
    path = tmp_path / "results/search/records.csv"
    path.parent.mkdir(parents=True)
    path.with_name(".records.spool.1").write_text("left")
    with Spool(path):
        assert not path.with_name(".records.spool.1").exists()
