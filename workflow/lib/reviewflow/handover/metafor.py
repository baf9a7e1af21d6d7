"""The analyses for R: the studies' data in the columns of metafor's escalc, and a script that repeats each analysis and
lays its numbers beside those of pooled.csv."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import rows_of

from .rows import Row, blank, by_analysis, csv_text

# Column of the file for R and the column of results/synthesis/effects it is.
STUDIES = {
    "analysis": "analysis", "study": "study_id", "slab": "label", "yi": "yi", "vi": "vi",
    "ai": "events_e", "n1i": "n_e", "ci": "events_c", "n2i": "n_c",
    "m1i": "mean_e", "sd1i": "sd_e", "m2i": "mean_c", "sd2i": "sd_c", "t1i": "time_e", "t2i": "time_c",
    "subgroup": "subgroup", "provenance": "provenance",
}  # fmt: skip
POOLED = (
    "analysis", "measure", "method", "model", "tau2_method", "ci_method", "level", "k", "estimate", "se", "ci_lower",
    "ci_upper", "p_value", "q", "tau2", "dependence", "rho",
)  # fmt: skip
_TESTS = {"wald": "z", "hksj": "knha", "hksj_adhoc": "adhoc"}
_HEAD = """# Repeats every analysis of this review in R and compares it with reviewflow's numbers.
#   install.packages("metafor")
#   Rscript repeat_analyses.R
# studies.csv has the effects and the data behind them in the columns of metafor's escalc(); ratios are logarithms.
# Iterative estimates of tau2 are searched with tighter limits than metafor's defaults, which are absolute.

library(metafor)

studies <- read.csv("studies.csv", encoding = "UTF-8")
pooled <- read.csv("pooled.csv", encoding = "UTF-8")
tight <- list(threshold = 1e-12, maxiter = 10000, tol = 1e-12)
differences <- NULL

# Adds the differences of one analysis; columns that are not to be compared are named in `without`, and `allowed` is how
# many standard errors they may be.
compare <- function(analysis, fit, without = NULL, allowed = 1e-4) {
  ours <- pooled[pooled$analysis == analysis, ]
  found <- list(estimate = fit$beta, se = fit$se, ci_lower = fit$ci.lb, ci_upper = fit$ci.ub)
  theirs <- sapply(found, function(values) unname(values)[1])
  if (!is.null(fit$tau2) && !is.na(ours$tau2)) theirs <- c(theirs, tau2 = fit$tau2)
  theirs <- theirs[setdiff(names(theirs), without)]
  for (name in names(theirs)) {
    off <- abs(theirs[[name]] - ours[[name]]) / if (name == "tau2") max(ours$tau2, ours$se^2) else ours$se
    differences <<- rbind(differences, data.frame(
      analysis = analysis, number = name, reviewflow = ours[[name]], metafor = theirs[[name]], difference_in_se = off,
      allowed = allowed))
  }
}
"""
_FOOT = """
options(width = 160)
print(differences, digits = 7, row.names = FALSE)
worst <- if (is.null(differences)) 0 else max(differences$difference_in_se)
cat(sprintf("\\n%d analyses; largest difference: %.2g standard errors\\n", length(unique(differences$analysis)), worst))
if (any(differences$difference_in_se > differences$allowed)) quit(status = 1)
"""
_README = """Analyses for R

studies.csv          one row a study in an analysis, columns as in metafor's escalc(); yi and vi on the analysis scale
pooled.csv           what reviewflow found
repeat_analyses.R    repeats each analysis with metafor and prints the differences, in standard errors

Run: Rscript repeat_analyses.R
The column provenance says which effects are as reported and which are derived, calibrated or constructed.
"""


def files(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """The files, name to text. `tables` has synthesis/effects and synthesis/pooled of results/."""
    pooled = rows_of(tables["synthesis/pooled"])
    studies = by_analysis(tables["synthesis/effects"])
    rows = [
        {name: row.get(column) for name, column in STUDIES.items()} for analysis in studies for row in studies[analysis]
    ]
    blocks = [_block(row, studies.get(row["analysis"], [])) for row in pooled]
    return {
        "studies.csv": csv_text(list(STUDIES), rows),
        "pooled.csv": csv_text(POOLED, pooled),
        "repeat_analyses.R": "\n".join([_HEAD, *blocks, _FOOT]),
        "README.txt": _README,
    }


def _block(row: Row, studies: list[dict[str, Any]]) -> str:
    """The lines of one analysis."""
    name = _quoted(row["analysis"])
    head = f"# {row['analysis']}: {row['measure']}, {row['method']}, {row['model'] or 'nothing to pool'}"
    if blank(row["estimate"]):
        return f"{head}; k = {row['k']}, no estimate\n"
    lines = [head, f"dat <- subset(studies, analysis == {name})", *_fit(row, studies)]
    without = ', without = c("se", "ci_lower", "ci_upper")' if _other_variance(row) else ""
    if without:
        lines.append(
            "# metafor takes the variance of Sato, Greenland and Robins 1989 here, RevMan that of Greenland and"
        )
        lines.append("# Robins 1985: the estimates are compared, not their standard errors.")
    allowed = ", allowed = 1e-2" if row["method"] == "GLMM" else ""
    return "\n".join([*lines, f"compare({name}, fit{without}{allowed})"]) + "\n"


def _other_variance(row: Row) -> bool:
    return bool(row["method"] == "MH" and row["measure"] == "RD" and row["model"] == "fixed")


def _fit(row: Row, studies: list[dict[str, Any]]) -> list[str]:
    level = f"level = {float(row['level']):g}"
    if row["method"] == "GLMM":
        return _rare(row, level)
    if not blank(row.get("rho")):
        return _dependent(row, level)
    test = _TESTS[row["ci_method"] or "wald"]
    tables = all(not blank(s.get("events_e")) and not blank(s.get("n_c")) for s in studies)
    if row["method"] == "PETO" and tables:
        return [f'fit <- rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, {level}, add = 0, to = "none")']
    if row["method"] == "MH" and tables and row["k"] > 1:
        return _mantel_haenszel(row, level, test)
    if row["model"] == "random":
        return [_random(row, level, test)]
    return [f'fit <- rma(yi, vi, data = dat, method = "EE", {level})']


def _random(row: Row, level: str, test: str) -> str:
    method = f'method = "{row["tau2_method"]}", test = "{test}"'
    return f"fit <- rma(yi, vi, data = dat, {method}, {level}, control = tight)"


def _mantel_haenszel(row: Row, level: str, test: str) -> list[str]:
    add = "c(.5, 0)" if row.get("preset") == "metafor" else "c(.5, .5)"
    to = 'c("only0", "none")' if row.get("preset") == "metafor" else 'c("only0", "only0")'
    call = f'rma.mh(measure = "{row["measure"]}", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat, {level},'
    fixed = [f"{call}", f"  correct = FALSE, add = {add}, to = {to}, drop00 = TRUE)"]
    if row["model"] == "fixed":
        return [f"fit <- {fixed[0]}", fixed[1]]
    if row["tau2_method"] != "DL" or row.get("q_about") == "iv":
        return [_random(row, level, test)]
    return [
        "# RevMan's random-effects model takes tau2 from Q about the Mantel-Haenszel estimate.",
        f"fixed <- {fixed[0]}", fixed[1],
        "w <- 1 / dat$vi",
        "q <- sum(w * (dat$yi - fixed$beta[1])^2)",
        "tau2 <- max(0, (q - (nrow(dat) - 1)) / (sum(w) - sum(w^2) / sum(w)))",
        f'fit <- rma(yi, vi, data = dat, tau2 = tau2, test = "{test}", {level})',
    ]  # fmt: skip


def _dependent(row: Row, level: str) -> list[str]:
    """Several effects of a study: rma.mv, and robust() by clubSandwich."""
    rho = float(row["rho"])
    sampling = f"vcalc(vi, cluster = study, obs = effect, data = dat, rho = {rho:g})" if rho else "vi"
    t = ', test = "t", dfs = "contain"' if row["ci_method"] == "t" else ""
    lines = [
        "dat$effect <- seq_len(nrow(dat))",
        f"fit <- rma.mv(yi, {sampling}, random = ~ 1 | study/effect, data = dat, {level}{t},",
        '  control = list(optimizer = "nlminb", rel.tol = 1e-11, iter.max = 5000, eval.max = 5000))',
        "tau2 <- sum(fit$sigma2)",
    ]
    if row["dependence"] == "robust":
        lines.append("fit <- robust(fit, cluster = dat$study, clubSandwich = TRUE)  # needs clubSandwich")
    return [*lines, "fit$tau2 <- tau2"]


_COUNTS = {
    "OR": 'ai = ai, n1i = n1i, ci = ci, n2i = n2i, model = "CM.EL", control = list(optmethod = "Nelder-Mead")',
    "IRR": 'x1i = ai, t1i = t1i, x2i = ci, t2i = t2i, model = "CM.EL", nAGQ = 31',
    "PLO": "xi = ai, ni = n1i, nAGQ = 31",
}


def _rare(row: Row, level: str) -> list[str]:
    """Rare events by their exact likelihood; rma.glmm integrates and derives numerically, so that a hundredth of a
    standard error may differ."""
    model = "EE" if row["model"] == "fixed" else "ML"
    return [
        "# needs lme4, and BiasedUrn for odds ratios",
        f'fit <- rma.glmm(measure = "{row["measure"]}", {_COUNTS[row["measure"]]},',
        f'  data = dat, method = "{model}", {level})',
    ]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
