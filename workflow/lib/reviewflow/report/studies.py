"""Studies: those included, their arms and reports, and the reports that were excluded or could not be had."""

from reviewflow.boxes import BOXES, members
from reviewflow.page import wording
from reviewflow.page.document import Block, Head, Heading, Link, Row, Section, Table, col, num, paragraph, row, wide

from .lists import box_id, report_table
from .review import Line, Review

_BOXES = {box.data: box for box in BOXES}


def badge(provenance: str) -> Link:
    """Where a value comes from, as a label."""
    mark = wording.PROVENANCE.get(provenance, ("", ""))[0]
    return Link(f"{provenance} {mark}".strip(), kind=f"badge {provenance}") if provenance else Link("")


def key_of_badges() -> tuple[str | Link, ...]:
    """What the labels mean."""
    parts: list[str | Link] = ["Where a value comes from: "]
    for i, (name, (_, meaning)) in enumerate(wording.PROVENANCE.items()):
        parts += ["; " if i else "", badge(name), f" {meaning}"]
    return (*parts, ".")


def section(review: Review) -> Section:
    """The section on included studies."""
    included = members(review.table("screening/ledger"), _BOXES["new_reports"])
    blocks: tuple[Block, ...] = (
        paragraph(*key_of_badges(), kind="note"),
        Heading("Characteristics", box_id("new_studies")),
        _characteristics(review),
        Heading("Arms", "arms"),
        _arms(review),
        Heading("Reports of included studies", box_id("new_reports")),
        report_table(review, "new_reports", "Reports of included studies", included),
    )
    return Section("studies", "Included studies", "Included studies", blocks)


def _characteristics(review: Review) -> Table:
    fields = [f for f in review.setting("extraction", "study_fields", []) if f.get("in_table", True)]
    studies = review.lines("extraction/studies")
    rows = tuple(_study(review, line, [f["name"] for f in fields]) for line in studies)
    heads = (
        col("Study"), *(_field(studies, f) for f in fields), col("Reports"), col("Page"), col("Provenance"),
        wide("Note"),
    )  # fmt: skip
    caption = "Characteristics of included studies"
    return Table("included_studies", caption, heads, rows, empty="No study is included yet.", file="studies")


def _field(studies: list[Line], field: dict[str, str]) -> Head:
    """A characteristic's column, wide where a study needs a sentence for it."""
    longest = max((len(str(line.get(field["name"], ""))) for line in studies), default=0)
    label = f"{field['label']} ({field['unit']})" if field.get("unit") else field["label"]
    return wide(label) if longest > 40 else col(label)


def _study(review: Review, line: Line, fields: list[str]) -> Row:
    return row(
        line["label"] or line["study_id"],
        *(str(line.get(name, "")) for name in fields),
        review.report_links(line["reports"]),
        line["page"],
        badge(line["provenance"]),
        line["note"],
        place=wording.anchor("study", line["study_id"]),
    )


def _arms(review: Review) -> Table:
    fields = [f for f in review.setting("extraction", "arm_fields", []) if f.get("in_table", True)]
    arms = review.lines("extraction/arms")
    rows = tuple(
        row(
            line["label"] or line["arm_id"], line["role"], wording.integer(line["n"]),
            *(str(line.get(f["name"], "")) for f in fields), badge(line["provenance"]),
            line["page"], line["quote"], line["note"], group=review.study(line["study_id"]),
        )
        for line in arms
    )  # fmt: skip
    heads = (
        col("Arm"), col("Role"), num("Participants"), *(_field(arms, f) for f in fields), col("Provenance"),
        col("Page"), wide("Quote"), wide("Note"),
    )  # fmt: skip
    return Table("study_arms", "Arms of included studies", heads, rows, "Study", "No arm is extracted yet.", "arms")


def excluded_section(review: Review) -> Section:
    """The section on reports excluded at full text and reports that were not retrieved (PRISMA item 16b)."""
    blocks: list[Block] = []
    for route, name in (("dbr", "databases and registers"), ("other", "other methods")):
        if route == "dbr" or review.count("other_sought_reports"):
            blocks += _excluded(review, route, name)
    return Section("excluded", "Reports excluded or not retrieved", "Excluded reports", tuple(blocks))


def _excluded(review: Review, route: str, name: str) -> list[Block]:
    ledger = review.table("screening/ledger")
    blocks: list[Block] = []
    for data, title in (
        (f"{route}_excluded", "Reports excluded at full text, by primary reason"),
        (f"{route}_notretrieved_reports", "Reports not retrieved"),
    ):
        chosen = members(ledger, _BOXES[data])
        table = report_table(review, data, f"{title} ({name})", chosen, by_reason=data.endswith("_excluded"))
        blocks += [Heading(f"{title}: {name} (n = {len(chosen)})", box_id(data)), table]
    return blocks
