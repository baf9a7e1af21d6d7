"""Drawing: a few lines that write SVG with text as text."""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Any
from xml.sax.saxutils import escape as escape_text

# Advance widths of Helvetica (Adobe Font Metrics) in thousandths of an em; Arial and Liberation Sans share them.
_WIDTHS = {
    **dict.fromkeys("ijl'", 222), **dict.fromkeys("ftI ![]/.,:;|", 278), **dict.fromkeys("-()r", 333),
    **dict.fromkeys("JLcksvxyz", 500), **dict.fromkeys("FTZ", 611), **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("=+<>~\u2212", 584),
    "m": 833, "M": 833, "W": 944, "%": 889, "@": 1015, "\u00b2": 333, "\u2020": 556, "\u2021": 556, "\u00a7": 556,
}  # fmt: skip
_OTHER = 556
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Where the reader's sans-serif is not Helvetica's shape it is wider (DejaVu Sans by about a tenth).
_ROOM = 1.1
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
INK, MUTED, RULE, LINK = "#1b1f24", "#55606c", "#8a949e", "#0b5c8a"


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Room that a text needs, in pixels."""
    em = sum(_WIDTHS.get(c) or (1000 if unicodedata.east_asian_width(c) in "WF" else _OTHER) for c in text)
    return em / 1000 * size * _ROOM * (1.07 if bold else 1)


def shorten(text: str, room: float, size: float) -> str:
    """The text, cut with an ellipsis where it needs more room."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "\u2026", size) > room:
        text = text[:-1]
    return text.rstrip() + "\u2026"


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines; words longer than the room are broken."""
    lines: list[str] = []
    pieces = [part for word in text.split(" ") for part in _broken(word, room, size, bold)]
    for piece in pieces:
        joined = f"{lines[-1]} {piece}" if lines else piece
        if lines and text_width(joined, size, bold) <= room:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines


def _broken(word: str, room: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that have room."""
    pieces = []
    while text_width(word, size, bold) > room and len(word) > 1:
        cut = max(1, int(len(word) * room / text_width(word, size, bold)))
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def _value(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value))


def element(name: str, *children: str, **attributes: object) -> str:
    """An element; children are SVG already. `text_anchor` is written `text-anchor`."""
    written = "".join(f' {k.replace("_", "-").strip("-")}="{_value(v)}"' for k, v in attributes.items() if v != "")
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def text(
    x: float, y: float, content: str, anchor: str = "", bold: bool = False, after: str = "", **attributes: Any
) -> str:
    """A line of text on its baseline, then `after`, which is SVG already. Content is escaped."""
    look = {"text_anchor": anchor, "font_weight": "bold" if bold else "", **attributes}
    return element("text", escape_text(clean(content)), after, x=float(x), y=float(y), **look)


def span(content: str, **attributes: object) -> str:
    """A piece of a line of text."""
    return element("tspan", escape_text(clean(content)), **attributes)


def label(content: str, **attributes: object) -> str:
    """The name of an element, which browsers show beside the pointer."""
    return element("title", escape_text(clean(content)), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    stroke = {"stroke": INK, **attributes}
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **stroke)


def polygon(points: Iterable[tuple[float, float]], **attributes: object) -> str:
    """A filled shape."""
    path = " ".join(f"{_value(float(x))},{_value(float(y))}" for x, y in points)
    return element("polygon", points=path, **{"fill": INK, **attributes})


def rectangle(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """A rectangle."""
    return element("rect", x=float(x), y=float(y), width=float(width), height=float(height), **attributes)


def clean(content: str) -> str:
    """Content without the control characters that XML forbids."""
    return _FORBIDDEN.sub("", content)


def drawing(
    name: str, width: float, height: float, title: str, description: str, body: Iterable[str], role: str = "img"
) -> str:
    """A whole drawing on a white card. `name` makes its ids unique in a page with several."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_value(float(width))} {_value(float(height))}"'
        f' width="{_value(float(width))}" height="{_value(float(height))}" role="{role}"'
        f' aria-labelledby="{name}-title {name}-desc" font-family="{FONT}" font-size="13" fill="{INK}">'
    )
    labels = [
        label(title, id=f"{name}-title"),
        element("desc", escape_text(clean(description)), id=f"{name}-desc"),
    ]
    card = rectangle(0, 0, width, height, fill="#ffffff")
    return "\n".join([head, *labels, card, *body, "</svg>"]) + "\n"
