"""Screening: the flow diagram, the identities of its counts, agreement, and what is in conflict."""

import re

from reviewflow.duplicates.imports import verdict
from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Details,
    Figure,
    Heading,
    Link,
    Row,
    Section,
    Table,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.tables import split_list

from . import flow_figure
from .flow import LABELS, Flow, label
from .review import Line, Review

_NOT_ESTIMABLE = "not estimable"


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


def section(review: Review) -> Section:
    """The section on agreement and conflicts."""
    blocks: list[Block] = [
        paragraph(
            "Agreement is computed from each reviewer's own votes, before any consensus; "
            f"{_unsure(review)} "
            "Kappa depends on how often reports are included, so it stands beside the prevalence- and bias-adjusted "
            "kappa (PABAK), the prevalence index (PI), the bias index (BI), and the agreement on include (P_pos) and "
            "on exclude (P_neg). The band is Cochrane's (Orwin 1994): below 0.40 poor, "
            "0.40 to 0.59 fair, 0.60 to 0.74 good, 0.75 and above excellent."
        ),
        _agreement(review),
        Heading("Conflicts left", "conflicts"),
        _conflicts(review),
    ]
    return Section("agreement", "Agreement between reviewers", "Agreement", tuple(blocks))


def _unsure(review: Review) -> str:
    """What unsure counts as in the agreement, and that it is otherwise a conflict where config.yaml says so."""
    if review.setting("screening", "unsure_counts_as") == "conflict":
        return "in these figures alone unsure stands with include, whereas in screening it is a conflict."
    return "unsure counts as include."


def _agreement(review: Review) -> Table:
    heads = (
        col("Stage"), col("Reviewers"), num("Reports"), num("Both include"), num("First only"),
        num("Second only"), num("Both exclude"), num("Raw agreement"), num("Kappa (95% CI)"),
        num("PABAK"), num("PI"), num("BI"), num("P_pos"),
        num("P_neg"), col("Cochrane (Orwin 1994)"),
    )  # fmt: skip
    rows = tuple(_pair(line) for line in sorted(review.lines("screening/agreement"), key=_by_stage))
    empty = "No report has been judged by two reviewers yet."
    return Table("agreement_pairs", "Agreement of each pair of reviewers", heads, rows, empty=empty, file="agreement")


def _by_stage(line: Line) -> int:
    return list(wording.STAGES).index(line["stage"])


def _pair(line: Line) -> Row:
    kappa = wording.estimate((line["kappa"], line["kappa_lower"], line["kappa_upper"]), 2)
    if wording.known(line["kappa"]) and not wording.known(line["kappa_lower"]):
        kappa = wording.number(line["kappa"])
    counts = (line[name] for name in ("n", "both_include", "only_a_includes", "only_b_includes", "both_exclude"))
    return row(
        wording.STAGES[line["stage"]], f"{line['reviewer_a']}, {line['reviewer_b']}", *map(wording.integer, counts),
        _share(line["agreement"]), kappa if wording.known(line["kappa"]) else _NOT_ESTIMABLE,
        *(_share(line[name]) for name in ("pabak", "prevalence_index", "bias_index", "p_pos", "p_neg")),
        line["band"] or _NOT_ESTIMABLE,
    )  # fmt: skip


def _share(value: object) -> str:
    return wording.number(value, 3) or _NOT_ESTIMABLE


def _conflicts(review: Review) -> Table:
    rows = tuple(
        row(
            Link(line["report_id"], wording.to("report", line["report_id"])), wording.STAGES[line["stage"]],
            wording.human(line["kind"]), ", ".join(split_list(line["votes"])), line["title"],
        )
        for line in sorted(review.lines("screening/conflicts"), key=_by_stage)
    )  # fmt: skip
    heads = (col("Report"), col("Stage"), col("What differs"), col("Votes"), wide("Title"))
    empty = (
        "None: every difference between reviewers is resolved." if len(review.table("screening/agreement")) else "None."
    )
    return Table("conflicts_left", "Reports in conflict", heads, rows, empty=empty, file="conflicts")
