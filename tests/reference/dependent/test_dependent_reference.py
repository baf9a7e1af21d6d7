"""Several effects of one study, and rare events, against R (versions in reference.json, calls in make_reference.R).

Tolerances. rma.mv ends its search within 1e-11 of a log-likelihood, which leaves variances of some 1e-5 and standard
errors of some 1e-6 open; that ours are nearer the maximum is asserted by the gradient. rma.glmm takes its standard
errors from numerical derivatives and its integrals to an absolute tolerance, hence 1e-4, of limits 2e-4 of an SE.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from reviewflow.pooling import dependent, rare

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
NAMES = [f"set {i + 1}" for i in range(len(REFERENCE["dependent"]))]


@pytest.fixture(params=REFERENCE["dependent"], ids=NAMES)
def case(request):
    return request.param


def test_three_levels_equal_rma_mv(case):
    y, v = np.array(case["yi"]), np.array(case["vi"])
    z = dependent.three_level(y, v, case["study"], "wald", 95, case["rho"])
    t = dependent.three_level(y, v, case["study"], "hksj", 95, case["rho"])
    assert z.estimate == pytest.approx(case["estimate"], rel=1e-5)
    assert z.se == pytest.approx(case["se"], rel=1e-5)
    assert z.parts == pytest.approx((case["between"], case["within"]), rel=2e-4, abs=1e-6)
    assert (z.ci_lower, z.ci_upper) == pytest.approx(case["z_ci"], rel=2e-5)
    assert (t.ci_lower, t.ci_upper) == pytest.approx(case["t_ci"], rel=2e-5)
    assert (z.p_value, t.p_value) == pytest.approx((case["z_p"], case["t_p"]), rel=2e-4)


def test_robust_variance_equals_clubsandwich(case):
    y, v = np.array(case["yi"]), np.array(case["vi"])
    found = dependent.robust(y, v, case["study"], 95, case["rho"])
    expected = case["cr2"]
    assert found.se == pytest.approx(expected["se"], rel=1e-5)
    assert found.df == pytest.approx(expected["df"], rel=1e-5)
    assert (found.ci_lower, found.ci_upper) == pytest.approx(expected["ci"], rel=2e-5)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-4)


def test_no_variances_near_the_found_ones_are_likelier(case):
    y, v = np.array(case["yi"]), np.array(case["vi"])
    parts = dependent.three_level(y, v, case["study"], "wald", 95, case["rho"]).parts
    model, _ = dependent._model(y, v, case["study"], case["rho"])
    best, slope, _ = dependent._height(model, np.array(parts))
    assert all(abs(s) < 1e-7 or (p == 0 and s < 0) for s, p in zip(slope, parts, strict=True))
    grid = np.concatenate([[0.0], np.geomspace(1e-4, 4, 25)])
    assert max(dependent._height(model, np.array([a, b]))[0] for a in grid for b in grid) <= best + 1e-12


@pytest.mark.parametrize("case", REFERENCE["rare"], ids=lambda c: c["measure"] + (" fixed" if "fixed" in c else ""))
def test_models_of_rare_events_equal_rma_glmm(case):
    counts = rare.Counts(*(np.array(case[name], float) for name in "ancm"))
    likelihood = {
        "OR": rare.odds_ratio,
        "IRR": rare.rate_ratio,
        "PLO": lambda c: rare.proportion(c.a, c.n),
    }[case["measure"]](counts)
    found = rare.fit(likelihood, len(counts.a), "fixed" if "fixed" in case else "random", 95)
    assert found.estimate == pytest.approx(case["estimate"], rel=1e-4)
    assert found.se == pytest.approx(case["se"], rel=1e-4)
    assert found.tau2 == pytest.approx(case["tau2"], rel=1e-4)
    assert (found.ci_lower, found.ci_upper) == pytest.approx(case["ci"], abs=2e-4 * case["se"])
