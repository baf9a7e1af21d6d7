"""The audit of decisions: what was found, who decided what and when, and what rests on each reviewer."""

from collections.abc import Mapping
from itertools import groupby

from reviewflow.formulas import plain
from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Details,
    Figure,
    Heading,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    cell,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.tables import split_list

from . import pace_figure
from .review import Line, Review

# More rows than these make the page long; the CSV beside each table has all.
_SHOWN = 60
_VOTES = ("include", "unsure", "exclude", "none")
_GROUPS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}
_CHECKS = {
    "chain": "Seals", "copied": "Copied lines", "independence": "Independence", "adjudicator": "Adjudicator",
    "no_effect": "Without effect", "collision": "Collision", "before_record": "Too early", "burst": "Burst",
    "pace": "Pace", "time": "Times", "unresolved": "Unresolved", "identity": "Identities", "balance": "Exports",
    "amendment": "Amendment", "seen": "Text seen",
}  # fmt: skip
_INDEPENDENCE = (
    ("decisions", "Lines"), ("reports", "Reports"), ("first_before_other", "First, or alone"),
    ("after_other_on_page", "After another, on the page"), ("after_other_by_hand", "After another, by hand"),
    ("order_unknown", "Order not known"), ("after_adjudication", "First vote after adjudication"),
    ("changed", "Changed"), ("changed_after_other_on_page", "Changed after another, on the page"),
    ("changed_after_other_by_hand", "Changed after another, by hand"),
    ("changed_after_adjudication", "Changed after adjudication"),
    ("sealed", "Sealed"), ("unsealed", "Unsealed"), ("imported", "Imported"),
)  # fmt: skip


def section(review: Review) -> Section:
    """The section of the audit."""
    blocks: list[Block] = [_verdict(review), *_findings(review)]
    blocks += [Heading("Who decided what, and when", "audit-pace"), *_pace(review), *_independence(review)]
    blocks += [Heading("Votes of each two reviewers", "audit-votes"), _matrix(review)]
    blocks += [Heading("Excluded, though somebody would have included", "audit-near-misses"), _near_misses(review)]
    blocks += [Heading("Without one reviewer", "audit-without"), *_without(review)]
    return Section("audit", "Audit of decisions", "Audit", tuple(blocks))


def drawings(review: Review) -> dict[str, str]:
    """The figure by the path of its file; none while no decision has a time."""
    lines = review.lines("audit/pace")
    return {"figures/pace.svg": pace_figure.draw(lines)} if lines else {}


def _verdict(review: Review) -> Paragraph:
    severities = list(review.table("audit/findings")["severity"])
    n = {name: severities.count(name) for name in _GROUPS}
    others = f"{wording.several(n['warning'], 'warning')} and {wording.several(n['note'], 'note')}"
    about = "Every decision was checked: seals, independence, times, effect, and the text that it was made on."
    if n["error"]:
        head = f"{wording.several(n['error'], 'error')} to mend. "
        return paragraph(head, f"There are {others} besides. {about}", kind="notice alarm verdict")
    return paragraph("No error. ", f"There are {others}. {about}", kind="verdict final")


def _findings(review: Review) -> list[Block]:
    """Errors and warnings in view, notes folded."""
    lines = review.lines("audit/findings")
    grave = [line for line in lines if line["severity"] != "note"]
    notes = [line for line in lines if line["severity"] == "note"]
    shown = _found("findings", "Errors and warnings", grave, grouped=True)
    if not notes:
        return [shown]
    table = _found("audit_notes", "Notes", notes)
    return [shown, Details("audit-notes", wording.several(len(notes), "note"), (table,))]


def _found(name: str, caption: str, lines: list[Line], *, grouped: bool = False) -> Table:
    rows = tuple(
        row(
            _CHECKS.get(line["check"], wording.human(line["check"])), wording.sentence(line["finding"]),
            _report(line["report_id"]), _place(line), wording.sentence(line["mend"]),
            group=_GROUPS[line["severity"]] if grouped else "",
        )
        for line in lines
    )  # fmt: skip
    heads = (col("Check"), wide("Finding"), col("Report"), wide("Where"), wide("What to do"))
    group, file = "Severity" if grouped else "", name if name.startswith("audit") else f"audit_{name}"
    return Table(name, caption, heads, rows, group, file=file, limit=_SHOWN)


def _report(report_id: str) -> Link:
    return Link(report_id, wording.to("report", report_id) if report_id else "")


def _place(line: Line) -> tuple[Link, ...]:
    """Stage and person, and below them file and line."""
    number = wording.integer(line["line"])
    file = f"{line['file']}:{number}" if number else str(line["file"])
    who = ", ".join(part for part in (wording.STAGES.get(line["stage"], ""), line["reviewer"]) if part)
    return tuple(part for part in (Link(who), Link(file, kind="id")) if part.text)


def _pace(review: Review) -> list[Block]:
    lines = review.lines("audit/pace")
    if not lines:
        return [paragraph("No decision with a time is there yet.")]
    caption = "Decisions of each person: all so far as lines, and those of each day as bars. Days are in UTC."
    heads = (col("Stage"), col("Person"), col("Role"), col("Day"), num("Decisions"), num("So far"))
    rows = tuple(
        row(
            wording.STAGES[line["stage"]], line["reviewer"], line["role"], line["day"],
            wording.integer(line["decisions"]), wording.integer(line["cumulative"]),
        )
        for line in sorted(lines, key=_by_stage)
    )  # fmt: skip
    table = Table("pace", "Decisions by day", heads, rows, file="audit_pace", limit=_SHOWN)
    figure = Figure("figure-pace", caption, pace_figure.draw(lines), "figures/pace.svg")
    return [figure, Details("pace-table", "The same as a table", (table,))]


def _by_stage(line: Line) -> int:
    return list(wording.STAGES).index(line["stage"])


def _independence(review: Review) -> list[Block]:
    text = paragraph(
        "The first vote of a reviewer on a report was made before any other reviewer's, after another's, or in an "
        "order that the times do not tell. A vote whose seal holds was made on the screening page, which shows nobody "
        "else's votes; for a line written by hand the file cannot show what its writer knew. Seals have no secret in "
        "them: they show changes against what was published, and are no proof of who wrote a line.",
        kind="note",
    )
    heads = (col("Stage"), col("Reviewer"), *(num(label) for _, label in _INDEPENDENCE))
    rows = tuple(
        row(
            wording.STAGES[line["stage"]], line["reviewer"],
            *(wording.integer(line[name]) for name, _ in _INDEPENDENCE),
        )
        for line in sorted(review.lines("audit/independence"), key=_by_stage)
    )  # fmt: skip
    caption = "Whether first votes and changed ones could have been made in knowledge of another's"
    empty = "Nobody has decided yet."
    return [text, Table("independence", caption, heads, rows, empty=empty, file="audit_independence")]


def _matrix(review: Review) -> Table:
    lines = sorted(review.lines("audit/matrix"), key=_pair)
    rows = tuple(r for _, found in groupby(lines, _pair) for r in _cross(list(found)))
    heads = (col("Vote of the first"), *(num(f"Second: {vote}") for vote in _VOTES))
    caption = "Reports by the newest votes of two reviewers; none: only the other has voted"
    empty = "No report has been judged by two reviewers yet."
    return Table("votes_matrix", caption, heads, rows, "Stage and reviewers", empty, "audit_matrix")


def _pair(line: Line) -> tuple[int, str, str]:
    return _by_stage(line), line["reviewer_a"], line["reviewer_b"]


def _cross(lines: list[Line]) -> list[Row]:
    first = lines[0]
    group = f"{wording.STAGES[first['stage']]}: first {first['reviewer_a']}, second {first['reviewer_b']}"
    counts = {(line["vote_a"], line["vote_b"]): wording.integer(line["reports"]) for line in lines}
    return [row(a, *(cell(_count(counts, a, b)) for b in _VOTES), group=group) for a in _VOTES]


def _count(counts: Mapping[tuple[str, str], str], first: str, second: str) -> str:
    """A count; reports that neither has voted on are not counted."""
    return counts.get((first, second), "" if first == second == "none" else "0")


def _near_misses(review: Review) -> Table:
    rows = tuple(
        row(
            _report(line["report_id"]), line["title"], _votes(line), _settled(line),
            str(review.reasons.get(line["reason"], line["reason"])), plain(line["note"]),
            group=wording.STAGES[line["stage"]],
        )
        for line in sorted(review.lines("audit/near_misses"), key=_by_stage)
    )  # fmt: skip
    heads = (
        col("Report"), wide("Title"), wide("Votes"), col("How it was settled"), col("Reason"),
        wide("Note of the adjudicator"),
    )  # fmt: skip
    caption = "Excluded reports that had a vote to include, or unsure"
    return Table("near_misses", caption, heads, rows, "Stage", file="audit_near_misses", limit=_SHOWN)


def _votes(line: Line) -> tuple[Link, ...]:
    """Who voted how, and who voted otherwise before."""
    names = {"include": "included_by", "unsure": "unsure_by", "exclude": "excluded_by", "changed": "changed_by"}
    cast = {vote: ", ".join(split_list(line[column])) for vote, column in names.items()}
    return tuple(Link(f"{vote}: {who}") for vote, who in cast.items() if who)


def _settled(line: Line) -> str:
    return f"adjudicated by {line['adjudicator']}" if line["adjudicator"] else line["settled"]


def _without(review: Review) -> list[Block]:
    text = paragraph(
        "Each reviewer's votes are left out in turn; those of the others decide by the same rules, with one vote "
        "fewer a report, and an adjudication holds only where they still conflict. Left open are reports that are "
        "excluded now and would have gone on, to a judgement that nobody has made.",
        kind="note",
    )
    names = ("reports", "included", "included_without", "lost", "gained", "open", "changed")
    labels = ("Judged", "Included", "Included without", "Lost", "Gained", "Left open", "Other state in all")
    rows = tuple(
        row(line["reviewer"], *(wording.integer(line[name]) for name in names))
        for line in review.lines("audit/influence")
    )
    heads = (col("Left out"), *(num(label) for label in labels))
    empty = "Nobody has decided yet."
    totals = Table("influence", "Reports without one reviewer", heads, rows, empty=empty, file="audit_influence")
    return [text, totals, Details("without-reports", "The reports concerned", (_changes(review),))]


def _changes(review: Review) -> Table:
    rows = tuple(
        row(
            line["reviewer"], _report(line["report_id"]), wording.state(line["state"]), wording.state(line["without"]),
            wording.human(line["change"]), line["title"],
        )
        for line in review.lines("audit/without_reviewer")
    )  # fmt: skip
    heads = (col("Left out"), col("Report"), col("State"), col("State without"), col("Change"), wide("Title"))
    caption = "Reports whose state would be another one"
    return Table("without_reviewer", caption, heads, rows, file="audit_without_reviewer", limit=_SHOWN)
