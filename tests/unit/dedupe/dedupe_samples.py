"""Pairs of records with the truth about them, and what becomes of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml
from reviewflow import dedupe
from reviewflow.tables import empty_people, frame

HERE = Path(__file__).parent
CONFIG = {"dedupe": {"source_order": ["PubMed", "Embase", "CBM", "CNKI", "Wanfang"]}}
NO_RULINGS = empty_people("records/dedupe/rulings")


class Case(NamedTuple):
    """Two records, what is true of them (duplicate, distinct), what becomes of them (duplicate, doubtful, distinct), by
    which rule, and which rule nearly holds."""

    situation: str
    one: dict[str, Any]
    other: dict[str, Any]
    truth: str
    outcome: str
    rule: str
    near: str


def cases(name: str) -> list[Case]:
    """The cases of a file beside this one, each record filled up from its base."""
    content = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    found = []
    for case in content["cases"]:
        base = content["bases"][case.get("base", "full")]
        one, other = base | case.get("one", {}), base | case["other"]
        told = (case["truth"], case.get("outcome", case["truth"]), case.get("rule", ""), case.get("near", ""))
        found.append(Case(case["situation"], one, other, *told))
    return found


def sightings(records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Records as sightings of PubMed and Embase in turn, or of their `source`, numbered as accessions."""
    rows = []
    for number, record in enumerate(records):
        source = record.get("source", ("PubMed", "Embase")[number % 2])
        place = {"search_id": source, "wave": 1, "source": source, "source_type": "database"}
        place |= {"export_file": f"{source}.ris", "position": number, "line": number, "accession": f"{number:04}"}
        rows.append(place | {"record_id": f"{source}:{number:04}"} | record)
    return frame("results/search/records", rows)


def clusters(records: Sequence[dict[str, Any]]) -> tuple[dict[int, str], set[frozenset[int]]]:
    """The report of each record by its number, and the pairs of numbers that a person is asked about."""
    result = dedupe.build(CONFIG, sightings(records), NO_RULINGS)
    pairs = result["doubtful_pairs"][["record_a", "record_b"]].itertuples(index=False)
    asked = {frozenset(int(record_id[-4:]) for record_id in pair) for pair in pairs}
    reports = zip(result["clusters"]["record_id"], result["clusters"]["report_id"], strict=True)
    return {int(record_id[-4:]): report for record_id, report in reports}, asked


def outcome(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str]:
    """What becomes of two records alone, and the rule that says so; no rule where they are merely distinct."""
    result = dedupe.build(CONFIG, sightings([one, other]), NO_RULINGS)
    if len(result["reports"]) == 1:
        return "duplicate", max(result["clusters"]["matched_by"])
    why = result["doubtful_pairs"]["why"].tolist()
    return ("doubtful", why[0]) if why else ("distinct", "")
