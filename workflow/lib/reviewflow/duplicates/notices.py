"""Retractions, expressions of concern and errata: which reports of the review they concern, and where these stand."""

from collections import Counter
from collections.abc import Sequence

from reviewflow.boxes import INCLUDED, PENDING
from reviewflow.concerns import GRAVITY
from reviewflow.page import wording
from reviewflow.page.document import Block, Inline, Link, Paragraph, Row, Table, col, paragraph, row, wide

from .view import Line, View

_NAMES = {"retraction": "Retraction", "concern": "Expression of concern", "erratum": "Erratum"}
_SAID = {
    "retraction": "retracted",
    "concern": "subject to an expression of concern",
    "erratum": "corrected by an erratum",
}
_TIES = {
    "own": "the record says so of itself",
    "identifier": "the notice names its DOI or PubMed identifier",
    "title": "the title is the same, and authors or journal agree",
    "maybe": "may concern it: look at both",
    "": "",
}
# Of reports that are not included, only what may change a decision.
_GRAVE = GRAVITY[:2]
_NAMED, _TITLE = 5, 100
# The gravest come first; the CSV has all.
SHOWN = 500


def blocks(view: View) -> list[Block]:
    """The notices that concern reports of the review, then those whose report is not among them."""
    lines = sorted(view.lines("dedupe/notices"), key=lambda line: _rank(view, line))
    if not lines:
        return [paragraph("No record carries a retraction, an expression of concern or an erratum.", kind="empty")]
    concerned = [line for line in lines if line["about"]]
    others = [line for line in lines if not line["about"]]
    text = paragraph(
        "What the databases flag, and what a title, publication type or link of PubMed says. A notice changes no "
        "decision by itself: look at each, and decide with the protocol what it means for the review."
    )
    return [text, _concerned(view, concerned), *([_others(view, others)] if others else [])]


def _rank(view: View, line: Line) -> tuple[int, int, int, str, str]:
    """Included reports before those in screening, retractions before the rest, the certain before what may be."""
    place = _place(view.state(line["about"]))
    grave = GRAVITY.index(line["notice"])
    return place, grave, line["tie"] == "maybe", line["about"], line["record_id"]


def _place(state: str) -> int:
    return 0 if state in INCLUDED else 1 if state in PENDING else 2


def _concerned(view: View, lines: Sequence[Line]) -> Table:
    state = [] if view.alone else [col("State of the report")]
    heads = (
        col("Notice"), wide("Report that it concerns"), *state, wide("Record that says so"), wide("How that is known"),
    )  # fmt: skip
    rows = tuple(_row(view, line) for line in lines)
    return view.placed(
        Table("notices", "Notices about reports of this review", heads, rows, limit=SHOWN), "dedupe/notices"
    )


def _row(view: View, line: Line) -> Row:
    state = [] if view.alone else [wording.state(view.state(line["about"]))]
    own = line["tie"] == "own"
    says = (Link(line["record_id"], kind="id"), *([] if own else [Link(line["title"] or "(no title)")]))
    grave = line["notice"] in _GRAVE and line["tie"] != "maybe"
    name = Link(_NAMES[line["notice"]], kind="no" if grave else "")
    report = (view.report(line["about"]), Link(line["title_about"] or "(no title)"))
    return row(name, report, *state, says, _TIES[line["tie"]])


def _others(view: View, lines: Sequence[Line]) -> Table:
    heads = (col("Notice"), col("Record"), wide("Title"))
    rows = tuple(row(_NAMES[line["notice"]], line["record_id"], line["title"] or "(no title)") for line in lines)
    caption = "Notices whose report is not among those of this review, or cannot be told"
    return view.placed(Table("other_notices", caption, heads, rows, limit=SHOWN), "dedupe/notices")


def alarms(view: View) -> list[Paragraph]:
    """What nobody may miss, gravest first: a paragraph for each kind of notice about reports that count or may yet."""
    found = []
    for notice in GRAVITY:
        for sure in (True, False):
            reports = _reports(view, notice, sure)
            if reports:
                found.append(_alarm(view, notice, sure, reports))
    return found


def headlines(view: View) -> list[str]:
    """The same in some words each, for the terminal."""
    return [
        f"{_counted(view, reports)} {_verb(sure, len(reports))} {_SAID[notice]}"
        for notice in GRAVITY
        for sure in (True, False)
        if (reports := _reports(view, notice, sure))
    ]


def _reports(view: View, notice: str, sure: bool) -> list[str]:
    """Reports that a kind of notice surely (or only perhaps) concerns, the included ones first. An excluded report is
    left out: nothing rests on it. So is an erratum of a report that is not included yet."""
    lines = [line for line in view.lines("dedupe/notices") if line["notice"] == notice and line["about"]]
    certain = {line["about"] for line in lines if line["tie"] != "maybe"}
    chosen = certain if sure else {line["about"] for line in lines} - certain
    limit = 2 if view.alone else 1 if notice in _GRAVE else 0
    if view.alone and notice not in _GRAVE:
        return []
    places = {report: _place(view.state(report)) for report in chosen}
    return sorted((r for r in chosen if places[r] <= limit), key=lambda r: (places[r], r))


def _alarm(view: View, notice: str, sure: bool, reports: list[str]) -> Paragraph:
    parts: list[Inline] = [f"{_NAMES[notice]}. ", f"{_counted(view, reports)} {_verb(sure, len(reports))} "]
    parts.append(f"{_SAID[notice]}: ")
    titles = {line["about"]: line["title_about"] or "no title" for line in view.lines("dedupe/notices")}
    for i, report in enumerate(reports[:_NAMED]):
        parts += ["; "] * bool(i) + [view.report(report), f" ({wording.shortened(titles[report], _TITLE)})"]
    if len(reports) > _NAMED:
        parts.append(f" and {len(reports) - _NAMED} more")
    parts += [". See ", Link("Notices", "#notices"), "."]
    return paragraph(*parts, kind="notice verdict alarm" if notice in _GRAVE and sure else "notice verdict")


def _counted(view: View, reports: list[str]) -> str:
    """How many reports, and where they stand."""
    if view.alone:
        return wording.several(len(reports), "report")
    places = Counter(_place(view.state(report)) for report in reports)
    words = ((0, "included"), (1, "in screening"))
    told = [f"{wording.several(places[p], 'report')} {word}" for p, word in words if places[p]]
    return wording.listed(told)


def _verb(sure: bool, n: int) -> str:
    if not sure:
        return "may be"
    return "is" if n == 1 else "are"
