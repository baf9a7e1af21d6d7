"""Effects of single studies from means, counts, proportions, correlations and intervals: y and v on the analysis scale,
one entry a study, NaN where a study is not estimable."""

import numpy as np
from scipy.special import gammaln, ndtri

from .batch import Array
from .cells import Effects

# J of RevMan 5 differs from the exact one by 3.6e-4 of itself at 10 degrees of freedom.


def small_sample(df: Array, *, exact: bool = True) -> Array:
    """Hedges' correction J: Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)) (Hedges 1981, J Educ Stat 6:107), or RevMan's
    1 - 3 / (4 m - 1). NaN below two degrees of freedom."""
    df = np.asarray(df, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        if not exact:
            return np.where(df > 1, 1 - 3 / (4 * df - 1), np.nan)
        safe = np.where(df > 1, df, 2.0)
        return np.where(df > 1, np.exp(gammaln(safe / 2) - gammaln((safe - 1) / 2)) / np.sqrt(safe / 2), np.nan)


def mean_difference(m1: Array, sd1: Array, n1: Array, m2: Array, sd2: Array, n2: Array) -> Effects:
    """m1 - m2 with sd1^2 / n1 + sd2^2 / n2 (Deeks and Higgins 2010, "Mean difference")."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(m1 - m2, sd1**2 / n1 + sd2**2 / n2)


def standardised(
    m1: Array, sd1: Array, n1: Array, m2: Array, sd2: Array, n2: Array, variance: str = "hedges"
) -> Effects:
    """Standardised mean difference g = J d over the pooled standard deviation.

    `variance`: "hedges": exact J, v = 1/n1 + 1/n2 + g^2 / (2 N) (Hedges 1983); "revman": approximate J, v = N / (n1 n2)
    + g^2 / (2 (N - 3.94)) (Deeks and Higgins 2010).
    """
    total, df = n1 + n2, n1 + n2 - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        d = (m1 - m2) / np.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
        g = small_sample(df, exact=variance != "revman") * d
        tail = g**2 / (2 * (total - 3.94)) if variance == "revman" else g**2 / (2 * total)
        return Effects(g, 1 / n1 + 1 / n2 + tail)


def ratio_of_means(m1: Array, sd1: Array, n1: Array, m2: Array, sd2: Array, n2: Array) -> Effects:
    """Log ratio of means ln(m1 / m2), first-order variance (Hedges, Gurevitch and Curtis 1999, Ecology 80:1150)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.log(m1 / m2), sd1**2 / (n1 * m1**2) + sd2**2 / (n2 * m2**2))


def mean_change(m1: Array, sd1: Array, m2: Array, sd2: Array, n: Array, r: Array) -> Effects:
    """m1 - m2 of the same people, v = (sd1^2 + sd2^2 - 2 r sd1 sd2) / n."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(m1 - m2, (sd1**2 + sd2**2 - 2 * r * sd1 * sd2) / n)


def change_standardised(m1: Array, sd1: Array, m2: Array, sd2: Array, n: Array, r: Array) -> Effects:
    """Change over the standard deviation of the change (SMCC), v = 1/n + g^2 / (2 n) (Gibbons 1993)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        g = small_sample(n - 1) * (m1 - m2) / np.sqrt(sd1**2 + sd2**2 - 2 * r * sd1 * sd2)
        return Effects(g, 1 / n + g**2 / (2 * n))


def change_raw_standardised(m1: Array, sd1: Array, m2: Array, _sd2: Array, n: Array, r: Array) -> Effects:
    """Change over the standard deviation of the first mean (SMCR), v = 2 (1 - r) / n + g^2 / (2 n) (Becker 1988, Br J
    Math Stat Psychol 41:257)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        g = small_sample(n - 1) * (m1 - m2) / sd1
        return Effects(g, 2 * (1 - r) / n + g**2 / (2 * n))


def rate_ratio(x1: Array, t1: Array, x2: Array, t2: Array) -> Effects:
    """Log incidence rate ratio, 1/x1 + 1/x2 (Rothman 2008)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.log(x1 / t1 / (x2 / t2)), 1 / x1 + 1 / x2)


def proportion_logit(x: Array, n: Array) -> Effects:
    """Log odds of a proportion, 1/x + 1/(n - x)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.log(x / (n - x)), 1 / x + 1 / (n - x))


def proportion_arcsine(x: Array, n: Array) -> Effects:
    """Arcsine of the root of a proportion, 1 / (4 n) (Freeman and Tukey 1950)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.arcsin(np.sqrt(x / n)), 1 / (4 * n))


def fisher_z(r: Array, n: Array) -> Effects:
    """Fisher's z of a correlation, 1 / (n - 3) (Fisher 1921)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.arctanh(r), np.where(n > 3, 1 / (n - 3), np.nan))


def from_interval(estimate: Array, lower: Array, upper: Array, level: float = 95.0) -> Effects:
    """Effect and variance from a Wald interval on the analysis scale (Handbook 6.3.1): se = (U - L) / (2 z)."""
    return Effects(estimate, ((upper - lower) / (2 * ndtri(0.5 + level / 200))) ** 2)
