"""Decisions that are settled, for the order alone: no page shows them, and no vote that is not settled is read."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import polars as pl

from reviewflow.order import Labels, labels, settled_until
from reviewflow.tables.columns import scan_columns

_CONSENSUS = ("agreed", "adjudicated")


class Settled:
    """What results/screening/ says is settled, read anew where the workflow has written it."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "results/screening"
        self._lock = threading.Lock()
        self._known: dict[str, tuple[object, Labels, str]] = {}

    def of(self, stage: str) -> tuple[Labels, str]:
        """Whether each settled report was included, and the newest time of a decision that results/ knew."""
        files = (self._folder / f"{stage}.csv", self._folder / "votes.csv")
        with self._lock:
            state = tuple(map(_stamp, files))
            known = self._known.get(stage, (None, {}, ""))
            if known[0] != state:
                # Where they are not made yet or being written, what was known is learned from meanwhile.
                with suppress(OSError, pl.exceptions.PolarsError):
                    known = self._known[stage] = state, _labels(files[0]), _until(files[1])
            return known[1], known[2]


def _labels(file: Path) -> Labels:
    rows = scan_columns(file).filter(pl.col("consensus").is_in(_CONSENSUS))
    return labels(rows.select("report_id", "consensus", "decision").collect().iter_rows(named=True), {})


def _until(file: Path) -> str:
    """Of the votes, their times alone are read."""
    return settled_until(scan_columns(file).select(pl.col("decided_at").unique()).collect()["decided_at"].to_list())


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = os.stat(file)
    except OSError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)
