"""Decision files: appended by one writer at a time, whole lines only, each sealed to the one before."""

import csv
import multiprocessing
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reviewflow.events import Busy, Journal, seal, verify
from reviewflow.faults import DataFaults
from reviewflow.formulas import plain

COLUMNS = ["decided_at", "record_id", "decision", "reason", "note"]
FILE = "records/screening/title_abstract/reviewer_1.csv"


def open_journal(root: Path) -> Journal:
    return Journal(root, "title_abstract", "reviewer_1", FILE, COLUMNS)


def decide(root: Path, *records: str, note: str = "") -> None:
    with open_journal(root) as journal:
        for record in records:
            journal.append({"record_id": record, "decision": "include", "note": note})


def lines(root: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with open(root / FILE, encoding="utf-8-sig", newline="") as handle:
        return [row | {"_line": i} for i, row in enumerate(csv.DictReader(handle, delimiter=delimiter), 2)]


def write(root: Path, text: str, encoding: str = "utf-8") -> None:
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_bytes(text.encode(encoding))


def states(root: Path, **kind) -> list[str]:
    return [s.state for s in verify("title_abstract", "reviewer_1", lines(root, **kind))]


def test_what_the_page_writes_is_sealed_in_one_chain(tmp_path):
    decide(tmp_path, "A:1", "A:2")
    decide(tmp_path, "A:3", note='said "no",\nthen yes')
    rows = lines(tmp_path)
    assert [r["record_id"] for r in rows] == ["A:1", "A:2", "A:3"]
    assert [r["previous"] for r in rows] == ["", rows[0]["event_id"], rows[1]["event_id"]]
    assert states(tmp_path) == ["sealed"] * 3
    assert not any(s.problem for s in verify("title_abstract", "reviewer_1", rows))


@pytest.mark.parametrize(
    "column", ["decided_at", "record_id", "decision", "reason", "note", "event_id", "seen", "previous"]
)
def test_a_changed_cell_breaks_its_line(tmp_path, column):
    decide(tmp_path, "A:1", "A:2", "A:3")
    rows = lines(tmp_path)
    rows[1][column] = "2020-01-01T00:00:00Z" if column == "decided_at" else "exclude"
    assert verify("title_abstract", "reviewer_1", rows)[1].state == "broken"


def test_a_line_taken_out_breaks_the_one_behind_it(tmp_path):
    decide(tmp_path, "A:1", "A:2", "A:3")
    rows = lines(tmp_path)
    gone = rows.pop(1)
    found = verify("title_abstract", "reviewer_1", rows)
    assert [s.state for s in found] == ["sealed", "broken"]
    assert gone["event_id"] in found[1].problem


def test_a_line_of_another_person_or_stage_is_broken(tmp_path):
    decide(tmp_path, "A:1")
    assert verify("title_abstract", "reviewer_2", lines(tmp_path))[0].state == "broken"
    assert verify("full_text", "reviewer_1", lines(tmp_path))[0].state == "broken"


def test_lines_written_by_hand_are_unsealed_and_break_nothing(tmp_path):
    write(tmp_path, "decided_at,record_id,decision,reason,note\n2020-01-02,A:0,include,,by hand\n")
    decide(tmp_path, "A:1")
    with open(tmp_path / FILE, "a", encoding="utf-8") as handle:
        handle.write("2020-01-03,A:9,exclude,,by hand,,,,\n")
    decide(tmp_path, "A:2")
    assert [r["record_id"] for r in lines(tmp_path)] == ["A:0", "A:1", "A:9", "A:2"]
    assert states(tmp_path) == ["unsealed", "sealed", "unsealed", "sealed"]
    assert lines(tmp_path)[0]["note"] == "by hand"


def test_sorting_the_lines_is_told_but_is_not_broken(tmp_path):
    decide(tmp_path, "A:1", "A:2")
    found = verify("title_abstract", "reviewer_1", lines(tmp_path)[::-1])
    assert [s.state for s in found] == ["sealed", "sealed"]
    assert "sorted" in found[0].problem


def test_two_copies_that_were_merged_are_told_but_are_not_broken(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    decide(one, "A:1")
    write(other, (one / FILE).read_text(encoding="utf-8"))
    decide(one, "A:2")
    decide(other, "A:3")
    rows = [*lines(one), lines(other)[-1] | {"_line": 4}]
    found = verify("title_abstract", "reviewer_1", rows)
    assert [s.state for s in found] == ["sealed"] * 3
    assert "merged" in found[2].problem


def test_a_merge_of_two_copies_can_be_appended_to(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    decide(one, "A:1")
    write(other, (one / FILE).read_text(encoding="utf-8"))
    decide(one, "A:2")
    decide(other, "A:3")
    tail = (other / FILE).read_text(encoding="utf-8").splitlines()[-1]
    with open(one / FILE, "a", encoding="utf-8") as handle:
        handle.write(tail + "\n")
    decide(one, "A:4")
    assert states(one) == ["sealed"] * 4


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_that_a_spreadsheet_saved_is_continued_as_it_is(tmp_path, delimiter, mark):
    header = delimiter.join(COLUMNS)
    write(tmp_path, f"{mark}{header}\r\n{delimiter.join(['2020-01-02', 'A:0', 'include', '', 'né'])}\r\n")
    decide(tmp_path, "A:1")
    raw = (tmp_path / FILE).read_bytes().decode("utf-8")
    assert raw.startswith(mark + header)
    assert raw.count("\n") == raw.count("\r\n") == 3
    assert [r["record_id"] for r in lines(tmp_path, delimiter)] == ["A:0", "A:1"]
    assert states(tmp_path, delimiter=delimiter) == ["unsealed", "sealed"]


def test_a_last_line_without_its_line_end_is_kept(tmp_path):
    write(tmp_path, "decided_at,record_id,decision,reason,note\n2020-01-02,A:0,include,,")
    decide(tmp_path, "A:1")
    assert [r["record_id"] for r in lines(tmp_path)] == ["A:0", "A:1"]


@pytest.mark.parametrize("note", ["", 'a "quoted"\nnote'])
def test_what_a_crash_left_of_a_line_is_set_aside_wherever_it_was_cut(tmp_path, note):
    decide(tmp_path, "A:1", "A:2", note=note)
    whole = (tmp_path / FILE).read_bytes()
    second = whole.index(b",A:2")
    start = whole.rindex(b"\n", 0, second) + 1
    for cut in range(start + 1, len(whole) - 1, 3):
        review = tmp_path / str(cut)
        write(review, whole[:cut].decode("utf-8"))
        with open_journal(review) as journal:
            told = journal.mended
            journal.append({"record_id": "A:3", "decision": "exclude"})
        rows = lines(review)
        kept = [r["record_id"] for r in rows]
        assert kept == ["A:1", "A:3"]
        assert "cut off" in told
        [aside] = (review / ".reviewflow").glob("torn_*")
        assert aside.read_bytes() == whole[start:cut]
        assert states(review) == ["sealed", "sealed"]


@pytest.mark.parametrize("line", ["2020-01-02,A:9,exclude,,", "2020-01-02T10:00:00Z,A:9,exclude"])
def test_a_last_line_by_hand_that_is_shorter_than_the_pages_is_no_line_that_a_crash_cut_off(tmp_path, line):
    decide(tmp_path, "A:1")
    with (tmp_path / FILE).open("a", encoding="utf-8") as handle:
        handle.write(line)
    with open_journal(tmp_path) as journal:
        assert journal.mended == ""
        journal.append({"record_id": "A:2", "decision": "include"})
    assert [r["record_id"] for r in lines(tmp_path)] == ["A:1", "A:9", "A:2"]


def test_a_quotation_mark_within_a_cell_stands_for_itself(tmp_path):
    written = 'decided_at,record_id,decision,reason,note\n2020-01-02,A:1,include,,a 5" tube\n2020-01-02,A:2,include,,\n'
    write(tmp_path, written)
    decide(tmp_path, "A:3")
    assert [(r["record_id"], r["note"]) for r in lines(tmp_path)] == [("A:1", 'a 5" tube'), ("A:2", ""), ("A:3", "")]


@pytest.mark.parametrize("note", ["", 'two "lines"\nhere'])
@pytest.mark.parametrize("by_hand", [True, False])
def test_an_open_quotation_mark_is_a_fault_and_moves_no_line(tmp_path, note, by_hand):
    decide(tmp_path, "A:1", "A:2", "A:3", note=note)
    text = (tmp_path / FILE).read_text(encoding="utf-8").replace("A:2", '"A:2', 1)
    if by_hand:
        text = 'decided_at,record_id,decision,reason,note\n2020-01-02,"A:1,include,,\n2020-01-02,A:2,include,,\n'
    write(tmp_path, text)
    with pytest.raises(DataFaults, match="close the quotation marks"):
        open_journal(tmp_path)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text
    assert list((tmp_path / ".reviewflow").glob("torn_*")) == []


def test_a_cell_beyond_the_header_is_refused_rather_than_lost(tmp_path):
    write(tmp_path, "decided_at,record_id,decision,reason,note\n2020-01-02,A:0,include,,,extra\n")
    with pytest.raises(DataFaults, match="6 cells where the header has 5"):
        open_journal(tmp_path)
    with pytest.raises(DataFaults):  # and not Busy: the lock was given back
        open_journal(tmp_path)


def test_the_newest_line_is_the_newest_also_where_the_clock_was_set_back(tmp_path):
    with open_journal(tmp_path) as journal:
        first = journal.append({"record_id": "A:1", "decision": "include"}, datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC))
        again = journal.append({"record_id": "A:1", "decision": "exclude"}, datetime(2026, 5, 1, 11, 30, 0, tzinfo=UTC))
    assert again["decided_at"] > first["decided_at"]
    with open_journal(tmp_path) as journal:
        later = journal.append({"record_id": "A:1", "decision": "include"}, datetime(2026, 5, 1, 11, 45, 0, tzinfo=UTC))
    assert later["decided_at"] > again["decided_at"]


def test_a_time_far_in_the_future_is_named_instead_of_being_followed(tmp_path):
    write(tmp_path, "decided_at,record_id,decision,reason,note\n2099-01-02,A:0,include,,\n")
    with open_journal(tmp_path) as journal, pytest.raises(DataFaults, match="future"):
        journal.append({"record_id": "A:1", "decision": "include"})


def test_one_writer_at_a_time(tmp_path):
    with open_journal(tmp_path), pytest.raises(Busy, match="another window"):
        open_journal(tmp_path)
    open_journal(tmp_path).close()


def _append_or_be_told(root: str, number: int) -> int:
    written = 0
    for i in range(40):
        try:
            decide(Path(root), f"P{number}:{i}")
            written += 1
        except Busy:
            continue
    return written


def test_processes_that_fight_for_a_file_neither_lose_nor_double_an_event(tmp_path):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        written = pool.starmap(_append_or_be_told, [(str(tmp_path), n) for n in range(3)])
    rows = lines(tmp_path)
    assert len(rows) == sum(written) == len({r["event_id"] for r in rows})
    assert set(states(tmp_path)) == {"sealed"}


def test_the_seal_covers_what_is_said_and_not_how_a_program_saves_it():
    cells = {"record_id": "A:1", "decision": "include", "note": "two\nlines"}
    same = {"record_id": " A:1 ", "decision": "include", "note": "two\r\nlines\r\n", "reason": ""}
    assert seal("full_text", "r", cells, "") == seal("full_text", "r", same, "")
    assert seal("full_text", "r", cells, "") != seal("full_text", "r", cells, "s1")


def test_two_events_within_one_millisecond_have_different_times(tmp_path):
    with open_journal(tmp_path) as journal:
        for microsecond in (400, 700):
            now = datetime(2024, 5, 17, 9, 30, 0, microsecond, UTC)
            journal.append({"record_id": "A:1", "decision": "include"}, now)
    assert [r["decided_at"] for r in lines(tmp_path)] == ["2024-05-17T09:30:00.000Z", "2024-05-17T09:30:00.001Z"]


@pytest.mark.parametrize("note", ["=1+1", "@name", "'=quoted", "plain", ""])
def test_a_note_is_no_formula_in_the_file_and_its_line_is_sealed_as_it_stands(tmp_path, note):
    decide(tmp_path, "A:1", note=note)
    cell = lines(tmp_path)[0]["note"]
    assert not cell.startswith(("=", "@"))
    assert plain(cell) == note
    assert states(tmp_path) == ["sealed"]


def test_a_journal_that_one_thread_opened_can_be_closed_by_another(tmp_path):
    journal = open_journal(tmp_path)
    closing = threading.Thread(target=journal.close)
    closing.start()
    closing.join()
    open_journal(tmp_path).close()


def test_who_only_looks_changes_no_file(tmp_path):
    file = tmp_path / FILE
    open_journal(tmp_path).close()
    assert not file.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("decided_at,record_id,decision,reason,note\n2024-05-17,A:1,include,,by hand", encoding="utf-8")
    before = file.read_bytes()
    open_journal(tmp_path).close()
    assert file.read_bytes() == before


def test_a_line_written_by_hand_between_opening_and_the_first_decision_stays(tmp_path):
    file = tmp_path / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("decided_at,record_id,decision,reason,note\n", encoding="utf-8")
    with open_journal(tmp_path) as journal:
        with file.open("a", encoding="utf-8") as handle:
            handle.write("2024-05-17,A:1,exclude,,by hand\n")
        journal.append({"record_id": "A:2", "decision": "include"})
    assert [(r["record_id"], r["decision"]) for r in lines(tmp_path)] == [("A:1", "exclude"), ("A:2", "include")]
    assert states(tmp_path) == ["unsealed", "sealed"]
