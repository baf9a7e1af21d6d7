"""Kappa equals that of vcd 1.4-11 in R 4.2.2: Kappa(x, weights = "Equal-Spacing"), printed with digits = 17.

SexualFun comes with vcd (Agresti 1990, table 2.10, after Hout, Duncan and Sobel 1987); its kappas are printed in the
documentation of vcd::Kappa, too, with four digits. The second table is made up. Both are closed forms: 1e-12 relative.
"""

import pytest
from reviewflow.kappa import band, kappa

FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
MADE_UP = [[40, 3, 1], [5, 22, 4], [0, 6, 19]]


@pytest.mark.parametrize(
    ("table", "linear", "value", "se"),
    [
        (FUN, False, 0.129330254041570419, 0.068598532480708588),
        (FUN, True, 0.237380627557980894, 0.078316334778372854),
        (MADE_UP, False, 0.705836816844712889, 0.059806286196372169),
        (MADE_UP, True, 0.768518518518518490, 0.049861215949189228),
    ],
)
def test_kappa_and_its_standard_error_equal_those_of_vcd(
    table: list[list[int]], linear: bool, value: float, se: float
) -> None:
    found = kappa(table, linear=linear)
    assert found is not None
    assert found.kappa == pytest.approx(value, rel=1e-12)
    assert found.se == pytest.approx(se, rel=1e-12)


def test_with_two_categories_weights_change_nothing() -> None:
    assert kappa([[30, 10], [5, 955]], linear=True) == kappa([[30, 10], [5, 955]])


def test_turning_the_order_round_changes_nothing() -> None:
    turned = [row[::-1] for row in FUN[::-1]]
    one, other = kappa(FUN, linear=True), kappa(turned, linear=True)
    assert one is not None
    assert other is not None
    assert one.kappa == pytest.approx(other.kappa, rel=1e-12)
    assert one.se == pytest.approx(other.se, rel=1e-12)


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]]])
def test_without_any_variation_kappa_is_not_estimable(table: list[list[int]]) -> None:
    assert kappa(table) is None
    assert kappa(table, linear=True) is None


def test_full_agreement_on_two_levels_is_one() -> None:
    found = kappa([[3, 0, 0], [0, 0, 0], [0, 0, 4]], linear=True)
    assert found is not None
    assert (found.kappa, found.se) == (1, 0)


def test_the_bands_of_orwin() -> None:
    words = ["poor", "poor", "fair", "good", "good", "good", "excellent", "excellent", "not estimable"]
    assert [band(k) for k in (-0.2, 0.3999, 0.4, 0.6, 0.1 + 0.5, 0.7499, 0.75, 1.0, None)] == words
