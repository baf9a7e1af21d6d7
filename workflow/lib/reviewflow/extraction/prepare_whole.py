"""A whole contrast's line as an effect with its standard error on the analysis scale.

The standard error is taken from what is printed in this order: itself, confidence limits, t, F, P.
"""

from typing import Any

from reviewflow.preparation import Impossible
from reviewflow.preparation.printed import printed_p

from .prepare_arm import bound, contained, limits
from .rows import Row
from .trail import Trail


def has_effect(line: Row) -> bool:
    """Whether the line gives an effect, rather than only a test of a difference between arms."""
    return line.get("effect") is not None or _of_log_rank(line)


def _of_log_rank(line: Row) -> bool:
    return line.get("observed_minus_expected") is not None and line.get("variance") is not None


def whole(line: Row, df: float | None, trail: Trail) -> tuple[float, float | None]:
    """Effect and standard error (None: nothing printed gives it) of the line. `df` are the degrees of freedom of a
    difference of means; None where the normal distribution holds. Raises Impossible."""
    contained(line, "effect")
    if line.get("effect") is None:
        known = {name: line[name] for name in ("observed_minus_expected", "variance")}
        log_ratio = trail.by("log_hr_from_o_e", "effect", **known)
        return log_ratio, trail.by("se_from_variance", "se", variance=line["variance"])
    if line.get("scale") == "natural":
        return _ratio(line, trail)
    effect: float = line["effect"]
    if line.get("se") is not None:
        return effect, line["se"]
    if line.get("ci_lower") is not None and line.get("ci_upper") is not None:
        if df is None:
            return effect, trail.by("se_from_ci", "se", **limits(line))
        return effect, trail.by("se_from_ci_t", "se", df=df, **limits(line))
    return effect, se_of_test(line, effect, df, trail)


def _ratio(line: Row, trail: Trail) -> tuple[float, float | None]:
    effect = trail.by("log_of_ratio", "effect", effect=line["effect"])
    if line.get("ci_lower") is not None and line.get("ci_upper") is not None:
        return effect, trail.by("log_se_from_ci", "se", **limits(line))
    if line.get("se") is not None:
        note = "taken as the standard error of the ratio itself, as its scale says"
        return effect, trail.by("log_se_from_se", "se", note, effect=line["effect"], se=line["se"])
    return effect, se_of_test(line, effect, None, trail)


def se_of_test(line: Row, effect: float, df: float | None, trail: Trail) -> float | None:
    """Standard error of an effect from the line's t, F or P; None where it has none that says anything, as beside an
    effect of 0."""
    try:
        return _of_test(line, effect, df, trail)
    except Impossible:
        return None


def _of_test(line: Row, effect: float, df: float | None, trail: Trail) -> float | None:
    if line.get("t_value") is not None:
        return trail.by("se_from_t", "se", effect=effect, t_value=line["t_value"])
    if line.get("f_value") is not None:
        return trail.by("se_from_f", "se", effect=effect, f_value=line["f_value"])
    p = printed_p(line["p_value"]) if line.get("p_value") is not None else None
    if p is None or p.sign == ">":
        return None
    rule = "se_from_p" if p.sign == "=" else "se_from_p_bound"
    numbers: dict[str, Any] = {"effect": effect, "p_value": p.value}
    if df is not None:
        rule, numbers = f"{rule}_t", numbers | {"df": df}
    return trail.by(rule, "se", bound(line["p_value"], p.sign), **numbers)
