"""The drawings of the overlap: bars of what each source contributed, and the sets of sources as columns of dots."""

from collections.abc import Iterable, Iterator, Sequence

from reviewflow.page import svg, wording
from reviewflow.tables import split_list

from .view import Line

SIZE, SMALL, MARGIN = 13.0, 12.0, 16.0
# As wide as the page shows a drawing at least, so that its text is never enlarged.
WIDTH = 704.0
LABEL = 210.0
ROW, BAR = 26.0, 16.0
# More sets than these are single reports in most reviews; the table beside the drawing has them.
COLUMNS = 24
NARROWEST, WIDEST = 26.0, 44.0
HEIGHT = 170.0
ALONE, SHARED, EDGE, BAND, OUT = "#1d5f91", "#c3d9ea", "#53788f", "#f1f4f7", "#d3dae1"
_LEGEND = (("found by no other source", ALONE, ALONE), ("found by others too", SHARED, EDGE))


def contributions(sources: Sequence[Line]) -> str:
    """Bars of the reports of each source, split into those that no other found and the rest."""
    label = _label_room(line["source"] for line in sources)
    named = label + 12
    figures = [f"{line['unique_reports']} of {line['reports']} ({_share(line)})" for line in sources]
    room = WIDTH - 2 * MARGIN - named - max(svg.text_width(text, SIZE) for text in figures) - 10
    scale = room / max(line["reports"] for line in sources)
    body = list(_legend(MARGIN + named, MARGIN))
    y = MARGIN + ROW
    for line, text in zip(sources, figures, strict=True):
        alone, others = line["unique_reports"] * scale, (line["reports"] - line["unique_reports"]) * scale
        x, top = MARGIN + named, y + (ROW - BAR) / 2
        body.append(_name(line["source"], MARGIN + label, y))
        body += [svg.rectangle(x, top, alone, BAR, fill=ALONE)] if alone else []
        body += [svg.rectangle(x + alone, top, others, BAR, fill=SHARED, stroke=EDGE)] if others else []
        body.append(svg.text(x + alone + others + 8, y + ROW / 2 + 4.5, text, font_size=SIZE))
        y += ROW
    said = "; ".join(f"{line['source']} {text}" for line, text in zip(sources, figures, strict=True))
    title = "What each source contributed"
    about = f"Reports found by no other source, of all reports of the source: {said}."
    return svg.drawing("sources", WIDTH, y + MARGIN, title, about, body)


def _share(line: Line) -> str:
    return wording.percent(line["share_unique"])


def _label_room(names: Iterable[str]) -> float:
    return min(LABEL, max(svg.text_width(name, SIZE) for name in names))


def _name(name: str, right: float, y: float) -> str:
    short = svg.shorten(name, LABEL, SIZE)
    whole = svg.label(name) if short != name else ""
    return svg.text(right, y + ROW / 2 + 4.5, short, "end", after=whole, font_size=SIZE)


def _legend(x: float, y: float) -> Iterator[str]:
    for text, fill, edge in _LEGEND:
        yield svg.rectangle(x, y, 12, 12, fill=fill, stroke=edge)
        yield svg.text(x + 18, y + 10.5, text, font_size=SMALL)
        x += svg.text_width(text, SMALL) + 40


def sets(sources: Sequence[Line], largest: Sequence[Line]) -> str:
    """A column for each set of sources, the largest first: its reports as a bar, its sources as joined dots."""
    shown = largest[:COLUMNS]
    held = [set(split_list(line["sources"])) for line in shown]
    # Names as the cells of a list have them.
    every = [line["source"].replace(";", ",").strip() for line in sources]
    rows = [name for name in every if any(name in names for names in held)]
    most = str(max(line["reports"] for line in shown))
    left = MARGIN + _label_room(rows) + 16
    pitch = (WIDTH - left - MARGIN) / len(shown)
    pitch = max(NARROWEST, svg.text_width(most, SMALL) + 6, min(WIDEST, pitch))
    floor = MARGIN + ROW + SMALL + HEIGHT
    body = list(_legend(left, MARGIN))
    body += _bands(rows, left, floor + 8, pitch * len(shown))
    for i, (line, names) in enumerate(zip(shown, held, strict=True)):
        x = left + (i + 0.5) * pitch
        body += _bar(line, x, floor, HEIGHT * line["reports"] / int(most), pitch)
        body += _dots([name in names for name in rows], x, floor + 8)
    width = max(WIDTH, left + pitch * len(shown) + MARGIN)
    title = "Which sources found the same reports"
    return svg.drawing("sets", width, floor + 8 + ROW * len(rows) + MARGIN, title, _told(shown), body)


def _bands(names: Sequence[str], left: float, top: float, width: float) -> Iterator[str]:
    for i, name in enumerate(names):
        y = top + i * ROW
        if i % 2 == 0:
            yield svg.rectangle(MARGIN, y, left - MARGIN + width, ROW, fill=BAND)
        yield _name(name, left - 16, y)


def _bar(line: Line, x: float, floor: float, height: float, pitch: float) -> list[str]:
    alone = line["n_sources"] == 1
    width = min(pitch * 0.62, 22.0)
    look = {"fill": ALONE} if alone else {"fill": SHARED, "stroke": EDGE}
    number = svg.text(x, floor - height - 5, str(line["reports"]), "middle", font_size=SMALL)
    return [svg.rectangle(x - width / 2, floor - height, width, height, **look), number]


def _dots(held: Sequence[bool], x: float, top: float) -> Iterator[str]:
    places = [top + (i + 0.5) * ROW for i in range(len(held))]
    filled = [y for y, is_in in zip(places, held, strict=True) if is_in]
    if len(filled) > 1:
        yield svg.line(x, filled[0], x, filled[-1], stroke=svg.INK, stroke_width=2)
    for y, is_in in zip(places, held, strict=True):
        yield svg.element("circle", cx=float(x), cy=float(y), r=5.5 if is_in else 4.0, fill=svg.INK if is_in else OUT)


def _told(shown: Sequence[Line]) -> str:
    told = "; ".join(f"{wording.listed(split_list(s['sources']))}: {s['reports']}" for s in shown[:8])
    more = "; and smaller sets" if len(shown) > 8 else ""
    return f"Reports by the exact set of sources that found them: {told}{more}."
