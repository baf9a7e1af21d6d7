"""How the printed rows of a published review compare with the rows computed here."""

from reviewflow.duplicates.imports import verdict
from reviewflow.page import wording
from reviewflow.page.document import Block, Details, Section, Table, col, num, paragraph, row

from .review import Review

# What each compared value is called.
FIELDS = {
    "k": "studies",
    "q_p": "P of the Q test",
    "model": "model",
    "estimate": "estimate",
    "ci_lower": "lower limit",
    "ci_upper": "upper limit",
    "p_value": "P",
}
_CAVEAT = (
    "The effects marked calibrated were chosen so that these rows come out, so their agreement tests the arithmetic "
    "and not the published review."
)


def section(review: Review) -> Section:
    """The section on the reproduction of a published review."""
    return Section("reproduction", "Reproduction of the published review", "Reproduction", tuple(_blocks(review)))


def tally(review: Review) -> tuple[int, int]:
    """Printed rows that agree in every printed digit, and all printed rows."""
    rows = review.reproduction.values()
    return sum(all(line["agrees"] for line in found) for found in rows), len(rows)


def stated(review: Review) -> str:
    """The tally in a sentence."""
    agree, printed = tally(review)
    return f"{agree} of {printed} printed rows agree in every printed digit"


def _blocks(review: Review) -> list[Block]:
    if not review.reproduction:
        return [paragraph("No published review is compared.")]
    agree, printed = tally(review)
    published = review.setting("synthesis", "published")
    kind = "verdict final" if agree == printed else "verdict interim"
    blocks: list[Block] = [paragraph(f"{stated(review)}. ", wording.sentence(published), kind=kind)]
    if _calibrated(review):
        blocks.append(paragraph(_CAVEAT, kind="note"))
    different = _values(review, True)
    if different.rows:
        blocks.append(different)
    values = _values(review, False)
    summary = f"All {len(values.rows)} printed values beside the computed ones"
    return [*blocks, Details("printed-values", summary, (values,))]


def _calibrated(review: Review) -> bool:
    """Whether an effect was chosen so that a printed row comes out."""
    effects = (line for name in review.reproduction for line in review.effects.get(name, []))
    return any(line["provenance"] == "calibrated" for line in effects)


def _values(review: Review, only_different: bool) -> Table:
    rows = tuple(
        row(
            FIELDS[line["field"]], line["printed"], line["computed"], line["value"],
            verdict(line["agrees"]), line["location"], group=review.names.get(line["analysis"], ""),
        )
        for found in review.reproduction.values()
        for line in found
        if not (only_different and line["agrees"])
    )  # fmt: skip
    heads = (
        col("Value"), num("Printed"), num("Computed, rounded as printed"), num("Computed in full"),
        col("Agrees"), col("Where it is printed"),
    )  # fmt: skip
    name, caption = (
        ("differences", "Values that differ") if only_different else ("reproduction", "Printed and computed values")
    )
    return Table(name, caption, heads, rows, "Analysis", file=name)
