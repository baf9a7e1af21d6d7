"""The stopping test against buscarpy, by the authors of the method; `make_reference.py` has the calls."""

import json
from pathlib import Path

import numpy as np
import pytest
from reviewflow.order import stopping
from reviewflow.order.hypergeometric import cdf
from scipy.stats import hypergeom

REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
# scipy.stats sums logarithms of gamma functions of some 20,000, which are good to some 1e-11.
TOLERANCE = 1e-8


def sequence(found, n):
    return [place in found for place in range(n)]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda c: f"{c['screened']} of {c['n_total']}")
@pytest.mark.parametrize("target", ["0.8", "0.9", "0.95", "0.99"])
def test_p_is_that_of_buscarpy(case, target):
    decisions = sequence(set(case["found"]), case["screened"])
    result = stopping(decisions, case["n_total"], float(target), 0.95)
    assert result.p == pytest.approx(case["p"][target], rel=TOLERANCE, abs=1e-12)
    assert result.met == (case["p"][target] < 0.05)


def test_the_criterion_is_met_where_buscarpy_says_so():
    curve = REFERENCE["curve"]
    found = set(curve["found"])
    for screened, p in zip(curve["screened"], curve["p"], strict=True):
        result = stopping(sequence(found, screened), curve["n_total"], curve["recall_target"], curve["confidence"])
        assert result.p == pytest.approx(p, rel=TOLERANCE, abs=1e-12)
        assert result.met == (p < 0.05)
    assert curve["p"][-1] < 0.05 < curve["p"][-2]


def test_the_distribution_function_is_that_of_scipy():
    chance = np.random.default_rng(1)
    population = chance.integers(1, 5000, 4000)
    relevant = (population * chance.random(4000)).astype(int)
    drawn = (population * chance.random(4000)).astype(int)
    found = (np.minimum(relevant, drawn) * chance.random(4000)).astype(int)
    ours = cdf(found, population, relevant, drawn)
    theirs = hypergeom.cdf(found, population, relevant, drawn)
    assert np.abs(ours - theirs).max() < 1e-10
    small = (theirs > 1e-200) & (theirs < 1e-3)
    assert small.sum() > 100
    assert ours[small] == pytest.approx(theirs[small], rel=TOLERANCE)


def test_the_distribution_function_is_exact_on_every_small_population():
    from math import comb

    cases = [(k, n, m, d) for n in range(1, 9) for m in range(n + 1) for d in range(n + 1) for k in range(d + 1)]
    exact = [sum(comb(m, i) * comb(n - m, d - i) for i in range(k + 1)) / comb(n, d) for k, n, m, d in cases]
    assert cdf(*(np.array(values) for values in zip(*cases, strict=True))) == pytest.approx(exact, abs=1e-14)
