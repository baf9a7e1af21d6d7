"""Short abstracts from a sentence grammar, for constructed reports only."""

import random
import re

from .reports import NO_ABSTRACT, Report, rng
from .tables import read

FIXED = ("cells", "strain", "dose", "organ", "marker", "molecule", "cells_zh", "marker_zh")


def abstract(report: Report, chinese: bool = False) -> str:
    """Two to five sentences; blank for a real report and for kinds that have none."""
    if report.real or report.type in NO_ABSTRACT:
        return ""
    draw = rng("abstract", report.key, str(chinese))
    topic = _topic(report.topic, chinese)
    bank = [s for s in read("sentences") if s["topic"] == topic]
    chosen = []
    for place in sorted({s["place"] for s in bank}):
        here = [s["text"] for s in bank if s["place"] == place]
        if place in "12" or draw.random() < 0.75:
            chosen += draw.sample(here, 2 if place == "2" and len(here) > 2 and draw.random() < 0.4 else 1)
    return _filled(("" if chinese else " ").join(chosen), draw)


def _topic(topic: str, chinese: bool) -> str:
    if not chinese:
        return "clin" if topic == "nurse" else topic
    return {"mice": "zh_mice", "vitro": "zh_vitro", "review": "zh_review"}.get(topic, "zh_clin")


def _filled(text: str, draw: random.Random) -> str:
    """The text with its slots filled; one abstract speaks of one kind of cell and one marker throughout."""
    values: dict[str, list[str]] = {}
    for row in read("slots"):
        values.setdefault(row["slot"], []).append(row["value"])
    fixed = {slot: draw.choice(values[slot]) for slot in FIXED}

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        if slot in ("n", "m"):
            return str(draw.randint(8, 64) if slot == "n" else draw.randint(2, 24))
        return fixed.get(slot) or draw.choice(values[slot])

    filled = re.sub(r"\{(\w+)\}", fill, text)
    return re.sub(r"(?:^|(?<=[.] ))[a-z]", lambda m: m[0].upper(), filled)


def keywords(report: Report, chinese: bool = False) -> list[str]:
    """A few keywords; none for a real report."""
    if report.real:
        return []
    draw = rng("keywords", report.key)
    rows = read("keywords")
    own = [r for r in rows if r["topic"] == report.topic]
    chosen = draw.sample([r for r in rows if r["topic"] == "any"], 3) + own
    return [r["zh" if chinese else "keyword"] for r in chosen]
