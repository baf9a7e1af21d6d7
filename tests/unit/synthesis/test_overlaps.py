"""Studies with participants in common, in the analyses that hold both."""

from typing import Any

import pandas as pd
import pytest
from reviewflow.synthesis import build
from reviewflow.synthesis.overlaps import left_out
from reviewflow.tables import frame

Row = dict[str, Any]
KEY = {"comparison": "a_vs_b", "outcome": "pain", "timepoint": "end"}
ANALYSIS = {"analysis": "pain", **KEY, "measure": "MD", "method": "IV", "model": "random"}
SYNTHESIS = {
    "level": 95, "q_test_threshold": 0.1, "preset": "revman5", "small_study_k": 10, "permutations": 0, "seed": 1,
    "sensitivity": [],
}  # fmt: skip


def pair(one: str, other: str, verdict: str, use: str = "") -> Row:
    return {"study_a": one, "study_b": other, "verdict": verdict, "use": use}


def run(pairs: list[Row], **synthesis: Any) -> dict[str, pd.DataFrame]:
    effects = [("s1", 0.0), ("s2", 4.0), ("s3", 1.0)]
    rows = [{**KEY, "study_id": s, "effect": y, "se": 1.0, "provenance": "reported"} for s, y in effects]
    config = {"comparisons": {"a_vs_b": {"before_after": False}}, "synthesis": {**SYNTHESIS, **synthesis}}
    outcomes = frame("config/outcomes", [{"outcome": "pain", "label": "Pain", "kind": "continuous"}])
    more = {"overlaps": frame("results/extraction/overlaps", pairs)}
    tables = frame("config/analyses", [ANALYSIS]), frame("results/extraction/contrasts", rows)
    return build(config, *tables, frame("records/published/estimates", []), outcomes, more)


@pytest.mark.parametrize(
    ("verdict", "word"), [("open", "nobody has ruled"), ("unclear", "unclear"), ("overlapping", "overlapping")]
)
def test_a_pair_that_stays_in_one_analysis_is_named(verdict: str, word: str) -> None:
    pooled = run([pair("s1", "s2", verdict), pair("s2", "s9", verdict), pair("s1", "s3", "distinct")])["pooled"]
    assert pooled["k"].tolist() == [3]
    assert f"studies that may have participants in common: s1 and s2 ({word})" in pooled["note"][0]
    assert "s9" not in pooled["note"][0]
    assert "s3" not in pooled["note"][0]


def test_the_study_that_a_ruling_does_not_use_is_left_out_with_the_reason() -> None:
    made = run([pair("s1", "s2", "overlapping", "s2")])
    assert made["pooled"]["k"].tolist() == [2]
    assert made["pooled"]["estimate"].tolist() == pytest.approx([2.5])
    reason = "left out: ruled to overlap with s2, which is used"
    assert made["left_out"][["study_id", "reason"]].to_numpy().tolist() == [["s1", reason]]
    kept = run([pair("s1", "s2", "overlapping", "s2")], overlaps="note")
    assert kept["pooled"]["k"].tolist() == [3]
    assert "s1 and s2 (overlapping)" in kept["pooled"]["note"][0]


def test_a_study_gives_way_only_to_one_that_stays_whatever_the_order_of_rulings() -> None:
    chain = [pair("a", "b", "overlapping", "b"), pair("b", "c", "overlapping", "c")]
    assert set(left_out("abc", chain)) == set(left_out("cba", chain[::-1])) == {"b"}
    assert set(left_out("ab", chain)) == {"a"}
    circle = [*chain, pair("a", "c", "overlapping", "a")]
    assert left_out("abc", circle) == {}
