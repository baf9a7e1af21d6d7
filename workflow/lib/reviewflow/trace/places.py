"""Where things stand in the report's page. Only ids that the page has are named: of long lists it shows a part."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from reviewflow.boxes import BOXES, Box
from reviewflow.page import wording

from .source import Row, Source
from .tree import Effect, Place, Record

PAGE = "results/report/index.html"
# Tables of the report as CSV: of a list that is too long for the page these have all rows.
LISTS = "results/report/tables/list_{}.csv"
Candidate = tuple[str, str]
_FOUND_IN = {"website": "website_results", "organisation": "organisation_results", "citation": "citations_results"}
_DATABASES = ("database", "register")


def of_report(
    report_id: str, records: Sequence[Record], ledger: Row | None, also: Iterable[Candidate], page: Collection[str]
) -> list[Place]:
    """Places of a report: its row, the counts of the flow diagram that it is in, and others that may have it."""
    boxes = [b for b in BOXES if ledger and ledger["state"] in b.states and b.route in ("", ledger["route"])]
    row = (wording.anchor("report", report_id), "row of the report")
    found: list[Candidate] = [row, *_sightings(records)]
    for box in boxes:
        found.append((wording.anchor("box", box.data), f"counted in {box.data}"))
        if ledger and box.by_reason and ledger["reason"]:
            name = f"{box.data}/{ledger['reason']}"
            found.append((wording.anchor("box", name), f"counted in {name}"))
    found += also
    cut = [Place(LISTS.format(_narrowest(boxes)), "", "row of the report")] if page and boxes else []
    return [*(cut if row[0] not in page else ()), *_there(found, page)]


def _narrowest(boxes: Sequence[Box]) -> str:
    """The count whose list has the report: each report is in the list of its state alone."""
    return min(boxes, key=lambda box: len(box.states)).data


def _sightings(records: Sequence[Record]) -> Iterable[Candidate]:
    sightings = [sighting for record in records for sighting in record.sightings]
    for row in sightings:
        kind, source = row["source_type"], row["source"]
        if kind in _DATABASES:
            data = f"{kind}_specific_results"
            yield wording.anchor("box", f"{data}/{source}"), f"counted in {data}, {source}"
        else:
            data = _FOUND_IN.get(kind, "other_results")
            yield wording.anchor("box", data), f"counted in {data}"
    if sum(row["source_type"] in _DATABASES for row in sightings) > 1:
        yield wording.anchor("box", "duplicates"), "counted in duplicates"


def of_study(
    study_id: str, effects: Sequence[Effect], tables: Mapping[str, Sequence[Row]], differs: bool, page: Collection[str]
) -> list[Place]:
    """Places of a study: its row, what is wrong with it, and each analysis that it enters."""
    found: list[Candidate] = [(wording.anchor("study", study_id), "row of the study")]
    if tables["results/extraction/arms"]:
        found.append(("table-study_arms", "its arms"))
    if differs:
        found.append(("table-disagreements", "differences between extractors"))
    if tables["results/extraction/issues"]:
        found.append(("table-issues", "what is missing or wrong"))
    if any(row["judgement"] for row in tables["results/appraisal/risk_of_bias"]):
        found.append(("table-risk_of_bias_judgements", "risk of bias"))
    for effect in effects:
        found += _analysis(effect)
    return _there(found, page)


def _analysis(effect: Effect) -> list[Candidate]:
    name = effect.effect["analysis"]
    figure = (effect.analysis or {}).get("figure", "")
    places = [
        (wording.anchor("pooled", name), f"pooled estimate of {name}"),
        (wording.anchor("analysis", name), f"analysis {name}"),
        (wording.anchor("studies-of", name), f"its numbers in {name}"),
        (f"drawing-forest_{wording.file_name(name)}", f"forest plot of {name}"),
    ]
    return [*places, (wording.anchor("figure", figure), figure)] if figure else places


def pair_order(source: Source) -> dict[int, int]:
    """The number that the page gives each doubtful pair, by its rank in doubtful_pairs.csv."""
    columns = ("rank", "score", "record_a", "record_b")
    pairs = source.found("results/dedupe/doubtful_pairs", pl.lit(True), *columns)
    order = pairs.sort("score", "record_a", "record_b", descending=[True, False, False])
    return {rank: n for n, rank in enumerate(order["rank"].to_list(), 1)}


def _there(found: Iterable[Candidate], page: Collection[str]) -> list[Place]:
    return [Place(PAGE, anchor, what) for anchor, what in dict(found).items() if anchor in page]
