"""The engine's numbers for a block of the reference, and how near they must be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reviewflow.pooling import Choice, Studies, analyse, preset, studies

Array = NDArray[np.float64]
Block = dict[str, Any]
# Sums of the same few terms in another order; a wrong formula is off by 1e-4 and more. Roots and maxima are iterated on
# both sides, metafor's as far as its iteration goes. Moderators as they stand, such as the year 1990, lose digits in
# metafor, which inverts X'WX.
CLOSED, ITERATED, REGRESSED = 1e-10, 1e-6, 1e-5
CLOSED_METHODS = ("EE", "DL", "HE", "HS", "SJ")
# Names of FIT in fits.R by the names of a row of pooled.csv.
OF_ROW = {
    "estimate": "estimate", "se": "se", "ci_lower": "ci_lower", "ci_upper": "ci_upper", "statistic": "z",
    "p_value": "p_value", "tau2": "tau2", "i2": "i2", "h2": "h2",
}  # fmt: skip


def array(values: Any) -> Array:
    """A list of JSON as numbers, null as NaN; a single number is a list of one."""
    return np.array([np.nan if x is None else x for x in (values if isinstance(values, list) else [values])], float)


def tolerance(method: str) -> float:
    return CLOSED if method in CLOSED_METHODS else ITERATED


def columns(block: Block) -> dict[str, Array]:
    return {name: array(values) for name, values in block["columns"].items()}


def found(block: Block, choice: Choice | None = None) -> Studies:
    measure = block["measure"]
    return studies(measure, columns(block), choice or replace(preset("metafor", measure), smd="hedges"))


def usable(block: Block) -> tuple[Array, Array]:
    """R's effects and variances of the studies that have any."""
    y, v = array(block["yi"]), array(block["vi"])
    kept = np.isfinite(y) & np.isfinite(v) & (v > 0)
    return y[kept], v[kept]


def row(block: Block, studied: Studies, **chosen: Any) -> dict[str, Any]:
    return analyse(block["measure"], studied, replace(Choice(), **chosen)).row


def scales(block: Block, se: float) -> dict[str, float]:
    """What a difference of each number is measured against where the number itself is smaller: an estimate is known to
    its standard error, tau2 lies beside the sampling variances, I2 runs to 100 percent."""
    _, v = usable(block)
    of = dict.fromkeys(("estimate", "ci_lower", "ci_upper", "pi_lower", "pi_upper"), se)
    typical = float(np.median(v)) if len(v) else 1.0
    of |= dict.fromkeys(("tau2", "tau2_lower", "tau2_upper"), typical)
    return of | {"statistic": 1.0, "z": 1.0, "i2": 100.0, "h2": 1.0, "q": 1.0}


def differences(
    got: Mapping[str, Any], expected: Mapping[str, Any], limit: float, scale: Mapping[str, float], names: Iterable[str]
) -> Iterator[str]:
    """Each number that differs by more than `limit` of itself (or of its scale), with both values."""
    for name in names:
        for i, (a, b) in enumerate(zip(array(_plain(got[name])), array(_plain(expected[name])), strict=True)):
            if not _near(a, b, _limit(name, limit, expected), scale.get(name, 0.0)):
                yield f"{name}[{i}]: {a!r}, R has {b!r}"


def _plain(values: Any) -> Any:
    return values.tolist() if isinstance(values, np.ndarray) else values


def _limit(name: str, limit: float, expected: Mapping[str, Any]) -> float:
    """A tail grows with the square of the statistic: P of z = 30 loses three digits more than z."""
    if name != "p_value":
        return limit
    statistic = array(expected.get("statistic", 0.0))
    return limit * (1 + float(np.nanmax(np.abs(statistic), initial=0.0)) ** 2)


def _near(a: float, b: float, limit: float, scale: float) -> bool:
    if np.isnan(a) or np.isnan(b):
        return bool(np.isnan(a) and np.isnan(b))
    return a == b or abs(a - b) <= limit * max(abs(b), scale)
