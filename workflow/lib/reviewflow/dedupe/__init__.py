"""Dedupe: which records index the same report."""

from .build import build, check
from .overview import overview
from .rules import DOUBTS, DUPLICATES, VETOES, Rule

__all__ = ["DOUBTS", "DUPLICATES", "VETOES", "Rule", "build", "check", "overview"]
