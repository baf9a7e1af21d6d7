"""Printed numbers as intervals, and what estimate, interval and P can be."""

import math
import random

import pytest
from reviewflow.reported import normal
from reviewflow.reported.printed import NOWHERE, Interval, interval, probability, readable


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.26", 0.255, 0.265),
        ("-610.6", -610.65, -610.55),
        ("\u22120.5", -0.55, -0.45),
        ("7", 6.5, 7.5),
        ("1.2e-5", 1.15e-5, 1.25e-5),
        (".5", 0.45, 0.55),
        ("74%", 73.5, 74.5),
    ],
)
def test_a_printed_number_is_all_that_rounds_to_it_halves_either_way(text: str, low: float, high: float) -> None:
    found = interval(text)
    assert found is not None
    assert found == pytest.approx((low, high), rel=1e-9)
    assert found.holds(low)
    assert found.holds(high)


@pytest.mark.parametrize(("text", "found"), [("<0.001", (0, 0.001)), ("> 0.05", (0.05, 1)), ("0.00", (0, 0.005))])
def test_a_p_value_may_be_a_bound(text: str, found: tuple[float, float]) -> None:
    assert probability(text) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize("text", ["n.s.", "0,5", "1..2", "<", "0.03*", "12 (3)"])
def test_what_is_no_number_is_told(text: str) -> None:
    assert not readable(text)
    with pytest.raises(ValueError, match="is no number"):
        interval(text)


def test_a_blank_cell_is_no_interval() -> None:
    assert interval("") is None
    assert readable("")


def printed(estimate: str, lower: str, upper: str, level: float = 95.0, df: float = math.inf) -> normal.Printed:
    parts = [interval(text) for text in (estimate, lower, upper)]
    assert all(parts)
    return normal.Printed(*parts, level, df)  # type: ignore[arg-type]


def test_p_of_a_row_with_few_digits_covers_what_was_printed_and_not_only_the_naive_one() -> None:
    """Zhou 2020, Table 3, C4 at 1 month: P from the digits is 0.117 (R 4.2.2: 2 * pnorm(-0.02 / (0.05 / 3.919928)))."""
    found = normal.p_value(printed("0.02", "-0.01", "0.04"))
    assert found.holds(0.1169)
    assert found.holds(0.25)
    assert found == pytest.approx((0.1169, 0.3271), abs=5e-4)


def test_p_of_a_ratio_is_taken_on_its_logarithms() -> None:
    """Zhou 2020, Table 2, adverse events: OR 0.26 (0.07, 0.89) prints P 0.03 and gives 0.038 naively."""
    logs = [Interval(*(math.log(x) for x in interval(t) or ())) for t in ("0.26", "0.07", "0.89")]
    found = normal.p_value(normal.Printed(*logs))
    assert found == pytest.approx((0.03124, 0.03291), abs=2e-5)


def test_the_bounds_are_those_of_a_dense_search() -> None:
    """Bounds at the corners against 400 x 400 estimates and standard errors within the box; the search cannot pass
    them, and comes within a hundredth of the width."""
    row = printed("-0.69", "-1.02", "-0.36")
    z, found = normal.quantiles(95)[0], normal.statistic(row)
    reached = []
    for i in range(401):
        e = row.estimate.lower + i / 400 * (row.estimate.upper - row.estimate.lower)
        for j in range(401):
            se = 0.163 + j / 400 * 0.011
            if row.lower.holds(e - z * se) and row.upper.holds(e + z * se):
                reached.append(abs(e) / se)
    slack = 0.01 * (found.upper - found.lower) + 1e-3
    assert found.lower <= min(reached) <= found.lower + slack
    assert found.upper - slack <= max(reached) <= found.upper


@pytest.mark.parametrize("seed", range(40))
def test_the_truth_is_never_outside_the_bounds(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        digits, level = rng.choice((1, 2, 3)), rng.choice((90.0, 95.0, 99.0))
        df = rng.choice((math.inf, rng.randint(3, 60)))
        e, se = rng.gauss(0, 5), rng.uniform(0.05, 4)
        z = rng.choice(normal.quantiles(level, df))
        texts = [f"{value:.{digits}f}" for value in (e, e - z * se, e + z * se)]
        row = printed(texts[0], texts[1], texts[2], level, df)
        assert normal.standard_error(row).holds(se)
        assert normal.statistic(row).holds(abs(e) / se)
        assert normal.p_value(row).holds(normal.tail(e / se, df))


def test_three_numbers_that_no_estimate_explains_have_no_bounds() -> None:
    row = printed("-1.74", "-5.00", "-1.52")
    assert normal.statistic(row) is NOWHERE
    assert normal.p_value(row) is NOWHERE
    assert normal.midpoint(row) == pytest.approx((-3.265, -3.255), abs=1e-9)


def test_tails_are_those_of_r() -> None:
    """R 4.2.2: 2 * pt(-2.2, 28), 2 * pnorm(-2.17)."""
    assert normal.tail(2.2, 28) == pytest.approx(0.0362254847788378, rel=1e-12)
    assert normal.tail(-2.17) == pytest.approx(0.0300068459474644, rel=1e-12)
