"""What a drawing is, read back from its SVG: texts and the room they take, shapes, coordinates."""

from itertools import combinations
from xml.etree import ElementTree

from reviewflow.page import svg

SVG = "{http://www.w3.org/2000/svg}"
Box = tuple[float, float, float, float]


def root_of(drawing: str) -> ElementTree.Element:
    """The drawing, which must be well-formed XML."""
    return ElementTree.fromstring(drawing)


def texts(drawing: str) -> list[str]:
    """All lines of text in their order."""
    return ["".join(element.itertext()) for element in root_of(drawing).iter(f"{SVG}text")]


def boxes(drawing: str) -> list[tuple[Box, str]]:
    """Left, top, right and bottom of each level line of text, and what it says."""
    found = []
    for element in root_of(drawing).iter(f"{SVG}text"):
        if "transform" in element.attrib:
            continue
        size = float(element.attrib.get("font-size", 13))
        text = "".join(element.itertext())
        width = svg.text_width(text, size, element.attrib.get("font-weight") == "bold")
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = {"end": x - width, "middle": x - width / 2}.get(element.attrib.get("text-anchor", ""), x)
        # Capitals reach 0.72 em above the baseline and descenders 0.21 em below (Helvetica, Adobe Font Metrics).
        found.append(((left, y - 0.72 * size, left + width, y + 0.21 * size), text))
    return found


def collisions(drawing: str) -> list[tuple[str, str]]:
    """Pairs of texts that share room."""
    return [
        (a, b) for (one, a), (other, b) in combinations(sorted(boxes(drawing)), 2)
        if one[0] < other[2] - 0.01 and other[0] < one[2] - 0.01 and one[1] < other[3] and other[1] < one[3]
    ]  # fmt: skip


def outside(drawing: str) -> list[str]:
    """Texts that reach beyond the drawing."""
    _, _, width, height = map(float, root_of(drawing).attrib["viewBox"].split())
    return [
        t for (left, top, right, bottom), t in boxes(drawing) if left < 0 or top < 0 or right > width or bottom > height
    ]


def shapes(drawing: str, name: str, **attributes: str) -> list[dict[str, str]]:
    """The attributes of all shapes of a kind that have these attributes."""
    found = [dict(element.attrib) for element in root_of(drawing).iter(f"{SVG}{name}")]
    return [shape for shape in found if all(shape.get(key) == value for key, value in attributes.items())]


def points(polygon: dict[str, str]) -> list[tuple[float, float]]:
    """The corners of a polygon or a polyline."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in polygon["points"].split())]
