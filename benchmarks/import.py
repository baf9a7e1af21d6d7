"""How fast exports are read, and in how much memory: RIS of 10,000 and 100,000 records against a plain loop over the
same lines, which is the least that any reader must do.

    python benchmarks/import.py [RECORDS ...]

Each measurement runs in a process of its own. "read" is `read_export` (bytes to entries, with the independent count),
"fields" the columns of every entry besides, "lines" the plain loop; memory is the peak above the file's own bytes.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

# A vocabulary and lengths as in an Embase export: 14 tags and 1.9 kB a record.
WORDS = [
    "patients",
    "treatment",
    "trial",
    "randomized",
    "cells",
    "disease",
    "activity",
    "outcome",
    "placebo",
    "group",
    "response",
    "remission",
    "therapy",
    "safety",
    "efficacy",
    "weeks",
    "significantly",
    "increased",
    "decreased",
    "compared",
    "control",
    "stem",
    "mesenchymal",
    "lupus",
    "nephritis",
    "renal",
    "systemic",
    "autoimmune",
    "expression",
    "immune",
    "bone",
    "marrow",
    "umbilical",
    "cord",
    "transplantation",
    "clinical",
    "results",
    "methods",
    "conclusion",
]


def ris(records: int) -> str:
    """A file of that many records, the same each time."""
    chance = random.Random(1)
    words = [" ".join(chance.choices(WORDS, k=12)) for _ in range(500)]
    out = []
    for number in range(records):
        out.append(
            f"TY  - JOUR\r\nM3  - Article\r\nY1  - {1990 + number % 30}\r\nVL  - {number % 90}\r\n"
            f"IS  - {number % 12}\r\n"
            f"SP  - {number % 900}\r\nEP  - {number % 900 + 9}\r\nSN  - 1234-5678\r\nJF  - Journal of Examples\r\n"
            f"JO  - J. Examp.\r\nUR  - https://www.embase.com/search/results?subaction=viewrecord&id=L{number}\r\n"
            f"U2  - L{600000000 + number}\r\nC5  - {20000000 + number}\r\n"
            f"DB  - Embase\r\nDO  - 10.1000/example.{number}\r\n"
        )
        out += [f"A1  - Name{number % 997}, {letter}.\r\n" for letter in "ABCDE"]
        out.append(f"T1  - {chance.choice(words).capitalize()} {number}\r\n")
        out += [f"KW  - {chance.choice(WORDS)}\r\n" for _ in range(8)]
        out.append(f"LA  - English\r\nN2  - {'. '.join(chance.choices(words, k=12))}\r\nER  - \r\n\r\n")
    return "".join(out)


def lines(raw: bytes) -> int:
    """The plain loop."""
    count = 0
    for line in raw.decode("utf-8").split("\n"):
        count += line.startswith("TY  -")
    return count


def read(raw: bytes) -> int:
    """Bytes to entries."""
    from reviewflow.search import read_export

    return len(read_export(raw).entries)


def fields(raw: bytes) -> int:
    """Bytes to the columns of each entry, one after the other."""
    from reviewflow.search import read_export
    from reviewflow.search.fields import FIELDS

    export = read_export(raw)
    return sum(bool(FIELDS[export.format](entry)["title"]) for entry in export.entries)


TASKS: dict[str, Callable[[bytes], int]] = {"lines": lines, "read": read, "fields": fields}


def measure(task: str, records: int) -> dict[str, float]:
    """Seconds and megabytes of one task in this process."""
    TASKS[task](ris(10).encode())  # imports and caches are not what is measured
    raw = ris(records).encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    found = TASKS[task](raw)
    seconds = time.process_time() - start
    assert found == records
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"seconds": seconds, "mb": len(raw) / 2**20, "peak": peak / 1024}


def main() -> None:
    """Measure each task with each number of records."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
        return
    print("records  file MB  task     s      records/s  x lines  peak MB  x file")
    for records in map(int, sys.argv[1:] or (10_000, 100_000)):
        plain = 0.0
        for task in TASKS:
            ran = subprocess.run(
                [sys.executable, __file__, "--one", task, str(records)], check=True, capture_output=True, text=True
            )
            got = json.loads(ran.stdout)
            plain = plain or got["seconds"]
            print(
                f"{records:<8} {got['mb']:<8.1f} {task:<8} {got['seconds']:<6.2f} {records / got['seconds']:<10.0f} "
                f"{got['seconds'] / plain:<8.1f} {got['peak']:<8.0f} {got['peak'] / got['mb']:.1f}"
            )


if __name__ == "__main__":
    main()
