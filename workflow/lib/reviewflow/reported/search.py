"""Which counts give a printed odds or risk ratio: every 2x2 table that the print leaves open, by every usual method.

Fixed-effect methods add one set of components a study, so that the sets of two studies are added as an outer sum and
millions of pairs cost a second. Formulas: Mantel and Haenszel 1959; variance of the log odds ratio Robins, Breslow and
Greenland 1986, of the log risk ratio Greenland and Robins 1985; Peto: Yusuf and others 1985; random effects
DerSimonian and Laird 1986.
A study with an empty cell gets 0.5 in each cell for inverse variance, and for Mantel-Haenszel as RevMan does.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .printed import Interval

Floats = NDArray[np.float64]
Parts = Mapping[str, Floats]
# Combinations that are held at once, some thirty columns of 8 bytes each.
_CHUNK = 200_000


class Target(NamedTuple):
    """What is printed: intervals of the natural logarithm of estimate and limits, of P, and of P of Q (None: any)."""

    estimate: Interval
    lower: Interval
    upper: Interval
    quantile: float
    p: Interval | None
    q_p: Interval | None
    measure: str
    random: bool


class Result(NamedTuple):
    """What a search came to. `tables` are the matches of each method, rows of a, n1, c, n2 for each study; `least` and
    `most` the smallest and largest standard error among all tables whose estimate matches."""

    evaluations: int
    tables: dict[str, Floats]
    least: float
    most: float

    @property
    def matches(self) -> int:
        """How many sets of counts match by some method."""
        return sum(len(found) for found in self.tables.values())


def methods(target: Target) -> tuple[str, ...]:
    """The methods that are tried."""
    if target.random:
        return ("IV, random", "MH, random")
    return ("MH", "MH without 0.5", "IV", "Peto") if target.measure == "OR" else ("MH", "MH without 0.5", "IV")


def many(events: tuple[int | None, int | None], sizes: tuple[range, range]) -> int:
    """How many tables `tables` would make."""
    sides = []
    for known, ns in zip(events, sizes, strict=True):
        first, last = max(ns.start, 1, known or 0), ns.stop - 1
        each = last - first + 1 if known is not None else (last - first + 1) * (first + last + 2) // 2
        sides.append(max(each, 0) if last >= first else 0)
    return sides[0] * sides[1]


def tables(events: tuple[int | None, int | None], sizes: tuple[range, range]) -> Floats:
    """All 2x2 tables with these events (None: any) and arms within these sizes, rows of a, n1, c, n2."""
    sides = []
    for known, ns in zip(events, sizes, strict=True):
        pairs = [(a, n) for n in ns if n > 0 for a in ((known,) if known is not None else range(n + 1)) if a <= n]
        sides.append(np.array(pairs, dtype=np.float64).reshape(-1, 2))
    first, second = sides
    left = np.repeat(first, len(second), axis=0)
    return np.hstack([left, np.tile(second, (len(first), 1))])


def components(t: Floats, measure: str) -> Parts:
    """The sums that each method needs, a row a table."""
    zero, empty = (t[:, 0] == 0) | (t[:, 2] == 0), t[:, 0] + t[:, 2] == 0
    if measure == "OR":
        zero |= (t[:, 0] == t[:, 1]) | (t[:, 2] == t[:, 3])
        empty |= t[:, 0] + t[:, 2] == t[:, 1] + t[:, 3]
    add = np.where(zero, 0.5, 0.0)
    mended = np.column_stack([t[:, 0] + add, t[:, 1] + 2 * add, t[:, 2] + add, t[:, 3] + 2 * add])
    parts = {
        "MH": _mantel_haenszel(mended, measure),
        "MH without 0.5": _mantel_haenszel(t, measure),
        "IV": _inverse_variance(mended, measure),
        "Peto": _peto(t),
    }
    # A study in which nobody has the event, or everybody, says nothing of an odds ratio, nor the first of a risk ratio.
    return {name: np.where(empty[:, None], 0.0, part) for name, part in parts.items()}


def _mantel_haenszel(t: Floats, measure: str) -> Floats:
    a, n1, c, n2 = t.T
    b, d, n = n1 - a, n2 - c, n1 + n2
    if measure == "OR":
        r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
        return np.column_stack([r, s, p * r / 2, (p * s + q * r) / 2, q * s / 2])
    return np.column_stack([a * n2 / n, c * n1 / n, (n1 * n2 * (a + c) - a * c * n) / n**2])


def _inverse_variance(t: Floats, measure: str) -> Floats:
    a, n1, c, n2 = t.T
    b, d = n1 - a, n2 - c
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure == "OR":
            y, v = np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
        else:
            y, v = np.log(a * n2 / (c * n1)), 1 / a - 1 / n1 + 1 / c - 1 / n2
        return np.column_stack([1 / v, y / v, y * y / v])


def _peto(t: Floats) -> Floats:
    a, n1, c, n2 = t.T
    m, n = a + c, n1 + n2
    variance = n1 * n2 * m * (n - m) / (n**2 * np.maximum(n - 1, 1))
    excess = a - n1 * m / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.column_stack([excess, variance, excess**2 / variance])


def estimate(method: str, parts: Parts) -> tuple[Floats, Floats]:
    """Logarithm of the pooled ratio and its standard error from summed components; not a number where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if method.startswith("MH"):
            s = parts[method]
            y = np.log(s[:, 0] / s[:, 1])
            if s.shape[1] == 5:
                v = s[:, 2] / s[:, 0] ** 2 + s[:, 3] / (s[:, 0] * s[:, 1]) + s[:, 4] / s[:, 1] ** 2
            else:
                v = s[:, 2] / (s[:, 0] * s[:, 1])
            return y, np.sqrt(v)
        if method == "Peto":
            return parts["Peto"][:, 0] / parts["Peto"][:, 1], 1 / np.sqrt(parts["Peto"][:, 1])
        w, wy, _ = parts["IV"].T
        return wy / w, 1 / np.sqrt(w)


def search(studies: list[Floats], target: Target, totals: tuple[float, float], budget: int) -> Result | None:
    """Every combination of one table a study whose arms stay within the totals. None where there are more
    combinations than the budget."""
    whole = math.prod(len(part) for part in studies) if studies else 0
    if not 0 < whole * len(methods(target)) <= budget:
        return None
    fits = [components(part, target.measure) for part in studies]
    found: dict[str, list[Floats]] = {method: [] for method in methods(target)}
    least, most, evaluations = math.inf, -math.inf, 0
    for places in _places(studies, totals, whole):
        evaluations += len(places[0]) * len(found)
        chosen = [{name: part[at] for name, part in fit.items()} for fit, at in zip(fits, places, strict=True)]
        for method in found:
            kept, extremes = _matching(method, chosen, target)
            least, most = min([least, *extremes]), max([most, *extremes])
            if kept.any():
                found[method].append(np.hstack([t[at[kept]] for t, at in zip(studies, places, strict=True)]))
    return Result(evaluations, {m: np.vstack(parts) for m, parts in found.items() if parts}, least, most)


def _places(studies: list[Floats], totals: tuple[float, float], whole: int) -> Iterator[list[NDArray[np.intp]]]:
    """Combinations in chunks: one array of places a study, row by row one combination."""
    sizes = [len(part) for part in studies]
    for start in range(0, whole, _CHUNK):
        places = np.unravel_index(np.arange(start, min(start + _CHUNK, whole)), sizes)
        arms = [sum(t[at, side] for t, at in zip(studies, places, strict=True)) for side in (1, 3)]
        within = (arms[0] <= totals[0]) & (arms[1] <= totals[1])
        yield [at[within] for at in places]


def _matching(method: str, fits: Sequence[Parts], target: Target) -> tuple[NDArray[np.bool_], list[float]]:
    """Which combinations give all printed numbers, and the extremes of the standard error of those that give the
    estimate."""
    from scipy.special import ndtr

    parts = {name: sum((fit[name] for fit in fits[1:]), fits[0][name]) for name in fits[0]}
    y, se = _random(method, fits, parts) if target.random else estimate(method, parts)
    kept = _holds(target.estimate, y)
    extremes = [float(se[kept].min()), float(se[kept].max())] if kept.any() else []
    for limit, sign in ((target.lower, -1), (target.upper, 1)):
        kept &= _holds(limit, y + sign * target.quantile * se)
    if target.p is not None:
        kept[kept] = _holds(target.p, 2 * ndtr(-np.abs(y[kept]) / se[kept]))
    if target.q_p is not None and len(fits) > 1:
        chosen = {name: part[kept] for name, part in parts.items()}
        kept[kept] = _same_q(method, chosen, y[kept], len(fits) - 1, target.q_p)
    return kept, extremes


def _same_q(method: str, parts: Parts, y: Floats, df: int, printed: Interval) -> NDArray[np.bool_]:
    """Whether P of Q is as printed. RevMan takes Q about the estimate of the method, others about that of inverse
    variance; either will do. Peto's is the sum of (O - E)^2 / V less that of the pooled."""
    from scipy.special import chdtrc

    if method == "Peto":
        excess, variance, squares = parts["Peto"].T
        return _holds(printed, chdtrc(df, np.maximum(squares - excess**2 / variance, 0.0)))
    w, wy, wyy = parts["IV"].T
    about = [np.maximum(wyy - 2 * m * wy + m * m * w, 0.0) for m in (wy / w, y)]
    fitting: NDArray[np.bool_] = np.logical_or(*[_holds(printed, chdtrc(df, q)) for q in about])
    return fitting


def _random(method: str, fits: Sequence[Parts], parts: Parts) -> tuple[Floats, Floats]:
    """Random effects by DerSimonian and Laird 1986, inverse-variance weights; Q is about the fixed estimate by inverse
    variance, or about that by Mantel-Haenszel as RevMan has it."""
    w = np.stack([fit["IV"][:, 0] for fit in fits])
    wy = np.stack([fit["IV"][:, 1] for fit in fits])
    with np.errstate(divide="ignore", invalid="ignore"):
        y, total = np.where(w > 0, wy / w, 0.0), w.sum(axis=0)
        middle = wy.sum(axis=0) / total if method.startswith("IV") else estimate("MH", parts)[0]
        q = (w * (y - middle) ** 2).sum(axis=0)
        scale = total - (w**2).sum(axis=0) / total
        tau2 = np.where(scale > 0, np.maximum(q - ((w > 0).sum(axis=0) - 1), 0.0) / scale, 0.0)
        weight = np.where(w > 0, 1 / (1 / w + tau2), 0.0)
        pooled = weight.sum(axis=0)
        return (weight * y).sum(axis=0) / pooled, 1 / np.sqrt(pooled)


def _holds(bounds: Interval, values: Floats) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = (values >= bounds.lower) & (values <= bounds.upper)
    return held
