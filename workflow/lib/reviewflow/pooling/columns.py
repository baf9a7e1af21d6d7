"""The numbers of the studies of a file, checked for what cannot be."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from reviewflow.faults import Fault

from .batch import Array, Mask
from .choice import BINARY, COLUMNS
from .csvfile import Table

_REPORT = "check it against the report"
_Rule = tuple[tuple[str, ...], str, Callable[..., Mask]]
# What a number, or two together, cannot be. n need not be whole: a shared control group is divided.
_RULES: tuple[_Rule, ...] = (
    *(((n,), "is not above 0", lambda x: x <= 0) for n in ("n1i", "n2i", "ni", "t1i", "t2i", "hr", "ci_lower")),
    *(((n,), "is below 0", lambda x: x < 0) for n in ("ai", "bi", "ci", "di", "x1i", "x2i", "xi", "sd1i", "sd2i")),
    *(((n,), "is below 0", lambda x: x < 0) for n in ("vi", "sei")),
    (("ri",), "is no correlation", lambda r: np.abs(r) > 1),
    (("ai", "n1i"), "is more events than participants", lambda x, n: x > n),
    (("ci", "n2i"), "is more events than participants", lambda x, n: x > n),
    (("xi", "ni"), "is more events than participants", lambda x, n: x > n),
    (("ci_lower", "ci_upper"), "is not below the upper limit", lambda low, high: low >= high),
    (("hr", "ci_lower", "ci_upper"), "lies outside its interval", lambda hr, low, high: (hr < low) | (hr > high)),
)


def columns(table: Table, measure: str) -> tuple[dict[str, Array], list[Fault]]:
    """The columns that a measure is made of, by escalc's names, and every fault in them: a column that is missing, a
    cell that is no number, a number that cannot be. With bi and di in place of n1i and n2i, and sei in place of vi."""
    names = _names(table, measure)
    faults = list(table.missing(names, _mend(measure)))
    found: dict[str, Array] = {}
    for name in names:
        if table.has(name):
            found[name], wrong = table.numbers(name)
            faults += wrong
    faults += [*_impossible(table, found), *_sums(table)]
    if "bi" in found and "di" in found:
        cells = {n: found.pop(n) for n in ("ai", "bi", "ci", "di") if n in found}
        if len(cells) == 4:
            found |= {"ai": cells["ai"], "n1i": cells["ai"] + cells["bi"]}
            found |= {"ci": cells["ci"], "n2i": cells["ci"] + cells["di"]}
    if "sei" in found:
        found["vi"] = found.pop("sei") ** 2
    return found, faults


def _sums(table: Table) -> Iterator[Fault]:
    """A fault where events and non-events do not make up the participants that are given beside them."""
    for events, others, n in (("ai", "bi", "n1i"), ("ci", "di", "n2i")):
        if all(table.has(name) for name in (events, others, n)):
            a, b, total = (table.numbers(name)[0] for name in (events, others, n))
            for i in np.flatnonzero(np.abs(a + b - total) > 1e-9 * np.abs(total)).tolist():
                problem = f"{n} {total[i]:g} is not {events} {a[i]:g} and {others} {b[i]:g}"
                yield Fault(table.file, table.line(i), n, problem, _REPORT)


def _names(table: Table, measure: str) -> tuple[str, ...]:
    raw = COLUMNS[measure]
    if measure in BINARY and table.has("bi") and not table.has("n1i"):
        raw = ("ai", "bi", "ci", "di")
    generic = ("yi", "vi") if table.has("vi") or not table.has("sei") else ("yi", "sei")
    whole = all(table.has(name) for name in generic)
    if not any(table.has(name) for name in raw) or (whole and not all(table.has(name) for name in raw)):
        return generic
    return (*raw, *generic) if whole else raw


def left_alone(table: Table, measure: str) -> str:
    """What a reader must know where some of the columns of a measure are missing, so that yi and vi are taken."""
    raw = COLUMNS[measure]
    there = [name for name in raw if table.has(name)]
    if not there or _names(table, measure)[0] != "yi":
        return ""
    lacking = ", ".join(name for name in raw if name not in there)
    return f"yi and the variance beside it are taken, not {', '.join(there)}: there is no {lacking}"


def _mend(measure: str) -> str:
    raw = COLUMNS[measure]
    return "give yi and vi (or sei)" + (f", or {', '.join(raw)}" if raw else "")


def _impossible(table: Table, found: Mapping[str, Array]) -> Iterator[Fault]:
    for names, problem, wrong in _RULES:
        if all(name in found for name in names):
            with np.errstate(invalid="ignore"):
                places = np.flatnonzero(wrong(*(found[name] for name in names)))
            for i in places.tolist():
                shown = " with ".join(f"{name} {found[name][i]:g}" for name in names)
                yield Fault(table.file, table.line(i), names[0], f"{shown} {problem}", _REPORT)
