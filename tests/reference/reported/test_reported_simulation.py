"""Honest tables give no finding of arithmetic, whatever their rounding; planted slips are found at a stated rate."""

import random

import pytest
from reviewflow.reported import arithmetic
from reviewflow.reported.normal import standard_error
from reviewflow.reported.publication import publication

from tests.reference.reported.reported_rows import frames, row, slipped

ROWS = 500
RULE = {"statement": "q_threshold", "value": "0.1"}
# Share of slips that the row itself betrays, at least. What is missed are slips within rounding: digits that were equal
# or changed little, a minus that was not there, a P that lies within what few digits leave open.
RATES = {"lost minus": 0.99, "swapped digits": 0.99, "other P": 0.98, "other model": 0.98, "other I2": 0.99}


def findings(lines):
    book = publication(frames(estimates=lines, statements=[RULE]))
    return {(o.check, f.subject) for o in arithmetic.checks(book) if o.check != "p_at_threshold" for f in o.findings}


@pytest.mark.parametrize("seed", range(12))
def test_six_thousand_honest_rows_give_no_finding(seed: int) -> None:
    rng = random.Random(seed)
    lines = [row(rng, i) for i in range(ROWS)]
    assert findings(lines) == set()
    book = publication(frames(estimates=lines))
    for line, read in zip(lines, book.rows, strict=True):
        assert read.printed is not None
        assert standard_error(read.printed).holds(line["truth"]["se"])


def test_each_check_looked_at_the_honest_rows() -> None:
    rng = random.Random(0)
    book = publication(frames(estimates=[row(rng, i) for i in range(ROWS)], statements=[RULE]))
    examined = {o.check: o.examined for o in arithmetic.checks(book)}
    assert min(examined.values()) > 0.4 * ROWS, examined


@pytest.mark.parametrize("kind", RATES)
def test_planted_slips_are_found(kind: str) -> None:
    rng = random.Random(5)
    honest = [row(rng, i) for i in range(ROWS)]
    planted = [slipped(rng, line, kind) for line in honest]
    told = [a for a, b in zip(planted, honest, strict=True) if a != b]
    found = {subject for _, subject in findings(told)}
    assert len(found) >= RATES[kind] * len(told), (kind, len(found), len(told))
