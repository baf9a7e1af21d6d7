"""The 255 reports behind the exports: eleven real ones, and those constructed from the catalogue's titles."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .tables import Row, read

SEED = "reviewflow-zhou2020"
CONFERENCE = "meeting_abstract"
SHORT = ("editorial", "letter", "erratum")
NO_ABSTRACT = (*SHORT, "registry")
Teams = dict[str, tuple["Author", ...]]


@dataclass(frozen=True)
class Author:
    """Surname and given names in Latin letters, and in Chinese where there are any."""

    surname: str
    given: str
    zh: str = ""

    def initials(self) -> str:
        """Initials as PubMed writes them: one a word, none for the second half of a Chinese given name."""
        if self.given.isupper():
            return self.given
        return "".join(part[0] for part in self.given.replace("-", " ").split())


@dataclass(frozen=True)
class Journal:
    """A journal by its names in the sources."""

    code: str
    kind: str
    name: str
    abbreviation: str
    medline: str
    zh: str
    issn: str
    base: str
    issues: str
    place: str


@dataclass(frozen=True)
class Report:
    """One document, as it truly is, before any source has indexed it."""

    key: str
    kind: str
    sources: str
    fate: str
    type: str
    topic: str
    title: str
    title_original: str
    authors: tuple[Author, ...]
    journal: Journal
    year: int
    month: int = 0
    volume: str = ""
    issue: str = ""
    pages: str = ""
    elocation: str = ""
    doi: str = ""
    language: str = "eng"
    note: str = ""
    group: str = ""

    @property
    def real(self) -> bool:
        """Whether the report exists outside this example."""
        return self.kind in ("included", "real")


def rng(*parts: str) -> random.Random:
    """A generator of its own for each purpose, so that one change does not stir all others."""
    return random.Random("/".join((SEED, *parts)))


def issn(number: int) -> str:
    """A constructed ISSN with a valid check digit, in the range 9999 that no journal has."""
    digits = f"9999{number:03d}"
    check = (11 - sum(int(d) * w for d, w in zip(digits, range(8, 1, -1), strict=True)) % 11) % 11
    return f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"


def journals() -> dict[str, Journal]:
    """All journals by code; constructed ones get a constructed ISSN."""
    rows = read("journals")
    for number, row in enumerate(rows, 1):
        row["issn"] = row["issn"] or ("" if row["kind"] == "real" else issn(number))
    return {row["code"]: Journal(**row) for row in rows}


def all_reports() -> list[Report]:
    """Every report, real ones first."""
    known = journals()
    return [_real(row, known) for row in read("real")] + list(_constructed(known))


def _real(row: Row, known: dict[str, Journal]) -> Report:
    """A report of the published review's reference list, with the facts printed there and no others."""
    names = [name.rsplit(" ", 1) for name in row["authors"].split(";")]
    title = "Chinese title constructed and authors in Latin letters; " if row["title_original"] else ""
    more = "" if row["complete"] == "yes" else "only the first three authors are given there; "
    return Report(
        key=row["key"],
        kind="included" if row["fate"] == "include" else "real",
        note=f"Zhou 2020 reference list, no. {row['reference_no']}; {title}{more}"
        "accession number constructed for the example",
        topic="",
        authors=tuple(Author(surname, given) for surname, given in names),
        journal=known[row["journal"]],
        year=int(row["year"]),
        language="chi" if row["title_original"] else "eng",
        sources=row["sources"],
        fate=row["fate"],
        type=row["type"],
        title=row["title"],
        title_original=row["title_original"],
        volume=row["volume"],
        issue=row["issue"],
        pages=row["pages"],
        elocation=row["elocation"],
        doi=row["doi"],
    )


def _constructed(known: dict[str, Journal]) -> Iterator[Report]:
    """Reports made up from the catalogue."""
    teams: Teams = {}
    previous: Report | None = None
    for row in read("catalogue"):
        previous = _made_up(row, known, teams, previous)
        yield previous


def _made_up(row: Row, known: dict[str, Journal], teams: Teams, before: Report | None) -> Report:
    """One constructed report."""
    draw = rng("report", row["key"])
    year = int(row["year"] or _year(row, draw))
    journal = known[row["journal"]] if row["journal"] else _journal(row, known, draw, year)
    issue = draw.randint(1, int(journal.issues) if year < 2019 else max(1, int(journal.issues) // 2))
    sequel = before if before and row["group"] and _is_sequel(row, before) else None
    share = (issue - 1) / int(journal.issues)
    first = int(sequel.pages.split("-")[1]) + 1 if sequel else round(1500 * share) + draw.randint(3, 110)
    pages, label = _place(row, first, issue, draw)
    return Report(
        kind="near_miss" if row["group"] else "constructed",
        authors=_authors(row, teams, draw),
        journal=journal,
        year=year,
        month=max(1, round(issue * 12 / int(journal.issues))),
        volume=str(year - int(journal.base) + 1),
        issue=sequel.issue if sequel else label,
        pages=pages,
        doi=_doi(row, journal, year, draw),
        note="Constructed record for the reviewflow example; not a real publication",
        key=row["key"],
        sources=row["sources"],
        fate=row["fate"],
        type=row["type"],
        topic=row["topic"],
        group=row["group"],
        language=row["language"],
        title=row["title"],
        title_original=row["title_original"],
    )


def _year(row: Row, draw: random.Random) -> int:
    """A year of publication in which the topic existed."""
    if any(word in row["title"].lower() for word in ("exosom", "vesicle", "single-cell", "rna", "mir-")):
        return draw.randint(2013, 2018)
    first = 2000 if row["topic"] in ("hsct", "other", "nurse", "case") else 2007
    return round(draw.triangular(first, 2019, 2014))


def _is_sequel(row: Row, before: Report) -> bool:
    """Whether the row is the second part of the review before it, and so stands behind it in one issue."""
    same = row["group"] == before.group and row["year"] == str(before.year)
    return same and row["topic"] == before.topic == "review"


def _journal(row: Row, known: dict[str, Journal], draw: random.Random, year: int) -> Journal:
    """A constructed journal that suits the report and already existed."""
    kind = "zh" if row["language"] == "chi" else "conf" if row["type"] == CONFERENCE else "int"
    kinds = (kind, "case") if row["type"] == "case_report" and kind == "int" else (kind,)
    fitting = [j for j in known.values() if j.kind in kinds and int(j.base) < year]
    if kind == "zh":
        nursing = row["topic"] == "nurse"
        fitting = [j for j in fitting if (j.code in ("XDHL", "JCHL")) == nursing]
        fitting = [j for j in fitting if bool(j.medline) or "P" not in row["sources"]]
    return draw.choice(fitting)


def _place(row: Row, first: int, issue: int, draw: random.Random) -> tuple[str, str]:
    """Pages and issue: a supplement page for a conference abstract, few pages for a short communication."""
    if row["type"] == CONFERENCE:
        return f"S{first % 900 + 100}", f"Suppl {draw.randint(1, 3)}"
    if row["type"] == "registry":
        return "", ""
    shortest, longest = (0, 2) if row["type"] in SHORT else (3, 5 if row["language"] == "chi" else 14)
    length = draw.randint(shortest, longest)
    return (f"{first}-{first + length}" if length else str(first)), str(issue)


def _doi(row: Row, journal: Journal, year: int, draw: random.Random) -> str:
    """A DOI with the prefix for tests; old reports, Chinese journals and registers often have none."""
    chance = {"zh": 0.15, "fre": 0.5, "ger": 0.0}.get(journal.kind, 0.92 if year > 2003 else 0.5)
    has = draw.random() < chance and row["type"] != "registry"
    return f"10.5555/{journal.code.lower()}.{year}.{draw.randint(1000, 9999)}{row['key'][1:]}" if has else ""


def _authors(row: Row, teams: Teams, draw: random.Random) -> tuple[Author, ...]:
    """Authors; reports of one team share them, and `+` marks a team that lost one member and won another."""
    team = row["team"].rstrip("+")
    if team in teams:
        members = teams[team]
        return (*members[:-2], members[-1], *_people(row, 1, draw)) if row["team"].endswith("+") else members
    size = draw.randint(1, 3) if row["type"] in SHORT else draw.randint(3, 8)
    members = _people(row, max(size, 4) if team else size, draw)
    if team:
        teams[team] = members
    return members


def _people(row: Row, size: int, draw: random.Random) -> tuple[Author, ...]:
    """People with different surnames: of China, or of two other countries."""
    names = read("names")
    chinese = row["language"] == "chi" or (row["language"] == "eng" and draw.random() < 0.4)
    others = sorted({n["culture"] for n in names} - {"zh"})
    native = {"fre": "fr", "ger": "de"}.get(row["language"], draw.choice(others))
    cultures = ["zh"] if chinese else [native, draw.choice(others)]
    surnames = [n for n in names if n["part"] == "surname" and n["culture"] in cultures]
    return tuple(_person(s, names, draw) for s in draw.sample(surnames, min(size, len(surnames))))


def _person(surname: Row, names: list[Row], draw: random.Random) -> Author:
    """One person; most Chinese given names have two syllables."""
    here = [n for n in names if n["part"] == "given" and n["culture"] == surname["culture"]]
    if surname["culture"] != "zh":
        return Author(surname["name"], draw.choice(here)["name"])
    given = draw.sample(here, 2 if draw.random() < 0.7 else 1)
    latin, characters = ("".join(g[column] for g in given) for column in ("name", "zh"))
    return Author(surname["name"], latin.capitalize(), surname["zh"] + characters)
