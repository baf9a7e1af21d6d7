"""How long the screening page takes from a decision to the next report: `python benchmarks/screening.py 20000 200000`.

A review of so many constructed reports, all of which wait for one person, served by `reviewflow screen` as it is; the
requests come over the loopback with their cookies and tokens. Beside each decision, in turn, stand two floors: the
append and fsync of one line of the same length to a file on the same disk, and a request to the same server that asks
for nothing.
"""

import argparse
import html
import itertools
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import polars as pl
from reviewflow.schema import schema

DECISIONS = 500
# Decisions that are made before the clock counts: the first meet cold caches.
WARM = 20
STAGE = "title_abstract"
SYLLABLES = ("amb", "er", "tea", "ran", "dom", "ise", "pla", "ce", "bo", "lu", "pus", "cel", "ther", "ap", "out", "me")
WORDS = ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=3)]
# The most frequent word is about as frequent as "the", and so on as in any text.
FREQUENCY = list(itertools.accumulate(1 / (place + 3) for place in range(len(WORDS))))
PROTOCOL = {
    "review": {"title": "Amber tea", "inclusion": ["Adults"], "exclusion": ["Animals"]},
    "screening": {
        "reviewers": ["reviewer_1", "reviewer_2"],
        "highlight": {"include": [WORDS[9], f"{WORDS[40][:4]}*"], "exclude": [WORDS[77], WORDS[300]]},
    },
}


def text(draw: random.Random, size: int) -> str:
    """Constructed words with so many characters."""
    return " ".join(draw.choices(WORDS, cum_weights=FREQUENCY, k=size // 7))[:size]


def abstract(draw: random.Random) -> str:
    """About 1.5 kB in four parts."""
    parts = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    return " ".join(f"{part}: {text(draw, round(draw.gauss(375, 90)))}." for part in parts)


def write(root: Path, table: str, columns: dict[str, list[str]], n: int) -> None:
    """A table of results/ with these columns, blank in the others."""
    path = root / f"{table}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({name: columns.get(name, [""] * n) for name in schema(table).columns}).write_csv(path)


def make(root: Path, n: int) -> None:
    """A review of n reports that wait for reviewer_1."""
    draw = random.Random(n)
    (root / "config").mkdir()
    (root / "config/config.yaml").write_text(json.dumps(PROTOCOL), encoding="utf-8")
    (root / "config/exclusion_reasons.csv").write_text("reason,label,note\nwrong_design,Wrong design,\n")
    ids = [f"PubMed:{30_000_000 + i}" for i in range(n)]
    same = {"record_ids": ids, "route": ["database"] * n} | {c: ["1"] * n for c in ("wave", "n_sightings", "n_records")}
    reports = {"report_id": ids, "title": [text(draw, 90) for _ in ids], "abstract": [abstract(draw) for _ in ids]}
    reports |= {"authors": ["Doe J; Roe R; Poe P"] * n, "year": ["2020"] * n, "sources": ["PubMed"] * n}
    write(root, "results/dedupe/reports", reports | same, n)
    write(root, "results/dedupe/clusters", {"record_id": ids, "report_id": ids, "founder": ["true"] * n}, n)
    write(root, "results/dedupe/notices", {}, 0)
    asked = {"report_id": ids, "stage": [STAGE] * n, "task": ["decide"] * n, "person": ["reviewer_1"] * n}
    write(root, "results/screening/queue", asked, n)


@contextmanager
def served(root: Path) -> Iterator[tuple[int, str, float]]:
    """The page: its process, the link, and after how many seconds it was there."""
    program = "import sys; from reviewflow.cli import main; sys.exit(main())"
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", program, "screen", "--as", "reviewer_1", "--no-browser", "--directory", str(root)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        link = next(found[1] for line in process.stdout if (found := re.search(r"screens at (\S+)", line)))
        yield process.pid, link, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def memory(pid: int) -> tuple[int, int]:
    """Memory of a process now and at most, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    now, most = (int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


class Reviewer:
    """Decides by the forms that the page shows, and by nothing else."""

    def __init__(self, page: httpx.Client) -> None:
        self.page = page
        self.shown = page.get(f"/screen/{STAGE}").text
        self._turn = itertools.cycle(("include", "exclude", "unsure"))

    def form(self) -> dict[str, str]:
        """The form of the report that is shown, with a decision."""
        form = re.search(r'action="/decide".*?</form>', self.shown, re.DOTALL)
        assert form, self.shown[:500]
        fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])
        return {name: html.unescape(value) for name, value in fields} | {"decision": next(self._turn)}

    def decide(self, form: dict[str, str]) -> None:
        """Until the next report is here."""
        answer = self.page.post("/decide", data=form)
        assert answer.status_code == 200, answer.text
        assert form["report"] not in answer.text
        self.shown = answer.text


def rounds(reviewer: Reviewer, root: Path) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each decision, and of both floors in the same moment."""
    written = root / f"records/screening/{STAGE}/reviewer_1.csv"
    decide, disk, request = [], [], []
    with open(root / "floor", "ab", buffering=0) as floor:
        for turn in range(WARM + DECISIONS):
            form = reviewer.form()
            took = timed(lambda form=form: reviewer.decide(form))
            line = written.read_bytes()[-180:]
            empty = timed(lambda: reviewer.page.head("/static/desk.css"))
            fsync = timed(lambda line=line: (floor.write(line), os.fsync(floor.fileno())))
            if turn >= WARM:
                decide.append(took)
                request.append(empty)
                disk.append(fsync)
    assert len(written.read_text().splitlines()) == WARM + DECISIONS + 1
    return decide, disk, request


def spread(times: list[float]) -> str:
    """Median, 95th and 99th percentile and the longest."""
    cuts = statistics.quantiles(times, n=100)
    return " | ".join(f"{value:.1f}" for value in (statistics.median(times), cuts[94], cuts[98], max(times)))


def measure(n: int) -> list[str]:
    """The rows of both tables."""
    with tempfile.TemporaryDirectory(dir=".", prefix=".bench_") as folder:
        root = Path(folder)
        make(root, n)
        with served(root) as (pid, link, ready):
            origin = link.split("/enter")[0]
            with httpx.Client(base_url=origin, headers={"Origin": origin}, follow_redirects=True, timeout=60) as page:
                page.get(link, headers={"Sec-Fetch-Site": "none"}).raise_for_status()
                first = timed(lambda: page.get(f"/screen/{STAGE}").raise_for_status())
                page.headers["HX-Request"] = "true"
                decide, disk, request = rounds(Reviewer(page), root)
                search = [timed(lambda: page.get(f"/find/{STAGE}?q={WORDS[30]}+{WORDS[50]}")) for _ in range(2)]
                now, most = memory(pid)
    floors = [a + b for a, b in zip(disk, request, strict=True)]
    ratio = statistics.median(d / f for d, f in zip(decide, floors, strict=True))
    return [
        f"| {n:,} | decision until the next report is there | {spread(decide)} | {ratio:.1f} |",
        f"| {n:,} | floor: append and fsync of one line | {spread(disk)} | |",
        f"| {n:,} | floor: a request for nothing | {spread(request)} | |",
        f"| {n:,} | {ready:.1f} | {first:.0f} | {search[0]:.0f} | {search[1]:.0f} | {now:,} | {most:,} |",
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="*", type=int, default=[20_000, 200_000])
    found = [measure(size) for size in parser.parse_args().reports]
    print("| reports | | median ms | 95th percentile ms | 99th percentile ms | most ms | to the floors |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(row for rows in found for row in rows[:-1]))
    print("\n| reports | ready in s | first page ms | first search ms | next search ms | MB | MB at most |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(rows[-1] for rows in found))
    print(f"\nload {os.getloadavg()[0]:.1f}")
