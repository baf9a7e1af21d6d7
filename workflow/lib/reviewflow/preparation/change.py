"""Changes from baseline in one group, and the correlation of baseline and follow-up."""

from math import sqrt

from .critical import t_of_p
from .errors import require


def sd_of_change(sd_before: float, sd_after: float, correlation: float) -> float:
    """sqrt(SDb^2 + SDf^2 - 2 r SDb SDf) (Handbook 6.5.2.8)."""
    require(-1 <= correlation <= 1, f"a correlation of {correlation:g} is none")
    return sqrt(max(sd_before**2 + sd_after**2 - 2 * correlation * sd_before * sd_after, 0.0))


def correlation_of_sds(sd_before: float, sd_after: float, sd_change: float) -> float:
    """(SDb^2 + SDf^2 - SDc^2) / (2 SDb SDf) (Handbook 6.5.2.8)."""
    require(sd_before > 0 and sd_after > 0, "a standard deviation of 0 gives no correlation")
    r = (sd_before**2 + sd_after**2 - sd_change**2) / (2 * sd_before * sd_after)
    words = f"{sd_before:g} before, {sd_after:g} after and {sd_change:g} of the changes"
    require(-1 <= r <= 1, f"standard deviations of {words} cannot belong together: the correlation would be {r:.3g}")
    return r


def sd_of_change_from_t(n: float, change: float, t: float) -> float:
    """|change| sqrt(n) / |t|, t of a paired test (Handbook 6.5.2.2: the SE of the changes is change / t)."""
    require(n > 1, f"n = {n:g} has no standard deviation")
    require(t != 0 and change != 0, "a change or t of 0 says nothing about the standard deviation")
    return abs(change / t) * sqrt(n)


def sd_of_change_from_f(n: float, change: float, f: float) -> float:
    """|change| sqrt(n / F), F of a paired comparison with 1 numerator degree of freedom, whose root is |t|."""
    require(f > 0, "F of 0 says nothing about the standard deviation")
    return sd_of_change_from_t(n, change, sqrt(f))


def sd_of_change_from_p(n: float, change: float, p: float) -> float:
    """|change| sqrt(n) / t, t with n - 1 degrees of freedom and the two-sided P of a paired test."""
    return sd_of_change_from_t(n, change, t_of_p(p, n - 1))
