"""The grid leaves out no data set of metadat and no choice of the engine."""

import csv
from collections import Counter

import pytest
from reviewflow.pooling.choice import CI, MEASURES, PREDICTION, TAU2

from tests.reference.pooling.checks import PREDICTION_OF, PREDICTIONS
from tests.reference.pooling.conftest import HERE, PARTS, Part, own
from tests.reference.pooling.grid import SECTIONS, line, lines, write

BLOCKS = own()["blocks"]
# A hazard ratio is its printed interval made into yi and vi, which metafor has no function for; the unit tests have it.
NOT_OF_METAFOR = {"HR"}


def listed() -> dict[str, list[dict[str, str]]]:
    """datasets.csv by data set."""
    found: dict[str, list[dict[str, str]]] = {}
    with (HERE / "datasets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["data"], []).append(row)
    return found


def test_every_data_set_of_metadat_is_pooled_or_said_to_have_no_effects(part: Part) -> None:
    assert set(part(1)["data_sets"]) == set(listed())
    bare = [row for rows in listed().values() for row in rows if not row["kind"]]
    assert all("no effects" in row["note"] and not row["columns"] for row in bare)
    # Trees and distances that accompany the effects of the same data set.
    assert len(bare) == 6
    assert all("$" in row["data"] for row in bare)


def test_grid_has_every_data_set_that_is_to_be_pooled() -> None:
    pooled = {line.block.split(" ")[0].split("[")[0].split("#")[0] for line in lines() if line.fits}
    assert pooled == {name for name, rows in listed().items() if any(row["kind"] for row in rows)}
    assert len({line.block.rsplit(" ", 1)[0] for line in lines() if line.fits}) == 179


@pytest.mark.parametrize("nth", range(1, PARTS + 1))
def test_metafor_made_every_fit_that_the_grid_promises(nth: int, part: Part, fix: bool) -> None:
    made = [line(name, nth, block) for name, block in part(nth)["blocks"].items()]
    if fix:
        write(sorted([*(one for one in lines() if one.part != nth), *made], key=lambda one: (one.part, one.block)))
    assert sorted(made) == sorted(one for one in lines() if one.part == nth)


def test_grid_fits_every_estimator_to_every_analysis_but_the_longest() -> None:
    short = Counter(line.fits for line in lines() if 1 < line.k <= 60 and not line.block.endswith(" PETO"))
    other = Counter(line.fits for line in lines() if line.k > 60 or (line.k > 1 and line.block.endswith(" PETO")))
    # The fixed model and eight estimators, two of them with three intervals.
    assert set(short) == {13}
    assert short[13] > 300
    # The fixed model and two estimators; beyond a thousand studies one.
    assert set(other) == {7, 4}
    assert other[4] == 1


def test_every_measure_estimator_interval_and_prediction_is_in_the_committed_reference() -> None:
    assert {block["measure"] for block in BLOCKS.values()} == set(MEASURES) - NOT_OF_METAFOR
    for name, block in BLOCKS.items():
        fits = {"EE/wald", "REML/hksj/90", *(f"{tau2}/{ci}" for tau2 in TAU2 for ci in CI)}
        assert set(block["pooled"]["fits"]) == fits, name
    assert set(PREDICTION_OF) == set(CI)
    assert {"none", *PREDICTIONS} == set(PREDICTION)


def test_every_section_is_in_the_committed_reference_and_in_the_grid() -> None:
    for section in SECTIONS:
        assert sum(bool(block.get(section)) for block in BLOCKS.values()) >= 9, section
        assert sum(section in line.sections.split() for line in lines()) >= 60, section
    small = {name for block in BLOCKS.values() for name in block.get("small") or {}}
    fills = {f"fill_{method}_{estimator}" for method in ("EE", "DL") for estimator in ("L0", "R0")}
    assert small >= {"egger", "begg", "peters", "harbord", *fills}
    pooled = {name for block in BLOCKS.values() for name, made in (block.get("tables") or {}).items() if made}
    assert pooled == {"mh", "mh_corrected", "revman", "peto"}
