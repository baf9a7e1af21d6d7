"""Text for a terminal: nothing in it can steer the terminal, and lines break where they should."""

import re
import unicodedata
from typing import NamedTuple

# Control characters of both sets (a title with an escape sequence could rewrite the screen), line and paragraph
# separators, what turns the direction of writing around, marks that are not seen, and halves of characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\r\n]+")
_INDENT = 2
# Of a text in a very narrow window, so much still stands in a line.
_NARROWEST = 20


class Line(NamedTuple):
    """A line at a depth; `head` is 1 for the name of what follows, 2 for a part of it, 0 for text."""

    depth: int
    text: str
    head: int = 0


def safe(value: object) -> str:
    """Text on one line, with whatever could steer a terminal written as its code."""
    return _UNSAFE.sub(lambda found: _code(found.group()), _SPACES.sub(" ", str(value)).strip())


def safe_json(text: str) -> str:
    r"""JSON of any text as it may be shown on a terminal: what `safe` writes as a code is \u and four digits here."""
    return _UNSAFE.sub(lambda found: found.group() if found.group() == "\n" else f"\\u{ord(found.group()):04x}", text)


def _code(character: str) -> str:
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


def columns(text: str) -> int:
    """Columns of a terminal that a text takes: Chinese, Japanese and Korean characters take two."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def set_lines(lines: list[Line], width: int, bold: bool) -> str:
    """Lines as text of at most `width` columns, further lines of one text set in."""
    out: list[str] = []
    for line in lines:
        if line.head and out:
            out.append("")
        indent = " " * (_INDENT * line.depth)
        for i, piece in enumerate(
            _wrapped(safe(line.text), max(_NARROWEST, width - len(indent)), 0 if line.head else 4)
        ):
            further = "    " if i and not line.head else ""
            out.append(indent + (further if i else "") + (f"\x1b[1m{piece}\x1b[0m" if line.head and bold else piece))
    return "".join(f"{line.rstrip()}\n" for line in out)


def _wrapped(text: str, width: int, further: int) -> list[str]:
    """Text in pieces of at most `width` columns, the second and later ones by `further` shorter. A word that is longer
    is cut, as are scripts without spaces."""
    pieces: list[str] = []
    piece = ""
    room = width
    for word in text.split(" "):
        rest = word
        while rest:
            gap = " " if piece and rest is word else ""
            if columns(piece + gap + rest) <= room:
                piece, rest = piece + gap + rest, ""
            elif piece and (columns(rest) <= width - further or rest.isascii()) and piece.strip():
                pieces, piece, room = [*pieces, piece], "", width - further
            else:
                cut = _fitting(rest, room - columns(piece + gap))
                pieces, piece, rest = [*pieces, piece + gap + rest[:cut]], "", rest[cut:]
                room = width - further
    return [*pieces, piece] if piece or not pieces else pieces


def _fitting(text: str, room: int) -> int:
    """How many characters fit, at least one so that there is an end."""
    taken = 0
    for i, character in enumerate(text):
        taken += _columns(character)
        if taken > room:
            return max(i, 1)
    return len(text)
