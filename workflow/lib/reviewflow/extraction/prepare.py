"""From settled lines to the numbers that are pooled, each step on record."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from reviewflow.preparation import Impossible
from reviewflow.protocol import is_before_after

from .contrasts import (
    CONTRAST,
    SIDES,
    Incomplete,
    Problem,
    kind_of,
    n_of,
    participants,
    said_of,
    side_of,
)
from .plausible import of_contrast, of_lines
from .prepare_arm import NUMBERS, Arm, begin
from .prepare_sides import Sides, choose_scores, combined, finish, from_difference, share
from .prepare_units import effect_to_unit, unit_of
from .prepare_whole import has_effect, whole
from .rows import Row
from .trail import Trail


class Made(NamedTuple):
    """Rows of results/extraction: contrasts (without label), the conversions behind them, and warnings."""

    contrasts: list[Row]
    conversions: list[Row]
    warnings: list[Row]


def contrasts(
    lines: Sequence[Row], arms: Mapping[str, Row], config: Mapping[str, Any], comparison: str, outcome: Row
) -> list[Made | Problem]:
    """What the lines of one study, comparison, outcome and timepoint give.

    `lines` are the settled results lines, `arms` the settled arms of the study by arm_id (each line's arm is among
    them), `config` is config.yaml with its defaults, `outcome` a row of config/outcomes.csv. Several arms of a side are
    combined, or the control group is split among the experimental ones or set whole against each, as
    preparation.multi_arm says. A contrast in a unit that does not convert into that of the analysis is made and is a
    problem, too.
    """
    before_after = is_before_after(config, comparison)
    ordered = sorted(lines, key=lambda line: line["arm_id"] or "")
    try:
        unit, other = unit_of(ordered, outcome)
        sides = _sides(ordered, arms, config, outcome, before_after, unit)
        entire = [line for line in ordered if line["arm_id"] is None and has_effect(line)]
        found = [
            _made(pair, entire, arms, config, outcome, unit, before_after) for pair in _pairs(sides, entire, config)
        ]
    except Impossible as why:
        return [Problem(kind_of(why), str(why))]
    for made in found if len(found) > 1 and sides["c"] and config["preparation"]["multi_arm"] == "whole" else ():
        made.contrasts[0]["shared_control"] = True
    found[0].warnings.extend(of_lines(ordered, arms, outcome, config))
    return [*found, *([Problem("unit", other)] if other else [])]


def _sides(
    lines: Sequence[Row],
    arms: Mapping[str, Row],
    config: Mapping[str, Any],
    outcome: Row,
    before_after: bool,
    unit: str | None,
) -> Sides:
    """The arms of each side with all their numbers."""
    sides: Sides = {
        side: [begin(line, n_of(line, arms)) for line in lines if side_of(line, arms) == side]
        for side in SIDES.values()
    }
    every = [*sides["e"], *sides["c"]]
    if not every:
        return sides
    _complete(sides, before_after)
    tests = [line for line in lines if line["arm_id"] is None or line.get("test") == "unpaired"]
    from_difference(sides, tests)
    for arm in every:
        finish(arm, config, outcome, unit, before_after)
    if not before_after:
        choose_scores(every, config["preparation"]["change_scores"])
    return sides


def _complete(sides: Sides, before_after: bool) -> None:
    """Raise Incomplete where a side has no arm, or an arm no n."""
    if before_after and sides["c"]:
        names = ", ".join(arm.arm_id for arm in sides["c"])
        words = f"a before-after comparison has no control side ({names})"
        raise Incomplete(f"{words}; give the state before as baseline_mean and baseline_sd of the experimental arm")
    for role, side in SIDES.items():
        if not sides[side] and not (before_after and side == "c"):
            raise Incomplete(f"no line of an arm on the {role} side; extract it")
        if any(arm.lacks("n") and arm.lacks("time") for arm in sides[side]):
            raise Incomplete(f"n of the {role} side is blank; fill it in here or in arms.csv")


def _pairs(sides: Sides, entire: Sequence[Row], config: Mapping[str, Any]) -> list[tuple[str, Arm | None, Arm | None]]:
    """Name, experimental and control arm of each contrast."""
    experimental, control = sides["e"], combined(sides["c"]) if sides["c"] else None
    if not experimental:
        return [("", None, None)]
    if len(experimental) == 1 or config["preparation"]["multi_arm"] == "combine":
        return [("", combined(experimental), control)]
    if entire:
        names = ", ".join(arm.arm_id for arm in experimental)
        raise Incomplete(f"an effect without an arm beside several arms ({names}) does not say whose it is; remove one")
    split = config["preparation"]["multi_arm"] == "split"
    part = share(control, len(experimental)) if control and split else control
    return [(arm.arm_id, arm, part) for arm in sorted(experimental, key=lambda arm: arm.arm_id)]


def _made(
    pair: tuple[str, Arm | None, Arm | None],
    entire: Sequence[Row],
    arms: Mapping[str, Row],
    config: Mapping[str, Any],
    outcome: Row,
    unit: str | None,
    before_after: bool,
) -> Made:
    """One contrast with its conversions. Raises Impossible."""
    name, e, c = pair
    both = [(side, arm) for side, arm in (("e", e), ("c", c)) if arm is not None]
    row: Row = {"contrast": name, "unit": unit}
    trails = []
    for line in entire:
        row |= participants(line, arms, before_after)
        trail = Trail("", line["unit"])
        effect, se = whole(line, _degrees(line, row, outcome, before_after), trail)
        row["effect"], row["se"] = effect_to_unit(effect, se, line, unit, outcome, trail)
        trails.append(trail)
    for side, arm in both:
        row |= _of_side(arm, side, before_after)
        trails.append(arm.trail)
    if before_after and e is not None:
        row["correlation"] = e.numbers["correlation"]
    _usable(row, both, before_after)
    steps = [step for trail in trails for step in trail.steps]
    rests = [*entire, *(line for _, arm in both for line in arm.lines)]
    key = {part: rests[0][part] for part in CONTRAST}
    row |= key | said_of(rests, arms, bool(steps))
    row |= {"imputed": any(step["imputed"] for step in steps), "conversions": len(steps)}
    numbered = [deepcopy(step) | key | {"contrast": name, "step": i} for i, step in enumerate(steps, 1)]
    looks = of_contrast(row, dict(both), outcome, config["extraction"]["extractors"])
    return Made([_protocol(row, [arm for _, arm in both], config)], numbered, looks)


def _degrees(line: Row, row: Row, outcome: Row, before_after: bool) -> float | None:
    """Degrees of freedom of a difference of means; None where the normal distribution holds or n is not known."""
    if outcome["kind"] != "continuous" or line.get("scale") is not None:
        return None
    sizes = [row["n_e"]] if before_after else [row["n_e"], row["n_c"]]
    return None if None in sizes else sum(sizes) - len(sizes)


def _of_side(arm: Arm, side: str, before_after: bool) -> Row:
    row = {f"{name}_{side}": arm.numbers[name] for name in ("n", "time", "events", "mean", "sd")}
    if arm.numbers["mean"] is not None and not before_after:
        row["scores"] = arm.scores
    later = ("baseline_mean", "baseline_sd", "change_mean", "change_sd")
    return row | ({f"{name}_e": arm.numbers[name] for name in later} if side == "e" else {})


def _usable(row: Row, both: Sequence[tuple[str, Arm]], before_after: bool) -> None:
    """Raise Incomplete where nothing in the row can become an effect."""
    whole_one = row.get("effect") is not None and row.get("se") is not None
    if whole_one:
        return
    if not both:
        raise Incomplete("the effect has nothing that gives its standard error: extract se, its limits or a test")
    arms = [arm for _, arm in both]
    if before_after and all(not arm.lacks("change_mean", "change_sd") for arm in arms):
        return
    if all(not arm.lacks("events") for arm in arms) or all(not arm.lacks("mean", "sd") for arm in arms):
        return
    if all(arm.lacks("events") for arm in arms):
        names = ", ".join(arm.arm_id for arm in arms if arm.lacks("mean", "sd"))
        words = f"nothing printed gives the mean and standard deviation of arm {names}"
        raise Incomplete(f"{words}; look for a standard error, limits, quartiles, a test, or ask the authors")
    if all(arm.lacks("mean") for arm in arms if arm.lacks("events")):
        names = ", ".join(arm.arm_id for arm in arms if arm.lacks("events"))
        raise Incomplete(f"arm {names} has neither events nor a percentage; extract the same of both sides")
    raise Incomplete("one side has events, the other means; extract the same of both")


def _protocol(row: Row, arms: Sequence[Arm], config: Mapping[str, Any]) -> Row:
    """The row, or the row without its numbers where config.yaml keeps such data out: then its note says why."""
    choice = config["preparation"]
    why = ""
    if choice["medians"] == "keep_out" and any(arm.median for arm in arms):
        why = "kept out: reported as medians (preparation.medians in config.yaml)"
    elif choice["skewed"] == "keep_out" and any(arm.skewness and arm.skewness.skewed for arm in arms):
        why = "kept out: skewed by Shi's test (preparation.skewed in config.yaml)"
    if not why:
        return row
    gone = {f"{name}_{side}" for name in NUMBERS for side in SIDES.values()} | {"correlation"}
    kept = {name: value for name, value in row.items() if name not in gone}
    return kept | {"note": "; ".join(filter(None, [why, row["note"]]))}
