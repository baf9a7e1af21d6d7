"""Pooling: effects of studies to pooled estimates, for many analyses at once, equal to R metafor and to RevMan where
each is right. The synthesis stage and the command `reviewflow pool` use the same functions."""

from .analyse import analyse, analyse_many
from .choice import MEASURES, PRESETS, Choice, impossible, preset
from .natural import natural
from .row import Analysis
from .studies import Studies, studies
from .subgroups import Subgroups, subgroups

__all__ = [
    "MEASURES",
    "PRESETS",
    "Analysis",
    "Choice",
    "Studies",
    "Subgroups",
    "analyse",
    "analyse_many",
    "impossible",
    "natural",
    "preset",
    "studies",
    "subgroups",
]
