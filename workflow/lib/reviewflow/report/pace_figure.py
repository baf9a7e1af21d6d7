"""Who decided how much and when, as a drawing: for each stage all decisions so far, and those of each day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reviewflow.page import svg, wording

from .review import Line

SIZE, SMALL, MARGIN = 13.0, 12.0, 16.0
# As wide as the page shows a drawing at least, so that its text is never enlarged.
WIDTH = 704.0
LEFT, RIGHT = 40.0, 190.0
HEIGHT, STRIP, LEADING, TITLE, AXIS = 150.0, 34.0, 16.0, 30.0, 24.0
# Dark enough to be read on white; people also differ by the dashes of their lines.
COLOURS = ("#1d5f91", "#a8480a", "#2f6d3a", "#7a3b8f", "#9a1f4b", "#4f5b66")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "12 4")
_DAYS = (1, 2, 3, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640, 7280)
_LABELS = 6


@dataclass(frozen=True)
class _Person:
    """One person's days at one stage, oldest first: day, decisions, decisions so far."""

    name: str
    look: int
    days: tuple[tuple[date, int, int], ...]

    @property
    def colour(self) -> str:
        return COLOURS[self.look % len(COLOURS)]

    @property
    def dash(self) -> str:
        return DASHES[self.look % len(DASHES)]

    @property
    def total(self) -> int:
        return self.days[-1][2]


@dataclass(frozen=True)
class _Panel:
    """One stage: its people, and the days from the first decision to the last."""

    title: str
    people: tuple[_Person, ...]
    first: date
    last: date

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return LEFT + MARGIN + (day - self.first).days * self.width

    @property
    def width(self) -> float:
        """The room of a day."""
        return (WIDTH - 2 * MARGIN - LEFT - RIGHT) / ((self.last - self.first).days + 1)

    @property
    def plot(self) -> float:
        """The height of the lines; all names have room beside them."""
        return max(HEIGHT, LEADING * (len(self.people) + 1))

    @property
    def height(self) -> float:
        """Everything of the stage."""
        return TITLE + self.plot + STRIP * len(self.people) + AXIS + 12


def draw(lines: Sequence[Line]) -> str:
    """The drawing of table pace, which has a line at least."""
    panels = _panels(lines)
    body, top = list[str](), MARGIN
    for panel in panels:
        body += _panel(panel, top)
        top += panel.height
    title = "Decisions by day and person"
    return svg.drawing("pace", WIDTH, top + MARGIN / 2, title, _told(panels), body)


def _panels(lines: Sequence[Line]) -> list[_Panel]:
    # A person looks the same at both stages.
    names = sorted({(line["role"] == "adjudicator", line["reviewer"]) for line in lines})
    looks = {name: i for i, name in enumerate(names)}
    panels = []
    for stage in [stage for stage in wording.STAGES if any(line["stage"] == stage for line in lines)]:
        people = []
        for (third, name), look in looks.items():
            own = [_day(line) for line in lines if (line["stage"], line["reviewer"]) == (stage, name)
                   and (line["role"] == "adjudicator") == third]  # fmt: skip
            if own:
                shown = f"{name} (adjudicator)" if third else name
                people.append(_Person(shown, look, tuple(sorted(own))))
        days = [day for person in people for day, _, _ in person.days]
        panels.append(_Panel(wording.STAGES[stage], tuple(people), min(days), max(days)))
    return panels


def _day(line: Line) -> tuple[date, int, int]:
    return date.fromisoformat(line["day"]), int(line["decisions"]), int(line["cumulative"])


def _panel(panel: _Panel, top: float) -> Iterator[str]:
    yield svg.text(MARGIN, top + 13, panel.title, bold=True)
    floor = top + TITLE + panel.plot
    most = max(person.total for person in panel.people)
    yield from _dates(panel, floor + STRIP * len(panel.people), floor - panel.plot)
    yield from _grid(panel, floor, most)
    for person in panel.people:
        yield _steps(panel, person, floor, most)
    yield from _names(panel, floor, most)
    busiest = max(n for person in panel.people for _, n, _ in person.days)
    for i, person in enumerate(panel.people):
        yield from _strip(panel, person, floor + STRIP * (i + 1), busiest)


def _grid(panel: _Panel, floor: float, most: int) -> Iterator[str]:
    step = next(m * 10**p for p in range(12) for m in (1, 2, 5) if m * 10**p * 4 >= most)
    for value in range(0, most + 1, step):
        y = floor - panel.plot * value / most
        yield svg.line(MARGIN + LEFT, y, WIDTH - MARGIN - RIGHT, y, stroke="#dfe4e9")
        yield svg.text(MARGIN + LEFT - 8, y + 4, str(value), "end", font_size=SMALL, fill=svg.MUTED)


def _steps(panel: _Panel, person: _Person, floor: float, most: int) -> str:
    """Decisions so far: level through days without any, up in the middle of a day that has some."""
    path, before = "", 0
    for day, _, so_far in person.days:
        x = panel.x(day) + panel.width / 2
        path += f"{'L' if path else 'M'}{x:.1f} {floor - panel.plot * before / most:.1f} "
        path += f"L{x:.1f} {floor - panel.plot * so_far / most:.1f} "
        before = so_far
    look = {"stroke": person.colour, "stroke_width": 2, "stroke_dasharray": person.dash, "fill": "none"}
    return svg.element("path", d=path.strip(), **look)


def _names(panel: _Panel, floor: float, most: int) -> Iterator[str]:
    """Each line goes on level to the edge, and its name stands beside it, or as near as the other names let it."""
    edge = WIDTH - MARGIN - RIGHT
    people = sorted(panel.people, key=lambda person: (-person.total, person.name))
    ends = [floor - panel.plot * person.total / most for person in people]
    for person, end, y in zip(people, ends, _spread(ends, floor), strict=True):
        last = panel.x(person.days[-1][0]) + panel.width / 2
        yield svg.line(last, end, edge, end, stroke=person.colour, stroke_width=0.75)
        yield svg.line(edge, end, edge + 10, y, stroke=person.colour, stroke_width=0.75)
        text = svg.shorten(f"{person.total} {person.name}", RIGHT - 14, SMALL)
        yield svg.text(edge + 14, y + 4, text, font_size=SMALL, fill=person.colour)


def _spread(ends: Sequence[float], floor: float) -> list[float]:
    """Places from the top down, each a line's height from the next; those that would go below the floor move up."""
    places: list[float] = []
    for end in ends:
        places.append(max(end, places[-1] + LEADING) if places else end)
    lowest = floor + LEADING
    for i in reversed(range(len(places))):
        lowest = places[i] = min(places[i], lowest - LEADING)
    return places


def _strip(panel: _Panel, person: _Person, floor: float, busiest: int) -> Iterator[str]:
    """The decisions of each day as bars on one scale for the whole stage."""
    width = max(1.0, min(14.0, panel.width * 0.7))
    room = STRIP - 10
    yield svg.line(MARGIN + LEFT, floor, WIDTH - MARGIN - RIGHT, floor, stroke=svg.RULE)
    for day, n, _ in person.days:
        height = max(1.0, room * n / busiest)
        x = panel.x(day) + (panel.width - width) / 2
        yield svg.rectangle(x, floor - height, width, height, fill=person.colour)
    most = max(n for _, n, _ in person.days)
    text = svg.shorten(f"{person.name.split(' ')[0]}: up to {most} a day", RIGHT - 14, SMALL)
    yield svg.text(WIDTH - MARGIN - RIGHT + 14, floor - 4, text, font_size=SMALL, fill=person.colour)


def _dates(panel: _Panel, floor: float, top: float) -> Iterator[str]:
    days = (panel.last - panel.first).days + 1
    step = next((step for step in _DAYS if days <= step * _LABELS), _DAYS[-1])
    for n in range(0, days, step):
        day = panel.first + timedelta(days=n)
        x = panel.x(day) + panel.width / 2
        yield svg.line(x, top, x, floor + 4, stroke="#dfe4e9", stroke_dasharray="2 3")
        yield svg.text(x, floor + 17, day.isoformat(), "middle", font_size=11, fill=svg.MUTED)


def _told(panels: Sequence[_Panel]) -> str:
    told = []
    for panel in panels:
        people = "; ".join(
            f"{p.name} {wording.several(p.total, 'decision')} on {wording.several(len(p.days), 'day')} "
            f"from {p.days[0][0]} to {p.days[-1][0]}"
            for p in panel.people
        )
        told.append(f"{panel.title}: {people}.")
    return " ".join(told)
