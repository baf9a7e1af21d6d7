"""Risk of bias and certainty of the evidence, or plainly that nobody assessed them."""

from collections.abc import Mapping

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
    whole,
    wide,
)
from reviewflow.tables import split_list

from . import certainty, risk_figures
from .certainty import rated
from .review import Line, Review

__all__ = ["assessed", "drawings", "rated", "section"]


def section(review: Review) -> Section:
    """The section on risk of bias and certainty."""
    blocks: list[Block] = []
    rows = review.lines("appraisal/risk_of_bias")
    note = review.setting("appraisal", "note")
    if not assessed(review):
        blocks.append(paragraph("Risk of bias is not assessed. ", wording.sentence(note), kind="verdict interim"))
    elif note:
        blocks.append(paragraph(wording.sentence(note)))
    if assessed(review) or (rows and review.setting("appraisal", "assessors", [])):
        blocks += [*_figures(review), _folded(_judgements(review)), *_agreement(review), *_issues(review)]
    blocks += certainty.blocks(review)
    return Section("risk-of-bias", "Risk of bias and certainty", "Risk of bias", tuple(blocks))


def assessed(review: Review) -> bool:
    """Whether any study has a judgement."""
    return any(status != "not_assessed" for status in review.table("appraisal/risk_of_bias")["status"])


def drawings(review: Review) -> dict[str, str]:
    """Traffic-light and summary plots by their files."""
    found = {}
    for picture in risk_figures.pictures(review):
        found[_file("traffic_light", picture)] = risk_figures.traffic_light(review, picture)
        found[_file("summary", picture)] = risk_figures.summary(review, picture)
    return found


def _file(kind: str, picture: risk_figures.Picture) -> str:
    return f"figures/risk_of_bias_{kind}_{picture.name}.svg"


def _figures(review: Review) -> list[Block]:
    drawn, blocks = drawings(review), list[Block]()
    for picture in risk_figures.pictures(review):
        about = review.outcome(picture.outcome) if picture.outcome else "whole studies"
        blocks.append(Heading(f"{picture.tool}: {about}", wording.anchor("risk-of-bias", picture.name)))
        for kind, words in (("traffic_light", "Each study's judgements"), ("summary", "All studies by judgement")):
            caption = f"{words}, {picture.tool}, {about}."
            file = _file(kind, picture)
            blocks.append(Figure(f"drawing-{kind}-{picture.name}", caption, drawn[file], file))
    return blocks


def _judgements(review: Review) -> Table:
    levels = {(line["tool"], line["domain"], line["judgement"]): line for line in review.lines("appraisal/levels")}
    names = {(line["tool"], line["domain"]): str(line["label"]) for line in review.lines("appraisal/domains")}
    rows = tuple(_line(review, line, levels, names) for line in review.lines("appraisal/risk_of_bias"))
    heads = (
        col("Domain"), whole("Tool"), col("Outcome"), col("Judgement"), col("How it came about"), wide("Support"),
        wide("Proposed by the tool's rules"), wide("Why otherwise"),
    )  # fmt: skip
    return Table(
        "risk_of_bias_judgements", "Risk of bias, judgement by judgement", heads, rows, "Study", file="risk_of_bias"
    )


def _line(
    review: Review, line: Line, levels: dict[tuple[str, str, str], Line], names: dict[tuple[str, str], str]
) -> Row:
    level = levels.get((line["tool"], line["domain"], line["judgement"]))
    code = str(line["domain"])
    label = names.get((line["tool"], code), code)
    differs = Link("differs", kind="no")
    proposed = _by_person(line["proposed"], _labels(line, levels))
    return row(
        f"{code}: {label}" if label.casefold() != code and len(code) < 4 else label or "(no domain)", line["tool"],
        review.outcome(line["outcome"]) if line["outcome"] else "whole study",
        _judgement(line["judgement"], level), wording.human(line["status"]),
        _by_person(line["support"]),
        (*proposed, *([differs] if line["differs"] else [])),
        _by_person(line["justification"]), group=review.study(line["study_id"]),
    )  # fmt: skip


def _labels(line: Line, levels: dict[tuple[str, str, str], Line]) -> dict[str, str]:
    """Labels of the judgements that a domain of a tool has."""
    own = (line["tool"], line["domain"])
    return {judgement: str(level["label"]) for (*place, judgement), level in levels.items() if tuple(place) == own}


def _folded(table: Table) -> Details:
    """Judgements are many; the plots before them show all."""
    return Details("risk-of-bias-judgements", f"Every judgement and its support ({len(table.rows)})", (table,))


def _by_person(cell: str, labels: Mapping[str, str] | None = None) -> tuple[Link, ...]:
    """What each person wrote, such as `name=text`, as `name: text`; codes that have a label by it."""
    written = [entry.partition("=") for entry in split_list(cell)]
    return tuple(Link(f"{person}: {(labels or {}).get(text, text)}" if text else person) for person, _, text in written)


def _judgement(judgement: str, level: Line | None) -> Link:
    """A symbol beside each word, so that no judgement is told by its colour alone."""
    if not judgement:
        return Link("")
    text, risk = (level["label"], level["risk"]) if level else (wording.human(judgement), wording.slug(judgement))
    return Link(f"({level['symbol'] if level else '?'}) {text}", kind=f"judgement {risk}")


def _agreement(review: Review) -> list[Block]:
    lines = review.lines("appraisal/agreement")
    if not lines:
        return []
    names = {(line["tool"], line["domain"]): str(line["label"]) for line in review.lines("appraisal/domains")}
    rows = tuple(
        row(
            names.get((line["tool"], line["domain"]), str(line["domain"])), line["tool"],
            f"{line['assessor_a']}, {line['assessor_b']}", str(line["n"]), wording.number(line["agreement"], 3),
            _kappa(line, "kappa"), _kappa(line, "weighted"), line["band"],
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Domain"), col("Tool"), col("Assessors"), num("Judgements"), num("Raw agreement"), num("Kappa (95% CI)"),
        num("Weighted kappa (95% CI)"), col("Band"),
    )  # fmt: skip
    text = (
        "Agreement of the assessors is computed from their judgements before adjudication. The weights of the weighted "
        "kappa fall linearly with the distance of two levels; judgements without a place in the order, such as no "
        "information, are left out of it. The band is Cochrane's (Orwin 1994)."
    )
    return [paragraph(text), Table("assessors_agreement", "Agreement of the assessors", heads, rows, file="assessors")]


def _kappa(line: Line, name: str) -> str:
    value = line["kappa" if name == "kappa" else "weighted_kappa"]
    if not wording.known(value):
        return "not estimable"
    return wording.estimate((value, line[f"{name}_lower"], line[f"{name}_upper"]), 3)


def _issues(review: Review) -> list[Block]:
    lines = [line for line in review.lines("appraisal/issues") if line["kind"] != "not_assessed"]
    if not lines:
        return []
    rows = tuple(
        row(
            review.study_link(line["study_id"]), line["tool"], line["domain"], wording.human(line["kind"]),
            line["person"] or "anybody", line["issue"], line["file"],
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Study"), col("Tool"), col("Domain"), col("Kind"), col("For whom"), wide("What to do"),
        col("File for the answer"),
    )  # fmt: skip
    return [Table("appraisal_issues", "To do and to look at in the appraisal", heads, rows, file="appraisal_issues")]
