"""Analyses by their choices: studies in, rows of pooled.csv out; those that are alike are made together."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from . import cells, special
from .batch import Array, Batch, Mask, Weighted, weighted
from .choice import Choice, impossible
from .model import Fit, Heterogeneity, between, fit, heterogeneity, prediction, q_profile
from .natural import natural
from .notes import notes
from .row import NATURAL, Analysis, head
from .studies import Studies


class _Made(NamedTuple):
    """Analyses of one choice and one number of studies."""

    batch: Batch
    fixed: Weighted
    spread: Heterogeneity
    chosen: Fit
    random: Mask
    weight_fixed: Array
    weight_random: Array


def analyse(measure: str, found: Studies, choice: Choice) -> Analysis:
    """Pool the studies that have an effect. k of 0 and of 1 are rows that say so.

    Raises ValueError for a choice that cannot be done for the measure (`impossible` lists them with the mend).
    """
    return analyse_many([(measure, found, choice)])[0]


def analyse_many(asked: Sequence[tuple[str, Studies, Choice]]) -> list[Analysis]:
    """Each analysis as `analyse` makes it, to the last digit; those of the same choice and number of studies are made
    together, which for thousands takes a hundredth of the time."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    usable = [found.there for _, found, _ in asked]
    for i, (measure, found, choice) in enumerate(asked):
        summed = int((found.table.total > 0).sum()) if choice.method == "MH" and found.table is not None else 0
        groups.setdefault((measure, choice, int(usable[i].sum()), summed), []).append(i)
    done: list[Analysis | None] = [None] * len(asked)
    for (measure, choice, k, summed), places in groups.items():
        problems = [f"{problem}; {mend}" for problem, mend in impossible(measure, choice)]
        if choice.method == "MH" and k and not summed:
            problems.append("Mantel-Haenszel sums counts, and there are none; choose the method IV")
        if problems:
            raise ValueError("\n".join(problems))
        if special.is_special(choice):
            for i in places:
                done[i] = special.analyse(*asked[i])
            continue
        parts = [(asked[i][1], usable[i]) for i in places]
        for i, analysis in zip(places, _together(measure, choice, k, parts), strict=True):
            done[i] = analysis
    return [analysis for analysis in done if analysis is not None]


def _together(measure: str, choice: Choice, k: int, parts: Sequence[tuple[Studies, Mask]]) -> list[Analysis]:
    row = head(measure, choice, k)
    row["q_about"] = "method" if choice.method != "IV" and _about_method(choice) else "iv"
    if not k:
        row["note"] = "k = 0: no study has a usable effect"
        return [Analysis(dict(row), *(np.full(len(used), np.nan) for _ in range(2))) for _, used in parts]
    made = _made(measure, choice, parts)
    columns = _columns(measure, choice, made)
    names, values = tuple(columns), zip(*columns.values(), strict=True)
    return [
        Analysis(row | dict(zip(names, numbers, strict=True)), *_weights(used, fixed, random))
        for numbers, (_, used), fixed, random in zip(values, parts, made.weight_fixed, made.weight_random, strict=True)
    ]


def _about_method(choice: Choice) -> bool:
    return choice.q_about_method or choice.model != "random"


def _made(measure: str, choice: Choice, parts: Sequence[tuple[Studies, Mask]]) -> _Made:
    y, v = (np.stack([getattr(found, name)[used] for found, used in parts]) for name in ("y", "v"))
    batch = Batch(y, v, np.ones(y.shape, dtype=bool))
    fixed = _fixed(measure, batch, parts, choice)
    about = fixed.estimate if _about_method(choice) else None
    spread = heterogeneity(batch, about)
    tau2 = between(batch, choice.tau2, about if choice.q_about_method else None)
    several = batch.k > 1
    random = several & (choice.model == "random")
    if choice.model == "q_test":
        random = several & (spread.q_p < choice.q_threshold)
    chosen = fit(batch, None, "wald", choice.level, fixed)
    if random.any():
        mixed = fit(batch, tau2, choice.ci, choice.level)
        of = random[:, None]
        chosen = Fit(*(np.where(of if a.ndim > 1 else random, a, b) for a, b in zip(mixed, chosen, strict=True)))
    weights = weighted(batch, batch.weights(np.where(np.isfinite(tau2), tau2, 0.0))).weights
    shares = [100 * w / w.sum(axis=1, keepdims=True) for w in (fixed.weights, weights)]
    return _Made(batch, fixed, spread, chosen, random, shares[0], shares[1])


def _fixed(measure: str, batch: Batch, parts: Sequence[tuple[Studies, Mask]], choice: Choice) -> Weighted:
    """The fixed-effect estimate of the chosen method. NaN where a sum of Mantel-Haenszel is 0."""
    if choice.method != "MH":
        return weighted(batch, batch.weights())
    tables = [(found.table, found.table.total > 0, used) for found, used in parts if found.table is not None]
    table = cells.Cells(*(np.stack([found[i][summed] for found, summed, _ in tables]) for i in range(4)))
    if measure == "RD":
        theta, variance, weights = cells.mh_risk_difference(table, choice.rd_variance)
    else:
        theta, variance, weights = (cells.mh_odds_ratio if measure == "OR" else cells.mh_risk_ratio)(table)
    weights = np.stack([of[used[summed]] for of, (_, summed, used) in zip(weights, tables, strict=True)])
    there = np.isfinite(theta) & (variance > 0)
    return Weighted(np.where(there, theta, np.nan), np.sqrt(np.where(there, variance, np.nan)), weights)


def _columns(measure: str, choice: Choice, made: _Made) -> dict[str, list[Any]]:
    """The numbers by the names of pooled.csv, each a list with an entry an analysis."""
    chosen, random = made.chosen, made.random
    several = made.batch.k > 1
    out: dict[str, Array] = {"z": chosen.statistic, "ci_df": np.where(np.isinf(chosen.df), np.nan, chosen.df)}
    out |= {name: getattr(chosen, name) for name in ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2")}
    out |= {name: np.where(several, getattr(made.spread, name), np.nan) for name in ("q", "q_p", "i2", "h2")}
    out |= {"i2_q": out["i2"], "h2_q": out["h2"]}
    if not choice.i2_from_q:
        out |= {name: np.where(random, getattr(chosen, name), out[name]) for name in ("i2", "h2")}
    if random.any():
        limits = q_profile(made.batch, choice.level)
        out |= {f"tau2_{end}": np.where(random, limit, np.nan) for end, limit in zip(_ENDS, limits, strict=True)}
    if random.any() and choice.prediction != "none":
        limits = prediction(made.batch, chosen, choice.level, choice.prediction)
        out |= {f"pi_{end}": np.where(random, limit, np.nan) for end, limit in zip(_ENDS, limits, strict=True)}
    out |= {f"{name}_natural": natural(measure, out[name]) for name in NATURAL if name in out}
    columns: dict[str, list[Any]] = {name: _or_none(values) for name, values in out.items()}
    columns["df"] = [int(k) - 1 if k > 1 else None for k in made.batch.k]
    columns["model"] = ["random" if r else "fixed" for r in random]
    columns["ci_method"] = [choice.ci if r else "wald" for r in random]
    columns["note"] = notes(choice, made.batch, chosen, random)
    return columns


_ENDS = ("lower", "upper")


def _or_none(values: Array) -> list[float | None]:
    listed: list[float | None] = values.tolist()
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        listed[place] = None
    return listed


def _weights(used: Mask, fixed: Array, random: Array) -> tuple[Array, Array]:
    if len(fixed) == len(used):
        return fixed, random
    both = np.full((2, len(used)), np.nan)
    both[:, used] = fixed, random
    return both[0], both[1]
