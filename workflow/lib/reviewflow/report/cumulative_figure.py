"""The pooled estimate as studies came, one after the other (Lau, Antman and others 1992, N Engl J Med 327:248)."""

from . import series_figure
from .review import Line, Review

LEAST = 3


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where there are too few studies."""
    lines = sorted(review.further("cumulative").get(analysis["analysis"], []), key=lambda line: line["position"])
    if len(lines) < LEAST:
        return ""
    named = [{**line, "label": _label(line, i)} for i, line in enumerate(lines)]
    told = "The pooled estimate as each study is added"
    return series_figure.draw(review, analysis, named, "cumulative", "Study added", told)


def _label(line: Line, i: int) -> str:
    label, year = line["label"] or line["study_id"], str(line.get("order_by") or "")
    shown = f"{label} ({year})" if year and year not in label else label
    return shown if i == 0 else f"+ {shown}"
