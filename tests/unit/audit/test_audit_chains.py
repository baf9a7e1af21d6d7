"""Seals of decision files: what was changed, taken out, copied, sorted or merged."""

import pytest
from audit_sample import decide, found, people_file, votes
from reviewflow.audit.chains import chains, copied
from reviewflow.tables import read_people

FOLDER = "records/screening/title_abstract"
FILE = f"{FOLDER}/reviewer_1.csv"
TABLE = "records/screening/decisions"


@pytest.fixture
def root(tmp_path):
    """A review in which two people decided on the page."""
    for person in ("reviewer_1", "reviewer_2"):
        decide(tmp_path, "title_abstract", person, "A:1", "A:2", "A:3", "A:4")
    return tmp_path


def lines(root, person="reviewer_1"):
    return (root / f"{FOLDER}/{person}.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def write(root, lines, person="reviewer_1"):
    (root / f"{FOLDER}/{person}.csv").write_text("".join(lines), encoding="utf-8")


def read(root, person="reviewer_1"):
    return read_people(root / f"{FOLDER}/{person}.csv", TABLE, root)


def said(root):
    return list(chains(votes(read(root)), [read(root)]))


def graver(root):
    return [(f.severity, f.line) for f in said(root) if f.severity != "note"]


def test_an_untouched_file_has_its_last_seal_as_a_note_and_nothing_else(root):
    [note] = said(root)
    assert (note.severity, note.file, note.line) == ("note", FILE, None)
    last = read(root).iloc[-1]
    assert "4 sealed lines" in note.finding
    assert last["seal"] in note.finding
    assert last["event_id"] in note.finding


def test_an_edited_cell_is_an_error_at_its_line(root):
    found = lines(root)
    found[2] = found[2].replace("exclude", "include")
    write(root, found)
    assert ("error", 3) in graver(root)


def test_a_deleted_line_is_an_error_at_the_line_behind_it(root):
    found = lines(root)
    del found[2]
    write(root, found)
    assert graver(root) == [("error", 3)]


def test_a_line_taken_off_the_end_shows_in_the_last_seal_alone(root):
    before = said(root)[-1].finding
    write(root, lines(root)[:-1])
    assert graver(root) == []
    assert said(root)[-1].finding != before


def test_a_line_copied_from_the_file_of_another_is_an_error_in_both_ways(root):
    write(root, [*lines(root), lines(root, "reviewer_2")[1]])
    assert graver(root) == [("error", 6)]
    both = votes(read(root), read(root, "reviewer_2"))
    findings = [f for f in copied(both) if f.severity == "error"]
    assert [(f.file, f.line) for f in findings] == [(FILE, 6)]
    assert f"{FOLDER}/reviewer_2.csv:2" in findings[0].finding


def test_a_sorted_file_is_a_warning_and_no_error(root):
    header, *rest = lines(root)
    write(root, [header, *reversed(rest)])
    assert graver(root) == [("warning", 2)]
    assert "more likewise" in next(f.finding for f in said(root) if f.severity == "warning")


def test_two_copies_that_were_merged_are_a_warning_and_have_two_last_seals(root):
    first = lines(root)
    decide(root, "title_abstract", "reviewer_1", "A:5", start=20)
    one = lines(root)
    write(root, first)
    decide(root, "title_abstract", "reviewer_1", "A:6", start=30)
    write(root, [*one, lines(root)[-1]])
    assert graver(root) == [("warning", 7)]
    assert len([f for f in said(root) if "last seal" in f.finding]) == 2


def test_a_line_that_stands_twice_is_a_warning(root):
    write(root, [*lines(root), lines(root)[-1]])
    assert graver(root) == [("warning", 6)]


def test_lines_written_by_hand_are_counted_as_unsealed_and_never_broken():
    file = people_file("title_abstract", "reviewer_1", ("2020-01-01", "a", "include"), ("2020-01-02", "b", "exclude"))
    [note] = chains(votes(file), [file])
    assert note.severity == "note"
    assert note.finding.startswith("2 lines are unsealed")


def test_a_file_without_decisions_says_nothing():
    assert list(chains([], [people_file("title_abstract", "reviewer_1")])) == []


def test_hand_written_lines_that_two_files_share_are_one_warning_for_the_two_files():
    decisions = [("2020-01-02T10:01:07Z", "a", "include"), ("2020-01-02T10:02:08Z", "b", "include")]
    one = people_file("title_abstract", "reviewer_1", *decisions)
    other = people_file("title_abstract", "reviewer_2", *decisions)
    [finding] = copied(votes(one, other))
    assert finding.severity == "warning"
    assert finding.finding.startswith("2 decisions")


@pytest.mark.parametrize(
    "other",
    [
        ("2020-01-02T10:01:08Z", "a", "include"),
        ("2020-01-02T10:01:07Z", "b", "include"),
        ("2020-01-02T10:01:07Z", "a", "exclude"),
    ],
    ids=["another time", "another record", "another decision"],
)
def test_lines_that_differ_are_no_copies(other):
    one = people_file("title_abstract", "reviewer_1", ("2020-01-02T10:01:07Z", "a", "include"))
    assert list(copied(votes(one, people_file("title_abstract", "reviewer_2", other)))) == []


def test_days_without_a_time_of_day_are_no_sign_of_a_copy():
    one, other = (
        people_file("title_abstract", p, ("2020-01-02", "a", "include")) for p in ("reviewer_1", "reviewer_2")
    )
    assert found(list(copied(votes(one, other))), "copied") == []
