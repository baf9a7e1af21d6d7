"""The same numbers printed in two places, and what the text says of them."""

from collections.abc import Iterator
from dataclasses import replace

from reviewflow.tables import split_list

from . import normal
from .findings import Finding, Outcome, several
from .printed import interval
from .publication import Line, Publication, Row

_FIELDS = {
    "k": "number of studies", "estimate": "estimate", "ci_lower": "lower limit", "ci_upper": "upper limit",
    "p_value": "P",
}  # fmt: skip
_SIDES = {"lower": -1, "higher": 1}
_SAYS = {"lower": "lower", "higher": "higher", "differs": "different", "not_significant": "not significantly different"}


def checks(book: Publication) -> Iterator[Outcome]:
    """Text against table, and claims against results."""
    pairs = [(book.by_analysis[r["analysis"]], r) for r in book.lines["restated"] if r["analysis"] in book.by_analysis]
    about = "A number that is printed twice is the same number"
    yield Outcome("text_and_table", about, len(pairs), [f for row, again in pairs for f in _twice(book, row, again)])
    said = [
        (claim, book.by_analysis[name])
        for claim in book.lines["claims"]
        for name in split_list(claim["analyses"])
        if name in book.by_analysis and claim["claim"] in _SAYS
    ]
    judged = [(claim, row) for claim, row in said if row.side is not None]
    about = "What is said of a result has the direction and significance of its interval"
    yield Outcome("claim_and_result", about, len(judged), [f for c, row in judged for f in _claim(book, c, row)])
    yield _single(book, said)
    yield _counts(book, said)
    yield _effective(book)
    yield _emphasis(book)


def _twice(book: Publication, row: Row, again: Line) -> Iterator[Finding]:
    for name, word in _FIELDS.items():
        one, other = row.text[name], again[name]
        first, second = interval(one), interval(other)
        if first is None or second is None or first.meets(second):
            continue
        yield Finding(
            f"{row.analysis}/{again['location']}/{name}", "major", "certain",
            f"{book.name(row)}: {word} is {one} in {row.location} and {other} in {again['location']}",
            again["location"], (row.analysis,), row.studies, f"{one}; {other}", _fitting(row, again),
            again["quote"], "Correct the one that is wrong",
        )  # fmt: skip


def _fitting(row: Row, again: Line) -> str:
    """Which of the two printings agrees with itself."""
    other = replace(row, text={**row.text, **{name: again[name] for name in _FIELDS if again[name]}})
    verdicts = []
    for where, version in ((row.location, row), (again["location"], other)):
        if version.printed is None:
            return ""
        middle = normal.centre(version.printed)
        p = normal.p_value(version.printed) if middle.lower <= middle.upper else None
        good = p is not None and (version.p is None or p.meets(version.p))
        verdicts.append(f"{where} {'agrees' if good else 'does not agree'} with itself")
    return "; ".join(verdicts)


def _claim(book: Publication, claim: Line, row: Row) -> Iterator[Finding]:
    side, kind = row.side, claim["claim"]
    if kind == "not_significant":
        wrong = side != 0
    elif kind == "differs":
        wrong = side == 0
    else:
        wrong = side != _SIDES[kind]
    if not wrong:
        return
    fact = {0: "the interval includes no effect", -1: "it is lower", 1: "it is higher"}[side or 0]
    yield Finding(
        f"{claim['claim_id']}/{row.analysis}", "major", "certain",
        f"{book.name(row)}: said to be {_SAYS[kind]} ({claim['location']}), but {fact}",
        claim["location"], (row.analysis,), row.studies, row.shown, "A statement that the interval bears out",
        claim["quote"], "Correct the statement, or say that the difference was not significant",
    )  # fmt: skip


def _single(book: Publication, said: list[tuple[Line, Row]]) -> Outcome:
    """Significant results of one study alone; graver where the publication says that the study found no effect."""
    alone = [(claim, row) for claim, row in said if row.k == 1 and claim["claim"] != "not_significant"]
    rows = {row.analysis: row for _, row in alone}
    found = []
    for name, row in rows.items():
        places = dict.fromkeys(claim["location"] for claim, r in alone if r.analysis == name)
        denied = [s for s in row.studies if book.studies.get(s, {}).get("effective") == "no"]
        prominent = {"abstract", "conclusion"} & {claim["part"] for claim, r in alone if r.analysis == name}
        if not (denied or prominent):
            continue
        finding = f"{book.name(row)}: claimed in {', '.join(places)} on one study, {book.labels(row.studies)}"
        if denied:
            finding += ", of which the publication itself says that the treatment had no effect"
        quote = next(claim["quote"] for claim, r in alone if r.analysis == name)
        found.append(Finding(
            name, "major" if denied else "minor", "certain", finding, row.location, (name,), row.studies,
            f"{row.shown}, k 1", "A claim that names the one study", quote,
            "Say that the result is one study's" + (" and why it contradicts the study's own" if denied else ""),
        ))  # fmt: skip
    return Outcome("single_study_claim", "No claim of abstract or conclusion rests on one study", len(rows), found)


def _counts(book: Publication, said: list[tuple[Line, Row]]) -> Outcome:
    """Fewer, or more, events claimed than the counts themselves show."""
    counts: dict[str, list[Line]] = {}
    for line in book.lines["counts"]:
        counts.setdefault(line["analysis"], []).append(line)
    pairs = {row.analysis: (claim, row) for claim, row in reversed(said) if row.analysis in counts}
    pairs = {name: pair for name, pair in pairs.items() if pair[0]["claim"] in _SIDES and _whole(counts[name])}
    found = []
    for name, (claim, row) in pairs.items():
        e, c = (sum(int(line[f"events_{side}"]) for line in counts[name]) for side in "ec")
        if (e - c) * _SIDES[claim["claim"]] >= 0:
            continue
        sizes = [sum(int(line[f"n_{s}"]) for line in counts[name]) for s in "ec" if _sized(counts[name], s)]
        rates = len(sizes) == 2 and min(sizes) > 0
        if rates and (e / sizes[0] - c / sizes[1]) * _SIDES[claim["claim"]] > 0:
            continue
        places = dict.fromkeys(x["location"] for x, r in said if r.analysis == name)
        detail = "; ".join(f"{book.label(x['study'])}: {x['events_e']} v {x['events_c']}" for x in counts[name])
        found.append(Finding(
            name, "major", "certain" if rates else "likely",
            f"{book.name(row)}: said to be {claim['claim']} in the experimental arms ({', '.join(places)}), where the "
            f"printed counts are {e} participants with an event v {c}",
            claim["location"], (name,), row.studies, f"{row.shown}; {detail}", "Counts and arm sizes that bear it out",
            claim["quote"], "Ask for the number of participants and of events in each arm",
        ))  # fmt: skip
    return Outcome("claim_and_counts", "A claim of fewer or more events agrees with the counts", len(pairs), found)


def _whole(lines: list[Line]) -> bool:
    return all(str(line[f"events_{s}"]) not in ("", "<NA>", "None") for line in lines for s in "ec")


def _sized(lines: list[Line], side: str) -> bool:
    return all(str(line[f"n_{side}"]) not in ("", "<NA>", "None") for line in lines)


def _effective(book: Publication) -> Outcome:
    """Studies that one sentence calls effective and another place does not."""
    pairs = [
        (claim, study) for claim in book.lines["claims"] if claim["claim"] == "effective"
        for study in split_list(claim["studies"]) if book.studies.get(study, {}).get("effective")
    ]  # fmt: skip
    found = [
        Finding(
            f"{claim['claim_id']}/{study}", "moderate", "certain",
            f"{book.label(study)} is among the studies said to be effective ({claim['location']}), and is marked not "
            "effective elsewhere",
            claim["location"], (), (study,), "effective: no", "One verdict", claim["quote"],
            "Correct the sentence or the table",
        )
        for claim, study in pairs if book.studies[study]["effective"] == "no"
    ]  # fmt: skip
    return Outcome("claim_and_study", "What is said of a study is what its own row says", len(pairs), found)


def _emphasis(book: Publication) -> Outcome:
    """Abstract and conclusion against the last timepoint of each comparison."""
    prominent = [c for c in book.lines["claims"] if c["part"] in ("abstract", "conclusion")]
    named = {name for claim in prominent for name in split_list(claim["analyses"])}
    groups = {c: rows for c, rows in book.comparisons().items() if named & {r.analysis for r in rows}}
    found = []
    for comparison, rows in groups.items():
        timed = [r for r in rows if r.months is not None and r.side is not None]
        last = [r for r in timed if r.months == max(t.months or 0 for t in timed)]
        silent = [r for r in last if r.side == 0 and r.analysis not in named]
        shown = [r for r in rows if r.analysis in named]
        if len({r.months for r in timed}) < 2 or len(silent) < max(2, len(last)) or any(r.side == 0 for r in shown):
            continue
        p = "; ".join(f"{book.name(r)}: P {r.text['p_value']}" for r in silent)
        found.append(Finding(
            comparison, "major", "certain",
            f"All {several(len(silent), 'outcome')} at the longest follow-up of {comparison} "
            f"({last[0].timepoint}) are not significant, and abstract and conclusion name none of them",
            "abstract, conclusion", tuple(r.analysis for r in silent), (), p,
            "Longest follow-up reported beside the significant timepoints",
            f"They name {several(len(shown), 'row')} of {len(rows)}, all significant: "
            f"{', '.join(book.name(r) for r in shown)}",
            "Report all timepoints in the abstract, or say beforehand which one counts",
        ))  # fmt: skip
    about = "Abstract and conclusion do not leave out the longest follow-up where nothing is significant"
    return Outcome("selective_emphasis", about, len(groups), found)
