"""Files of records/ that hold nothing but their header."""

from pathlib import Path

from .tables import write

HEADERS = {
    "amendments": ("date", "section", "change", "reason"),
    "dedupe/rulings": ("record_a", "record_b", "verdict", "ruled_by", "ruled_at", "note"),
    "appraisal/adjudication": ("study_id", "tool", "outcome", "domain", "judgement", "support", "adjudicator"),
    "appraisal/certainty": ("analysis", "certainty", "explanation"),
}


def write_blank(root: Path) -> None:
    """Header-only tables: the published review amended, ruled and judged nothing that it tells of."""
    for name, columns in HEADERS.items():
        write(root / f"records/{name}.csv", columns)
