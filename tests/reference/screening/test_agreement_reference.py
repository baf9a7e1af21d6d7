"""Agreement against outside software and published examples (reference.json, made by make_reference.py)."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from reviewflow.screening import agreement, fleiss_kappa, krippendorff_alpha

REFERENCE: dict[str, Any] = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
MANY: dict[str, dict[str, Any]] = {line["name"]: line for line in REFERENCE["many"]}
# The reference values are printed with 15 digits or more; both sides round once or twice in the last of them.
CLOSE = 1e-12


@pytest.mark.parametrize("line", REFERENCE["pairs"], ids=lambda line: "-".join(map(str, line["cells"])))
def test_cohens_kappa_and_its_interval_are_those_of_vcd(line):
    found = agreement(*line["cells"])
    wanted = [line["kappa"], *line["interval"]]
    assert [found[name] for name in ("kappa", "kappa_lower", "kappa_upper")] == pytest.approx(wanted, abs=CLOSE)


@pytest.mark.parametrize("line", [x for x in MANY.values() if "fleiss_kappa" in x], ids=lambda x: x["name"])
def test_fleiss_kappa_is_that_of_statsmodels(line):
    assert fleiss_kappa(Counter(map(tuple, line["counts"]))) == pytest.approx(line["fleiss_kappa"], abs=CLOSE)


@pytest.mark.parametrize("line", [x for x in MANY.values() if "krippendorff_alpha" in x], ids=lambda x: x["name"])
def test_krippendorffs_alpha_is_that_of_the_package_krippendorff(line):
    assert krippendorff_alpha(Counter(map(tuple, line["counts"]))) == pytest.approx(
        line["krippendorff_alpha"], abs=CLOSE
    )


def test_the_printed_examples_come_out():
    """Kappa 0.430 in Fleiss 1971 and alpha 0.743 in Krippendorff 2011, with the digits that they print."""
    assert round(fleiss_kappa(Counter(map(tuple, MANY["Fleiss 1971"]["counts"]))) or 0, 3) == 0.43
    assert round(krippendorff_alpha(Counter(map(tuple, MANY["Krippendorff 2011"]["counts"]))) or 0, 3) == 0.743


def test_fleiss_kappa_is_for_reports_with_equally_many_votes():
    assert any("fleiss_kappa" not in line for line in MANY.values())
    for line in MANY.values():
        if len({sum(row) for row in line["counts"] if sum(row) > 1}) > 1:
            assert fleiss_kappa(Counter(map(tuple, line["counts"]))) is None
