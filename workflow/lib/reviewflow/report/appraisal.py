"""Risk of bias and certainty of the evidence, or plainly that nobody assessed them."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Link, Section, Table, col, paragraph, row, wide
from reviewflow.tables import split_list

from .review import Review

# A symbol beside each word, so that no judgement is told by its colour alone (symbols as in robvis).
_SYMBOLS = {
    "low": "+",
    "some_concerns": "\u2212",
    "moderate": "\u2212",
    "high": "\u00d7",
    "serious": "\u00d7",
    "critical": "!",
}


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
        blocks.append(_judgements(review))
    blocks.append(_certainty(review) if rated(review) else paragraph("Certainty of the evidence (GRADE) is not rated."))
    return Section("risk-of-bias", "Risk of bias and certainty", "Risk of bias", tuple(blocks))


def assessed(review: Review) -> bool:
    """Whether any study has a judgement."""
    return any(status != "not_assessed" for status in review.table("appraisal/risk_of_bias")["status"])


def rated(review: Review) -> bool:
    """Whether any analysis has a level of certainty."""
    return any(level != "not_assessed" for level in review.table("appraisal/certainty")["certainty"])


def _judgement(line_judgement: str) -> Link:
    if not line_judgement:
        return Link("")
    symbol = _SYMBOLS.get(line_judgement, "?")
    return Link(f"({symbol}) {wording.human(line_judgement)}", kind=f"judgement {wording.slug(line_judgement)}")


def _judgements(review: Review) -> Table:
    rows = tuple(
        row(
            line["domain"] or "(no domain)", line["tool"],
            review.outcome(line["outcome"]) if line["outcome"] else "whole study",
            _judgement(line["judgement"]), wording.human(line["status"]),
            tuple(Link(text) for text in split_list(line["support"])), group=review.study(line["study_id"]),
        )
        for line in review.lines("appraisal/risk_of_bias")
    )  # fmt: skip
    heads = (
        col("Domain"), col("Tool"), col("Outcome"), col("Judgement"), col("How it came about"), wide("Support"),
    )  # fmt: skip
    return Table(
        "risk_of_bias_judgements", "Risk of bias, judgement by judgement", heads, rows, "Study", file="risk_of_bias"
    )


def _certainty(review: Review) -> Table:
    rows = tuple(
        row(review.names.get(line["analysis"], ""), wording.human(line["certainty"]), line["explanation"])
        for line in review.lines("appraisal/certainty")
    )
    heads = (col("Analysis"), col("Certainty (GRADE)"), wide("Explanation"))
    return Table("certainty_levels", "Certainty of the evidence", heads, rows, file="certainty")
