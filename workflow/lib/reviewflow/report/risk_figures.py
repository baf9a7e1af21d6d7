"""Traffic-light plot and summary plot of risk of bias: circles with a dark outline and a symbol, text as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewflow.page import svg, wording

from .review import Line, Review

ROW, RADIUS, COLUMN, MARGIN = 30.0, 10.5, 46.0, 14.0
NAME_ROOM, LABEL_ROOM, BAR_ROOM, LEGEND_ROOM = 330.0, 290.0, 460.0, 620.0
HEAD, BAND, NONE = "#d3d3d3", "#f4f6f8", "No judgement that holds yet"
OVERALL = "overall"


@dataclass(frozen=True)
class Picture:
    """What one tool found for one outcome: its domains in order, the levels of each by judgement, and the lines of
    risk_of_bias.csv and distribution.csv."""

    tool: str
    outcome: str
    domains: tuple[Line, ...]
    levels: dict[str, dict[str, Line]]
    lines: tuple[Line, ...]
    shares: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Its part of file names."""
        return wording.slug(f"{self.tool} {self.outcome}")

    def level(self, domain: str, judgement: str) -> Line | None:
        """How a judgement is drawn; None where none holds."""
        return self.levels[domain].get(judgement)

    def short(self, domain: Line) -> str:
        """Head of a column: the domain's code where it is short, else its place."""
        if domain["domain"] == OVERALL:
            return "Overall"
        code = str(domain["domain"])
        return code if len(code) < 4 else f"D{domain['position']}"


def pictures(review: Review) -> list[Picture]:
    """One for each tool and outcome that has a judgement or waits for one."""
    rows = [line for line in review.lines("appraisal/risk_of_bias") if line["tool"]]
    levels: dict[str, dict[str, dict[str, Line]]] = {}
    for line in review.lines("appraisal/levels"):
        levels.setdefault(line["tool"], {}).setdefault(line["domain"], {})[line["judgement"]] = line
    every = review.lines("appraisal/distribution")
    found: list[Picture] = []
    for tool, outcome in dict.fromkeys((line["tool"], line["outcome"]) for line in rows):
        own = tuple(line for line in rows if (line["tool"], line["outcome"]) == (tool, outcome))
        used = {line["domain"] for line in own}
        domains = [line for line in review.lines("appraisal/domains") if line["tool"] == tool]
        shares = tuple(line for line in every if (line["tool"], line["outcome"]) == (tool, outcome))
        kept = tuple(line for line in domains if line["domain"] in used)
        found += [Picture(tool, outcome, kept, levels[tool], own, shares)] if kept and shares else []
    return found


def traffic_light(review: Review, picture: Picture) -> str:
    """Studies down, domains across, each judgement a circle with its sign."""
    studies = list(dict.fromkeys(line["study_id"] for line in picture.lines))
    known = {(line["study_id"], line["domain"]): line["judgement"] for line in picture.lines}
    names = {study: svg.shorten(review.study(study), NAME_ROOM, 13) for study in studies}
    left = MARGIN + max([60.0, *(svg.text_width(name, 13) for name in names.values())]) + 18
    lefts = list(_lefts(picture, left))
    grid = lefts[-1] + COLUMN / 2 + 6
    width = max(grid + MARGIN, LEGEND_ROOM)
    body = [svg.rectangle(MARGIN, MARGIN, grid - MARGIN, ROW, fill=HEAD)]
    body.append(svg.text(MARGIN + 6, MARGIN + 20, "Study", bold=True))
    for domain, x in zip(picture.domains, lefts, strict=True):
        size = 11 if domain["domain"] == OVERALL else 13
        body.append(svg.text(x, MARGIN + 20, picture.short(domain), "middle", bold=True, font_size=size))
    for i, study in enumerate(studies):
        y = MARGIN + ROW * (i + 1)
        if i % 2:
            body.append(svg.rectangle(MARGIN, y, grid - MARGIN, ROW, fill=BAND))
        whole = svg.label(review.study(study)) if names[study] != review.study(study) else ""
        body.append(svg.text(MARGIN + 6, y + 19.5, names[study], after=whole))
        for domain, x in zip(picture.domains, lefts, strict=True):
            if (study, domain["domain"]) in known:
                level = picture.level(domain["domain"], known[study, domain["domain"]])
                said = f"{review.study(study)}, {domain['label']}: {level['label'] if level else NONE}"
                body.append(_light(x, y + ROW / 2, level, said))
    bottom = MARGIN + ROW * (len(studies) + 1)
    body.append(svg.line(MARGIN, bottom, grid, bottom, stroke=svg.RULE))
    legend, height = _legend(picture, bottom + 14, width)
    title = f"Risk of bias by {picture.tool}, {_about(review, picture)}"
    text = f"{wording.several(len(studies), 'study', 'studies')}, one a row; the table beside it has every judgement."
    return svg.drawing(f"traffic-{picture.name}", width, height, title, text, [*body, *legend])


def summary(review: Review, picture: Picture) -> str:
    """Bars of all studies, a domain each, from the best judgement to the worst."""
    weighted = review.setting("appraisal", "weighted_by")
    column = "weight_percent" if weighted and _weighed(picture) else "percent"
    left, y, body = MARGIN + LABEL_ROOM, MARGIN, list[str]()
    for domain in picture.domains:
        bold = domain["domain"] == OVERALL
        lines = svg.wrap(domain["label"], LABEL_ROOM - 14, 13, bold)
        middle = y + 17
        for i, text in enumerate(lines):
            at = middle + 4.5 + 16 * (i - (len(lines) - 1) / 2)
            body.append(svg.text(left - 10, at, text, "end", bold=bold))
        body += _bar(picture, domain["domain"], column, left, y + 4)
        y += max(34.0, 16.0 * len(lines) + 8)
    for tick in range(0, 101, 25):
        x = left + BAR_ROOM * tick / 100
        body.append(svg.line(x, y, x, y + 5, stroke=svg.MUTED))
        body.append(svg.text(x, y + 19, f"{tick}%", "middle", font_size=12, fill=svg.MUTED))
    of = f"Share of the weight in {review.names.get(weighted, weighted)}" if column != "percent" else "Share of studies"
    body.append(svg.text(left, y + 38, svg.shorten(of, BAR_ROOM, 12), font_size=12, fill=svg.MUTED))
    width = left + BAR_ROOM + MARGIN + 16
    legend, height = _levels_legend(picture, y + 52, width)
    title = f"Summary of risk of bias by {picture.tool}, {_about(review, picture)}"
    return svg.drawing(f"summary-{picture.name}", width, height, title, f"{of} with each judgement.", [*body, *legend])


def _weighed(picture: Picture) -> bool:
    return all(wording.known(line["weight_percent"]) for line in picture.shares)


def _about(review: Review, picture: Picture) -> str:
    return review.outcome(picture.outcome).lower() if picture.outcome else "whole studies"


def _lefts(picture: Picture, left: float) -> Iterator[float]:
    """Middle of each column; the overall judgement stands a little apart."""
    x = left + COLUMN / 2
    for domain in picture.domains:
        x += 10 if domain["domain"] == OVERALL else 0
        yield x
        x += COLUMN


def _light(x: float, y: float, level: Line | None, said: str = "") -> str:
    """A circle with its sign; one without a judgement is empty with a broken outline."""
    name = svg.label(said) if said else ""
    if level is None:
        circle = svg.element(
            "circle", cx=x, cy=y, r=RADIUS, fill="#ffffff", stroke=svg.MUTED, stroke_width=1.5, stroke_dasharray="3 2"
        )
        return svg.element("g", name, circle)
    circle = svg.element("circle", cx=x, cy=y, r=RADIUS, fill=level["colour"], stroke=svg.INK, stroke_width=1.5)
    size = 15.0 if len(level["symbol"]) == 1 else 10.0
    sign = svg.text(x, y + size * 0.35, level["symbol"], "middle", bold=True, font_size=size, fill=level["ink"])
    return svg.element("g", name, circle, sign if level["symbol"] else "")


def _bar(picture: Picture, domain: str, column: str, left: float, top: float) -> Iterator[str]:
    """The shares of one domain, with sign and number of studies where there is room."""
    order = [*picture.levels[domain], ""]
    shares = {line["judgement"]: line for line in picture.shares if line["domain"] == domain}
    x = left
    for judgement in sorted(shares, key=order.index):
        share, level = shares[judgement], picture.level(domain, judgement)
        width = BAR_ROOM * float(share[column]) / 100
        fill, ink = (level["colour"], level["ink"]) if level else ("#ffffff", svg.INK)
        said = f"{level['label'] if level else NONE}: {wording.several(int(share['n']), 'study', 'studies')}"
        box = svg.rectangle(x, top, width, 26, fill=fill, stroke=svg.INK, stroke_width=1.2)
        text = f"{level['symbol'] if level else ''} {share['n']}".strip()
        fits = svg.text_width(text, 12, bold=True) + 6 <= width
        inside = svg.text(x + width / 2, top + 17.5, text, "middle", bold=True, font_size=12, fill=ink) if fits else ""
        yield svg.element("g", svg.label(said), box, inside)
        x += width


def _legend(picture: Picture, top: float, width: float) -> tuple[list[str], float]:
    """Names of the domains in columns, and below them the levels."""
    entries = [f"{picture.short(d)}: {d['label']}" for d in picture.domains if d["domain"] != OVERALL]
    widest = max((svg.text_width(e, 12) for e in entries), default=0.0) + 24
    across = max(1, int((width - 2 * MARGIN) // widest))
    down = -(-len(entries) // across)
    body = [
        svg.text(MARGIN + 6 + widest * (i // down), top + 12 + 18 * (i % down), entry, font_size=12)
        for i, entry in enumerate(entries)
    ]
    levels, height = _levels_legend(picture, top + 18 * down + 8, width)
    return [*body, *levels], height


def _levels_legend(picture: Picture, top: float, width: float) -> tuple[list[str], float]:
    """Every level that the domains know, then those that only the overall judgement knows."""
    first, last = dict[tuple[str, ...], Line](), dict[tuple[str, ...], Line]()
    for domain in picture.domains:
        for level in picture.levels[domain["domain"]].values():
            look = (level["label"], level["symbol"], level["colour"])
            if domain["domain"] != OVERALL or len(picture.domains) == 1:
                first.setdefault(look, level)
            elif look not in first:
                last.setdefault(look, level)
    entries: list[tuple[Line | None, str]] = [(level, level["label"]) for level in first.values()]
    entries += [(None, NONE)] if any(not line["judgement"] for line in picture.lines) else []
    body, height = _flowed(entries, top, width)
    if not last:
        return body, height
    body.append(svg.text(MARGIN + 6, height + 6, "Overall", bold=True, font_size=12))
    more, height = _flowed([(level, level["label"]) for level in last.values()], height + 6, width)
    return [*body, *more], height


def _flowed(entries: Sequence[tuple[Line | None, str]], top: float, width: float) -> tuple[list[str], float]:
    x, y, body = MARGIN + 18, top + RADIUS + 4, list[str]()
    for level, text in entries:
        room = 20 + svg.text_width(text, 12) + 30
        if x + room > width and x > MARGIN + 18:
            x, y = MARGIN + 18, y + 28
        body += [_light(x, y, level), svg.text(x + 17, y + 4.5, text, font_size=12)]
        x += room
    return body, y + RADIUS + MARGIN
