"""Forest plots as data: what each row says and where its marks lie. Every number is a cell of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reviewflow.page import wording
from reviewflow.protocol import RATIOS

from . import forest_text
from .axis import Axis, axis_of, spanning
from .forest_layouts import LAYOUTS, Layout
from .forest_rows import (
    ForestRow,
    Interval,
    Prediction,
    Stat,
    Summary,
    heads_of,
    prediction_of,
    row_of,
    share,
    summary_of,
)
from .review import Line, Review, grouped

_COUNTS, _MEANS = "#1f4fb4", "#1e7a34"
COLOURS = {
    **dict.fromkeys(("OR", "RR", "RD", "PETO", "IRR", "PLO", "PAS"), _COUNTS),
    **dict.fromkeys(("MD", "SMD", "ROM", "MC", "SMCC", "SMCR"), _MEANS),
    "GIV": "#b3261e",
}
# Measures without a state of no effect, and the farthest value of those that have a bound on the scale people read.
_SHARES = frozenset({"PLO", "PAS"})
_BOUNDS = {"ZCOR": 1.0}


@dataclass(frozen=True)
class Panel:
    """The studies of one analysis or subgroup; `summary` is None where nothing is pooled."""

    title: str
    rows: tuple[ForestRow, ...]
    summary: Summary | None
    prediction: Prediction | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Forest:
    """A whole plot; a dashed line stands at `mark`."""

    name: str
    title: str
    description: str
    layout: Layout
    heads: tuple[Stat, ...]
    effect_head: tuple[str, str]
    panels: tuple[Panel, ...]
    axis: Axis
    favours: tuple[str, str]
    colour: str
    feet: tuple[str, ...]
    mark: float | None = None


def analysis_forest(review: Review, analysis: Line) -> Forest:
    """The plot of one analysis, a panel each subgroup where it has any."""
    name = analysis["analysis"]
    layout = layout_of(review, analysis)
    panels = _subgroups(review, analysis, layout) or {"": _Part(analysis)}
    file = f"forest_{wording.file_name(name)}"
    return _forest(review, file, review.name_of(analysis), panels, layout, "Total")


def figure_forest(review: Review, figure: str, analyses: Sequence[Line]) -> Forest:
    """The plot of several analyses, a panel each, named by timepoint where all have one outcome."""
    outcomes = wording.listed(dict.fromkeys(review.outcome(line["outcome"]) for line in analyses))
    label = review.comparison(analyses[0]["comparison"])["label"]
    name = "timepoint" if len({line["outcome"] for line in analyses}) == 1 else "label"
    panels = {f"{line[name]}": _Part(line) for line in analyses}
    if len(panels) < len(analyses):
        panels = {f"{line['label']} ({line['analysis']})": _Part(line) for line in analyses}
    title = f"{figure}. {outcomes}: {label}"
    return _forest(review, wording.slug(figure), title, panels, layout_of(review, analyses[0]), "Subtotal")


def layout_of(review: Review, analysis: Line) -> Layout:
    """The layout that the analysis asks for, else the review's."""
    return LAYOUTS[str(analysis.get("forest") or review.setting("report", "forest", "revman"))]


@dataclass(frozen=True)
class _Part:
    """What a panel is made of: an analysis, all of it or the studies and the pooled row of one subgroup."""

    analysis: Line
    effects: Sequence[Line] | None = None
    pooled: Line | None = None
    closing: tuple[str, ...] = ()

    def rows(self, review: Review) -> Sequence[Line]:
        return review.effects.get(self.analysis["analysis"], []) if self.effects is None else self.effects


def _subgroups(review: Review, analysis: Line, layout: Layout) -> dict[str, _Part]:
    """A part each subgroup, in the order of their names, then the whole with the test between them."""
    name = analysis["analysis"]
    pooled = {line["subgroup"]: line for line in review.further("subgroups").get(name, [])}
    if not pooled:
        return {}
    whole = review.pooled.get(name, {})
    effects = grouped(review.effects.get(name, []), "subgroup")
    parts: dict[str, _Part] = {}
    for group in sorted({*pooled, *effects}, key=lambda value: (not value, value)):
        shared = {key: whole.get(key) for key in ("model", "method", "level", "tau2_method", "ci_method", "measure")}
        own = {key: value for key, value in pooled.get(group, {}).items() if key not in shared or value != ""}
        found = {**shared, **own} if own else {}
        parts[group or "No subgroup stated"] = _Part(analysis, effects.get(group, []), found)
    closing = tuple(forest_text.between(test, whole, layout) for test in review.further("subgroup_tests").get(name, []))
    return {**parts, "": _Part(analysis, (), None, closing)}


def _forest(review: Review, name: str, title: str, parts: Mapping[str, _Part], layout: Layout, total: str) -> Forest:
    analyses = list({part.analysis["analysis"]: part.analysis for part in parts.values()}.values())
    measure = str(analyses[0]["measure"])
    heads = heads_of(review, [(part.analysis, effect) for part in parts.values() for effect in part.rows(review)])
    panels = tuple(
        _panel(review, part, heads, panel, layout, total if panel == "" or len(analyses) > 1 else "Subtotal")
        for panel, part in parts.items()
    )
    return Forest(
        name,
        title,
        " ".join(forest_text.spoken(review, analysis) for analysis in analyses),
        layout,
        heads if "stats" in layout.left + layout.right else (),
        forest_text.effect_head(review, analyses),
        panels,
        axis_for(panels, measure),
        favours_of(review, analyses[0], layout),
        layout.square or COLOURS.get(measure, COLOURS["GIV"]),
        forest_text.feet(review, analyses),
    )


def favours_of(review: Review, analysis: Line, layout: Layout) -> tuple[str, str]:
    """The labels left and right of no effect; blank where the measure has none."""
    return ("", "") if analysis["measure"] in _SHARES else forest_text.favours(review, analysis, layout)


def _panel(review: Review, part: _Part, heads: tuple[Stat, ...], title: str, layout: Layout, total: str) -> Panel:
    whole = review.pooled.get(part.analysis["analysis"], {})
    pooled = whole if part.pooled is None else part.pooled
    digits = forest_text.digits_of(whole)
    rows = tuple(row_of(review, part.analysis, line, heads, whole, digits, layout) for line in part.rows(review))
    model = forest_text.model_of(pooled) if part.pooled is None else ""
    weight = share(100.0 if part.pooled is None else sum(row.weight for row in rows), layout)
    summary = summary_of(pooled, digits, total, weight, layout)
    return Panel(
        f"{title} ({model})" if title and model else title,
        tuple(replace(row, cells=row.cells if "stats" in layout.left + layout.right else ()) for row in rows),
        summary,
        prediction_of(pooled, digits, layout) if summary else None,
        (*(_notes(pooled, layout) if part.pooled != {} else ()), *part.closing),
    )


def _notes(pooled: Line, layout: Layout) -> tuple[str, ...]:
    if not pooled or pooled["k"] < 1:
        return ("No study to pool.",)
    return (forest_text.heterogeneity(pooled, layout), forest_text.overall(pooled, layout))


def axis_for(panels: Sequence[Panel], measure: str) -> Axis:
    """The axis on which the panels lie."""
    drawn = [row.interval for panel in panels for row in panel.rows if row.interval]
    pooled = [panel.summary.interval for panel in panels if panel.summary]
    limits = [value for i in (*drawn, *_spread(panels)) for value in (i.low, i.high)]
    middles = [i.middle for i in drawn]
    inner = [value for i in pooled for value in (i.middle, i.low, i.high)]
    if measure in _SHARES:
        everything = [*middles, *inner, *limits]
        found = spanning(max(0.0, min(everything, default=0.0)), min(1.0, max(everything, default=1.0)))
        return replace(found, null=None)
    bound = {"largest": _BOUNDS[measure]} if measure in _BOUNDS else {}
    return axis_of([*middles, *inner], limits, measure in RATIOS, **bound)


def _spread(panels: Sequence[Panel]) -> list[Interval]:
    return [panel.prediction.interval for panel in panels if panel.prediction]
