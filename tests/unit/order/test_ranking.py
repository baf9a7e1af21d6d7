"""The order: a permutation, the same on every run, and better than chance."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.order import Features, digest, rank, shuffled, text_of
from reviewflow.order.features import terms

REPO = Path(__file__).parents[3]
WORDS = st.text(alphabet="abcde 高血压 ", max_size=30)

ORDER = """
import json, sys
from reviewflow.order import Features, digest, rank
texts, labels, seed = json.load(sys.stdin)
ranking = rank(Features.of(texts), labels, seed)
print(digest(ranking.order), digest(map(repr, ranking.scores)))
"""


@given(
    st.dictionaries(st.text(alphabet="abcdef", min_size=1), WORDS, max_size=12),
    st.dictionaries(st.text(alphabet="abcdef", min_size=1), st.booleans(), max_size=12),
    st.integers(0, 3),
)
def test_the_order_is_a_permutation_of_all_reports_whatever_the_labels(texts, labels, seed):
    ranking = rank(Features.of(texts), labels, seed)
    assert sorted(ranking.order) == sorted(texts)
    assert len(ranking.scores) == len(texts)
    assert ranking.scores == sorted(ranking.scores, reverse=True)


def test_the_order_holds_those_that_were_labelled_too_and_says_nothing_of_a_decision(features, truth):
    ranking = rank(features, dict(list(truth.items())[:400]), 1)
    assert set(ranking.order) == set(truth)
    assert ranking._fields == ("order", "scores", "learned")


def test_the_order_of_texts_and_labels_changes_nothing(texts, truth):
    labels = dict(list(truth.items())[:300])
    chance = random.Random(3)
    mixed = {report: texts[report] for report in chance.sample(list(texts), len(texts))}
    turned = {report: labels[report] for report in chance.sample(list(labels), len(labels))}
    assert rank(Features.of(texts), labels, "s") == rank(Features.of(mixed), turned, "s")


@pytest.mark.parametrize("threads", ["1", "4"])
def test_another_process_with_any_number_of_threads_gives_the_same_bytes(texts, truth, features, threads):
    labels = dict(list(truth.items())[:300])
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONHASHSEED": threads}
    environment["PYTHONPATH"] = str(REPO / "workflow/lib")
    given = json.dumps([texts, labels, "seed"])
    run = subprocess.run(
        [sys.executable, "-c", ORDER], input=given, capture_output=True, text=True, env=environment, check=True
    )
    here = rank(features, labels, "seed")
    assert run.stdout.split() == [digest(here.order), digest(map(repr, here.scores))]


def test_relevant_reports_come_earlier_than_by_chance(features, truth):
    seen = set(shuffled(truth, "s")[:300])
    ranking = rank(features, {report: truth[report] for report in seen}, "s")
    later = [truth[report] for report in ranking.order if report not in seen]
    first = sum(later[: len(later) // 4])
    # By chance a quarter of them, with a standard error of less than a tenth.
    assert first > 0.6 * sum(later)


@pytest.mark.parametrize("labels", [{}, {"a": True}, {"a": False, "b": False}, {"a": True, "nowhere": False}])
def test_with_no_inclusion_or_no_exclusion_the_order_is_the_random_one(labels):
    ranking = rank(Features.of(dict.fromkeys("abcdefg", "the same")), labels, 7)
    assert ranking.order == shuffled("abcdefg", 7)
    assert ranking.scores == [0.0] * 7
    assert not ranking.learned


def test_texts_that_are_alike_stand_in_random_order_and_not_in_that_of_their_ids():
    texts = {f"r{i}": "heart failure" for i in range(30)} | {"good": "insulin", "bad": "teeth"}
    ranking = rank(Features.of(texts), {"good": True, "bad": False}, 5)
    alike = [report for report in ranking.order if texts[report] == "heart failure"]
    assert alike == [report for report in shuffled(texts, 5) if report in alike]
    assert alike != sorted(alike)


def test_the_random_order_of_the_others_stays_when_reports_come_or_go():
    before = shuffled(map(str, range(50)), "seed")
    after = shuffled(map(str, range(10, 60)), "seed")
    assert [r for r in before if r in set(after)] == [r for r in after if r in set(before)]
    assert before != shuffled(map(str, range(50)), "other seed")


@pytest.mark.parametrize(
    "texts",
    [
        {"one": "a text"},
        {"empty": "", "blank": "  "},
        {"signs": "<>&;!", "digits": "1 2 3", "none": ""},
        {f"same{i}": "word" for i in range(5)},
    ],
)
def test_odd_texts_are_ranked_without_losing_one(texts):
    labels = dict(zip(texts, [True, False], strict=False))
    assert sorted(rank(Features.of(texts), labels, 1).order) == sorted(texts)


def test_an_abstract_of_a_megabyte_is_ranked_with_the_others():
    words = random.Random(1)
    huge = " ".join(f"word{words.randrange(50_000)}" for _ in range(110_000))
    assert len(huge) > 1_000_000
    texts = {f"r{i}": f"insulin word{i}" if i % 2 else f"teeth word{i}" for i in range(40)} | {
        "huge": huge + " insulin"
    }
    ranking = rank(Features.of(texts), {"r1": True, "r0": False}, 1)
    assert sorted(ranking.order) == sorted(texts)
    assert all(int(report[1:]) % 2 for report in ranking.order[:20] if report != "huge")


def test_chinese_is_learned_from_though_it_has_no_spaces():
    about = {f"h{i}": f"老年高血压病患者的血压控制研究{i}" for i in range(8)}
    other = {f"d{i}": f"儿童龋齿的预防与口腔护理分析{i}" for i in range(8)}
    ranking = rank(Features.of(about | other), {"h0": True, "d0": False}, 1)
    assert set(ranking.order[:8]) == set(about)


def test_terms_are_words_their_pairs_and_n_grams_of_han_characters():
    assert terms("Type-2 diabetes") == ["type", "2", "diabetes", "type 2", "2 diabetes"]
    assert terms("糖尿病") == ["糖尿", "尿病", "糖尿病"]
    assert terms("2型糖尿病") == ["2", "型糖", "糖尿", "尿病", "型糖尿", "糖尿病"]
    assert terms("β-blocker") == ["beta", "blocker", "beta blocker"]
    assert terms("痛") == ["痛"]
    assert terms("") == []


def test_the_translated_title_and_the_abstract_are_learned_from():
    assert text_of("高血压", "Hypertension", "An abstract") == "高血压\nHypertension\nAn abstract"
    assert text_of("A title", "", "") == "A title"
