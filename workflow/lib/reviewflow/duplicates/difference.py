"""Two texts side by side: the words that only one of them has."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from reviewflow import text
from reviewflow.page import wording
from reviewflow.page.document import Difference, Word

# A longer text is cut; the table of the queue has it whole.
LONGEST = 400
_CJK = "\u3040-\u9fff\uac00-\ud7a3"
# Each Chinese, Japanese or Korean character by itself, other words, and what stands between them.
_PIECE = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[\W_]+")


def difference(label: str, a: str, b: str) -> Difference:
    """A field of both sides. Case, accents and punctuation make no difference, as they make none to the rules."""
    sides = wording.shortened(a, LONGEST), wording.shortened(b, LONGEST)
    words = _words(sides[0]), _words(sides[1])
    keys = [[text.fold(word) for word in side] for side in words]
    told = [[i for i, key in enumerate(side) if key] for side in keys]
    matcher = SequenceMatcher(None, [keys[0][i] for i in told[0]], [keys[1][i] for i in told[1]], autojunk=False)
    same: tuple[set[int], set[int]] = (set(), set())
    for i, j, n in matcher.get_matching_blocks():
        same[0].update(told[0][i : i + n])
        same[1].update(told[1][j : j + n])
    alike = text.fold(a) == text.fold(b)
    marked = [_marked(words[s], set(told[s]) - same[s], bool(told[1 - s])) for s in (0, 1)]
    return Difference(label, (marked[0], marked[1]), _verdict(a, b, alike), differs=bool(a and b) and not alike)


def _words(value: str) -> list[str]:
    return _PIECE.findall(value)


def _marked(words: Sequence[str], only: set[int], other_is_there: bool) -> tuple[Word, ...]:
    """The words in runs; nothing is marked where the other side is blank."""
    runs: list[Word] = []
    for i, word in enumerate(words):
        mark = other_is_there and (i in only or (i - 1 in only and i + 1 in only))
        if runs and runs[-1].only == mark:
            runs[-1] = Word(runs[-1].text + word, mark)
        else:
            runs.append(Word(word, mark))
    return tuple(runs)


def _verdict(a: str, b: str, alike: bool) -> str:
    if not a and not b:
        return "not given"
    if not a or not b:
        return "given once"
    return "same" if alike else "\u2260 differs"
