"""Synthesis: contrasts become effects, effects become pooled estimates, and these are laid beside printed
ones."""

from .build import build
from .check import check
from .identities import identities

__all__ = ["build", "check", "identities"]
