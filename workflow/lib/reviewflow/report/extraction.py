"""Data extraction: agreement and differences of the extractors, studies that may overlap, every conversion, and what
is wrong or missing."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Link, Section, Table, col, num, paragraph, row, wide
from reviewflow.tables import split_list

from .review import Line, Review

# Steps and warnings can be hundreds; the page shows the first, the CSV all.
_SHOWN = 100
_VERDICTS = {
    "open": "\u2717 not ruled on",
    "distinct": "\u2713 distinct",
    "overlapping": "overlapping",
    "same_study": "\u2717 one study, still counted twice",
    "unclear": "unclear",
}
_AS_EXTRACTED = (
    "Every cell as each extractor wrote it, beside the value that holds, is in results/extraction/as_extracted.csv of "
    "the review."
)


def section(review: Review) -> Section:
    """The section on how the numbers were extracted."""
    names = review.setting("extraction", "extractors", [])
    blocks: tuple[Block, ...] = (
        paragraph(_AS_EXTRACTED, kind="note"),
        *((_agreement(review),) if len(names) > 1 else ()),
        _disagreements(review),
        _overlaps(review),
        _conversions(review),
        _warnings(review),
        _issues(review),
    )
    return Section("extraction", "Data extraction", "Extraction", blocks)


def _agreement(review: Review) -> Table:
    rows = tuple(
        row(
            wording.human(line["table"]), line["label"] or line["column"], line["extractor_a"], line["extractor_b"],
            wording.integer(line["cells"]), wording.integer(line["agreed"]), wording.number(line["percent"], 1),
            wording.number(line["kappa"]),
        )
        for line in review.lines("extraction/agreement")
    )  # fmt: skip
    heads = (
        col("Table"), col("Field"), col("Extractor"), col("and"), num("Cells"), num("Agreed"), num("Percent"),
        num("Kappa"),
    )  # fmt: skip
    caption = "Agreement of the extractors before any adjudication; kappa (Cohen 1960) for fields that are a choice"
    empty = "No study has been begun by two extractors."
    return Table("extraction_agreement", caption, heads, rows, empty=empty, file="extraction_agreement")


def _overlaps(review: Review) -> Table:
    rows = tuple(
        row(
            review.study_link(line["study_a"]), review.study_link(line["study_b"]),
            tuple(Link(part) for part in split_list(line["why"])), wording.integer(line["score"]),
            Link(_VERDICTS[line["verdict"]], kind="no" if line["verdict"] in ("open", "same_study") else ""),
            review.study(line["use"]) if line["use"] else "", line["ruled_by"], line["note"],
        )
        for line in sorted(review.lines("extraction/overlaps"), key=lambda line: -line["score"])
    )  # fmt: skip
    heads = (
        col("Study"), col("and study"), wide("In common"), num("Score"), col("Verdict"),
        col("Kept where both would enter"), col("Ruled by"), wide("Why"),
    )  # fmt: skip
    caption = "Studies that may have the same participants"
    empty = "None: no two included studies share authors, a registration, a report or a centre so that it would tell."
    return Table("overlaps", caption, heads, rows, empty=empty, file="overlaps")


def _conversions(review: Review) -> Table:
    rows = tuple(
        row(
            review.study_link(line["study_id"]), review.outcome(line["outcome"]), line["timepoint"], line["arm_id"],
            line["from"], f"{line['to']} = {line['value']:.6g}", line["formula"], line["source"],
            "yes" if line["imputed"] else "no", line["note"],
        )
        for line in review.lines("extraction/conversions")
    )  # fmt: skip
    heads = (
        col("Study"), col("Outcome"), col("Timepoint"), col("Arm"), wide("From"), col("To"), wide("Formula"),
        wide("Source"), col("Imputed"), wide("Note"),
    )  # fmt: skip
    caption = "Steps from printed numbers to those that are pooled"
    empty = "None: every number is pooled as it was extracted."
    return Table("conversions", caption, heads, rows, empty=empty, file="conversions", limit=_SHOWN)


def _warnings(review: Review) -> Table:
    rows = tuple(
        row(
            review.study_link(line["study_id"]), wording.human(line["check"]), _where(review, line["where"]),
            line["value"], line["expected"], line["message"], line["person"],
        )
        for line in review.lines("extraction/warnings")
    )  # fmt: skip
    heads = (
        col("Study"), col("Check"), col("Where"), col("Value"), col("Expected"), wide("What to check"),
        col("Who can check it"),
    )  # fmt: skip
    caption = "Numbers that look wrong and may yet be right"
    return Table("extraction_warnings", caption, heads, rows, file="extraction_warnings", limit=_SHOWN)


def _disagreements(review: Review) -> Table:
    rows = tuple(
        row(
            wording.human(line["table"]), _place(review, line["key"]), _column(review, line),
            tuple(Link(value.replace("=", ": ", 1)) for value in split_list(line["values"])),
            _resolved(line["status"] == "adjudicated"),
            line["value"], line["adjudicator"], line["note"],
        )
        for line in review.lines("extraction/disagreements")
    )  # fmt: skip
    heads = (
        col("Table"), col("Line"), col("Column"), wide("Each extractor's value"), col("State"), col("Value that holds"),
        col("Adjudicator"), wide("Why"),
    )  # fmt: skip
    empty = "None: the extractors agree in every cell." if review.studies else "Nothing is extracted yet."
    caption = "Cells where two extractors differed, and how that was resolved"
    return Table("disagreements", caption, heads, rows, empty=empty, file="disagreements")


def _place(review: Review, key: str) -> str:
    """The line that a key names, in the words of the report."""
    study, *rest = key.split("/")
    if len(rest) > 2:
        comparison, outcome, *rest = rest
        rest = [review.comparison(comparison)["label"], review.outcome(outcome), *rest]
    return " / ".join(filter(None, (review.study(study), *map(wording.human, rest))))


def _where(review: Review, where: str) -> str:
    """A place such as `results key`, in the words of the report."""
    table, _, key = where.partition(" ")
    return f"{table}: {_place(review, key)}" if "/" in key else where


def _column(review: Review, line: Line) -> str:
    return review.field(line["column"]) if line["table"] == "studies" else wording.human(line["column"])


def _resolved(yes: bool) -> Link:
    return Link("\u2713 adjudicated", kind="yes") if yes else Link("\u2717 unresolved", kind="no")


def _issues(review: Review) -> Table:
    rows = tuple(
        row(
            wording.human(line["kind"]), review.study_link(line["study_id"]), line["where"], line["issue"],
            line["person"],
        )
        for line in review.lines("extraction/issues")
    )  # fmt: skip
    heads = (
        col("Kind"),
        col("Study"),
        col("Where"),
        wide("What is wrong, and the mend"),
        col("Who can mend it"),
    )
    caption = "What is missing or wrong, and therefore kept out of the synthesis"
    return Table("issues", caption, heads, rows, file="issues")
