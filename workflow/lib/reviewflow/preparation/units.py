"""Units as reports print them: spellings, and the factor from one to another where there is one.

Symbols, analytes and factors are data with their sources (workflow/units.yaml). A unit that is not known there equals
itself alone.
"""

import re
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from reviewflow.schema import workflow_data

_PARTS = re.compile(r"([^/]+)")
_TERM = re.compile(r"(?:(10)\^?(-?\d+)|(\d+(?:\.\d+)?))?\*?([A-Za-z%]*?)(?:\^?(-?\d))?")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = {"µ": "u", "μ": "u", "micro": "u", "×": "", "⋅": "*", "·": "*", "−": "-", "％": "%", "／": "/"}


class Unit(NamedTuple):
    """A unit: its spelling in one form, its worth in base units, its dimensions, and the analyte it names (blank:
    none). Worth and dimensions are None where a symbol is not known."""

    text: str
    worth: Fraction | None
    dimensions: frozenset[tuple[str, int]] | None
    analyte: str


class Conversion(NamedTuple):
    """Multiply by `factor`; `source` says where it stands."""

    factor: float
    source: str


def normal(text: str) -> str:
    """A unit in one spelling, such as umol/L for μmol / l and micromol/L."""
    return unit(text).text


@cache
def unit(text: str) -> Unit:
    """A unit as printed, read."""
    written, analyte = _analyte(text)
    for sign, plain in _SIGNS.items():
        written = written.replace(sign, plain)
    raised = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "^" + found[0].translate(_RAISED), written)
    raised = re.sub(r"(\S)\s+per\s+", r"\1/", raised)
    joined = re.sub(r"\s+", "", re.sub(r"^\s*[xX]\s*(?=10)", "", raised))
    joined = re.sub(r"^10[eE](?=\d)", "10^", joined)
    worth, dimensions, spelt = Fraction(1), {}, []  # type: tuple[Fraction, dict[str, int], list[str]]
    known = bool(joined)
    for position, part in enumerate(joined.split("/")):
        for term in filter(None, part.split("*")):
            found = _term(term, -1 if position else 1)
            known = known and found is not None
            if found is not None:
                worth *= found[0]
                for name, power in found[1].items():
                    dimensions[name] = dimensions.get(name, 0) + power
        spelt.append("*".join(map(_spelt, filter(None, part.split("*")))))
    flat = frozenset((name, power) for name, power in dimensions.items() if power)
    plain = "/".join(spelt)
    named = f"{plain} {analyte}" if analyte else plain
    return Unit(named, worth, flat, analyte) if known else Unit(named, None, None, analyte)


def same(one: str, two: str) -> bool:
    """Whether two units are the same but for their spelling."""
    a, b = unit(one), unit(two)
    return a.text == b.text or (a.worth is not None and a[1:] == b[1:])


def conversion(printed: str, wanted: str, analyte: str = "") -> Conversion | None:
    """How numbers in one unit become numbers in another; None where they cannot.

    `analyte` is what the outcome measures; a unit that names its own, such as "mg/dL BUN", means that one.
    """
    a, b = unit(printed), unit(wanted)
    if a.worth is None or b.worth is None:
        return Conversion(1.0, "the same unit") if a.text == b.text else None
    of_a, of_b = _known(a.analyte or analyte), _known(b.analyte or analyte)
    if a.dimensions == b.dimensions and (a.analyte or analyte) == (b.analyte or analyte):
        return Conversion(float(a.worth / b.worth), "ratio of the units")
    if of_a is None or of_b is None or of_a["substance"] != of_b["substance"]:
        return None
    to_amount, from_amount = _amounts(a, of_a), _amounts(b, of_b)
    if to_amount is None or from_amount is None:
        return None
    sources = dict.fromkeys(
        x["source"] for u, x in ((a, of_a), (b, of_b)) if u.dimensions == unit(x["mass"]).dimensions
    )
    return Conversion(float(to_amount / from_amount), "; ".join(sources) or "ratio of the units")


def _amounts(one: Unit, analyte: dict[str, Any]) -> Fraction | None:
    """What one of the unit is worth in base units of amount of substance in a volume."""
    mass, amount = unit(analyte["mass"]), unit(analyte["amount"])
    if one.worth is None or mass.worth is None or amount.worth is None:
        return None
    if one.dimensions == amount.dimensions:
        return one.worth
    if one.dimensions == mass.dimensions:
        return one.worth / mass.worth * Fraction(str(analyte["factor"])) * amount.worth
    return None


def analytes() -> list[str]:
    """Names of the analytes that convert between mass and amount of substance."""
    return sorted(workflow_data("units")["analytes"])


def _known(analyte: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = workflow_data("units")["analytes"].get(analyte)
    return found


def _analyte(text: str) -> tuple[str, str]:
    """The unit without the analyte that it names, and that."""
    for name, spec in workflow_data("units")["analytes"].items():
        for word in spec["names"]:
            found = re.fullmatch(rf"(.*\S)\s+(?:of\s+|\()?{re.escape(word)}\)?\s*", text, re.IGNORECASE)
            if found:
                return found[1], name
    return text, ""


def _spelt(term: str) -> str:
    found = _TERM.fullmatch(term)
    if found is None or not found[4]:
        return term
    start, end = found.span(4)
    return term[:start] + _symbol(found[4]) + term[end:]


def _symbol(word: str) -> str:
    spellings: dict[str, str] = workflow_data("units")["spellings"]
    if word in spellings:
        return spellings[word]
    if word[1:] in spellings and word[:1] in workflow_data("units")["prefixes"]:
        return word[:1] + spellings[word[1:]]
    return word


def _term(term: str, power: int) -> tuple[Fraction, dict[str, int]] | None:
    """Worth and dimensions of one term, such as mg, 24h, 10^9 or 1.73m2, raised to 1 or -1."""
    found = _TERM.fullmatch(term)
    if found is None:
        return None
    ten, exponent, number, word, raised = found.groups()
    worth = Fraction(10) ** int(exponent) if ten else Fraction(number or 1)
    symbol = _worth(_symbol(word)) if word else (Fraction(1), {})
    if symbol is None:
        return None
    times = int(raised or 1)
    worth *= symbol[0] ** times
    return worth**power, {name: p * times * power for name, p in symbol[1].items()}


@cache
def _worth(symbol: str) -> tuple[Fraction, dict[str, int]] | None:
    data = workflow_data("units")
    if "/" in symbol:
        whole = unit(symbol)
        return (whole.worth, dict(whole.dimensions)) if whole.worth is not None and whole.dimensions else None
    found = data["symbols"].get(symbol) or data["prefixed"].get(symbol)
    if found:
        return Fraction(str(found["worth"])), dict(found["of"])
    stem = data["prefixed"].get(symbol[1:])
    prefix = data["prefixes"].get(symbol[:1])
    if stem and prefix is not None:
        return Fraction(str(prefix)) * Fraction(str(stem["worth"])), dict(stem["of"])
    return None


def slips(analyte: str = "") -> list[float]:
    """Factors by which numbers are often wrong: a decimal point or a prefix, and the factors of the analyte between
    mass and amount of substance, as they are and upside down."""
    tens = [0.001, 0.01, 0.1, 10.0, 100.0, 1000.0]
    known = _known(analyte)
    own = [float(known["factor"]), 1 / float(known["factor"])] if known else []
    return sorted({*tens, *own})
