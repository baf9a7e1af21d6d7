"""Units: spellings, factors, and what never converts."""

import pytest
from reviewflow.preparation.units import analytes, conversion, normal, same, slips
from reviewflow.schema import workflow_data


@pytest.mark.parametrize(
    ("printed", "wanted", "analyte", "factor"),
    [
        ("mg/dL", "umol/L", "creatinine", 88.4),
        ("μmol/L", "mg/dl", "creatinine", 1 / 88.4),
        ("mg/dL", "mmol/L", "urea_nitrogen", 0.357),
        ("mg/dL", "mmol/L", "urea", 0.1665),
        ("mg/dL BUN", "mmol/L", "urea", 0.357),
        ("mg/dL (BUN)", "mg/dL", "urea", 0.357 / 0.1665),
        ("mg/dL", "µmol/L", "uric_acid", 59.48),
        ("umol/L", "mmol/L", "creatinine", 0.001),
        ("g/dL", "g/L", "", 10),
        ("mg/dL", "g/L", "", 0.01),
        ("mg/mL", "g/L", "", 1),
        ("g/24 h", "mg/24h", "", 1000),
        ("g/day", "mg/24 h", "", 1000),
        ("g per day", "mg/24 h", "", 1000),
        ("×10⁹/L", "cells/µL", "", 1000),
        ("10^9/L", "10E6/mL", "", 1),
        ("mL/min/1.73 m²", "ml/min/1.73m2", "", 1),
        ("mm Hg", "kPa", "", 0.133322387415),
        ("micromol/l", "µmol/L", "", 1),
        ("mM", "mmol/l", "", 1),
        ("points", "points", "", 1),
    ],
)
def test_factors(printed: str, wanted: str, analyte: str, factor: float) -> None:
    found = conversion(printed, wanted, analyte)
    assert found is not None
    assert found.factor == pytest.approx(factor, rel=1e-14)
    assert found.source


@pytest.mark.parametrize(
    ("printed", "wanted", "analyte"),
    [
        ("mg/dL", "umol/L", ""),  # of what?
        ("mg/dL", "umol/L", "albumin"),  # no molar mass is agreed on
        ("mg/dL BUN", "mg/dL", ""),  # nitrogen is not whatever the outcome is
        ("mg/dL BUN", "umol/L", "creatinine"),
        ("mg/g", "mg/24h", "protein"),  # a ratio to creatinine is not an excretion
        ("g", "g/24 h", ""),
        ("IU/mL", "U/mL", ""),  # assays differ
        ("points", "score", ""),
        ("mM", "mm", ""),
        ("Mg", "mL", ""),
        ("%", "mg/dL", ""),
    ],
)
def test_what_never_converts(printed: str, wanted: str, analyte: str) -> None:
    assert conversion(printed, wanted, analyte) is None
    assert not same(printed, wanted)


def test_spellings_of_one_unit_are_the_same() -> None:
    for one, two in (("μmol / l", "micromol/L"), ("mg/24h", "mg/d"), ("µg/mL", "mcg/ml"), ("VAS, mm", "VAS, mm")):
        assert same(one, two)
    assert normal("μmol / l") == "umol/L"
    assert normal("mg/dL BUN") == "mg/dL urea_nitrogen"
    assert normal("VAS") == "VAS"


def test_there_and_back_changes_nothing() -> None:
    for name in analytes():
        spec = workflow_data("units")["analytes"][name]
        there, back = conversion(spec["mass"], spec["amount"], name), conversion(spec["amount"], spec["mass"], name)
        assert there is not None
        assert back is not None
        assert there.factor == pytest.approx(spec["factor"], rel=1e-14)
        assert there.factor * back.factor == pytest.approx(1, rel=1e-14)
        assert {there.source, back.source} == {spec["source"]}


def test_factors_agree_with_the_molar_masses_of_their_sources() -> None:
    # mg/dL is 10 mg/L; g/mol from the atomic masses; per mole of urea there are two of nitrogen.
    masses = {"creatinine": 113.12, "urea": 60.06, "urea_nitrogen": 28.014, "uric_acid": 168.11}
    masses |= {"glucose": 180.16, "cholesterol": 386.65, "bilirubin": 584.66}
    assert {*masses} == {*analytes()}
    for name, mass in masses.items():
        spec = workflow_data("units")["analytes"][name]
        scale = {"umol/L": 1e4, "mmol/L": 10}[spec["amount"]]
        assert spec["factor"] == pytest.approx(scale / mass, rel=1e-3)


def test_slips_have_the_factors_of_the_analyte() -> None:
    assert 88.4 in slips("creatinine")
    assert slips() == [0.001, 0.01, 0.1, 10.0, 100.0, 1000.0]
