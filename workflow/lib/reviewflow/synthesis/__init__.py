"""Synthesis: contrasts become effects, effects become pooled estimates by the engine of reviewflow.pooling, these are
tried for robustness, and laid beside printed ones."""

from .build import FURTHER, build
from .check import check
from .identities import identities

__all__ = ["FURTHER", "build", "check", "identities"]
