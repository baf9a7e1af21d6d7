"""XML of PubMed and EndNote, read as a stream by expat with all that can harm left out: no entity may be declared, so
none can grow (billion laughs) or name a file; nothing is fetched; nesting is bounded."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ..entry import Entry, Tags, UnknownFormat
from ..stream import Text

_DEEPEST = 60
_PIECE = 1 << 16


def _same(tags: Tags) -> Tags:
    return tags


@dataclass(frozen=True)
class Shape:
    """Which elements are `records`, and the tag of each path below them in `leaves` (a blank one is left out). An
    element's name in a path carries the attribute named in `kinds`, as in ArticleId@doi; the attribute named in
    `labels` stands before an element's text."""

    records: frozenset[str]
    leaves: dict[str, str]
    kinds: dict[str, str]
    labels: dict[str, str]
    parse: Callable[[Tags], Tags] = _same


@dataclass
class _Stream:
    """Collects the text of the leaves; text in other elements (<i>, <style>) belongs to the one that holds them."""

    shape: "Shape"
    entries: list[Entry] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    tags: Tags | None = None
    inside: int = 0

    def start(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self.path) > _DEEPEST:
            raise UnknownFormat("the XML is nested too deeply", parser.CurrentLineNumber, "export it again")
        self.path.append(name)
        if self.tags is None:
            if name in self.shape.records:
                self.tags, self.inside, self.texts = [], len(self.path), [[]]
                self.entries.append(Entry(parser.CurrentLineNumber, self.tags, self.shape.parse, closed=False))
            return
        label = attributes.get(self.shape.labels.get(name, ""))
        self.texts.append([f"{label}: "] if label else [])
        kind = attributes.get(self.shape.kinds.get(name, ""))
        if kind:
            self.path[-1] = f"{name}@{kind}"

    def end(self, _name: str) -> None:
        """An element ends: its text is a tag's value, or belongs to the element around it."""
        name = self.path.pop()
        if self.tags is None:
            return
        if len(self.path) < self.inside:
            self.entries[-1].closed, self.tags = True, None
            return
        text = "".join(self.texts.pop())
        tag = self.shape.leaves.get("/".join([*self.path[self.inside :], name]))
        if tag is None:
            self.texts[-1].append(text)
        elif tag:
            self.tags.append((tag, " ".join(text.split())))

    def characters(self, text: str) -> None:
        """Text within an element."""
        if self.tags is not None:
            self.texts[-1].append(text)


def reader(shape: Shape) -> Callable[[Text], Iterator[Entry]]:
    """Reader of a document of that shape."""

    def read(text: Text) -> Iterator[Entry]:
        stream = _Stream(shape)
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: stream.start(parser, name, attributes)
        parser.EndElementHandler = stream.end
        parser.CharacterDataHandler = stream.characters
        parser.EntityDeclHandler = lambda *_: _refuse(parser)
        # Named in the document type that is not fetched: expat would leave its character out without a word.
        parser.SkippedEntityHandler = lambda name, _: stream.characters(html.unescape(f"&{name};"))
        yield from _fed(parser, stream, text)

    return read


def _refuse(parser: expat.XMLParserType) -> None:
    raise UnknownFormat(
        "the XML declares entities, which no database does: it may be harmful",
        parser.CurrentLineNumber,
        "export it again from the database",
    )


def _fed(parser: expat.XMLParserType, stream: _Stream, text: Text) -> Iterator[Entry]:
    # The text begins with a line end of our own; before the XML declaration nothing may stand.
    above, begun = -1, False
    try:
        for piece, _ in text.pieces(_at_element):
            begin = 0 if begun else len(piece) - len(piece.lstrip())
            above += 0 if begun else piece.count("\n", 0, begin)
            begun = begun or begin < len(piece)
            for start in range(begin, len(piece), _PIECE):
                parser.Parse(piece[start : start + _PIECE].encode("utf-8", errors="surrogatepass"), False)
                done = stream.entries if stream.tags is None else stream.entries[:-1]
                yield from (_moved(entry, max(above, 0)) for entry in done)
                del stream.entries[: len(done)]
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        problem = f"the XML is broken: {expat.errors.messages.get(error.code, 'syntax error')}"
        raise UnknownFormat(problem, error.lineno + max(above, 0), "export it again, whole") from None
    yield from (_moved(entry, max(above, 0)) for entry in stream.entries)


def _moved(entry: Entry, above: int) -> Entry:
    entry.line += above
    return entry


def _at_element(text: str) -> int:
    return max(text.rfind("<"), 0)


def counter(names: str) -> Callable[[Text], int]:
    """Number of start tags with one of the names, in the text alone."""
    pattern = re.compile(rf"<(?:{names})(?=[\s>/])")
    return lambda text: sum(1 for piece, _ in text.pieces(_at_element) for _ in pattern.finditer(piece))
