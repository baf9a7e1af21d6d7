"""How fast exports become results/search/records.csv, and in how much memory, at 10,000, 100,000 and 1,000,000 records.

    python benchmarks/import.py [RECORDS ...]

The exports are RIS as Embase.com writes it, 100,000 records a file at most, about 1.9 kB a record, with the vocabulary
permuted from file to file. Each measurement is a process of its own; its seconds are user and system time of the whole
process less those of one that only imports the same modules, its memory the peak above that of the same.

    lines    a plain loop over the lines, one file in memory at a time: the least that any reader does
    count    what the gate does where no table names a record: every entry read, counted twice, and compared
    ids      what the gate does where tables name records: their record_id besides
    import   what the search job does: files to records.csv, sorted by key, balance.csv and rejected.csv
"""

import json
import math
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

WORDS = [
    "patients", "treatment", "trial", "randomized", "cells", "disease", "activity", "outcome", "placebo", "group",
    "response", "remission", "therapy", "safety", "efficacy", "weeks", "significantly", "increased", "decreased",
    "compared", "control", "stem", "mesenchymal", "lupus", "nephritis", "renal", "systemic", "autoimmune",
    "expression", "immune", "bone", "marrow", "umbilical", "cord", "transplantation", "clinical", "results",
    "methods", "conclusion",
]  # fmt: skip
IN_A_FILE = 100_000
SIZES = (10_000, 100_000, 1_000_000)


def ris(records: int, first: int) -> Iterator[str]:
    """A file of that many records, numbered from `first`, the same each time. Piece by piece: what this process had in
    memory would count as the peak of those that it starts."""
    chance = random.Random(first + 1)
    vocabulary = chance.sample(WORDS, k=len(WORDS))
    words = [" ".join(chance.choices(vocabulary, k=12)) for _ in range(500)]
    for number in range(first, first + records):
        yield (
            f"TY  - JOUR\r\nM3  - Article\r\nY1  - {1990 + number % 30}\r\nVL  - {number % 90}\r\n"
            f"IS  - {number % 12}\r\n"
            f"SP  - {number % 900}\r\nEP  - {number % 900 + 9}\r\nSN  - 1234-5678\r\nJF  - Journal of Examples\r\n"
            f"JO  - J. Examp.\r\nUR  - https://www.embase.com/search/results?subaction=viewrecord&id=L{number}\r\n"
            f"U2  - L{600000000 + number}\r\nC5  - {20000000 + number}\r\n"
            f"DB  - Embase\r\nDO  - 10.1000/example.{number}\r\n"
        )
        yield from [f"A1  - Name{number % 997}, {letter}.\r\n" for letter in "ABCDE"]
        yield f"T1  - {chance.choice(words).capitalize()} {number}\r\n"
        yield from [f"KW  - {chance.choice(vocabulary)}\r\n" for _ in range(8)]
        yield f"LA  - English\r\nN2  - {'. '.join(chance.choices(words, k=12))}\r\nER  - \r\n\r\n"


def write_exports(records: int, folder: Path) -> None:
    """The files of so many records."""
    for first in range(0, records, IN_A_FILE):
        with (folder / f"{first:07}.ris").open("w", encoding="utf-8", newline="") as file:
            file.writelines(ris(min(IN_A_FILE, records - first), first))


def nothing(_folder: Path) -> int:
    """The interpreter and the modules."""
    from reviewflow import records, search
    from reviewflow.tables import Spool

    return len((records.__name__, search.__name__, Spool.__name__))


def lines(folder: Path) -> int:
    """The plain loop."""
    count = 0
    for file in sorted(folder.glob("*.ris")):
        for line in file.read_bytes().decode("utf-8").split("\n"):
            count += line.startswith("TY  -")
    return count


def count(folder: Path) -> int:
    """The gate where no table names a record."""
    from reviewflow import search

    exports, _, faults = search.survey(_files(folder), {}, ())
    assert not faults
    return sum(export.counted for export in exports.values())


def ids(folder: Path) -> int:
    """The gate where tables name records."""
    from reviewflow import search

    files = _files(folder)
    named = {"Embase:L600000001"}
    exports, there, _ = search.survey(files, dict.fromkeys(files, "Embase"), named)
    assert there == named
    return sum(export.counted for export in exports.values())


def whole(folder: Path) -> int:
    """The search job."""
    import pandas as pd
    from reviewflow import search
    from reviewflow.tables import Spool, write_results

    files = _files(folder)
    names = ("records", "balance", "rejected")
    paths = {name: str(folder / f"results/search/{name}.csv") for name in names}
    row = {"search_id": "e", "wave": 1, "source": "Embase", "source_type": "database", "hits": pd.NA}
    searches = pd.DataFrame([row | {"export_files": "; ".join(files)}])
    with Spool(paths["records"]) as rows:
        tables = search.build(searches, files, rows.add)
        write_results({"records": rows} | tables, paths)
    assert tables["balance"]["ok"].all()
    return int(tables["balance"]["parsed"].sum())


def _files(folder: Path) -> dict[str, Any]:
    from reviewflow.records import Content

    return {file.name: Content(file) for file in sorted(folder.glob("*.ris"))}


TASKS: dict[str, Callable[[Path], int]] = {
    "nothing": nothing, "lines": lines, "count": count, "ids": ids, "import": whole,
}  # fmt: skip


def measure(task: str, folder: str, records: int) -> dict[str, float]:
    """Seconds and megabytes of one task in this process."""
    nothing(Path())
    assert TASKS[task](Path(folder)) == records or task == "nothing"
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}


def ran(task: str, folder: Path, records: int) -> dict[str, float]:
    """One task in a process of its own."""
    command = [sys.executable, __file__, "--one", task, str(folder), str(records)]
    got: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return got


def main() -> None:
    """Measure each task with each number of records."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
        return
    print("records  files MB  task     CPU s    us/record  x lines  peak MB  exponent")
    before: dict[str, tuple[int, float]] = {}
    for records in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_exports(records, folder)
            size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
            base, plain = ran("nothing", folder, records), 0.0
            for task in [task for task in TASKS if task != "nothing"]:
                got = ran(task, folder, records)
                seconds = got["seconds"] - base["seconds"]
                plain = plain or seconds
                exponent = ""
                if task in before:
                    times, growth = seconds / before[task][1], records / before[task][0]
                    exponent = f"{math.log(times) / math.log(growth):.2f}"
                before[task] = records, seconds
                print(
                    f"{records:<8} {size:<9.0f} {task:<8} {seconds:<8.2f} {seconds / records * 1e6:<10.1f} "
                    f"{seconds / plain:<8.1f} {got['peak'] - base['peak']:<8.0f} {exponent}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
