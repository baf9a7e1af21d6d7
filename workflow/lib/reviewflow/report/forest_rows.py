"""The rows of a forest plot: studies, pooled estimates, prediction intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewflow.page import wording

from . import forest_text
from .forest_layouts import Layout
from .review import Line, Review

_FIELDS = {"events": "Events", "time": "Time", "n": "Total", "mean": "Mean", "sd": "SD"}
_COLUMNS = (("events", "time"), ("events", "n"), ("mean", "sd", "n"))
# Measures whose analysis scale is not what people read: they are drawn on the latter, which has no other unit.
_READ = frozenset({"PLO", "PAS", "ZCOR"})


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits on the scale of the axis."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Stat:
    """A column of the studies' numbers: the name of its side, its own, and the field that it shows."""

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
    weight: str
    effect: str
    interval: Interval


@dataclass(frozen=True)
class Prediction:
    """The row of a prediction interval."""

    label: str
    effect: str
    interval: Interval


def heads_of(review: Review, effects: Sequence[tuple[Line, Line]]) -> tuple[Stat, ...]:
    """Columns that the studies fill: events, or means, or participants alone; a side without any has no column."""
    found = [{**_contrast(review, analysis, effect), **_filled(effect)} for analysis, effect in effects]
    sides = [side for side in "ec" if any(wording.known(line.get(f"n_{side}")) for line in found)]
    sides = sides or [side for side in "ec" if any(wording.known(line.get(f"events_{side}")) for line in found)]
    fields: tuple[str, ...] = ("n",)
    for candidate in reversed(_COLUMNS):
        # All studies have the first; what tells person-time from participants is that some have it.
        first, *others = candidate
        has = [any(wording.known(line.get(f"{other}_{side}")) for line in found for side in sides) for other in others]
        if found and all(has) and all(wording.known(line.get(f"{first}_{side}")) for line in found for side in sides):
            fields = candidate
    if not effects or not sides:
        return ()
    names = review.comparison(effects[0][0]["comparison"])
    return tuple(
        Stat(names[{"e": "experimental", "c": "control"}[side]], _FIELDS[field], f"{field}_{side}")
        for side in sides
        for field in fields
    )


def row_of(
    review: Review, analysis: Line, effect: Line, heads: Sequence[Stat], pooled: Line, digits: int, layout: Layout
) -> ForestRow:
    """The row of one study."""
    values = {**_contrast(review, analysis, effect), **_filled(effect)}
    natural = (effect["effect_natural"], effect["ci_lower_natural"], effect["ci_upper_natural"])
    weight = forest_text.weight_of(effect, pooled) if effect["used"] else None
    contrast = effect.get("contrast") or ""
    label = effect["label"] or effect["study_id"]
    return ForestRow(
        f"{label} ({contrast})" if contrast and contrast not in label else label,
        wording.PROVENANCE.get(effect["provenance"], ("", ""))[0],
        tuple(_cell(values.get(head.field), head.name) for head in heads),
        float(weight) if wording.known(weight) else 0.0,  # type: ignore[arg-type]
        share(weight, layout) or ("" if effect["used"] else "not pooled"),
        forest_text.estimate(natural, digits, layout, effect["measure"]),
        interval_of(effect["measure"], effect, "yi", "effect"),
    )


def share(weight: object, layout: Layout) -> str:
    """A weight; JAMA has its unit in the head of the column."""
    return wording.number(weight, 1) + ("" if "%" in layout.weight or not wording.known(weight) else "%")


def _cell(value: object, name: str) -> str:
    return wording.integer(value) if name in ("Events", "Total") else wording.plain(value)


def _contrast(review: Review, analysis: Line, effect: Line) -> Line:
    return review.contrast(analysis, effect)


def _filled(effect: Line) -> Line:
    """What the effect says itself; a blank cell does not hide that of its contrast."""
    return {key: value for key, value in effect.items() if wording.known(value)}


def interval_of(measure: str, line: Line, middle: str = "estimate", natural: str = "estimate") -> Interval | None:
    """A row's estimate and limits on the scale of the axis; None where one is missing."""
    names = (f"{natural}_natural", "ci_lower_natural", "ci_upper_natural")
    values = [line[name] for name in (names if measure in _READ else (middle, "ci_lower", "ci_upper"))]
    return Interval(*map(float, values)) if all(map(wording.known, values)) else None


def summary_of(pooled: Line, digits: int, total: str, weight: str, layout: Layout) -> Summary | None:
    """The pooled row; one study is not a synthesis and gets no diamond."""
    if not pooled or pooled["k"] < 2:
        return None
    interval = interval_of(pooled["measure"], pooled)
    if interval is None:
        return None
    n = f", n = {wording.integer(pooled['n'])}" if wording.known(pooled["n"]) else ""
    natural = (pooled["estimate_natural"], pooled["ci_lower_natural"], pooled["ci_upper_natural"])
    effect = forest_text.estimate(natural, digits, layout, pooled["measure"])
    return Summary(f"{total} ({pooled['level']:g}% CI){n}", weight, effect, interval)


def prediction_of(pooled: Line, digits: int, layout: Layout) -> Prediction | None:
    """The row of the prediction interval; None where there is none."""
    limits = pooled["pi_lower"], pooled["pi_upper"]
    measure = pooled["measure"]
    if not all(map(wording.known, limits)):
        return None
    read = pooled["pi_lower_natural"], pooled["pi_upper_natural"]
    low, high = map(float, read if measure in _READ else limits)
    effect = forest_text.interval(*read, digits, layout, measure)
    return Prediction(f"Prediction interval ({pooled['level']:g}%)", effect, Interval((low + high) / 2, low, high))
