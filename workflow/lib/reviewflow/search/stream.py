"""The text of an export, decoded anew for each pass over it, so that only a piece of it is ever in memory."""

import codecs
import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol, Self

# Bytes of a step: large enough that cutting costs nothing, small enough to stay far below what the interpreter needs.
STEP = 1 << 21
_NEAR = 1 << 16


class Raw(Protocol):
    """The bytes of a file, in memory or not: only slices of them are asked for."""

    def __len__(self) -> int:
        """Number of bytes."""

    def __getitem__(self, part: slice, /) -> bytes:
        """The bytes of a part."""


class Piece(NamedTuple):
    """A part of a text, which begins with the end of a line, and the number of line ends above it."""

    text: str
    above: int


def decoded(raw: Raw, encoding: str, translate: bool = False) -> Iterator[str]:
    r"""The text step by step, with "\n" for every line end if `translate`. Raises UnicodeDecodeError with the place in
    the whole file."""
    inner = codecs.getincrementaldecoder(encoding)("strict")
    decoder = io.IncrementalNewlineDecoder(inner, translate=True) if translate else inner
    for start in range(0, len(raw), STEP):
        kept = len(inner.getstate()[0])
        try:
            yield decoder.decode(raw[start : start + STEP], start + STEP >= len(raw))
        except UnicodeDecodeError as error:
            error.start, error.end = error.start + start - kept, error.end + start - kept
            raise


def digest(raw: Raw) -> bytes:
    """Digest of the bytes of a file."""
    found = hashlib.sha256()
    for start in range(0, len(raw), STEP):
        found.update(raw[start : start + STEP])
    return found.digest()


class Text:
    r"""A text with every line end as "\n", one more before the first line, and no byte order mark (files that are
    glued together have some within), so that "\n" begins each line."""

    def __init__(self, raw: Raw, encoding: str) -> None:
        self._raw, self._encoding = raw, encoding
        self._whole: str | None = "".join(self._steps()) if len(raw) <= STEP else None

    @classmethod
    def of(cls, text: str) -> Self:
        """A text that is in memory already, with its lines as they must be."""
        whole = cls(b"", "utf-8")
        whole._whole = text
        return whole

    def _steps(self) -> Iterator[str]:
        yield "\n"
        for step in decoded(self._raw, self._encoding, translate=True):
            yield step.replace("\ufeff", "") if "\ufeff" in step else step

    def pieces(self, cut: Callable[[str], int]) -> Iterator[Piece]:
        """The text in pieces, each but the last ending where `cut` says that its beginning can end (0: nowhere)."""
        if self._whole is not None:
            yield Piece(self._whole, 0)
            return
        rest, above, enough = "", 0, STEP // 2
        for step in self._steps():
            rest += step
            if len(rest) < enough:
                continue
            if at := cut(rest):
                yield Piece(rest[:at], above)
                above += rest.count("\n", 0, at)
                rest, enough = rest[at:], STEP // 2
            else:
                # Where nothing can be cut, asking again only once there is twice as much keeps this linear.
                enough = len(rest) * 2
        yield Piece(rest, above)

    def lines(self) -> Iterator[str]:
        """The text in pieces of whole lines: each but the first begins behind the end of a line."""
        return (piece.text for piece in self.pieces(lambda text: text.rfind("\n") + 1))

    def parts(self) -> Iterator[str]:
        """The same, but a line that is longer than a piece, as in XML, is cut wherever it may be."""
        return (piece.text for piece in self.pieces(lambda text: (text.rfind("\n") + 1) or len(text)))

    def windows(self, overlap: int = _NEAR) -> Iterator[str]:
        """The text in pieces that overlap: what is shorter than the overlap is whole in one of them."""
        before = ""
        for text in self.parts():
            yield before + text
            before = (before + text)[-overlap:]


def last(pattern: re.Pattern[str]) -> Callable[[str], int]:
    """For `Text.pieces`: cut where a pattern, the beginning of an entry, matches for the last time; where it has a
    group, at this."""

    def cut(text: str) -> int:
        for reach in (_NEAR, len(text)):
            found = deque(pattern.finditer(text, max(len(text) - reach, 1)), maxlen=1)
            if found:
                return found[0].start(pattern.groups)
        return 0

    return cut
