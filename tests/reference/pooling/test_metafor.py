"""The engine against R metafor: on our own data sets, which are committed, and on every data set of metadat, which R
reads where the tests run. README.md says how the numbers are made and what is compared within which tolerance."""

from typing import Any

import pytest

from tests.reference.pooling.checks import CHECKS
from tests.reference.pooling.conftest import Part, own
from tests.reference.pooling.grid import Line, lines

OWN = own()


def compare(name: str, check: str, block: dict[str, Any], columns: list[str]) -> None:
    """Fail with the numbers that differ; no data set has a tolerance of its own."""
    found = list(CHECKS[check](block, columns))
    assert not found, f"{name}: {len(found)} numbers differ\n" + "\n".join(found[:20])


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", OWN["blocks"])
def test_our_own_data_sets_are_pooled_as_by_metafor(name: str, check: str) -> None:
    compare(name, check, OWN["blocks"][name], OWN["columns"])


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.block)
def test_data_sets_of_metadat_are_pooled_as_by_metafor(line: Line, part: Part) -> None:
    whole = part(line.part)
    for check in CHECKS:
        compare(line.block, check, whole["blocks"][line.block], whole["columns"])
