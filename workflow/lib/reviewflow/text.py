"""Text that is compared: one normal form for titles, names and identifiers in any script."""

import html
import re
import unicodedata

_TAG = re.compile(r"</?(?:sub|sup|i|b|em|strong|u|span|p|br|inf)\b[^<>]{0,200}>", re.IGNORECASE)
_DASH = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-"))
_LETTER_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma",
    "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
# Letters that NFKD does not take apart, as databases transcribe them.
_PLAIN_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
}
_LETTERS = str.maketrans(_LETTER_NAMES | _PLAIN_LETTERS)
# A link that is glued behind a DOI is not of it.
_DOI = re.compile(r"10\.\d{4,9}/(?:(?!https?:)[^\s\"<>]){1,300}", re.IGNORECASE)
# What publishers add to a DOI in a link to one view of the document.
_VIEW = re.compile(r"/(?:e?pdf|full|abstract|html|meta|asset)$")
_TRIAL_ID = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|ChiCTR[-A-Z]{0,8}\d{8,10}|ACTRN\d{14}|DRKS\d{8}|EUCTR\d{4}-\d{6}-\d{2}|"
    r"UMIN\d{9}|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\d{10,16}N\d{1,3})\b"
)


def clean(text: str) -> str:
    """Text without markup and entities, dashes and white space made one kind; for reading, not for comparing."""
    return " ".join(_TAG.sub("", html.unescape(text)).translate(_DASH).split())


def fold(text: str) -> str:
    """Normal form for comparing: letters and digits of any script in lower case, Greek letters spelt out, diacritics
    off, everything else one space. Chinese, Japanese and Korean characters stay."""
    plain = unicodedata.normalize("NFKC", clean(text)).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def doi(text: str) -> str:
    """The DOI in `text` in lower case without resolver, or ""."""
    found = _DOI.search(html.unescape(text))
    return _VIEW.sub("", found.group().rstrip(".,;)]}").lower()) if found else ""


def trial_ids(text: str) -> list[str]:
    """Trial registration numbers in `text`, each once, in order of appearance."""
    return list(dict.fromkeys(_TRIAL_ID.findall(text)))


def year(text: str) -> int | None:
    """The first plausible year of publication in `text`."""
    found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    return int(found.group()) if found else None
