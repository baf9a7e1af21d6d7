"""Appraisal: the assessors' judgements of risk of bias become one consensus; certainty stands beside them."""

from .build import build
from .check import check

__all__ = ["build", "check"]
