"""The curve of the stopping test: p after so many reports, as points of a drawing."""

from dataclasses import dataclass

from reviewflow.order import Stopping

# Of the drawing, in its own units; the text beside it needs the margins.
WIDTH, HEIGHT = 320, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 12, 38


@dataclass(frozen=True)
class Curve:
    """What is drawn: the line, where the limit is, and the marks of both axes with their places."""

    points: str
    limit: float
    heights: tuple[tuple[float, str], ...]
    widths: tuple[tuple[float, str], ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def curve(found: Stopping) -> Curve | None:
    """The drawing; None where nothing was screened."""
    if not found.curve:
        return None
    points = " ".join(f"{_x(n, found.screened):.1f},{_y(p):.1f}" for n, p in [(0, 1.0), *found.curve])
    marks = tuple((round(_x(n, found.screened), 1), f"{n:,}") for n in sorted({0, found.screened}))
    heights = tuple((round(_y(p), 1), f"{p:g}") for p in (0.0, 0.5, 1.0))
    return Curve(points, round(_y(1 - found.confidence), 1), heights, marks)


def _x(n: int, most: int) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * n / most


def _y(p: float) -> float:
    return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - p)
