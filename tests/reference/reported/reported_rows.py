"""Honest tables of a publication, made of random studies and rounded as people print them, and slips put into them."""

import math
import random
from typing import Any

import pandas as pd
from reviewflow.reported import TABLES
from reviewflow.tables import empty_people, schema
from scipy.special import chdtrc, ndtr

Line = dict[str, Any]


def frames(**lines: list[Line]) -> dict[str, pd.DataFrame]:
    """People's frames of these tables; all others are empty."""
    made = {name: empty_people(f"records/published/{name}") for name in TABLES}
    for name, rows in lines.items():
        columns = schema(f"records/published/{name}").columns
        made[name] = pd.DataFrame([{c: row.get(c, "") for c in columns} for row in rows], columns=list(columns))
    return made


def probability(p: float, digits: int) -> str:
    """P as printed: a bound where it is small, else rounded."""
    for bound in ("0.00001", "0.0001", "0.001"):
        if p < float(bound):
            return f"<{bound}"
    return f"{p:.{digits}f}"


def row(rng: random.Random, number: int) -> Line:
    """One pooled row of two to six studies, fixed or random by P of Q below 0.1, DerSimonian and Laird, 95 %."""
    ratio, k = rng.random() < 0.5, rng.randint(2, 6)
    v = [rng.uniform(0.02, 0.6) for _ in range(k)]
    spread = rng.choice((0.0, 0.3, 0.9))
    y = [rng.gauss(rng.choice((0.0, 0.5)), math.sqrt(x + spread**2)) for x in v]
    w = [1 / x for x in v]
    fixed = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, y, strict=True))
    q_p = float(chdtrc(k - 1, q))
    tau2 = max(0.0, (q - k + 1) / (sum(w) - sum(a * a for a in w) / sum(w)))
    model = "random" if q_p < 0.1 else "fixed"
    weight = [1 / (x + (tau2 if model == "random" else 0.0)) for x in v]
    estimate = sum(a * b for a, b in zip(weight, y, strict=True)) / sum(weight)
    se = 1 / math.sqrt(sum(weight))
    z = rng.choice((1.96, 1.959963984540054))
    values = [estimate, estimate - z * se, estimate + z * se]
    digits = rng.choice((2, 2, 3))
    shown = [f"{math.exp(x) if ratio else x:.{digits}f}" for x in values]
    i2 = 100 * max(0.0, (q - k + 1) / q)
    return {
        "analysis": f"row_{number}", "location": "Table 2", "k": str(k), "model": model, "estimate": shown[0],
        "ci_lower": shown[1], "ci_upper": shown[2], "measure": "OR" if ratio else "MD",
        "q_p": probability(q_p, rng.choice((2, 3))), "q": f"{q:.2f}", "i2": f"{i2:.0f}", "comparison": "",
        "p_value": probability(float(2 * ndtr(-abs(estimate / se))), rng.choice((2, 3))),
        "truth": {"y": y, "se": se, "estimate": estimate},
    }  # fmt: skip


def slipped(rng: random.Random, honest: Line, kind: str) -> Line:
    """The row with one slip of a kind that people make."""
    changed = dict(honest)
    if kind == "lost minus":
        changed["ci_lower"] = honest["ci_lower"].lstrip("-")
    elif kind == "swapped digits":
        whole = list(honest["ci_upper"])
        places = [i for i, c in enumerate(whole) if c.isdigit()]
        i, j = places[0], places[-1]
        whole[i], whole[j] = whole[j], whole[i]
        changed["ci_upper"] = "".join(whole)
    elif kind == "other P":
        changed["p_value"] = f"{rng.uniform(0.001, 0.9):.3f}"
    elif kind == "other model":
        changed["model"] = "fixed" if honest["model"] == "random" else "random"
    else:
        changed["i2"] = f"{(float(honest['i2']) + rng.uniform(20, 60)) % 100:.0f}"
    return changed
