"""Arms side by side: standard deviations from tests between them, several arms of one side as one, a shared control
group split."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from reviewflow.preparation.units import same

from .contrasts import Incomplete
from .prepare_arm import Arm, changes, from_quartiles
from .prepare_units import to_scale, to_unit
from .prepare_whole import se_of_test
from .rows import Row
from .trail import Trail

Sides = dict[str, list[Arm]]
_SUMS = ("n", "events", "time")
_MEANS = (("mean", "sd"), ("baseline_mean", "baseline_sd"), ("change_mean", "change_sd"))


def from_difference(sides: Sides, tests: Sequence[Row]) -> None:
    """Standard deviations that two arms lack, from limits, t, F or P of the difference between them (one for both).

    `tests` are lines with such a test, that of a whole contrast first. Raises Impossible.
    """
    if len(sides["e"]) != 1 or len(sides["c"]) != 1:
        return
    (e,), (c,) = sides["e"], sides["c"]
    usual = all(arm.line.get("scale") in (None, "natural") for arm in (e, c))
    if e.lacks("n") or c.lacks("n") or not usual or not _same_unit([e.line, c.line]):
        return
    for mean, sd in (_MEANS[0], _MEANS[2]):
        lacking = [arm for arm in (e, c) if arm.lacks(sd)]
        if lacking and not e.lacks(mean) and not c.lacks(mean):
            found = next(filter(None, (_of_test(line, e, c, mean, sd) for line in tests)), None)
            if found is not None:
                value, steps = found
                for arm in lacking:
                    arm.numbers[sd] = value
                    arm.trail.steps += [step | {"arm_id": arm.arm_id} for step in steps]
            return


def _same_unit(lines: Sequence[Row]) -> bool:
    units = [line["unit"] for line in lines if line["unit"] is not None]
    return all(same(units[0], unit) for unit in units)


def _of_test(line: Row, e: Arm, c: Arm, mean: str, sd: str) -> tuple[float, list[Row]] | None:
    """Standard deviation of both arms from one line, with its steps; None where the line says nothing of it."""
    if line.get("test") == "paired" or line.get("scale") is not None or not _same_unit([line, e.line]):
        return None
    trail = Trail("", e.line["unit"])
    n_e, n_c = e.numbers["n"], c.numbers["n"]
    df = n_e + n_c - 2
    whole = line["arm_id"] is None
    se: float | None = line.get("se") if whole else None
    if se is None and whole and line.get("ci_lower") is not None and line.get("ci_upper") is not None:
        level = line.get("ci_level") or 95.0
        given = {"ci_lower": line["ci_lower"], "ci_upper": line["ci_upper"], "ci_level": level}
        se = trail.by("se_from_ci_t", "se", df=df, **given)
    if se is None and any(line.get(name) is not None for name in ("t_value", "f_value", "p_value")):
        effect = line.get("effect") if whole else None
        if effect is None:
            effect = trail.by("difference", "effect", mean_e=e.numbers[mean], mean_c=c.numbers[mean])
        se = se_of_test(line, effect, df, trail)
    if se is None:
        return None
    value = trail.by("sd_from_se_of_difference", sd, se=se, n_e=n_e, n_c=n_c)
    return value, trail.steps


def finish(arm: Arm, config: Mapping[str, Any], outcome: Row, unit: str | None, before_after: bool) -> None:
    """What is still missing in an arm, its scale and its unit. Raises Impossible."""
    from_quartiles(arm)
    wanted = before_after or config["preparation"]["change_scores"] == "change" or arm.lacks("mean")
    changes(arm, config, wanted)
    to_scale(arm, outcome.get("scale") or "natural", wanted)
    to_unit(arm, unit, outcome)


def choose_scores(arms: Sequence[Arm], wanted: str) -> None:
    """Put the changes in the place of the values at follow-up where they are wanted, or where all arms have only
    them. Raises Incomplete where one arm has only the one, another only the other."""
    final = all(not arm.lacks("mean", "sd") for arm in arms)
    change = all(not arm.lacks("change_mean", "change_sd") for arm in arms)
    some = any(not arm.lacks("mean", "sd") for arm in arms) and any(not arm.lacks("change_mean") for arm in arms)
    if change and (wanted == "change" or not final):
        for arm in arms:
            arm.numbers |= {"mean": arm.numbers["change_mean"], "sd": arm.numbers["change_sd"]}
            arm.scores = "change"
    elif some and not final:
        raise Incomplete("one arm has values at follow-up, another only changes; extract the same of both")


def combined(arms: Sequence[Arm]) -> Arm:
    """The arms of one side as one group, in the order of their names."""
    ordered = sorted(arms, key=lambda arm: arm.arm_id)
    one = deepcopy(ordered[0])
    for two in ordered[1:]:
        one = _joined(one, two)
    return one


def _joined(one: Arm, two: Arm) -> Arm:
    name = f"{one.arm_id}+{two.arm_id}"
    trail = Trail(name, one.trail.unit or two.trail.unit, [*one.trail.steps, *two.trail.steps])
    skewed = max(filter(None, (one.skewness, two.skewness)), key=lambda s: s.statistic - s.critical, default=None)
    both = Arm(one.line, name, dict.fromkeys(one.numbers), trail, one.median or two.median, skewed, one.scores)
    both.others = (*one.others, *two.lines)
    a, b = one.numbers, two.numbers
    for mean, sd in _MEANS:
        if one.lacks(mean, sd, "n") or two.lacks(mean, sd, "n"):
            continue
        weights = {"n1": a["n"], "mean1": a[mean], "n2": b["n"], "mean2": b[mean]}
        both.fill(mean, "combined_mean", **weights)
        both.fill(sd, "combined_sd", **weights, sd1=a[sd], sd2=b[sd])
    for total in _SUMS:
        if not one.lacks(total) and not two.lacks(total):
            both.fill(total, "combined_sum", one=a[total], two=b[total])
    if a["correlation"] == b["correlation"]:
        both.numbers["correlation"] = a["correlation"]
    elif one.scores == "final" and not both.lacks("baseline_sd", "sd", "change_sd"):
        given = {key: both.numbers[key] for key in ("baseline_sd", "sd", "change_sd")}
        both.fill("correlation", "correlation_from_sds", **given)
    return both


def share(control: Arm, parts: int) -> Arm:
    """One part of a control group that several comparisons share."""
    part = deepcopy(control)
    for total in _SUMS:
        if not part.lacks(total):
            part.fill(total, "shared", total=part.numbers[total], parts=parts)
    return part
