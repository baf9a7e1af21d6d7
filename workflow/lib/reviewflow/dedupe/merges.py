"""How many records each rule joined, and why pairs are doubtful."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reviewflow.tables import frame

from .rule import Rule
from .rules import DOUBTS, DUPLICATES
from .vetoes import VETOES

_PEOPLE = {
    "ruling": "a person ruled so in records/dedupe/rulings.csv",
    "same_record": "one record of one source, exported again",
}
# What `why` of doubtful_pairs.csv puts before the name of a rule, and what it then means.
_DOUBTS = (
    ("alike_but_other_", VETOES, "title and people are the same, but a veto keeps the two apart: "),
    ("veto_between_", DUPLICATES, "a rule would join the two, but a veto keeps records of their clusters apart: "),
    ("", DOUBTS, ""),
)


def merges(sightings: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Table merges from records.csv and clusters.csv: every rule, whether it joined anything or not."""
    joined = clusters[clusters["matched_by"] != ""]
    least = joined.sort_values(["score", "record_id", "matched_to"], kind="stable").drop_duplicates("matched_by")
    shown = sightings[sightings["record_id"].isin({*least["record_id"], *least["matched_to"]})]
    # Sightings of one record may differ in the title; the longest does not depend on their order.
    longest = sorted(zip(shown["record_id"], shown["title"], strict=True), key=lambda r: (len(r[1]), r[1]))
    titles = dict(longest)
    examples = {
        rule: {
            "example_a": a, "example_b": b, "score": score, "title_a": titles.get(a, ""), "title_b": titles.get(b, ""),
        }
        for rule, a, b, score in least[["matched_by", "record_id", "matched_to", "score"]].itertuples(index=False)
    }  # fmt: skip
    links = joined["matched_by"].value_counts()
    known = _situations(DUPLICATES) | _PEOPLE
    every = dict.fromkeys([*known, *links.index])
    rows = [_merge(rule, known.get(rule, ""), int(links.get(rule, 0)), examples.get(rule, {})) for rule in every]
    return frame("results/dedupe/merges", rows)


def _merge(rule: str, situation: str, links: int, example: dict[str, Any]) -> dict[str, Any]:
    return {"rule": rule, "situation": situation, "links": links} | example


def doubts(pairs: pd.DataFrame) -> pd.DataFrame:
    """Table doubts from doubtful_pairs.csv."""
    counts = pairs["why"].value_counts()
    rows = [{"why": why, "situation": _meaning(str(why)), "pairs": int(n)} for why, n in counts.items()]
    return frame("results/dedupe/doubts", rows)


def _meaning(why: str) -> str:
    for opening, rules, meaning in _DOUBTS:
        situation = _situations(rules).get(why.removeprefix(opening))
        if why.startswith(opening) and situation:
            return meaning + situation
    return ""


def _situations(rules: Iterable[Rule]) -> dict[str, str]:
    return {rule.name: rule.situation for rule in rules}
