"""Decisions as events: appended to one file a person and stage, each sealed to the one before."""

from .append import WORKROOM, Appender, Busy
from .journal import Journal
from .seal import Seal, seal, verify
from .seen import seen_digest

__all__ = ["WORKROOM", "Appender", "Busy", "Journal", "Seal", "seal", "seen_digest", "verify"]
