"""Search: the five exports, the list of searches, their strategies, and the truth behind the records."""

from collections.abc import Callable
from pathlib import Path

from . import ris, tagged
from .records import SOURCES, Record
from .tables import DATA, read, write, write_text

FORMATS: dict[str, tuple[str, Callable[[list[Record]], str]]] = {
    "W": ("web_of_science.ris", ris.web_of_science),
    "E": ("embase.ris", ris.embase),
    "P": ("pubmed.nbib", tagged.pubmed),
    "C": ("cochrane_library.ris", ris.cochrane),
    "B": ("cbm.txt", tagged.noteexpress),
}
COLUMNS = [
    "search_id",
    "wave",
    "source",
    "platform",
    "source_type",
    "date_run",
    "coverage_start",
    "coverage_end",
]
COLUMNS += ["hits", "export_files", "strategy_file", "notes"]
NOTE = "The five databases and 386 records in all are published; the split by database is illustrative"


def write_search(root: Path, found: dict[str, list[Record]]) -> None:
    """Everything in records/search/, and truth.csv."""
    rows = []
    for search in read("searches"):
        source = search["letter"]
        file, render = FORMATS[source]
        write_text(root / "records/search/exports" / file, render(found[source]))
        strategy = f"{search['search_id']}.txt"
        text = (DATA / "strategies" / strategy).read_text(encoding="utf-8")
        write_text(root / "records/search/strategies" / strategy, text)
        rows.append(_row(search, source, len(found[source]), file, strategy))
    write(root / "records/search/searches.csv", COLUMNS, rows)
    truth = [
        {"record_id": r.record_id, "report_key": r.report.key, "kind": r.report.kind}
        for records in found.values()
        for r in records
    ]
    write(
        root / "tests/bundled/truth.csv",
        ["record_id", "report_key", "kind"],
        sorted(truth, key=lambda row: (row["report_key"], row["record_id"])),
    )


def _row(search: dict[str, str], source: str, hits: int, file: str, strategy: str) -> dict[str, object]:
    """One line of searches.csv."""
    return {
        "search_id": search["search_id"],
        "wave": 1,
        "source": SOURCES[source],
        "platform": search["platform"],
        "source_type": "database",
        "date_run": "2019-07-31",
        "coverage_start": "2000-01-01",
        "coverage_end": "2019-07-31",
        "hits": hits,
        "export_files": file,
        "strategy_file": strategy,
        "notes": NOTE,
    }
