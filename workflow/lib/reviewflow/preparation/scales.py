"""Between the natural and the logarithmic scale.

Higgins 2008 (Stat Med 27:6072): skewed data that are normal after taking logarithms.
"""

from math import exp, log, sqrt

from .critical import t_of_level, z_of_level
from .errors import require


def log_mean(mean: float, sd: float) -> float:
    """Mean of the logarithms: ln(m) - ln(1 + SD^2 / m^2) / 2 (Higgins 2008, method 1)."""
    require(mean > 0, f"a mean of {mean:g} has no logarithm")
    return log(mean) - log(1 + (sd / mean) ** 2) / 2


def log_sd(mean: float, sd: float) -> float:
    """Standard deviation of the logarithms: sqrt(ln(1 + SD^2 / m^2)) (Higgins 2008, method 1)."""
    require(mean > 0, f"a mean of {mean:g} has no logarithm")
    return sqrt(log(1 + (sd / mean) ** 2))


def natural_mean(mean_log: float, sd_log: float) -> float:
    """Mean on the natural scale: exp(m + SD^2 / 2) of the logarithms (Higgins 2008)."""
    return exp(mean_log + sd_log**2 / 2)


def natural_sd(mean_log: float, sd_log: float) -> float:
    """Standard deviation on the natural scale: exp(m + SD^2 / 2) sqrt(exp(SD^2) - 1) (Higgins 2008)."""
    return natural_mean(mean_log, sd_log) * sqrt(exp(sd_log**2) - 1)


def logarithm(value: float) -> float:
    """ln(value) of a geometric mean, a ratio or a limit of either (Handbook 6.3.2, 10.5.3)."""
    require(value > 0, f"{value:g} has no logarithm")
    return log(value)


def log_sd_of_geometric_ci(n: float, lower: float, upper: float, level: float = 95) -> float:
    """SD of the logarithms from the limits of a geometric mean: sqrt(n) (ln upper - ln lower) / (2 t), t with n - 1
    degrees of freedom (Handbook 10.5.3, 6.5.2.2)."""
    require(0 < lower < upper, f"limits {lower:g} and {upper:g} of a geometric mean must be positive and rise")
    return sqrt(n) * (log(upper) - log(lower)) / (2 * t_of_level(level, n - 1))


def log_se_of_ratio_ci(lower: float, upper: float, level: float = 95) -> float:
    """SE of a log ratio: (ln upper - ln lower) / (2 z) (Handbook 6.3.2)."""
    require(0 < lower < upper, f"limits {lower:g} and {upper:g} of a ratio must be positive and rise")
    return (log(upper) - log(lower)) / (2 * z_of_level(level))


def log_se_of_ratio_se(ratio: float, se: float) -> float:
    """SE of a log ratio from that of the ratio, by the delta method: SE / ratio."""
    require(ratio > 0, f"a ratio of {ratio:g} has no logarithm")
    return se / ratio


def log_hazard_ratio(observed_minus_expected: float, variance: float) -> float:
    """(O - E) / V (Yusuf 1985; Handbook 6.8.2)."""
    require(variance > 0, "a variance of O - E of 0 gives no effect")
    return observed_minus_expected / variance


def se_of_log_hazard_ratio(variance: float) -> float:
    """1 / sqrt(V) (Yusuf 1985; Handbook 6.8.2)."""
    require(variance > 0, "a variance of O - E of 0 gives no effect")
    return 1 / sqrt(variance)
