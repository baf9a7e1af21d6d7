"""Agreement of extractors, field by field, from their own cells before any adjudication."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import pandas as pd

from reviewflow.form import Field, canonical
from reviewflow.tables import schema

from .rows import UNCOMPARED, WHOLE_LINE, Key, Row, rows_of

Lines = Mapping[Key, Row]


def agreement(
    table: str, frames: Mapping[str, pd.DataFrame], begun: Mapping[str, Collection[str]], fields: Sequence[Field]
) -> list[Row]:
    """Rows of results/extraction/agreement for one table: each pair of extractors, each field that one of them filled
    in a line that both have, and `*` for the lines of the studies that both have begun. `fields` is the form of the
    table, `begun` the studies of which each extractor has anything."""
    order = schema(f"records/extraction/{table}").key
    held = {who: {tuple(row[part] for part in order): row for row in rows_of(data)} for who, data in frames.items()}
    return [
        {"table": table, "extractor_a": one, "extractor_b": other} | row
        for one, other in combinations(sorted(held), 2)
        for row in _of_pair(held[one], held[other], {*begun[one]} & {*begun[other]}, fields)
    ]


def _of_pair(one: Lines, other: Lines, studies: Collection[str], fields: Sequence[Field]) -> Iterator[Row]:
    either = {key for key in {*one, *other} if key[0] in studies}
    both = [key for key in either if key in one and key in other]
    if either:
        yield {"column": WHOLE_LINE, "label": "lines", **_shares(len(either), len(both))}
    for field in fields:
        if field.key or field.name in UNCOMPARED:
            continue
        written = [tuple(canonical(lines[key][field.name], field.name) for lines in (one, other)) for key in both]
        pairs = [pair for pair in written if pair != (None, None)]
        if pairs:
            agreed = sum(a == b for a, b in pairs)
            row = {"column": field.name, "label": field.label, **_shares(len(pairs), agreed)}
            yield row | ({"kappa": cohen_kappa(pairs)} if field.column.values else {})


def _shares(cells: int, agreed: int) -> Row:
    return {"cells": cells, "agreed": agreed, "percent": 100 * agreed / cells}


def cohen_kappa(pairs: Sequence[tuple[Any, ...]]) -> float | None:
    """Kappa of two people who each chose one of any number of categories (Cohen 1960, Educ Psychol Meas 20:37-46), over
    the pairs in which both chose; None where it is not estimable: no such pair, or one category alone.

    In fractions, so that the order of pairs changes no digit.
    """
    counted = Counter(pair for pair in pairs if None not in pair)
    n = counted.total()
    if not n:
        return None
    first, second = (Counter[Any](), Counter[Any]())
    for (a, b), often in counted.items():
        first[a] += often
        second[b] += often
    expected = Fraction(sum(often * second[value] for value, often in first.items()), n**2)
    observed = Fraction(sum(often for (a, b), often in counted.items() if a == b), n)
    return None if expected == 1 else float((observed - expected) / (1 - expected))
