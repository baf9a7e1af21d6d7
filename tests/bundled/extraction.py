"""Extraction by two people, the third's adjudication, and the review's tables of the protocol."""

from collections.abc import Mapping
from pathlib import Path

from .tables import Row, read, write

EXTRACTORS = ("extractor_1", "extractor_2")
ADJUDICATOR = "extractor_3"
FIELDS = (
    "study_type",
    "basic_regimen",
    "patient_characteristics",
    "msc",
    "msc_dose",
    "infusion",
    "endpoint",
    "adverse_events",
    "effectiveness",
)
SOURCE_COLUMNS = ("page", "quote", "provenance", "note")
COLUMNS: dict[str, tuple[str, ...]] = {
    "studies": ("study_id", "label", *FIELDS, *SOURCE_COLUMNS),
    "arms": ("study_id", "arm_id", "label", "role", "n", *SOURCE_COLUMNS),
    "results": (
        *("study_id", "comparison", "outcome", "timepoint", "arm_id"),
        *("n", "events", "mean", "sd", "effect", "se", "unit"),
        *SOURCE_COLUMNS,
    ),
}
ANALYSES = (
    *("analysis", "label", "section", "figure", "comparison", "outcome", "timepoint"),
    *("measure", "method", "model", "tau2_method", "ci_method", "exclude_studies", "note"),
)
OVERLAP_COLUMNS = ("study_a", "study_b", "verdict", "use", "ruled_by", "ruled_at", "note")
# Pairs that share authors; Zhou 2020 pools them as studies of their own.
ALIKE = (("deng2017", "tang2016"), ("gu2014", "wen2019"))
KEYS = {"studies": 1, "arms": 2, "results": 5}
COMPARISONS = {"RCT": "msc_vs_control", "self-controlled": "before_after"}
CALIBRATED = "constructed so that the pooled row prints as published; not the trial's data"
PRINTED = "effect as printed; SE from the printed confidence limits"
NO_TIME = "end of study"


def timepoint(months: str) -> str:
    """A printed time point, such as 6 months."""
    if not months:
        return NO_TIME
    return f"{months} month" if months == "1" else f"{months} months"


def outcome_label(outcome: str) -> str:
    """How Tables 2 and 3 print an outcome."""
    printed = {"proteinuria": "Proteinuria", "scr": "Scr", "serum_albumin": "Serum albumin"}
    return printed.get(outcome, "Adverse events" if outcome.startswith("adverse") else outcome.upper())


def write_protocol(root: Path) -> None:
    """config/outcomes.csv and config/analyses.csv."""
    outcomes = read("outcomes")
    write(root / "config/outcomes.csv", list(outcomes[0]), outcomes)
    published = read("published")
    analyses = [_analysis(row) for row in published]
    table1 = {
        **analyses[[a["analysis"] for a in analyses].index("rct_adverse_events_all")],
        "analysis": "rct_adverse_events_table1",
        "label": "Adverse events, as Table 1 states them",
        "section": "Adverse events as Table 1 states them",
        "outcome": "adverse_events_table1",
        "note": "Not a published row: the events that Table 1 of Zhou 2020 states for the two trials that the "
        "printed row cites; the arms of Tang 2016 are constructed",
    }
    write(root / "config/analyses.csv", ANALYSES, [*analyses, table1])


def _analysis(row: Row) -> Row:
    """One pre-specified synthesis as Zhou 2020 section 2.4 states its methods."""
    binary = row["outcome"].startswith("adverse")
    return {
        "analysis": row["row_id"],
        "label": outcome_label(row["outcome"]) + (f", {timepoint(row['months'])}" if row["months"] else ""),
        "section": row["table"],
        "figure": row["figure"],
        "comparison": COMPARISONS[row["design"]],
        "outcome": row["outcome"],
        "timepoint": timepoint(row["months"]),
        "measure": "OR" if binary else "MD",
        "method": "MH" if binary else "IV",
        "model": "q_test",
        "tau2_method": "DL",
        "ci_method": "wald",
    }


def write_extraction(root: Path, records: Mapping[str, str]) -> None:
    """Everything in records/extraction/; `records` gives one record_id of each included study."""
    tables = {"studies": _studies(), "arms": _arms(), "results": _results()}
    disagreements = read("disagreements")
    for extractor in EXTRACTORS:
        wrong = {(d["table"], d["key"]): d for d in disagreements if d["extractor"] == extractor}
        for table, rows in tables.items():
            lines = [_as_read(table, row, wrong) for row in rows]
            write(root / f"records/extraction/{extractor}/{table}.csv", COLUMNS[table], lines)
    columns = ["table", "key", "column", "value", "adjudicator", "note"]
    settled = [{**{c: d[c] for c in columns if c in d}, "adjudicator": ADJUDICATOR} for d in disagreements]
    write(root / "records/extraction/adjudication.csv", columns, settled)
    write(root / "records/extraction/overlaps.csv", OVERLAP_COLUMNS, [_overlap(*pair) for pair in ALIKE])
    links = [
        {
            "study_id": s["study_id"],
            "record_id": records[s["study_id"]],
            "role": "primary",
            "note": f"Zhou 2020 reference list, no. {s['reference_no']}",
        }
        for s in read("studies")
    ]
    write(root / "records/extraction/study_reports.csv", ["study_id", "record_id", "role", "note"], links)


def _overlap(one: str, other: str) -> Row:
    """What can be said of a pair from the published review alone."""
    note = "constructed ruling for the example; Zhou 2020 prints nothing by which to tell, and pools both"
    return {
        "study_a": one,
        "study_b": other,
        "verdict": "unclear",
        "ruled_by": ADJUDICATOR,
        "ruled_at": "2019-11-04T10:00:00Z",
        "note": note,
    }


def _as_read(table: str, row: Row, wrong: Mapping[tuple[str, str], Row]) -> Row:
    """The line as one extractor has it, with that extractor's slip if there is one."""
    key = "/".join(row.get(c, "") for c in COLUMNS[table][: KEYS[table]])
    slip = wrong.get((table, key))
    return {**row, slip["column"]: slip["wrong"]} if slip else row


def _studies() -> list[Row]:
    """Table 1 of the published review."""
    return [
        {
            **{c: s[c] for c in ("study_id", "label", *FIELDS, "quote")},
            "page": "Zhou 2020, Table 1",
            "provenance": "reported",
        }
        for s in read("studies")
    ]


def _arms() -> list[Row]:
    """Sizes of the arms; the published review prints none."""
    return [
        {
            **arm,
            "label": "MSC group" if arm["arm_id"] == "msc" else "Control group",
            "role": "experimental" if arm["arm_id"] == "msc" else "control",
        }
        for arm in read("arms")
    ]


def _results() -> list[Row]:
    """Effects behind each pooled row, and the adverse events by arm in two readings."""
    published = {row["row_id"]: row for row in read("published")}
    effects = [_effect(row, published[row["row_id"]]) for row in read("effects")]
    printed = published["rct_adverse_events_all"]
    studies = {s["study_id"]: s for s in read("studies")}
    return effects + [_events(row, printed, studies[row["study_id"]]) for row in read("events")]


def _quote(row: Row) -> str:
    """A pooled row's estimate as printed."""
    return f"{row['estimate']} ({row['ci_lower']}, {row['ci_upper']})"


def _effect(effect: Row, row: Row) -> Row:
    """One study's effect in a pooled row."""
    own = CALIBRATED if effect["provenance"] == "calibrated" else PRINTED
    return {
        **{c: effect[c] for c in ("study_id", "effect", "se", "provenance")},
        "comparison": COMPARISONS[row["design"]],
        "outcome": row["outcome"],
        "timepoint": timepoint(row["months"]),
        "page": f"Zhou 2020, {row['table']}, {outcome_label(row['outcome'])}, {timepoint(row['months'])}",
        "quote": _quote(row),
        "note": "; ".join(filter(None, [own, effect["note"]])),
    }


def _events(row: Row, printed: Row, study: Row) -> Row:
    """One arm's adverse events in one of the two readings."""
    table1 = row["outcome"] == "adverse_events_table1"
    calibrated = row["provenance"] == "calibrated"
    return {
        **row,
        "comparison": COMPARISONS["RCT"],
        "timepoint": NO_TIME,
        "page": "Zhou 2020, Table 1" if table1 else "Zhou 2020, Table 2, Adverse events",
        "quote": study["adverse_events"] if table1 else _quote(printed),
        "note": "; ".join(filter(None, [CALIBRATED if calibrated else "", row["note"]])),
    }
