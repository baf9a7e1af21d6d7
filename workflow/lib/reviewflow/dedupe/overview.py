"""What the team sees of its searches: overlap of the sources, merges by rule, doubts by reason, notices."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.tables import empty_result

from .merges import doubts, merges
from .notices import notices
from .overlap import overlap

_TABLES = ("sources", "overlap", "intersections", "merges", "doubts", "notices")


def overview(sightings: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables sources, overlap, intersections, merges, doubts and notices from records.csv and what `build` gave."""
    if sightings.empty:
        return {name: empty_result(f"results/dedupe/{name}") for name in _TABLES}
    return {
        **overlap(sightings, tables["clusters"]),
        "merges": merges(sightings, tables["clusters"]),
        "doubts": doubts(tables["doubtful_pairs"]),
        "notices": notices(sightings, tables["clusters"], tables["reports"]),
    }
