"""Untrusted text as HTML: highlighted words, the headings of structured abstracts, languages. All of it is escaped."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

# Longer texts are shown up to here and offered whole as plain text.
LONGEST_SHOWN = 30_000
# Control characters and those that turn the direction of what follows; a line break and a tab are neither.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_KINDS = ("for", "against")
_LABELS = (
    "background|introduction|context|rationale|importance|objectives?|aims?|purpose|hypothesis|question|design|"
    "study design|setting|settings|participants|patients|subjects|population|interventions?|exposures?|"
    "main outcome measures?|main outcomes(?: and measures)?|outcomes?|measurements?|data sources|study selection|"
    "data extraction|methods?|materials? and methods|patients and methods|methods and results|methodology|"
    "results?|findings|main results|discussion|conclusions?|conclusions and relevance|interpretation|significance|"
    "limitations|relevance|implications|trial registration|registration|funding|"
    "背景|目的|方法|对象与方法|资料与方法|材料与方法|结果|结论|讨论"
)
# A heading stands at the beginning or behind the end of a sentence, and has a colon or brackets.
_HEADING = re.compile(
    rf"(?:^|(?<=[.!?)\]。！？；;\n])\s*)(?:【\s*(?P<boxed>{_LABELS})\s*】\s*[:：]?|(?P<plain>{_LABELS})\s*[:：])",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?:^|(?<=[.!?)\]\n])\s*)(?P<plain>[A-Z][A-Z ,&/-]{3,48}[A-Z])\s*:")
_LANGUAGES = {
    "eng": "en", "english": "en", "chi": "zh", "zho": "zh", "chinese": "zh", "ger": "de", "deu": "de", "german": "de",
    "fre": "fr", "fra": "fr", "french": "fr", "spa": "es", "spanish": "es", "ita": "it", "italian": "it", "jpn": "ja",
    "japanese": "ja", "kor": "ko", "korean": "ko", "por": "pt", "portuguese": "pt", "rus": "ru", "russian": "ru",
    "pol": "pl", "polish": "pl", "tur": "tr", "turkish": "tr", "dut": "nl", "nld": "nl", "dutch": "nl",
    "per": "fa", "fas": "fa", "persian": "fa", "ara": "ar", "arabic": "ar", "cze": "cs", "ces": "cs", "czech": "cs",
    "hun": "hu", "hungarian": "hu", "swe": "sv", "swedish": "sv", "dan": "da", "danish": "da", "nor": "no",
    "norwegian": "no", "fin": "fi", "finnish": "fi", "heb": "he", "hebrew": "he", "gre": "el", "ell": "el",
    "greek": "el", "ukr": "uk", "ukrainian": "uk", "hrv": "hr", "croatian": "hr", "rum": "ro", "ron": "ro",
}  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")


class Part(NamedTuple):
    """A paragraph of an abstract with its heading, if it has one."""

    heading: str
    text: Markup


def visible(text: str) -> str:
    """Text in which every character that is not seen, or that would turn its neighbours round, shows as �."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def language(stated: str, text: str = "") -> str:
    """The language tag for a text, by what its source states and by its script; blank where neither says."""
    if _KANA.search(text):
        return "ja"
    if _HAN.search(text):
        return "zh"
    first = re.split(r"[;,/]", stated.strip().lower())[0].strip()
    tag = _LANGUAGES.get(first, first if first in _LANGUAGES.values() else "")
    # Chinese and Japanese are not written in Latin letters alone: such a text is a translation.
    return "en" if tag in ("zh", "ja", "ko") and text.isascii() else tag


class Highlighter:
    """Marks words and phrases in a text: whatever their case and accents, whole words, or all that begin so with *."""

    def __init__(self, include: Iterable[str], exclude: Iterable[str]) -> None:
        self._pattern = _pattern(tuple(include), tuple(exclude))
        self.marks = self._pattern is not None

    def __call__(self, text: str) -> Markup:
        """The text as HTML."""
        text = visible(text)
        if self._pattern is None:
            return escape(text)
        folded, places = _folded(text)
        out, end = [], 0
        for found in self._pattern.finditer(folded):
            start, stop = (places[found.start()], places[found.end()]) if places else found.span()
            if start >= end:
                kind = next(name for name in _KINDS if found[name] is not None)
                out += [escape(text[end:start]), Markup('<mark class="{}">{}</mark>').format(kind, text[start:stop])]
                end = stop
        return Markup("").join([*out, escape(text[end:])])

    def abstract(self, text: str) -> list[Part]:
        """An abstract in paragraphs, those of a structured one with their headings."""
        parts: list[Part] = []
        for line in visible(text[:LONGEST_SHOWN]).split("\n"):
            parts += [Part(heading, self(piece)) for heading, piece in _pieces(line.strip()) if heading or piece]
        return parts


def _pieces(line: str) -> list[tuple[str, str]]:
    found = {m.start(): m for pattern in (_CAPITALS, _HEADING) for m in pattern.finditer(line)}
    marks = [found[place] for place in sorted(found)]
    edges = [*(m.start() for m in marks), len(line)]
    pieces = [("", line[: edges[0]].strip())]
    for mark, end in zip(marks, edges[1:], strict=True):
        label = next(text for text in mark.groups() if text)
        pieces.append((label.capitalize() if label.isupper() else label, line[mark.end() : end].strip()))
    return pieces


@lru_cache(maxsize=64)
def _pattern(include: tuple[str, ...], exclude: tuple[str, ...]) -> re.Pattern[str] | None:
    found = {kind: _alternatives(words) for kind, words in zip(_KINDS, (include, exclude), strict=True)}
    if not any(found.values()):
        return None
    # A kind without words has a group that never matches.
    return re.compile("|".join(f"(?P<{kind}>{text or '(?!)'})" for kind, text in found.items()))


def _alternatives(words: Sequence[str]) -> str:
    found = sorted({folded for word in words if (folded := _folded(visible(word))[0].strip()).strip("* ")}, key=len)
    return "|".join(_alternative(word) for word in reversed(found))


def _alternative(word: str) -> str:
    stem = word.rstrip("*").strip()
    spaced = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", stem) if part)
    # Chinese and Japanese have no spaces between words, and a sign of punctuation is no part of a word.
    begins, ends = (bool(re.match(r"\w", end)) and not _HAN.match(end) for end in (stem[0], stem[-1]))
    after = (r"\w*" if word.endswith("*") else r"(?!\w)") if ends else ""
    return (r"(?<!\w)" if begins else "") + spaced + after


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Text without case and accents, and the place in the text that each of its characters comes from, with the end
    behind them; no places where they are the same."""
    if text.isascii():
        return text.lower(), ()
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for piece in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(piece):
                out.append(piece)
                places.append(place)
    return "".join(out), [*places, len(text)]
