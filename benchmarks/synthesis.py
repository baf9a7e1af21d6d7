"""Pooling 10,000 analyses of ten studies, and R metafor's loop over some of them in the same run: CPU time.

Both sides get the effects as numbers and give tau2 by REML, the estimate with Hartung and Knapp's interval, and the
prediction interval. Start-up, the reading of the data and the first call on either side are not counted. Needs Rscript
with metafor; without it only the own side is measured.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow/lib"))

import numpy as np
from numpy.typing import NDArray
from reviewflow.pooling import Analysis, Choice, analyse, analyse_many, studies
from reviewflow.pooling.batch import Batch
from reviewflow.pooling.model import fit, prediction
from reviewflow.pooling.tau2 import ESTIMATORS

ANALYSES, STUDIES, ROUNDS = 10_000, 10, 5
# As many as metafor does in about a second; its loop has no part that many analyses would share.
COMPARED = 200
# Standard errors within which both sides agree: metafor stops where tau2 moves by less than 1e-5.
AGREE = 1e-2

R = """
suppressMessages(library(metafor))
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
sets <- split(data, data$analysis)
one <- function(d) {
  f <- tryCatch(rma(d$yi, d$vi, method = "REML", test = "knha"), error = function(e) NULL)
  if (is.null(f)) return(rep(NA, 4))
  p <- predict(f)
  c(as.numeric(f$beta), f$se, p$pi.lb, p$pi.ub)
}
invisible(one(sets[[1]]))
best <- Inf
for (round in 1:3) {
  start <- proc.time()
  made <- lapply(sets, one)
  spent <- proc.time() - start
  best <- min(best, spent[["user.self"]] + spent[["sys.self"]])
}
cat(as.character(packageVersion("metafor")), best, "\\n")
write.csv(do.call(rbind, made), arguments[2], row.names = FALSE)
"""


def made_up(seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Effects and variances: log odds ratios of middle-sized trials with no, some and much heterogeneity."""
    generator = np.random.default_rng(seed)
    v = generator.uniform(0.01, 0.3, (ANALYSES, STUDIES))
    tau2 = generator.choice([0.0, 0.05, 0.2], (ANALYSES, 1))
    return generator.normal(0.3, np.sqrt(v + tau2)), v


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some rounds, after one that is not counted."""
    work()
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def metafor(y: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[str, float, NDArray[np.float64]]:
    """Version, CPU seconds of the loop, and estimate, standard error and prediction limits of each analysis."""
    with tempfile.TemporaryDirectory() as folder:
        data, out, script = (Path(folder) / name for name in ("data.csv", "out.csv", "loop.R"))
        script.write_text(R, encoding="utf-8")
        with data.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["analysis", "yi", "vi"])
            writer.writerows(
                (i, repr(float(a)), repr(float(b))) for i in range(len(y)) for a, b in zip(y[i], v[i], strict=True)
            )
        printed = subprocess.run(["Rscript", script, data, out], check=True, capture_output=True, text=True).stdout
        version, spent = printed.split()
        return version, float(spent), np.genfromtxt(out, delimiter=",", skip_header=1)


def ours(y: NDArray[np.float64], v: NDArray[np.float64], choice: Choice) -> list[NDArray[np.float64]]:
    """Estimate, standard error and prediction limits."""
    batch = Batch(y, v, np.ones(y.shape, dtype=bool))
    fitted = fit(batch, ESTIMATORS[choice.tau2](batch), choice.ci, choice.level)
    return [fitted.estimate, fitted.se, *prediction(batch, fitted, choice.level, choice.prediction)]


def main() -> None:
    """Measure both sides, compare their numbers, and print the table."""
    y, v = made_up()
    choice = Choice()
    asked = [("GIV", studies("GIV", {"yi": a, "vi": b}, choice), choice) for a, b in zip(y, v, strict=True)]

    def loop() -> list[Analysis]:
        return [analyse(*each) for each in asked[:COMPARED]]

    rows = [
        ("arrays: tau2, interval, prediction interval", ANALYSES / seconds(lambda: ours(y, v, choice))),
        (
            "`analyse_many`: whole rows, with Q-profile limits, weights, notes",
            ANALYSES / seconds(lambda: analyse_many(asked)),
        ),
        ("`analyse`, one after the other", COMPARED / seconds(loop)),
    ]
    print(
        f"{ANALYSES} analyses of {STUDIES} studies, REML, Hartung-Knapp, prediction interval; numpy {np.__version__}\n"
    )
    base = None
    if shutil.which("Rscript"):
        version, spent, theirs = metafor(y[:COMPARED], v[:COMPARED])
        base = COMPARED / spent
        rows.append((f"metafor {version}, `rma` and `predict`, {COMPARED} of them", base))
        apart = np.abs(np.column_stack(ours(y[:COMPARED], v[:COMPARED], choice)) - theirs) / theirs[:, 1:2]
        print(f"Largest difference to metafor: {np.nanmax(apart):.1e} standard errors; not converged there: "
              f"{int(np.isnan(theirs[:, 0]).sum())}\n")  # fmt: skip
        if np.nanmax(apart) > AGREE:
            sys.exit("the two sides do not give the same numbers")
    print("| | analyses per CPU second | to metafor |\n| --- | ---: | ---: |")
    for name, rate in rows:
        print(f"| {name} | {rate:,.0f} | {f'{rate / base:.0f}' if base else '-'} |")


if __name__ == "__main__":
    main()
