"""What the screening job takes on constructed reviews that have been screened (`screening_records.py`).

    python benchmarks/screening_job.py [--sizes 20000,50000,200000] [--before OTHER_CLONE]

Measured in a process for each size: the check of the gate, the tables of screening, and the audit. The floor is a
process that reads and writes the same tables and does nothing else. Seconds are CPU, user and system, without the
interpreter and its imports; memory is the peak of the process, as Linux gives it. With `--before` the same is measured
with the library of another clone, in turn with this one, and every table is compared byte by byte.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = HERE.parent / "workflow" / "lib"
sys.path.insert(0, str(LIBRARY))

from screening_records import CONFIG, screened  # noqa: E402 it needs the library that lies beside this file

JOB = """
import json, resource, sys
from pathlib import Path
from reviewflow import audit, records, screening
from reviewflow.tables import read_result, write_results
out, config, doing = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
marks = [("start", spent())]
people = screening.People(
    {stage: records.decisions(config, stage) for stage in screening.STAGES},
    {stage: records.adjudication(stage) for stage in screening.STAGES},
    records.one("records/screening/retrieval"),
    records.one("records/extraction/study_reports"),
)
searches, amendments = records.one("records/search/searches"), records.one("records/amendments")
reasons = set(records.one("config/exclusion_reasons")["reason"])
names = ("search/records", "dedupe/clusters", "dedupe/reports", "dedupe/notices")
found = [read_result(f"results/{name}.csv") for name in names]
balance = read_result("results/search/balance.csv")
marks.append(("read", spent()))
if doing == "floor":
    written = {str(path): read_result(path) for path in Path(out).rglob("*.csv")}
    marks.append(("read", spent()))
    start = spent()
    write_results(written, {path: path for path in written})
    marks = [("start", 0), ("floor", marks[1][1] - marks[0][1] + spent() - start)]
else:
    faults = screening.check(config, people, reasons, set(found[0]["record_id"]))
    marks.append(("check", spent()))
    made = screening.build(config, people, searches, *found)
    marks.append(("build", spent()))
    audited = audit.tables(audit.Material(config, people, searches, *found), made, balance, amendments)
    marks.append(("audit", spent()))
    tables = {f"{out}/results/screening/{name}.csv": table for name, table in made.items()}
    tables |= {f"{out}/results/audit/{name}.csv": table for name, table in audited.items()}
    write_results(tables, {path: path for path in tables})
    marks.append(("write", spent()))
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
seconds = {name: now - before for (_, before), (name, now) in zip(marks, marks[1:])}
print(json.dumps(seconds | {"peak": peak}))
"""


def measured(review: Path, out: Path, library: Path, doing: str) -> dict[str, float]:
    """Seconds of each part and the peak of one process in this review."""
    command = [sys.executable, "-c", JOB, str(out), json.dumps(CONFIG), doing]
    env = os.environ | {"PYTHONPATH": str(library)}
    said = subprocess.run(command, cwd=review, env=env, check=True, capture_output=True, text=True)
    return dict(json.loads(said.stdout))


def contents(out: Path) -> dict[str, bytes]:
    """Every table by its place."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.csv"))}


def main() -> None:
    """Measure, and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", default="20000,50000,200000", help="numbers of reports (default: %(default)s)")
    asked.add_argument("--before", type=Path, help="another clone, to measure in turn with this one")
    chosen = asked.parse_args()
    libraries = {"before": chosen.before / "workflow" / "lib"} if chosen.before else {}
    libraries["now"] = LIBRARY
    print("| reports | | check | build | audit | the three | to floor | exponent | floor | peak MB | floor, peak MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    last: dict[str, tuple[int, float]] = {}
    for size in map(int, chosen.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            review = Path(folder, "review")
            screened(review, size)
            for name, library in libraries.items():
                job = measured(review, Path(folder, name), library, "job")
                floor = measured(review, Path(folder, name), library, "floor")
                own = job["check"] + job["build"] + job["audit"]
                n, seconds = last.get(name, (0, 0.0))
                exponent = f"{math.log(own / seconds) / math.log(size / n):.2f}" if n else ""
                last[name] = (size, own)
                parts = " | ".join(f"{job[part]:.2f}" for part in ("check", "build", "audit"))
                ratio = f"{own:.2f} | {own / floor['floor']:.2f} | {exponent} | {floor['floor']:.2f}"
                print(
                    f"| {size:,} | {name} | {parts} | {ratio} | {job['peak']:,.0f} | {floor['peak']:,.0f} |", flush=True
                )
            if len({tuple(contents(Path(folder, name)).items()) for name in libraries}) > 1:
                sys.exit(f"{size} reports: the tables differ")


if __name__ == "__main__":
    main()
