"""One analysis by its choices: studies in, the row of pooled.csv out."""

from typing import Any, NamedTuple

import numpy as np

from . import cells
from .batch import Array, Batch, Weighted, weighted
from .choice import RATIOS, Choice
from .model import Fit, between, fit, heterogeneity, prediction, q_profile
from .studies import Studies


class Analysis(NamedTuple):
    """The numbers of one analysis under the names of pooled.csv, and the weights of its studies in percent (NaN where a
    study is left out)."""

    row: dict[str, Any]
    weight_fixed: Array
    weight_random: Array


def analyse(measure: str, found: Studies, choice: Choice) -> Analysis:
    """Pool the studies that have an effect. k of 0 and of 1 are rows that say so."""
    used = np.isfinite(found.y)
    blank = np.full(len(used), np.nan)
    row: dict[str, Any] = {"measure": measure, "method": choice.method, "model_rule": choice.model}
    row |= {"tau2_method": choice.tau2, "ci_method": choice.ci, "level": choice.level, "k": int(used.sum())}
    if not used.any():
        return Analysis(row | {"note": "k = 0: no study has a usable effect"}, blank, blank)
    batch = Batch.of([found.y[used]], [found.v[used]])
    fixed = fixed_effect(measure, batch, found, used, choice)
    spread = heterogeneity(batch, fixed.estimate)
    tau2 = between(batch, choice.tau2, fixed.estimate if choice.q_about_method else None)
    several = int(used.sum()) > 1
    random = several and (choice.model == "random" or (choice.model == "q_test" and spread.q_p[0] < choice.q_threshold))
    chosen = fit(batch, tau2, choice.ci, choice.level) if random else _fixed_fit(batch, fixed, choice)
    row |= {"model": "random" if random else "fixed"} | _numbers(chosen, measure)
    if several:
        row |= {name: float(value[0]) for name, value in spread._asdict().items()} | {"df": int(spread.df[0])}
        row |= {"i2_q": row["i2"], "h2_q": row["h2"]}
    if random:
        row |= _between_rows(batch, chosen, choice)
    else:
        row["note"] = "" if several else "k = 1: the result of a single study, nothing is pooled"
    weights = weighted(batch, batch.weights(np.nan_to_num(tau2))).weights[0]
    result = Analysis(row, blank.copy(), blank.copy())
    result.weight_fixed[used] = 100 * fixed.weights[0] / fixed.weights[0].sum()
    result.weight_random[used] = 100 * weights / weights.sum()
    return result


def fixed_effect(measure: str, batch: Batch, found: Studies, used: np.ndarray, choice: Choice) -> Weighted:
    """The fixed-effect estimate of the chosen method; inverse variance where there is no 2x2 table or where all sums of
    Mantel-Haenszel are 0."""
    if choice.method != "MH" or found.table is None:
        return weighted(batch, batch.weights())
    table = cells.Cells(*(cell[used][None] for cell in found.table))
    if measure == "RD":
        theta, variance, weights = cells.mh_risk_difference(table, choice.rd_variance)
    else:
        theta, variance, weights = (cells.mh_odds_ratio if measure == "OR" else cells.mh_risk_ratio)(table)
    return Weighted(theta, np.sqrt(variance), weights)


def _fixed_fit(batch: Batch, fixed: Weighted, choice: Choice) -> Fit:
    """The fixed model has Wald's interval with every preset but metafor's own, which knows Hartung and Knapp's too."""
    return fit(batch, None, "wald", choice.level, fixed)


def _numbers(chosen: Fit, measure: str) -> dict[str, Any]:
    named = {"z": chosen.statistic, "p_value": chosen.p_value}
    named |= {name: getattr(chosen, name) for name in ("estimate", "se", "ci_lower", "ci_upper")}
    row = {name: float(value[0]) for name, value in named.items()}
    row["ci_df"] = float(chosen.df[0]) if np.isfinite(chosen.df[0]) else None
    natural = np.exp if measure in RATIOS else float
    return row | {f"{name}_natural": float(natural(row[name])) for name in ("estimate", "ci_lower", "ci_upper")}


def _between_rows(batch: Batch, chosen: Fit, choice: Choice) -> dict[str, Any]:
    lower, upper = q_profile(batch, choice.level)
    row = {"tau2": float(chosen.tau2[0]), "tau2_lower": float(lower[0]), "tau2_upper": float(upper[0])}
    if not choice.i2_from_q:
        row |= {"i2": float(chosen.i2[0]), "h2": float(chosen.h2[0])}
    if choice.prediction != "none":
        limits = prediction(batch, chosen, choice.level, choice.prediction)
        row |= {name: float(value[0]) for name, value in zip(("pi_lower", "pi_upper"), limits, strict=True)}
    return row
