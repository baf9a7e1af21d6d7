"""Times of decisions that cannot be, are too fast, or are not known."""

from datetime import UTC, datetime, timedelta

import pytest
from audit_sample import SEARCHED, audited, found, material, people, people_file, votes
from reviewflow.audit.times import bursts, first_searches, hurries, too_early, too_late, unknown_times
from reviewflow.tables import frame

STAGE = "title_abstract"
START = datetime(2020, 1, 2, 9, tzinfo=UTC)


def at(seconds: float, record: str, decision: str = "exclude", imported: str = ""):
    time = (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return time, record, decision, "", "", imported


def one(*decisions):
    return votes(people_file(STAGE, "reviewer_1", *decisions))


@pytest.mark.parametrize(
    ("time", "early"),
    [
        ("2019-11-30", True),
        ("2019-12-01", False),
        ("2019-11-29T23:00:00Z", True),
        # On the day of the search already where it is UTC+14.
        ("2019-11-30T10:00:00Z", False),
        ("2019-11-30T09:59:59Z", True),
        ("", False),
    ],
)
def test_a_decision_older_than_the_search_that_found_the_record_is_an_error(time, early):
    lines = one((time, "a", "exclude", "", "", "" if time else "rayyan.csv"))
    assert [f.severity for f in too_early(lines, {"a": SEARCHED})] == ["error"] * early


def test_the_search_that_counts_is_the_earliest_of_the_earliest_wave_that_has_the_record():
    searches = [("s1", 1, "2019-12-05"), ("s2", 1, "2019-12-03"), ("s3", 2, "2019-11-01")]
    names = ("search_id", "wave", "date_run")
    run = frame("records/search/searches", [dict(zip(names, s, strict=True)) for s in searches])
    sightings = [("a", "s1"), ("a", "s2"), ("a", "s3"), ("b", "s3")]
    known = frame("results/search/records", [{"record_id": r, "search_id": s} for r, s in sightings])
    assert first_searches(known, run) == {"a": "2019-12-03", "b": "2019-11-01"}


@pytest.mark.parametrize("day", ["20191201", "2019-W48-7", "2019-12-01T08:00"])
def test_the_day_of_a_search_may_be_written_in_any_way_that_is_read(day):
    run = frame("records/search/searches", [{"search_id": "s", "wave": 1, "date_run": day}])
    known = frame("results/search/records", [{"record_id": "a", "search_id": "s"}])
    assert first_searches(known, run) == {"a": SEARCHED}


def test_the_audit_of_a_review_looks_at_its_searches():
    decisions = people_file(STAGE, "reviewer_1", ("2019-11-01", "a", "include"), ("2019-12-20", "b", "include"))
    tables = audited(material({"a": ["a"], "b": ["b"]}, people(title_abstract_reviewer_1=decisions)))
    assert found(tables["findings"], "before_record") == [("error", f"{STAGE}/reviewer_1.csv", 2)]


def test_a_decision_that_is_yet_to_come_is_an_error_and_a_clock_that_goes_ahead_a_little_is_none():
    lines = one(at(0, "a"), at(25 * 3600, "b"))
    assert [f.line for f in too_late(lines, START)] == [3]
    assert list(too_late(lines, START + timedelta(hours=2))) == []


def test_the_tables_of_the_workflow_know_no_clock():
    far = people_file(STAGE, "reviewer_1", ("2999-01-01T00:00:00Z", "a", "include"))
    tables = audited(material({"a": ["a"]}, people(title_abstract_reviewer_1=far)))
    assert found(tables["findings"], "future") == []


def test_decisions_within_a_second_are_one_warning_a_run():
    lines = one(at(0, "a"), at(0.4, "b"), at(1.3, "c"), at(60, "d"), at(120, "e"), at(120.5, "f"))
    findings = list(bursts(lines))
    assert [(f.severity, f.line) for f in findings] == [("warning", 2), ("warning", 6)]
    assert findings[0].finding.startswith("3 reports decided within 1.3 seconds")
    assert "line 4" in findings[0].finding


def test_times_that_the_page_counted_up_while_the_clock_was_behind_say_nothing_of_haste():
    times = [at(0, "a"), at(0.001, "b"), at(0.002, "b", "withdraw"), at(0.003, "c")]
    [finding] = bursts(votes(people_file(STAGE, "reviewer_1", *times, sealed=True)))
    assert (finding.severity, finding.check, finding.line) == ("warning", "time", 2)
    assert "decided within" not in finding.finding
    counted = [at(i / 1000, f"r{i}") for i in range(40)]
    assert list(hurries(votes(people_file(STAGE, "reviewer_1", *counted, sealed=True)))) == []
    [by_hand] = bursts(one(*times))
    assert by_hand.check == "burst"


@pytest.mark.parametrize(
    "decisions",
    [
        (at(0, "a"), at(1, "b")),
        (at(0, "a"), at(0.3, "a", "include")),
        (at(0, "a"), at(0.3, "b", "withdraw")),
        (at(0, "a", imported="x.csv"), at(0.3, "b", imported="x.csv")),
        (("2020-01-02T10:00Z", "a", "exclude"), ("2020-01-02T10:00Z", "b", "exclude")),
        (("2020-01-02", "a", "exclude"), ("2020-01-02", "b", "exclude")),
    ],
    ids=["a second apart", "one report", "an undone decision", "imported", "to the minute", "days"],
)
def test_what_is_no_burst(decisions):
    assert list(bursts(one(*decisions))) == []


def test_two_people_may_decide_at_one_time():
    made = (people_file(STAGE, p, at(i / 10, r)) for i, (p, r) in enumerate((("reviewer_1", "a"), ("reviewer_2", "b"))))
    assert list(bursts(votes(*made))) == []


def test_more_decisions_than_can_be_read_are_one_note_a_stretch():
    quick = [at(i * 1.5, f"r{i}") for i in range(60)]
    later = [at(4000 + i * 1.5, f"q{i}") for i in range(40)]
    findings = list(hurries(one(*quick, *later)))
    assert [(f.severity, f.line) for f in findings] == [("note", 2), ("note", 62)]
    assert findings[0].finding.startswith("60 decisions")


def test_thirty_a_minute_is_no_note():
    assert list(hurries(one(*(at(i * 2, f"r{i}") for i in range(200))))) == []


def test_a_hurry_is_seen_in_times_to_the_minute_and_not_in_days():
    minutes = [("2020-01-02T10:00Z", f"r{i}", "exclude") for i in range(40)]
    days = [("2020-01-02", f"r{i}", "exclude") for i in range(40)]
    assert [len(list(hurries(one(*lines)))) for lines in (minutes, days)] == [1, 0]


def test_lines_with_a_day_or_no_time_are_counted_a_file():
    lines = one(
        ("2020-01-02", "a", "exclude"),
        ("", "b", "exclude", "", "", "rayyan.csv"),
        ("2020-01-02T10:00Z", "c", "include"),
    )
    said = [f.finding for f in unknown_times(lines)]
    assert [text.split(" ")[:2] for text in said] == [["1", "imported"], ["1", "line"]]
