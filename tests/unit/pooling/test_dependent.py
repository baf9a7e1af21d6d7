"""What holds for models of several effects of one study, and of rare events, whatever the numbers."""

import numpy as np
import pytest
from reviewflow.pooling import dependent, rare
from reviewflow.pooling.batch import Batch
from reviewflow.pooling.tau2 import ESTIMATORS

Y = np.array([0.1, 0.5, 0.3, 1.2, -0.2, 0.7, 0.4])
V = np.array([0.04, 0.1, 0.05, 0.2, 0.06, 0.03, 0.1])
STUDY = ["a", "a", "b", "c", "c", "c", "d"]


def test_one_effect_a_study_is_the_ordinary_random_effects_model():
    found = dependent.three_level(Y, V, list("abcdefg"), "wald", 95)
    tau2 = ESTIMATORS["REML"](Batch.of([Y], [V]))[0]
    weights = 1 / (V + tau2)
    assert found.tau2 == pytest.approx(tau2, rel=1e-8)
    assert found.estimate == pytest.approx((weights * Y).sum() / weights.sum(), rel=1e-8)
    assert found.se == pytest.approx(weights.sum() ** -0.5, rel=1e-8)


@pytest.mark.parametrize("rho", [0.0, 0.6])
@pytest.mark.parametrize("pool", ["three_level", "robust"])
def test_order_of_effects_and_names_of_studies_change_nothing(pool, rho):
    def pooled(order, names):
        y, v, study = Y[order], V[order], [names[STUDY[i]] for i in order]
        if pool == "robust":
            return dependent.robust(y, v, study, 95, rho)
        return dependent.three_level(y, v, study, "hksj", 95, rho)

    plain = {name: name for name in STUDY}
    first = pooled(list(range(7)), plain)
    other = pooled([3, 6, 0, 5, 1, 4, 2], {"a": "z", "b": "1", "c": "y", "d": "x"})
    for name in ("estimate", "se", "ci_lower", "ci_upper", "df", "p_value", "tau2", "i2"):
        assert getattr(other, name) == pytest.approx(getattr(first, name), rel=1e-6, abs=1e-12)


def test_shift_and_scale_of_the_effects_carry_over():
    plain = dependent.robust(Y, V, STUDY, 95, 0.6)
    moved = dependent.robust(1000 * Y + 5, 1e6 * V, STUDY, 95, 0.6)
    assert moved.estimate == pytest.approx(1000 * plain.estimate + 5, rel=1e-8)
    assert moved.se == pytest.approx(1000 * plain.se, rel=1e-7)
    assert moved.df == pytest.approx(plain.df, rel=1e-6)


def test_a_single_study_is_refused():
    with pytest.raises(ValueError, match="one study alone"):
        dependent.three_level(Y, V, ["a"] * 7, "wald", 95)


def test_effects_that_repeat_a_study_do_not_narrow_its_interval():
    """Copies of one effect with perfectly correlated errors add nothing; taken as independent they would."""
    y, v, study = np.repeat(Y, 3), np.repeat(V, 3), [s for s in "abcdefg" for _ in range(3)]
    single = dependent.three_level(Y, V, list("abcdefg"), "wald", 95)
    copies = dependent.three_level(y, v, study, "wald", 95, rho=1 - 1e-9)
    assert copies.se == pytest.approx(single.se, rel=1e-3)


def test_a_study_without_events_changes_no_odds_ratio():
    counts = [[3.0, 5.0, 1.0, 0.0], [100.0, 80.0, 90.0, 50.0], [8.0, 6.0, 4.0, 2.0], [100.0, 85.0, 95.0, 60.0]]
    more = [[*column, extra] for column, extra in zip(counts, (0.0, 40.0, 0.0, 45.0), strict=True)]
    without, with_it = (
        rare.fit(rare.odds_ratio(rare.Counts(*map(np.array, c))), len(c[0]), "random", 95) for c in (counts, more)
    )
    assert with_it.estimate == pytest.approx(without.estimate, rel=1e-9)
    assert with_it.se == pytest.approx(without.se, rel=1e-6)


def test_events_on_one_side_alone_have_no_finite_odds_ratio():
    counts = rare.Counts(*(np.array(x, float) for x in ([3, 2], [50, 60], [0, 0], [50, 60])))
    with pytest.raises(ValueError, match="all events are on one side"):
        rare.fit(rare.odds_ratio(counts), 2, "random", 95)


def test_exchanging_the_sides_turns_the_sign():
    a, n, c, m = (np.array(x, float) for x in ([3, 5, 1], [100, 80, 90], [8, 6, 4], [100, 85, 95]))
    one = rare.fit(rare.odds_ratio(rare.Counts(a, n, c, m)), 3, "random", 95)
    other = rare.fit(rare.odds_ratio(rare.Counts(c, m, a, n)), 3, "random", 95)
    assert other.estimate == pytest.approx(-one.estimate, rel=1e-7)


def test_more_nodes_and_farther_ends_change_nothing(monkeypatch):
    counts = rare.Counts(
        *(np.array(x, float) for x in ([1, 0, 7, 0], [100, 80, 90, 30], [8, 6, 0, 1], [99, 85, 95, 30]))
    )
    plain = rare.fit(rare.odds_ratio(counts), 4, "random", 95)
    monkeypatch.setattr(rare, "_NODES", 700)
    monkeypatch.setattr(rare, "_VANISHED", 90.0)
    finer = rare.fit(rare.odds_ratio(counts), 4, "random", 95)
    assert plain.tau2 > 0.5
    assert finer.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-10)
    assert finer.estimate == pytest.approx(plain.estimate, abs=1e-6)
