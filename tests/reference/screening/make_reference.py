"""Agreement by outside software on published and made-up tables: writes reference.json, read by test_agreement_reference.py.

    python -m venv venv && venv/bin/pip install statsmodels==0.15.0 krippendorff==0.9.0
    apt-get install --no-install-recommends r-base-core r-cran-vcd
    venv/bin/python tests/reference/screening/make_reference.py

Each value stands with the call that made it. The tables are facts that the named publications print; none of the
packages' code is copied.
"""

import json
import random
import subprocess
from importlib.metadata import version
from pathlib import Path

import krippendorff
import numpy as np
from statsmodels.stats.inter_rater import fleiss_kappa

# Fleiss 1971, Psychol Bull 76:378-382, table 1: for each of 30 patients the diagnoses by six psychiatrists: depression,
# personality disorder, schizophrenia, neurosis, other.
FLEISS = """
    00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040
    10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C: four observers, twelve units, a point where
# a value is missing.
KRIPPENDORFF = ("1233214 12...", "1233224 125.3", ".333234 2251.", "1233244 1251.")
# Rscript -e of each: Cohen's kappa with its large-sample interval.
VCD = 'suppressMessages(library(vcd)); k <- Kappa(matrix(c({}), 2, byrow=TRUE)); cat(sprintf("%.15g", c(k$Unweighted, confint(k)[1, ])))'
TABLES = ((30, 10, 5, 955), (20, 5, 10, 15), (8, 12, 9, 31), (3, 40, 2, 5))


def made_up() -> list[list[list[int]]]:
    """Tables of include and exclude: two to five reviewers, with reports that lack votes."""
    draw = random.Random(1971)
    return [[[draw.choice((0, 1, 1, -1 if gaps else 0)) for _ in range(12)] for _ in range(m)]
            for m in (2, 3, 4, 5) for gaps in (False, True)]  # fmt: skip


def counts(reports: list[list[int]], categories: list[int]) -> list[list[int]]:
    """Votes by category of each report."""
    return [[votes.count(c) for c in categories] for votes in reports]


def alpha(raters: list[list[float]]) -> float | None:
    """Alpha for nominal data."""
    try:
        return float(krippendorff.alpha(reliability_data=np.array(raters), level_of_measurement="nominal"))
    except ValueError:
        return None


def many() -> list[dict[str, object]]:
    """Fleiss' kappa and Krippendorff's alpha."""
    fleiss = [[int(n) for n in row] for row in FLEISS.split()]
    call = "statsmodels.stats.inter_rater.fleiss_kappa(table)"
    found: list[dict[str, object]] = [{"name": "Fleiss 1971", "counts": fleiss, "call": call,
                                       "fleiss_kappa": float(fleiss_kappa(np.array(fleiss)))}]  # fmt: skip
    raters = [[-1 if c == "." else int(c) for c in row.replace(" ", "")] for row in KRIPPENDORFF]
    call = 'krippendorff.alpha(reliability_data=..., level_of_measurement="nominal")'
    for name, votes in [("Krippendorff 2011", raters), *((f"made up {i}", t) for i, t in enumerate(made_up()))]:
        known = sorted({v for row in votes for v in row} - {-1})
        table = counts([list(unit) for unit in zip(*votes, strict=True)], known)
        holes = [[np.nan if v < 0 else float(v) for v in row] for row in votes]
        row: dict[str, object] = {"name": name, "counts": table, "call": call, "krippendorff_alpha": alpha(holes)}
        if len({sum(unit) for unit in table}) == 1:
            row["fleiss_kappa"] = float(fleiss_kappa(np.array(table)))
        found.append(row)
    return found


def pairs() -> list[dict[str, object]]:
    """Cohen's kappa of 2x2 tables."""
    found: list[dict[str, object]] = []
    for table in TABLES:
        call = VCD.format(", ".join(map(str, table)))
        done = subprocess.run(["Rscript", "-e", call], capture_output=True, text=True, check=True)
        values = [float(v) for v in done.stdout.split()]
        found.append({"cells": table, "call": call, "kappa": values[0], "ase": values[1], "interval": values[2:]})
    return found


def main() -> None:
    """Write reference.json."""
    r = subprocess.run(["Rscript", "-e", 'cat(R.version.string, "; vcd", format(packageVersion("vcd")))'],
                       capture_output=True, text=True, check=True).stdout  # fmt: skip
    made = {"statsmodels": version("statsmodels"), "krippendorff": version("krippendorff"), "R": r}
    text = json.dumps({"made_with": made, "pairs": pairs(), "many": many()}, indent=1)
    Path(__file__).with_name("reference.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
