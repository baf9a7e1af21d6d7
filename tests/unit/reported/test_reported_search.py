"""The search for 2x2 tables: its methods equal metafor's, and it finds what it is given."""

import math
import random

import numpy as np
import pytest
from reviewflow.reported import search
from reviewflow.reported.printed import Interval

# a, n1, c, n2 of the two trials that give the adverse-event row of Zhou 2020.
TABLES = [np.array([[3.0, 20, 9, 20]]), np.array([[2.0, 12, 2, 6]])]
ANY = Interval(-math.inf, math.inf)


def pooled(method: str, measure: str, tables: list[search.Floats]) -> tuple[float, float]:
    fits = [search.components(t, measure) for t in tables]
    parts = {name: sum((f[name] for f in fits[1:]), fits[0][name]) for name in fits[0]}
    y, se = search.estimate(method, parts)
    return float(y[0]), float(se[0])


@pytest.mark.parametrize(
    ("method", "measure", "y", "se"),
    [
        ("MH", "OR", -1.3579984372604466, 0.6360730125338643),
        ("Peto", "OR", -1.270557491289199, 0.588655824266191),
        ("IV", "OR", -1.345168076937675, 0.642328095487591),
        ("MH", "RR", -0.990398704027877, 0.486521630252239),
    ],
)
def test_each_method_is_metafors(method: str, measure: str, y: float, se: float) -> None:
    """metafor 3.8-1, R 4.2.2: rma.mh, rma.peto and rma(method = "FE") of ai = c(3, 2), bi = c(17, 10), ci = c(9, 2),
    di = c(11, 4). Closed forms."""
    assert pooled(method, measure, TABLES) == pytest.approx((y, se), rel=1e-12)


def target(y: float, se: float, **changed: object) -> search.Target:
    z = 1.959963984540054
    around = [Interval(x - 1e-6, x + 1e-6) for x in (y, y - z * se, y + z * se)]
    made = search.Target(around[0], around[1], around[2], z, None, None, "OR", False)
    return made._replace(**changed)


@pytest.mark.parametrize(("method", "q_p"), [("IV", 0.657792650001343), ("Peto", 0.721559388035155)])
def test_q_is_metafors(method: str, q_p: float) -> None:
    """metafor 3.8-1: QEp of rma(method = "FE") and of rma.peto on the same tables."""
    y, se = pooled(method, "OR", TABLES)
    for asked, matches in ((q_p, 1), (q_p + 0.01, 0)):
        wanted = target(y, se, q_p=Interval(asked - 1e-9, asked + 1e-9))
        found = search.search(TABLES, wanted, (math.inf, math.inf), 1000)
        assert found is not None
        assert len(found.tables.get(method, [])) == matches


def test_random_effects_are_metafors() -> None:
    """metafor 3.8-1: rma(measure = "RR", ai = c(3, 2, 9), bi = c(17, 10, 11), ci = c(9, 2, 3), di = c(11, 4, 17),
    method = "DL"), tau2 1.22."""
    tables = [*TABLES, np.array([[9.0, 20, 3, 20]])]
    wanted = target(-0.19701410015768, 0.748405455274052, measure="RR", random=True)
    found = search.search(tables, wanted, (math.inf, math.inf), 1000)
    assert found is not None
    assert list(found.tables) == ["IV, random"]


@pytest.mark.parametrize("seed", range(20))
def test_honest_counts_are_found_among_all_that_are_open(seed: int) -> None:
    rng = random.Random(seed)
    sizes = [(rng.randint(5, 20), rng.randint(5, 20)) for _ in range(2)]
    counts = [(rng.randint(1, a - 1), a, rng.randint(1, b - 1), b) for a, b in sizes]
    method = rng.choice(("MH", "IV", "Peto"))
    exact = [np.array([c], dtype=float) for c in counts]
    y, se = pooled(method, "OR", exact)
    open_ = [search.tables((c[0], c[2]), (range(c[0], 26), range(c[2], 26))) for c in counts]
    found = search.search(open_, target(y, se), (math.inf, math.inf), 10**7)
    assert found is not None
    assert [x for c in counts for x in c] in found.tables[method].tolist()


def test_arms_stay_within_their_totals_and_every_combination_is_counted() -> None:
    open_ = [search.tables((1, 1), (range(1, 6), range(1, 4)))] * 2
    found = search.search(open_, target(0, 1), (6, math.inf), 10**6)
    assert found is not None
    pairs = sum(1 for a in range(1, 6) for b in range(1, 6) if a + b <= 6) * 9
    assert found.evaluations == pairs * len(search.methods(target(0, 1)))


def test_a_search_above_the_budget_is_not_made() -> None:
    assert search.search(TABLES, target(0, 1), (math.inf, math.inf), 3) is None


def test_all_tables_of_open_events_are_there() -> None:
    made = search.tables((None, 2), (range(3, 4), range(2, 5)))
    assert made.tolist() == [[a, 3, 2, n] for a in range(4) for n in (2, 3, 4)]


def test_a_study_without_events_says_nothing() -> None:
    silent = [*TABLES, np.array([[0.0, 9, 0, 9]])]
    assert pooled("MH", "OR", silent) == pytest.approx(pooled("MH", "OR", TABLES), rel=1e-14)
