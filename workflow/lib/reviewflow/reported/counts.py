"""Counts of events against the estimate that is printed for them, and against printed percentages."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from . import search
from .findings import Finding, Outcome, several
from .normal import quantiles, standard_error
from .printed import Interval, interval
from .publication import Line, Publication, Row

# Arms whose size is not printed are searched up to this where no printed total bounds them.
_LARGEST_ARM = 400
# Sets of counts times methods that one search may look at: some seconds.
_BUDGET = 40_000_000
# Tables of one study that are held at once: four floats each, and some thirty more while they are looked at.
_HELD = 2_000_000
_SHOWN = 4


def checks(book: Publication) -> Iterator[Outcome]:
    """The checks of counts."""
    ordered = sorted(book.lines["counts"], key=itemgetter("analysis"))
    by_analysis = {name: list(found) for name, found in groupby(ordered, itemgetter("analysis"))}
    rows = [(book.by_analysis[name], found) for name, found in by_analysis.items() if name in book.by_analysis]
    rows = [(row, found) for row, found in rows if row.printed and row.measure in ("OR", "RR", "PETO", "POR")]
    about = "Some counts that the print allows give the printed estimate, interval, P and P of Q, by some usual method"
    yield Outcome("counts_give_estimate", about, len(rows), [f for row, c in rows for f in _reproduced(book, row, c)])
    percents = [(c, side) for c in book.lines["counts"] for side in "ec" if _has_percent(c, side)]
    found = [f for c, side in percents for f in _percent(book, c, side)]
    yield Outcome("percentages", "Printed percentages are those of the printed counts", len(percents), found)
    arms = [(c, side) for c in book.lines["counts"] for side in "ec" if _filled(c, f"events_{side}", f"n_{side}")]
    found = [_too_many(book, c, side) for c, side in arms if c[f"events_{side}"] > c[f"n_{side}"]]
    yield Outcome("events_within_arm", "No arm has more participants with an event than participants", len(arms), found)


def _filled(line: Line, *names: str) -> bool:
    return all(not _blank(line[name]) for name in names)


def _blank(value: object) -> bool:
    return str(value) in ("", "<NA>", "None", "nan")


def _whole(value: object) -> int | None:
    return None if _blank(value) else int(str(value))


def _reproduced(book: Publication, row: Row, counts: Sequence[Line]) -> Iterator[Finding]:
    """Nothing where counts as printed give the row; else which do, when one study is set free."""
    target, totals = _target(row), _totals(book, row)
    scopes = [("arms as printed", [_tables(c, totals) for c in counts], totals)]
    scopes += [("arms up to 400 where none is printed", [_tables(c, None) for c in counts], (math.inf, math.inf))]
    if any(_filled(c, "n_e") or _filled(c, "n_c") for c in counts):
        free = [_tables({**c, "n_e": None, "n_c": None}, totals) for c in counts]
        scopes.append(("no arm held fixed", free, totals))
    tried: list[str] = []
    for label, tables, bounds in scopes:
        result = _searched(tables, target, bounds)
        if result is not None and result.matches:
            if not tried:
                return
            tried.append(f"{label}: {several(result.matches, 'match', 'matches')}")
        elif result is not None:
            tried.append(f"{label}: {result.evaluations:,} evaluations, no match, {_errors(result)}")
        else:
            tried.append(f"{label}: too many to search")
    if not any("no match" in said for said in tried):
        return
    assert row.printed is not None
    needed = standard_error(row.printed)
    known = "; ".join(_said(book, c) for c in counts)
    unbounded = all("no match" in said for said in tried)
    yield Finding(
        row.analysis, "critical", "certain" if unbounded and not target.random else "likely",
        f"{book.name(row)}: no arm sizes give {row.shown} with the printed events, by {_methods(target)}",
        row.location, (row.analysis,), [c["study"] for c in counts], f"{row.shown}; {known}",
        f"Standard error of the logarithm {needed}", "; ".join(tried),
        "Ask for the 2x2 table of each study behind the row",
    )  # fmt: skip
    yield from _other_study(book, row, counts, target)


def _other_study(book: Publication, row: Row, counts: Sequence[Line], target: search.Target) -> Iterator[Finding]:
    """Whether the row comes out once the counts of one study are left open, the others held as printed."""
    totals = _totals(book, row)
    for i, freed in enumerate(counts):
        others = [c for j, c in enumerate(counts) if j != i]
        if not others or not all(_filled(c, "events_e", "n_e", "events_c", "n_c") for c in others):
            continue
        used = [sum(int(c[f"n_{side}"]) for c in others) for side in "ec"]
        room = [int(min(t, _LARGEST_ARM + u)) - u for t, u in zip(totals, used, strict=True)]
        open_ = _made((None, None), (range(1, room[0] + 1), range(1, room[1] + 1)))
        result = _searched([open_, *(_tables(c, totals) for c in others)], target, totals)
        if result is not None and result.matches:
            yield _swapped(book, row, freed, others, result)


def _swapped(book: Publication, row: Row, freed: Line, others: Sequence[Line], result: search.Result) -> Finding:
    name = book.label(freed["study"])
    shown = [f"{method}: {_pairs(found)}" for method, found in result.tables.items()]
    candidates = [
        s for s in dict.fromkeys(s for r in book.rows if r.comparison == row.comparison for s in r.studies)
        if s not in {freed["study"], *(c["study"] for c in others)}
    ]  # fmt: skip
    smallest = min(min(t[:, 1].min(), t[:, 3].min()) for t in result.tables.values())
    silent = [m for m in search.methods(_target(row)) if m not in result.tables]
    unmatched = f"; none by {', '.join(silent)}" if silent else ""
    fits = f"; {book.labels(candidates)} would be other studies of the comparison" if candidates else ""
    return Finding(
        f"{row.analysis}/{freed['study']}", "critical", "hint",
        f"{book.name(row)}: the row does come out where the study beside {book.labels([c['study'] for c in others])} "
        f"has other counts than {name}: another study may have been pooled{fits}",
        row.location, (row.analysis,), (freed["study"],), row.shown, "; ".join(shown),
        f"{result.evaluations:,} evaluations, {several(result.matches, 'table')} of the other study "
        f"{'matches' if result.matches == 1 else 'match'}{unmatched}; its smaller arm has {smallest:.0f} participants "
        "or more. Tables are events/arm, experimental v control; a table and its transpose cannot be told apart",
        f"Ask which study stands in the row in place of {name}, by which method it was pooled, and with which counts",
    )  # fmt: skip


def _pairs(found: search.Floats) -> str:
    told = [f"{a:.0f}/{n1:.0f} v {c:.0f}/{n2:.0f}" for a, n1, c, n2 in found[:_SHOWN, :4]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(told) + more


def _searched(
    tables: Sequence[search.Floats | None], target: search.Target, totals: tuple[float, float]
) -> search.Result | None:
    """What `search` finds; None where there is too much to search."""
    whole = [t for t in tables if t is not None]
    return search.search(whole, target, totals, _BUDGET) if len(whole) == len(tables) else None


def _made(events: tuple[int | None, int | None], sizes: tuple[range, range]) -> search.Floats | None:
    """The tables, None where memory could not hold them."""
    return search.tables(events, sizes) if search.many(events, sizes) <= _HELD else None


def _tables(line: Line, totals: tuple[float, float] | None) -> search.Floats | None:
    sizes = []
    for side, total in zip("ec", totals or (math.inf, math.inf), strict=True):
        n, events = _whole(line[f"n_{side}"]), _whole(line[f"events_{side}"]) or 0
        largest = int(min(total, _LARGEST_ARM))
        sizes.append(range(n, n + 1) if n is not None else range(max(events, 1), largest + 1))
    return _made((_whole(line["events_e"]), _whole(line["events_c"])), (sizes[0], sizes[1]))


def _target(row: Row) -> search.Target:
    assert row.printed is not None
    p = row.printed
    measure = "RR" if row.measure == "RR" else "OR"
    z = quantiles(row.level)[0]
    return search.Target(p.estimate, p.lower, p.upper, z, row.p, row.q_p, measure, row.model == "random")


def _totals(book: Publication, row: Row) -> tuple[float, float]:
    """Printed totals of the arms over studies among which are all of the row."""
    found = []
    for kind in ("participants_experimental", "participants_control"):
        bounds = [t["printed"] for t in book.lines["totals"] if t["counts"] == kind and _covers(t, row)]
        found.append(float(min(bounds)) if bounds else math.inf)
    return found[0], found[1]


def _covers(total: Line, row: Row) -> bool:
    return set(row.studies) <= {s.strip() for s in total["studies"].split(";")}


def _errors(result: search.Result) -> str:
    if not math.isfinite(result.least):
        return "none with the printed estimate"
    return f"standard error {result.least:.3f} or more where the estimate fits"


def _methods(target: search.Target) -> str:
    return " or ".join(search.methods(target)).replace("MH", "Mantel-Haenszel").replace("IV", "inverse variance")


def _said(book: Publication, line: Line) -> str:
    sides = [f"{_cell(line['events_' + s])}/{_cell(line['n_' + s])}" for s in "ec"]
    return f"{book.label(line['study'])} {sides[0]} v {sides[1]}"


def _cell(value: object) -> str:
    return "?" if _blank(value) else str(value)


def _has_percent(line: Line, side: str) -> bool:
    return bool(line[f"percent_{side}"]) and _filled(line, f"events_{side}", f"n_{side}") and int(line[f"n_{side}"]) > 0


def _percent(book: Publication, line: Line, side: str) -> Iterator[Finding]:
    printed = interval(line[f"percent_{side}"])
    true = 100 * int(line[f"events_{side}"]) / int(line[f"n_{side}"])
    if printed is not None and not printed.meets(Interval(true, true)):
        yield Finding(
            f"{line['analysis']}/{line['study']}/{side}", "moderate", "certain",
            f"{book.label(line['study'])}: {line[f'percent_{side}']} % is not "
            f"{line[f'events_{side}']} of {line[f'n_{side}']}",
            line["location"], (line["analysis"],), (line["study"],), line[f"percent_{side}"], f"{true:.2f} %",
            line["quote"], "Ask which of the three numbers is misprinted",
        )  # fmt: skip


def _too_many(book: Publication, line: Line, side: str) -> Finding:
    return Finding(
        f"{line['analysis']}/{line['study']}/{side}", "major", "certain",
        f"{book.label(line['study'])}: {line[f'events_{side}']} participants with an event of {line[f'n_{side}']}",
        line["location"], (line["analysis"],), (line["study"],), _said(book, line), "No more than the arm has",
        line["quote"], "Ask whether events were counted instead of participants",
    )  # fmt: skip
