"""Who a record is and which report it belongs to: the same after renaming, reordering, regrouping and re-exporting."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pytest
from dedupe_samples import CONFIG, NO_RULINGS
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow import dedupe, search

Record = dict[str, str]


def record(number: str, subject: str, **changes: str) -> Record:
    """A record of a report about `subject`, with its number in the source."""
    base = {"title": f"Mesenchymal stem cells of the umbilical cord in {subject}", "year": "2014", "volume": "33"}
    base |= {"authors": "Wang, Dan; Sun, Ling", "journal": "Clinical Rheumatology", "issue": "11"}
    page = sum(map(ord, subject))
    return base | {"number": number, "first": str(page), "last": str(page + 8), "doi": ""} | changes


SUBJECTS = ("lupus nephritis", "systemic sclerosis", "rheumatoid arthritis", "liver cirrhosis", "ulcerative colitis")
PUBMED = [record(str(25000001 + n), subject) for n, subject in enumerate(SUBJECTS[:4])]
EMBASE = [
    record("L600001", SUBJECTS[0], authors="Wang D.; Sun L.", journal="Clin. Rheumatol."),
    record("L600002", SUBJECTS[1].upper()) | {"first": PUBMED[1]["first"], "last": PUBMED[1]["last"]},
    record("L600003", SUBJECTS[4]),
    record("L600004", SUBJECTS[3], volume="", issue="", first="", last=""),
]
# A website without accessions.
WEBSITE = [record("", SUBJECTS[2], journal="Clin Rheumatol"), record("", "dogs and cats", authors="Quimby, J")]


def nbib(records: Sequence[Record]) -> bytes:
    lines = []
    for r in records:
        names = "\n".join(f"FAU - {name}" for name in r["authors"].split("; "))
        lines.append(
            f"PMID- {r['number']}\nVI  - {r['volume']}\nIP  - {r['issue']}\nDP  - {r['year']}\nTI  - {r['title']}.\n"
            f"PG  - {r['first']}-{r['last']}\n{names}\nJT  - {r['journal']}\n"
        )
    return "\n".join(lines).encode()


def pubmed_csv(records: Sequence[Record]) -> bytes:
    lines = [
        "\ufeffPMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI"
    ]
    for r in records:
        people = ", ".join(f"{name.split(', ')[0]} {name.split(', ')[1][0]}" for name in r["authors"].split("; "))
        place = f"Clin Rheumatol. {r['year']} Nov;{r['volume']}({r['issue']}):{r['first']}-{r['last'][-2:]}."
        lines.append(f'{r["number"]},"{r["title"]}","{people}.","{place}","","{r["journal"]}",{r["year"]},,,,')
    return "\r\n".join([*lines, ""]).encode()


def ris(records: Sequence[Record], number: str = "U2") -> bytes:
    entries = []
    for r in records:
        people = "".join(f"A1  - {name}\r\n" for name in filter(None, r["authors"].split("; ")))
        people += f"N2  - {r['abstract']}\r\n" if r.get("abstract") else ""
        accession = f"{number}  - {r['number']}\r\n" if r["number"] else ""
        entries.append(
            f"TY  - JOUR\r\nT1  - {r['title']}\r\n{people}Y1  - {r['year']}\r\nVL  - {r['volume']}\r\nIS  - {r['issue']}\r\n"
            f"SP  - {r['first']}\r\nEP  - {r['last']}\r\nJF  - {r['journal']}\r\n{accession}ER  - \r\n\r\n"
        )
    return "".join(entries).encode()


def embase_csv(records: Sequence[Record]) -> bytes:
    head = '"Title","Author Names","Source title","Publication Year","Volume","Issue","First Page","Last Page","PUI"'
    lines = ['"SEARCH QUERY","stem cells:ti"', "-------", "", head]
    for r in records:
        cells = [r["title"], r["authors"].replace("; ", ", "), r["journal"], r["year"], r["volume"], r["issue"]]
        lines.append(",".join(f'"{cell}"' for cell in [*cells, r["first"], r["last"], r["number"]]))
    return "\n".join([*lines, ""]).encode()


class Search(NamedTuple):
    """A search: its source, its wave, and its exports by name."""

    source: str
    wave: int
    exports: dict[str, bytes]
    source_type: str = "database"


ALL = [
    Search("PubMed", 1, {"p.nbib": nbib(PUBMED)}),
    Search("Embase", 1, {"e.ris": ris(EMBASE)}),
    Search("Society", 1, {"w.ris": ris(WEBSITE)}, "website"),
]


def sightings(searches: Sequence[Search]) -> pd.DataFrame:
    """Table records of searches."""
    files = {name: raw for one in searches for name, raw in one.exports.items()}
    rows: list[dict[str, Any]] = [
        {"search_id": f"s{n}", "wave": one.wave, "source": one.source, "source_type": one.source_type, "hits": pd.NA}
        | {"export_files": "; ".join(one.exports), "_line": n}
        for n, one in enumerate(searches, 2)
    ]
    tables = search.build(pd.DataFrame(rows), files)
    assert tables["balance"]["ok"].all()
    return tables["records"]


def reports(searches: Sequence[Search], config: dict[str, Any] = CONFIG) -> dict[str, str]:
    """The report of each record."""
    clusters = dedupe.build(config, sightings(searches), NO_RULINGS)["clusters"]
    return dict(zip(clusters["record_id"], clusters["report_id"], strict=True))


def together(report_of: dict[str, str]) -> set[frozenset[str]]:
    """Which records are of one report, however it is called."""
    members = defaultdict(set)
    for record_id, report_id in report_of.items():
        members[report_id].add(record_id)
    return {frozenset(found) for found in members.values()}


def test_the_world_of_these_tests_has_duplicates_and_others() -> None:
    found = reports(ALL)
    assert len(found) == 10
    assert found["Embase:L600001"] == found["PubMed:25000001"] == "PubMed:25000001"
    assert sorted(len(members) for members in together(found)) == [1, 1, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("source", "one", "other"),
    [
        ("PubMed", nbib(PUBMED), pubmed_csv(PUBMED)),
        ("Embase", ris(EMBASE), embase_csv(EMBASE)),
        ("Embase", ris(EMBASE), ris(EMBASE).replace(b"\r\n", b"\n").decode().encode("utf-16")),
    ],
    ids=["PubMed-as-CSV", "Embase-as-CSV", "Embase-in-UTF-16"],
)
def test_re_exporting_in_another_format_changes_no_record_and_no_report(source: str, one: bytes, other: bytes) -> None:
    rest = [s for s in ALL if s.source != source]
    before = reports([*rest, Search(source, 1, {"first export": one})])
    after = reports([*rest, Search(source, 1, {"second export": other})])
    both = reports([*rest, Search(source, 1, {"a": one, "b": other})])
    assert before == after == both
    assert len(before) == 10


def test_a_record_without_an_accession_is_known_by_its_content() -> None:
    shuffled = Search("Society", 1, {"other name.txt": ris(WEBSITE[::-1], "XX").replace(b"\r\n", b"\n")}, "website")
    assert reports([*ALL[:2], shuffled]) == reports(ALL)
    changed = [WEBSITE[0], WEBSITE[1] | {"title": "Cells for dogs"}]
    assert len(reports([Search("Society", 1, {"a": ris(WEBSITE), "b": ris(changed)}, "website")])) == 3


@st.composite
def regrouped(draw: st.DrawFn) -> list[Search]:
    """The same records in any order, in any number of files with any names, searches in any order; some twice."""
    searches = []
    names = iter(draw(st.permutations([f"{letter} export.{n}" for n, letter in enumerate("abcdefghi")])))
    for source, records, write in (("PubMed", PUBMED, nbib), ("Embase", EMBASE, ris), ("Society", WEBSITE, ris)):
        order = draw(st.permutations(records))
        cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=2)))
        pieces = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
        again = draw(st.sampled_from([None, *order]))
        if again and again not in pieces[0]:
            pieces[0] = [*pieces[0], again]
        exports = {next(names): write(piece) for piece in pieces}
        searches.append(Search(source, 1, exports, "website" if source == "Society" else "database"))
    return draw(st.permutations(searches))


@settings(max_examples=40)
@given(regrouped())
def test_any_order_and_grouping_of_the_exports_gives_the_same_reports(searches: list[Search]) -> None:
    assert reports(searches) == reports(ALL)


@settings(max_examples=20)
@given(st.permutations(["PubMed", "Embase", "Society"]))
def test_the_order_of_sources_names_reports_and_joins_none(order: list[str]) -> None:
    found = reports(ALL, {"dedupe": {"source_order": order}})
    assert together(found) == together(reports(ALL))
    for members in together(found):
        sources = [member.split(":")[0] for member in members]
        assert found[next(iter(members))].split(":")[0] == min(sources, key=order.index)


@pytest.mark.parametrize("later", [nbib, pubmed_csv], ids=["nbib", "csv"])
def test_a_later_wave_adds_records_and_renames_no_report(later: Callable[[Sequence[Record]], bytes]) -> None:
    before = reports(ALL)
    new = record("25000009", SUBJECTS[4])
    update = Search("PubMed", 2, {"update": later([*PUBMED[:2], new, record("25000010", "cats")])})
    after = reports([*ALL, update])
    assert {record_id: after[record_id] for record_id in before} == before
    assert after["PubMed:25000009"] == "Embase:L600003"
    assert after["PubMed:25000010"] == "PubMed:25000010"


def test_seeing_records_again_in_a_later_wave_changes_nothing() -> None:
    assert reports([*ALL, Search("Embase", 2, {"more": embase_csv(EMBASE[1:])})]) == reports(ALL)


def test_a_decision_finds_its_report_after_the_export_of_the_founder_is_gone() -> None:
    """PubMed's records of wave 1 were founders. Without that export they are seen in wave 2 only, and Embase's records
    found the reports; who decided on a PubMed record still decided on the same report."""
    update = Search("PubMed", 2, {"update": nbib(PUBMED)})
    before, after = reports([*ALL, update]), reports([*ALL[1:], update])
    assert before["PubMed:25000001"] == "PubMed:25000001"
    assert after["PubMed:25000001"] == "Embase:L600001"
    assert together(before) == together(after)


def test_without_the_records_of_an_export_the_others_stay_together() -> None:
    left = reports(ALL[1:])
    rest = {frozenset(members & left.keys()) for members in together(reports(ALL))}
    assert together(left) == {members for members in rest if members}


def test_a_record_between_two_reports_joins_them_under_the_older_name() -> None:
    """One database has an abstract and no people or place, another the place and no abstract; a third has all."""
    abstract = (
        "We treated twelve patients whose lupus nephritis had not responded to other drugs with cells of the cord."
    )
    whole = record("", SUBJECTS[0], abstract=abstract)
    bare = whole | {"number": "L600009", "authors": "", "volume": "", "issue": "", "first": "", "last": ""}
    apart = [Search("Embase", 1, {"e": ris([bare])}), Search("PubMed", 1, {"p": nbib(PUBMED[:1])})]
    before = reports(apart)
    assert before == {"Embase:L600009": "Embase:L600009", "PubMed:25000001": "PubMed:25000001"}
    after = reports([*apart, Search("Society", 2, {"s": ris([whole])}, "website")])
    assert {after[record_id] for record_id in before} == {"PubMed:25000001"}
    assert len(after) == 3
