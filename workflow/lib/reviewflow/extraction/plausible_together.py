"""What looks wrong in a study's numbers beside those of the other studies: rows of results/extraction/warnings."""

from collections.abc import Iterator, Mapping, Sequence
from math import log, sqrt
from statistics import median
from typing import Any

from reviewflow.preparation.units import same, slips

from .contrasts import CONTRAST, SIDES
from .plausible import Finding, warning
from .rows import Row, key_text, text

# Beside others whose values lie within this factor of their middle, a slip by a unit or a decimal shows.
_ALIKE = 2.5
# How near to a slip's factor a ratio must be.
_NEAR = 1.5


def together(contrasts: Sequence[Row], outcomes: Mapping[str, Row], config: Mapping[str, Any]) -> list[Row]:
    """Warnings that only the other studies of the same comparison, outcome and timepoint give.

    `contrasts` are rows of results/extraction/contrasts, `outcomes` those of config/outcomes.csv by outcome.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in contrasts:
        groups.setdefault(tuple(row[part] for part in CONTRAST[1:]), []).append(row)
    found = []
    for (_, outcome, _), rows in groups.items():
        factors = slips(outcomes[outcome].get("analyte") or "")
        for row in rows:
            where = f"contrasts {key_text(row[part] for part in (*CONTRAST, 'contrast'))}"
            others = [other for other in rows if other["study_id"] != row["study_id"]]
            people = config["extraction"]["extractors"]
            found += [warning(f, row["study_id"], where, people) for f in _beside(row, others, factors)]
    return found


def _beside(row: Row, others: Sequence[Row], factors: Sequence[float]) -> Iterator[Finding]:
    yield from _kinds(row, others)
    for side in SIDES.values():
        yield from _standard_error(row, others, side)
        yield from _slip(row, others, side, factors)


def _kinds(row: Row, others: Sequence[Row]) -> Iterator[Finding]:
    """Units and kinds of scores that differ: differences of such means cannot be averaged, or not everywhere."""
    units = sorted(
        {str(o["unit"]) for o in others if o.get("unit") and row.get("unit") and not same(o["unit"], row["unit"])}
    )
    if units:
        message = "studies of this analysis are in different units; give the outcome a unit to which they convert"
        yield "units_differ", row["unit"], ", ".join(units), message
    scores = sorted({o["scores"] for o in others if o.get("scores")} - {row.get("scores")})
    if row.get("scores") and scores:
        message = "values at follow-up and changes meet in this analysis; standardised they must not be mixed"
        yield "scores_differ", row["scores"], ", ".join(scores), message


def _standard_error(row: Row, others: Sequence[Row], side: str) -> Iterator[Finding]:
    sd, n = row.get(f"sd_{side}"), row.get(f"n_{side}")
    usual = _usual(others, f"sd_{side}")
    if not sd or not n or usual is None:
        return
    near = abs(log(sd * sqrt(n) / usual))
    if sd * _ALIKE < usual and near < abs(log(sd / usual)) and near < log(_ALIKE):
        message = "times the root of n it is like those of the other studies: is it a standard error?"
        yield f"se_for_sd_{side}", text(sd), f"about {usual:.3g}", message


def _slip(row: Row, others: Sequence[Row], side: str, factors: Sequence[float]) -> Iterator[Finding]:
    mean, usual = row.get(f"mean_{side}"), _usual(others, f"mean_{side}")
    if mean is None or usual is None or mean * usual <= 0:
        return
    if max(mean / usual, usual / mean) < 10 / _NEAR:
        return
    fits = [factor for factor in factors if abs(log(mean * factor / usual)) < log(_NEAR)]
    if fits:
        words = " or ".join(f"{factor:.4g}" for factor in fits)
        message = f"times {words} it is like those of the other studies: check its unit and its decimal point"
        yield f"slip_{side}", text(mean), f"about {usual:.3g}", message


def _usual(others: Sequence[Row], name: str) -> float | None:
    """Middle of the other studies' values where there are two or more and they are alike; else None."""
    values = [float(other[name]) for other in others if other.get(name)]
    if len(values) < 2:
        return None
    middle = median(values)
    alike = all(value * middle > 0 and max(value / middle, middle / value) <= _ALIKE for value in values)
    return middle if alike else None
