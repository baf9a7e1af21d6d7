"""A line of our own within the notes of a record, which tools carry along as they do any note:

    reviewflow: record_id=PubMed:123; stage=full_text; decision=exclude

Values are written so that no tool takes them apart: what separates notes, tags or markup is percent-encoded.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

_NAME = "reviewflow: "
# Separators of this line and of the notes around it, the colon behind a word that could be a tool's, markup (Zotero
# wraps notes in <p>), all white space but a single blank between words, and control characters.
_RESERVED = re.compile(r"[%;|<>&\"'=\[\]{}\\\ufeff\x00-\x1f\x7f-\x9f]|:(?= |\Z)|[^\S ]|(?<= ) |^ | \Z")
_MARKER = re.compile(_NAME + r"(?P<cells>record_id=[^;|<>]*(?:; ?[a-z_]+=[^;|<>]*)*)")


def pack(value: str, also: str = "") -> str:
    """A value without anything that separates; `also` names further characters that must not stand in it."""
    packed = _RESERVED.sub(lambda found: quote(found.group(), safe=""), value)
    for character in also:
        packed = packed.replace(character, quote(character, safe=""))
    return packed


def unpack(value: str) -> str:
    """The value that `pack` wrote; what somebody changed so that it is no text any more stays as it stands."""
    try:
        return unquote(value.strip(), errors="strict")
    except UnicodeDecodeError:
        return value.strip()


def written(cells: Mapping[str, str]) -> str:
    """The marker with all cells that are not blank."""
    return _NAME + "; ".join(f"{name}={pack(value)}" for name, value in cells.items() if value)


def found(text: str) -> dict[str, str]:
    """The cells of the marker within a text; none where there is no marker."""
    marker = _MARKER.search(text)
    pairs = marker["cells"].split(";") if marker else []
    return {name.strip(): unpack(value) for name, _, value in (pair.partition("=") for pair in pairs)}


def without(text: str) -> str:
    """The text but for the marker."""
    return _MARKER.sub("", text)
