"""What a publication does not report, and what its tables have too much or too little of."""

import re
from collections import Counter
from collections.abc import Iterator

from reviewflow.tables import split_list

from .findings import Finding, Outcome, several
from .publication import Publication, Row

# PRISMA 2020 (Page and others 2021, BMJ 372:n71) asks for each of these.
_REPORTED = {
    "search_strategy": "full search strategies with dates and hits of each source",
    "flow_numbers": "the numbers of the flow diagram",
    "excluded_studies": "studies excluded at full text, with reasons",
    "protocol": "a protocol or registration",
    "risk_of_bias": "risk of bias of each study",
    "certainty": "certainty of the evidence",
    "publication_bias": "bias from missing results",
    "sensitivity": "sensitivity or subgroup analyses",
    "data": "the numbers of each study",
    "reporting_guideline": "a reporting guideline",
    "binary_method": "how counts were pooled",
    "correlation": "how the correlation of before and after was handled",
}
_MANY_TESTS = 10
_HIGH = 0.001
_FEW = 3
_LENGTH = 9
_USUAL = 3
_DISTANCE = 2


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of reporting."""
    yield _missing(book)
    yield _tests(book)
    yield _single(book)
    yield _units(book)
    yield _i2(book)
    yield _heterogeneous(book)
    yield _entries(book)
    yield _dashes(book)


def _all(subject: str, severity: str, said: str, rows: list[Row], **more: str) -> Finding:
    places = ", ".join(dict.fromkeys(row.location for row in rows))
    return Finding(subject, severity, "certain", said, places, tuple(row.analysis for row in rows), **more)


def _missing(book: Publication) -> Outcome:
    lines = [line for line in book.lines["statements"] if line["statement"] in _REPORTED]
    found = [
        Finding(
            line["statement"], "moderate" if line["value"] == "no" else "minor", "certain",
            f"{'Not' if line['value'] == 'no' else 'Only partly'} reported: {_REPORTED[line['statement']]}",
            line["location"], (), (), line["value"], "yes", line["quote"], "Report it",
        )
        for line in lines if line["value"].lower() in ("no", "partly")
    ]  # fmt: skip
    return Outcome("reporting", "What PRISMA 2020 asks for is reported", len(lines), found)


def _tests(book: Publication) -> Outcome:
    rows = [row for row in book.rows if row.p]
    asked = [book.statement(name) for name in ("primary_outcome", "multiplicity")]
    said_no = [line for line in asked if line and line["value"].lower() == "no"]
    if len(rows) < _MANY_TESTS or len(said_no) < len(asked):
        return Outcome("many_tests", "Many tests have a primary outcome or a correction", len(rows), [])
    low = [row for row in rows if row.p and row.p.upper <= book.alpha]
    finding = _all(
        "all", "moderate", f"{len(rows)} tests without a primary outcome or a correction; {len(low)} have P below "
        f"{book.alpha:g}", rows, expected="One outcome and timepoint named beforehand, or corrected P",
        evidence=f"With no effect anywhere, {len(rows) * book.alpha:.1f} of {len(rows)} would be expected",
        ask="Ask for the protocol",
    )  # fmt: skip
    return Outcome("many_tests", "Many tests have a primary outcome or a correction", len(rows), [finding])


def _single(book: Publication) -> Outcome:
    rows = [row for row in book.rows if row.k is not None]
    alone = [row for row in rows if row.k == 1 and row.model]
    found = [
        _all(c or "all", "minor", f"{len(listed)} of {len([r for r in rows if r.comparison == c])} rows{_of(c)} are of "
             "one study and have a model all the same", listed, expected="Results of single studies, named as such",
             ask="Show them apart from pooled rows")
        for c in dict.fromkeys(row.comparison for row in alone)
        if (listed := [row for row in alone if row.comparison == c])
    ]  # fmt: skip
    return Outcome("single_study_rows", "Rows of one study are not shown as pooled", len(rows), found)


def _of(comparison: str) -> str:
    return f" of {comparison}" if comparison else ""


def _units(book: Publication) -> Outcome:
    """Units stand in config's outcomes, so that of a row whose outcome is not said nothing is known."""
    rows = [row for row in book.rows if row.printed and not row.ratio and row.measure not in ("SMD", "RD")
            and row.outcome]  # fmt: skip
    bare = [row for row in rows if not row.unit]
    names = ", ".join(dict.fromkeys(book.names.get(row.outcome, row.outcome) for row in bare))
    found = [_all("all", "moderate", f"No unit is printed for {names}", bare, expected="A unit for each outcome",
                  ask="Ask for the units")] if bare else []  # fmt: skip
    return Outcome("units", "Each mean difference has a unit", len(rows), found)


def _i2(book: Publication) -> Outcome:
    line = book.statement("i2")
    rows = [row for row in book.rows if row.k is not None and row.k > 1]
    bare = [row for row in rows if not row.text["i2"]]
    found = [_all("all", "minor", f"I2 is said to have been used, and {len(bare)} of {len(rows)} rows with two studies "
                  "or more do not print it", bare, expected="I2 and tau2", evidence=line["quote"], ask="Print both")
             ] if bare and line and line["value"] == "yes" else []  # fmt: skip
    return Outcome("i2_printed", "I2 is printed where it is said to have been used", len(rows) if line else 0, found)


def _heterogeneous(book: Publication) -> Outcome:
    rows = [row for row in book.rows if row.k is not None and row.k > 1 and row.q_p]
    high = [row for row in rows if row.k is not None and row.k <= _FEW and row.q_p and row.q_p.upper <= _HIGH]
    named = "; ".join(f"{book.name(r)} (k {r.k}, P of Q {r.text['q_p']})" for r in high)
    found = [_all(
        "all", "moderate", f"{several(len(high), 'row')} of two or three studies {'has' if len(high) == 1 else 'have'} "
        f"P of Q below {_HIGH:g}", high, printed=named, expected="The effects of the studies side by side",
        evidence="With so few, a random-effects estimate is little more than the plain mean of results that differ",
        ask="Ask for the effect of each study",
    )] if high else []  # fmt: skip
    return Outcome("high_heterogeneity", "No few studies that differ much are pooled", len(rows), found)


def _entries(book: Publication) -> Outcome:
    """Entries of the reference list with a name, a word or pages that look wrong."""
    lines = book.lines["reference_list"]
    usual = Counter(w for line in lines for w in {*_words(line["title"])})
    found = []
    for line in lines:
        odd = [f'author "{a}"' for a in split_list(line["authors"]) if re.fullmatch(r"\S{1,1}\s+\S{1,2}\.?", a)]
        odd += [f'"{w}" (elsewhere "{near}")' for w in _words(line["title"]) if (near := _meant(w, usual))]
        if line["pages"].isdigit() and line["volume"] == line["year"] and line["doi"]:
            odd.append(f"pages {line['pages']} beside volume {line['volume']}: a number of pages")
        if odd:
            found.append(Finding(
                str(line["number"]), "minor", "likely", f"Entry {line['number']}: {'; '.join(odd)}",
                "reference list", (), (), line["title"], "", "", "Correct the entry",
            ))  # fmt: skip
    return Outcome("reference_list", "Entries of the reference list look right", len(lines), found)


def _words(title: str) -> list[str]:
    return [w for w in re.findall(r"[a-z]+", title.casefold()) if len(w) >= _LENGTH]


def _meant(word: str, usual: Counter[str]) -> str:
    """A usual word with the same ends that a slip or two turn into this one, which stands in one title alone."""
    if usual[word] > 1:
        return ""
    near = [u for u, n in usual.items() if n >= _USUAL and u != word and u[0] == word[0] and u[-2:] == word[-2:]
            and abs(len(u) - len(word)) <= _DISTANCE and _distance(word, u) <= _DISTANCE]  # fmt: skip
    return near[0] if near else ""


def _distance(one: str, other: str) -> int:
    """Insertions, deletions and replacements from one word to another (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, before = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def _dashes(book: Publication) -> Outcome:
    """Ranges that lost their dash in the text at hand, such as [2123] for [21-23], in what rows cite and in quotes."""
    cells = [(row.location, row.analysis, row.cited) for row in book.rows if row.cited]
    quoted = [line for name in ("claims", "totals") for line in book.lines[name]]
    marks = re.compile(r"\[[\d, \u2010-\u2013-]+\]")
    cells += [(q["location"], "", mark) for q in quoted for mark in marks.findall(q["quote"])]
    known = [int(s["number"]) for s in book.studies.values() if str(s["number"]).isdigit()]
    largest = max([*known, *(int(line["number"]) for line in book.lines["reference_list"])], default=0)
    lost: dict[str, list[tuple[str, str, str]]] = {}
    for cell in cells:
        for token in re.findall(r"\d+", cell[2]):
            if largest and int(token) > largest:
                lost.setdefault(token, []).append(cell)
    found = []
    for token, listed in lost.items():
        mended = numbers(token, largest)
        told = f"{mended[0]}-{mended[-1]}" if mended[-1] <= largest else ""
        said = f"[{token}] is no number of the reference list" + (f": {told} without its dash" if told else "")
        rows = tuple(dict.fromkeys(analysis for _, analysis, _ in listed if analysis))
        places = ", ".join(dict.fromkeys(place for place, _, _ in listed))
        ask = "Correct the text at hand, not the publication"
        found.append(Finding(token, "info", "certain", said, places, rows, (), listed[0][2], told, "", ask))
    return Outcome(
        "lost_dashes", "Every number cited is one of the reference list", len(cells) if largest else 0, found
    )


def numbers(cited: str, largest: int) -> list[int]:
    """The numbers of a list such as [21-23, 25], ranges written out, lost dashes restored where only that fits."""
    found: list[int] = []
    for low, high in re.findall(r"(\d+)(?:\s*[-\u2010-\u2013]\s*(\d+))?", cited):
        half = len(low) // 2
        if not high and int(low) > largest and len(low) % 2 == 0 and 0 < int(low[:half]) < int(low[half:]) <= largest:
            low, high = low[:half], low[half:]  # noqa: PLW2901 the range that it was
        found += range(int(low), int(high or low) + 1)
    return found
