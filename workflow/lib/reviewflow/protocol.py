"""Words of the protocol that several stages share."""

from collections.abc import Iterable, Mapping
from typing import Any

# From certain to uncertain; what is made of several cells is as certain as the least certain of them.
PROVENANCES = ("reported", "derived", "calibrated", "constructed")
# Measures that are pooled as logarithms and read as ratios.
RATIOS = frozenset({"OR", "RR", "PETO", "IRR", "HR", "ROM"})


def least_certain(provenances: Iterable[str | None]) -> str:
    """The least certain of some provenances; blank ones say nothing."""
    return max((p for p in provenances if p), key=PROVENANCES.index, default="")


def is_before_after(config: Mapping[str, Any], comparison: str) -> bool:
    """Whether a comparison sets participants against themselves: there is one group of them, not two."""
    return bool(config["comparisons"][comparison]["before_after"])
