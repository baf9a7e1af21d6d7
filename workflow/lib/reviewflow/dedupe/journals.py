"""Whether two names of journals can be of one journal: in full, abbreviated, or with what catalogues write behind."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from .hanzi import fold_script

_STOP = {"the", "of", "and", "in", "for", "on", "a", "an", "de", "der", "la", "le", "et", "und", "y", "fur", "za"}
# How Ovid names a conference behind the journal that printed its abstracts.
_CONFERENCE_OF = re.compile(r"[.:] Conference\b.*", re.DOTALL | re.IGNORECASE)
# A supplement is of its journal.
_SUPPLEMENT = re.compile(r"[ ,.]+Suppl(?:ements?)?\.?$", re.IGNORECASE)
# A town, the kind of edition, an ISSN: nothing that tells one journal from another of that name.
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")
# Between a name and a second one: "Ai zheng = Chinese journal of cancer", "Hong Kong Med J [Xianggang yi xue za zhi]",
# "CMAJ : Canadian Medical Association journal", "Canadian journal of surgery. Journal canadien de chirurgie".
_DIVISION = re.compile(
    r" ?[=\[\]/:;] ?|\. (?=(?:\w+ )?(?:journal|revue|zeitschrift)\b)| - |(?<=\w{4})-(?=(?-i:[A-Z]))", re.IGNORECASE
)
# "Stroke; a journal of cerebral circulation": societies publish several journals, so that this names none.
_DESCRIPTION = re.compile(r"^(?:an?|the official|official|organ|zeitschrift|publication)\b", re.IGNORECASE)


def journal_names(text: str) -> str:
    """The folded names that the name of a journal holds, divided by "|": "BMJ (Clinical research ed.)" gives "bmj"."""
    plain = _SUPPLEMENT.sub("", _BRACKETS.sub(" ", _CONFERENCE_OF.sub("", text)))
    pieces = [piece for piece in _DIVISION.split(plain) if not _DESCRIPTION.match(piece)]
    return "|".join(dict.fromkeys(filter(None, map(fold_script, [plain, *pieces])))) or fold_script(text)


@lru_cache(maxsize=200_000)
def one_journal(one: str, other: str) -> float:
    """How alike two results of `journal_names` are, 0 to 100; 100 where one abbreviates the other."""
    if one == other:
        return 100.0
    pairs = [(x, y) for x in one.split("|") for y in other.split("|")]
    if any(abbreviates(x, y) for x, y in pairs):
        return 100.0
    return max(fuzz.token_sort_ratio(x, y) for x, y in pairs)


def abbreviates(one: str, other: str) -> bool:
    """Whether folded name `one` or `other` abbreviates the other, as ISO 4 does: each word of the shorter begins a word
    of the longer, in order, and hardly a word of the longer is left over. "Stem cells" is not short for "stem cells
    international"; letters for a country or a series at the end ("U S A") may be on one side only."""
    short, long = sorted((_words(name) for name in (one, other)), key=lambda words: len("".join(words)))
    while len(short) > max(3, len(long)) and len(short[-1]) <= 2:
        short.pop()
    if not short or short[0][0] != long[0][0] or 4 * len(short) <= 3 * len(long):
        return False
    rest = iter(long)
    return all(any(word.startswith(piece) or _contracts(piece, word) for word in rest) for piece in short)


def _words(name: str) -> list[str]:
    return [word for word in name.split() if word not in _STOP] or name.split()


def _contracts(piece: str, word: str) -> bool:
    """Whether `piece` leaves letters out of `word`, as "natl" does of "national"."""
    letters = iter(word)
    return len(piece) > 2 and piece[0] == word[0] and all(letter in letters for letter in piece)
