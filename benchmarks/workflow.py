"""How long the bundled review takes, as a ratio to a workflow of one job: python benchmarks/workflow.py [--repeats N].

Everything is run in turn, round after round, with the same profile, so that what else the machine does concerns all
of it alike. Prints Markdown tables for benchmarks/README.md. Runs in a temporary folder; results/ stays as it is.
"""

import argparse
import ast
import base64
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROFILE = ROOT / "profiles" / "default"
LIBRARY = ROOT / "workflow" / "lib"
STAGES = ("search", "dedupe", "screening", "extraction", "appraisal", "synthesis", "report")
ONE_JOB = """\
rule all:
    input: "done.txt"
rule job:
    output: "done.txt"
    {params}
    script: "job.py"
"""
# Least work: no param and no import.
BARE = (ONE_JOB.format(params=""), "open(snakemake.output[0], 'w').close()\n")
# What each of our jobs has before it does anything: a digest as its param, and pandas. The param alone makes Snakemake
# import pandas too: it asks of each value whether it is a table wherever pandas is installed.
OURS = (ONE_JOB.format(params="params: code='0123456789abcdef'"), f"import pandas\n{BARE[1]}")


class Spent(NamedTuple):
    """Seconds of one run: on the clock, and of the processors in all processes (user and system)."""

    wall: float
    cpu: float


class Case(NamedTuple):
    """One thing that is measured. `before` runs first and does not count."""

    name: str
    command: list[str]
    before: Callable[[], None]


def spend(command: list[str]) -> Spent:
    """Run a command to its end. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Spent(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


def snakemake(snakefile: Path, folder: Path) -> list[str]:
    """The command that runs a workflow in a folder, with the profile that a bare `snakemake` finds."""
    program = [sys.executable, "-m", "snakemake", "--snakefile", str(snakefile), "--directory", str(folder)]
    return [*program, "--workflow-profile", str(PROFILE)]


def one_job(folder: Path, texts: tuple[str, str]) -> Path:
    """A workflow of one job in a new folder; its Snakefile."""
    folder.mkdir()
    (folder / "job.py").write_text(texts[1], encoding="utf-8")
    (folder / "Snakefile").write_text(texts[0], encoding="utf-8")
    return folder / "Snakefile"


def clean(*paths: Path) -> Callable[[], None]:
    """What removes files and folders."""

    def remove() -> None:
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    return remove


def cases(place: Path) -> list[Case]:
    """What is measured, in the order in which it is run: nothing is to be done where the case before has done it."""
    bare, ours, review = place / "bare", place / "ours", place / "review"
    for name in ("config", "records"):
        shutil.copytree(ROOT / name, review / name)
    run_bare, run_ours = (snakemake(one_job(f, t), f) for f, t in ((bare, BARE), (ours, OURS)))
    run_review = snakemake(ROOT / "Snakefile", review)
    return [
        Case("one job", run_bare, clean(bare / "done.txt", bare / ".snakemake")),
        Case("one job, nothing to do", run_bare, clean()),
        Case("one job with a param and pandas", run_ours, clean(ours / "done.txt", ours / ".snakemake")),
        Case("one job with a param and pandas, nothing to do", run_ours, clean()),
        Case("the review from clean", run_review, clean(review / "results", review / ".snakemake")),
        Case("the review, nothing to do", run_review, clean()),
        Case("the review, nothing to do but to check all again", run_review, clean(review / ".snakemake/reviewflow")),
    ]


def job_seconds(review: Path) -> dict[str, float]:
    """Seconds from start to end of each job of the last run, as Snakemake noted them."""
    seconds = {}
    for file in (review / ".snakemake" / "metadata").iterdir():
        noted = json.loads(file.read_text(encoding="utf-8"))
        assert base64.b64decode(file.name).decode().startswith("results/")
        seconds[noted["rule"]] = noted["endtime"] - noted["starttime"]
    return seconds


def imports(stage: str) -> str:
    """The import statements of a stage's script."""
    tree = ast.parse((ROOT / "workflow" / "scripts" / f"{stage}.py").read_text(encoding="utf-8"))
    lines = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join([f"import sys; sys.path.insert(0, {str(LIBRARY)!r})", *lines])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table, numbers to the right."""
    columns = list(head)
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def whole(spent: dict[str, list[Spent]]) -> str:
    """All cases, and each as a ratio to the one job that did, or did not, have anything to do."""
    rows = []
    for name, runs in spent.items():
        idle = "nothing to do" in name
        cells = [name, *(f"{f(getattr(r, k) for r in runs):.2f}" for k in ("wall", "cpu") for f in (min, median))]
        for kind in ("one job", "one job with a param and pandas"):
            base = spent[f"{kind}, nothing to do" if idle else kind]
            cells.append(" / ".join(f"{ratio(runs, base, key):.2f}" for key in ("wall", "cpu")))
        rows.append(cells)
    head = ["seconds", "wall, best", "wall, median", "CPU, best", "CPU, median", "to one job", "to one job with pandas"]
    return table(head, rows)


def median(values: Iterable[float]) -> float:
    """The median of any iterable."""
    return statistics.median(list(values))


def ratio(runs: list[Spent], base: list[Spent], key: str) -> float:
    """The median over the rounds of the ratio within a round, in which the machine was about equally busy for both."""
    return median(getattr(run, key) / getattr(other, key) for run, other in zip(runs, base, strict=True))


def start_seconds() -> dict[str, float]:
    """Seconds that the interpreter and the imports of each stage's script take alone."""
    return {stage: spend([sys.executable, "-c", imports(stage)]).wall for stage in STAGES}


def parts(jobs: list[dict[str, float]], starts: list[dict[str, float]]) -> str:
    """Each job: its time in the run, and how much of it the interpreter and the imports take alone."""
    rows = []
    for stage in STAGES:
        job, start = (min(seconds[stage] for seconds in rounds) for rounds in (jobs, starts))
        rows.append((stage, job, start, job - start))
    rows.append(("sum", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    head = ["best, in seconds", "job", "interpreter and imports", "rest"]
    return table(head, ([name, *(f"{n:.2f}" for n in numbers)] for name, *numbers in rows))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7, help="rounds (default: 7)")
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        measured = cases(Path(folder))
        spent: dict[str, list[Spent]] = {case.name: [] for case in measured}
        jobs, starts = [], []
        for number in range(repeats):
            sys.stderr.write(f"round {number + 1} of {repeats}, load {os.getloadavg()[0]:.1f}\n")
            for case in measured:
                case.before()
                spent[case.name].append(spend(case.command))
            jobs.append(job_seconds(Path(folder) / "review"))
            starts.append(start_seconds())
    sys.stdout.write(f"Python {platform.python_version()}, {os.cpu_count()} cores, {repeats} rounds\n\n")
    sys.stdout.write(f"{whole(spent)}\n\n{parts(jobs, starts)}\n")


if __name__ == "__main__":
    main()
