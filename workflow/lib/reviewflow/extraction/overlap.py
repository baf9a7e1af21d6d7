"""Studies that may have the same participants: who has authors, a registration, a centre in common. People rule on each
pair; nothing is merged or left out for it here."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from reviewflow.tables import join_list, split_list
from reviewflow.text import fold, trial_ids

from .links import shared_reports
from .rows import Key, Row, rows_of

# Points of each thing in common. They order the pairs for whoever rules and are no probability; a registration or a
# report in common says more than everything else together that is common among teams of one country.
_REGISTRATION, _REPORT, _CENTRE, _PERIOD, _N = 4, 4, 2, 1, 1
_AUTHORS_AT_MOST = 3
# Two authors in common, or one in a team of three at most: names such as Wang Y are too frequent for one to say much.
_AUTHORS, _SHARE = 2, 1 / 3
# A given name that is written as initials behind the family name, as MEDLINE does.
_INITIALS = re.compile(r"[A-Z]{1,4}")


class Study(NamedTuple):
    """What is compared of a study."""

    reports: list[str]
    authors: list[frozenset[str]]
    registrations: frozenset[str]
    centres: frozenset[str]
    period: tuple[str, str] | None
    n: int | None


def overlaps(
    studies: Mapping[str, Row],
    arms: Mapping[Key, Row],
    reports: Mapping[str, list[str]],
    bibliography: pd.DataFrame,
    rulings: pd.DataFrame,
) -> list[Row]:
    """Rows of results/extraction/overlaps: each pair that has something in common or that was ruled on.

    `studies` and `arms` are the settled lines by study_id and key, `reports` the included reports of each study,
    `bibliography` is results/dedupe/reports, `rulings` records/extraction/overlaps.
    """
    fields = {row["report_id"]: row for row in rows_of(bibliography)}
    known = {study: _study(study, studies.get(study, {}), arms, reports[study], fields) for study in sorted(reports)}
    ruled = {tuple(sorted((row["study_a"], row["study_b"]))): row for row in rows_of(rulings)}
    found: list[Row] = []
    for one, other in combinations(known, 2):
        common = _common(known[one], known[other], shared_reports(reports, one, other))
        ruling = ruled.get((one, other))
        if common["why"] or ruling:
            decided = {part: (ruling or {}).get(part) for part in ("use", "ruled_by", "ruled_at", "note")}
            verdict = ruling["verdict"] if ruling else "open"
            found.append({"study_a": one, "study_b": other, **common, "verdict": verdict, **decided})
    return found


def _study(study: str, line: Row, arms: Mapping[Key, Row], reports: Sequence[str], fields: Mapping[str, Row]) -> Study:
    of_reports = [fields.get(report, {}) for report in reports]
    texts = [" ".join(str(row.get(part) or "") for part in ("title", "abstract", "notes")) for row in of_reports]
    listed = [name for row in of_reports for name in split_list(row.get("trial_ids") or "")]
    extracted = split_list(line.get("registration") or "")
    numbers = {*listed, *extracted, *(name for text in [*texts, *extracted] for name in trial_ids(text))}
    dates = (line.get("recruited_from"), line.get("recruited_to"))
    sizes = [row["n"] for key, row in arms.items() if key[0] == study]
    return Study(
        list(reports),
        [frozenset(filter(None, map(author_key, split_list(row.get("authors") or "")))) for row in of_reports],
        frozenset(fold(number).replace(" ", "").upper() for number in numbers),
        frozenset(fold(centre) for centre in split_list(line.get("centre") or "")),
        (str(dates[0]), str(dates[1])) if all(dates) else None,
        sum(sizes) if sizes and None not in sizes else None,
    )


@cache
def author_key(name: str) -> str:
    """Surname and first initial, as databases abbreviate names: "wang d" of Wang, Dandan; Wang DD; Dandan Wang. A name
    without blanks, as Chinese characters are written, stands as it is."""
    surname, comma, given = name.partition(",")
    words = name.split()
    if not comma and len(words) > 1:
        *first, last = words
        initials = _INITIALS.fullmatch(last.replace(".", "").replace("-", "")) is not None
        surname, given = (" ".join(first), last) if initials else (last, first[0])
    return " ".join(filter(None, [fold(surname), fold(given)[:1]]))


def _common(one: Study, other: Study, shared: Collection[str]) -> Row:
    """What two studies have in common, in words and in points; nothing in `why` where it is not worth a look."""
    authors, worth = _authors(one, other)
    numbers = sorted(one.registrations & other.registrations)
    centres = sorted(one.centres & other.centres)
    periods = _periods(one.period, other.period)
    same_n = one.n if one.n is not None and one.n == other.n else None
    strong = bool(numbers or shared or worth or (centres and periods != "apart"))
    score = _REGISTRATION * bool(numbers) + _REPORT * bool(shared) + min(len(authors), _AUTHORS_AT_MOST)
    score += _CENTRE * bool(centres) + _PERIOD * (periods == "overlap") + _N * (same_n is not None)
    why = _words(authors, numbers, shared, centres, periods, same_n) if strong else []
    return {
        "why": join_list(why),
        "shared_authors": len(authors),
        "same_registration": join_list(numbers),
        "same_report": join_list(shared),
        "same_centre": join_list(centres),
        "periods": periods,
        "same_n": same_n,
        "score": score,
    }


def _authors(one: Study, other: Study) -> tuple[list[str], bool]:
    """Authors in common of any two of their reports, and whether they are so many that it is worth a look. A report
    that is linked to both studies says nothing by its authors."""
    pairs = [
        (a, b)
        for report_a, a in zip(one.reports, one.authors, strict=True)
        for report_b, b in zip(other.reports, other.authors, strict=True)
        if report_a != report_b
    ]
    worth = any(
        len(a & b) >= _AUTHORS or (a & b and len(a & b) >= _SHARE * min(len(a), len(b))) for a, b in pairs if a and b
    )
    return sorted({name for a, b in pairs for name in a & b}), worth


def _periods(one: tuple[str, str] | None, other: tuple[str, str] | None) -> str:
    """overlap or apart; a month or a year reaches from its first day to its last. Blank where either is not known."""
    if one is None or other is None:
        return ""
    # "2013-06" <= "2013-06-30": a shorter date that begins a longer one is within it.
    together = one[0] <= f"{other[1]}~" and other[0] <= f"{one[1]}~"
    return "overlap" if together else "apart"


def _words(
    authors: Sequence[str],
    numbers: Sequence[str],
    shared: Collection[str],
    centres: Sequence[str],
    periods: str,
    same_n: int | None,
) -> Iterator[str]:
    if numbers:
        yield f"registration {', '.join(numbers)}"
    if shared:
        yield f"one report for both: {', '.join(shared)}"
    if authors:
        yield f"{len(authors)} author{'s' if len(authors) > 1 else ''} in common: {', '.join(authors)}"
    if centres:
        yield f"centre: {', '.join(centres)}"
    if periods:
        yield "periods of recruitment overlap" if periods == "overlap" else "periods of recruitment are apart"
    if same_n is not None:
        yield f"{same_n} participants each"


def overlap_faults(rows: Sequence[Row], known: Collection[str]) -> Iterator[tuple[Row, tuple[str, str, str]]]:
    """Each row of records/extraction/overlaps at fault, with column, problem and mend; `known` are the studies of
    study_reports.csv."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        pair = (row["study_a"], row["study_b"])
        for column, study in zip(("study_a", "study_b"), pair, strict=True):
            if study not in known:
                yield row, (column, f'"{study}" is not in study_reports.csv', "add it there or correct it here")
        if pair[0] == pair[1]:
            yield row, ("study_b", f'"{pair[1]}" is study_a, too', "name the two studies that were compared")
        if tuple(sorted(pair)) in seen:
            yield row, ("study_a", "the pair was ruled on before", "keep one line a pair, in whichever order")
        seen.add(tuple(sorted(pair)))
        if row["use"] is not None and (row["use"] not in pair or row["verdict"] != "overlapping"):
            mend = "name one of the two where they overlap, else leave it blank"
            yield row, ("use", f'"{row["use"]}" cannot be the study that is kept', mend)
