"""Studies: those included, their arms and reports, and the reports that were excluded or could not be had."""

from reviewflow.boxes import BOXES, members
from reviewflow.page import wording
from reviewflow.page.document import Block, Head, Heading, Link, Row, Section, Table, col, num, paragraph, row, wide
from reviewflow.tables import split_list

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
    return wide(field["label"]) if longest > 40 else col(field["label"])


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
    rows = tuple(
        row(
            line["label"] or line["arm_id"], line["role"], wording.integer(line["n"]), badge(line["provenance"]),
            line["page"], line["quote"], line["note"], group=review.study(line["study_id"]),
        )
        for line in review.lines("extraction/arms")
    )  # fmt: skip
    heads = (
        col("Arm"), col("Role"), num("Participants"), col("Provenance"), col("Page"), wide("Quote"),
        wide("Note"),
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


def extraction_section(review: Review) -> Section:
    """The section on differences between extractors and on what is wrong with the extraction."""
    blocks: tuple[Block, ...] = (_disagreements(review), _issues(review))
    return Section("extraction", "Data extraction", "Extraction", blocks)


def _disagreements(review: Review) -> Table:
    rows = tuple(
        row(
            wording.human(line["table"]), " / ".join(filter(None, line["key"].split("/"))), line["column"],
            tuple(Link(value) for value in split_list(line["values"])),
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
