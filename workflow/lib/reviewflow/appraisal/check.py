"""Faults of the appraisal that one table alone does not show."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, schema

Frames = Mapping[str, pd.DataFrame]


def check(
    config: Mapping[str, Any],
    risk_of_bias: Frames,
    adjudication: pd.DataFrame,
    certainty: pd.DataFrame,
    study_reports: pd.DataFrame,
    analyses: pd.DataFrame,
) -> list[Fault]:
    """All faults, sorted by file and line.

    `risk_of_bias` has one frame of people's tables for each assessor; the others are people's frames too.
    """
    studies = set(study_reports["study_id"])
    mend = "add it there or correct it here"
    faults: list[Fault] = []
    for data in [*risk_of_bias.values(), adjudication]:
        faults += _unknown(data, "study_id", studies, "study_reports.csv", mend)
    faults += _unknown(certainty, "analysis", set(analyses["analysis"]), "config/analyses.csv", mend)
    key = list(schema("records/appraisal/risk_of_bias").key)
    assessors = config["appraisal"]["assessors"]
    judged = {tuple(row) for name in assessors for row in risk_of_bias[name][key].itertuples(index=False)}
    for row in adjudication.to_dict("records"):
        if tuple(row[part] for part in key) not in judged:
            name = "/".join(row[part] for part in key if row[part])
            problem = f'no assessor has judged "{name}"'
            faults.append(Fault(row["_file"], row["_line"], ", ".join(key), problem, "copy its key"))
    return sorted(faults)


def _unknown(data: pd.DataFrame, column: str, known: Collection[str], place: str, mend: str) -> list[Fault]:
    return [
        Fault(row["_file"], row["_line"], column, f'"{row[column]}" is not in {place}', mend)
        for row in data.to_dict("records")
        if row[column] not in known
    ]
