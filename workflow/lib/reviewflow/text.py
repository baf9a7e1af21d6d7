"""Text that is compared: one normal form for titles, names and identifiers in any script."""

import html
import re
import unicodedata

_TAG = re.compile(r"</?(?:sub|sup|i|b|em|strong|u|span|p|br|inf)\b[^<>]{0,200}>", re.IGNORECASE)
_DASH = re.compile("[\u2010-\u2015\u2212\uff0d]")
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
# A link that is glued behind a DOI is not of it, nor is markup; in what is made of a SICI, as Wiley's and the American
# Meteorological Society's were before 2001, the first page stands in angle brackets and alone tells one from another.
_DOI = re.compile(
    r"10\.\d{4,9}/(?:(?!https?:)[^\s\"<>]|<[^\s<>:]{1,30}::?[^\s<>:]{0,30}>(?=\d\.)){1,300}", re.IGNORECASE
)
# How a link writes a slash, brackets, colons and semicolons of a DOI.
_QUOTED = re.compile(r"%(?:2f|28|29|3[abce])", re.IGNORECASE)
# What publishers add to a DOI in a link to one view of the document.
_VIEW = re.compile(r"/(?:e?pdf|full|abstract|html|meta|asset)$")
# The registers of the WHO's network (who.int/tools/clinical-trials-registry-platform), ClinicalTrials.gov and EudraCT.
_TRIAL_ID = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|ChiCTR[-A-Z]{0,8}\d{8,10}|ACTRN\d{14}|DRKS\d{8}|EUCTR\d{4}-\d{6}-\d{2}|"
    r"UMIN\d{9}|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\d{10,16}N\d{1,3}|jRCTs?\d{9,10}|JapicCTI-\d{6}|KCT\d{7}|TCTR\d{11}|"
    r"PACTR\d{15,16}|RBR-\w{6,8}|RPCEC\d{8}|SLCTR/\d{4}/\d{3}|LBCTR\d{10}|NTR\d{3,5}|NL-OMON\d{3,6}|PER-\d{3}-\d{2}|"
    r"ITMCTR\d{8,10}|EudraCT(?: ?No\.?| number)?:? ?\d{4}-\d{6}-\d{2})\b"
)
# One of these is in each; where a record names no trial, as most do, looking for them is a good deal quicker.
_TRIAL_WORD = re.compile("CT|TR|DRKS|UMIN|RBR-|OMON|RPCEC|PER-")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class _Folded(dict[int, str]):
    """The normal form of each character, made when it is first met."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code).casefold())
        plain = "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)
        folded = self[code] = "".join(c if c.isalnum() else " " for c in plain)
        return folded


_FOLDED = _Folded()


def clean(text: str) -> str:
    """Text without markup and entities, dashes and white space made one kind; for reading, not for comparing."""
    return " ".join(_DASH.sub("-", _TAG.sub("", html.unescape(text))).split())


def fold(text: str) -> str:
    """Normal form for comparing: letters and digits of any script in lower case, Greek letters spelt out, diacritics
    off, everything else one space. Chinese, Japanese and Korean characters stay."""
    if "&" in text or "<" in text:
        text = clean(text)
    # Only what is not ASCII is looked up letter by letter: that takes ten times as long as all the rest.
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda run: run.group().translate(_FOLDED), unicodedata.normalize("NFKC", text))
    return " ".join(text.translate(_FOLDED).split())


def doi(text: str) -> str:
    """The DOI in `text` in lower case without resolver, or ""."""
    plain = html.unescape(text)
    if "%" in plain:
        plain = _QUOTED.sub(lambda code: chr(int(code.group()[1:], 16)), plain)
    found = _DOI.search(plain)
    return _VIEW.sub("", found.group().rstrip(".,;)]}").lower()) if found else ""


def trial_ids(text: str) -> list[str]:
    """Trial registration numbers in `text`, each once, in order of appearance; EudraCT numbers in one form."""
    if not _TRIAL_WORD.search(text):
        return []
    found = (f"EUCTR{name[-14:]}" if name.startswith("EudraCT") else name for name in _TRIAL_ID.findall(text))
    return list(dict.fromkeys(found))


def year(text: str) -> int | None:
    """The first plausible year of publication in `text`."""
    found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    return int(found.group()) if found else None
