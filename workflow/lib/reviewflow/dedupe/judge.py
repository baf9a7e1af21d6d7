"""What the rules say of each pair, and where a person should look all the same."""

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .candidates import Rows, candidates
from .cluster import joined
from .conditions import SAME, same_list
from .normalise import Normal
from .pairs import Features, prefix, title_similarity
from .rules import DOUBTS, DUPLICATES
from .vetoes import VETOES

Mask = NDArray[np.bool_]

# Vetoes that are certain. Where one of the others keeps two records apart whose titles and people are the same, the
# records stay apart, but a person is asked: a mistyped place looks like a second publication.
CERTAIN = frozenset({"notice", "part", "edition", "pmid"})
# Titles less alike than this are nothing to any rule but by an identifier, a place in print, or one within the other.
CONCERNED_FROM = 85.0
# Pairs that are compared at once: few enough for little memory, enough for columns to pay.
_AT_ONCE = 1_000_000


def verdicts(records: Normal, ruled: pd.DataFrame) -> pd.DataFrame:
    """The result of `judge` for the candidate pairs of `records`, without the vetoes that can part nothing.

    Most candidates resemble each other in their key alone. So all are compared by what is quickly compared, the rest
    by everything that the rules ask for; and of those that no rule would join, only the ones that others might join
    (by rules or by rulings, in `ruled`) are asked for vetoes. The clusters are those that comparing all would give.
    """
    a, b = candidates(records)
    near = _in_pieces(lambda x, y: concerned(records, x, y), a, b)
    found = _judged(records, a[near], b[near])
    same = pd.concat([pairs.loc[pairs["verdict"] == "duplicate", ["a", "b"]] for pairs in (found, ruled)])
    group = joined(len(records["title"]), same["a"].tolist(), same["b"].tolist())
    rest = ~near & (group[a] == group[b])
    found = pd.concat([found, _judged(records, a[rest], b[rest])], ignore_index=True)
    parts = found["ask"] | (group[found["a"]] == group[found["b"]])
    kept: pd.DataFrame = found[parts | (found["verdict"] != "distinct")]
    return kept.sort_values(["a", "b"], ignore_index=True)


def concerned(records: Normal, a: Rows, b: Rows) -> Mask:
    """Whether a pair may be a duplicate, doubtful or asked about; every rule of these is true of no other pair."""

    def same(column: str) -> Mask:
        return np.asarray((records[column][a] == records[column][b]) & (records[column][a] != 0))

    two_scripts: Mask = np.not_equal(records["foreign"][a], records["foreign"][b])
    near: Mask = same("doi") | same("pmid") | (same("page") & (same("volume") | (same("issue") & two_scripts)))
    far = np.flatnonzero(~near)
    near[far] = title_similarity(records, a[far], b[far], CONCERNED_FROM) > 0
    far = np.flatnonzero(~near & (records["first_word"][a] == records["first_word"][b]))
    near[far] = prefix(records, a[far], b[far])
    return near


def _in_pieces(function: Any, a: Rows, b: Rows) -> Mask:
    starts = range(0, len(a), _AT_ONCE)
    pieces = [function(a[start : start + _AT_ONCE], b[start : start + _AT_ONCE]) for start in starts]
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=bool)


def _judged(records: Normal, a: Rows, b: Rows) -> pd.DataFrame:
    starts = range(0, max(len(a), 1), _AT_ONCE)
    pieces = [judge(Features(records, a[s : s + _AT_ONCE], b[s : s + _AT_ONCE])) for s in starts]
    return pd.concat(pieces, ignore_index=True)


def judge(features: Features) -> pd.DataFrame:
    """Verdict, rule, strength and score of each pair: duplicate, distinct (a veto holds) or doubtful; pairs that no
    rule concerns are left out. Columns a, b, verdict, rule, strength, score, and ask: kept apart, yet a person should
    look."""
    settled: list[pd.DataFrame] = []
    for kind, rules in (("distinct", VETOES), ("duplicate", DUPLICATES), ("doubtful", DOUBTS)):
        for rule in rules:
            holds: Mask = np.asarray(rule.holds(cast(pd.DataFrame, features))).astype(bool)
            if holds.any():
                settled.append(_settled(features[holds], kind, rule.name, rule.strength))
                features = features[np.invert(holds)]
    none = _settled(features[np.zeros(len(features), dtype=bool)], "", "", 0)
    return pd.concat(settled or [none], ignore_index=True)


def _settled(f: Features, verdict: str, rule: str, strength: int) -> pd.DataFrame:
    open_to_doubt = verdict == "distinct" and rule not in CERTAIN
    ask = np.asarray(_apart_but_alike(f)).astype(bool) if open_to_doubt else np.zeros(len(f), dtype=bool)
    columns = {"a": f.a, "b": f.b, "verdict": verdict, "rule": rule, "strength": strength}
    return pd.DataFrame(columns | {"score": _score(f), "ask": ask})


def _apart_but_alike(f: Features) -> pd.Series:
    return (f["title"] >= SAME) & same_list(cast(pd.DataFrame, f)) & (f["years"].fillna(0) <= 1) & (f["words"] >= 4)


def _score(f: Features) -> NDArray[np.float64]:
    """Mean of the similarities that are given, titles counting double; for people who look, no rule uses it."""
    parts = [f["title"], f["title"], f["authors"], f["journal"]]
    parts += [f[column] * 100 for column in ("doi", "pmid", "volume", "page")]
    stacked = np.vstack([np.asarray(p, dtype=float) for p in parts])
    return np.asarray(np.nanmean(stacked, axis=0)).round(1)
