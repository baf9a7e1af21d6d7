"""Dedupe: which records index the same report."""

from .build import build, build_columns
from .overview import overview, overview_columns
from .rule import Rule
from .rules import DOUBTS, DUPLICATES
from .rulings import check
from .vetoes import VETOES

__all__ = [
    "DOUBTS", "DUPLICATES", "VETOES", "Rule", "build", "build_columns", "check", "overview", "overview_columns",
]  # fmt: skip
