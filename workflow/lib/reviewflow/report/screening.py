"""Screening: the flow diagram and the identities of its counts."""

import re

from reviewflow.duplicates.imports import verdict
from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Details,
    Figure,
    Link,
    Section,
    Table,
    col,
    num,
    row,
    wide,
)

from . import flow_figure
from .flow import LABELS, Flow, label
from .review import Line, Review


def flow_section(review: Review, flow: Flow) -> Section:
    """The section of the flow diagram."""
    caption = "PRISMA 2020 flow diagram. Each count leads to the records behind it."
    blocks: tuple[Block, ...] = (
        Figure("figure-flow", caption, flow_figure.draw(flow), "figures/flow.svg"),
        Details("flow-counts", "The counts as a table", (_counts(review),)),
        _identities(review),
    )
    return Section("flow", "Flow of records and reports", "Flow diagram", blocks)


def _counts(review: Review) -> Table:
    names = list(dict.fromkeys([*review.flow, *(key for counts in review.waves.values() for key in counts)]))
    order = {data: i for i, data in enumerate(LABELS)}
    names.sort(key=lambda key: order.get(key[0], len(order)))
    waves = review.waves if len(review.waves) > 1 else {}
    rows = tuple(
        row(
            Link(label(review, data)), _part(review, data, part), str(review.count(data, part)),
            *(wording.integer(counts.get((data, part))) for counts in waves.values()),
        )
        for data, part in names
    )  # fmt: skip
    heads = (col("Count"), col("Source or reason"), num("n"), *(num(f"Wave {wave}") for wave in waves))
    return Table("flow_counts", "Counts of the flow diagram", heads, rows, file="flow")


def _part(review: Review, data: str, part: str) -> str:
    return review.reasons.get(part, part) if data.endswith("_excluded") else part


def _identities(review: Review) -> Table:
    every = review.lines("screening/identities") + review.lines("synthesis/identities")
    rows = tuple(
        row(
            line["identity"], line["statement"], wording.integer(line["left"]), wording.integer(line["right"]),
            verdict(line["ok"]),
        )
        for line in sorted(every, key=_by_number)
    )  # fmt: skip
    heads = (
        col("Identity"),
        wide("What must hold"),
        num("Left side"),
        num("Right side"),
        col("Holds"),
    )
    caption = "Identities that the counts must satisfy, both sides as counted at this run"
    return Table("identities", caption, heads, rows, empty="Not counted yet.", file="identities")


def _by_number(line: Line) -> tuple[int, str]:
    """H1 to H12 in the order of their numbers, the others behind."""
    found = re.match(r"H(\d+)", line["identity"])
    return int(found.group(1)) if found else 99, line["identity"]
