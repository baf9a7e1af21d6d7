"""Agreement of two reviewers on include and exclude, from votes before any consensus."""

from collections.abc import Mapping
from itertools import combinations
from math import sqrt
from statistics import NormalDist
from typing import Any

from .votes import Vote

# Cochrane Handbook 5.1, 7.2.6, after Orwin 1994.
BANDS = ((0.75, "excellent"), (0.60, "good"), (0.40, "fair"), (-1.0, "poor"))
_Z95 = NormalDist().inv_cdf(0.975)


def agreement(a: int, b: int, c: int, d: int) -> dict[str, Any]:
    """Measures of agreement of the 2x2 table a (both include), b, c, d (both exclude).

    Cohen's kappa (Cohen 1960) with the large-sample confidence interval of Fleiss, Cohen and Everitt 1969; PABAK,
    prevalence and bias index (Byrt, Bishop and Carlin 1993); agreement on include and on exclude (Cicchetti and
    Feinstein 1990). None where a measure is not estimable.
    """
    n = a + b + c + d
    if not n:
        return {"n": 0, "band": "not estimable"}
    observed = (a + d) / n
    result: dict[str, Any] = {"n": n, "agreement": observed, "pabak": 2 * observed - 1}
    result |= {"prevalence_index": abs(a - d) / n, "bias_index": abs(b - c) / n}
    result |= {
        "p_pos": 2 * a / (2 * a + b + c) if a + b + c else None,
        "p_neg": 2 * d / (2 * d + b + c) if d + b + c else None,
    }
    expected = ((a + b) * (a + c) + (c + d) * (b + d)) / n**2
    if expected == 1:
        return result | {"band": "not estimable"}
    kappa = (observed - expected) / (1 - expected)
    half = _Z95 * _kappa_se((a / n, b / n, c / n, d / n), kappa, expected, n)
    band = next(name for least, name in BANDS if kappa >= least)
    return result | {
        "kappa": kappa,
        "kappa_lower": max(kappa - half, -1),
        "kappa_upper": min(kappa + half, 1),
        "band": band,
    }


def _kappa_se(cells: tuple[float, float, float, float], kappa: float, expected: float, n: int) -> float:
    """Standard error of kappa, Fleiss, Cohen and Everitt 1969, equation 13."""
    p = ((cells[0], cells[1]), (cells[2], cells[3]))
    rows = [sum(p[i]) for i in (0, 1)]
    columns = [p[0][j] + p[1][j] for j in (0, 1)]
    agree = sum(p[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in (0, 1))
    differ = (1 - kappa) ** 2 * sum(p[i][1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in (0, 1))
    variance = (agree + differ - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    return sqrt(max(variance, 0.0))


def pairs(stage: str, ballots: Mapping[str, Mapping[str, Vote]]) -> list[dict[str, Any]]:
    """Rows of agreement.csv for one stage: every pair of reviewers who both judged some report. A report on which one
    of them said different things is left out, and counted as such."""
    reviewers = sorted({reviewer for votes in ballots.values() for reviewer in votes})
    result = []
    for one, other in combinations(reviewers, 2):
        both = [(v[one], v[other]) for v in ballots.values() if one in v and other in v]
        judged = [(x.effective, y.effective) for x, y in both if not x.collides(False) and not y.collides(False)]
        a, b, c, d = (judged.count((x, y)) for x in ("include", "exclude") for y in ("include", "exclude"))
        if judged:
            row = {
                "stage": stage,
                "left_out": len(both) - len(judged),
                "reviewer_a": one,
                "reviewer_b": other,
                "both_include": a,
                "only_a_includes": b,
            }
            result.append(row | {"only_b_includes": c, "both_exclude": d} | agreement(a, b, c, d))
    return result
