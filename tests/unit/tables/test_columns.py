"""Tables held in columns are the same tables, to the byte."""

import math

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.tables import empty_result, frame, read_result, write_results
from reviewflow.tables.columns import empty_columns, from_frame, read_columns, to_frame, write_columns

TABLE = "results/dedupe/clusters"
TEXT = st.text(st.sampled_from(list("ab,\"';\n\r\t \\#=é−狼\x00\x1c")), max_size=6)
ROW = st.fixed_dictionaries(
    {
        "record_id": st.sampled_from(["a:1", "a:10", "a:2", "é", ""]),
        "search_id": TEXT,
        "export_file": TEXT,
        "position": st.integers(0, 12),
        "report_id": TEXT,
        "founder": st.booleans(),
        "matched_by": TEXT,
        "matched_to": TEXT,
        "score": st.one_of(st.none(), st.floats(allow_infinity=False), st.sampled_from([100.0, 0.0, -0.0, 1e16])),
    }
)


@settings(max_examples=60)
@given(st.lists(ROW, max_size=6))
def test_columns_are_written_and_read_as_frames_are(tmp_path_factory, rows):
    place = tmp_path_factory.mktemp("tables")
    ours, theirs = place / "a/results/dedupe/clusters.csv", place / "b/results/dedupe/clusters.csv"
    table = frame(TABLE, rows)
    write_columns({"clusters": from_frame(TABLE, table)}, {"clusters": str(ours)})
    write_results({"clusters": table}, {"clusters": str(theirs)})
    assert ours.read_bytes() == theirs.read_bytes()
    pd.testing.assert_frame_equal(to_frame(TABLE, read_columns(ours)), read_result(ours))


def test_integers_and_further_columns_read_back(tmp_path):
    path = tmp_path / "results/dedupe/reports.csv"
    table = frame("results/dedupe/reports", [{"report_id": "a", "year": 2014}, {"report_id": "b"}])
    write_columns({"r": from_frame("results/dedupe/reports", table).with_columns(more=pl.lit("x"))}, {"r": str(path)})
    back = read_columns(path)
    assert back["year"].to_list() == [2014, None]
    assert (back["more"].to_list(), back["title"].to_list()) == (["x", "x"], ["", ""])
    pd.testing.assert_frame_equal(to_frame("results/dedupe/reports", back), read_result(path))


def test_a_table_without_rows_has_its_columns():
    pd.testing.assert_frame_equal(to_frame(TABLE, empty_columns(TABLE)), empty_result(TABLE))


def test_a_failure_leaves_the_older_table_and_nothing_beside_it(tmp_path):
    path = tmp_path / "results/dedupe/clusters.csv"
    write_columns({"clusters": empty_columns(TABLE)}, {"clusters": str(path)})
    before = path.read_bytes()
    (path.parent / ".clusters.csv.999").write_text("what a killed run left")
    with pytest.raises(pl.exceptions.PolarsError):
        write_columns({"clusters": pl.DataFrame({"record_id": ["a"]})}, {"clusters": str(path)})
    write_columns({"clusters": empty_columns(TABLE)}, {"clusters": str(path)})
    assert (path.read_bytes(), [p.name for p in path.parent.iterdir()]) == (before, ["clusters.csv"])
    assert math.isnan(to_frame(TABLE, from_frame(TABLE, frame(TABLE, [{"founder": True}])))["score"][0])
