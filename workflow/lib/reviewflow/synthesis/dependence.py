"""Several effects of one study: kept out, or pooled by a model that knows whose they are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reviewflow.pooling import Choice

from .effects import Columns, Words
from .engine import Mask
from .kinds import DEPENDENT

# Arms of equal size and variance that share a control group have effects whose errors correlate by n / (n + n) (Gleser
# and Olkin 2009, in Cooper, Hedges and Valentine, The Handbook of Research Synthesis, chapter 19). Robust variance
# holds where the working correlation is wrong; one in the middle costs least (Pustejovsky and Tipton 2022, Prev Sci
# 23:425).
_HALF = 0.5


def refused(own: Columns, why: Words) -> Words:
    """`why` with the studies kept out that give several effects: they share participants and are not independent."""
    used = why == ""
    for study, n in _often(own, used).items():
        at = used & (own["study_id"] == study)
        named = ", ".join(own["contrast"][at])
        text = f"the study gives {n} effects ({named}), which are not independent; combine them (preparation.multi_arm)"
        why = np.where(at, f"{text}, or write three_level or robust in dependence", why)
    return why


def chosen(choice: Choice, own: Columns, used: Mask, analysis: Mapping[str, Any], rho: float | None) -> Choice:
    """The choices of an analysis, with a model of dependent effects where it names one and a study has several. `rho`
    is synthesis.rho, None where it is left out."""
    named = analysis.get("dependence") or "refuse"
    if named not in DEPENDENT or not _often(own, used):
        return choice
    if rho is None:
        rho = _HALF if named == "robust" or bool(own["shared_control"][used].astype(bool).any()) else 0.0
    return replace(choice, dependence=named, rho=float(rho), tau2="REML")


def _often(own: Columns, used: Mask) -> dict[str, int]:
    return {study: n for study, n in Counter(own["study_id"][used]).items() if n > 1}
