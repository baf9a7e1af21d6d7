"""What import and deduplication take together: `snakemake dedupe` on RIS exports of constructed records
(`dedup_records.py`), with the gate before it, in files of 100,000 records at most.

    python benchmarks/exports_to_reports.py [RECORDS ...]

Wall time and CPU time are of the whole run, memory is the highest sum over all its processes at one moment, looked at
twice a second.
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from dedup_records import records

ROOT = Path(__file__).parents[1]
_FILE = 100_000
_TAGS = {
    "TI": "title", "TT": "translated_title", "PY": "year", "T2": "journal", "VL": "volume", "IS": "issue",
    "SP": "pages", "DO": "doi", "AB": "abstract", "AN": "accession", "LA": "language",
}  # fmt: skip


def ris(row: dict[str, Any]) -> Iterator[str]:
    """The lines of one record."""
    yield "TY  - JOUR"
    yield from (f"AU  - {name}" for name in row["authors"].split("; ") if name)
    for tag, column in _TAGS.items():
        if text := " ".join(str(row.get(column, "")).split()):
            yield f"{tag}  - {text}"
    yield "ER  - "


def write_exports(number: int, review: Path) -> None:
    """The exports of every source, and searches.csv."""
    folder = review / "records/search/exports"
    folder.mkdir(parents=True)
    hits: Counter[str] = Counter()
    names: dict[str, list[str]] = {}
    with ExitStack() as files:
        ends: dict[str, TextIO] = {}
        for row in records(number):
            source = row["source"]
            if not hits[source] % _FILE:
                name = f"{source}_{hits[source] // _FILE}.ris"
                names.setdefault(source, []).append(name)
                ends[source] = files.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            hits[source] += 1
            ends[source].write("\r\n".join(ris(row)) + "\r\n")
    columns = ["search_id", "wave", "source", "platform", "source_type", "date_run", "coverage_start", "coverage_end"]
    columns += ["hits", "export_files", "strategy_file", "notes"]
    with (review / "records/search/searches.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for place, source in enumerate(sorted(names), 1):
            line = {"search_id": f"s{place}", "wave": 1, "source": source, "source_type": "database"}
            line |= {"date_run": "2026-01-01", "hits": hits[source], "export_files": "; ".join(names[source])}
            writer.writerow(line)


def memory(process: int) -> int:
    """Bytes of a process and all below it."""
    try:
        own = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
        threads = Path(f"/proc/{process}/task").glob("*/children")
        below = [child for thread in threads for child in thread.read_text(encoding="ascii").split()]
    except (OSError, IndexError):
        return 0  # it ended in between
    return own + sum(memory(int(child)) for child in below)


def measure(number: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of one run."""
    with tempfile.TemporaryDirectory() as place:
        write_exports(number, Path(place))
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "Snakefile"), "--directory", place, "dedupe"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            peak = 0
            while run.poll() is None:
                peak = max(peak, memory(run.pid))
                time.sleep(0.5)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        raise SystemExit(f"the run ended with status {run.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak / 1e6


def main() -> None:
    """Measure each size and print the table."""
    print("| records | wall s | CPU s | peak MB |\n| --- | ---: | ---: | ---: |")
    for number in [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        wall, cpu, peak = measure(number)
        print(f"| {number:,} | {wall:.0f} | {cpu:.0f} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
