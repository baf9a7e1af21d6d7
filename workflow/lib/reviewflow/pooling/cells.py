"""2x2 tables: corrections for zero cells, effects of single studies, Mantel-Haenszel and Peto pooling."""

from typing import NamedTuple

import numpy as np

from .batch import Array, Mask


class Cells(NamedTuple):
    """Events and non-events on the experimental side (a, b) and on the control side (c, d); arrays of one shape."""

    a: Array
    b: Array
    c: Array
    d: Array

    @property
    def zero(self) -> Mask:
        """Where some cell is 0."""
        return np.asarray(np.logical_or.reduce([cell == 0 for cell in self]))

    @property
    def total(self) -> Array:
        """Participants on both sides."""
        return self.a + self.b + self.c + self.d

    @property
    def no_events(self) -> Mask:
        """Where neither side has an event."""
        return np.asarray((self.a + self.c) == 0)

    @property
    def all_events(self) -> Mask:
        """Where neither side has a non-event."""
        return np.asarray((self.b + self.d) == 0)

    def plus(self, amount: float, where: Mask) -> "Cells":
        """The cells with `amount` added to all four where asked."""
        return Cells(*(cell + amount * where for cell in self))


class Effects(NamedTuple):
    """Effects and sampling variances on the analysis scale; NaN where a study is not estimable."""

    y: Array
    v: Array


def odds_ratio(x: Cells) -> Effects:
    """Log odds ratio, 1/a + 1/b + 1/c + 1/d (Woolf 1955, Ann Hum Genet 19:251)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.log(x.a * x.d / (x.b * x.c)), 1 / x.a + 1 / x.b + 1 / x.c + 1 / x.d)


def risk_ratio(x: Cells) -> Effects:
    """Log risk ratio, 1/a - 1/(a+b) + 1/c - 1/(c+d) (Katz 1978, Biometrics 34:469)."""
    n, m = x.a + x.b, x.c + x.d
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(np.log(x.a / n / (x.c / m)), 1 / x.a - 1 / n + 1 / x.c - 1 / m)


def risk_difference(x: Cells) -> Effects:
    """Risk difference, a b / (a+b)^3 + c d / (c+d)^3 (Deeks and Higgins 2010)."""
    n, m = x.a + x.b, x.c + x.d
    with np.errstate(divide="ignore", invalid="ignore"):
        return Effects(x.a / n - x.c / m, x.a * x.b / n**3 + x.c * x.d / m**3)


def peto(x: Cells) -> Effects:
    """Peto's log odds ratio (O - E) / V with V hypergeometric (Yusuf 1985, Prog Cardiovasc Dis 27:335); NaN where V is
    0, which is where all or none had the event."""
    n, m, e = x.a + x.b, x.c + x.d, x.a + x.c
    total = n + m
    with np.errstate(divide="ignore", invalid="ignore"):
        v = n * m * e * (total - e) / (total**2 * (total - 1))
        return Effects((x.a - e * n / total) / v, 1 / v)


def _robins(r: Array, s: Array, p: Array, q: Array) -> Array:
    sr, ss = r.sum(axis=-1), s.sum(axis=-1)
    first = (p * r).sum(axis=-1) / (2 * sr**2)
    return np.asarray(first + (p * s + q * r).sum(axis=-1) / (2 * sr * ss) + (q * s).sum(axis=-1) / (2 * ss**2))


def mh_odds_ratio(x: Cells) -> tuple[Array, Array, Array]:
    """Log Mantel-Haenszel odds ratio (Mantel and Haenszel 1959, J Natl Cancer Inst 22:719), its variance (Robins,
    Breslow and Greenland 1986, Biometrics 42:311) and the weights b c / N. A masked study has four cells of 0."""
    n = np.where(x.total > 0, x.total, 1.0)
    r, s = x.a * x.d / n, x.b * x.c / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(r.sum(axis=-1) / s.sum(axis=-1)), _robins(r, s, (x.a + x.d) / n, (x.b + x.c) / n), s


def mh_risk_ratio(x: Cells) -> tuple[Array, Array, Array]:
    """Log Mantel-Haenszel risk ratio, its variance (Greenland and Robins 1985, Biometrics 41:55), weights c n / N."""
    total = np.where(x.total > 0, x.total, 1.0)
    n, m, e = x.a + x.b, x.c + x.d, x.a + x.c
    r, s = x.a * m / total, x.c * n / total
    sr, ss = r.sum(axis=-1), s.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        v = ((n * m * e / total - x.a * x.c) / total).sum(axis=-1) / (sr * ss)
        return np.log(sr / ss), v, s


def mh_risk_difference(x: Cells, variance: str) -> tuple[Array, Array, Array]:
    """Mantel-Haenszel risk difference, its variance, weights n m / N. `variance` is "sato" (Sato, Greenland and Robins
    1989, Biometrics 45:1323, as metafor has it) or "greenland" (Greenland and Robins 1985, as RevMan has it)."""
    n, m = x.a + x.b, x.c + x.d
    total = np.where(n + m > 0, n + m, 1.0)
    w = n * m / total
    sums = w.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        theta = ((x.a * m - x.c * n) / total).sum(axis=-1) / sums
        if variance == "sato":
            p = (x.c * (n / total) ** 2 - x.a * (m / total) ** 2 + (n / total) * (m / total) * (m - n) / 2).sum(axis=-1)
            q = ((x.a * (m - x.c) + x.c * (n - x.a)) / total / 2).sum(axis=-1)
            return theta, (theta * p + q) / sums**2, w
        n1, m1 = np.where(n > 0, n, 1.0), np.where(m > 0, m, 1.0)
        parts = (x.a * x.b * m**3 + x.c * x.d * n**3) / (n1 * m1 * total**2)
        return theta, parts.sum(axis=-1) / sums**2, w
