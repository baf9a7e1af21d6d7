"""What goes out in a format comes back: record_id and decisions always, fields wherever the format has a place."""

import io

import pandas as pd
import pytest
from hard_records import TRAPS, differences, tables
from hypothesis import given, settings
from reviewflow.interchange import DECISION, FIELDS, FORMATS, Wanted, read, records, write
from reviewflow.interchange.columns import blank, one_line
from reviewflow.search import read_export
from reviewflow.search.fields import FIELDS as IMPORTED
from reviewflow.tables import read_people

every_format = pytest.mark.parametrize("name", FORMATS)


def table(*rows):
    whole = [blank() | {"record_id": f"S:{i}", "record_ids": f"S:{i}"} | row for i, row in enumerate(rows)]
    return pd.DataFrame(whole, columns=list(blank()), dtype=object)


@every_format
@settings(max_examples=120)
@given(table=tables())
def test_records_of_hard_text_come_back(name, table):
    back = read(name, write(name, table), "x", set(table["record_id"]))
    assert differences(name, table, back) == []


@every_format
@pytest.mark.parametrize("column", [c for c in FIELDS if c not in ("record_id", "record_ids", "year", "pmid")])
def test_each_trap_in_each_column_comes_back(name, column):
    out = table(*({column: trap.replace(";", ",")} for trap in TRAPS))
    out[column] = out[column].map(one_line) if column in ("accession", "authors") else out[column]
    assert differences(name, out, read(name, write(name, out))) == []


@every_format
@pytest.mark.parametrize("whose", ["reports", "records", "queue", "included", "excluded", "awaiting"])
@pytest.mark.parametrize("stage", ["", "title_abstract", "full_text"])
def test_the_tables_of_the_bundled_review_come_back(name, whose, stage, results):
    out = records(results, Wanted(whose, stage), None, {})
    back = read(name, write(name, out), "x", set(results["search/records"]["record_id"]))
    assert differences(name, out, back) == []
    assert set(back.decisions["origin"]) <= ({"told", ""} if name == "csv" else {"carried", ""})


@every_format
def test_the_own_decisions_of_a_reviewer_come_back(name, results, review):
    file = review / "records/screening/title_abstract/reviewer_1.csv"
    votes = {"title_abstract": read_people(file, "records/screening/decisions", review)}
    out = records(results, Wanted("reports", reviewer="reviewer_1", stage="title_abstract"), None, votes)
    assert set(out["decision"]) == {"include", "exclude", "unsure"}
    assert all(out["decided_at"])
    assert differences(name, out, read(name, write(name, out))) == []


@pytest.mark.parametrize("name", ["csv", "asreview", "rayyan", "covidence"])
def test_tables_keep_white_space_too(name):
    out = table({"title": "  a  b\n c ", "abstract": "line 1\nline 2\n"})
    back = read(name, write(name, out)).records
    assert back.loc[0, ["title", "abstract"]].tolist() == out.loc[0, ["title", "abstract"]].tolist()


@every_format
def test_an_abstract_of_240_kb_stays_whole(name):
    long = "0123456 " * 30_000
    assert read(name, write(name, table({"abstract": long}))).records.at[0, "abstract"].split() == long.split()


@every_format
def test_bytes_are_the_same_whatever_the_order_of_the_tables(name, results):
    shuffled = {key: frame.sample(frac=1, random_state=1) for key, frame in results.items()}
    texts = [write(name, records(tables, Wanted("records"), None, {})) for tables in (results, shuffled)]
    assert texts[0] == texts[1]


@every_format
def test_a_column_is_either_held_or_named_as_lost(name):
    out = table({column: "7" for column in FIELDS if column != "record_id"})
    back = read(name, write(name, out)).records
    assert {column for column in FIELDS if not back.at[0, column]} == set(FORMATS[name].lost)


# --- our own import of our own export ---


def imported(text):
    export = read_export(text.encode())
    assert (export.counted, export.note) == (len(export.entries), "")
    return [IMPORTED[export.format](entry) for entry in export.entries]


COMPARED = (
    "title", "translated_title", "authors", "year", "doi", "pmid", "journal", "volume", "issue", "pages", "abstract",
    "language", "url", "issn",
)  # fmt: skip


@pytest.mark.parametrize("name", ["ris", "csv"])
@pytest.mark.parametrize("whose", ["reports", "records"])
def test_an_export_is_a_valid_export_to_import(name, whose, results):
    out = records(results, Wanted(whose), None, {})
    found = imported(write(name, out))
    assert len(found) == len(out)
    for column in COMPARED:
        cells = ["" if row[column] is None else str(row[column]) for row in found]
        assert cells == out[column].tolist(), column
    accessions = [row["accession"] for row in found]
    bare = out["record_id"] if name == "ris" else out["accession"]  # RIS never leaves AN blank
    assert accessions == out["accession"].where(out["accession"] != "", bare).tolist()


@settings(max_examples=100)
@given(table=tables())
def test_no_record_of_hard_text_is_lost_by_our_own_import_of_ris(table):
    table["title"] += "x"
    assert len(imported(write("ris", table))) == len(table)


# --- ASReview reads CSV through pandas and writes it so ---


def test_what_asreview_reads_and_writes_again_comes_back(results):
    out = records(results, Wanted("reports"), None, {})
    data = pd.read_csv(io.StringIO(write("asreview", out)), sep=None, engine="python")
    data["included"] = data["included"].astype("float")
    data["asreview_label"] = data["included"]
    data["asreview_time"] = None
    back = read("asreview", data.to_csv(index=False))
    assert back.faults == []
    assert back.decisions["record_id"].tolist() == out["record_id"].tolist()
    assert back.decisions[list(DECISION)].to_numpy().tolist() == out[list(DECISION)].to_numpy().tolist()
    assert back.records["year"].tolist() == out["year"].tolist()
