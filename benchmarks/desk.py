"""How long the screening page takes from a decision to the next report: `python benchmarks/desk.py 20000 200000`.

A review of so many constructed reports, all of which wait for one person. Measured is the server's time for each
request, the write to the disk included; a browser on the same computer adds its own.
"""

import argparse
import html
import random
import re
import resource
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl
from reviewflow.config import config_schema, with_defaults
from reviewflow.desk.app import application
from reviewflow.desk.review import Review
from reviewflow.schema import schema
from starlette.testclient import TestClient

WORDS = [
    f"{a}{b}"
    for a in ("thera", "ran", "pla", "cell", "out", "mea", "pro", "con")
    for b in ("py", "dom", "cebo", "ular")
]
HIGHLIGHT = {"include": ["therapy", "random*", "out*"], "exclude": ["placebo", "cellular"]}
DECISIONS = 500


class Anyone:
    """A door that lets everybody in."""

    def around(self, app):
        """The application, with a person in each request."""

        async def guarded(scope, receive, send):
            if scope["type"] == "http":
                scope = {**scope, "state": {**scope.get("state", {}), "person": "reviewer_1", "csrf": ""}}
            await app(scope, receive, send)

        return guarded


def text(draw: random.Random, words: int) -> str:
    """Constructed words."""
    return " ".join(draw.choices(WORDS, k=words))


def write(root: Path, table: str, columns: dict[str, list[str]], n: int) -> None:
    """A table of results/ with these columns, blank in the others."""
    path = root / f"{table}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({name: columns.get(name, [""] * n) for name in schema(table).columns}).write_csv(path)


def make(root: Path, n: int) -> None:
    """A review of n reports that wait for reviewer_1."""
    draw = random.Random(n)
    ids = [f"A:{i}" for i in range(n)]
    same = {"record_ids": ids, "route": ["database"] * n} | {c: ["1"] * n for c in ("wave", "n_sightings", "n_records")}
    reports = {"report_id": ids, "title": [text(draw, 12) for _ in ids], "abstract": [text(draw, 250) for _ in ids]}
    reports |= {"authors": ["Doe J; Roe R"] * n, "year": ["2020"] * n, "sources": ["A"] * n}
    write(root, "results/dedupe/reports", reports | same, n)
    write(root, "results/dedupe/clusters", {"record_id": ids, "report_id": ids, "founder": ["true"] * n}, n)
    write(root, "results/dedupe/notices", {}, 0)
    asked = {"report_id": ids, "stage": ["title_abstract"] * n, "task": ["decide"] * n, "person": ["reviewer_1"] * n}
    write(root, "results/screening/queue", asked, n)


def measure(n: int) -> None:
    """Decide on some hundred reports of n, and print the times."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), n)
        named = {"reviewers": ["reviewer_1", "reviewer_2"], "highlight": HIGHLIGHT}
        begun = time.perf_counter()
        review = Review(Path(folder), with_defaults({"screening": named}, config_schema()))
        page = TestClient(application(review, Anyone()))
        shown = page.get("/screen/title_abstract").text
        ready = time.perf_counter() - begun
        times = []
        for i in range(DECISIONS):
            form = re.search(r'action="/decide".*?</form>', shown, re.DOTALL)[0]
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
            fields = {name: html.unescape(value) for name, value in fields.items()}
            fields["decision"] = ("include", "exclude", "unsure")[i % 3]
            begun = time.perf_counter()
            answer = page.post("/decide", data=fields, headers={"HX-Request": "true"})
            times.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.text
            shown = answer.text
        left = len(review.waiting("title_abstract", "reviewer_1"))
        assert left == n - DECISIONS
        begun = time.perf_counter()
        page.get("/find/title_abstract?q=therapy+placebo")
        search = time.perf_counter() - begun
        review.close()
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n} reports: ready in {ready:.1f} s; decide and show the next: median {statistics.median(times):.1f} ms, "
          f"99th percentile {times[int(len(times) * 0.99)]:.1f} ms, most {times[-1]:.1f} ms; "
          f"first search {search:.2f} s; {peak:.0f} MB at most")  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="*", type=int, default=[20_000, 200_000])
    for size in parser.parse_args().reports:
        measure(size)
