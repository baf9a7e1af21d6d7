"""The register of rules, P values and roundings, and numbers that no rule takes."""

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.preparation import RULES, Impossible, change, critical, fivenum, groups, scales, spread
from reviewflow.preparation.printed import (
    Interval,
    PrintedP,
    decimals,
    events_of_percent,
    p_interval,
    places_in,
    printed_p,
    rounding,
)


def test_every_rule_names_its_numbers_its_formula_and_its_source() -> None:
    for name, rule in RULES.items():
        needed = [p for p in inspect.signature(rule.of).parameters.values() if p.default is p.empty]
        assert rule.name == name
        assert len(needed) <= len(rule.takes) <= len(inspect.signature(rule.of).parameters)
        assert rule.formula
        assert rule.source


def test_rules_that_assume_more_than_arithmetic_are_imputed() -> None:
    imputed = {name for name, rule in RULES.items() if rule.imputed}
    from_order = {f"{what}_from_{of}" for what in ("mean", "sd") for of in ("range", "quartiles", "five")}
    from_logs = {"log_mean_from_natural", "log_sd_from_natural", "mean_from_log", "sd_from_log", "log_se_from_se"}
    bounds = {"se_from_p_bound", "se_from_p_bound_t", "change_sd_from_p_bound"}
    assert imputed == from_order | from_logs | bounds | {"stated_correlation"}


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0.03", PrintedP("=", 0.03, 2)),
        ("0.050", PrintedP("=", 0.05, 3)),
        ("P = .04", PrintedP("=", 0.04, 2)),
        ("<0.001", PrintedP("<", 0.001, 3)),
        ("p ≤ 0,05", PrintedP("<", 0.05, 2)),
        (">0.05", PrintedP(">", 0.05, 2)),
        ("3e-5", PrintedP("=", 3e-5, 5)),
        ("1.00", PrintedP("=", 1.0, 2)),
        ("ns", None),
        ("3", None),
        ("1.2", None),
        ("0.03*", None),
        ("", None),
    ],
)
def test_p_as_printed(printed: str, expected: PrintedP | None) -> None:
    assert printed_p(printed) == expected


def test_the_p_values_that_print_so() -> None:
    assert p_interval(PrintedP("<", 0.05, 2)) == Interval(0, 0.05)
    assert p_interval(PrintedP(">", 0.05, 2)) == Interval(0.05, 1)
    assert p_interval(PrintedP("=", 0.0, 2)) == Interval(0, 0.005)
    assert p_interval(PrintedP("=", 0.02, 2)) == pytest.approx((0.015, 0.025))


def test_decimal_places() -> None:
    assert [decimals(x) for x in (12.0, 12.5, 0.001, 1e-7, 1.5e-7, 1e22)] == [0, 1, 3, 7, 8, 0]
    assert [places_in("12.50 (3.0)", x) for x in (12.5, 3.0, 7.25)] == [2, 1, 2]
    assert places_in(None, 3.0) == 0
    assert places_in("−0.20", -0.2) == 2


@given(st.integers(1, 400), st.data())
def test_a_count_is_among_those_whose_percentage_it_prints(n: int, data: st.DataObject) -> None:
    events, places = data.draw(st.integers(0, n)), data.draw(st.integers(0, 2))
    percent = round(100 * events / n, places)
    found = events_of_percent(n, percent, places)
    assert events in found
    assert all(abs(100 * x / n - percent) <= 0.5 * 10.0**-places + 1e-6 for x in found)
    assert not [x for x in range(n + 1) if abs(100 * x / n - percent) < 0.5 * 10.0**-places - 1e-6 and x not in found]


def test_intervals_meet_at_their_ends() -> None:
    assert rounding(0.1).meets(rounding(0.2))
    assert not rounding(0.1).meets(rounding(0.3))


@given(st.floats(1e-12, 1), st.floats(1, 1e4))
def test_p_and_its_quantile_are_inverse(p: float, df: float) -> None:
    assert critical.p_of_z(critical.z_of_p(p)) == pytest.approx(p, rel=1e-9)
    assert critical.p_of_t(critical.t_of_p(p, df), df) == pytest.approx(p, rel=1e-6)


groups_of_two = st.lists(
    st.tuples(st.integers(2, 500), st.floats(-1e3, 1e3), st.floats(0.01, 1e3)), min_size=2, max_size=2
)


@given(groups_of_two)
def test_combining_is_symmetric(arms: list[tuple[int, float, float]]) -> None:
    (n1, m1, s1), (n2, m2, s2) = arms
    one, two = groups.combined_mean(n1, m1, n2, m2), groups.combined_mean(n2, m2, n1, m1)
    assert one == pytest.approx(two, rel=1e-12, abs=1e-9)
    assert min(m1, m2) - 1e-9 <= one <= max(m1, m2) + 1e-9
    assert groups.combined_sd(n1, m1, s1, n2, m2, s2) == pytest.approx(
        groups.combined_sd(n2, m2, s2, n1, m1, s1), rel=1e-12
    )


@pytest.mark.parametrize(
    ("of", "numbers"),
    [
        (spread.sd_from_ci_of_mean, (25, 34.2, 30.0)),
        (spread.sd_from_ci_of_mean, (1, 30.0, 34.2)),
        (spread.sd_from_ci_of_mean, (25, 30.0, 34.2, 100)),
        (spread.se_from_t, (1.0, 0.0)),
        (spread.se_from_t, (0.0, 1.0)),
        (spread.se_from_f, (1.0, 0.0)),
        (spread.se_from_p, (1.0, 0.0)),
        (spread.se_from_p, (1.0, 1.0)),
        (spread.se_from_p_t, (1.0, 0.5, 0)),
        (fivenum.mean_from_range, (4, 1, 2, 3)),
        (fivenum.sd_from_quartiles, (20, 3, 1)),
        (change.correlation_of_sds, (1.0, 1.0, 3.0)),
        (change.correlation_of_sds, (0.0, 1.0, 3.0)),
        (change.sd_of_change, (1.0, 1.0, 1.1)),
        (change.sd_of_change_from_t, (10, 1.0, 0.0)),
        (groups.combined_sd, (1, 2.0, 1.0, 0, 2.0, 1.0)),
        (scales.logarithm, (0.0,)),
        (scales.log_mean, (-1.0, 2.0)),
        (scales.log_se_of_ratio_ci, (0.0, 2.0)),
        (scales.log_hazard_ratio, (1.0, 0.0)),
    ],
)
def test_what_cannot_be_is_said_and_not_computed(of: Any, numbers: tuple[float, ...]) -> None:
    with pytest.raises(Impossible):
        of(*numbers)
