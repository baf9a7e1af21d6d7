"""Constructed reports with the decision that each deserves, for what learns an order from decisions.

The words are made up, by seed; what is kept of real searches is their shape. Word frequencies fall as in language
(Zipf). A review has a condition and an intervention, each with words of its own, of which a text uses some.
Included are reports on both. Among the others are some on both that are excluded for something else (letters,
protocols, animals), many on one of the two, and most on one of twenty other topics, which share words with these. Some
included ones hardly name what they are about, and some reports have no abstract. So no word and no topic tells the
included ones from the others, which is what makes screening work.
"""

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

# Of the 169,288 records of the 26 reviews of SYNERGY 1.7 in 100 are included (De Bruin et al. 2023,
# doi:10.34894/HE6NAQ); a little more here, so that a set of 2,500 has enough of them to tell orders apart. The other
# shares are assumptions.
PREVALENCE = 0.03
_NO_ABSTRACT = 0.1
# Of the rest: on both but excluded, on the condition alone, on the intervention alone.
_NEAR, _CONDITION, _INTERVENTION = 0.05, 0.3, 0.15
_FAINT = 0.1
_SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "or")]
_COMMON, _TOPICS, _TOPIC_WORDS = 6000, 20, 60


class Labelled(NamedTuple):
    """A report, its texts, and whether it is included."""

    report_id: str
    title: str
    abstract: str
    included: bool


def labelled(n: int, seed: int, prevalence: float = PREVALENCE) -> list[Labelled]:
    """So many reports in random order."""
    return list(_reports(n, random.Random(seed), prevalence))


class _Language:
    """A vocabulary, and topics with words of their own."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        words: list[str] = []
        while len(words) < _COMMON + (_TOPICS + 3) * _TOPIC_WORDS:
            words += ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(1000)]
            words = list(dict.fromkeys(words))
        self._common = words[:_COMMON]
        self._falling = list(accumulate(1 / (rank + 3) for rank in range(_COMMON)))
        self._topics = [
            words[start : start + _TOPIC_WORDS] for start in range(_COMMON, len(words) - _TOPIC_WORDS, _TOPIC_WORDS)
        ]
        self._topic_falling = list(accumulate(1 / (rank + 2) for rank in range(_TOPIC_WORDS)))

    def text(self, n: int, topics: dict[int, float]) -> str:
        """So many words, of which each topic has about its share."""
        words = self._chance.choices(self._common, cum_weights=self._falling, k=n)
        for topic, share in topics.items():
            for place in range(n):
                if self._chance.random() < share:
                    words[place] = self._chance.choices(self._topics[topic], cum_weights=self._topic_falling)[0]
        return " ".join(words)


def _reports(n: int, chance: random.Random, prevalence: float) -> Iterator[Labelled]:
    language = _Language(chance)
    for number in range(n):
        included = chance.random() < prevalence
        topics = _about(chance, included)
        title = language.text(chance.randint(6, 16), {topic: share * 3 for topic, share in topics.items()})
        abstract = "" if chance.random() < _NO_ABSTRACT else language.text(chance.randint(90, 260), topics)
        yield Labelled(f"PubMed:{number + 1:08d}", title, abstract, included)


def _about(chance: random.Random, included: bool) -> dict[int, float]:
    """Topics and their shares: 0 the condition, 1 the intervention, 2 what excludes, from 3 on others."""
    strength = chance.uniform(0.3, 1.0) * (0.25 if chance.random() < _FAINT else 1.0)
    other = {3 + chance.randrange(_TOPICS - 1): 0.05}
    if included:
        return {0: 0.08 * strength, 1: 0.06 * strength} | other
    kind = chance.random()
    if kind < _NEAR:
        return {0: 0.08 * strength, 1: 0.06 * strength, 2: 0.04}
    if kind < _NEAR + _CONDITION:
        return {0: 0.08 * strength} | other
    if kind < _NEAR + _CONDITION + _INTERVENTION:
        return {1: 0.06 * strength} | other
    return dict.fromkeys((*other, 3 + chance.randrange(_TOPICS - 1)), 0.05)
