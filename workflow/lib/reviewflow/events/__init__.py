"""Decisions as events: appended to one file a person and stage, each sealed to the one before."""

from .journal import Busy, Journal
from .seal import Seal, seal, verify

__all__ = ["Busy", "Journal", "Seal", "seal", "verify"]
