"""Candidate pairs by blocking on several keys, and how alike the two records of each are."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from .normalise import agree

# A block larger than this compares each record only with its neighbours in title order: duplicates of one report
# stand next to each other there, and a giant block costs no more than its size.
BLOCK_CAP = 60
NEIGHBOURS = 12
_KEY_WORDS = 4


def candidates(records: pd.DataFrame) -> pd.DataFrame:
    """Pairs (columns a < b, row numbers of `records`) that share a blocking key, each pair once."""
    found = [pairs for key in _keys(records) for pairs in _block(key, records["title"])]
    if not found:
        return pd.DataFrame({"a": pd.Series(dtype="int64"), "b": pd.Series(dtype="int64")})
    pairs = np.unique(np.concatenate(found), axis=0)
    return pd.DataFrame({"a": pairs[:, 0], "b": pairs[:, 1]})


def _keys(records: pd.DataFrame) -> Iterator[pd.Series]:
    """Blocking keys, "" where a record has none. Each catches duplicates that the others may miss."""
    yield records["doi"]
    yield records["pmid"]
    for column in ("title", "translated"):
        words = records[column].str.split(" ")
        long = records[column].str.len() >= 12
        yield words.str[:_KEY_WORDS].str.join(" ").where(long, records[column])
        yield words.map(lambda w: " ".join(sorted(w, key=lambda x: (-len(x), x))[:3])).where(long, "")
    place = records["volume"] + "/" + records["page"]
    both = (records["volume"] != "") & (records["page"] != "")
    yield (place + "/" + records["author"]).where(both & (records["author"] != ""), "")
    dated = records["year"].notna() & (records["page"] != "")
    yield (records["year"].fillna(0).astype(int).astype(str) + "/" + place).where(both & dated, "")
    lead = records["authors"].str.split(" ").str[:2].str.join(" ")
    yield (lead + "/" + records["year"].fillna(0).astype(int).astype(str)).where(
        records["year"].notna() & (records["author"] != ""), ""
    )


def _block(key: pd.Series, titles: pd.Series) -> Iterator[np.ndarray]:
    filled = key[key != ""]
    shared = filled[filled.duplicated(keep=False)]
    order = pd.DataFrame({"key": shared, "title": titles[shared.index]}).sort_values(["key", "title"], kind="stable")
    rows, codes = order.index.to_numpy(), pd.factorize(order["key"])[0]
    sizes = np.bincount(codes)[codes] if len(codes) else codes
    for distance in range(1, min(BLOCK_CAP, len(rows))):
        near = codes[distance:] == codes[:-distance]
        if distance > NEIGHBOURS:
            near &= sizes[distance:] <= BLOCK_CAP
        if near.any():
            yield np.sort(np.column_stack([rows[:-distance][near], rows[distance:][near]]), axis=1)
        elif distance > NEIGHBOURS:
            break


def compare(records: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Features of each pair: similarities from 0 to 100, agreements 1, 0 or NaN where a side is blank."""
    a, b = (records.iloc[pairs[side]].reset_index(drop=True) for side in "ab")
    features = pairs.copy()
    features["title"] = _title_similarity(a, b)
    features["prefix"] = _prefix(a["title"], b["title"])
    features["authors"] = _similarity(a["authors"], b["authors"], fuzz.token_set_ratio)
    features["journal"] = _similarity(a["journal"], b["journal"], fuzz.token_set_ratio)
    features["initials"] = _initials_agree(a["journal"], b["journal"])
    features["abstract"] = _similarity(a["abstract"], b["abstract"], fuzz.ratio)
    for column in ("doi", "pmid", "volume", "issue", "page", "page_end", "author", "numbers"):
        features[column] = agree(a[column], b[column])
    features["years"] = (a["year"] - b["year"]).abs().to_numpy()
    features["words"] = np.minimum(a["title"].str.count(" "), b["title"].str.count(" ")) + 1
    features["both_span"] = (a["span"] & b["span"]).to_numpy()
    features["same_notice"] = (a["notice"] == b["notice"]).to_numpy()
    features["parts_differ"] = (a["part"] != b["part"]).to_numpy()
    features["conference_differs"] = (a["conference"] != b["conference"]).to_numpy()
    features["trials_differ"] = [
        bool(x) and bool(y) and not x & y for x, y in zip(a["trial_ids"], b["trial_ids"], strict=True)
    ]
    features["scripts_differ"] = (a["title"].str.isascii() != b["title"].str.isascii()).to_numpy()
    features["both_foreign"] = (~a["title"].str.isascii() & ~b["title"].str.isascii()).to_numpy()
    return features


def _title_similarity(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    """The best of original and translated titles on either side, without regard to spaces."""
    sides = [(a[x], b[y]) for x in ("title", "translated") for y in ("title", "translated")]
    scores = [np.nan_to_num(_similarity(_joined(x), _joined(y), fuzz.ratio), nan=0) for x, y in sides]
    return np.asarray(np.nanmax(scores, axis=0))


def _joined(text: pd.Series) -> pd.Series:
    return text.str.replace(" ", "")


def _similarity(a: pd.Series, b: pd.Series, scorer: object) -> np.ndarray:
    scores = process.cpdist(a.tolist(), b.tolist(), scorer=scorer, workers=1, dtype=np.float64)  # type: ignore[arg-type]
    return np.where((a == "") | (b == ""), np.nan, scores)


def _prefix(a: pd.Series, b: pd.Series) -> np.ndarray:
    return np.array(
        [
            x != y and (x.startswith(y + " ") or y.startswith(x + " ")) if x and y else False
            for x, y in zip(a, b, strict=True)
        ],
        dtype=bool,
    )


def _initials_agree(a: pd.Series, b: pd.Series) -> np.ndarray:
    """Whether one journal name can abbreviate the other: each word of the shorter begins a word of the longer, in
    order ("clin rheumatol" and "clinical rheumatology")."""
    return np.array([bool(x) and bool(y) and abbreviates(x, y) for x, y in zip(a, b, strict=True)], dtype=bool)


def abbreviates(one: str, other: str) -> bool:
    """Whether folded name `one` or `other` abbreviates the other, as ISO 4 does."""
    stop = {"the", "of", "and", "in", "for", "on", "a", "an", "de", "der", "la", "le", "et", "und"}
    short, long = sorted(([w for w in n.split() if w not in stop] for n in (one, other)), key=lambda w: len("".join(w)))
    if not short or short[0][0] != (long[0][0] if long else ""):
        return False
    rest = iter(long)
    return all(any(word.startswith(piece) or _contracts(piece, word) for word in rest) for piece in short)


def _contracts(piece: str, word: str) -> bool:
    """Whether `piece` leaves letters out of `word`, as "natl" does of "national"."""
    letters = iter(word)
    return len(piece) > 2 and piece[0] == word[0] and all(letter in letters for letter in piece)
