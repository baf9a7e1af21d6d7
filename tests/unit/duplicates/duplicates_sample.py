"""A small set of searches as the tables of search and dedupe have it, written out by hand."""

from typing import Any

import pandas as pd
from reviewflow.tables import empty_result, frame

Tables = dict[str, pd.DataFrame]
Row = dict[str, Any]

TYPES = {"PubMed": "database", "Embase": "database", "CBM": "database", "Registry": "register"}
# report, its records, rule that joined each further one, title
REPORTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("PubMed:1", ("PubMed:1", "Embase:1", "CBM:1"), "same_doi", "Stem cells in lupus nephritis"),
    ("PubMed:2", ("PubMed:2", "Embase:2"), "same_doi", "A trial of cells & lupus"),
    ("PubMed:3", ("PubMed:3", "Embase:3"), "title_and_place", "Bone marrow cells after transplantation"),
    ("PubMed:4", ("PubMed:4",), "", "Retraction: Stem cells in lupus nephritis"),
    ("Embase:5", ("Embase:5",), "", "Cord blood cells for refractory lupus"),
    ("Embase:6", ("Embase:6",), "", "Cord-blood cells for refractory lupus: two years"),
    ("CBM:7", ("CBM:7",), "", "间充质干细胞治疗狼疮性肾炎的疗效"),
    ("CBM:8", ("CBM:8",), "", "间充质干细胞治疗狼疮肾炎的疗效观察"),
    ("Registry:9", ("Registry:9",), "", "Cells in lupus"),
)
PAIRS: tuple[Row, ...] = (
    {
        "record_a": "Embase:5", "record_b": "Embase:6", "score": 91.5, "why": "short_title",
        "title_a": "Cord blood cells for refractory lupus", "title_b": "Cord-blood cells for refractory lupus: two years",
        "authors_a": "Gu, F.; Li, M.", "authors_b": "Gu F; Li M; Roe J", "year_a": "2014", "year_b": "2014",
        "journal_a": "Lupus", "journal_b": "LUPUS", "volume_a": "23", "volume_b": "", "pages_a": "1-9", "pages_b": "11-9",
    },
    {
        "record_a": "CBM:7", "record_b": "CBM:8", "score": 96.0, "why": "alike_but_other_place",
        "title_a": "间充质干细胞治疗狼疮性肾炎的疗效", "title_b": "间充质干细胞治疗狼疮肾炎的疗效观察",
        "year_a": "2012", "year_b": "2013", "doi_a": "10.1000/a", "doi_b": "10.1000/b",
    },
)  # fmt: skip
NOTICES: tuple[Row, ...] = (
    {
        "record_id": "PubMed:4", "report_id": "PubMed:4", "notice": "retraction", "notice_role": "notice",
        "about": "PubMed:1", "tie": "title", "title": "Retraction: Stem cells in lupus nephritis",
        "title_about": "Stem cells in lupus nephritis",
    },
    {
        "record_id": "Embase:2", "report_id": "PubMed:2", "notice": "concern", "notice_role": "subject",
        "about": "PubMed:2", "tie": "own", "title": "A trial of cells & lupus", "title_about": "A trial of cells & lupus",
    },
    {
        "record_id": "CBM:8", "report_id": "CBM:8", "notice": "erratum", "notice_role": "notice", "about": "", "tie": "",
        "title": "勘误",
    },
)  # fmt: skip


def sightings() -> pd.DataFrame:
    """A sighting a record, and a second one of PubMed:1."""
    rows = [_sighting(record, title) for _, records, _, title in REPORTS for record in records]
    return frame("results/search/records", [*rows, _sighting("PubMed:1", REPORTS[0][3], "again")])


def _sighting(record: str, title: str, search: str = "first") -> Row:
    source = record.split(":")[0]
    place = {"search_id": f"{source}_{search}", "export_file": f"{source}_{search}.ris", "position": 1, "line": 1}
    return {"record_id": record, "wave": 1, "source": source, "source_type": TYPES[source], "title": title} | place


def clusters() -> pd.DataFrame:
    """Every record in its report."""
    seen = sightings()
    home = {record: (report, rule) for report, records, rule, _ in REPORTS for record in records}
    rows = []
    for record, search, file in seen[["record_id", "search_id", "export_file"]].itertuples(index=False):
        report, rule = home[record]
        again, founder = search.endswith("again"), record == report
        by = "same_record" if again else "" if founder else rule
        row = {"record_id": record, "search_id": search, "export_file": file, "position": 1, "report_id": report}
        joined = {"matched_by": by, "matched_to": report, "score": 100.0 if again else 90.5} if by else {}
        rows.append(row | {"founder": founder and not again} | joined)
    return frame("results/dedupe/clusters", rows)


def tables(**given: pd.DataFrame) -> Tables:
    """All tables that the page reads; `given` by the last part of their names."""
    from reviewflow.dedupe import overview

    pairs = frame("results/dedupe/doubtful_pairs", PAIRS)
    found: Tables = {"clusters": clusters(), "doubtful_pairs": pairs, "reports": reports()}
    found |= overview(sightings(), found)
    found |= {"notices": frame("results/dedupe/notices", NOTICES)} | given
    names = sorted(sightings()["export_file"])
    count = {"entries": 1, "parsed": 1, "rejected": 0, "hits": 1, "ok": True, "format": "ris", "encoding": "utf-8"}
    balance = [{"export_file": name, "search_id": name.removesuffix(".ris"), **count} for name in dict.fromkeys(names)]
    rejected = [{"export_file": "PubMed_first.ris", "line": 7, "reason": "no title", "text": "TY  - JOUR"}]
    return {
        **{f"dedupe/{name}": table for name, table in found.items()},
        "search/balance": frame("results/search/balance", balance),
        "search/rejected": frame("results/search/rejected", rejected),
    }


def reports() -> pd.DataFrame:
    """The reports."""
    rows = [
        {
            "report_id": report, "wave": 1, "route": "database", "n_sightings": len(records), "n_records": len(records),
            "sources": "; ".join(record.split(":")[0] for record in records), "record_ids": "; ".join(records),
            "title": title,
        }
        for report, records, _, title in REPORTS
    ]  # fmt: skip
    return frame("results/dedupe/reports", rows)


def empty() -> Tables:
    """The tables before anything was searched."""
    return {name: empty_result(f"results/{name}") for name in tables()}
