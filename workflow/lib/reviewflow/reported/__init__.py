"""The audit of reported statistics: the numbers that a publication prints, against each other and against its words.

Pure functions from the tables of records/published/ to findings. Every printed number stands for all values that round
to it, so that what is called certain is never the work of rounding.
"""

from collections.abc import Mapping

import pandas as pd

from . import arithmetic, counts, reporting, restated, samples, scale, studies, trends
from .check import check
from .findings import SEVERITIES, Finding, Outcome, tables
from .publication import TABLES, publication

__all__ = ["SEVERITIES", "TABLES", "Finding", "Outcome", "audit", "build", "check"]

_ROOMS = (arithmetic, samples, restated, counts, scale, trends, studies, reporting)


def audit(published: Mapping[str, pd.DataFrame]) -> list[Outcome]:
    """Every check. `published` has people's frames by the names of `TABLES`, and config's `analyses` and `outcomes`
    where there are any."""
    book = publication(published)
    return [outcome for room in _ROOMS for outcome in room.checks(book)]


def build(published: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables reported_statistics and reported_checks; without a row in any published table both are empty."""
    if all(published[name].empty for name in TABLES if name in published):
        return tables([])
    return tables(audit(published))
