"""Absolute effects from relative ones, and the risk that they start from."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, NamedTuple

RATIOS = frozenset({"OR", "RR", "HR", "PETO", "IRR", "ROM"})
DIFFERENCES = frozenset({"MD", "SMD", "RD", "MC", "SMCC", "SMCR", "GIV", "ZCOR"})
OF_RISKS = frozenset({"OR", "RR", "HR", "PETO", "RD"})


class Assumed(NamedTuple):
    """What the comparator is taken to give: a risk as a share of 1 or a mean, and where it comes from (config or
    median). `value` is None where nothing says it."""

    value: float | None
    source: str


def with_intervention(measure: str, effect: float, risk: float) -> float:
    """Risk with the intervention, from the relative effect and the risk with the comparator, both as shares of 1.

    RR, RD and OR: Cochrane Handbook 15.4.4.1 to 15.4.4.3, that is risk x RR, risk + RD, and
    OR x risk / (1 - risk + OR x risk), also for Peto's odds ratio. HR: 1 - (1 - risk)^HR, Handbook 14.1.5.2 after
    Tierney 2007. Kept between 0 and 1. Raises ValueError for a measure that is none of these.
    """
    if measure == "RR":
        found = risk * effect
    elif measure == "RD":
        found = risk + effect
    elif measure in ("OR", "PETO"):
        found = effect * risk / (1 - risk + effect * risk)
    elif measure == "HR":
        found = 1 - (1 - risk) ** effect
    else:
        raise ValueError(f"no risk follows from {measure}")
    return min(max(found, 0.0), 1.0)


def assumed(measure: str, effects: Iterable[Mapping[str, Any]], fixed: float | None) -> Assumed:
    """The comparator's risk or mean: `fixed` where the protocol gives it, else the median of the studies that are in
    the estimate (Handbook 14.1.5.2)."""
    if measure in OF_RISKS:
        if fixed is not None:
            return Assumed(float(fixed), "config")
        pairs = [(row["events_c"], row["n_c"]) for row in effects if row["used"]]
        values = [events / n for events, n in pairs if known(events) and known(n) and n > 0]
    elif measure == "MD":
        values = [row["mean_c"] for row in effects if row["used"] and known(row["mean_c"])]
    else:
        values = []
    return Assumed(median(values), "median") if values else Assumed(None, "")


def known(value: object) -> bool:
    """Whether a cell holds a number; a missing one is unequal to itself or is the missing value of integers."""
    return value is not None and bool(str(value) not in ("nan", "<NA>", "NaN"))


def null(measure: str) -> float | None:
    """The value of no effect on the scale people read; None where a measure has none."""
    return 1.0 if measure in RATIOS else 0.0 if measure in DIFFERENCES else None
