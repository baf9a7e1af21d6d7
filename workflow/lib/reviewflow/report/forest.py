"""Forest plots as data: what each row says and where its marks lie. Every number is a cell of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reviewflow.page import wording
from reviewflow.protocol import RATIOS

from . import forest_text
from .axis import Axis, axis_of
from .review import Line, Review

COLOURS = {"OR": "#1f4fb4", "MD": "#1e7a34", "GIV": "#b3261e"}
_FIELDS = {"events": "Events", "n": "Total", "mean": "Mean", "sd": "SD"}


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits on the analysis scale."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Stat:
    """A column between study and weight: the name of its side, its own, and the field that it shows."""

    side: str
    name: str
    field: str


@dataclass(frozen=True)
class ForestRow:
    """One study. `weight` is its share in percent; a study without an interval is not drawn."""

    label: str
    mark: str
    cells: tuple[str, ...]
    weight: float
    weight_text: str
    effect: str
    interval: Interval | None


@dataclass(frozen=True)
class Summary:
    """A pooled row."""

    label: str
    effect: str
    interval: Interval


@dataclass(frozen=True)
class Panel:
    """The studies of one analysis; `summary` is None where nothing is pooled."""

    title: str
    rows: tuple[ForestRow, ...]
    summary: Summary | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Forest:
    """A whole plot."""

    name: str
    title: str
    description: str
    heads: tuple[Stat, ...]
    effect_head: tuple[str, str]
    panels: tuple[Panel, ...]
    axis: Axis
    favours: tuple[str, str]
    colour: str
    feet: tuple[str, ...]


def analysis_forest(review: Review, analysis: Line) -> Forest:
    """The plot of one analysis."""
    name = analysis["analysis"]
    return _forest(review, f"forest_{wording.file_name(name)}", review.name_of(analysis), {"": analysis}, "Total")


def figure_forest(review: Review, figure: str, analyses: Sequence[Line]) -> Forest:
    """The plot of several analyses, a panel each, named by timepoint where all have one outcome."""
    outcomes = wording.listed(dict.fromkeys(review.outcome(line["outcome"]) for line in analyses))
    label = review.comparison(analyses[0]["comparison"])["label"]
    name = "timepoint" if len({line["outcome"] for line in analyses}) == 1 else "label"
    panels = {f"{line[name]}": line for line in analyses}
    if len(panels) < len(analyses):
        panels = {f"{line['label']} ({line['analysis']})": line for line in analyses}
    return _forest(review, wording.slug(figure), f"{figure}. {outcomes}: {label}", panels, "Subtotal")


def _forest(review: Review, name: str, title: str, named: Mapping[str, Line], total: str) -> Forest:
    analyses = list(named.values())
    heads = _heads(review, analyses)
    panels = tuple(_panel(review, analysis, heads, panel, total) for panel, analysis in named.items())
    drawn = [row.interval for panel in panels for row in panel.rows if row.interval]
    pooled = [panel.summary.interval for panel in panels if panel.summary]
    measure = str(analyses[0]["measure"])
    inner = [i.middle for i in drawn] + [v for i in pooled for v in (i.middle, i.low, i.high)]
    axis = axis_of(inner, [v for i in drawn for v in (i.low, i.high)], measure in RATIOS)
    return Forest(
        name,
        title,
        " ".join(forest_text.spoken(review, analysis) for analysis in analyses),
        heads,
        forest_text.effect_head(review, analyses),
        panels,
        axis,
        forest_text.favours(review, analyses[0]),
        COLOURS.get(measure, COLOURS["GIV"]),
        forest_text.feet(review, analyses),
    )


def _heads(review: Review, analyses: Sequence[Line]) -> tuple[Stat, ...]:
    """Columns that the studies fill: events, or means, or participants alone; a side without any has no column."""
    found = [
        {**review.contrast(analysis, effect), **effect}
        for analysis in analyses
        for effect in review.effects.get(analysis["analysis"], [])
    ]
    fields: tuple[str, ...] = ("n",)
    for candidate in (("events", "n"), ("mean", "sd", "n")):
        if found and all(wording.known(line.get(f"{candidate[0]}_{side}")) for line in found for side in "ec"):
            fields = candidate
    sides = review.comparison(analyses[0]["comparison"])
    return tuple(
        Stat(sides[name], _FIELDS[field], f"{field}_{side}")
        for side, name in (("e", "experimental"), ("c", "control"))
        for field in fields
        if any(wording.known(line.get(f"n_{side}")) for line in found)
    )


def _cells(heads: tuple[Stat, ...], effect: Line, contrast: Line) -> tuple[str, ...]:
    values = [({**contrast, **effect}.get(head.field), head.name) for head in heads]
    return tuple(wording.plain(v) if name in ("Mean", "SD") else wording.integer(v) for v, name in values)


def _panel(review: Review, analysis: Line, heads: tuple[Stat, ...], title: str, total: str) -> Panel:
    pooled = review.pooled.get(analysis["analysis"], {})
    digits = forest_text.digits_of(pooled)
    rows = tuple(
        _row(effect, _cells(heads, effect, review.contrast(analysis, effect)), pooled, digits)
        for effect in review.effects.get(analysis["analysis"], [])
    )
    model = forest_text.model_of(pooled)
    return Panel(
        f"{title} ({model})" if title and model else title, rows, _summary(pooled, digits, total), _notes(pooled)
    )


def _row(effect: Line, cells: tuple[str, ...], pooled: Line, digits: int) -> ForestRow:
    natural = (effect["effect_natural"], effect["ci_lower_natural"], effect["ci_upper_natural"])
    mark = wording.PROVENANCE.get(effect["provenance"], ("", ""))[0]
    weight = forest_text.weight_of(effect, pooled) if effect["used"] else None
    return ForestRow(
        effect["label"] or effect["study_id"],
        mark,
        cells,
        float(weight) if wording.known(weight) else 0.0,  # type: ignore[arg-type]
        f"{wording.number(weight, 1)}%" if wording.known(weight) else "not pooled",
        wording.estimate(natural, digits, "[]"),
        _interval(effect["yi"], effect["ci_lower"], effect["ci_upper"]),
    )


def _interval(middle: object, low: object, high: object) -> Interval | None:
    if not all(map(wording.known, (middle, low, high))):
        return None
    return Interval(float(middle), float(low), float(high))  # type: ignore[arg-type]


def _summary(pooled: Line, digits: int, total: str) -> Summary | None:
    """The pooled row; one study is not a synthesis and gets no diamond."""
    if not pooled or pooled["k"] < 2:
        return None
    interval = _interval(pooled["estimate"], pooled["ci_lower"], pooled["ci_upper"])
    if interval is None:
        return None
    n = f", n = {wording.integer(pooled['n'])}" if wording.known(pooled["n"]) else ""
    natural = (pooled["estimate_natural"], pooled["ci_lower_natural"], pooled["ci_upper_natural"])
    return Summary(f"{total} ({pooled['level']:g}% CI){n}", wording.estimate(natural, digits, "[]"), interval)


def _notes(pooled: Line) -> tuple[str, ...]:
    if not pooled or pooled["k"] < 1:
        return ("No study to pool.",)
    return (forest_text.heterogeneity(pooled), forest_text.overall(pooled))
