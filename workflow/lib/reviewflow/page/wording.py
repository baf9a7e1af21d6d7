"""How numbers and names are written."""

import math
import re
from collections.abc import Iterable
from urllib.parse import quote

import pandas as pd

PROVENANCE = {
    "reported": (
        "",
        "printed in a report of the study or in the published review "
        "(a standard error may come from its printed limits)",
    ),
    "derived": ("§", "computed from printed values"),
    "calibrated": ("†", "constructed so that the pooled row prints as published"),
    "constructed": ("‡", "made up for the example"),
}
UNGIVEN_PMID = 60_000_000
MEASURES = {
    "MD": "Mean difference",
    "SMD": "Standardised mean difference",
    "ROM": "Ratio of means",
    "MC": "Mean change",
    "SMCC": "Standardised mean change (change-score standardised)",
    "SMCR": "Standardised mean change (baseline standardised)",
    "OR": "Odds ratio",
    "RR": "Risk ratio",
    "RD": "Risk difference",
    "PETO": "Peto odds ratio",
    "IRR": "Incidence rate ratio",
    "HR": "Hazard ratio",
    "PLO": "Proportion (pooled as logits)",
    "PAS": "Proportion (pooled as arcsines)",
    "ZCOR": "Correlation (pooled as Fisher's z)",
    "GIV": "Effect",
}

STAGES = {
    "protocol": "Protocol",
    "search": "Search",
    "dedupe": "Deduplication",
    "title_abstract": "Title and abstract",
    "retrieval": "Retrieval",
    "full_text": "Full text",
    "extraction": "Extraction",
    "appraisal": "Appraisal",
}
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# From here on nobody counts the zeros of a number.
_POWERS = 1e9
_SPACE = re.compile(r"\s")
_MINUS = re.compile(r"(?<![\w.)-])-(?=\d)")


def known(value: object) -> bool:
    """Whether a cell holds a number."""
    return not bool(pd.isna(value))  # type: ignore[call-overload]


def integer(value: object) -> str:
    """A count; blank where it is unknown."""
    return str(int(value)) if known(value) else ""  # type: ignore[call-overload]


def number(value: object, digits: int = 2) -> str:
    """A number with fixed decimals, without the sign of a rounded zero; blank where it is unknown."""
    if not known(value):
        return ""
    text = f"{float(value):.{digits}f}"  # type: ignore[arg-type]
    return text.lstrip("-") if float(text) == 0 else text


def plain(value: object) -> str:
    """A number as short as it can be written with four significant digits; a large one without a power of ten."""
    if not known(value):
        return ""
    short = f"{float(value):.4g}"  # type: ignore[arg-type]
    return f"{float(short):.0f}" if "e+" in short and float(short) < _POWERS else short


def decimals(width: object) -> int:
    """Decimals that show an interval of this width: two, as RevMan does, and more where two would show nothing."""
    if not known(width) or not 0 < float(width) < 0.02:  # type: ignore[arg-type]
        return 2
    return min(8, 1 + math.ceil(-math.log10(float(width))))  # type: ignore[arg-type]


def p_value(p: object) -> str:
    """P as RevMan prints it: two decimals, one significant digit below 0.01, then `<`."""
    if not known(p):
        return ""
    value = float(p)  # type: ignore[arg-type]
    for limit in ("0.00001", "0.0001"):
        if value < float(limit):
            return f"<{limit}"
    return f"{value:.1g}" if value < 0.01 else f"{value:.2f}"


def p_phrase(p: object) -> str:
    """P with its relation, such as `P = 0.03` or `P < 0.0001`."""
    text = p_value(p)
    if not text:
        return "P not estimable"
    return f"P < {text[1:]}" if text.startswith("<") else f"P = {text}"


def percent(share: object) -> str:
    """A share as a whole percentage that says neither all nor nothing where that is not so; blank where unknown."""
    if not known(share):
        return ""
    value = float(share)  # type: ignore[arg-type]
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else f"{100 * value:.0f}%"


def unbroken(text: str) -> str:
    """Text that no line break tears apart."""
    return text.replace(" ", "\u00a0")


def estimate(values: tuple[object, object, object], digits: int, brackets: str = "()") -> str:
    """A value with its interval."""
    middle, low, high = (number(value, digits) for value in values)
    return f"{middle} {brackets[0]}{low}, {high}{brackets[1]}" if middle else "Not estimable"


def typographic(text: str) -> str:
    """Text with true minus signs before numbers, which screen readers speak and line breaks respect."""
    return _MINUS.sub("\u2212", text)


def word(n: int) -> str:
    """A count in words up to ten."""
    return _WORDS[n] if n < len(_WORDS) else str(n)


def several(n: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Names as a sentence writes them."""
    found = list(names)
    return f" {last} ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def measure(code: str) -> str:
    """The name of an effect measure."""
    return MEASURES.get(code, code)


def human(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def state(code: str) -> str:
    """A state of the ledger as words, such as "excluded at title and abstract"."""
    return human(code.replace("_title_abstract", " at title and abstract").replace("_full_text", " at full text"))


def sentence(text: str) -> str:
    """Text that begins with a capital and ends with a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}" if text else ""


def shortened(text: str, longest: int) -> str:
    """Text of at most so many characters, cut with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}\u2026"


def slug(name: str) -> str:
    """A name as part of a file name."""
    return re.sub(r"[^\w]+", "_", name.lower()).strip("_") or "unnamed"


def file_name(name: str) -> str:
    """A short name as part of a file name, its letters as they are."""
    return re.sub(r"[^\w.-]", "_", name)


def anchor(kind: str, name: str = "") -> str:
    """The id of a place in the page. Ids keep every letter, so that two names never share one."""
    return f"{kind}-{_SPACE.sub('_', name)}" if name else kind


def to(kind: str, name: str = "") -> str:
    """The link to a place in the page."""
    return "#" + encoded(anchor(kind, name))


def encoded(text: str) -> str:
    """Text as part of an address."""
    return quote(text, safe=":._-()/,")


def doi_address(doi: str) -> str:
    """Where a DOI leads; nowhere for those of the prefix for tests, which nobody registers."""
    return "" if doi.startswith("10.5555/") else f"https://doi.org/{encoded(doi)}"


def pubmed_address(pmid: str) -> str:
    """Where a PubMed number leads; nowhere for one that is higher than any given so far."""
    real = pmid.isascii() and pmid.isdigit() and len(pmid) <= 8 and int(pmid) < UNGIVEN_PMID
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if real else ""


def first_author(authors: str) -> str:
    """The first of a list of authors."""
    first, _, rest = authors.partition(";")
    return f"{first.strip()} et al." if rest.strip() else first.strip()
