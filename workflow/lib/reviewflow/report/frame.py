"""The first and last sections: question and eligibility, amendments, provenance."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Bullets, Heading, Paragraph, Section, Table, col, num, paragraph, row, wide

from .review import Review


def question(review: Review) -> Section:
    """The section on the question and the criteria."""
    blocks: list[Block] = []
    asked = review.setting("review", "question")
    if asked:
        blocks.append(paragraph(asked, kind="question"))
    blocks.append(paragraph(_version(review)))
    for name in ("inclusion", "exclusion"):
        blocks.append(Heading(f"{name.capitalize()} criteria", name))
        blocks.append(_criteria(review.setting("review", name, [])))
    blocks.append(Heading("Comparisons", "comparisons"))
    blocks.append(_comparisons(review))
    return Section("question", "Question and eligibility", "Question", tuple(blocks))


def _version(review: Review) -> str:
    if not review.setting("review", "title"):
        return "config/config.yaml does not say yet what this review is."
    registration = review.setting("review", "registration")
    registered = f"Registration: {registration}." if registration else "The review is not registered."
    return f"Version {review.setting('review', 'version', '1')}. {registered}"


def _criteria(criteria: list[str]) -> Bullets | Paragraph:
    if not criteria:
        return paragraph("None is written in config/config.yaml.")
    return Bullets(tuple((wording.sentence(text),) for text in criteria), ordered=True)


def _comparisons(review: Review) -> Table:
    rows = tuple(
        row(line["label"], line["experimental"], line["control"], line.get("design", ""))
        for line in review.config.get("comparisons", {}).values()
    )
    heads = (col("Comparison"), col("Experimental side"), col("Control side"), col("Design"))
    return Table("comparisons_table", "Comparisons of this review", heads, rows, file="comparisons")


def amendments(review: Review) -> Section:
    """The section on changes to the protocol (PRISMA item 24c)."""
    rows = tuple(
        row(line["date"], line["section"], line["change"], line["reason"])
        for line in review.lines("records/amendments")
    )
    heads = (col("Date"), col("Section"), wide("Change"), wide("Reason"))
    empty = "No amendment is recorded."
    table = Table(
        "amendments_table", "Changes listed in records/amendments.csv", heads, rows, empty=empty, file="amendments"
    )
    return Section("amendments", "Amendments", "Amendments", (table,))


def provenance(review: Review) -> Section:
    """The section on versions and digests."""
    facts = review.provenance
    versions = [("reviewflow", facts.get("reviewflow", "")), *sorted(facts.get("versions", {}).items())]
    software = Table(
        "versions",
        "Software",
        (col("Package"), col("Version")),
        tuple(row(str(n), str(v)) for n, v in versions),
        file="versions",
    )
    files = Table(
        "inputs",
        "Every file that people wrote or exported",
        (col("File"), num("Bytes"), col("SHA-256")),
        tuple(row(f["file"], str(f["bytes"]), f["sha256"]) for f in facts.get("inputs", [])),
        file="inputs",
    )
    text = paragraph(
        "The same inputs and the same versions give the same bytes of this report; it therefore bears no time. "
        f"Digest of the code: {facts.get('code') or 'not recorded'}."
    )
    return Section("provenance", "Provenance", "Provenance", (text, software, files))
