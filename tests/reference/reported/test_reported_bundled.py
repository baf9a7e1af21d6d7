"""The audit of the bundled review against a reading by hand: findings.csv lists each point, and whether it is found.

Points A01 to A52 are of the reading; B01 and on are what the audit found besides.
"""

import csv
import re
import time
from pathlib import Path

import pytest
from reviewflow import records, reported
from reviewflow.tables import rows_of, split_list

HERE = Path(__file__).parent
REPO = HERE.parents[2]
with (HERE / "findings.csv").open(encoding="utf-8", newline="") as file:
    POINTS = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made():
    before, records.ROOT = records.ROOT, REPO
    try:
        published = records.published(reported.TABLES)
    finally:
        records.ROOT = before
    start = time.perf_counter()
    tables = {name: rows_of(table) for name, table in reported.build(published).items()}
    return tables | {"seconds": time.perf_counter() - start}


@pytest.mark.parametrize("point", POINTS, ids=lambda p: p["id"])
def test_each_point_is_found_or_clean_as_said(point, made) -> None:
    findings = {f["finding_id"] for f in made["reported_statistics"]}
    named = split_list(point["finding_ids"])
    if point["found"] == "clean":
        (check,) = (c for c in made["reported_checks"] if c["check"] == named[0])
        assert check["verdict"] == "clean"
        assert check["examined"] == (33 if named[0] == "model_rule" else 52)
    elif point["found"] == "no":
        assert not named
        assert point["why"]
    else:
        assert set(named) <= findings
        assert point["found"] == "yes" or point["why"]


def test_nothing_is_found_that_the_list_does_not_name(made) -> None:
    named = {name for point in POINTS for name in split_list(point["finding_ids"])}
    assert {f["finding_id"] for f in made["reported_statistics"]} - named == set()
    assert [p["id"] for p in POINTS][:52] == [f"A{i:02}" for i in range(1, 53)]


def test_the_search_says_how_much_it_looked_at(made) -> None:
    said = {f["finding_id"]: f for f in made["reported_statistics"] if f["check"] == "counts_give_estimate"}
    impossible, other = (said[f"counts_give_estimate:rct_adverse_events_all{end}"] for end in ("", "/tang2016"))
    assert len(re.findall(r"[\d,]+ evaluations, no match", impossible["evidence"])) == 3
    assert impossible["certainty"] == "certain"
    assert other["certainty"] == "hint"
    assert "MH: 3/12 v 17/28, 3/20 v 9/20" in other["expected"]
    assert "IV: " in other["expected"]


def test_it_takes_a_few_seconds_at_most(made) -> None:
    assert made["seconds"] < 15  # 1 to 4 on two busy cores


def test_every_quote_stays_with_its_place() -> None:
    for name in ("claims", "totals", "counts"):
        with (REPO / f"records/published/{name}.csv").open(encoding="utf-8", newline="") as lines:
            assert all(line["quote"] and line["location"] for line in csv.DictReader(lines))
