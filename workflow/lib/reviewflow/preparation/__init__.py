"""Preparation of effects: printed statistics as the numbers that are pooled. Pure functions on numbers, each with the
place where its formula stands, and one register of them (`RULES`)."""

from .errors import Impossible
from .rules import RULES, Rule

__all__ = ["RULES", "Impossible", "Rule"]
