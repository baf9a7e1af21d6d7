"""The hypergeometric distribution function, for many arguments at once, without scipy.stats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

# A term that adds less than this part of the sum changes none of its digits.
_NOTHING = 1e-18


def cdf(found: "Array", population: "Array", relevant: "Array", drawn: "Array") -> "Array":
    """P(X <= found), X the relevant ones among `drawn` out of `population` of which `relevant` are relevant.

    P(X = i) = C(K, i) C(N - K, n - i) / C(N, n). The sum goes from `found` away from the mode, where each term is
    smaller than the one before it, so that it ends soon and keeps its digits; beyond the mode it is 1 minus the other
    side.
    """
    import numpy as np

    k, whole, marked, n = (np.asarray(values, dtype=float) for values in (found, population, relevant, drawn))
    above = k >= np.floor((n + 1) * (marked + 1) / (whole + 2))
    # Not more than k relevant ones: beyond the mode, the complement is not more than n - k - 1 irrelevant ones.
    side = _down(np.where(above, n - k - 1, k), whole, np.where(above, whole - marked, marked), n)
    return np.clip(np.where(above, 1 - side, side), 0.0, 1.0)


def _down(k: "Array", whole: "Array", marked: "Array", n: "Array") -> "Array":
    """P(X <= k) for a k not beyond the mode."""
    import numpy as np

    rest = whole - marked
    possible = (k >= np.maximum(0, n - rest)) & (k <= np.minimum(n, marked))
    i = np.where(possible, k, np.maximum(0, n - rest))
    term = np.where(possible, np.exp(_ways(marked, i) + _ways(rest, n - i) - _ways(whole, n)), 0.0)
    total = term.copy()
    while (term > _NOTHING * total).any():
        term = term * i * (rest - n + i) / ((marked - i + 1) * (n - i + 1))
        total += term
        i = np.maximum(i - 1, 0)
    return total


def _ways(n: "Array", k: "Array") -> "Array":
    """ln C(n, k)."""
    import numpy as np
    from scipy.special import betaln

    return -np.log1p(n) - betaln(n - k + 1, k + 1)
