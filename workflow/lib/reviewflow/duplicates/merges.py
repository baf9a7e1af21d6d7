"""Merges by rule: the situation that each covers, and the least similar pair that it joined."""

from reviewflow.page import wording
from reviewflow.page.document import Block, Cell, Link, Table, col, num, paragraph, row, wide

from .view import Line, View


def blocks(view: View) -> list[Block]:
    """The rules that joined something as a table, those that did not in a sentence."""
    rules = sorted(view.lines("dedupe/merges"), key=lambda line: (-line["links"], line["rule"]))
    used = [line for line in rules if line["links"]]
    idle = sorted(wording.human(line["rule"]) for line in rules if not line["links"])
    heads = (
        col("Rule"), wide("Situation"), num("Joined"), num("Lowest similarity"), wide("Least similar pair"),
    )  # fmt: skip
    rows = tuple(
        row(
            wording.human(line["rule"]), line["situation"], wording.integer(line["links"]),
            wording.number(line["score"], 1), _pair(line),
        )
        for line in used
    )  # fmt: skip
    empty = "No record is joined to another."
    table = view.placed(Table("merges", "Records joined, by rule", heads, rows, empty=empty), "dedupe/merges")
    text = paragraph(
        "Each record is joined by one rule, the surest that holds. clusters.csv names it record by record, and the "
        "pair shown is the one to doubt first. A ruling of distinct takes any merge back."
    )
    rest = paragraph(f"These rules joined nothing: {', '.join(idle)}.", kind="note")
    return [*([text] if used else []), table, *([rest] if idle and used else [])]


def _pair(line: Line) -> Cell:
    """Both records; one where a record was exported again."""
    if line["example_a"] == line["example_b"]:
        return Cell((Link(line["example_a"], kind="id"), Link(line["title_a"])))
    sides = ((line["example_a"], line["title_a"]), (line["example_b"], line["title_b"]))
    return Cell(tuple(part for name, title in sides for part in (Link(name, kind="id"), Link(title or "(no title)"))))
