"""A review in a folder of its own, run by Snakemake as its team would run it."""

import csv
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
# In the order in which the jobs can follow each other; risk_of_bias is the part of appraisal before the syntheses.
STAGES = ("search", "dedupe", "screening", "extraction", "risk_of_bias", "synthesis", "appraisal", "report")
# The audit of reported statistics waits for no stage, and only the report for it.
JOBS = (*STAGES[:-1], "reported", "report")
# What the workflow is made of, beside a review's config/ and records/.
CODE = ("Snakefile", "workflow", "profiles")
# Columns that say where a sighting stands; shuffled or renamed exports may change these and nothing else.
PLACES = ("export_file", "position", "line")
# Snakemake puts this into every folder that is an output.
_STAMP = ".snakemake_timestamp"
_STARTED = re.compile(rf"^  ({'|'.join(JOBS)}) +\S", re.MULTILINE)
_JOBS = re.compile(rf"^({'|'.join(JOBS)}) +\d+$", re.MULTILINE)
# Seconds after which a run hangs; the longest takes eight on a quiet machine.
_PATIENCE = 180


@dataclass(frozen=True)
class Run:
    """What a run left on the terminal, and its exit status."""

    status: int
    output: str

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages whose job was started, in that order."""
        return tuple(_STARTED.findall(self.output))

    @property
    def faults(self) -> list[str]:
        """The lines that name a file of the review, what is wrong with it and the mend."""
        return [line for line in self.output.splitlines() if re.match(r"(config|records)/.*: .*; ", line)]


@dataclass
class Review:
    """The folder of a review, and the code that runs it."""

    folder: Path
    code: Path
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> list[str]:
        """Snakemake on this review."""
        snakefile = str(self.code / "Snakefile")
        return [sys.executable, "-m", "snakemake", "-s", snakefile, "--directory", str(self.folder), *arguments]

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a run in a process group of its own, so that a signal meets all of it, as Ctrl-C does."""
        # The workflow must find its library by itself, whatever the caller's Python path is.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | self.environment
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.code,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def attempt(self, *arguments: str) -> Run:
        """Run to the end, whatever it is. What people wrote is never touched."""
        before = self.written()
        process = self.start(*arguments)
        try:
            output, _ = process.communicate(timeout=_PATIENCE)
        finally:
            end(process, signal.SIGKILL)
        assert self.written() == before, "the run changed what people wrote"
        return Run(process.returncode, output)

    def run(self, *arguments: str) -> Run:
        """Run, which must succeed."""
        run = self.attempt(*arguments)
        assert run.status == 0, run.output
        return run

    def fail(self, *arguments: str) -> Run:
        """Run, which must fail with a message and without a traceback."""
        run = self.attempt(*arguments)
        assert run.status not in (0, None), run.output
        assert not re.search(r'Traceback|^ +File "', run.output, re.MULTILINE), run.output
        return run

    def planned(self, *arguments: str) -> set[str]:
        """Stages whose job would run."""
        return set(_JOBS.findall(self.run("--quiet", "host", "--dry-run", *arguments).output))

    def path(self, name: str) -> Path:
        """A file of the review."""
        return self.folder / name

    def text(self, name: str) -> str:
        """Text of a file of the review."""
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file of the review."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, encoding="utf-8", newline="\n")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands in a file exactly once."""
        text = self.text(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def rows(self, name: str) -> list[dict[str, str]]:
        """Rows of a CSV file of the review."""
        return list(csv.DictReader(self.text(name).splitlines(keepends=True)))

    def write_rows(self, name: str, rows: list[dict[str, str]]) -> None:
        """Replace the rows of a CSV file that has some."""
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def written(self) -> dict[str, str]:
        """Digest of each file that people wrote."""
        return {name: hashlib.sha256(raw).hexdigest() for name, raw in self._files("config", "records")}

    def results(self, *stages: str) -> dict[str, bytes]:
        """Bytes of each file in results/ (of some stages only), without the time in provenance.json."""
        found = dict(self._files(*(f"results/{stage}" for stage in stages) if stages else ("results",)))
        dated = "results/report/provenance.json"
        if dated in found:
            found[dated] = re.sub(rb'"made_at": "[^"]*"', b"", found[dated])
        return found

    def tables(self) -> dict[str, list[dict[str, str]]]:
        """Rows of each table of the stages before the report, without the columns that say where sightings stand."""
        return {
            name: sorted(({c: v for c, v in row.items() if c not in PLACES} for row in self.rows(name)), key=repr)
            for name in self.results(*STAGES[:-1])
            if name.endswith(".csv")
        }

    def _files(self, *folders: str) -> Iterable[tuple[str, bytes]]:
        for folder in folders:
            for path in sorted(self.path(folder).rglob("*")):
                if path.is_file() and path.name != _STAMP:
                    yield path.relative_to(self.folder).as_posix(), path.read_bytes()


def waits(row: dict[str, str], listed: list[str]) -> bool:
    """Whether a row of queue.csv is among the lines that `final` fails with."""
    place = f"{row['file']}: {row['report_id']}: {row['stage']}: "
    return any(line.startswith(place) and line.endswith(row["person"] or "somebody") for line in listed)


def end(process: "subprocess.Popen[Any]", how: signal.Signals) -> None:
    """Send a signal to a run's whole process group, unless it has ended, and wait for its end."""
    if process.poll() is None:
        os.killpg(process.pid, how)
        process.wait(timeout=_PATIENCE)


def wait_for(holds: Any, what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def copy_people(source: Path, folder: Path) -> None:
    """Copy what people wrote."""
    for part in ("config", "records"):
        shutil.copytree(source / part, folder / part)


def copy_code(folder: Path) -> Path:
    """A copy of the workflow, with the times of its files."""
    folder.mkdir(parents=True)
    for part in CODE:
        source = ROOT / part
        shutil.copytree(source, folder / part) if source.is_dir() else shutil.copy2(source, folder / part)
    return folder
