"""Surnames and given names of authors, however databases write them."""

from functools import lru_cache

from .hanzi import fold_script

_NO_NAME = frozenset({"et", "al", "al.", "jr", "jr.", "sr", "sr.", "2nd", "3rd"})
# Databases file a name with or without these ("De Joode", "Joode").
_PARTICLES = frozenset(
    {"van", "von", "vd", "de", "der", "den", "ter", "ten", "du", "da", "do", "dos", "di", "del", "della"}
)


def surname(author: str) -> str:
    """The surname in "Gu, F.", "Gu F", "Gu FF", "F. Gu" or "顾芳", folded and in one word."""
    return both_names(author)[0]


def both_names(author: str) -> tuple[str, str]:
    """Surname and given name, each folded and in one word; initials are no given name."""
    family, comma, given = author.partition(",")
    if not comma:
        family, given = _divided(author)
    elif not given or given.isupper():
        given = ""
    else:
        given = " ".join(word for word in given.partition(",")[0].split() if not _initial(word))
        if given and all(map(_initial, family.split())):
            family, given = given, ""
    return _family(family), _folded(given).replace(" ", "") if given else ""


def _divided(author: str) -> tuple[str, str]:
    """Surname and given name of a name without a comma: initials stand behind a surname or before it."""
    before, _, last = author.rpartition(" ")
    if before.isalpha() and not before.isupper() and _initial(last or "."):
        return before, ""
    words = [word for word in author.replace(".", ". ").split() if word.lower() not in _NO_NAME]
    marks = [place for place, word in enumerate(words) if _initial(word)]
    if not words or not words[-1].isascii():
        return " ".join(words), ""
    if not marks or len(marks) == len(words):
        return words[-1], " ".join(words[:-1])
    if marks[-1] == len(words) - 1:
        return " ".join(word for word in words if not _initial(word)), ""
    return " ".join(words[marks[-1] + 1 :]), " ".join(word for word in words[: marks[-1]] if not _initial(word))


def _initial(word: str) -> bool:
    return word[-1] == "." or (len(word) <= 3 and word.isupper() and word.isascii())


# A few surnames are those of many authors.
@lru_cache(maxsize=200_000)
def _family(name: str) -> str:
    words = [word for word in _folded(name).split() if word not in _NO_NAME]
    return "".join([word for word in words if word not in _PARTICLES] or words)


@lru_cache(maxsize=200_000)
def _folded(name: str) -> str:
    return fold_script(name)
