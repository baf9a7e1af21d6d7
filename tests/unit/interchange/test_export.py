"""`reviewflow export`: which records with which fields and decisions, where to, and what it says."""

import csv
import io

import pandas as pd
import pytest
from reviewflow.cli import main
from reviewflow.interchange import FORMATS, Wanted, records, summary, write
from reviewflow.interchange.columns import blank
from reviewflow.interchange.sheet import neutral, plain

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a"]


def cells(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def export(review, *arguments):
    return main(["export", "--directory", str(review), *arguments])


# --- which records ---


def test_tables_are_chosen_by_state_and_by_stage(results):
    ledger = results["screening/ledger"]
    stage = results["screening/title_abstract"]
    expected = {
        ("reports", ""): len(results["dedupe/reports"]),
        ("records", ""): len(results["search/records"]),
        ("included", ""): (ledger["state"] == "included").sum(),
        ("excluded", ""): ledger["state"].str.startswith("excluded").sum(),
        ("included", "title_abstract"): (stage["decision"] == "include").sum(),
        ("excluded", "title_abstract"): (stage["decision"] == "exclude").sum(),
    }
    found = {wanted: len(records(results, Wanted(*wanted), None, {})) for wanted in expected}
    assert found == expected
    assert min(found.values()) > 0


def test_what_passed_title_and_abstract_only_is_not_called_included(results):
    out = records(results, Wanted("reports"), None, {}).set_index("record_id")
    state = results["screening/ledger"].set_index("report_id")["state"]
    waiting = state[state == "not_retrieved"].index
    assert len(waiting)
    assert set(out.loc[waiting, "decision"]) == {""}
    first = records(results, Wanted("reports", "title_abstract"), None, {}).set_index("record_id")
    assert set(first.loc[waiting, "decision"]) == {"include"}


def test_what_a_table_lacks_comes_from_reports_and_from_records(results):
    whole = records(results, Wanted("reports"), None, {})
    ledger = results["screening/ledger"]
    own = records(results, Wanted("ledger.csv"), ledger[["report_id"]].assign(_line=2), {})
    assert own.equals(whole)
    sighting = results["search/records"].iloc[3]
    own = records(results, Wanted("x.csv"), pd.DataFrame([{"record_id": sighting["record_id"], "_line": 2}]), {})
    assert own.loc[0, ["title", "authors", "sources"]].tolist() == sighting[["title", "authors", "source"]].tolist()
    assert own.at[0, "decision"]


def test_a_team_s_own_fields_hold_and_an_unknown_record_goes_along(results):
    mine = pd.DataFrame([{"record_id": "S:9", "title": "Mine", "_line": 2}])
    out = records(results, Wanted("x.csv"), mine, {})
    assert out.loc[0, ["record_id", "title", "decision"]].tolist() == ["S:9", "Mine", ""]


def test_only_the_search_is_needed_to_give_records(results):
    out = records({"search/records": results["search/records"]}, Wanted("records"), None, {})
    assert len(out) == len(results["search/records"])


def test_a_report_has_the_accession_of_its_founder(results):
    out = records(results, Wanted("reports"), None, {})
    named = out[out["accession"] != ""]
    assert len(named) > 200
    assert (named["record_id"] == named["record_id"].str.partition(":")[0] + ":" + named["accession"]).all()


def test_a_reviewer_s_newest_decision_counts(results):
    report = results["screening/title_abstract"]["report_id"].iloc[0]
    lines = [("2020-01-02", "exclude"), ("2020-01-03T00:00:00Z", "unsure"), ("2020-01-01", "include")]
    votes = pd.DataFrame(
        [{"record_id": report, "decided_at": t, "decision": d, "reason": "", "note": ""} for t, d in lines]
    )
    wanted = Wanted("reports", "title_abstract", "reviewer_1")
    out = records(results, wanted, None, {"title_abstract": votes}).set_index("record_id")
    assert out.loc[report, ["decision", "reviewer", "decided_at"]].tolist() == [
        "unsure",
        "reviewer_1",
        "2020-01-03T00:00:00Z",
    ]
    assert set(out.drop(report)["decision"]) == {""}
    assert set(out.drop(report)["reviewer"]) == {""}


def test_a_note_that_was_kept_from_being_a_formula_goes_out_as_it_was_typed(results):
    report = results["screening/title_abstract"]["report_id"].iloc[0]
    kept = {"record_id": report, "decided_at": "2020-01-02", "decision": "exclude", "reason": "", "note": "'=1+1"}
    wanted = Wanted("reports", "title_abstract", "reviewer_1")
    out = records(results, wanted, None, {"title_abstract": pd.DataFrame([kept])}).set_index("record_id")
    assert "=1+1" in out.loc[report].tolist()


# --- what each format looks like ---


def test_ris_is_one_line_a_value_with_crlf():
    row = blank() | {"record_id": "S:1", "title": "One\nER  - \nTwo", "authors": "A, B; C, D", "pages": "494-6"}
    text = write("ris", pd.DataFrame([row | {"decision": "exclude", "reason": "wrong_design"}]))
    assert text.count("\r\n") == text.count("\n")
    assert text.split("\r\n")[:6] == [
        "TY  - GEN",
        "TI  - One ER - Two",
        "AU  - A, B",
        "AU  - C, D",
        "SP  - 494",
        "EP  - 6",
    ]
    assert "KW  - status:excluded\r\nKW  - reason:wrong_design\r\n" in text


def test_citesource_has_its_tags_and_no_comma_in_a_value():
    row = blank() | {"record_id": "S:1", "record_ids": "S:1; T:2,3", "sources": "S; Ovid, T", "searches": "s1; t1"}
    row |= {"phases": "search; screened", "pmcid": "PMC1", "title": "One"}
    text = write("citesource", pd.DataFrame([row]))
    tags = [line for line in text.split("\r\n") if line[:2] in ("DB", "C1", "C2", "C6", "C7", "C8")]
    assert tags == [
        "C6  - PMC1", "DB  - S, Ovid%2C T", "C7  - search, screened", "C8  - s1, t1", "C1  - S:1", "C2  - S:1, T:2%2C3",
    ]  # fmt: skip


def test_the_phases_of_citesource_are_what_the_ledger_says(results):
    out = records(results, Wanted("reports"), None, {}).set_index("record_id")["phases"]
    state = results["screening/ledger"].set_index("report_id")["state"]
    assert set(out[state[state == "included"].index]) == {"search; screened; final"}
    assert set(out[state[state == "excluded_title_abstract"].index]) == {"search"}
    assert set(out[state[state == "excluded_full_text"].index]) == {"search; screened"}


def test_asreview_gets_its_label_and_rayyan_its_notes():
    rows = [{"record_id": f"S:{d}", "decision": d, "reason": "x"} for d in ("include", "exclude", "unsure")]
    out = pd.DataFrame([blank() | row for row in rows])
    assert [row["included"] for row in cells(write("asreview", out))] == ["1", "0", ""]
    said = [row["notes"].rpartition("{")[2].partition("}")[0] for row in cells(write("rayyan", out))]
    assert said == [f'"reviewflow consensus"=>"{word}"' for word in ("Included", "Excluded", "Maybe")]
    assert not [
        name for name in cells(write("asreview", out))[0] if name.startswith("asreview_") or name == "record_id"
    ]


@pytest.mark.parametrize("cell", FORMULAS)
def test_our_csv_has_no_formula_and_gives_the_cell_back(cell):
    row = cells(write("csv", pd.DataFrame([blank() | {"record_id": "S:1", "title": cell}])))[0]
    assert row["title"] == "'" + cell.replace("\r", "\n")


@pytest.mark.parametrize("cell", ["", "'", "'quoted'", "a=b", "'" * 3, *FORMULAS, *(f"'{f}" for f in FORMULAS), "''=1"])
def test_neutral_cells_are_plain_again(cell):
    assert plain(neutral(cell)) == cell
    assert not neutral(cell).startswith(tuple("=+-@\t\r＝＋－＠"))


@pytest.mark.parametrize("name", ["asreview", "rayyan", "covidence"])
def test_what_tools_read_has_no_mark_of_ours(name):
    text = write(name, pd.DataFrame([blank() | {"record_id": "S:1", "title": "-Adrenergic"}]))
    assert "'-Adrenergic" not in text


def test_the_summary_counts_decisions_and_names_what_stays_behind():
    row = blank() | {"record_id": "S:1", "translated_title": "x", "decision": "unsure", "abstract": "a" * 40_000}
    out = pd.DataFrame([row, blank() | {"record_id": "S:2", "abstract": "a" * 140_000}])
    first, *rest = summary("rayyan", out)
    assert first == "2 entries: 0 included, 0 excluded, 1 unsure, 1 without a decision"
    assert rest[0] == "Rayyan has no column for translated_title (1); --format ris and csv have"
    assert rest[1].startswith("2 entries have a text longer than the 32767 characters")
    assert summary("asreview", out)[-1].startswith(
        "ASReview refuses a table with a text longer than 131072 characters (1"
    )
    assert len(summary("ris", out)) == 1


# --- the command ---


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_written_where_one_stands(name, review, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert export(review, "--format", name, "--table", "included") == 0
    file = tmp_path / f"included_{name}.{FORMATS[name].suffix}"
    assert file.read_bytes().count(b"\n") > 10
    assert capsys.readouterr().err.startswith(f"written to {file.name}\n10 entries: 10 included,")


def test_an_export_may_be_written_over_and_is_the_same(review, tmp_path):
    for name in ("a.ris", "a.ris", "b.ris"):
        assert export(review, "--format", "ris", "--output", str(tmp_path / name)) == 0
    assert (tmp_path / "a.ris").read_bytes() == (tmp_path / "b.ris").read_bytes()


def test_the_terminal_gets_the_same_bytes_and_a_mark_where_it_is_asked_for(review, tmp_path, capsysbinary):
    assert export(review, "--format", "ris", "--output", str(tmp_path / "a.ris")) == 0
    assert export(review, "--format", "ris", "--output", "-", "--bom") == 0
    assert capsysbinary.readouterr().out == b"\xef\xbb\xbf" + (tmp_path / "a.ris").read_bytes()


@pytest.mark.parametrize("folder", ["records", "config", "results"])
def test_an_export_is_never_written_where_people_and_the_workflow_write(folder, review, tmp_path, capsys):
    for part in ("records", "config", "results"):
        (tmp_path / part).mkdir()
    assert export(tmp_path, "--format", "csv", "--output", str(tmp_path / folder / "x.csv")) == 1
    assert f"an export is never written into {folder}/" in capsys.readouterr().err
    assert not list((tmp_path / folder).iterdir())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--table", "reports"], "results/dedupe/reports.csv: is not there yet; run `snakemake dedupe` first"),
        (["--table", "records"], "results/search/records.csv: is not there yet; run `snakemake search` first"),
        (["--table", "awaiting"], "results/screening/ledger.csv: is not there yet; run `snakemake screening` first"),
        (["--table", "nope"], "nope: is no file; name one, or one of reports, records, queue, included, excluded, awaiting"),
        (["--reviewer", "reviewer_1"], '"reviewer_1" has decided nothing; nobody has screened yet'),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named_in_one_line(arguments, says, tmp_path, capsys):
    assert export(tmp_path, "--format", "csv", "--output", "-", *arguments) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_a_table_of_one_s_own_is_named_by_its_file(review, tmp_path, capsys, results):
    file = tmp_path / "mine.csv"
    known = results["search/records"]["record_id"].iloc[0]
    file.write_text(f"\ufeffrecord_id;topic\n{known};x\n", encoding="utf-8")
    assert export(review, "--format", "csv", "--table", str(file), "--output", str(tmp_path / "out.csv")) == 0
    assert cells((tmp_path / "out.csv").read_text(encoding="utf-8"))[0]["title"]
    for text, says in (
        ("title\nx\n", "has neither a column record_id nor report_id"),
        (f"record_id,x\n{known},1\n,2\n", "mine.csv:3: record_id: the cell is blank"),
        ("record_id\n\udcff\n", "the file is not UTF-8"),
    ):
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert export(review, "--format", "csv", "--table", str(file), "--output", "-") == 1
        assert says in capsys.readouterr().err


def test_a_reviewer_who_is_none_is_answered_with_those_who_are(review, capsys):
    assert export(review, "--format", "csv", "--reviewer", "adjudication", "--output", "-") == 1
    assert "name one of reviewer_1, reviewer_2" in capsys.readouterr().err
