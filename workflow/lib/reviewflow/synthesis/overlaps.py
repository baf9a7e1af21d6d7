"""Studies that may have the same participants, as people ruled, in the analyses that hold both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
_SAID = {
    "open": "nobody has ruled", "overlapping": "overlapping", "unclear": "unclear", "same_study": "one study twice",
}  # fmt: skip


def left_out(studies: Collection[str], pairs: Sequence[Row]) -> dict[str, str]:
    """Of studies in one analysis those that overlap with one that is to be used instead, each with the reason.

    A study gives way only to one that itself stays, so that no chain of pairs empties an analysis; where each of
    several is to give way to the next in a circle, all stay.
    """
    better: dict[str, set[str]] = {study: set() for study in studies}
    for pair in _held(studies, pairs):
        if pair["verdict"] == "overlapping" and pair["use"] in (pair["study_a"], pair["study_b"]):
            other = pair["study_b"] if pair["use"] == pair["study_a"] else pair["study_a"]
            better[other].add(pair["use"])
    stays: set[str] = set()
    goes: dict[str, str] = {}
    moved = True
    while moved:
        open_ = sorted(set(better) - stays - set(goes))
        now = {study for study in open_ if better[study] <= set(goes)}
        gone = {study: min(better[study] & stays) for study in open_ if better[study] & stays}
        goes |= {study: f"left out: ruled to overlap with {other}, which is used" for study, other in gone.items()}
        stays |= now
        moved = bool(now or gone)
    return goes


def note(studies: Collection[str], pairs: Sequence[Row]) -> str:
    """Which studies of one analysis may have participants in common; blank where none."""
    named = [
        f"{pair['study_a']} and {pair['study_b']} ({_SAID[pair['verdict']]})"
        for pair in _held(studies, pairs)
        if pair["verdict"] in _SAID
    ]
    return f"studies that may have participants in common: {', '.join(named)}" if named else ""


def _held(studies: Collection[str], pairs: Sequence[Row]) -> Iterator[Row]:
    return (pair for pair in pairs if pair["study_a"] in studies and pair["study_b"] in studies)
