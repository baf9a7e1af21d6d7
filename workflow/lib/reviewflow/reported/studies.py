"""Studies behind the rows: how many, which, how often, of what kind, with how many participants."""

from collections.abc import Iterator
from itertools import combinations

from reviewflow.tables import split_list

from .findings import Finding, Outcome, several
from .publication import Line, Publication, Row

# Names that two lists of authors share by chance are common ones; two of them seldom.
_SHARED = 2


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of studies."""
    yield _counted(book)
    yield _usual_study(book)
    yield _two_designs(book)
    yield from _totals(book)
    yield _sizes(book)
    yield _endpoints(book)
    yield _authors(book)
    yield _population(book)


def _counted(book: Publication) -> Outcome:
    rows = [row for row in book.rows if row.k is not None and row.studies]
    found = [
        Finding(
            row.analysis, "major", "certain",
            f"{book.name(row)}: {several(row.k or 0, 'study', 'studies')} in the table, "
            f"{len(set(row.studies))} in the text",
            row.location, (row.analysis,), row.studies, f"k {row.k}; {row.cited or book.labels(row.studies)}",
            f"k {len(set(row.studies))}", "Studies of the row counted", "Ask which studies are in the row",
        )
        for row in rows if row.k != len(set(row.studies))
    ]  # fmt: skip
    return Outcome("k_and_studies", "k is the number of studies that the row is said to rest on", len(rows), found)


def _usual_study(book: Publication) -> Outcome:
    """A row of one study where every other single-study row of that comparison and time is another study's."""
    groups: dict[tuple[str, float], list[Row]] = {}
    for row in book.rows:
        if row.k == 1 and len(row.studies) == 1 and row.months is not None:
            groups.setdefault((row.comparison, row.months), []).append(row)
    found, examined = [], 0
    for rows in groups.values():
        if len(rows) < 4:
            continue
        examined += len(rows)
        for row in rows:
            others = {r.studies[0] for r in rows if r is not row}
            (other,) = others if len(others) == 1 else ("",)
            if other and other != row.studies[0] and row.outcome in split_list(_outcomes(book, other)):
                found.append(Finding(
                    row.analysis, "major", "hint",
                    f"{book.name(row)}: said to be {book.labels(row.studies)}; the {len(rows) - 1} other rows of one "
                    f"study at that time are {book.label(other)}, which lists this outcome too",
                    row.location, (row.analysis,), (row.studies[0], other), row.shown, book.label(other),
                    "A reference number may be wrong", "Ask which study stands in the row",
                ))  # fmt: skip
    return Outcome("usual_study", "No single row names another study than all its neighbours", examined, found)


def _outcomes(book: Publication, study: str) -> str:
    return str(book.studies.get(study, {}).get("outcomes", ""))


def _two_designs(book: Publication) -> Outcome:
    """Studies that stand in rows of two designs: the same participants support both parts."""
    designs: dict[str, dict[str, list[str]]] = {}
    for row in book.rows:
        for study in row.studies:
            designs.setdefault(study, {}).setdefault(row.design or row.comparison, []).append(row.analysis)
    twice = {study: parts for study, parts in designs.items() if len(parts) > 1}
    if not twice:
        return Outcome("study_in_two_designs", "No study stands in rows of two designs", len(designs), [])
    rows = {s: ", ".join(f"{d} in {several(len(names), 'row')}" for d, names in parts.items())
            for s, parts in twice.items()}  # fmt: skip
    told = [f"{book.label(s)}: {said}" for s, said in rows.items()]
    finding = Finding(
        "all", "major", "certain", f"{', '.join(book.label(s) for s in twice)} stand in rows of two designs: "
        "participants of the same arms support both parts",
        "", (), tuple(twice), "; ".join(told), "Each participant in one part, or said to be in both",
        "Studies of the rows by design", "Ask for the number of different participants",
    )  # fmt: skip
    return Outcome("study_in_two_designs", "No study stands in rows of two designs", len(designs), [finding])


def _totals(book: Publication) -> Iterator[Outcome]:
    lines = {line["total"]: line for line in book.lines["totals"]}
    summed = [line for line in lines.values() if line["parts"]]
    about = "Printed totals are the sum of their parts"
    yield Outcome("totals", about, len(summed), [f for line in summed for f in _sum(book, line, lines)])
    counted = [line for line in lines.values() if line["counts"] == "studies" and line["studies"]]
    found = [
        Finding(
            line["total"], "moderate", "certain",
            f"{line['printed']} studies are stated, and {len(set(split_list(line['studies'])))} are named",
            line["location"], (), split_list(line["studies"]), str(line["printed"]),
            str(len(set(split_list(line["studies"])))), line["quote"], "Ask which studies are meant",
        )
        for line in counted if line["printed"] != len(set(split_list(line["studies"])))
    ]  # fmt: skip
    yield Outcome("studies_stated", "Stated numbers of studies are those of the studies named", len(counted), found)


def _sum(book: Publication, line: Line, lines: dict[str, Line]) -> Iterator[Finding]:
    parts = split_list(line["parts"])
    values = [int(p) if p.isdigit() else int(lines[p]["printed"]) for p in parts]
    if sum(values) == line["printed"]:
        return
    members = [set(split_list(lines[p]["studies"])) for p in parts if p in lines]
    twice = [s for s in dict.fromkeys(s for m in members for s in m) if sum(s in m for m in members) > 1]
    shown = f"{' + '.join(map(str, values))} = {sum(values)}, printed {line['printed']}"
    union = len(set().union(*members)) if members else 0
    explained = line["counts"] == "studies" and len(members) == len(parts) and union == line["printed"]
    finding = f"{shown}: {book.labels(sorted(twice))} are counted in two parts" if explained else shown
    yield Finding(
        line["total"], "minor" if explained else "major", "certain", finding, line["location"], (), sorted(twice),
        str(line["printed"]), f"{union} different studies" if explained else str(sum(values)), line["quote"],
        "Say that these studies stand in both parts" if explained else "Ask which number is wrong",
    )  # fmt: skip


def _sizes(book: Publication) -> Outcome:
    """Totals of participants that can, or cannot, be checked against the studies."""
    kinds = {"participants": ("n",), "participants_experimental": ("n_e",), "participants_control": ("n_c",)}
    lines = [line for line in book.lines["totals"] if line["counts"] in kinds and line["studies"]]
    found, missing = [], []
    for line in lines:
        (column,) = kinds[line["counts"]]
        listed = [(s, book.studies.get(s, {}).get(column)) for s in split_list(line["studies"])]
        known = [(s, int(str(n))) for s, n in listed if str(n).isdigit()]
        total = sum(n for _, n in known)
        if len(known) < len(listed):
            missing.append((line, len(listed) - len(known)))
        if total > line["printed"] or (len(known) == len(listed) and total != line["printed"]):
            found.append(Finding(
                line["total"], "major", "certain",
                f"{line['printed']} participants are stated, and the studies have {total}",
                line["location"], (), [s for s, _ in known], str(line["printed"]), str(total), line["quote"],
                "Ask for the participants of each study",
            ))  # fmt: skip
    if missing:
        totals = ", ".join(str(line["printed"]) for line, _ in missing)
        found.append(Finding(
            "missing", "major", "certain",
            f"The stated totals of participants ({totals}) cannot be checked: no size is printed for "
            f"{', '.join(str(n) for _, n in missing)} of their studies",
            missing[0][0]["location"], (), (), totals, "The size of each arm of each study",
            missing[0][0]["quote"], "Ask for the size of each arm",
        ))  # fmt: skip
    return Outcome("participants", "Stated numbers of participants are those of the studies", len(lines), found)


def _endpoints(book: Publication) -> Outcome:
    """Outcomes that a study is said to have, against those that it is pooled for."""
    listed = {s: split_list(line["outcomes"]) for s, line in book.studies.items() if line["outcomes"]}
    every = {outcome for outcomes in listed.values() for outcome in outcomes}
    pooled: dict[tuple[str, str], set[str]] = {}
    for row in book.rows:
        for study in row.studies:
            if row.outcome in every and study in listed:
                pooled.setdefault((study, row.comparison), set()).add(row.outcome)
    found = []
    for (study, comparison), outcomes in pooled.items():
        for outcome, missing in [
            *((o, "listed and not pooled") for o in listed[study] if o not in outcomes),
            *((o, "pooled and not listed") for o in sorted(outcomes - {*listed[study]})),
        ]:
            rows = [r.analysis for r in book.rows if study in r.studies and r.outcome == outcome]
            found.append(Finding(
                f"{study}/{comparison}/{outcome}", "moderate", "certain",
                f"{book.label(study)}, {book.names.get(outcome, outcome)} ({comparison}): {missing}",
                str(book.studies[study]["location"]), rows if "not listed" in missing else (), (study,),
                "; ".join(listed[study]), "The same outcomes in both places", book.studies[study]["quote"],
                "Ask whether the outcome was measured, and where its numbers are",
            ))  # fmt: skip
    return Outcome("endpoints", "Each study is pooled for the outcomes that it is said to have", len(pooled), found)


def _authors(book: Publication) -> Outcome:
    """Studies of one row that share authors: their participants may overlap."""
    listed = {s: set(split_list(line["authors"])) for s, line in book.studies.items() if line["authors"]}
    together: dict[tuple[str, ...], list[str]] = {}
    for row in book.rows:
        for pair in combinations(sorted({s for s in row.studies if s in listed}), 2):
            together.setdefault(pair, []).append(row.analysis)
    found = []
    for (one, other), rows in together.items():
        shared = sorted(listed[one] & listed[other])
        if shared:
            sure = len(shared) >= _SHARED
            found.append(Finding(
                f"{one}/{other}", "major" if sure else "info", "likely" if sure else "hint",
                f"{book.label(one)} and {book.label(other)} share {', '.join(shared)} and are pooled as independent in "
                f"{several(len(rows), 'row')}" + ("" if sure else "; one name may be shared by chance"),
                "", rows, (one, other), "; ".join(sorted(listed[one])), "Each participant once",
                "Authors as printed in the reference list", "Ask whether participants overlap",
            ))  # fmt: skip
    return Outcome("shared_authors", "Studies of one row share no author", len(together), found)


def _population(book: Publication) -> Outcome:
    """Studies whose participants, as printed, have none of the words of the stated criterion."""
    line = book.statement("population")
    words = [w.casefold() for w in split_list(line["value"])] if line else []
    listed = {s: str(x["population"]) for s, x in book.studies.items() if x["population"]} if words else {}
    others = [s for s, said in listed.items() if not any(w in said.casefold().split() or (" " in w and w in
              said.casefold()) for w in words)]  # fmt: skip
    found = [] if not others or line is None else [Finding(
        "all", "major", "hint",
        f"{len(others)} of {len(listed)} studies have participants that are not described by the criterion "
        f"({line['value']})",
        line["location"], (), others, "; ".join(f"{book.label(s)}: {listed[s]}" for s in others), line["value"],
        line["quote"], "Ask how these studies met the criterion",
    )]  # fmt: skip
    return Outcome("population", "Participants of each study are described by the criterion", len(listed), found)
