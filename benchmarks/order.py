"""What an order of relevance saves and costs, and how often the stopping test holds, on constructed reports whose
decisions are known (`order_records.py`).

    python benchmarks/order.py [--reports 2500] [--seeds 20] [--sizes 20000,200000]

Work saved is over sampling at 95 % recall (WSS@95; Cohen et al. 2006, doi:10.1197/jamia.M1929): the share of reports
that need not be screened, less the 5 % that a random order would save. Each size of training is measured in processes
of its own; the floor is scikit-learn's own TfidfVectorizer, fitted once to the same texts, words and pairs of words.
Seconds are CPU, user and system; memory is the peak of the process, as Linux gives it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from order_records import Labelled, labelled

LIBRARY = Path(__file__).parents[1] / "workflow" / "lib"
sys.path.insert(0, str(LIBRARY))

from reviewflow.order import Features, Learner, rank, shuffled, stopping, text_of  # noqa: E402 it lies beside this file

RECALL = CONFIDENCE = 0.95
EVERY = 10
# What is labelled when a training is measured.
LABELS = 2000

PEAK = """
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
"""
FLOOR = """
import json, resource, sys
from sklearn.feature_extraction.text import TfidfVectorizer
texts = json.load(open(sys.argv[1]))["texts"]
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before = spent()
TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts.values())
seconds = [spent() - before]
"""
OURS = """
import json, resource, sys
import sklearn.svm, sklearn.feature_extraction.text
from reviewflow.order import Features, rank
given = json.load(open(sys.argv[1]))
texts, labels = given["texts"], given["labels"]
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before = spent()
features = Features.of(texts)
features.matrix()
made = spent()
rank(features, labels, 1)
seconds = [made - before, spent() - made]
"""


class Screened(NamedTuple):
    """One simulated screening: how many until 95 % recall, and where the stopping test was met, with its recall."""

    until_recall: int
    stopped: int
    recall: float


def simulate(reports: list[Labelled], features: Features | None, seed: int) -> Screened:
    """Screen all reports, in random order or in that which is learned from what was screened."""
    truth = {report.report_id: report.included for report in reports}
    order = shuffled(truth, seed)
    if features:
        seen: dict[str, bool] = {}
        while len(seen) < len(order):
            best = rank(features, seen, seed).order
            for report in [report for report in best if report not in seen][:EVERY]:
                seen[report] = truth[report]
        order = list(seen)
    decisions = [truth[report] for report in order]
    found = [sum(decisions[:n]) for n in range(len(decisions) + 1)]
    until = next(n for n, count in enumerate(found) if count >= RECALL * found[-1])
    stopped = next(n for n in range(EVERY, len(order) + EVERY, EVERY) if met(decisions[:n], len(order)))
    stopped = min(stopped, len(order))
    return Screened(until, stopped, found[stopped] / found[-1])


def met(decisions: list[bool], n_total: int) -> bool:
    """Whether the test says that enough was screened; only p is asked, without a curve."""
    return stopping(decisions, n_total, RECALL, CONFIDENCE).met


def saved(n: int, seeds: int) -> None:
    """The tables of work saved and of the stopping test."""
    runs: dict[str, list[Screened]] = {"random": [], "relevance": []}
    for seed in range(seeds):
        reports = labelled(n, seed)
        features = Features.of({r.report_id: text_of(r.title, "", r.abstract) for r in reports})
        runs["random"].append(simulate(reports, None, seed))
        runs["relevance"].append(simulate(reports, features, seed))
        print(f"seed {seed}: {runs['relevance'][-1]}", file=sys.stderr)
    print(f"{n:,} reports, {seeds} seeds, a training every {EVERY} decisions\n")
    print("| order | screened until 95 % recall, median | lowest to highest | WSS@95, median |")
    print("| --- | ---: | ---: | ---: |")
    for name, all_runs in runs.items():
        until = [run.until_recall for run in all_runs]
        wss = 1 - statistics.median(until) / n - (1 - RECALL)
        print(f"| {name} | {statistics.median(until):,.0f} | {min(until):,} to {max(until):,} | {wss:.2f} |")
    print("\n| order | screened when the test is met, median | recall there, median | lowest | recall at least 95 % |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, all_runs in runs.items():
        parts, recalls = [run.stopped / n for run in all_runs], [run.recall for run in all_runs]
        held = sum(recall >= RECALL for recall in recalls)
        print(
            f"| {name} | {statistics.median(parts):.0%} | {statistics.median(recalls):.1%} | {min(recalls):.1%} "
            f"| {held} of {seeds} |"
        )


def spend(code: str, given: Path) -> tuple[list[float], float]:
    """CPU seconds of each step, and the peak of memory in MB, of a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(LIBRARY), "OMP_NUM_THREADS": "1"}
    told = code + PEAK + "\nprint(json.dumps([seconds, peak]))"
    run = subprocess.run(
        [sys.executable, "-c", told, str(given)], env=environment, capture_output=True, text=True, check=True
    )
    seconds, peak = json.loads(run.stdout)
    return seconds, peak


def asked(texts: dict[str, str], labels: dict[str, bool]) -> list[str]:
    """How long the page waits, in milliseconds, median and longest of 100 times, for handing over its labels and for
    the next 20 reports: while features are made, while trainings run, and at rest, which shows what the machine's other
    work adds. Then for all reports in order, at rest."""
    waiting, known = set(texts) - set(list(labels)[: LABELS // 2]), list(labels.items())
    learner = Learner(texts, 1, every=1)
    told = []
    for part in ("features", "training", "rest", "all"):
        waits = []
        for step in range(100):
            given = dict(known[: LABELS // 2 + step if part == "training" else LABELS])
            began = time.perf_counter()
            if part in ("features", "training"):
                learner.learn(given)
            learner.first(waiting, len(waiting) if part == "all" else 20)
            waits.append(1000 * (time.perf_counter() - began))
            time.sleep(0.02)
        told.append(f"{statistics.median(waits):.1f}, {max(waits):.0f}")
        learner.wait(1200)
    learner.close()
    return told


def sizes(all_sizes: list[int], folder: Path) -> None:
    """The table of what trainings take."""
    columns = ["reports", "TfidfVectorizer", "features", "training", "features to floor", "training to floor"]
    columns += [
        "peak, MB",
        "peak to floor",
        *(f"wait, ms, {part}" for part in ("features", "training", "at rest", "for all")),
    ]
    print("\n| " + " | ".join(columns) + " |\n|" + " ---: |" * len(columns))
    for n in all_sizes:
        reports = labelled(n, 1)
        texts = {r.report_id: text_of(r.title, "", r.abstract) for r in reports}
        labels = {r.report_id: r.included for r in reports[:LABELS]}
        given = folder / "given.json"
        given.write_text(json.dumps({"texts": texts, "labels": labels}), encoding="utf-8")
        (floor,), below = spend(FLOOR, given)
        (made, training), peak = spend(OURS, given)
        print(
            f"| {n:,} | {floor:.1f} | {made:.1f} | {training:.2f} | {made / floor:.2f} | {training / floor:.3f} "
            f"| {peak:,.0f} | {peak / below:.2f} | {' | '.join(asked(texts, labels))} |",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2500)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sizes", default="20000,200000")
    chosen = parser.parse_args()
    if chosen.seeds:
        saved(chosen.reports, chosen.seeds)
    with tempfile.TemporaryDirectory() as folder:
        sizes([int(n) for n in chosen.sizes.split(",") if n], Path(folder))


if __name__ == "__main__":
    main()
