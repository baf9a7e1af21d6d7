"""A small review whose every state a test can choose: tables as the stages write them, written out by hand.

The syntheses are a few of the bundled review's analyses, read from data/; the records are made up.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from reviewflow.boxes import BOXES, members
from reviewflow.dedupe import overview
from reviewflow.screening.contributions import contributions
from reviewflow.tables import empty_people, empty_result, frame, read_people, read_result

DATA = Path(__file__).parent / "data"
Tables = dict[str, pd.DataFrame]

# report_id, sightings (search, record), title, authors, year, journal
REPORTS: tuple[tuple[str, tuple[tuple[str, str], ...], str, str, int, str], ...] = (
    ("PubMed:1", (("pubmed_1", "PubMed:1"), ("cbm_1", "CBM:9")), "Stem cells in lupus", "Gu F.; Li M.", 2014, "Lupus"),
    ("PubMed:2", (("pubmed_1", "PubMed:2"), ("ctg_1", "CTG:NCT2")), "Trial of cells", "Tang B.", 2016, "Kidney"),
    ("PubMed:3", (("pubmed_1", "PubMed:3"),), "A review of cells & nephritis", "Roe J.", 2015, "Reviews"),
    ("PubMed:4", (("pubmed_1", "PubMed:4"),), "Cells in mice", "Doe J.", 2013, "Mouse"),
    ("PubMed:5", (("pubmed_1", "PubMed:5"),), "Cells in rats", "Doe J.; Poe E.", 2012, "Rat"),
    ("CBM:6", (("cbm_1", "CBM:6"), ("cbm_1", "CBM:6b")), "间充质干细胞治疗狼疮性肾炎", "杨桂鲜", 2014, "实用医学杂志"),
    ("CBM:7", (("cbm_1", "CBM:7"),), "狼疮", "李", 2011, "中华"),
    ("Reference lists:8", (("lists_1", "Reference lists:8"),), "Cells, a case", "Coe A.", 2010, "Cases"),
    ("Reference lists:9", (("lists_1", "Reference lists:9"),), "Cells in 81 people", "Qiu L.", 2016, "Lupus"),
)
FINISHED: Mapping[str, tuple[str, str]] = {
    "PubMed:1": ("included", ""),
    "PubMed:2": ("included", ""),
    "PubMed:3": ("excluded_full_text", "review"),
    "PubMed:4": ("excluded_title_abstract", ""),
    "PubMed:5": ("excluded_title_abstract", ""),
    "CBM:6": ("included", ""),
    "CBM:7": ("not_retrieved", ""),
    "Reference lists:8": ("excluded_full_text", "case_report"),
    "Reference lists:9": ("included", ""),
}
INTERIM = {
    **FINISHED,
    "PubMed:2": ("awaiting_full_text", ""),
    "PubMed:5": ("awaiting_title_abstract", ""),
    "CBM:6": ("conflict_title_abstract", ""),
    "CBM:7": ("awaiting_retrieval", ""),
    "Reference lists:9": ("awaiting_full_text", ""),
}
SEARCHES: list[dict[str, object]] = [
    {"search_id": "pubmed_1", "wave": 1, "source": "PubMed", "platform": "NLM", "source_type": "database", "hits": 5},
    {"search_id": "cbm_1", "wave": 1, "source": "CBM", "platform": "SinoMed", "source_type": "database", "hits": 4},
    {"search_id": "ctg_1", "wave": 1, "source": "CTG", "source_type": "register", "hits": 1},
    {"search_id": "lists_1", "wave": 2, "source": "Reference lists", "source_type": "citation", "hits": 2},
]
STRATEGIES = {"pubmed_1.txt": '"lupus nephritis"[MeSH] AND <cells> & stem*\n', "cbm_1.txt": "狼疮"}
PROVENANCE: dict[str, Any] = {
    "reviewflow": "0.1.0",
    "versions": {"pandas": "3.1.0", "numpy": "2.4.0"},
    "inputs": [{"file": "config/config.yaml", "bytes": 4021, "sha256": "ab" * 32}],
    "code": "cd" * 32,
}
CONFIG: dict[str, Any] = {
    "review": {
        "title": "Stem cells for lupus nephritis",
        "question": "Do stem cells help?",
        "version": "2",
        "registration": "",
        "notice": "An example: do not use its numbers.",
        "inclusion": ["Randomised controlled trial"],
        "exclusion": ["Review", "Case report"],
    },
    "screening": {
        "reviewers": ["reviewer_1", "reviewer_2"],
        "adjudicator": "reviewer_3",
        "reviewers_per_report": 2,
        "unsure_counts_as": "include",
    },
    "extraction": {
        "extractors": ["reviewer_1", "reviewer_2"],
        "adjudicator": "reviewer_3",
        "study_fields": [
            {"name": "regimen", "label": "Basic regimen", "in_table": True},
            {"name": "funding", "label": "Funding", "in_table": False},
        ],
    },
    "appraisal": {"assessors": [], "note": "The published review assesses none"},
    "comparisons": {
        "msc_vs_control": {"label": "MSC versus control", "experimental": "MSC", "control": "Control", "design": "RCT"},
        "before_after": {"label": "After versus before", "experimental": "After", "control": "Before", "design": ""},
    },
    "synthesis": {"level": 95, "q_test_threshold": 0.1, "published": "Zhou 2020"},
}
REASONS = [{"reason": "case_report", "label": "Case report"}, {"reason": "review", "label": "Review"}]
OUTCOMES: list[dict[str, object]] = [
    {"outcome": "proteinuria", "label": "Proteinuria", "kind": "continuous", "unit": "g/day", "lower_is_better": True},
    {"outcome": "c3", "label": "Complement C3", "kind": "continuous", "unit": "", "lower_is_better": False},
    {
        "outcome": "adverse_events_printed",
        "label": "Adverse events",
        "kind": "dichotomous",
        "lower_is_better": True,
    },
]
STUDIES = {"gu2014": "PubMed:1", "tang2016": "PubMed:2", "yang2014": "CBM:6", "qiu2016": "Reference lists:9"}


def people(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as if read from a file that people wrote."""
    return frame(table, rows).assign(_file=f"{table}.csv", _line=range(2, len(rows) + 2))


def tables(states: Mapping[str, tuple[str, str]] = FINISHED) -> Tables:
    """All tables of the review, its reports in these states."""
    return {**_protocol(), **_search(), **_dedupe(), **_screening(states), **_audit(), **_extraction(), **_synthesis()}


def empty() -> Tables:
    """The tables of a review on its first day."""
    found: Tables = {}
    for name in tables():
        if name.startswith(("config/", "records/")):
            found[name] = empty_people(name)
        else:
            found[name] = empty_result(f"results/{name}")
    return found


def _protocol() -> Tables:
    searches = [
        {
            **search,
            "date_run": "2019-07-31",
            "coverage_start": "2000-01-01" if search["source"] == "PubMed" else "",
            "export_files": f"{search['search_id']}.ris",
            "strategy_file": f"{search['search_id']}.txt" if f"{search['search_id']}.txt" in STRATEGIES else "",
        }
        for search in SEARCHES
    ]
    amendment = {"date": "2019-08-02", "section": "Outcomes", "change": "C3 added", "reason": "Reported by all"}
    return {
        "config/analyses": read_people(DATA / "config/analyses.csv", "config/analyses", DATA),
        "config/outcomes": people("config/outcomes", OUTCOMES),
        "config/exclusion_reasons": people("config/exclusion_reasons", [dict(reason) for reason in REASONS]),
        "records/search/searches": people("records/search/searches", searches),
        "records/amendments": people("records/amendments", [dict(amendment)]),
    }


def _sightings() -> list[dict[str, object]]:
    types = {search["search_id"]: search for search in SEARCHES}
    return [
        {
            "record_id": record,
            "search_id": search,
            "wave": types[search]["wave"],
            "source": types[search]["source"],
            "source_type": types[search]["source_type"],
            "export_file": f"{search}.ris",
            "position": position,
            "line": 10 * position,
            "title": title,
            "authors": authors,
            "year": year,
            "journal": journal,
            "report_id": report,
            "founder": record == report,
            "matched_by": "" if record == report else "same_doi",
            "matched_to": "" if record == report else report,
            "score": None if record == report else 100.0,
        }
        for position, (report, sightings, title, authors, year, journal) in enumerate(REPORTS, 1)
        for search, record in sightings
    ]


def _search() -> Tables:
    rows = _sightings()
    balance = [
        {
            "export_file": f"{search['search_id']}.ris",
            "search_id": search["search_id"],
            "format": "ris",
            "encoding": "utf-8",
            "entries": len(found) + (search["search_id"] == "ctg_1"),
            "parsed": len(found),
            "rejected": int(search["search_id"] == "ctg_1"),
            "hits": search["hits"],
            "ok": True,
        }
        for search in SEARCHES
        for found in [[row for row in rows if row["search_id"] == search["search_id"]]]
    ]
    rejected = [{"export_file": "ctg_1.ris", "line": 7, "reason": "no title", "text": "TY  - <b>"}]
    return {
        "search/records": frame("results/search/records", rows),
        "search/balance": frame("results/search/balance", balance),
        "search/rejected": frame("results/search/rejected", rejected),
    }


def _dedupe() -> Tables:
    sources = {search["search_id"]: search["source"] for search in SEARCHES}
    reports = [
        {
            "report_id": report,
            "wave": 2 if report.startswith("Reference") else 1,
            "route": "other" if report.startswith("Reference") else "database",
            "n_sightings": len(sightings),
            "n_records": len(sightings),
            "sources": "; ".join(dict.fromkeys(str(sources[search]) for search, _ in sightings)),
            "record_ids": "; ".join(record for _, record in sightings),
            "title": title,
            "authors": authors,
            "year": year,
            "journal": journal,
            "doi": "10.1000/a(b)<c>" if report == "PubMed:1" else "",
            "pmid": report.split(":")[1] if report.startswith("PubMed") else "",
        }
        for report, sightings, title, authors, year, journal in REPORTS
    ]
    tables = {
        "clusters": frame("results/dedupe/clusters", _sightings()),
        "reports": frame("results/dedupe/reports", reports),
        "doubtful_pairs": empty_result("results/dedupe/doubtful_pairs"),
    }
    tables |= overview(frame("results/search/records", _sightings()), tables)
    return {f"dedupe/{name}": table for name, table in tables.items()}


def _screening(states: Mapping[str, tuple[str, str]]) -> Tables:
    reports = {row[0]: row for row in REPORTS}
    routes = {report: "other" if report.startswith("Reference") else "database" for report in reports}
    ledger = frame(
        "results/screening/ledger",
        [
            {
                "report_id": report,
                "wave": 1,
                "route": routes[report],
                "n_sightings": len(reports[report][1]),
                "state": state,
                "reason": reason,
                "study_ids": "; ".join(s for s, r in STUDIES.items() if r == report and state == "included"),
                "title": reports[report][2],
            }
            for report, (state, reason) in states.items()
        ],
    )
    votes = [{"report_id": r, "consensus": _consensus(s), "reviewer_1": "include"} for r, (s, _) in states.items()]
    return {
        "screening/ledger": ledger,
        "screening/contributions": contributions(ledger, _dedupe()["dedupe/reports"]),
        "screening/flow": frame("results/screening/flow", _flow(ledger)),
        "screening/title_abstract": frame("results/screening/title_abstract", votes, ["reviewer_1", "reviewer_2"]),
        "screening/full_text": frame("results/screening/full_text", votes, ["reviewer_1", "reviewer_2"]),
        "screening/identities": frame("results/screening/identities", [_identity("H12"), _identity("H2")]),
        "synthesis/identities": frame("results/synthesis/identities", [_identity("H10")]),
        "screening/agreement": frame("results/screening/agreement", [AGREEMENT, _UNDEFINED]),
        "screening/agreement_all": frame("results/screening/agreement_all", []),
        "screening/votes": frame("results/screening/votes", _VOTES),
        "screening/queue": frame("results/screening/queue", _queue(states)),
        "screening/conflicts": frame("results/screening/conflicts", _conflicts(states)),
    }


def _audit() -> Tables:
    sealed = {"sealed": 0, "unsealed": 9, "imported": 0}
    rows: dict[str, list[dict[str, object]]] = {
        "findings": [
            {"rank": 2, "severity": "warning", "check": "independence", "stage": "title_abstract",
             "reviewer": "reviewer_2", "report_id": "PubMed:4", "record_id": "PubMed:4", "line": 5,
             "file": "records/screening/title_abstract/reviewer_2.csv", "mend": "ask why",
             "finding": "changed to exclude after reviewer_1 had voted"},
            {"rank": 3, "severity": "note", "check": "chain", "file": "records/screening/full_text/reviewer_1.csv",
             "finding": "4 lines are unsealed", "stage": "full_text", "reviewer": "reviewer_1"},
        ],
        "independence": [
            {"stage": stage, "reviewer": "reviewer_1", "decisions": 9, "reports": 8, "first_before_other": 5,
             "after_other_on_page": 0, "after_other_by_hand": 3, "order_unknown": 0, "after_adjudication": 0,
             "changed": 1, "changed_after_other_on_page": 0, "changed_after_other_by_hand": 1,
             "changed_after_adjudication": 0} | sealed
            for stage in ("full_text", "title_abstract")
        ],
        "pace": [
            {"stage": stage, "role": role, "reviewer": who, "day": day, "decisions": n, "cumulative": so_far}
            for stage, role, who, day, n, so_far in (
                ("title_abstract", "reviewer", "reviewer_1", "2019-08-05", 4, 4),
                ("title_abstract", "reviewer", "reviewer_1", "2019-08-07", 3, 7),
                ("title_abstract", "reviewer", "reviewer_2", "2019-08-06", 7, 7),
                ("title_abstract", "adjudicator", "reviewer_3", "2019-08-09", 1, 1),
                ("full_text", "reviewer", "reviewer_1", "2019-09-02", 6, 6),
            )
        ],
        "matrix": [
            {"stage": "title_abstract", "reviewer_a": "reviewer_1", "reviewer_b": "reviewer_2", "vote_a": a,
             "vote_b": b, "reports": n}
            for a, b, n in (("include", "include", 4), ("include", "exclude", 2), ("exclude", "none", 1))
        ],
        "near_misses": [
            {"stage": "title_abstract", "report_id": "PubMed:4", "included_by": "reviewer_1", "excluded_by": "reviewer_2",
             "settled": "adjudicated", "adjudicator": "reviewer_3", "note": "'-mice", "title": "Cells in mice"},
            {"stage": "full_text", "report_id": "PubMed:3", "excluded_by": "reviewer_1; reviewer_2",
             "changed_by": "reviewer_2", "settled": "agreed", "reason": "review", "title": "A review"},
        ],
        "without_reviewer": [
            {"reviewer": "reviewer_1", "report_id": "PubMed:4", "state": "excluded_title_abstract",
             "without": "awaiting_retrieval", "change": "open", "title": "Cells in mice"},
        ],
        "influence": [
            {"reviewer": who, "reports": 8, "included": 4, "included_without": 4, "lost": 0, "gained": 0, "open": n,
             "changed": n}
            for who, n in (("reviewer_1", 1), ("reviewer_2", 0))
        ],
        "reported_statistics": [],
        "reported_checks": [],
    }  # fmt: skip
    return {f"audit/{name}": frame(f"results/audit/{name}", found) for name, found in rows.items()}


def _consensus(state: str) -> str:
    return "incomplete" if state.startswith("awaiting") else "conflict" if state.startswith("conflict") else "agreed"


def _identity(name: str) -> dict[str, object]:
    return {"identity": name, "statement": f"{name} must hold: a <= b", "left": 7, "right": 7, "ok": True}


AGREEMENT: dict[str, object] = {
    "stage": "title_abstract", "reviewer_a": "reviewer_1", "reviewer_b": "reviewer_2", "n": 1000, "both_include": 30,
    "only_a_includes": 10, "only_b_includes": 5, "both_exclude": 955, "agreement": 0.985, "kappa": 0.7922,
    "kappa_lower": 0.6933, "kappa_upper": 0.8911, "pabak": 0.97, "prevalence_index": 0.925, "bias_index": 0.005,
    "p_pos": 0.8, "p_neg": 0.9922, "scale": "Cochrane (Orwin 1994)", "band": "excellent", "round": "all", "left_out": 0,
    "agreement_three": 0.98,
}  # fmt: skip
_UNDEFINED: dict[str, object] = {
    "stage": "full_text", "reviewer_a": "reviewer_1", "reviewer_b": "reviewer_2", "n": 3, "both_include": 3, "only_a_includes": 0,
    "only_b_includes": 0, "both_exclude": 0, "agreement": 1.0, "pabak": 1.0, "prevalence_index": 1.0,
    "bias_index": 0.0, "p_pos": 1.0, "scale": "Cochrane (Orwin 1994)", "band": "not estimable", "round": "all",
    "left_out": 1, "agreement_three": 1.0, "reason_n": 0,
}  # fmt: skip
_VOTES: list[dict[str, object]] = [
    {"stage": "title_abstract", "report_id": "PubMed:1", "record_id": "PubMed:1", "reviewer": who, "role": role,
     "decision": decision, "decided_at": at, "seal": "unsealed", "holds": True, "file": f"{who}.csv", "line": line}
    for who, role, decision, at, line in (
        ("reviewer_1", "reviewer", "include", "2019-08-01T09:00:00Z", 2),
        ("reviewer_2", "reviewer", "include", "2019-08-01T23:59:00Z", 2),
        ("reviewer_2", "reviewer", "withdraw", "2019-08-01T23:59:30Z", 3),
        ("reviewer_2", "reviewer", "exclude", "2019-08-02T00:00:00Z", 4),
        ("reviewer_2", "reviewer", "exclude", "", 5),
        ("reviewer_3", "adjudicator", "include", "2019-08-01T12:00:00Z", 2),
    )
]  # fmt: skip


def _flow(ledger: pd.DataFrame) -> list[dict[str, object]]:
    kinds = {search["search_id"]: search for search in SEARCHES}
    sightings = [kinds[str(row["search_id"])] for row in _sightings()]
    found = [(box.data, "", len(members(ledger, box))) for box in BOXES]
    for box in BOXES:
        reasons = members(ledger, box)["reason"].value_counts() if box.by_reason else {}
        found += [(box.data, str(reason), int(n)) for reason, n in reasons.items()]
    for data, kind in (
        ("database_results", "database"), ("register_results", "register"), ("website_results", "website"),
        ("organisation_results", "organisation"), ("citations_results", "citation"), ("other_results", "other"),
    ):  # fmt: skip
        found.append((data, "", sum(s["source_type"] == kind for s in sightings)))
    for data, kind in (("database_specific_results", "database"), ("register_specific_results", "register")):
        for source in dict.fromkeys(str(s["source"]) for s in sightings if s["source_type"] == kind):
            found.append((data, source, sum(s["source"] == source for s in sightings)))
    screened = len(members(ledger, BOXES[0]))
    identified = sum(s["source_type"] in ("database", "register") for s in sightings)
    studies = ledger.loc[ledger["state"] == "included", "study_ids"].nunique()
    found += [("duplicates", "", identified - screened), ("new_studies", "", studies), ("total_studies", "", studies)]
    found += [("excluded_automatic", "", 0), ("excluded_other", "", 0)]
    return [{"data": data, "wave": wave, "part": part, "n": n} for data, part, n in found for wave in ("1", "2", "all")]


def _queue(states: Mapping[str, tuple[str, str]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for report, (state, _) in states.items():
        if state == "awaiting_retrieval":
            found.append(_waits(report, "retrieval", "retrieve", "", "records/screening/retrieval.csv"))
        for stage in ("title_abstract", "full_text"):
            folder = f"records/screening/{stage}"
            if state == f"awaiting_{stage}":
                found += [
                    _waits(report, stage, "decide", who, f"{folder}/{who}.csv") for who in ("reviewer_1", "reviewer_2")
                ]
            if state == f"conflict_{stage}":
                found.append(_waits(report, stage, "adjudicate", "reviewer_3", f"{folder}/adjudication.csv"))
    return found


def _waits(report: str, stage: str, task: str, person: str, file: str) -> dict[str, object]:
    return {"report_id": report, "stage": stage, "task": task, "person": person, "file": file}


def _conflicts(states: Mapping[str, tuple[str, str]]) -> list[dict[str, object]]:
    return [
        {
            "stage": "title_abstract",
            "report_id": report,
            "kind": "decision",
            "votes": "reviewer_1=include; reviewer_2=exclude",
        }
        for report, (state, _) in states.items()
        if state == "conflict_title_abstract"
    ]


_AGREEMENT = [
    {"table": "arms", "column": "n", "label": "n", "extractor_a": "reviewer_1", "extractor_b": "reviewer_2",
     "cells": 8, "agreed": 7, "percent": 87.5},
    {"table": "arms", "column": "role", "label": "role", "extractor_a": "reviewer_1", "extractor_b": "reviewer_2",
     "cells": 8, "agreed": 8, "percent": 100.0, "kappa": 1.0},
]  # fmt: skip
_OVERLAPS = [
    {"study_a": "gu2014", "study_b": "tang2016", "why": "2 authors in common: wang d, sun l", "shared_authors": 2,
     "score": 2, "verdict": "overlapping", "use": "gu2014", "ruled_by": "reviewer_3", "note": "the authors say so"},
]  # fmt: skip
_CONVERSIONS = [
    {"study_id": "gu2014", "comparison": "before_after", "outcome": "c3", "timepoint": "6 months", "arm_id": "msc",
     "step": 1, "kind": "sd_from_se", "from": "mean_se=0.5; n=81", "to": "sd", "value": 4.5,
     "formula": "SE * sqrt(n)", "source": "Handbook 6.5.2.2", "imputed": False},
]  # fmt: skip
_WARNINGS = [
    {"check": "large_smd", "study_id": "gu2014", "where": "results gu2014/before_after/c3/6 months", "value": "2.4",
     "expected": "at most 2", "message": "the SD may be an SE; check it", "person": "reviewer_1"},
]  # fmt: skip


def _extraction() -> Tables:
    studies = [
        {
            "study_id": study,
            "label": study.capitalize().replace("20", " 20"),
            "reports": report,
            "provenance": "reported",
            "regimen": "GC + CTX",
            "funding": "not stated",
        }
        for study, report in STUDIES.items()
    ]
    arms: list[dict[str, object]] = [
        {"study_id": "gu2014", "arm_id": "msc", "label": "MSC group", "role": "experimental", "n": 81, "page": "3",
         "quote": "81 patients", "provenance": "reported"},
        {"study_id": "tang2016", "arm_id": "msc", "role": "experimental", "n": 8, "provenance": "constructed"},
    ]  # fmt: skip
    differ = {
        "table": "arms",
        "key": "gu2014/msc",
        "column": "n",
        "values": "reviewer_1=81; reviewer_2=18",
        "status": "adjudicated",
    }
    return {
        "extraction/studies": frame("results/extraction/studies", studies, ["regimen", "funding"]),
        "extraction/arms": frame("results/extraction/arms", arms),
        "extraction/contrasts": read_result(DATA / "results/extraction/contrasts.csv"),
        "extraction/disagreements": frame(
            "results/extraction/disagreements", [{**differ, "value": "81", "adjudicator": "reviewer_3"}]
        ),
        "extraction/agreement": frame("results/extraction/agreement", _AGREEMENT),
        "extraction/overlaps": frame("results/extraction/overlaps", _OVERLAPS),
        "extraction/conversions": frame("results/extraction/conversions", _CONVERSIONS),
        "extraction/warnings": frame("results/extraction/warnings", _WARNINGS),
        "extraction/issues": empty_result("results/extraction/issues"),
        **{f"appraisal/{name}": empty_result(f"results/appraisal/{name}") for name in _APPRAISALS},
        "appraisal/risk_of_bias": frame(
            "results/appraisal/risk_of_bias", [{"study_id": study, "status": "not_assessed"} for study in STUDIES]
        ),
    }


def _synthesis() -> Tables:
    found = {f"synthesis/{name}": read_result(DATA / f"results/synthesis/{name}.csv") for name in _SYNTHESES}
    nothing = {
        "analysis": "self_c3_24m", "measure": "MD", "method": "IV", "model_rule": "q_test", "tau2_method": "DL",
        "ci_method": "wald", "level": 95.0, "k": 0, "note": "k = 0",
    }  # fmt: skip
    row = frame("results/synthesis/pooled", [nothing])
    found["synthesis/pooled"] = pd.concat([found["synthesis/pooled"], row[found["synthesis/pooled"].columns]])
    analyses = [{"analysis": name, "certainty": "not_assessed"} for name in found["synthesis/pooled"]["analysis"]]
    found |= {f"synthesis/{name}": empty_result(f"results/synthesis/{name}") for name in _TRIED}
    return {**found, "appraisal/certainty": frame("results/appraisal/certainty", analyses)}


_SYNTHESES = ("effects", "pooled", "reproduction")
_TRIED = (
    "subgroups", "subgroup_tests", "sensitivity", "leave_one_out", "influence", "asymmetry", "regression",
    "regression_fit", "left_out",
)  # fmt: skip
_APPRAISALS = ("agreement", "issues", "domains", "levels", "distribution", "grade", "summary_of_findings")
