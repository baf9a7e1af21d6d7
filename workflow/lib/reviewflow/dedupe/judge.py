"""What the rules say of each pair, and where a person should look all the same."""

import numpy as np
import pandas as pd

from .rules import DOUBTS, DUPLICATES, SAME, VETOES

# Vetoes that are certain. Where one of the others keeps two records apart whose titles and people are the same, the
# records stay apart, but a person is asked: a mistyped place looks like a second publication.
CERTAIN = frozenset({"notice", "part", "pmid"})


def _apart_but_alike(f: pd.DataFrame) -> pd.Series:
    people = (f["authors"] >= 95) & (f["author"] == 1)
    return (f["title"] >= SAME) & people & (f["years"].fillna(0) <= 1) & (f["words"] >= 4)


def judge(features: pd.DataFrame) -> pd.DataFrame:
    """Verdict, rule, strength and score of each pair: duplicate, distinct (a veto holds) or doubtful; pairs that no
    rule concerns are left out. Columns a, b, verdict, rule, strength, score, and ask: kept apart, yet a person should
    look."""
    verdict = pd.DataFrame({"a": features["a"], "b": features["b"], "verdict": "", "rule": "", "strength": 0})
    for kind, rules in (("distinct", VETOES), ("duplicate", DUPLICATES), ("doubtful", DOUBTS)):
        for rule in rules:
            open_pairs = (verdict["verdict"] == "") & rule.holds(features).astype(bool)
            for column, value in (("verdict", kind), ("rule", rule.name), ("strength", rule.strength)):
                verdict.loc[open_pairs, column] = value
    verdict["score"] = _score(features)
    verdict["ask"] = (verdict["verdict"] == "distinct") & ~verdict["rule"].isin(CERTAIN) & _apart_but_alike(features)
    return verdict[verdict["verdict"] != ""].reset_index(drop=True)


def _score(features: pd.DataFrame) -> np.ndarray:
    """Mean of the similarities that are given, titles counting double; for people who look, no rule uses it."""
    parts = [features["title"], features["title"], features["authors"], features["journal"]]
    parts += [features[column] * 100 for column in ("doi", "pmid", "volume", "page")]
    stacked = np.vstack([np.asarray(p, dtype=float) for p in parts])
    return np.asarray(np.nanmean(stacked, axis=0)).round(1)
