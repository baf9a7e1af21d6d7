"""Dedupe: which records index the same report."""

from .build import build, build_columns
from .overview import overview, overview_columns
from .rules import DOUBTS, DUPLICATES, VETOES, Rule
from .rulings import check

__all__ = [
    "DOUBTS", "DUPLICATES", "VETOES", "Rule", "build", "build_columns", "check", "overview", "overview_columns",
]  # fmt: skip
