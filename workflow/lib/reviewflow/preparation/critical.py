"""Quantiles of the normal and the t distribution, as printed limits and P values need them."""

from .errors import require


def z_of_level(level: float) -> float:
    """Two-sided normal quantile of a confidence level in percent: 1.96 for 95."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + _share(level) / 2))


def t_of_level(level: float, df: float) -> float:
    """Two-sided quantile of t with `df` degrees of freedom for a confidence level in percent."""
    from scipy.special import stdtrit

    require(df > 0, "t needs at least 1 degree of freedom; n is too small")
    return float(stdtrit(df, 0.5 + _share(level) / 2))


def z_of_p(p: float) -> float:
    """The normal deviate, not negative, whose two-sided P is `p` (0 < p <= 1)."""
    from scipy.special import ndtri

    return abs(float(ndtri(_tail(p))))


def t_of_p(p: float, df: float) -> float:
    """The t, not negative, with `df` degrees of freedom whose two-sided P is `p` (0 < p <= 1)."""
    from scipy.special import stdtrit

    require(df > 0, "t needs at least 1 degree of freedom; n is too small")
    return abs(float(stdtrit(df, _tail(p))))


def p_of_z(z: float) -> float:
    """Two-sided P of a normal deviate."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def p_of_t(t: float, df: float) -> float:
    """Two-sided P of a t with `df` degrees of freedom."""
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))


def _share(level: float) -> float:
    require(0 < level < 100, f"a confidence level of {level:g} percent is none")
    return level / 100


def _tail(p: float) -> float:
    require(0 < p <= 1, f"P = {p:g} is no probability of a test")
    return p / 2
