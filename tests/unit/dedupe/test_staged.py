"""Comparing in stages leaves out work and no verdict; blocks of any size cost no more than their records."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reviewflow.dedupe.candidates import NEIGHBOURS, candidates
from reviewflow.dedupe.cluster import cluster
from reviewflow.dedupe.judge import CONCERNED_FROM, concerned, judge, verdicts
from reviewflow.dedupe.normalise import Normal, normalise
from reviewflow.dedupe.pairs import FEATURES, Features, compare, prefix
from reviewflow.dedupe.rules import DOUBTS, DUPLICATES
from reviewflow.tables import frame
from reviewflow.tables.columns import from_frame, write_columns

from benchmarks.dedup_records import records as made

LIB = Path(__file__).parents[3] / "workflow/lib"
NOBODY = pd.DataFrame({"a": [], "b": [], "verdict": []}).astype({"a": int, "b": int})


def normal(rows: list[dict[str, Any]]) -> Normal:
    base = {"search_id": "s", "wave": 1, "source_type": "database", "export_file": "s.ris", "line": 1}
    whole = [base | {"position": n, "record_id": f"{r['source']}:{n}"} | r for n, r in enumerate(rows, 1)]
    return normalise(from_frame("results/search/records", frame("results/search/records", whole)))


def mixed(seed: int, size: int = 260) -> list[dict[str, Any]]:
    """Records as databases give them, of which many borrow a field from another record."""
    chance = random.Random(seed)
    rows = list(made(size, seed))
    fields = ["title", "authors", "year", "journal", "volume", "pages", "doi", "pmid", "abstract", "publication_type"]
    for row in rows:
        row.setdefault("translated_title", "")
        for field in chance.sample(fields, chance.choice((0, 0, 1, 2, 3))):
            row[field] = chance.choice((chance.choice(rows)[field], row[field] if field == "year" else ""))
        if chance.random() < 0.1:
            row["translated_title"], row["title"] = row["title"], chance.choice(("系统性红斑狼疮的治疗", "Étude"))
        if chance.random() < 0.05:
            row["trial_ids"] = chance.choice(("NCT00000001", "NCT00000002; NCT00000001", "NCT00000003"))
    return rows


def answers(pairs: pd.DataFrame) -> list[list[Any]]:
    """What is asked of or done with pairs; vetoes show in the clusters."""
    shown = pairs[(pairs["verdict"] != "distinct") | pairs["ask"]]
    return sorted(shown[["a", "b", "verdict", "rule", "strength", "score", "ask"]].values.tolist())


@pytest.mark.parametrize("seed", range(4))
def test_stages_give_what_comparing_everything_gives(seed, monkeypatch):
    monkeypatch.setattr("reviewflow.dedupe.judge._AT_ONCE", 97)  # in many pieces
    records = normal(mixed(seed))
    a, b = candidates(records)
    ruled = pd.DataFrame(
        [(3, 40, "duplicate"), (40, 77, "duplicate"), (5, 6, "distinct")], columns=["a", "b", "verdict"]
    )
    for rulings in (NOBODY, ruled):
        staged, full = verdicts(records, rulings), judge(compare(records, a, b))
        assert answers(staged) == answers(full)
        assert {"duplicate", "doubtful", "distinct"} == set(full["verdict"])
        assert cluster(len(records["title"]), staged, rulings) == cluster(len(records["title"]), full, rulings)


def _one_place(f: pd.DataFrame) -> pd.Series:
    """The page, and the volume or, of an original and its translation, the issue."""
    return (f["page"] == 1) & ((f["volume"] == 1) | ((f["issue"] == 1) & f["scripts_differ"]))


def test_no_rule_says_more_than_distinct_of_a_pair_that_concerns_none():
    """Pairs of all kinds, near each threshold; a new rule that this fails on needs `concerned` to be wider."""
    chance = np.random.default_rng(1)
    size = 100_000
    similar = [np.nan, 0.0, 34.0, 35.0, 54.9, 55.0, 74.9, 75.0, 85.0, 91.9, 92.0, 96.9, 97.0, 100.0]
    some = {name: chance.choice(similar, size) for name in ("authors", "journal", "abstract")}
    agreed = ("doi", "pmid", "volume", "issue", "page", "page_end", "author", "numbers")
    some |= {name: chance.choice([np.nan, 0.0, 1.0], size) for name in agreed}
    some |= {name: chance.random(size) < 0.5 for name in set(FEATURES) - set(some)}
    some |= {"title": chance.choice(similar[1:], size), "years": chance.choice([np.nan, 0, 1, 2, 6.0], size)}
    some |= {
        "words": chance.integers(1, 9, size),
        "same_notice": np.full(size, True),
        "parts_differ": np.full(size, False),
        "one_is_part": np.full(size, False),
        "recurring": np.full(size, False),
    }
    f = pd.DataFrame({"a": 0, "b": 1} | some)
    identified = (f["doi"] == 1) | (f["pmid"] == 1) | _one_place(f)
    idle = f[~identified & ~f["prefix"] & (f["title"] < CONCERNED_FROM)].reset_index(drop=True)
    assert len(idle) > 5_000
    assert [rule.name for rule in (*DUPLICATES, *DOUBTS) if rule.holds(idle).any()] == []
    assert not judge(idle)["ask"].any()


def test_what_concerns_rules_is_told_from_the_compared_columns():
    records = normal(mixed(7, 120))
    a, b = np.triu_indices(120, 1)
    f = compare(records, a, b)
    identified = (f["doi"] == 1) | (f["pmid"] == 1) | _one_place(f)
    assert (concerned(records, a, b) == (identified | f["prefix"] | (f["title"] >= CONCERNED_FROM))).all()


def test_a_title_cut_off_within_its_only_word_concerns_the_whole_one():
    """Chinese titles have no spaces: a cut one of 40 characters has no word with the whole one in common."""
    whole = "".join(map(chr, range(0x4E00, 0x4E00 + 90)))
    records = normal([{"title": whole, "source": "x"}, {"title": whole[:40], "source": "y"}])
    a, b = np.array([0]), np.array([1])
    assert prefix(records, a, b).tolist() == concerned(records, a, b).tolist() == [True]


def test_features_of_fewer_pairs_are_those_of_all():
    records = normal(mixed(8, 60))
    a, b = np.triu_indices(60, 1)
    asked, kept = Features(records, a, b), np.arange(len(a)) % 3 == 0
    assert asked["title"].tolist() == compare(records, a, b)["title"].tolist()
    for name in FEATURES:
        pd.testing.assert_series_equal(
            asked[kept][name], compare(records, a, b).loc[kept, name].reset_index(drop=True), check_names=False
        )


def test_one_title_within_another_ends_where_a_word_ends():
    titles = ["Stem cells", "Stem cells in lupus", "Stem cell", "Stem cells", "", "Stem"]
    records = normal([{"title": title, "source": "x"} for title in titles])
    pairs = [(a, b) for a in range(6) for b in range(a + 1, 6)]
    found = prefix(records, np.array([a for a, _ in pairs]), np.array([b for _, b in pairs]))
    assert [p for p, within in zip(pairs, found, strict=True) if within] == [
        (0, 1),
        (0, 5),
        (1, 3),
        (1, 5),
        (2, 5),
        (3, 5),
    ]


def editorials(size: int) -> list[dict[str, Any]]:
    """As many editorials by one first author, of each of which two sources have a record."""
    rows = []
    for n in range(size):
        base = {"title": "Editorial", "authors": f"Wang, L; Li, {chr(65 + n % 26)}", "year": 2020, "journal": "Lupus"}
        rows.append(base | {"volume": str(n % 90 + 1), "pages": str(n + 1), "source": ("PubMed", "Embase")[n % 2]})
    return rows + [row | {"source": "Scopus"} for row in rows]


def test_one_giant_block_costs_no_more_than_its_records_and_hides_no_duplicate():
    small, large = (len(candidates(normal(editorials(size)))[0]) for size in (200, 800))
    assert large <= 800 * 2 * NEIGHBOURS * 3
    assert large / small < 4.4
    found = verdicts(normal(editorials(800)), NOBODY)
    pairs = found.loc[found["verdict"] == "duplicate", ["a", "b"]].values.tolist()
    assert pairs == [[n, n + 800] for n in range(800)]


def test_records_far_apart_in_a_giant_block_meet_by_their_people_and_place():
    """Nothing but title and author is a key here, and the block is far too large for all its pairs."""
    rows = [{"title": "Editorial", "authors": f"Wang{n:03}, L", "source": "PubMed"} for n in range(300)]
    a, b = candidates(normal(rows + rows))
    assert set(zip(range(300), range(300, 600), strict=True)) <= set(zip(a.tolist(), b.tolist(), strict=True))


def test_giant_abstracts_are_not_compared_whole():
    """Two of 240,000 characters, alike as far as is compared, then different."""
    rows = [
        {
            "title": "Stem cells in lupus nephritis of adults",
            "year": 2014,
            "source": s,
            "abstract": "same word " * 200 + t * 40_000,
        }
        for s, t in (("PubMed", "first "), ("Embase", "other "))
    ]
    f = Features(normal(rows), np.array([0]), np.array([1]))
    assert f["abstract"].tolist() == [100.0]


BUILD = """
import sys
from reviewflow import dedupe
from reviewflow.tables import empty_people
from reviewflow.tables.columns import read_columns, write_columns

rulings = empty_people("records/dedupe/rulings")
tables = dedupe.build_columns({"dedupe": {"source_order": ["PubMed"]}}, read_columns(sys.argv[1]), rulings)
write_columns(tables, {name: f"{sys.argv[2]}/results/dedupe/{name}.csv" for name in tables})
"""


def test_threads_and_hash_seeds_change_no_byte(tmp_path):
    rows = [r | {"record_id": f"{r['source']}:{n}", "position": n, "wave": 1} for n, r in enumerate(mixed(3, 500))]
    records = from_frame("results/search/records", frame("results/search/records", rows))
    write_columns({"records": records}, {"records": f"{tmp_path}/results/search/records.csv"})
    bytes_of = []
    for number, (threads, seed) in enumerate((("1", "0"), ("3", "7"))):
        set_to = {"POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed, "PYTHONPATH": str(LIB)}
        place = [f"{tmp_path}/results/search/records.csv", f"{tmp_path}/{number}"]
        subprocess.run([sys.executable, "-c", BUILD, *place], check=True, env=os.environ | set_to)
        bytes_of.append({f.name: f.read_bytes() for f in (tmp_path / str(number)).rglob("*.csv")})
    assert bytes_of[0] == bytes_of[1]
    assert {len(text) > 1000 for text in bytes_of[0].values()} == {True}
