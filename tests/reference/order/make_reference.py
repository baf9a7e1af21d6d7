"""Writes reference.json with the numbers of buscarpy, by the authors of the method; run where it is installed:

python -m venv scratch && scratch/bin/pip install buscarpy==0.0.2 && scratch/bin/python make_reference.py
"""

import json
import random
from importlib.metadata import version
from pathlib import Path

from buscarpy import calculate_h0, retrospective_h0

CASES = [
    # reports, prevalence, how much better than chance the order is, screened, seeds
    (200, 0.1, 1, 0.5, 2),
    (1000, 0.02, 5, 0.6, 3),
    (1000, 0.02, 20, 0.3, 3),
    (2500, 0.03, 10, 0.5, 3),
    (2500, 0.03, 10, 0.7, 3),
    (20000, 0.01, 10, 0.4, 3),
    (20000, 0.05, 30, 0.2, 3),
    (5000, 0.4, 3, 0.8, 2),
]
TARGETS = (0.8, 0.9, 0.95, 0.99)


def sequence(n, prevalence, bias, seed):
    """Drawn without replacement, an inclusion `bias` times as likely as an exclusion."""
    chance = random.Random(seed)
    included = round(n * prevalence)
    drawn = sorted((chance.expovariate(bias if i < included else 1), i < included) for i in range(n))
    return [int(label) for _, label in drawn]


def main():
    cases = []
    for n, prevalence, bias, part, seeds in CASES:
        for seed in range(seeds):
            labels = sequence(n, prevalence, bias, seed)[: round(n * part)]
            case = {"n_total": n, "screened": len(labels), "found": [i for i, label in enumerate(labels) if label]}
            case["p"] = {str(target): float(calculate_h0(labels, n, target)) for target in TARGETS}
            cases.append(case)
    labels = sequence(2000, 0.03, 15, 7)
    past = retrospective_h0(labels, 2000, 0.95, batch_size=50, confidence_level=0.95, plot=False)
    found = [i for i, label in enumerate(labels) if label]
    curve = {"n_total": 2000, "found": found, "recall_target": 0.95, "confidence": 0.95}
    curve |= {"screened": [int(n) for n in past["batch_sizes"]], "p": [float(p) for p in past["p"]]}
    made = {"made_by": {name: version(name) for name in ("buscarpy", "scipy", "numpy")}, "cases": cases, "curve": curve}
    Path(__file__).with_name("reference.json").write_text(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
