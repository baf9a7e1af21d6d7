"""The audit of reported statistics: what the printed numbers of a publication say against each other."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Details, Link, Paragraph, Section, Table, col, num, paragraph, row, wide
from reviewflow.tables import split_list

from .review import Line, Review

_GROUPS = {
    "critical": "Critical", "major": "Major", "moderate": "Moderate", "minor": "Minor", "info": "Worth knowing",
}  # fmt: skip
_VERDICTS = {"clean": "clean", "finding": "findings", "not_applicable": "nothing to check"}
_ABOUT = (
    "Each printed number stands for every value that rounds to it. A finding marked certain follows from the printed "
    "numbers whatever the unrounded ones were; likely ones are hard to explain otherwise; hints are worth a question. "
    "None says how an error came about."
)


def sections(review: Review) -> list[Section]:
    """The section, in a review that has tables of a publication."""
    if not review.lines("audit/reported_checks"):
        return []
    return [Section("reported", "Audit of reported statistics", "Reported statistics", tuple(_blocks(review)))]


def _blocks(review: Review) -> list[Block]:
    checks = Details("reported-checks", "Every check and what it looked at", (_checks(review),))
    return [_verdict(review), paragraph(_ABOUT, kind="note"), *_findings(review), checks]


def _verdict(review: Review) -> Paragraph:
    severities = list(review.table("audit/reported_statistics")["severity"])
    grave = [f"{severities.count(name)} {name}" for name in _GROUPS if severities.count(name)]
    clean = [line["check"] for line in review.lines("audit/reported_checks") if line["verdict"] == "clean"]
    tally = f"{wording.several(len(clean), 'check')} found nothing."
    if not severities:
        return paragraph("No finding. ", tally, kind="verdict final")
    found = f"{wording.several(len(severities), 'finding')}: {', '.join(grave)}. "
    return paragraph(found, tally, kind="verdict interim")


def _findings(review: Review) -> list[Block]:
    """What matters in view, the rest folded."""
    lines = review.lines("audit/reported_statistics")
    grave = [line for line in lines if line["severity"] in ("critical", "major")]
    rest = [line for line in lines if line not in grave]
    blocks: list[Block] = [_table(review, "reported_findings", "Critical and major findings", grave)]
    if rest:
        table = _table(review, "reported_others", "Moderate and minor findings", rest)
        blocks.append(Details("reported-others", wording.several(len(rest), "further finding"), (table,)))
    return blocks


def _table(review: Review, name: str, caption: str, lines: list[Line]) -> Table:
    rows = tuple(
        row(
            wording.human(line["check"]), wording.sentence(line["finding"]), line["certainty"], _where(review, line),
            line["printed"], line["expected"], line["evidence"], wording.sentence(line["ask"]),
            group=_GROUPS[line["severity"]],
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Check"), wide("Finding"), col("Certainty"), wide("Where"), wide("Printed"), wide("Consistent would be"),
        wide("Evidence and words"), wide("What to ask or mend"),
    )  # fmt: skip
    return Table(name, caption, heads, rows, "Severity", file=name)


def _where(review: Review, line: Line) -> tuple[Link, ...]:
    """The place of the publication, and the studies of this review that it is about."""
    studies = tuple(review.study_link(study) for study in split_list(line["studies"]))
    return tuple(part for part in (Link(line["location"]), *studies) if part.text)


def _checks(review: Review) -> Table:
    rows = tuple(
        row(
            wording.human(line["check"]), wording.sentence(line["about"]), wording.integer(line["examined"]),
            wording.integer(line["findings"]), _VERDICTS[line["verdict"]],
        )
        for line in review.lines("audit/reported_checks")
    )  # fmt: skip
    heads = (col("Check"), wide("What holds where it is clean"), num("Examined"), num("Findings"), col("Verdict"))
    return Table("reported_checks", "Checks of the printed numbers", heads, rows, file="reported_checks")
