"""The pooled estimate without each study in turn."""

from . import series_figure
from .review import Line, Review

# With two studies what is left is no synthesis.
LEAST = 3


def draw(review: Review, analysis: Line) -> str:
    """The drawing; blank where there are too few studies."""
    lines = review.further("leave_one_out").get(analysis["analysis"], [])
    if len(lines) < LEAST:
        return ""
    told = "The pooled estimate without each study in turn"
    return series_figure.draw(review, analysis, lines, "leave_one_out", "Study left out", told)
