"""The queue of doubtful pairs, side by side, with the lines that answer them."""

import csv
import io

from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Comparison,
    Difference,
    Heading,
    Link,
    Table,
    Verbatim,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.schema import schema

from .difference import difference
from .view import Line, View

# Some more than anybody rules on at one sitting; a page with thousands of pairs could not be opened.
SHOWN = 100
RULINGS = "records/dedupe/rulings.csv"
_FIELDS = ("title", "authors", "year", "journal", "volume", "pages", "doi")
_NAMES = {"doi": "DOI"}
# No date, so that a line nobody has filled in is a fault and no ruling.
_TO_FILL = {"ruled_by": "NAME", "ruled_at": "YYYY-MM-DD"}


def blocks(view: View) -> list[Block]:
    """How many wait and why, how to rule, and the pairs, the most similar first."""
    pairs = sorted(view.lines("dedupe/doubtful_pairs"), key=lambda p: (-p["score"], p["record_a"], p["record_b"]))
    if not pairs:
        return [paragraph("No pair of records waits for a ruling.", kind="empty")]
    return [
        paragraph(
            f"{wording.several(len(pairs), 'pair')} of records may index one report, and no rule settles it. Until a "
            f"person rules, each pair stays two reports. Copy one of the two lines below a pair into {RULINGS}, and "
            "write your name and the day into it. Words that only one side has are marked and underlined; case, "
            "accents and punctuation do not count."
        ),
        paragraph("The file begins with this line:"),
        Verbatim(f"First line of {RULINGS}", ",".join(schema("records/dedupe/rulings").columns)),
        _reasons(view),
        Heading("The pairs", "pairs"),
        *_cut(view, len(pairs)),
        *(_pair(i, line) for i, line in enumerate(pairs[:SHOWN], 1)),
    ]


def _reasons(view: View) -> Table:
    doubts = sorted(view.lines("dedupe/doubts"), key=lambda line: (-line["pairs"], line["why"]))
    rows = tuple(row(wording.human(line["why"]), line["situation"], wording.integer(line["pairs"])) for line in doubts)
    heads = (col("Why"), wide("What that means"), num("Pairs"))
    return view.placed(Table("doubts", "Why pairs are doubtful", heads, rows), "dedupe/doubts")


def _cut(view: View, n: int) -> list[Block]:
    if n <= SHOWN:
        return []

    file = Link("results/dedupe/doubtful_pairs.csv", "doubtful_pairs.csv" if view.alone else "")
    return [paragraph(f"The {SHOWN} most similar of {n} pairs are shown; all are in ", file, ".", kind="note")]


def _pair(number: int, line: Line) -> Comparison:
    names = line["record_a"], line["record_b"]
    fields = [_field(name, str(line[f"{name}_a"]), str(line[f"{name}_b"])) for name in _FIELDS]
    return Comparison(
        id=f"pair-{number}",
        title=f"Pair {number}: similarity {wording.number(line['score'], 1)}",
        names=names,
        why=wording.human(line["why"]),
        fields=tuple(field for field in fields if field.verdict != "not given"),
        answers=tuple(_answer(*names, verdict) for verdict in ("duplicate", "distinct")),
    )


def _field(name: str, a: str, b: str) -> Difference:
    return difference(_NAMES.get(name, name.capitalize()), a, b)


def _answer(record_a: str, record_b: str, verdict: str) -> str:
    """The line of rulings.csv, as a spreadsheet would write it."""
    given = {"record_a": record_a, "record_b": record_b, "verdict": verdict, **_TO_FILL}
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([given.get(c, "") for c in schema("records/dedupe/rulings").columns])
    return out.getvalue()
