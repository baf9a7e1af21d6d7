"""The scale and the unit of the analysis: numbers move to them by declared units alone, or their contrast stays out."""

from collections.abc import Sequence

from reviewflow.preparation.errors import require
from reviewflow.preparation.units import conversion, normal

from .contrasts import OtherUnit
from .prepare_arm import Arm
from .rows import Row, text, unique
from .trail import Trail

_LINEAR = ("mean", "sd", "baseline_mean", "baseline_sd", "change_mean", "change_sd")


def unit_of(lines: Sequence[Row], outcome: Row) -> tuple[str | None, str]:
    """Unit of a contrast (None where no line prints one), and why that is not the unit of the analysis (blank: it is,
    or the analysis has none).

    A contrast that does not convert keeps its own unit, so that the synthesis stops where it would average it with
    others, and goes on where units play no part. Raises OtherUnit where its lines do not convert into one another.
    """
    printed = unique(line["unit"] for line in lines)
    if not printed:
        return None, ""
    own = normal(printed[0])
    wanted = outcome["unit"] or own
    if outcome["kind"] != "continuous":
        return wanted, ""
    try:
        for unit in unique(line["unit"] for line in lines if line["arm_id"] or line.get("scale") is None):
            factor(unit, wanted, outcome)
    except OtherUnit as why:
        for unit in printed:
            factor(unit, own, outcome)
        return own, str(why)
    return wanted, ""


def factor(printed: str, wanted: str, outcome: Row) -> tuple[float, str]:
    """What numbers are multiplied by, and the source of that. Raises OtherUnit."""
    found = conversion(printed, wanted, outcome.get("analyte") or "")
    if found is None:
        words = f"units differ ({wanted}, {printed}), and no factor is known from one to the other"
        raise OtherUnit(f"{words}; correct the unit, or give analyte in config/outcomes.csv")
    return found.factor, found.source


def to_scale(arm: Arm, wanted: str, changes: bool) -> None:
    """Mean and standard deviation on the scale of the analysis, natural or log. `changes` says whether values at
    baseline or changes are needed, which no formula moves; else they are left out. Raises Impossible."""
    line, has = arm.line, arm.numbers
    printed = line.get("scale") or "natural"
    if arm.lacks("mean"):
        return
    if printed == "geometric":
        require(
            line.get("mean") is not None, "the scale is geometric, but the mean is blank; a median has no such scale"
        )
        require(
            line.get("sd") is None, "an sd beside a geometric mean says nothing certain; give its confidence limits"
        )
        _geometric(arm)
        printed = "log"
    if printed == wanted:
        return
    others = [name for name in _LINEAR[2:] if has[name] is not None]
    words = f"values at baseline and changes cannot be moved from the {printed} to the {wanted} scale"
    require(not others or not changes, words)
    if arm.lacks("sd"):
        return
    has |= dict.fromkeys(others)
    note = f"{', '.join(others)} left out: {words}" if others else ""
    mean, sd = has["mean"], has["sd"]
    if wanted == "log":
        arm.fill("mean", "log_mean_from_natural", note, mean=mean, sd=sd)
        arm.fill("sd", "log_sd_from_natural", mean=mean, sd=sd)
    else:
        arm.fill("mean", "mean_from_log", note, log_mean=mean, log_sd=sd)
        arm.fill("sd", "sd_from_log", log_mean=mean, log_sd=sd)


def _geometric(arm: Arm) -> None:
    line, n = arm.line, arm.numbers["n"]
    arm.fill("mean", "log_mean_from_geometric", mean=line["mean"])
    if n is not None and line.get("ci_lower") is not None and line.get("ci_upper") is not None:
        level = line.get("ci_level") or 95.0
        given = {"ci_lower": line["ci_lower"], "ci_upper": line["ci_upper"], "ci_level": level}
        arm.fill("sd", "log_sd_from_geometric_ci", n=n, **given)


def to_unit(arm: Arm, wanted: str | None, outcome: Row) -> None:
    """The arm's means and standard deviations in the unit of the analysis; logarithms move by the logarithm of the
    factor, and their standard deviations not at all. Raises OtherUnit."""
    there = [name for name in _LINEAR if not arm.lacks(name)]
    if not there or wanted is None or arm.line["unit"] is None:
        return
    times, source = factor(arm.line["unit"], wanted, outcome)
    arm.trail.unit = wanted
    if times == 1:
        return
    note = f"{arm.line['unit']} to {wanted}: times {text(times)}"
    logs = (outcome.get("scale") or "natural") == "log"
    for name in there:
        if not logs:
            arm.fill(name, "unit", note, source, value=arm.numbers[name], factor=times)
        elif name in ("mean", "baseline_mean"):
            arm.fill(name, "unit_of_log_mean", note, source, value=arm.numbers[name], factor=times)


def effect_to_unit(
    effect: float, se: float | None, line: Row, wanted: str | None, outcome: Row, trail: Trail
) -> tuple[float, float | None]:
    """A difference of means with its standard error in the unit of the analysis; ratios have none. Raises OtherUnit."""
    difference = line.get("scale") is None and line.get("effect") is not None and outcome["kind"] == "continuous"
    if not difference or wanted is None or line["unit"] is None:
        return effect, se
    times, source = factor(line["unit"], wanted, outcome)
    trail.unit = wanted
    if times == 1:
        return effect, se
    note = f"{line['unit']} to {wanted}: times {text(times)}"
    moved = trail.by("unit", "effect", note, source, value=effect, factor=times)
    return moved, None if se is None else trail.by("unit", "se", note, source, value=se, factor=times)
