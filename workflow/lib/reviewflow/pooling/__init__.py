"""Pooling: effects of studies to pooled estimates, for many analyses at once, equal to R metafor and to RevMan where
each is right. The synthesis stage and the command `reviewflow pool` use the same functions."""

from .analyse import Analysis, analyse
from .choice import PRESETS, Choice, preset
from .file import pool_file
from .studies import Studies, studies

__all__ = ["PRESETS", "Analysis", "Choice", "Studies", "analyse", "pool_file", "preset", "studies"]
