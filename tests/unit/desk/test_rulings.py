"""Rulings that the page writes: refused where they contradict, taken back where nothing was written since."""

import itertools
import random
from datetime import UTC, datetime

import pytest
from reviewflow.dedupe import rulings as dedupe_rulings
from reviewflow.desk.rulings import FILE, TABLE, Refused, Rulings, contradiction, holding, key
from reviewflow.tables import read_people, rows_of

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def rule(rulings, a, b, verdict, person="reviewer_1", note="", over=""):
    rulings.rule((a, b), verdict, person, note, over=over)


def rows(root):
    return rows_of(read_people(root / FILE, TABLE, root))


def write(root, content: str):
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(content, encoding="utf-8", newline="")


def test_a_ruling_is_one_line_with_its_author_and_time(tmp_path):
    Rulings(tmp_path).rule(("A:1", "B:1"), "duplicate", "reviewer_1", "same trial", over="", now=NOW)
    assert (tmp_path / FILE).read_text() == (
        "record_a,record_b,verdict,ruled_by,ruled_at,note\n"
        "A:1,B:1,duplicate,reviewer_1,2024-05-01T12:00:00.000Z,same trial\n"
    )


def test_a_note_that_begins_like_a_formula_is_neutralised(tmp_path):
    rule(Rulings(tmp_path), "A:1", "B:1", "distinct", note="=1+1")
    assert rows(tmp_path)[0]["note"] == "'=1+1"


def test_a_distinct_ruling_against_a_chain_of_duplicates_is_refused_with_the_chain(tmp_path):
    rulings = Rulings(tmp_path)
    rule(rulings, "A:1", "B:1", "duplicate")
    rule(rulings, "C:1", "B:1", "duplicate", person="reviewer_2")
    with pytest.raises(Refused, match=r"cannot be distinct.*A:1 and B:1: duplicate.*C:1 and B:1.*reviewer_2"):
        rule(rulings, "A:1", "C:1", "distinct")
    assert len(rows(tmp_path)) == 2


def test_a_duplicate_ruling_that_joins_what_is_ruled_distinct_is_refused(tmp_path):
    rulings = Rulings(tmp_path)
    rule(rulings, "A:1", "C:1", "distinct")
    rule(rulings, "A:1", "B:1", "duplicate")
    with pytest.raises(Refused, match="ruled distinct"):
        rule(rulings, "B:1", "C:1", "duplicate")


def test_a_second_window_does_not_overwrite_a_ruling_it_has_not_seen(tmp_path):
    one, two = Rulings(tmp_path), Rulings(tmp_path)
    rule(one, "A:1", "B:1", "duplicate")
    with pytest.raises(Refused, match="since the page was shown"):
        rule(two, "B:1", "A:1", "distinct", person="reviewer_2")
    seen = two.newest()[key("A:1", "B:1")]["ruled_at"]
    rule(two, "A:1", "B:1", "distinct", person="reviewer_2", over=seen)
    assert two.newest()[key("A:1", "B:1")]["verdict"] == "distinct"
    assert len(rows(tmp_path)) == 2


def test_a_ruling_that_replaces_one_is_newer_also_where_the_clock_went_back(tmp_path):
    write(
        tmp_path,
        "record_a,record_b,verdict,ruled_by,ruled_at,note\nA:1,B:1,duplicate,reviewer_2,2031-01-01T00:00:00Z,\n",
    )
    rulings = Rulings(tmp_path)
    rulings.rule(("A:1", "B:1"), "distinct", "reviewer_1", "", over="2031-01-01T00:00:00Z", now=NOW)
    assert rulings.newest()[key("A:1", "B:1")]["verdict"] == "distinct"


def test_the_last_ruling_is_taken_back_and_then_the_one_before(tmp_path):
    rulings = Rulings(tmp_path)
    rule(rulings, "A:1", "B:1", "duplicate")
    rule(rulings, "A:2", "B:2", "duplicate")
    assert rulings.take_back("reviewer_1") == ("A:2", "B:2")
    assert rulings.take_back("reviewer_1") == ("A:1", "B:1")
    assert rows(tmp_path) == []
    with pytest.raises(Refused, match="no ruling since"):
        rulings.take_back("reviewer_1")


def test_a_ruling_behind_which_somebody_wrote_is_not_taken_back(tmp_path):
    rulings = Rulings(tmp_path)
    rule(rulings, "A:1", "B:1", "duplicate")
    rule(rulings, "A:2", "B:2", "duplicate", person="reviewer_2")
    with pytest.raises(Refused, match="not the last line"):
        rulings.take_back("reviewer_1")
    assert len(rows(tmp_path)) == 2


def test_nobody_takes_back_what_another_ruled_or_what_an_earlier_session_wrote(tmp_path):
    rule(Rulings(tmp_path), "A:1", "B:1", "duplicate")
    for person in ("reviewer_1", "reviewer_2"):
        with pytest.raises(Refused, match="no ruling since"):
            Rulings(tmp_path).take_back(person)


def test_what_the_page_refuses_is_what_the_check_of_the_workflow_calls_a_contradiction():
    drawn = random.Random(20240501)
    records = [f"A:{i}" for i in range(6)]
    found = set()
    for _ in range(300):
        lines = []
        for number, pair in enumerate(drawn.sample(list(itertools.combinations(records, 2)), 7)):
            verdict = drawn.choice(["duplicate", "distinct"])
            ruling = dict(zip(("record_a", "record_b"), pair, strict=True), verdict=verdict, ruled_by="reviewer_1")
            ruling |= {"ruled_at": f"2024-05-01T12:00:0{number}Z", "note": "", "_file": FILE, "_line": number + 2}
            said = bool(contradiction(holding(lines), pair, verdict))
            checked = bool(dedupe_rulings.check(frame([*lines, ruling]), records))
            assert said == checked
            found.add(said)
            lines += [] if said else [ruling]
    assert found == {True, False}


def frame(rulings):
    import pandas as pd

    return pd.DataFrame(rulings)
