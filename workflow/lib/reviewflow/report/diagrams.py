"""The figures of an analysis beside its forest plot, each with its numbers, folded up below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reviewflow.page import wording
from reviewflow.page.document import Block, Details, Figure, Head, Link, Row, Table, col, num, paragraph, row

from . import (
    baujat_figure,
    bubble_figure,
    cumulative_figure,
    forest_text,
    funnel_figure,
    labbe_figure,
    leave_one_out_figure,
)
from .review import Line, Review

Rows = Callable[[Review, Line], Table | None]


@dataclass(frozen=True)
class Kind:
    """A kind of figure: its name in file names, what it is, how it is drawn, and the table beside it."""

    name: str
    title: str
    draw: Callable[[Review, Line], str]
    table: Rows


def drawings(review: Review) -> dict[str, str]:
    """The figures of all analyses by file name; one that has nothing to say is not drawn."""
    pooled = [line for line in review.analyses if line["analysis"] in review.pooled]
    found = {_file(kind, line): kind.draw(review, line) for line in pooled for kind in KINDS}
    return {name: drawing for name, drawing in found.items() if drawing}


def block(review: Review, analysis: Line, drawn: Mapping[str, str]) -> tuple[Block, ...]:
    """The figures of one analysis to unfold; nothing where it has none."""
    blocks: list[Block] = []
    kinds = [kind for kind in KINDS if _file(kind, analysis) in drawn]
    for kind in kinds:
        file = _file(kind, analysis)
        caption = f"{kind.title}. {review.name_of(analysis)}"
        name = f"{kind.name}_{wording.file_name(analysis['analysis'])}"
        blocks.append(Figure(f"drawing-{name}", caption, drawn[file], file))
        table = kind.table(review, analysis)
        blocks.append(table if table else _where(analysis))
    if not blocks:
        return ()
    titles = wording.listed(_short(kind.title) for kind in kinds)
    return (Details(wording.anchor("diagrams-of", analysis["analysis"]), f"Further figures: {titles}", tuple(blocks)),)


def without_funnel(review: Review) -> str:
    """Why analyses have no funnel plot, in a sentence; blank where each has one."""
    several = [line for line in review.analyses if review.pooled.get(line["analysis"], {"k": 0})["k"] > 1]
    without = [line for line in several if funnel_figure.why_not(review, line)]
    if not without:
        return ""
    least = int(review.setting("synthesis", "small_study_k", 10))
    most = max(review.pooled[line["analysis"]]["k"] for line in without)
    which = (
        "No analysis has" if len(without) == len(several) else f"{len(several) - len(without)} of {len(several)} have"
    )
    return (
        f"A funnel plot needs {least} studies, since with fewer its asymmetry is told from chance hardly ever. "
        f"{which} as many; the largest without one has {most}."
    )


def _file(kind: Kind, analysis: Line) -> str:
    return f"figures/{kind.name}_{wording.file_name(analysis['analysis'])}.svg"


def _short(title: str) -> str:
    return title if title[:2] in ("L'", "Ba") else f"{title[:1].lower()}{title[1:]}"


def _where(analysis: Line) -> Block:
    """The numbers of a figure whose table stands with the analysis already."""
    link = Link("studies of this analysis", wording.to("studies-of", analysis["analysis"]))
    return paragraph("Its numbers are in the table of the ", link, ".", kind="note")


def _no_table(_review: Review, _analysis: Line) -> Table | None:
    return None


def _series(name: str, head: str) -> Rows:
    def table(review: Review, analysis: Line) -> Table:
        pooled = review.pooled[analysis["analysis"]]
        lines = review.further(name).get(analysis["analysis"], [])
        ordered = sorted(lines, key=lambda line: line.get("position") or 0)
        heads = (col(head), num(f"Estimate ({pooled['level']:g}% CI)"), num("P"), num("Tau\u00b2"), num("I\u00b2"))
        marks = forest_text.marked(review, analysis)
        digits = forest_text.digits_of(pooled)
        rows = tuple(_pooled_row(line, digits, forest_text.named(line, marks)) for line in ordered)
        return _table(name, analysis, head, heads, rows)

    return table


def _pooled_row(line: Line, digits: int, label: str) -> Row:
    natural = (line["estimate_natural"], line["ci_lower_natural"], line["ci_upper_natural"])
    i2 = f"{wording.number(line['i2'], 0)}%" if wording.known(line["i2"]) else ""
    estimate, p = wording.estimate(natural, digits), wording.p_value(line["p_value"])
    return row(label, estimate, p, wording.plain(line["tau2"]), i2)


def _baujat(review: Review, analysis: Line) -> Table:
    heads = (col("Study"), num("Contribution to Q"), num("Influence on the estimate"))
    lines, marks = review.further("influence").get(analysis["analysis"], []), forest_text.marked(review, analysis)
    rows = tuple(
        row(forest_text.named(line, marks), wording.plain(line["baujat_x"]), wording.plain(line["baujat_y"]))
        for line in lines
    )
    return _table("baujat", analysis, "Heterogeneity and influence by study", heads, rows)


def _bubble(review: Review, analysis: Line) -> Table | None:
    found = bubble_figure.bubbles_of(review, analysis)
    if found is None:
        return None
    name = found.moderator
    heads = (col("Study"), num(name), num("Effect, scale of the analysis"))
    rows = tuple(row(point.label, wording.plain(point.x), wording.plain(point.y)) for point in found.points)
    return _table("bubble", analysis, f"{name} and effect by study", heads, rows)


def _table(kind: str, analysis: Line, caption: str, heads: tuple[Head, ...], rows: tuple[Row, ...]) -> Table:
    return Table(f"{kind}_{wording.file_name(analysis['analysis'])}", f"{caption}. {analysis['label']}", heads, rows)


KINDS = (
    Kind("leave_one_out", "Estimate without each study in turn", leave_one_out_figure.draw,
         _series("leave_one_out", "Study left out")),
    Kind("cumulative", "Estimate as each study is added", cumulative_figure.draw, _series("cumulative", "Study added")),
    Kind("baujat", "Baujat plot", baujat_figure.draw, _baujat),
    Kind("labbe", "L'Abb\u00e9 plot", labbe_figure.draw, _no_table),
    Kind("bubble", "Bubble plot", bubble_figure.draw, _bubble),
    Kind("funnel", "Funnel plot with contours of significance", funnel_figure.draw, _no_table),
)  # fmt: skip
