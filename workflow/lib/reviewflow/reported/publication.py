"""What a publication prints, as the checks look at it: rows with their numbers as intervals, and look-ups."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from reviewflow.tables import rows_of, split_list

from .normal import Printed
from .printed import Interval, interval, probability

Line = dict[str, Any]
# The tables of records/published/ by their short names.
TABLES = (
    "estimates", "restated", "claims", "studies", "counts", "means", "tests", "totals", "statements", "reference_list",
)  # fmt: skip
# Measures whose interval is symmetric on the logarithmic scale, and those for which it is on the scale that is printed.
_RATIOS = frozenset({"OR", "RR", "PETO", "POR", "IRR", "HR", "ROM", "RATIO"})
_DIFFERENCES = frozenset({"MD", "WMD", "SMD", "RD", "MC", "SMCC", "SMCR", "ARD", "GIV"})
_MONTHS = {"day": 1 / 30.4375, "week": 7 / 30.4375, "month": 1.0, "year": 12.0}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(day|week|month|year)s?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One printed row. Intervals are on the printed scale; None where nothing is printed."""

    analysis: str
    location: str
    comparison: str
    outcome: str
    timepoint: str
    design: str
    measure: str
    model: str
    unit: str
    studies: tuple[str, ...]
    cited: str
    text: Mapping[str, str]
    level: float
    df: float
    months: float | None
    k: int | None

    @cached_property
    def estimate(self) -> Interval | None:
        """The estimate."""
        return interval(self.text["estimate"])

    @cached_property
    def lower(self) -> Interval | None:
        """The lower limit."""
        return interval(self.text["ci_lower"])

    @cached_property
    def upper(self) -> Interval | None:
        """The upper limit."""
        return interval(self.text["ci_upper"])

    @cached_property
    def p(self) -> Interval | None:
        """P of the effect."""
        return probability(self.text["p_value"])

    @cached_property
    def q_p(self) -> Interval | None:
        """P of the Q test."""
        return probability(self.text["q_p"])

    @property
    def value(self) -> float:
        """The printed estimate as a number; not a number where none is printed."""
        return (self.estimate.lower + self.estimate.upper) / 2 if self.estimate else math.nan

    @property
    def ratio(self) -> bool:
        """Whether the measure is a ratio."""
        return self.measure in _RATIOS

    @property
    def null(self) -> float:
        """No effect, on the printed scale."""
        return 1.0 if self.ratio else 0.0

    @cached_property
    def printed(self) -> Printed | None:
        """Estimate and limits on the scale of the analysis; None where one is missing or the scale is not known."""
        if self.measure not in _RATIOS | _DIFFERENCES or not (self.estimate and self.lower and self.upper):
            return None
        parts = [_log(part) if self.ratio else part for part in (self.estimate, self.lower, self.upper)]
        return Printed(parts[0], parts[1], parts[2], self.level, self.df)

    @property
    def shown(self) -> str:
        """The row as printed."""
        t = self.text
        limits = f" ({t['ci_lower']}, {t['ci_upper']})" if t["ci_lower"] or t["ci_upper"] else ""
        p = t["p_value"] and f", P {t['p_value']}"
        return f"{self.measure} {t['estimate']}{limits}{p}".strip()

    @cached_property
    def side(self) -> int | None:
        """-1 where the whole interval is below no effect, 1 above it, 0 where it surely includes it, else None."""
        if not (self.lower and self.upper):
            return None
        if self.upper.upper < self.null:
            return -1
        if self.lower.lower > self.null:
            return 1
        return 0 if self.lower.upper <= self.null <= self.upper.lower else None


def _log(part: Interval) -> Interval:
    return Interval(*(math.log(limit) if limit > 0 else -math.inf for limit in part))


@dataclass(frozen=True)
class Publication:
    """All that a publication prints. `lines` has people's tables as rows, by the names of `TABLES`."""

    rows: Sequence[Row]
    lines: Mapping[str, Sequence[Line]]
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_analysis(self) -> dict[str, Row]:
        """Rows by their analysis."""
        return {row.analysis: row for row in self.rows}

    @cached_property
    def studies(self) -> dict[str, Line]:
        """Studies by their short names."""
        return {line["study"]: line for line in self.lines["studies"]}

    def label(self, study: str) -> str:
        """A study as printed."""
        return str(self.studies.get(study, {}).get("label") or study)

    def labels(self, studies: Sequence[str]) -> str:
        """Studies as printed."""
        return ", ".join(self.label(study) for study in studies)

    def name(self, row: Row) -> str:
        """A row in words."""
        time = f", {row.timepoint}" if row.months is not None else ""
        return f"{self.names.get(row.outcome, row.outcome) or row.analysis}{time}"

    def statement(self, name: str) -> Line | None:
        """A statement, None where none is written down."""
        return next((line for line in self.lines["statements"] if line["statement"] == name), None)

    def number(self, name: str) -> float | None:
        """A statement's number."""
        line = self.statement(name)
        return float(line["value"]) if line else None

    @cached_property
    def alpha(self) -> float:
        """P below which a result counts as significant: as stated, else 0.05."""
        return self.number("significance") or 0.05

    def groups(self) -> Iterator[tuple[tuple[str, str], list[Row]]]:
        """Rows of one comparison and outcome, by time; rows of an outcome that is not said belong together nowhere."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            if row.outcome:
                found.setdefault((row.comparison, row.outcome), []).append(row)
        for key, rows in found.items():
            yield key, sorted(rows, key=lambda r: (r.months is None, r.months or 0.0, r.analysis))

    def comparisons(self) -> dict[str, list[Row]]:
        """Rows by comparison."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.comparison, []).append(row)
        return found


def publication(tables: Mapping[str, pd.DataFrame]) -> Publication:
    """People's frames by the names of `TABLES`, with config's `analyses` and `outcomes`; any may be missing."""
    lines = {name: rows_of(tables[name]) if name in tables else [] for name in TABLES}
    plans = {line["analysis"]: line for line in rows_of(tables["analyses"])} if "analyses" in tables else {}
    listed = rows_of(tables["outcomes"]) if "outcomes" in tables else []
    level = next((line["value"] for line in lines["statements"] if line["statement"] == "level"), "95")
    rows = [_row(line, plans.get(line["analysis"], {}), level) for line in lines["estimates"]]
    return Publication(rows, lines, {line["outcome"]: line["label"] for line in listed})


def _row(line: Line, plan: Mapping[str, Any], level: str) -> Row:
    """A line of estimates.csv, completed from the analysis of config/ that it belongs to."""
    placed = {name: line[name] or plan.get(name, "") for name in ("comparison", "outcome", "timepoint", "measure")}
    placed["measure"] = str(placed["measure"]).strip().upper()
    cells = ("estimate", "ci_lower", "ci_upper", "p_value", "q_p", "k", "q", "i2")
    time = _TIME.search(placed["timepoint"])
    return Row(
        analysis=line["analysis"], location=line["location"], model=line["model"].lower(), design=line["design"],
        unit=line["unit"], studies=tuple(split_list(line["studies"])), cited=line["cited"],
        text={name: line[name] for name in cells}, level=float(line["level"] or level),
        df=float(line["ci_df"]) if line["ci_df"] else math.inf,
        months=float(time[1]) * _MONTHS[time[2].lower()] if time else None,
        k=int(line["k"]) if line["k"] else None, **placed,
    )  # fmt: skip
