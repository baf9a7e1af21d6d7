"""How fast and how right duplicates are found, against bib-dedupe: constructed records whose duplicates are known
(`dedup_records.py`), each run in a process of its own on one core.

    python benchmarks/dedup.py [--against 2000,5000,10000,20000] [--alone 10000,100000,1000000] [--odd 20000]

bib-dedupe comes from the package index into a virtual environment that lasts as long as the run; `--against ""` leaves
it out, and then no network is needed. Seconds are CPU, user and system, of the whole process with its children; memory
is the peak, as Linux gives it. Ours is the job of the workflow: read records.csv, find duplicates, merge, write four
tables. bib-dedupe reads the same records as CSV, finds duplicates and writes their clusters; it merges nothing and
writes no reports. Missed are duplicates that stand in a cluster of their own, false are records in the cluster of
another report, and asked are pairs left to a person.
"""

import argparse
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from dedup_records import Row, records

LIBRARY = Path(__file__).parents[1] / "workflow" / "lib"
sys.path.insert(0, str(LIBRARY))

from reviewflow.schema import schema  # noqa: E402 the library lies beside this file and need not be installed

PEER = "bib-dedupe==0.11.0"

# The peak of this very process: what the system counts for a child begins with the memory of the one that made it.
PEAK = """
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
"""
OURS = """
import json, sys
from reviewflow import dedupe
from reviewflow.tables import empty_people
from reviewflow.tables.columns import read_columns, write_columns

place = sys.argv[1]
config = {"dedupe": {"source_order": ["PubMed", "Embase"]}}
sightings = read_columns(f"{place}/results/search/records.csv")
tables = dedupe.build_columns(config, sightings, empty_people("records/dedupe/rulings"))
write_columns(tables, {name: f"{place}/results/dedupe/{name}.csv" for name in tables})
asked = len(tables["doubtful_pairs"])
"""

THEIRS = """
import json, sys
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep

place = sys.argv[1]
records = pd.read_csv(f"{place}/peer.csv", dtype=str, keep_default_na=False)
matched = match(block(prep(records, cpu=1, verbosity_level=0), cpu=1), cpu=1)
json.dump([sorted(ids) for ids in cluster(matched)], open(f"{place}/peer.json", "w"))
asked = int((matched["duplicate_label"] == "maybe").sum())
"""


class Run(NamedTuple):
    """What one process took and found."""

    seconds: float
    peak: float
    duplicates: int
    missed: int
    false: int
    asked: int


def spend(python: str, code: str, place: Path) -> tuple[float, float, int]:
    """CPU seconds and peak megabytes of a Python process and its children on one core, and the pairs it asks about."""
    whole = f"{code}{PEAK}print(json.dumps([peak, asked]))"
    command = ["taskset", "-c", "0", python, "-c", whole, str(place)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(LIBRARY)}
    ) as process:
        said = process.stdout.read() if process.stdout else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    if status:
        raise SystemExit(f"a process failed with status {status}: {' '.join(command[:4])}")
    peak, asked = json.loads(said.splitlines()[-1])
    return used.ru_utime + used.ru_stime, peak, asked


def write_ours(rows: Iterable[Row], place: Path) -> dict[str, int]:
    """records.csv as the search stage writes it, and the number of the report of each record."""
    (place / "results/search").mkdir(parents=True)
    truth: dict[str, int] = {}
    with (place / "results/search/records.csv").open("w", encoding="utf-8", newline="") as file:
        columns = list(schema("results/search/records").columns)
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            source = row["source"]
            record_id = f"{source}:{row['accession']}"
            where = {
                "search_id": source.lower().replace(" ", "_"),
                "wave": 1,
                "source_type": "database",
                "line": number,
            }
            writer.writerow(row | where | {"record_id": record_id, "export_file": f"{source}.ris", "position": number})
            truth[record_id] = row["report"]
    return truth


def write_theirs(rows: Iterable[Row], place: Path) -> None:
    """The same records in the columns of bib-dedupe."""
    names = {"title": "title", "year": "year", "journal": "journal", "volume": "volume", "issue": "number"}
    names |= {"pages": "pages", "doi": "doi", "abstract": "abstract"}
    with (place / "peer.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["ID", "ENTRYTYPE", "author", *names.values()], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            author = row["authors"].replace("; ", " and ")
            fixed = {"ID": f"{row['source']}:{row['accession']}", "ENTRYTYPE": "article", "author": author}
            writer.writerow(fixed | {theirs: row[ours] for ours, theirs in names.items()})


def our_clusters(place: Path) -> dict[str, str]:
    """The cluster of each record by clusters.csv."""
    with (place / "results/dedupe/clusters.csv").open(encoding="utf-8", newline="") as file:
        return {row["record_id"]: row["report_id"] for row in csv.DictReader(file)}


def their_clusters(place: Path) -> dict[str, str]:
    """The cluster of each record that bib-dedupe put in one."""
    clusters = json.loads((place / "peer.json").read_text(encoding="utf-8"))
    return {record: ids[0] for ids in clusters for record in ids}


def score(clusters: dict[str, str], truth: dict[str, int]) -> tuple[int, int, int]:
    """Duplicates that there are, that were missed, and records in a cluster that is mostly of another report."""
    parts = Counter((clusters.get(record, record), report) for record, report in truth.items())
    largest: Counter[str] = Counter()
    for (cluster, _), size in parts.items():
        largest[cluster] = max(largest[cluster], size)
    reports = len(set(truth.values()))
    return len(truth) - reports, len(parts) - reports, len(truth) - sum(largest.values())


def measure(rows: Callable[[], Iterable[Row]], peer: str = "") -> tuple[Run, Run | None]:
    """Ours, and bib-dedupe with the Python `peer`, on the same records."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        truth = write_ours(rows(), place)
        seconds, peak, asked = spend(sys.executable, OURS, place)
        ours = Run(seconds, peak, *score(our_clusters(place), truth), asked)
        if not peer:
            return ours, None
        write_theirs(rows(), place)
        seconds, peak, asked = spend(peer, THEIRS, place)
        return ours, Run(seconds, peak, *score(their_clusters(place), truth), asked)


def giant_abstracts(number: int) -> Iterator[Row]:
    """Records of which three have an abstract as long as a book."""
    for place, row in enumerate(records(number)):
        size = {10: 240_000, 11: 240_000, 12: 65_000}.get(place, 0)
        yield row | ({"abstract": ("Cells were given. " * 14_000)[:size]} if size else {})


def one_author(number: int) -> Iterator[Row]:
    """Records of one first author, one year and one DOI prefix."""
    for row in records(number):
        names = row["authors"].split("; ")[1:]
        doi = row["doi"] and "10.1000/" + row["doi"].split("/", 1)[1]
        yield row | {"authors": "; ".join(["Wang, L", *names]), "year": 2020, "doi": doi}


def editorials(number: int) -> Iterator[Row]:
    """Records with one title."""
    for row in records(number):
        yield row | {"title": "Editorial", "abstract": ""}


def shuffled(number: int) -> Iterator[Row]:
    """Records in another order."""
    rows = list(records(number))
    random.Random(1).shuffle(rows)
    yield from rows


ODD: dict[str, Callable[[int], Iterator[Row]]] = {
    "as they come": records,
    "in another order": shuffled,
    "three giant abstracts": giant_abstracts,
    "one first author, year and DOI prefix": one_author,
    "all titled Editorial": editorials,
}


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table, numbers to the right."""
    columns = list(head)
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def shown(run: Run) -> list[str]:
    """The cells of one run."""
    recall = 1 - run.missed / max(run.duplicates, 1)
    found = [f"{run.missed:,}", f"{recall:.4f}", f"{run.false:,}", f"{run.asked:,}"]
    return [f"{run.seconds:.1f}", f"{run.peak:,.0f}", *found]


COLUMNS = ["CPU s", "peak MB", "missed", "recall", "false", "asked"]


def against(sizes: list[int]) -> str:
    """Both on the same records."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        peer = f"{folder}/bin/python"
        subprocess.run([peer, "-m", "pip", "install", "-q", PEER], check=True)
        rows = []
        for size in sizes:
            ours, theirs = measure(lambda size=size: records(size), peer)  # type: ignore[misc]
            if theirs:
                rows.append([f"{size:,}", "bib-dedupe", *shown(theirs), ""])
                rows.append([f"{size:,}", "reviewflow", *shown(ours), f"{theirs.seconds / ours.seconds:.0f}"])
    return table(["records", "by", *COLUMNS, "times faster"], rows)


def alone(sizes: list[int]) -> str:
    """Ours, and how the time grows with the size: with its power of the last column since the row above."""
    runs = [(size, measure(lambda size=size: records(size))[0]) for size in sizes]  # type: ignore[misc]
    powers = [math.log(b.seconds / a.seconds) / math.log(n / m) for (m, a), (n, b) in pairwise(runs)]
    rows = [
        [f"{size:,}", *shown(run), f"{power:.2f}" if power else ""]
        for (size, run), power in zip(runs, [0.0, *powers], strict=True)
    ]
    return table(["records", *COLUMNS, "grows with power"], rows)


def odd(size: int) -> str:
    """Ours on records that are in some way out of proportion."""
    runs = {name: measure(lambda make=make: make(size))[0] for name, make in ODD.items()}  # type: ignore[misc]
    return table([f"{size:,} records", *COLUMNS], ([name, *shown(run)] for name, run in runs.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", default="2000,5000,10000,20000", help="sizes to compare with bib-dedupe")
    parser.add_argument("--alone", default="10000,100000,1000000", help="sizes for this workflow alone")
    parser.add_argument("--odd", default="20000", help="size of the sets that are out of proportion")
    asked = parser.parse_args()
    parts = {against: asked.against, alone: asked.alone}
    for part, sizes in parts.items():
        if sizes:
            sys.stdout.write(f"{part([int(size) for size in sizes.split(',')])}\n")
            sys.stdout.flush()
    if asked.odd:
        sys.stdout.write(odd(int(asked.odd)))


if __name__ == "__main__":
    main()
