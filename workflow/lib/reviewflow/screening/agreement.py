"""Agreement of reviewers on include and exclude, from votes before any consensus."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import sqrt
from statistics import NormalDist
from typing import Any

from reviewflow.kappa import BANDS, NOT_ESTIMABLE, SCALE
from reviewflow.tables import join_list

from .many import fleiss_kappa, krippendorff_alpha, observed
from .votes import Ballot, Vote

# Content Analysis, 2nd ed. 2004, 11.4.2; least alpha.
SCALE_ALL = "Krippendorff 2004"
BANDS_ALL = ((0.8, "reliable"), (0.667, "tentative"), (-1.0, "unreliable"))
# Who said what on each record, in the order of names.
Pattern = tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
# How many reports have these votes before consensus, and these that hold.
Alike = Counter[tuple[Pattern, Pattern]]
_Z95 = NormalDist().inv_cdf(0.975)


def agreement(a: int, b: int, c: int, d: int) -> dict[str, Any]:
    """Measures of agreement of the 2x2 table a (both include), b, c, d (both exclude).

    Cohen's kappa (Cohen 1960) with the large-sample confidence interval of Fleiss, Cohen and Everitt 1969; PABAK,
    prevalence and bias index (Byrt, Bishop and Carlin 1993); agreement on include and on exclude (Cicchetti and
    Feinstein 1990). None where a measure is not estimable.
    """
    n = a + b + c + d
    if not n:
        return {"n": 0, "band": NOT_ESTIMABLE}
    raw = (a + d) / n
    result: dict[str, Any] = {"n": n, "agreement": raw, "pabak": 2 * raw - 1}
    result |= {"prevalence_index": abs(a - d) / n, "bias_index": abs(b - c) / n}
    result |= {
        "p_pos": 2 * a / (2 * a + b + c) if a + b + c else None,
        "p_neg": 2 * d / (2 * d + b + c) if d + b + c else None,
    }
    by_chance = (a + b) * (a + c) + (c + d) * (b + d)
    if by_chance == n**2:
        return result | {"band": NOT_ESTIMABLE}
    expected = by_chance / n**2
    kappa = (raw - expected) / (1 - expected)
    half = _Z95 * _kappa_se((a / n, b / n, c / n, d / n), kappa, expected, n)
    # In whole numbers, so that a kappa of 0.6 is not taken for less.
    above = 100 * (n * (a + d) - by_chance)
    band = next(name for least, name in BANDS if above >= least * (n**2 - by_chance))
    return result | {
        "kappa": kappa,
        "kappa_lower": max(kappa - half, -1),
        "kappa_upper": min(kappa + half, 1),
        "band": band,
    }


def _kappa_se(cells: tuple[float, float, float, float], kappa: float, expected: float, n: int) -> float:
    """Standard error of kappa, Fleiss, Cohen and Everitt 1969, equation 13."""
    p = ((cells[0], cells[1]), (cells[2], cells[3]))
    rows = [sum(p[i]) for i in (0, 1)]
    columns = [p[0][j] + p[1][j] for j in (0, 1)]
    agree = sum(p[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in (0, 1))
    differ = (1 - kappa) ** 2 * sum(p[i][1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in (0, 1))
    variance = (agree + differ - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    return sqrt(max(variance, 0.0))


def alike(judged: Iterable[tuple[Mapping[str, Vote], Mapping[str, Vote]]]) -> Alike:
    """Reports counted by their votes. `judged` has for each the votes before consensus and those that hold. There are
    few patterns of votes, however many the reports."""
    found: Alike = Counter()
    for before, now in judged:
        pattern = _pattern(before)
        found[pattern, pattern if now is before else _pattern(now)] += 1
    return found


def _pattern(votes: Mapping[str, Vote]) -> Pattern:
    return tuple([(who, vote.said) for who, vote in votes.items()])


def _votes(pattern: Pattern) -> dict[str, Vote]:
    """Votes of this pattern; nothing here asks which records they are on."""
    return {who: Vote(tuple([Ballot("", *words) for words in said])) for who, said in pattern}


def pairs(stage: str, name: str, judged: Alike) -> list[dict[str, Any]]:
    """Rows of agreement.csv for one stage and round: every pair of reviewers who both judged some report.

    A report is left out, and counted as such, where one of the two said different things on its records, or has no
    vote from before the adjudication.
    """
    met: dict[tuple[str, str], Counter[tuple[str, ...]]] = {}
    for patterns, often in judged.items():
        before, now = map(_votes, patterns)
        for pair in combinations(sorted({*before, *now}), 2):
            one, other = (before.get(who) for who in pair)
            met.setdefault(pair, Counter())[_outcome(one, other)] += often
    return [
        {"stage": stage, "round": name, "reviewer_a": one, "reviewer_b": other, "scale": SCALE}
        | _measures(stage, met[one, other])
        for one, other in sorted(met)
    ]


def _outcome(one: Vote | None, other: Vote | None) -> tuple[str, ...]:
    """Both decisions, and of two exclusions whether the reasons are the same; empty where one of them cannot count."""
    if not one or not other or one.collides(False) or other.collides(False):
        return ()
    if {one.effective, other.effective} != {"exclude"} or one.collides(True) or other.collides(True):
        return one.decision, other.decision, ""
    return one.decision, other.decision, "same" if one.reason == other.reason else "differ"


def _measures(stage: str, met: Counter[tuple[str, ...]]) -> dict[str, Any]:
    left_out = met.pop((), 0)
    cells = Counter[tuple[bool, bool]]()
    for (one, other, _), often in met.items():
        cells[one != "exclude", other != "exclude"] += often
    a, b, c, d = (cells[one, other] for one in (True, False) for other in (True, False))
    row: dict[str, Any] = {"left_out": left_out, "both_include": a, "only_a_includes": b}
    row |= {"only_b_includes": c, "both_exclude": d}
    if met:
        row["agreement_three"] = sum(often for key, often in met.items() if key[0] == key[1]) / met.total()
    if stage == "full_text":
        same, differ = (sum(n for key, n in met.items() if key[2] == word) for word in ("same", "differ"))
        row |= {"reason_n": same + differ}
        row |= {"reason_agreement": same / (same + differ)} if same + differ else {}
    return row | agreement(a, b, c, d)


def agreement_all(stage: str, name: str, judged: Alike) -> list[dict[str, Any]]:
    """The row of agreement_all.csv for one stage and round, from votes before consensus; none where no report has two
    votes that count."""
    counts: Counter[tuple[int, ...]] = Counter()
    reviewers: set[str] = set()
    for (before, _), often in judged.items():
        usable = {who: vote.effective for who, vote in _votes(before).items() if not vote.collides(False)}
        if len(usable) > 1:
            reviewers |= usable.keys()
            includes = sum(vote == "include" for vote in usable.values())
            counts[includes, len(usable) - includes] += often
    if not counts:
        return []
    alpha = krippendorff_alpha(counts)
    band = NOT_ESTIMABLE if alpha is None else next(word for least, word in BANDS_ALL if alpha >= least)
    row: dict[str, Any] = {"stage": stage, "round": name, "reviewers": join_list(sorted(reviewers))}
    row |= {"n_reports": counts.total()}
    row |= {"n_votes": sum(sum(votes) * often for votes, often in counts.items()), "agreement": observed(counts)}
    row |= {"fleiss_kappa": fleiss_kappa(counts), "krippendorff_alpha": alpha}
    return [row | {"scale": SCALE_ALL, "band": band}]
