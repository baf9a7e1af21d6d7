"""Overlap of the sources: what each contributed alone, what any two share, and the exact sets."""

from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Cell,
    Details,
    Figure,
    Heading,
    Link,
    Row,
    Table,
    cell,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.tables import split_list

from . import overlap_figure
from .view import Line, View

# A matrix wider than this cannot be read; the CSV has every pair.
WIDEST = 15
SHOWN_SETS = 500
# Shares of a source's reports from which the ground of a cell is one step darker.
_STEPS = (0.0, 0.2, 0.4, 0.6, 0.8)
FIGURES = {"sources": "figures/sources.svg", "sets": "figures/sets.svg"}


def blocks(view: View) -> list[Block]:
    """Figures and tables of the overlap; one sentence where nothing was found yet."""
    sources = ranked(view)
    if not sources:
        return [paragraph("No record has been read yet, so there is nothing to compare.", kind="empty")]
    return [
        Heading("What each source contributed", "contributions"),
        _figure(view, "sources", "Reports that each source found, and those that no other source found."),
        _contributions(view, sources),
        Heading("What any two sources share", "shared"),
        _matrix(view, [line["source"] for line in sources]),
        *_rest(len(sources)),
        Heading("Which sources found the same reports", "sets"),
        _figure(view, "sets", _sets_caption(view)),
        Details("sets-table", "The sets as a table", (_sets(view),)),
    ]


def figures(view: View) -> dict[str, str]:
    """The drawings by the paths of their files; none where nothing was found yet."""
    sources = ranked(view)
    if not sources:
        return {}
    sets = _largest(view)
    return {
        FIGURES["sources"]: overlap_figure.contributions(sources),
        FIGURES["sets"]: overlap_figure.sets(sources, sets),
    }


def ranked(view: View) -> list[Line]:
    """The sources, those with most reports first."""
    return sorted(view.lines("dedupe/sources"), key=lambda line: (-line["reports"], line["source"]))


def _largest(view: View) -> list[Line]:
    return sorted(view.lines("dedupe/intersections"), key=lambda s: (-s["reports"], s["n_sources"], s["sources"]))


def _figure(view: View, name: str, caption: str) -> Figure:
    drawn = figures(view)[FIGURES[name]]
    return Figure(f"figure-{name}", caption, drawn, "" if view.alone else FIGURES[name])


def _contributions(view: View, sources: list[Line]) -> Table:
    yields = {line["source"]: line for line in view.lines("screening/contributions")} if not view.alone else {}
    heads = [
        col("Source"), col("Kind"), num("Sightings"), num("Records"), num("Reports"), num("Found by no other"),
        num("Share"),
    ]  # fmt: skip
    if not view.alone:
        heads += [num("Included"), num("Included, found by no other")]
    rows = tuple(_contribution(line, yields.get(line["source"])) for line in sources)
    return view.placed(Table("sources", "What each source contributed", tuple(heads), rows), "dedupe/sources")


def _contribution(line: Line, found: Line | None) -> Row:
    counts = [wording.integer(line[name]) for name in ("sightings", "records", "reports", "unique_reports")]
    included = [wording.integer(found[name]) for name in ("included", "unique_included")] if found else []
    kind = ", ".join(split_list(line["source_type"]))
    return row(line["source"], kind, *counts, wording.percent(line["share_unique"]), *included)


def _matrix(view: View, sources: list[str]) -> Table:
    shown = sources[:WIDEST]
    common = {(line["source_a"], line["source_b"]): line for line in view.lines("dedupe/overlap")}
    rows = tuple(row(a, *(_common(common[a, b]) for b in shown)) for a in shown)
    heads = (col("Of the reports in"), *(num(f"also in {b}") for b in shown))
    caption = "Reports that two sources share, and what part this is of the reports in the source of the row"
    return view.placed(Table("overlap", caption, heads, rows), "dedupe/overlap")


def _common(line: Line) -> Cell:
    if line["source_a"] == line["source_b"]:
        return cell(Link(wording.integer(line["reports"]), kind="own"))
    share = line["share_a"]
    text = f"{wording.integer(line['reports'])} ({wording.percent(share)})"
    return Cell((Link(text),), shade=sum(share > step for step in _STEPS))


def _rest(n: int) -> list[Block]:
    if n <= WIDEST:
        return []
    return [paragraph(f"The {WIDEST} sources with most reports of {n} are shown; the CSV has every pair.", kind="note")]


def _sets_caption(view: View) -> str:
    every = _largest(view)
    hidden = every[overlap_figure.COLUMNS :]
    caption = "Reports by the exact set of sources that found them; each report is counted once."
    if not hidden:
        return caption
    left = sum(line["reports"] for line in hidden)
    return (
        f"{caption} The {overlap_figure.COLUMNS} largest of {len(every)} sets are drawn; the others hold "
        f"{wording.several(left, 'report')} and stand in the table."
    )


def _sets(view: View) -> Table:
    rows = tuple(
        row(
            ", ".join(split_list(line["sources"])), wording.integer(line["n_sources"]), wording.integer(line["reports"])
        )
        for line in _largest(view)
    )
    heads = (wide("Found by exactly these"), num("Sources"), num("Reports"))
    table = Table("source_sets", "Reports by the exact set of sources", heads, rows, limit=SHOWN_SETS)
    return view.placed(table, "dedupe/intersections")
