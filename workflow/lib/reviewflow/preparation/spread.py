"""Standard deviations and standard errors from what reports print in their place.

Section numbers are those of the Cochrane Handbook, version 6. Numbers of one call share a unit; `level` is in percent.
"""

from math import sqrt

from .critical import t_of_level, t_of_p, z_of_level, z_of_p
from .errors import require


def sd_from_se(n: float, se: float) -> float:
    """SD = SE sqrt(n) (Handbook 6.5.2.2)."""
    require(n > 1, f"n = {n:g} has no standard deviation")
    return se * sqrt(n)


def sd_from_ci_of_mean(n: float, lower: float, upper: float, level: float = 95) -> float:
    """SD = sqrt(n) (upper - lower) / (2 t), t with n - 1 degrees of freedom (Handbook 6.5.2.2)."""
    return sqrt(n) * _width(lower, upper) / (2 * t_of_level(level, n - 1))


def se_from_ci_t(lower: float, upper: float, df: float, level: float = 95) -> float:
    """SE = (upper - lower) / (2 t), t with `df` degrees of freedom (Handbook 6.5.2.3)."""
    return _width(lower, upper) / (2 * t_of_level(level, df))


def se_from_ci(lower: float, upper: float, level: float = 95) -> float:
    """SE = (upper - lower) / (2 z) (Handbook 6.3.1)."""
    return _width(lower, upper) / (2 * z_of_level(level))


def se_from_t(effect: float, t: float) -> float:
    """SE = |effect / t| (Handbook 6.5.2.3)."""
    require(t != 0 and effect != 0, "an effect or t of 0 says nothing about its standard error")
    return abs(effect / t)


def se_from_f(effect: float, f: float) -> float:
    """SE = |effect| / sqrt(F), F with 1 numerator degree of freedom, whose root is |t| (Handbook 6.5.2.3)."""
    require(f > 0 and effect != 0, "an effect or F of 0 says nothing about its standard error")
    return abs(effect) / sqrt(f)


def se_from_p_t(effect: float, p: float, df: float) -> float:
    """SE = |effect| / t, t with `df` degrees of freedom and this two-sided P (Handbook 6.5.2.3)."""
    return se_from_t(effect, t_of_p(p, df))


def se_from_p(effect: float, p: float) -> float:
    """SE = |effect| / z, z with this two-sided P (Handbook 6.3.1)."""
    return se_from_t(effect, z_of_p(p))


def sd_from_se_of_difference(se: float, n_e: float, n_c: float) -> float:
    """SD = SE / sqrt(1 / n_e + 1 / n_c), one for both groups (Handbook 6.5.2.3)."""
    require(n_e > 0 and n_c > 0, "a group without participants has no standard deviation")
    return se / sqrt(1 / n_e + 1 / n_c)


def _width(lower: float, upper: float) -> float:
    require(upper > lower, f"confidence limits {lower:g} and {upper:g} are in no order")
    return upper - lower
