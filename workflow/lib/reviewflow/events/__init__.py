"""Decisions as events: appended to one file a person and stage, each sealed to the one before."""

from .append import WORKROOM, Appender, Busy
from .journal import Journal
from .seal import VERIFIED, Seal, seal, verify, verify_columns
from .seen import seen_digest

__all__ = [
    "VERIFIED",
    "WORKROOM",
    "Appender",
    "Busy",
    "Journal",
    "Seal",
    "seal",
    "seen_digest",
    "verify",
    "verify_columns",
]
