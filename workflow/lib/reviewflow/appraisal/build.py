"""The tables of results/appraisal."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.tables import frame, join_list, schema

Row = dict[str, Any]
Key = tuple[str, ...]


def build(
    config: Mapping[str, Any],
    risk_of_bias: Mapping[str, pd.DataFrame],
    adjudication: pd.DataFrame,
    certainty: pd.DataFrame,
    studies: pd.DataFrame,
    analyses: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Consensus on risk of bias for each study of results/extraction/studies, and certainty of each analysis.

    `config` is config.yaml with its defaults; `risk_of_bias` has one frame of people's tables for each
    assessor. The tables must have passed `check`. Gives the tables risk_of_bias and certainty of
    results/appraisal, sorted by key.
    """
    return {
        "risk_of_bias": frame(
            "results/appraisal/risk_of_bias",
            _consensus(sorted(config["appraisal"]["assessors"]), risk_of_bias, adjudication, studies),
        ),
        "certainty": frame("results/appraisal/certainty", _certainty(certainty, analyses)),
    }


def _consensus(
    assessors: Sequence[str],
    risk_of_bias: Mapping[str, pd.DataFrame],
    adjudication: pd.DataFrame,
    studies: pd.DataFrame,
) -> list[Row]:
    votes: dict[Key, dict[str, Row]] = {}
    for assessor in assessors:
        for key, row in _by_key(risk_of_bias[assessor]).items():
            votes.setdefault(key, {})[assessor] = row
    rulings = _by_key(adjudication)
    names = schema("records/appraisal/risk_of_bias").key
    included = set(studies["study_id"])
    rows = [
        {**dict(zip(names, key, strict=True)), **_judgement(assessors, votes[key], rulings.get(key))}
        for key in sorted(votes)
        if key[0] in included
    ]
    rows += [{"study_id": s, "status": "not_assessed"} for s in included - {key[0] for key in votes}]
    return sorted(rows, key=lambda row: [row.get(name, "") for name in names])


def _by_key(data: pd.DataFrame) -> dict[Key, Row]:
    names = schema("records/appraisal/risk_of_bias").key
    return {tuple(row[name] for name in names): row for row in data.to_dict("records")}  # type: ignore[misc]


def _judgement(assessors: Sequence[str], votes: Mapping[str, Row], ruling: Row | None) -> Row:
    """Status, judgement and support of one key. A ruling holds even where assessors are missing or agree."""
    judgements = {row["judgement"] for row in votes.values()}
    support = {name: row["support"] for name, row in votes.items()}
    if ruling is not None and judgements != {ruling["judgement"]}:
        status, judgement = "adjudicated", ruling["judgement"]
        support[ruling["adjudicator"]] = ruling["support"]
    elif len(votes) < len(assessors):
        status, judgement = "incomplete", ""
    elif len(judgements) > 1:
        status, judgement = "conflict", ""
    else:
        status, judgement = "agreed", judgements.pop()
    words = join_list(f"{name}={text}" for name, text in support.items() if text)
    return {"status": status, "judgement": judgement, "support": words}


def _certainty(certainty: pd.DataFrame, analyses: pd.DataFrame) -> list[Row]:
    rated = certainty.set_index("analysis")[["certainty", "explanation"]].to_dict("index")
    unrated = {"certainty": "not_assessed", "explanation": ""}
    rows = {name: rated.get(name, unrated) for name in sorted(analyses["analysis"])}
    return [{"analysis": name, **{str(c): v for c, v in row.items()}} for name, row in rows.items()]
