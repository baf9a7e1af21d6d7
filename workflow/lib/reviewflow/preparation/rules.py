"""The register of rules: each step of results/extraction/conversions.csv is one application of one of them."""

from collections.abc import Callable
from typing import NamedTuple

from . import change, fivenum, groups, scales, spread


class Rule(NamedTuple):
    """One rule. `takes` are the names of its numbers in the order of `of`, `imputed` says whether it assumes more
    than arithmetic (a distribution, a bound for a value, a correlation from elsewhere)."""

    name: str
    takes: tuple[str, ...]
    formula: str
    source: str
    imputed: bool
    of: Callable[..., float]


_MEANS = "Cochrane Handbook 6, 6.5.2.2"
_DIFFERENCES = "Cochrane Handbook 6, 6.5.2.3"
_CHANGES = "Cochrane Handbook 6, 6.5.2.8"
_GROUPS = "Cochrane Handbook 6, 6.5.2.10"
_RATIOS = "Cochrane Handbook 6, 6.3.2"
_HIGGINS = "Higgins 2008, Stat Med 27:6072"
_LUO, _WAN, _SHI = "Luo 2018, eq. ", "Wan 2014, eq. ", "Shi 2020, eq. "
_FIVE = ("n", "lowest", "q1", "median", "q3", "highest")


def _same(value: float) -> float:
    return value


def _times(value: float, factor: float) -> float:
    return value * factor


def _plus_log(value: float, factor: float) -> float:
    return value + scales.logarithm(factor)


def _minus(one: float, two: float) -> float:
    return one - two


def _rule(name: str, takes: str, formula: str, source: str, of: Callable[..., float], imputed: bool = False) -> Rule:
    return Rule(name, tuple(takes.split()), formula, source, imputed, of)


_ALL = (
    _rule("sd_from_se", "n mean_se", "SD = SE sqrt(n)", _MEANS, spread.sd_from_se),
    _rule(
        "sd_from_ci", "n ci_lower ci_upper ci_level", "SD = sqrt(n) (upper - lower) / (2 t(n - 1))",
        _MEANS, spread.sd_from_ci_of_mean,
    ),
    _rule(
        "se_from_ci_t", "ci_lower ci_upper df ci_level", "SE = (upper - lower) / (2 t(df))",
        _DIFFERENCES, spread.se_from_ci_t,
    ),
    _rule(
        "se_from_ci", "ci_lower ci_upper ci_level", "SE = (upper - lower) / (2 z)",
        "Cochrane Handbook 6, 6.3.1", spread.se_from_ci,
    ),
    _rule("se_from_t", "effect t_value", "SE = |effect / t|", _DIFFERENCES, spread.se_from_t),
    _rule("se_from_f", "effect f_value", "SE = |effect| / sqrt(F)", _DIFFERENCES, spread.se_from_f),
    _rule("se_from_p_t", "effect p_value df", "SE = |effect| / t, t(df) with this P", _DIFFERENCES, spread.se_from_p_t),
    _rule(
        "se_from_p", "effect p_value", "SE = |effect| / z, z with this P",
        "Cochrane Handbook 6, 6.3.1, 6.3.2", spread.se_from_p,
    ),
    _rule(
        "se_from_p_bound", "effect p_value", "SE = |effect| / z, z with P equal to its printed bound",
        "Cochrane Handbook 6, 6.5.2.3", spread.se_from_p, imputed=True,
    ),
    _rule(
        "se_from_p_bound_t", "effect p_value df", "SE = |effect| / t, t(df) with P equal to its printed bound",
        _DIFFERENCES, spread.se_from_p_t, imputed=True,
    ),
    _rule(
        "sd_from_se_of_difference", "se n_e n_c", "SD = SE / sqrt(1/n_e + 1/n_c), one for both groups",
        _DIFFERENCES, spread.sd_from_se_of_difference,
    ),
    _rule(
        "mean_from_range", "n lowest median highest",
        "w (lowest + highest) / 2 + (1 - w) median, w = 4 / (4 + n^0.75)",
        f"{_LUO}7", fivenum.mean_from_range, imputed=True,
    ),
    _rule(
        "mean_from_quartiles", "n q1 median q3", "w (q1 + q3) / 2 + (1 - w) median, w = 0.7 + 0.39 / n",
        f"{_LUO}11", fivenum.mean_from_quartiles, imputed=True,
    ),
    _rule(
        "mean_from_five", " ".join(_FIVE),
        "w1 (lowest + highest) / 2 + w2 (q1 + q3) / 2 + (1 - w1 - w2) median, w1 = 2.2 / (2.2 + n^0.75), "
        "w2 = 0.7 - 0.72 / n^0.55",
        f"{_LUO}15", fivenum.mean_from_five, imputed=True,
    ),
    _rule(
        "sd_from_range", "n lowest highest", "(highest - lowest) / (2 z((n - 0.375) / (n + 0.25)))",
        f"{_WAN}9", fivenum.sd_from_range, imputed=True,
    ),
    _rule(
        "sd_from_quartiles", "n q1 q3", "(q3 - q1) / (2 z((0.75 n - 0.125) / (n + 0.25)))",
        f"{_WAN}16", fivenum.sd_from_quartiles, imputed=True,
    ),
    _rule(
        "sd_from_five", "n lowest q1 q3 highest",
        "w (highest - lowest) / xi + (1 - w) (q3 - q1) / eta, w = 1 / (1 + 0.07 n^0.6), "
        "xi = 2 z((n - 0.375) / (n + 0.25)), eta = 2 z((0.75 n - 0.125) / (n + 0.25))",
        f"{_SHI}10", fivenum.sd_from_five, imputed=True,
    ),
    _rule("mean_change", "mean baseline_mean", "mean - mean at baseline", "Cochrane Handbook 6, 6.5.2.1", _minus),
    _rule("difference", "mean_e mean_c", "mean_e - mean_c", "Cochrane Handbook 6, 6.5.1.1", _minus),
    _rule("change_sd_from_t", "n change_mean t_value", "|change| sqrt(n) / |t|", _MEANS, change.sd_of_change_from_t),
    _rule("change_sd_from_f", "n change_mean f_value", "|change| sqrt(n / F)", _MEANS, change.sd_of_change_from_f),
    _rule(
        "change_sd_from_p", "n change_mean p_value", "|change| sqrt(n) / t, t(n - 1) with this P",
        _MEANS, change.sd_of_change_from_p,
    ),
    _rule(
        "change_sd_from_p_bound", "n change_mean p_value",
        "|change| sqrt(n) / t, t(n - 1) with P equal to its printed bound",
        _MEANS, change.sd_of_change_from_p, imputed=True,
    ),
    _rule(
        "correlation_from_sds", "baseline_sd sd change_sd", "r = (SDb^2 + SDf^2 - SDc^2) / (2 SDb SDf)",
        _CHANGES, change.correlation_of_sds,
    ),
    _rule("stated_correlation", "correlation", "r as stated in config.yaml", _CHANGES, _same, imputed=True),
    _rule(
        "change_sd_from_correlation", "baseline_sd sd correlation", "SDc = sqrt(SDb^2 + SDf^2 - 2 r SDb SDf)",
        _CHANGES, change.sd_of_change,
    ),
    _rule("combined_sum", "one two", "sum of both groups", _GROUPS, groups.combined_sum),
    _rule("combined_mean", "n1 mean1 n2 mean2", "(n1 m1 + n2 m2) / (n1 + n2)", _GROUPS, groups.combined_mean),
    _rule(
        "combined_sd", "n1 mean1 sd1 n2 mean2 sd2",
        "sqrt(((n1 - 1) SD1^2 + (n2 - 1) SD2^2 + n1 n2 / N (m1 - m2)^2) / (N - 1)), N = n1 + n2",
        _GROUPS, groups.combined_sd,
    ),
    _rule("shared", "total parts", "total / parts; mean and SD stay", "Cochrane Handbook 6, 23.3.4", groups.shared),
    _rule(
        "events_from_percent", "events n percent", "the one count whose percentage of n rounds to the printed one",
        "arithmetic", lambda events, n, percent: events,  # noqa: ARG005 recorded as its inputs
    ),
    _rule(
        "log_mean_from_natural", "mean sd", "ln(m) - ln(1 + SD^2 / m^2) / 2", _HIGGINS, scales.log_mean, imputed=True
    ),
    _rule("log_sd_from_natural", "mean sd", "sqrt(ln(1 + SD^2 / m^2))", _HIGGINS, scales.log_sd, imputed=True),
    _rule("mean_from_log", "log_mean log_sd", "exp(m + SD^2 / 2)", _HIGGINS, scales.natural_mean, imputed=True),
    _rule(
        "sd_from_log", "log_mean log_sd", "exp(m + SD^2 / 2) sqrt(exp(SD^2) - 1)",
        _HIGGINS, scales.natural_sd, imputed=True,
    ),
    _rule("log_mean_from_geometric", "mean", "ln(geometric mean)", "Cochrane Handbook 6, 10.5.3", scales.logarithm),
    _rule(
        "log_sd_from_geometric_ci", "n ci_lower ci_upper ci_level",
        "sqrt(n) (ln upper - ln lower) / (2 t(n - 1))", "Cochrane Handbook 6, 10.5.3, 6.5.2.2",
        scales.log_sd_of_geometric_ci,
    ),
    _rule("log_of_ratio", "effect", "ln(ratio)", _RATIOS, scales.logarithm),
    _rule(
        "log_se_from_ci", "ci_lower ci_upper ci_level", "(ln upper - ln lower) / (2 z)",
        _RATIOS, scales.log_se_of_ratio_ci,
    ),
    _rule("log_se_from_se", "effect se", "SE / ratio", "delta method", scales.log_se_of_ratio_se, imputed=True),
    _rule(
        "log_hr_from_o_e", "observed_minus_expected variance", "(O - E) / V",
        "Yusuf 1985; Cochrane Handbook 6, 6.8.2", scales.log_hazard_ratio,
    ),
    _rule(
        "se_from_variance", "variance", "1 / sqrt(V)", "Yusuf 1985; Cochrane Handbook 6, 6.8.2",
        scales.se_of_log_hazard_ratio,
    ),
    _rule("unit", "value factor", "value times factor", "workflow/units.yaml", _times),
    _rule("unit_of_log_mean", "value factor", "value + ln(factor)", "workflow/units.yaml", _plus_log),
)  # fmt: skip
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
