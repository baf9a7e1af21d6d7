"""Certainty of the evidence: each domain of GRADE as people rated it, what the numbers suggest, Summary of Findings."""

from collections.abc import Sequence
from typing import Any

from reviewflow.page import wording
from reviewflow.page.document import Block, Bullets, Details, Heading, Link, Row, Table, col, num, paragraph, row, wide
from reviewflow.tables import split_list

from .review import Line, Review, grouped

_OF_RISKS = ("OR", "RR", "HR", "PETO", "RD")


def rated(review: Review) -> bool:
    """Whether any analysis has a level of certainty."""
    return any(level != "not_assessed" for level in review.table("appraisal/certainty")["certainty"])


def begun(review: Review) -> bool:
    """Whether anybody rated anything."""
    return rated(review) or any(status != "not_rated" for status in review.table("appraisal/grade")["status"])


def blocks(review: Review) -> list[Block]:
    """The part of the section on certainty; plainly that nobody rated it where that is so."""
    if not begun(review):
        return [paragraph("Certainty of the evidence (GRADE) is not rated.")]
    return [*_findings(review), _levels(review), *_domains(review)]


def _levels(review: Review) -> Table:
    rows = tuple(
        row(
            review.names.get(line["analysis"], ""), wording.human(line["start"]), wording.human(line["rated"]),
            wording.human(line["certainty"]), line["explanation"], line["issue"],
        )
        for line in review.lines("appraisal/certainty")
    )  # fmt: skip
    heads = (
        col("Analysis"), col("Starts at"), col("By the ratings"), col("Certainty (GRADE)"), wide("Explanation"),
        wide("What is left"),
    )  # fmt: skip
    return Table("certainty_levels", "Certainty of the evidence", heads, rows, file="certainty")


def _domains(review: Review) -> list[Block]:
    rows = tuple(
        row(
            wording.human(line["domain"]), _levels_moved(line["rating"]),
            tuple(Link(part.replace("=", ": ", 1)) for part in split_list(line["raters"])), line["explanation"],
            _levels_moved(line["suggestion"]) or "none", line["basis"], group=review.names.get(line["analysis"], ""),
        )
        for line in review.lines("appraisal/grade")
    )  # fmt: skip
    heads = (
        col("Domain"), num("Rating"), col("By whom"), wide("Explanation"), num("Suggestion"),
        wide("What the suggestion rests on"),
    )  # fmt: skip
    text = (
        "People decide each rating. Beside it stands what the numbers suggest; a suggestion decides nothing, and where "
        "nothing can be computed there is none."
    )
    table = Table("grade_domains", "GRADE, domain by domain", heads, rows, "Analysis", file="grade_domains")
    summary = f"Every rating beside what the numbers suggest ({len(rows)})"
    return [Details("grade-domains", summary, (paragraph(text, kind="note"), table))]


def _levels_moved(value: object) -> str:
    if not wording.known(value):
        return ""
    return f"{int(str(value)):+d}" if int(str(value)) else "0"


def _findings(review: Review) -> list[Block]:
    found: list[Block] = []
    for name, lines in grouped(review.lines("appraisal/summary_of_findings"), "comparison").items():
        side = review.comparison(name)
        notes: list[str] = []
        rows = tuple(_finding(review, line, notes) for line in sorted(lines, key=lambda line: line["position"]))
        heads = (
            col("Outcome"), col(f"With {side['control'].lower()}"), col(f"With {side['experimental'].lower()}"),
            col("Difference"), col("Relative effect"), num("Participants (studies)"), col("Certainty"), wide("Comment"),
        )  # fmt: skip
        title = f"Summary of Findings: {side['label']}"
        table = wording.file_name(f"summary_of_findings_{name}")
        found += [Heading(title, wording.anchor("findings", name)), Table(table, title, heads, rows, file=table)]
        found.append(paragraph(_how(lines, review), kind="note"))
        found += [Bullets(tuple((note,) for note in notes), ordered=True)] if notes else []
    return found


def _how(lines: Sequence[Line], review: Review) -> str:
    level = f"{review.setting('synthesis', 'level', 95):g}%"
    sources = {line["assumed_from"] for line in lines if line["assumed_from"]}
    words = {"median": "the median of the studies", "config": "fixed in the protocol"}
    said = (
        f" What the comparator gives is {wording.listed((words[s] for s in sorted(sources)), 'or')}." if sources else ""
    )
    return (
        f"Intervals are {level} confidence intervals; those of absolute effects follow from the relative effect at one "
        f"assumed risk.{said}"
    )


def _finding(review: Review, line: Line, notes: list[str]) -> Row:
    marks = []
    for text in split_list(line["explanations"]):
        domain, _, rest = text.partition("=")
        note = f"{wording.human(domain).capitalize()} {rest}"
        notes += [] if note in notes else [note]
        marks.append(str(notes.index(note) + 1))
    certainty = f"{line['symbol']} {wording.human(line['certainty'])}".strip()
    labels = {analysis["analysis"]: str(analysis["label"]) for analysis in review.analyses}
    outcome = labels.get(line["analysis"]) or review.outcome(line["outcome"])
    n = wording.integer(line["participants"]) or "not known"
    return row(
        outcome, _amount(line, ("assumed",)), _amount(line, ("with_intervention", "with_lower", "with_upper")),
        _amount(line, ("difference", "difference_lower", "difference_upper"), signed=True), _relative(line),
        f"{n} ({wording.several(int(line['studies']), 'study', 'studies')})",
        f"{certainty} [{', '.join(marks)}]" if marks else certainty, wording.sentence(line["note"]),
    )  # fmt: skip


def _relative(line: Line) -> str:
    if not wording.known(line["effect"]) or line["measure"] in ("MD", "RD", "MC"):
        return ""
    values = (line["effect"], line["ci_lower"], line["ci_upper"])
    return f"{line['measure']} {wording.estimate(values, 2)}"


def _amount(line: Line, names: Sequence[str], *, signed: bool = False) -> str:
    """A risk per 1000 or a mean, with its interval where it has one."""
    values: list[Any] = [line[name] for name in names]
    if not all(map(wording.known, values)):
        return ""
    of_risk = line["measure"] in _OF_RISKS
    texts = [_number(value, of_risk) for value in values]
    more = ("more", "fewer") if of_risk else ("higher", "lower")
    if signed:
        words = [f"{text.lstrip('-')} {more[float(value) < 0]}" for text, value in zip(texts, values, strict=True)]
        head = f"{words[0].split(' ')[0]}{' per 1000' if of_risk else ''} {words[0].split(' ')[1]}"
        return f"{head} ({words[1]} to {words[2]})"
    head = f"{texts[0]} per 1000" if of_risk else texts[0]
    return head if len(texts) == 1 else f"{head} ({texts[1]} to {texts[2]})"


def _number(value: object, of_risk: bool) -> str:
    return wording.number(1000 * float(str(value)), 0) if of_risk else wording.number(value, 2)
