"""What the published review prints: records/published/, taken from tests/bundled/data/published.csv and published/."""

from pathlib import Path

from .tables import DATA, read, write

DESIGNS = {"RCT": "parallel", "self-controlled": "before_after"}
VALUES = ("k", "q_p", "model", "estimate", "ci_lower", "ci_upper", "p_value", "note", "studies", "cited")
COLUMNS = ("analysis", "location", *VALUES[:8], "measure", "design", *VALUES[8:])


def write_published(root: Path) -> None:
    """The 52 rows of Tables 2 and 3, and the text, the studies and the totals around them."""
    rows = [
        {
            "analysis": row["row_id"],
            "location": row["table"],
            "measure": "OR" if row["outcome"].startswith("adverse") else "WMD",
            "design": DESIGNS[row["design"]],
            **{value: row[value] for value in VALUES},
        }
        for row in read("published")
    ]
    write(root / "records/published/estimates.csv", COLUMNS, rows)
    for file in sorted((DATA / "published").glob("*.csv")):
        lines = read(f"published/{file.stem}")
        write(root / f"records/published/{file.name}", list(lines[0]), lines)
