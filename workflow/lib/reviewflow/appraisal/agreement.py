"""Agreement of the assessors on each domain, from their judgements before adjudication."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from reviewflow.kappa import SCALE, band, kappa

from .tools import Domain, Tools
from .votes import Everyone

Row = dict[str, Any]


def agreement(tools: Tools, everyone: Everyone, included: Iterable[str]) -> list[Row]:
    """A row a tool, domain and pair of assessors who both judged some included study there."""
    studies = set(included)
    met: dict[tuple[str, str, str, str], Counter[tuple[str, str]]] = {}
    for one, other in combinations(sorted(everyone), 2):
        for target in everyone[one].keys() & everyone[other].keys():
            if target[0] not in studies:
                continue
            first, second = everyone[one][target], everyone[other][target]
            for domain in first.tool.parts:
                both = first.judgement(domain.code), second.judgement(domain.code)
                if all(both):
                    met.setdefault((target[1], domain.code, one, other), Counter())[both] += 1
    rows = []
    for key in sorted(met):
        tool = tools.find(key[0])
        domain_of = tool.domain(key[1]) if tool else None
        if domain_of is not None:
            names = ("tool", "domain", "assessor_a", "assessor_b")
            rows.append(dict(zip(names, key, strict=True)) | _measures(domain_of, met[key]))
    return rows


def _measures(domain: Domain, met: Counter[tuple[str, str]]) -> Row:
    codes = [j.code for j in domain.judgements]
    ordered = [j.code for j in domain.judgements if j.ordinal]
    agreed = sum(n for (one, other), n in met.items() if one == other)
    plain = kappa(_table(codes, met))
    table = _table(ordered, met)
    # With two levels the weights change nothing, and the same number would stand twice.
    weighted = kappa(table, linear=True) if len(ordered) > 2 else None
    row: Row = {"n": met.total(), "agreed": agreed, "agreement": agreed / met.total()}
    if plain:
        row |= {"kappa": plain.kappa, "kappa_lower": plain.lower, "kappa_upper": plain.upper}
    row["n_ordinal"] = sum(map(sum, table))
    if weighted:
        row |= {"weighted_kappa": weighted.kappa}
        row |= {"weighted_lower": weighted.lower, "weighted_upper": weighted.upper}
    read = weighted or plain
    return row | {"scale": SCALE, "band": band(read.kappa if read else None)}


def _table(codes: Sequence[str], met: Counter[tuple[str, str]]) -> list[list[int]]:
    return [[met[one, other] for other in codes] for one in codes]
