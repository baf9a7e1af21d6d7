"""Reads a page back, as a browser would: elements, ids, links, the cells of tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

Build = Callable[..., dict[str, str]]
VOID = {"meta", "br", "link", "img", "input", "hr"}


@dataclass
class Element:
    """An element with its text pieces and children in order."""

    tag: str
    attributes: dict[str, str]
    content: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, spaces made one."""
        return " ".join("".join(c if isinstance(c, str) else f"{c.text} " for c in self.content).split())

    def all(self, tag: str) -> "list[Element]":
        """Elements inside with this tag."""
        found: list[Element] = []
        for child in self.content:
            if isinstance(child, Element):
                found += ([child] if child.tag == tag else []) + child.all(tag)
        return found

    def every(self) -> "list[Element]":
        """All elements inside."""
        found: list[Element] = []
        for child in self.content:
            if isinstance(child, Element):
                found += [child, *child.every()]
        return found


class Page(HTMLParser):
    """A page as a tree; fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert [e.tag for e in self._open] == [""]
        self.elements = self.root.every()
        self.ids = [e.attributes["id"] for e in self.elements if "id" in e.attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, (self._open[-1].tag, tag, self.getpos())
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)

    def by_id(self, name: str) -> Element:
        """The element with this id."""
        return next(e for e in self.elements if e.attributes.get("id") == name)

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table as dictionaries; a row's group stands under ""."""
        table = self.by_id(f"table-{name}")
        heads = [th.text for th in table.all("thead")[0].all("th")]
        rows = []
        for body in table.all("tbody"):
            group = ""
            for row in body.all("tr"):
                if row.attributes.get("class") == "group":
                    group = row.text
                    continue
                cells = [c for c in row.content if isinstance(c, Element) and c.tag in ("th", "td")]
                rows.append({"": group, **dict(zip(heads, (c.text for c in cells), strict=True))})
        return rows

    def inner_links(self) -> list[str]:
        """Places in the page that its links lead to."""
        links = [e.attributes["href"] for e in self.elements if e.attributes.get("href", "").startswith("#")]
        return [unquote(link[1:]) for link in links]


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
