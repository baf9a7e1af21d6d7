"""Roots of many falling functions at once, each found by itself: what stands beside it changes no digit of it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .batch import Array

Places = NDArray[np.intp]
# Values and slopes of the functions at these places, each at its own x.
Evaluated = Callable[[Array, Places], tuple[Array, Array]]

# Newton needs 3 to 8 steps; halving alone comes from any bracket of doubles to the last digit in this many.
_STEPS = 200
# A step below this share of x ends the search: Newton's error is then about its square.
_NEAR = 1e-11


def falling_roots(evaluated: Evaluated, low: Array, high: Array, start: Array) -> Array:
    """The root of each function within its bracket, where it is above 0 at `low` and not above 0 at `high`.

    Newton's step where it stays inside the bracket and the steps shrink by half at least, else the middle (Press 2007,
    Numerical Recipes, section 9.4). Shapes (functions,).
    """
    low, high, x = low.copy(), high.copy(), start.copy()
    last = high - low
    todo = np.arange(len(x))
    for _ in range(_STEPS):
        if not len(todo):
            break
        here, before = x[todo], last[todo]
        value, slope = evaluated(here, todo)
        rising = value > 0
        low[todo] = below = np.where(rising, here, low[todo])
        high[todo] = above = np.where(rising, high[todo], here)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            there = here - value / slope
        good = (there > below) & (there < above) & (2 * np.abs(there - here) <= before)
        there = np.where(good, there, (below + above) / 2)
        there = np.where(value == 0, here, there)
        moved = np.abs(there - here)
        x[todo], last[todo] = there, moved
        todo = todo[(moved > _NEAR * np.abs(there)) & (there > below) & (there < above) & (value != 0)]
    return x
