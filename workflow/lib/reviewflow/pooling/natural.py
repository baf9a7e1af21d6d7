"""From the scale that effects are pooled on to the scale that people read."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from .batch import Array
from .choice import RATIOS


def _arcsine(value: Array) -> Array:
    """sin^2 on [0, pi/2]; a limit outside is that of a proportion of 0 or of 1."""
    return np.asarray(np.sin(np.clip(value, 0.0, np.pi / 2)) ** 2)


_BACK: dict[str, Callable[[Array], Array]] = dict.fromkeys(RATIOS, np.exp)
_BACK |= {"PLO": expit, "PAS": _arcsine, "ZCOR": np.tanh}


def natural(measure: str, value: ArrayLike) -> Array:
    """An estimate or limit of a measure as people read it: ratios by exp, PLO by the inverse logit, PAS by the squared
    sine, ZCOR by tanh, others as they are."""
    array = np.asarray(value, float)
    with np.errstate(over="ignore"):
        return np.asarray(_BACK[measure](array)) if measure in _BACK else array
