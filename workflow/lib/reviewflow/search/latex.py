"""TeX's accents and symbols as Unicode, as BibTeX files of databases and reference managers hold them."""

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "kappa": "κ", "lambda": "λ", "mu": "μ",
    "pi": "π", "sigma": "σ", "tau": "τ", "omega": "ω", "Delta": "Δ", "Gamma": "Γ", "Omega": "Ω",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "textdegree": "°",
    "textmu": "µ", "pm": "±", "times": "×", "leq": "≤", "geq": "≥", "le": "≤", "ge": "≥", "circ": "°",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\([`'^~=.\"])\s?(?:\{\s?\\?([A-Za-z])\s?\}|\\?([A-Za-z]))|"
    r"\\([uvHcdbkr])(?:\s?\{\s?\\?([A-Za-z])\s?\}|\s([A-Za-z]))"
)
_LETTER = re.compile(r"\\([A-Za-z]{1,20})(?![A-Za-z])(?:\{\}|\s)?")
_WRAPPED = re.compile(
    r"\\(?:emph|textit|textbf|textsc|textrm|mathrm|text|textsuperscript|textsubscript|it|bf)(?![A-Za-z])\s?"
)
_TIE, _MATH = re.compile(r"(?<!\\)~"), re.compile(r"(?<!\\)\$")
_ESCAPED = re.compile(r"\\([&%$#_{}])")


def unicode_of(text: str) -> str:
    """`text` without TeX. What is not known stays as it is written, without its braces."""
    if "~" in text or "$" in text:
        text = _MATH.sub("", _TIE.sub(" ", text))
    if "\\" in text:
        text = _ACCENT.sub(_accented, _WRAPPED.sub("", text))
        text = _LETTER.sub(lambda found: _LETTERS.get(found.group(1), found.group()), text)
        text = _ESCAPED.sub(r"\1", text)
    text = text.replace("{", "").replace("}", "")
    return " ".join(text.split())


def _accented(found: re.Match[str]) -> str:
    accent = found.group(1) or found.group(4)
    letter = found.group(2) or found.group(3) or found.group(5) or found.group(6)
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent])
