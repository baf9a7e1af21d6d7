"""A review of four reports in a folder, with the tables of every stage as the workflow leaves them."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reviewflow.provenance import file_digest, people_files
from reviewflow.schema import schema

Rows = Iterable[dict[str, Any]]
VOTE = {"seal": "unsealed", "holds": "true", "role": "reviewer", "stage": "title_abstract"}
# A title that would rewrite the screen, turn writing around and start a new line, if a terminal obeyed it.
HOSTILE = "Sham\x1b[2J\x1b]0;owned\x07 \x9b31m\u202etxt.exe\u2028 end"


def write(folder: Path, table: str, rows: Rows, file: str = "") -> None:
    """Write rows of a table with all of its columns and those that the rows have besides."""
    listed = list(rows)
    declared = [c.name for c in schema(table).columns.values() if table.startswith("results/") or not c.optional]
    columns = list(dict.fromkeys([*declared, *(name for row in listed for name in row)]))
    path = folder / (file or f"{table}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def sighting(record: str, file: str, position: int, **more: Any) -> dict[str, Any]:
    """One row of records.csv."""
    source = record.split(":", 1)[0]
    place = {"export_file": file, "position": position, "line": position * 10, "wave": 1, "search_id": f"{source}_1"}
    return {"record_id": record, "source": source, "source_type": "database", **place, **more}


SIGHTINGS = [
    sighting("PubMed:1", "pubmed.nbib", 3, doi="10.5555/one", pmid="1", title="Stem cells in lupus"),
    sighting("Embase:L1", "embase.ris", 7, doi="10.5555/one.other", title="Stem cells in lupus."),
    sighting("Embase:L1", "embase_again.ris", 2, doi="10.5555/one.other", title="Stem cells in lupus."),
    sighting("PubMed:2", "pubmed.nbib", 4, doi="10.5555/two", pmid="2", title="Stem cells in lupus: a protocol"),
    sighting("PubMed:3", "pubmed.nbib", 5, title=HOSTILE),
    sighting("CBM:4", "cbm.txt", 1, title="脐带间充质干细胞治疗狼疮", translated_title="Umbilical cells for lupus"),
]
HOMES = {
    "PubMed:1": "PubMed:1",
    "Embase:L1": "PubMed:1",
    "PubMed:2": "PubMed:2",
    "PubMed:3": "PubMed:3",
    "CBM:4": "CBM:4",
}
STATES = {
    "PubMed:1": ("included", ""),
    "PubMed:2": ("excluded_full_text", "review"),
    "PubMed:3": ("excluded_title_abstract", ""),
    "CBM:4": ("awaiting_title_abstract", ""),
}


def vote(report: str, who: str, decision: str, when: str, line: int, **more: Any) -> dict[str, Any]:
    """One row of votes.csv."""
    stage = more.get("stage", "title_abstract")
    file = "adjudication" if more.get("role") == "adjudicator" else who
    own = {"report_id": report, "record_id": report, "reviewer": who, "decision": decision, "decided_at": when}
    return {**VOTE, **own, "file": f"records/screening/{stage}/{file}.csv", "line": line, **more}


VOTES = [
    vote("PubMed:1", "reviewer_1", "include", "2024-02-02T09:00:00Z", 2),
    vote("PubMed:1", "reviewer_2", "include", "", 2, imported="rayyan.csv"),
    vote("PubMed:1", "reviewer_1", "include", "2024-03-01", 2, stage="full_text", record_id="Embase:L1"),
    vote("PubMed:1", "reviewer_2", "include", "2024-03-02", 2, stage="full_text"),
    vote("PubMed:2", "reviewer_1", "include", "2024-02-02T09:01:00+01:00", 3),
    vote("PubMed:2", "reviewer_2", "include", "2024-02-02T08:00:30Z", 3),
    vote("PubMed:2", "reviewer_1", "exclude", "2024-03-01", 3, stage="full_text", reason="review", note="no trial"),
    vote("PubMed:2", "reviewer_2", "include", "2024-03-02", 3, stage="full_text"),
    vote("PubMed:2", "reviewer_3", "exclude", "2024-03-05", 2, stage="full_text", reason="review", role="adjudicator"),
    vote("PubMed:3", "reviewer_1", "include", "2024-02-01", 4, holds="false"),
    vote(
        "PubMed:3", "reviewer_1", "exclude", "2024-02-03", 5, seal="broken", seal_problem="the line is not as written"
    ),
    vote("PubMed:3", "reviewer_2", "exclude", "2024-02-03", 4),
]


def search_and_dedupe(folder: Path) -> None:
    """The first two stages."""
    write(folder, "results/search/records", SIGHTINGS)
    keys = ("record_id", "search_id", "export_file", "position")
    clusters = [
        {k: row[k] for k in keys}
        | {"report_id": HOMES[row["record_id"]], "founder": str(row["record_id"] == HOMES[row["record_id"]]).lower()}
        for row in SIGHTINGS
    ]
    clusters[1] |= {"matched_by": "same_title", "matched_to": "PubMed:1", "score": "98.5"}
    clusters[2] |= {"matched_by": "same_record", "matched_to": "Embase:L1", "score": "100.0"}
    write(folder, "results/dedupe/clusters", clusters)
    founders = [row for row in SIGHTINGS if row["record_id"] in STATES]
    shown = ("title", "translated_title", "doi", "pmid")
    reports = [
        {"report_id": row["record_id"], "wave": 1, "route": "database", "authors": "Li, A; Wu, B", "year": 2020}
        | {k: row.get(k, "") for k in shown}
        for row in founders
    ]
    write(folder, "results/dedupe/reports", reports)
    fields = {
        "report_id": "PubMed:1",
        "field": "doi",
        "record_id": "PubMed:1",
        "n_values": 2,
        "others": "Embase:L1: 10.5555/one.other",
    }
    write(folder, "results/dedupe/merged_fields", [fields])
    pairs = [
        {"rank": 1, "record_a": "PubMed:3", "record_b": "CBM:4", "score": "80.0", "why": "alike", "n_sightings": 5},
        {"rank": 2, "record_a": "Embase:L1", "record_b": "PubMed:2", "score": "90.5", "why": "alike", "n_sightings": 3},
    ]
    write(folder, "results/dedupe/doubtful_pairs", pairs)
    notice = {
        "record_id": "PubMed:3",
        "report_id": "PubMed:3",
        "notice": "retraction",
        "notice_role": "notice",
        "about": "PubMed:1",
        "tie": "title",
    }
    write(folder, "results/dedupe/notices", [notice])
    ruling = {
        "record_a": "PubMed:2",
        "record_b": "Embase:L1",
        "verdict": "distinct",
        "ruled_by": "reviewer_3",
        "ruled_at": "2024-01-01",
        "note": "another year",
    }
    write(folder, "records/dedupe/rulings", [ruling])


def screening(folder: Path) -> None:
    """Votes, consensus, retrieval, the ledger and the queue."""
    write(folder, "results/screening/votes", VOTES)
    states = [
        {"report_id": r, "state": s, "reason": why, "route": "database", "wave": 1, "n_sightings": 1}
        for r, (s, why) in STATES.items()
    ]
    write(folder, "results/screening/ledger", states)
    held = {"PubMed:1": "include", "PubMed:2": "include", "PubMed:3": "exclude"}
    rows = [
        {"report_id": r, "consensus": "agreed", "decision": d, "reviewer_1": d, "reviewer_2": d}
        for r, d in held.items()
    ]
    write(folder, "results/screening/title_abstract", rows)
    full = [
        {"report_id": "PubMed:1", "consensus": "agreed", "decision": "include"},
        {"report_id": "PubMed:2", "consensus": "adjudicated", "decision": "exclude", "reason": "review"},
    ]
    write(folder, "results/screening/full_text", full)
    waits = {
        "stage": "title_abstract",
        "report_id": "CBM:4",
        "task": "decide",
        "person": "reviewer_1",
        "file": "records/screening/title_abstract/reviewer_1.csv",
    }
    write(folder, "results/screening/queue", [waits])
    write(folder, "results/screening/conflicts", [])
    got = [{"record_id": "Embase:L1", "status": "retrieved", "file": "full_texts/one.pdf", "note": "library"}]
    write(folder, "records/screening/retrieval", got)


def extraction_and_synthesis(folder: Path) -> None:
    """One study with two extractors, its effects and the pooled estimates."""
    write(
        folder,
        "records/extraction/study_reports",
        [{"study_id": "li2020", "record_id": "Embase:L1", "role": "primary", "note": "seen"}],
    )
    for who, n in (("extractor_1", 12), ("extractor_2", 6)):
        study = {"study_id": "li2020", "label": "Li 2020", "page": "2", "design": "RCT"}
        write(folder, "records/extraction/studies", [study], f"records/extraction/{who}/studies.csv")
        arm = {
            "study_id": "li2020",
            "arm_id": "cells",
            "role": "experimental",
            "n": n,
            "page": "4",
            "quote": f"n = {n}",
        }
        write(folder, "records/extraction/arms", [arm], f"records/extraction/{who}/arms.csv")
        key = {"study_id": "li2020", "comparison": "cells_vs_none", "outcome": "c3", "timepoint": "6 months"}
        write(
            folder,
            "records/extraction/results",
            [{**key, "effect": "0.25", "se": "0.1", "provenance": "reported"}],
            f"records/extraction/{who}/results.csv",
        )
    ruled = {
        "table": "arms",
        "key": "li2020/cells",
        "column": "n",
        "value": "12",
        "adjudicator": "extractor_3",
        "note": "abstract",
    }
    write(folder, "records/extraction/adjudication", [ruled])
    differ = {
        "table": "arms",
        "key": "li2020/cells",
        "column": "n",
        "values": "extractor_1=12; extractor_2=6",
        "status": "adjudicated",
        "value": "12",
        "adjudicator": "extractor_3",
    }
    other = {
        "table": "studies",
        "key": "li2020b",
        "column": "label",
        "values": "extractor_1=a; extractor_2=b",
        "status": "unresolved",
    }
    write(folder, "results/extraction/disagreements", [differ, other])
    write(
        folder,
        "results/extraction/studies",
        [{"study_id": "li2020", "label": "Li 2020", "reports": "PubMed:1", "design": "RCT"}],
    )
    write(folder, "results/extraction/arms", [{"study_id": "li2020", "arm_id": "cells", "n": 12}])
    contrast = {**key, "n_e": 12, "effect": "0.25", "se": "0.1", "provenance": "reported"}
    write(folder, "results/extraction/contrasts", [contrast])
    write(
        folder,
        "results/extraction/issues",
        [{"kind": "incomplete", "study_id": "li2020", "where": "arms", "issue": "n is blank"}],
    )
    judged = {
        "study_id": "li2020",
        "tool": "RoB 2",
        "domain": "overall",
        "judgement": "low",
        "support": "sealed envelopes",
    }
    write(folder, "records/appraisal/risk_of_bias", [judged], "records/appraisal/assessor_1/risk_of_bias.csv")
    write(
        folder,
        "results/appraisal/risk_of_bias",
        [{k: judged[k] for k in ("study_id", "tool", "domain", "judgement")} | {"status": "agreed"}],
    )
    write(
        folder,
        "results/appraisal/certainty",
        [{"analysis": "c3_6m", "certainty": "moderate"}, {"analysis": "c3_late", "certainty": "not_assessed"}],
    )
    analyses = [
        {
            "analysis": name,
            "label": "C3",
            "comparison": "cells_vs_none",
            "outcome": "c3",
            "timepoint": "6 months",
            "measure": "MD",
            "method": "IV",
            "model": "random",
            "tau2_method": "DL",
            "ci_method": "wald",
        }
        for name in ("c3_6m", "c3_late")
    ]
    write(folder, "config/analyses", analyses)
    numbers = {
        "measure": "MD",
        "yi": "0.25",
        "se": "0.1",
        "effect_natural": "0.25",
        "ci_lower_natural": "0.05",
        "ci_upper_natural": "0.45",
        "provenance": "reported",
    }
    effects = [
        {
            "analysis": "c3_6m",
            "study_id": "li2020",
            **numbers,
            "weight_fixed": "30.0",
            "weight_random": "41.5",
            "used": "true",
        },
        {
            "analysis": "c3_late",
            "study_id": "li2020",
            **numbers,
            "weight_fixed": "50.0",
            "used": "false",
            "note": "left out by the protocol",
        },
    ]
    write(folder, "results/synthesis/effects", effects)
    pooled = {
        "measure": "MD",
        "model": "random",
        "estimate_natural": "0.3",
        "ci_lower_natural": "0.2",
        "ci_upper_natural": "0.4",
    }
    write(
        folder,
        "results/synthesis/pooled",
        [{"analysis": "c3_6m", **pooled, "k": 3}, {"analysis": "c3_late", **pooled, "k": 2}],
    )


def report(folder: Path, ids: Iterable[str]) -> None:
    """A page with these ids, and the digests of what people wrote."""
    page = folder / "results/report/index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("".join(f'<p id="{name}">x</p>\n' for name in ids), encoding="utf-8")
    files = people_files("config", "records", root=folder)
    inputs = [{"file": f, "bytes": (folder / f).stat().st_size, "sha256": file_digest(str(folder / f))} for f in files]
    made = {"made_at": "2024-04-01T00:00:00+00:00", "inputs": inputs}
    (folder / "results/report/provenance.json").write_text(json.dumps(made), encoding="utf-8")


def review(folder: Path, page: Iterable[str] = ()) -> Path:
    """The whole review."""
    search_and_dedupe(folder)
    screening(folder)
    extraction_and_synthesis(folder)
    report(folder, page)
    return folder
