"""The dedupe stage: which records index the same report.

What compares records is imported where it is used: the gate, which only checks rulings, runs every time.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import polars as pl


def build(config: Mapping[str, Any], sightings: pd.DataFrame, rulings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of results/dedupe/ from records.csv and rulings.csv."""
    from reviewflow.tables.columns import from_frame, to_frame

    tables = build_columns(config, from_frame("results/search/records", sightings), rulings)
    return {name: to_frame(f"results/dedupe/{name}", table) for name, table in tables.items()}


def build_columns(
    config: Mapping[str, Any], sightings: "pl.DataFrame", rulings: pd.DataFrame
) -> "dict[str, pl.DataFrame]":
    """The same from records that are held in columns, for searches of any size."""
    from .outcome import outcome

    return outcome(config, sightings, rulings)
