"""The design of a meta-regression from columns of words and numbers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from reviewflow.faults import Fault

from .batch import Array, Mask
from .csvfile import Table


class Design(NamedTuple):
    """Columns of the regression, shape (studies, terms), the intercept first; their names; which studies have all
    moderators; and for each column of words the word that the others are compared with."""

    x: Array
    terms: list[str]
    there: Mask
    compared_with: dict[str, str]


def categories(values: Sequence[str], kept: Mask) -> tuple[Array, list[str]]:
    """Columns of 0 and 1 for each word but the first in alphabetical order, and all words; NaN where blank."""
    words = sorted({value for value, keep in zip(values, kept, strict=True) if value and keep})
    columns = np.array([[float(value == word) if value else np.nan for word in words[1:]] for value in values])
    return columns.reshape(len(values), max(len(words) - 1, 0)), words


def design(table: Table, numeric: Sequence[str], worded: Sequence[str], usable: Mask) -> tuple[Design, list[Fault]]:
    """The design of the columns `numeric` (words where no cell of a column is a number) and `worded` (words whatever
    stands in them). A column of numbers with words among them is a fault, a line each."""
    blocks, terms, faults, against = [np.ones((len(usable), 1))], ["intercept"], list[Fault](), dict[str, str]()
    for name in (*numeric, *worded):
        cells = table.groups(name)
        values, wrong = table.numbers(name)
        if name in worded or len(wrong) == sum(cell != "" for cell in cells):
            made, words = categories(cells, usable)
            if len(words) < 2:
                problem = f"the studies with an effect have {len(words)} word of it; there is nothing to compare"
                faults.append(Fault(table.file, 1, name, problem.replace("0 word", "no word"), "name another column"))
            blocks.append(made)
            terms += [f"{name}: {word}" for word in words[1:]]
            against[name] = words[0] if words else ""
        else:
            faults += [replace(fault, mend=f"{fault.mend}, or name the column with --category") for fault in wrong]
            blocks.append(values[:, None])
            terms.append(name)
    x = np.hstack(blocks)
    return Design(x, terms, np.asarray(usable & np.isfinite(x).all(axis=1)), against), faults
