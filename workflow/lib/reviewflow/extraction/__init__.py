"""Extraction: what extractors read from the reports becomes one row a contrast, and what is wrong is
named."""

from .build import build
from .check import check

__all__ = ["build", "check"]
