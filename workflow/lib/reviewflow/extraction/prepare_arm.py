"""One arm's line as the numbers that are pooled.

What is missing is taken from what is printed in this order: the standard deviation itself, its standard error, the
limits of the mean; then (prepare_sides) limits, t, F or P of the difference between two arms; and only then quartiles
and range, which are marked as imputed. A printed number is never replaced.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reviewflow.preparation import Impossible, fivenum
from reviewflow.preparation.errors import require
from reviewflow.preparation.printed import events_of_percent, places_in, printed_p

from .rows import Row, text
from .trail import Trail

NUMBERS = ("events", "mean", "sd", "baseline_mean", "baseline_sd", "change_mean", "change_sd", "correlation")


@dataclass
class Arm:
    """One arm, or several combined. `numbers` has n, time and NUMBERS, None where there is none; `scores` says whether
    mean and sd are those at follow-up (final) or of the changes (change); `others` are the lines of further arms."""

    line: Row
    arm_id: str
    numbers: dict[str, Any]
    trail: Trail
    median: bool = False
    skewness: fivenum.Skewness | None = None
    scores: str = "final"
    others: tuple[Row, ...] = ()

    @property
    def lines(self) -> list[Row]:
        """The lines of all arms in it."""
        return [self.line, *self.others]

    def lacks(self, *names: str) -> bool:
        """Whether one of these numbers is missing."""
        return any(self.numbers[name] is None for name in names)

    def fill(self, to: str, rule: str, note: str = "", source: str = "", /, **numbers: Any) -> None:
        """Set a number by a rule, and record the step."""
        self.numbers[to] = self.trail.by(rule, to, note, source, **numbers)


def begin(line: Row, n: float | None) -> Arm:
    """The arm's printed numbers, and what follows from them without another arm. Raises Impossible."""
    numbers = {name: line.get(name) for name in NUMBERS} | {"n": n, "time": line.get("person_time")}
    arm = Arm(line, line["arm_id"], numbers, Trail(line["arm_id"], line["unit"]))
    _possible(line)
    if arm.lacks("events") and line.get("percent") is not None:
        _events(arm)
    if arm.lacks("sd") and numbers["mean"] is not None and n is not None:
        _sd(arm)
    return arm


def _events(arm: Arm) -> None:
    n, percent = arm.numbers["n"], arm.line["percent"]
    require(n is not None, "a percentage needs n; fill it in here or in arms.csv")
    found = events_of_percent(n, percent, places_in(arm.line["quote"], percent))
    printed = f"{text(percent)} % of {text(n)}"
    require(bool(found), f"no number of events is {printed}; check both against the report")
    many = f"{printed} can be {found[0]} to {found[-1]} events; find the count, or ask the authors"
    require(len(found) == 1, many)
    arm.fill("events", "events_from_percent", events=found[0], n=n, percent=percent)
    arm.numbers["events"] = found[0]


def _sd(arm: Arm) -> None:
    line, n = arm.line, arm.numbers["n"]
    if line.get("scale") == "geometric":
        return
    if line.get("mean_se") is not None:
        arm.fill("sd", "sd_from_se", n=n, mean_se=line["mean_se"])
    elif line.get("ci_lower") is not None and line.get("ci_upper") is not None:
        arm.fill("sd", "sd_from_ci", n=n, **limits(line))


def limits(line: Row) -> dict[str, float]:
    """Confidence limits of a line and their level, 95 where it is blank."""
    return {"ci_lower": line["ci_lower"], "ci_upper": line["ci_upper"], "ci_level": line.get("ci_level") or 95.0}


def from_quartiles(arm: Arm) -> None:
    """Mean and standard deviation that are still missing, from quartiles and range; medians are tested for skewness
    first. Raises Impossible."""
    line, n = arm.line, arm.numbers["n"]
    both, quartiles, ends = (
        ("five", ("lowest", "q1", "median", "q3", "highest")),
        ("quartiles", ("q1", "median", "q3")),
        ("range", ("lowest", "median", "highest")),
    )
    for name, columns in (both, quartiles, ends):
        spread = [column for column in columns if column != "median"]
        if n is None or any(line.get(column) is None for column in spread):
            continue
        values = {column: line[column] for column in spread}
        if arm.lacks("mean") and line.get("median") is not None:
            arm.median = True
            arm.skewness = _SKEWNESS[name](n, *(line[column] for column in columns))
            tested = f"skewness {arm.skewness.statistic:.4g}, critical value {arm.skewness.critical:.4g} (Shi 2023)"
            arm.fill("mean", f"mean_from_{name}", tested, n=n, median=line["median"], **values)
        if arm.lacks("sd") and not arm.lacks("mean"):
            arm.fill("sd", f"sd_from_{name}", n=n, **values)
        return


_SKEWNESS: dict[str, Callable[..., fivenum.Skewness]] = {
    "five": fivenum.skewness_of_five,
    "quartiles": fivenum.skewness_of_quartiles,
    "range": fivenum.skewness_of_range,
}


def changes(arm: Arm, config: Mapping[str, Any], needed: bool) -> None:
    """Mean change, its standard deviation and the correlation, as far as they follow from what is printed.

    Only where they are `needed` is the correlation of config.yaml put in for one that cannot be known. Raises
    Impossible.
    """
    line, has = arm.line, arm.numbers
    if arm.lacks("change_mean") and not arm.lacks("mean", "baseline_mean") and needed:
        arm.fill("change_mean", "mean_change", mean=has["mean"], baseline_mean=has["baseline_mean"])
    if arm.lacks("change_sd") and not arm.lacks("change_mean", "n") and line.get("test") != "unpaired":
        # A test that says nothing, as beside a change of 0, leaves the place to what comes next.
        with suppress(Impossible):
            _paired(arm)
    if arm.lacks("correlation") and not arm.lacks("baseline_sd", "sd", "change_sd"):
        arm.fill("correlation", "correlation_from_sds", **_of(has, "baseline_sd", "sd", "change_sd"))
    if needed and not arm.lacks("baseline_sd", "sd") and arm.lacks("change_sd"):
        if arm.lacks("correlation"):
            arm.fill("correlation", "stated_correlation", correlation=config["preparation"]["correlation"])
        arm.fill("change_sd", "change_sd_from_correlation", **_of(has, "baseline_sd", "sd", "correlation"))


def _of(numbers: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: numbers[name] for name in names}


def _paired(arm: Arm) -> None:
    line, known = arm.line, _of(arm.numbers, "n", "change_mean")
    p = printed_p(line["p_value"]) if line.get("p_value") is not None else None
    if line.get("t_value") is not None:
        arm.fill("change_sd", "change_sd_from_t", **known, t_value=line["t_value"])
    elif line.get("f_value") is not None:
        arm.fill("change_sd", "change_sd_from_f", **known, f_value=line["f_value"])
    elif p is not None and p.sign != ">":
        rule = "change_sd_from_p" if p.sign == "=" else "change_sd_from_p_bound"
        arm.fill("change_sd", rule, bound(line["p_value"], p.sign), **known, p_value=p.value)


def bound(printed: str, sign: str) -> str:
    """A note where a P is printed as a bound, so that the standard deviation is too large rather than too small."""
    return f"P printed as {printed}, taken as equal" if sign != "=" else ""


def _possible(line: Row) -> None:
    """Raise Impossible where printed numbers of one line contradict each other."""
    order = [c for c in ("lowest", "q1", "median", "q3", "highest") if line.get(c) is not None]
    values = [line[c] for c in order]
    words = ", ".join(f"{c} {text(line[c])}" for c in order)
    require(values == sorted(values), f"{words} do not rise; check them against the report")
    ends, mean = [line.get(c) for c in ("lowest", "highest")], line.get("mean")
    if mean is not None and None not in ends and not ends[0] <= mean <= ends[1]:
        raise Impossible(f"the mean {text(mean)} lies outside the range {text(ends[0])} to {text(ends[1])}")
    contained(line, "mean")


def contained(line: Row, name: str) -> None:
    """Raise Impossible where confidence limits do not contain the number that they are of."""
    value, lower, upper = line.get(name), line.get("ci_lower"), line.get("ci_upper")
    if value is not None and lower is not None and upper is not None and not lower <= value <= upper:
        words = f"the limits {text(lower)} and {text(upper)} do not contain the {name} {text(value)}"
        raise Impossible(f"{words}; check all three against the report")
