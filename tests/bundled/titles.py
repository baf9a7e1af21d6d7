"""How each source spells a report's title."""

import re
import unicodedata
from functools import cache

from .reports import Report, rng
from .tables import read

PLACES = ("China", "Chinese", "European")
GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa"}
SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "via"]
)
HYPHEN_CAN_GO = re.compile(r"-(?=derived|term|based|loaded|related|up\b|associated)")


@cache
def american() -> dict[str, str]:
    """British to American spelling."""
    return {row["british"]: row["american"] for row in read("spelling")}


def plain(text: str) -> str:
    """Letters without diacritics, as Web of Science writes names."""
    text = text.replace("ı", "i").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def americanised(text: str) -> str:
    """The text in American spelling."""
    for british, word in american().items():
        text = text.replace(british, word).replace(british.capitalize(), word.capitalize())
    return text


def title_case(text: str) -> str:
    """Capitals as in a headline; words with a capital or digit of their own stay as they are."""
    words = text.split(" ")
    for i, word in enumerate(words):
        if not i or word not in SMALL or words[i - 1][-1] in ":.?":
            words[i] = "-".join(_capital(part) for part in word.split("-"))
    return " ".join(words)


def _capital(part: str) -> str:
    if part[1:] != part[1:].lower() or "<" in part or not part[:1].isalpha():
        return part
    return part[:1].upper() + part[1:]


def sentence_case(name: str) -> str:
    """A journal's name with capitals only at its beginning and in names of places."""
    words = [word if word.strip("()") in PLACES else word.lower() for word in name.split(" ")]
    return " ".join([words[0].capitalize(), *words[1:]])


def scripts(text: str, opening: str, closing: str) -> str:
    """Superscripts and subscripts set between the given marks."""
    return re.sub(r"<(su[bp])>(.*?)</\1>", lambda m: opening.format(m[1]) + m[2] + closing.format(m[1]), text)


def title(report: Report, source: str) -> str:
    """The English title as the source gives it (W, E, P, C or B)."""
    draw = rng("title", report.key, source)
    text = report.title
    if not report.real and source in "WEB" and draw.random() < 0.5:
        text = americanised(text)
    if source == "W":
        text = _web_of_science(report, text, draw.random() < 0.55)
    elif source == "E":
        text = _embase(report, text, draw.random() < 0.35)
    elif source == "P":
        text = scripts(text, "(", ")").replace("’", "'")
        text = f"[{text}]." if report.language != "eng" else text if text.endswith("?") else f"{text}."
    elif source == "C":
        text = scripts(text, "", "").replace("-", "\u2010").replace("’", "&rsquo;")
        text = text.replace("α", "&alpha;").replace("β", "&beta;")
    elif draw.random() < 0.4:
        text = title_case(text)
    return _cut(report, source, text)


def _web_of_science(report: Report, text: str, headline: bool) -> str:
    """Greek letters spelt out, no diacritics, straight quotation marks, tags in capitals; often in headline case."""
    text = text.replace("’", "'").replace("–", "-")
    for letter, name in GREEK.items():
        text = text.replace(letter, name)
    text = title_case(text) if headline else text
    return re.sub(r"</?su[bp]>", lambda tag: tag[0].upper(), plain(text))


def _embase(report: Report, text: str, loose: bool) -> str:
    """Scripts flat, an en dash kept, some compounds without their hyphen."""
    text = scripts(text, "", "").replace("’", "'")
    return HYPHEN_CAN_GO.sub(" ", text) if loose and not report.real else text


def _cut(report: Report, source: str, text: str) -> str:
    """Rarely a source loses the subtitle of a report that another source gives in full."""
    head, colon, _ = text.partition(": ")
    shared = len(report.sources) > 1 and source in "WE" and not report.real and not report.group
    if shared and colon and len(head.split()) > 5 and rng("cut", report.key).random() < 0.2:
        return text if source != report.sources[0] else head
    return text
