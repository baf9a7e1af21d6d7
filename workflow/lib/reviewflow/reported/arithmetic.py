"""Numbers of one printed row against each other."""

import math
from collections.abc import Iterator

from . import normal
from .findings import Finding, Outcome
from .printed import NOWHERE, Interval, interval, probability
from .publication import Publication, Row

_Found = Iterator[Finding]
_ASK = "Ask for the unrounded estimate, its standard error, and how the interval was computed"


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of single rows."""
    whole = [row for row in book.rows if row.printed]
    about = "P follows from the estimate and its interval"
    with_p = [row for row in whole if row.p and normal.statistic(row.printed) is not NOWHERE]  # type: ignore[arg-type]
    yield Outcome("p_value", about, len(with_p), [f for row in with_p for f in _p_value(book, row)])
    about = "The estimate lies in the middle of its interval, of ratios on the logarithmic scale"
    inside = [row for row in whole if _inside(row)]
    yield Outcome("interval_symmetry", about, len(inside), [f for row in inside for f in _symmetry(book, row)])
    bounded = [row for row in book.rows if row.estimate and row.lower and row.upper]
    found = [f for row in bounded for f in _within(book, row)]
    yield Outcome("estimate_in_interval", "The estimate lies within its interval", len(bounded), found)
    edge = [row for row in book.rows if row.p and row.text["p_value"][:1] not in "<>"]
    found = [f for row in edge for f in _edge(book, row)]
    yield Outcome("p_at_threshold", "No printed P rounds to the threshold of significance", len(edge), found)
    yield _heterogeneity(book)
    yield _model(book)


def _finding(row: Row, severity: str, said: str, expected: str, evidence: str, ask: str) -> Finding:
    place = (row.location, (row.analysis,), row.studies, row.shown)
    return Finding(row.analysis, severity, "certain", said, *place, expected, evidence, ask)


def _p_value(book: Publication, row: Row) -> _Found:
    assert row.printed is not None
    assert row.p is not None
    reached = normal.p_value(row.printed)
    if reached.meets(row.p):
        return
    alpha = book.alpha
    turned = (row.p.upper <= alpha < reached.lower) or (reached.upper < alpha < row.p.lower)
    finding = f"{book.name(row)}: P {row.text['p_value']} cannot come from the printed estimate and interval"
    if turned:
        finding += f"; by them the result is {'not ' if reached.lower > alpha else ''}significant at {alpha:g}"
    evidence = f"Over all values that round to {row.shown}, standard error {normal.standard_error(row.printed)}"
    yield _finding(row, "major" if turned else "moderate", finding, f"P {reached}", evidence, _ASK)


def _inside(row: Row) -> bool:
    """Whether the estimate can lie within its limits, so that asymmetry is a finding of its own."""
    assert row.estimate is not None
    assert row.lower is not None
    assert row.upper is not None
    return row.lower.lower <= row.estimate.upper and row.estimate.lower <= row.upper.upper


def _symmetry(book: Publication, row: Row) -> _Found:
    assert row.printed is not None
    middle = normal.centre(row.printed)
    if middle.lower <= middle.upper:
        return
    at = normal.midpoint(row.printed)
    where = "the middle of the logarithms of its limits" if row.ratio else "the middle of its limits"
    finding = f"{book.name(row)}: the estimate does not lie in {where}"
    evidence = "Limits of the normal kind lie at equal distances from the estimate"
    ask = "Ask which of the three numbers is misprinted, or which other kind of interval it is"
    yield _finding(row, "moderate", finding, f"Middle {_natural(at, row)}", evidence, ask)


def _natural(part: Interval, row: Row) -> Interval:
    return Interval(math.exp(part.lower), math.exp(part.upper)) if row.ratio else part


def _within(book: Publication, row: Row) -> _Found:
    assert row.estimate is not None
    assert row.lower is not None
    assert row.upper is not None
    if row.lower.lower > row.upper.upper:
        finding, expected = f"{book.name(row)}: the lower limit is above the upper one", "Lower limit below the upper"
    elif not _inside(row):
        finding = f"{book.name(row)}: the estimate lies outside its interval"
        expected = f"{row.lower.lower:.4g} to {row.upper.upper:.4g}"
    else:
        return
    yield _finding(row, "major", finding, expected, "Compared as printed, with rounding", "Ask which is misprinted")


def _edge(book: Publication, row: Row) -> _Found:
    assert row.p is not None
    if not row.p.lower < book.alpha < row.p.upper or row.p.upper - row.p.lower > book.alpha:
        return
    reached = normal.p_value(row.printed) if row.printed else NOWHERE
    known = reached is not NOWHERE and reached.lower <= reached.upper and not reached.holds(book.alpha)
    verdict = f"by estimate and interval it is {reached}" if known else "the printed digits do not tell which side"
    said = f"{book.name(row)}: P {row.text['p_value']} is at the threshold of {book.alpha:g}; {verdict}"
    expected = f"P {reached}" if known else "One more digit"
    yield _finding(row, "minor", said, expected, "P rounds to the threshold", "Ask for P with one more digit")


def _heterogeneity(book: Publication) -> Outcome:
    """Q, its P and I2 against each other; I2 = (Q - df) / Q (Higgins and Thompson 2002, Stat Med 21:1539)."""
    rows = [r for r in book.rows if r.k and r.k > 1 and sum(bool(r.text[c]) for c in ("q", "q_p", "i2")) > 1]
    found = [f for row in rows for f in _q(book, row)]
    return Outcome("heterogeneity", "Q, its P and I2 agree with each other and with k", len(rows), found)


def _q(book: Publication, row: Row) -> _Found:
    from scipy.special import chdtrc, chdtri

    assert row.k is not None
    df, given = row.k - 1, []
    q, p, i2 = interval(row.text["q"]), probability(row.text["q_p"]), interval(row.text["i2"])
    if q:
        given.append(("Q", Interval(max(q.lower, 0.0), q.upper)))
    if p:
        upper = float(chdtri(df, p.lower)) if p.lower > 0 else float("inf")
        given.append(("P of Q", Interval(float(chdtri(df, p.upper)), upper)))
    if i2:
        low = df / (1 - i2.lower / 100) if i2.lower > 0 else 0.0
        given.append(("I2", Interval(low, df / (1 - i2.upper / 100) if i2.upper < 100 else float("inf"))))
    clash = [(a, b) for i, a in enumerate(given) for b in given[i + 1 :] if not a[1].meets(b[1])]
    for (one, by_one), (other, by_other) in clash[:1]:
        shown = [f"{n} {row.text[c]}" for n, c in (("Q", "q"), ("P", "q_p"), ("I2", "i2")) if row.text[c]]
        evidence = f"{one} needs Q {by_one}, {other} needs Q {by_other}, with {df} degrees of freedom"
        if q:
            evidence += f"; P of the printed Q is {float(chdtrc(df, max(q.upper, 0))):.3g} to "
            evidence += f"{float(chdtrc(df, max(q.lower, 0))):.3g}"
        yield Finding(
            row.analysis, "moderate", "certain", f"{book.name(row)}: {one} and {other} contradict each other",
            row.location, (row.analysis,), row.studies, "; ".join([*shown, f"k {row.k}"]), f"Q {by_one}", evidence,
            "Ask for Q, its degrees of freedom and I2",
        )  # fmt: skip


def _model(book: Publication) -> Outcome:
    """The model against the rule that the publication states."""
    threshold = book.number("q_threshold")
    rows = [r for r in book.rows if r.k and r.k > 1 and r.q_p and r.model in ("fixed", "random")]
    found = []
    for row in rows if threshold is not None else ():
        assert row.q_p is not None
        assert threshold is not None
        # P on the threshold itself is fixed by "random if P < threshold", and random by "<=".
        wanted = "random" if row.q_p.upper < threshold else "fixed" if row.q_p.lower > threshold else row.model
        if wanted != row.model:
            said = f"Random effects below P {threshold:g} of Q, as stated"
            found.append(Finding(
                row.analysis, "moderate", "certain",
                f"{book.name(row)}: model {row.model}, though by the stated rule it would be {wanted}",
                row.location, (row.analysis,), row.studies, f"{row.model}, P of Q {row.text['q_p']}", wanted,
                said, "Ask which model gave the printed estimate",
            ))  # fmt: skip
    return Outcome("model_rule", "The model follows the stated rule", len(rows) if threshold is not None else 0, found)
