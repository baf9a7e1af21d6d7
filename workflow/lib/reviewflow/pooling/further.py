"""What `reviewflow pool` gives beside the pooled estimate, as rows."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from reviewflow.faults import Fault

from . import asymmetry
from .batch import Array, Batch
from .cells import Cells
from .choice import Choice
from .diagnostics import influence, of_first, without_each
from .model import fit
from .moderators import Design
from .natural import natural
from .regression import permutation, regress
from .studies import Studies
from .tau2 import ESTIMATORS

_SHOWN = (
    "model", "k", "estimate", "se", "ci_lower", "ci_upper", "p_value", "q", "q_p", "i2", "tau2", "estimate_natural",
    "ci_lower_natural", "ci_upper_natural", "note",
)  # fmt: skip
# Below this number tests of asymmetry have too little power to tell chance from bias (Handbook, section 13.3.5.4).
_ENOUGH = 10
_LIMITS = ("estimate", "se", "ci_lower", "ci_upper", "p_value", "tau2")


class Data(NamedTuple):
    """One analysis: what was asked, its studies with their names, and whether its model is a random one."""

    measure: str
    choice: Choice
    found: Studies
    labels: list[str]
    random: bool

    @property
    def used(self) -> list[int]:
        """Places of the studies that have an effect."""
        places: list[int] = np.flatnonzero(self.found.there).tolist()
        return places

    @property
    def tau2(self) -> str | None:
        """The estimator of tau2, None in the fixed model."""
        return self.choice.tau2 if self.random else None

    @property
    def ci(self) -> str:
        """The interval's method: Wald's in the fixed model."""
        return self.choice.ci if self.random else "wald"


def leave_one_out(data: Data) -> list[dict[str, Any]]:
    """The analysis without each study."""
    made = without_each(data.measure, data.found, data.choice)
    return [{"without": data.labels[i]} | {n: row[n] for n in _SHOWN} for i, row in zip(data.used, made, strict=True)]


def cumulative(data: Data, order: Sequence[int]) -> list[dict[str, Any]]:
    """The analysis of the first 1, 2, ... studies."""
    made = of_first(data.measure, data.found, data.choice, order)
    return [{"up_to": data.labels[i]} | {n: row[n] for n in _SHOWN} for i, row in zip(order, made, strict=True)]


def influence_rows(data: Data) -> list[dict[str, Any]]:
    """Influence of each study, with inverse-variance weights."""
    if len(data.used) < 2:
        return []
    y, v = data.found.y[data.used], data.found.v[data.used]
    columns = influence(y, v, data.tau2, data.ci)._asdict()
    return [
        {"study": data.labels[i]} | {name: float(values[at]) for name, values in columns.items()}
        for at, i in enumerate(data.used)
    ]


def test_row(data: Data, test: str, numbers: Mapping[str, Array]) -> dict[str, Any]:
    """One test of small-study effects; with fewer than 3 studies, or without any difference in precision, its numbers
    do not exist and the note says so."""
    y, v = data.found.y[data.used], data.found.v[data.used]
    few = f"k = {len(y)}: a test of asymmetry with fewer than {_ENOUGH} studies has little power"
    if len(y) < 3:
        return {"k": len(y), "note": f"k = {len(y)}: the test needs 3 studies"}
    note = few if len(y) < _ENOUGH else ""
    if test == "trim_and_fill":
        return {"k": len(y)} | _filled(data, y, v) | {"note": note}
    if test in ("egger", "begg"):
        made = (asymmetry.egger if test == "egger" else asymmetry.begg)(y, v)
    else:
        a, n, c, m = (numbers[name][data.used] for name in ("ai", "n1i", "ci", "n2i"))
        cells = Cells(a, n - a, c, m - c)
        made = asymmetry.peters(y, cells) if test == "peters" else asymmetry.harbord(cells)
    if np.isnan(made.p_value):
        note = "no test: all studies are of the same precision, or lie on one line without any error"
    return {"k": len(y)} | {name: float(value) for name, value in made._asdict().items()} | {"note": note}


def _filled(data: Data, y: Array, v: Array) -> dict[str, Any]:
    made = asymmetry.trim_and_fill(y, v, data.tau2)
    batch = Batch.of([made.y], [made.v])
    fitted = fit(batch, None if data.tau2 is None else ESTIMATORS[data.tau2](batch), data.ci, data.choice.level)
    row = {name: float(getattr(fitted, name)[0]) for name in _LIMITS}
    row |= {f"{n}_natural": float(natural(data.measure, row[n])) for n in ("estimate", "ci_lower", "ci_upper")}
    added = [{"yi": float(a), "vi": float(b)} for a, b in zip(made.y[len(y) :], made.v[len(y) :], strict=True)]
    return {"missing": made.missing, "side": made.side} | row | {"filled": added}


def regression_faults(file: str, made: Design) -> list[Fault]:
    """A fault where a design has more terms than studies can bear, or terms that say the same."""
    x = made.x[made.there]
    k, terms = x.shape
    rank = int(np.linalg.matrix_rank(x / np.maximum(np.sqrt((x**2).sum(axis=0)), 1e-300))) if k else 0
    if k > terms and rank == terms:
        return []
    problem = f"{k} studies have all moderators, for {terms} terms of which {rank} are independent"
    return [Fault(file, 0, "", problem, f"name fewer moderators; the terms are {', '.join(made.terms)}")]


def regression(data: Data, made: Design, rounds: int) -> dict[str, Any]:
    """Meta-regression: a row a term, and the fit as a whole."""
    y, v, x = data.found.y[made.there], data.found.v[made.there], made.x[made.there]
    fitted = regress(y, v, x, data.tau2, data.ci, data.choice.level)
    names = {"coefficients": "estimate", "statistic": "statistic"}
    names |= {name: name for name in ("se", "ci_lower", "ci_upper", "p_value")}
    rows: list[dict[str, Any]] = [
        {"term": term} | {shown: float(getattr(fitted, name)[i]) for name, shown in names.items()}
        for i, term in enumerate(made.terms)
    ]
    single = ("df", "tau2", "q_residual", "q_residual_df", "q_residual_p", "q_moderators", "q_moderators_df")
    whole = {name: getattr(fitted, name) for name in (*single, "q_moderators_p", "i2", "h2", "r2")}
    result: dict[str, Any] = {"k": len(y), "terms": rows} | whole
    if made.compared_with:
        result["compared_with"] = made.compared_with
    if rounds:
        each, joint = permutation(y, v, x, data.tau2, data.ci, rounds, 1)
        for row, p in zip(rows, each.tolist(), strict=True):
            row["permutation_p"] = p
        result["permutation_p"] = joint
    return result
