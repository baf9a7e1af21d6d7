"""What of a block is compared; each check yields the numbers that differ."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from reviewflow.pooling import analyse, asymmetry, diagnostics, preset, studies
from reviewflow.pooling.batch import Batch
from reviewflow.pooling.cells import Cells
from reviewflow.pooling.model import fit
from reviewflow.pooling.regression import regress
from reviewflow.pooling.tau2 import ESTIMATORS

from tests.reference.pooling import engine
from tests.reference.pooling.engine import CLOSED, ITERATED, OF_ROW, REGRESSED, Block, array, differences

PREDICTION_OF = {"wald": "z", "hksj": "t_kminus1", "hksj_adhoc": "t_kminus2"}
PREDICTIONS = ("z", "t_kminus1", "t_kminus2")


def effects(block: Block, names: list[str]) -> Iterator[str]:
    """Effects and variances of single studies, and which studies have none."""
    made = engine.found(block)
    y, v = array(block["yi"]), array(block["vi"])
    kept = np.isfinite(y) & np.isfinite(v) & (np.nan_to_num(v) > 0)
    y, v = np.where(kept, y, np.nan), np.where(kept, v, np.nan)
    if int(np.isfinite(made.y).sum()) != block["k"]:
        yield f"k: {int(np.isfinite(made.y).sum())}, R has {block['k']}"
    typical = float(np.sqrt(np.nanmedian(v))) if kept.any() else 1.0
    yield from differences({"y": made.y, "v": made.v}, {"y": y, "v": v}, CLOSED, {"y": typical}, ("y", "v"))
    silent = [why for why, used in zip(made.why_not, kept, strict=True) if bool(why) == bool(used)]
    if silent:
        yield f"studies left out without a reason, or used with one: {silent}"


def pooled(block: Block, names: list[str]) -> Iterator[str]:
    """Every estimator of tau2 by every interval."""
    if "pooled" not in block:
        return
    made, told = engine.found(block), block["pooled"]
    for name, numbers in told["fits"].items():
        method, ci, *level = name.split("/")
        expected = dict(zip(names, numbers, strict=True))
        chosen = {"model": "fixed" if method == "EE" else "random", "ci": ci, "level": float((level or [95])[0])}
        chosen |= {"tau2": "DL" if method == "EE" else method}
        scale = engine.scales(block, expected["se"])
        # Limits of tau2 and of a new study are roots and tails beside the closed form of the estimate.
        several = PREDICTIONS if level or block.get("own") else (PREDICTION_OF[ci],)
        for prediction in several:
            row = engine.row(block, made, prediction=prediction, **chosen)
            got = {ours: row[theirs] for ours, theirs in OF_ROW.items()}
            checked = [n for n in OF_ROW if method != "EE" or n != "tau2"]
            limits = {f"pi_{end}": expected[f"{prediction}_{end}"] for end in ("lower", "upper")}
            limits = limits if method != "EE" else {}
            got |= {n: row[n] for n in limits}
            about = engine.tolerance(method)
            for said in differences(got, expected | limits, about, scale, [*checked, *limits]):
                yield f"{name}, {prediction}: {said}"
        heterogeneity = {"q": told["q"], "q_p": told["q_p"], "i2_q": told["i2_q"], "h2_q": told["h2_q"]}
        got = {n: row[n] for n in heterogeneity} | {"df": row["df"]}
        expected = heterogeneity | {"df": told["k"] - 1}
        yield from differences(
            got, expected, CLOSED * (1 + told["q"]), {"q": 1.0, "i2_q": 100.0, "h2_q": 1.0}, ("q_p",)
        )
        yield from differences(
            got, expected, CLOSED, {"q": 1.0, "i2_q": 100.0, "h2_q": 1.0}, ("q", "i2_q", "h2_q", "df")
        )


def tau2_limits(block: Block, names: list[str]) -> Iterator[str]:
    """Confidence limits of tau2 by the Q-profile."""
    made = engine.found(block)
    for level in (95, 90):
        told = array(block.get(f"tau2_{level}"))
        if len(told) != 2:
            continue
        row = engine.row(block, made, model="random", tau2="DL", level=float(level))
        got = {name: row[name] for name in ("tau2_lower", "tau2_upper")}
        expected = dict(zip(got, told, strict=True))
        yield from differences(got, expected, ITERATED, engine.scales(block, 1.0), got)


def tables(block: Block, names: list[str]) -> Iterator[str]:
    """Mantel-Haenszel and Peto, as metafor has them and as RevMan 5."""
    measure, told = block["measure"], block.get("tables") or {}
    fixed = ("estimate", "se", "ci_lower", "ci_upper", "statistic", "p_value", "q")
    base = replace(preset("metafor", measure), method="PETO" if measure == "PETO" else "MH", model="fixed")
    for name, choice in (
        ("peto", base), ("mh", base), ("mh_corrected", replace(base, correct_mh=True, rd_corrected=True)),
    ):  # fmt: skip
        expected = told.get(name)
        if expected is None:
            continue
        row = analyse(measure, engine.found(block, choice), choice).row
        if row["k"] != expected["k"]:
            yield f"{name} k: {row['k']}, R has {expected['k']}"
        got = row | {"statistic": row["z"]}
        scale = engine.scales(block, expected["se"] or 1.0)
        at = fixed if expected["k"] > 1 else fixed[:-1]
        yield from (f"{name}: {said}" for said in differences(got, expected, CLOSED, scale, at))
    if told.get("revman"):
        yield from _revman(block, told["revman"])


def _revman(block: Block, expected: dict[str, Any]) -> Iterator[str]:
    measure = block["measure"]
    choice = replace(preset("revman5", measure), model="random")
    made = studies(measure, engine.columns(block), choice)
    done = analyse(measure, made, choice)
    got = done.row | {"weights": done.weight_random[np.isfinite(made.y)]}
    if got["k"] != expected["k"]:
        yield f"M-H, Random k: {got['k']}, R has {expected['k']}"
        return
    scale = engine.scales(block, expected["se"]) | {"weights": 1.0}
    at = ("estimate", "se", "ci_lower", "ci_upper", "p_value", "q", "tau2", "weights")
    yield from (f"M-H, Random: {said}" for said in differences(got, expected, CLOSED, scale, at))


def small_studies(block: Block, names: list[str]) -> Iterator[str]:
    """Egger, Begg, Peters, Harbord, trim and fill."""
    told = block.get("small") or {}
    y, v = engine.usable(block)
    made: dict[str, Callable[[], asymmetry.Test]] = {
        "egger": lambda: asymmetry.egger(y, v), "begg": lambda: asymmetry.begg(y, v),
        "peters": lambda: asymmetry.peters(y, _cells(block)), "harbord": lambda: asymmetry.harbord(_cells(block)),
    }  # fmt: skip
    for name in [name for name in made if told.get(name)]:
        test, expected = made[name](), told[name]
        got = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
        got |= {"bias": test.estimate, "bias_se": test.se, "tau": test.estimate}
        scale = {"statistic": 1.0, "bias": expected.get("bias_se"), "tau": 1.0}
        yield from (f"{name}: {said}" for said in differences(got, expected, CLOSED, scale, expected))
    for name in [name for name in told if name.startswith("fill")]:
        yield from (f"{name}: {said}" for said in _filled(block, name, told[name]))


def _cells(block: Block) -> Cells:
    x = engine.columns(block)
    kept = np.array(block["used"] if isinstance(block["used"], list) else [block["used"]], int) - 1
    a, n, c, m = (x[name][kept] for name in ("ai", "n1i", "ci", "n2i"))
    return Cells(a, n - a, c, m - c)


def _filled(block: Block, name: str, expected: dict[str, Any]) -> Iterator[str]:
    _, method, estimator = name.split("_")
    y, v = engine.usable(block)
    of = None if method == "EE" else method
    filled = asymmetry.trim_and_fill(y, v, of, estimator)
    if (filled.missing, filled.side) != (expected["missing"], expected["side"]):
        yield f"{filled.missing} missing {filled.side}, R has {expected['missing']} {expected['side']}"
        return
    batch = Batch.of([filled.y], [filled.v])
    made = fit(batch, None if of is None else ESTIMATORS[of](batch), "wald", 95)
    got = {"estimate": made.estimate, "se": made.se} | ({} if of is None else {"tau2": made.tau2})
    yield from differences(got, expected, CLOSED, engine.scales(block, expected["se"]), got)


def series(block: Block, names: list[str]) -> Iterator[str]:
    """Leave-one-out and cumulative analyses by DL, and influence."""
    told = block.get("series") or {}
    y, v = engine.usable(block)
    for name, make in (("leave_one_out", diagnostics.leave_one_out), ("cumulative", diagnostics.cumulative)):
        if name not in told:
            continue
        made, expected = make(y, v, "DL", "wald", 95), told[name]
        got = made.fitted._asdict() | {"q": made.heterogeneity.q}
        # The first of the cumulative analyses has one study, of which metafor says that tau2, Q and I2 are 0.
        at = slice(1, None) if name == "cumulative" else slice(None)
        got, cut = ({n: array(list(x[n]))[at] for n in expected} for x in (got, expected))
        statistic = {"statistic": (cut["estimate"] / cut["se"]).tolist()}
        scale = engine.scales(block, float(np.median(cut["se"])))
        yield from (f"{name}: {said}" for said in differences(got, cut | statistic, CLOSED, scale, expected))
    for name in [name for name in told if name.startswith("influence")]:
        method = name.removeprefix("influence_")
        made = diagnostics.influence(y, v, None if method == "EE" else method)
        expected = told[name]
        names = [n for n in expected if method != "EE" or n != "tau2_without"]
        scale = dict.fromkeys(names, 1.0) | {"tau2_without": float(np.median(v))}
        said = differences(made._asdict(), expected, CLOSED, scale, names)
        yield from (f"{name}: {each}" for each in said)


def regression(block: Block, names: list[str]) -> Iterator[str]:
    """Meta-regression on moderators as they stand."""
    given = engine.columns(block)
    kept = np.array(block["used"], int) - 1
    y, v = engine.usable(block)
    for moderators, fits in (block.get("regression") or {}).items():
        x = np.column_stack([np.ones(len(kept)), *(given[name][kept] for name in moderators.split("+"))])
        known = np.isfinite(x).all(axis=1)
        for name, expected in fits.items():
            method, ci = name.split("/")
            made = regress(y[known], v[known], x[known], None if method == "EE" else method, ci, 95)
            statistic = {"statistic": [b / s for b, s in zip(expected["coefficients"], expected["se"], strict=True)]}
            scale = engine.scales(block, 0.0) | {"q_residual": 1.0, "q_moderators": 1.0, "r2": 100.0}
            scale |= dict.fromkeys(("ci_lower", "ci_upper", "coefficients"), 0.0)
            at = [n for n in expected if method != "EE" or n not in ("tau2", "r2")]
            said = list(differences(made._asdict(), expected | statistic, REGRESSED, scale, at))
            yield from (f"{moderators} {name}: {each}" for each in said)


CHECKS: dict[str, Callable[[Block, list[str]], Iterator[str]]] = {
    check.__name__: check for check in (effects, pooled, tau2_limits, tables, small_studies, series, regression)
}
