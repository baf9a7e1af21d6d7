"""RIS (RefMan's specification, `adeptscience.co.uk/kb/article/A626`) in the dialects that databases really write.

Our own reader, because the usual library drops the first record of a file with a byte order mark, the last one without
ER, tags before TY and repeated tags (rispy 0.10). Any text may stand outside records: CENTRAL's three lines before
each record, Ovid's numbers, links and search strategy (rispy #61); TY or ER may be missing; a wrapped line may begin
with the word ER (synthesisr #16).
"""

import re
from collections.abc import Generator, Iterator
from functools import cache
from itertools import pairwise

from ..entry import Entry, Tags
from ..stream import Text
from .format import Lines, parse_tags, tag_lines

# A type line: two blanks before the dash (CENTRAL and others have more around it), or one blank and a type code, as
# some tools trim it; lower case as CNKI writes tags.
_HEAD = r"\n[ \t]{0,4}"
_TYPE = r"(?:TY|ty)(?: {2,3}-|(?P<loose> -)(?= ?[A-Za-z]{2,9}[ \t]{0,9}(?:\n|\Z)))"
# The end of a record has no value: "ER  - and progesterone" is a wrapped line of an abstract.
_END = r"(?:ER|er) {1,3}-[^\S\n]*+(?=\n|\Z)"
_BOUNDARY = re.compile(rf"{_HEAD}(?:(?P<type>{_TYPE})|{_END})")
_START = re.compile(_HEAD + _TYPE)
# Names of two characters, and longer ones that are seen: "DOI  - 10.1/x".
_NAME = r"([A-Z][A-Z0-9]|DOI|PMID|PMCID|URL)"
_AFTER = r"(?:[ \t\u00a0]|(?=\n|\Z))"
_BLANKS = {False: "{2,3}", True: "{1,3}"}
_TITLES = frozenset({"TI", "T1", "CT", "AB", "N2"})


@cache
def _tags(loose: bool, lower: bool) -> re.Pattern[str]:
    name = _NAME.replace("[A-Z][A-Z0-9]", "[A-Za-z][A-Za-z0-9]") if lower else _NAME
    # In "TY  -JOUR" no blank follows the dash; elsewhere one must, or the end of the line.
    head = rf"[ \t]{{0,4}}{name} {_BLANKS[loose]}-(?:(?<=\nTY  -)|{_AFTER})"
    return tag_lines(head)


_STRICT, _LOOSE = parse_tags(_tags(False, False)), parse_tags(_tags(True, False))


def parse(block: str) -> Tags:
    """Tags of one record in the dialect of its type line."""
    if block.startswith("\nTY  - "):
        return _quick(block) or _STRICT(block)
    start = _START.search(block)
    loose = start is not None and start["loose"] is not None
    if start is None or "ty" not in start.group():
        return _LOOSE(block) if loose else _STRICT(block)
    return [(tag.upper(), value) for tag, value in parse_tags(_tags(loose, True))(block)]


def _quick(block: str) -> Tags:
    """What `_STRICT` gives, six times as fast, where each line is a tag written by the book; else no tags."""
    tags = _BY_THE_BOOK.findall(block)
    if len(tags) < len(block.rstrip("\n").split("\n")) - 1:
        return []
    return [(tag, value.strip()) for tag, value in tags]


_BY_THE_BOOK = re.compile(r"\n([A-Z][A-Z0-9])  - ([^\n]*)")


def read(text: Text) -> Iterator[Entry]:
    """Entries of a RIS file."""
    loose = _is_loose(text)
    for piece, above in text.pieces(_cut):
        loose = yield from _entries(piece, above, loose)


def _entries(text: str, above: int, loose: bool) -> Generator[Entry, None, bool]:
    """Entries of a piece, and whether its last type line is a loose one, for what follows."""
    lines = Lines(text, above)
    start, gap = -1, 0
    for mark in _BOUNDARY.finditer(text):
        if mark["type"] is not None:
            if start >= 0:
                yield from _apart(text, start, mark.start(), lines, (False, loose))
                start = mark.start()
            else:
                yield from _strays(text, gap, mark.start(), lines, (False, loose))
                start = _leading(text, gap, mark.start(), loose)
            loose = mark["loose"] is not None
        elif loose or _is_strict(mark):
            if start >= 0:
                yield from _apart(text, start, mark.end(), lines, (True, loose))
            else:
                yield from _strays(text, gap, mark.start(), lines, (True, loose))
            start, gap = -1, mark.end()
    if start >= 0:
        yield from _apart(text, start, len(text), lines, (False, loose))
    else:
        yield from _strays(text, gap, len(text), lines, (False, loose))
    return loose


def _apart(
    text: str, start: int, end: int, lines: Lines, how: tuple[bool, bool], stray: int | None = None
) -> Iterator[Entry]:
    """The entry between two places; or two or more, where a title stands again behind a blank line: the end of one
    record and the beginning of the next are missing. An entry with a second title or accession elsewhere is torn.
    Where there is no type line, `stray` is how far behind `start` the first tag stands."""
    closed, loose = how
    tagged = _LOOSE if loose else _STRICT
    begin, parser, names = stray or 0, parse if stray is None else tagged, list(_ONCE[loose])
    torn = False
    while again := _again(text, start, end, names):
        first, second = again
        blank = text.rfind("\n\n", first, second + 1) + 1
        if not blank or not _tags(loose, False).match(text, blank) or text[first + 1] != "T":
            yield Entry(lines.number(start + begin), text[start:end], parser, closed, torn=True)
            return
        yield Entry(lines.number(start + begin), text[start:blank], parser, closed=False, torn=torn)
        start, begin, parser, torn = blank, 0, tagged, True
    yield Entry(lines.number(start + begin), text[start:end], parser, closed, torn)


def _again(text: str, start: int, end: int, names: list[str]) -> tuple[int, int] | None:
    """Where a title or an accession stands for the first and for the second time. A name that does not is taken off
    `names`: it need not be looked for again."""
    while names:
        first = text.find(names[0], start, end)
        second = text.find(names[0], first + 1, end) if first >= 0 else -1
        while second >= 0 and text.startswith("\n", second + len(names[0])):
            second = text.find(names[0], second + 1, end)
        if second >= 0:
            return first, second
        del names[0]
    return None


# Tags that a record has once, in each spelling.
_ONCE = {loose: tuple(f"\n{tag} {blank}- " for tag in ("TI", "T1", "AN", "U2")) for loose, blank in ((0, " "), (1, ""))}


def _is_strict(end: re.Match[str]) -> bool:
    return end.group().lstrip()[2:].startswith("  ")


def _is_loose(text: Text) -> bool:
    first = next(filter(None, (_START.search(window) for window in text.windows())), None)
    return first is not None and first["loose"] is not None


# As far as a type line looks ahead.
_AHEAD = 24


def _cut(text: str) -> int:
    """Behind the last end of a record, or where none ends so before the last type line that follows another one."""
    at = text.rfind("\nER  -")
    while at > 0:
        if (end := _BOUNDARY.match(text, at)) and end.end() < len(text):
            return end.end()
        at = text.rfind("\nER  -", 0, at)
    found, before, loose = 0, False, False
    for mark in _BOUNDARY.finditer(text):
        if mark.end() + _AHEAD > len(text):
            break
        if mark["type"] is not None:
            found = mark.start() if before else found
            before, loose = True, mark["loose"] is not None
        elif loose or _is_strict(mark):
            found, before = mark.end(), False
    return found


def _strays(text: str, start: int, end: int, lines: Lines, how: tuple[bool, bool]) -> Iterator[Entry]:
    """An entry whose type line is missing: what ends with ER, or has a title or an abstract."""
    ended, loose = how
    block = text[start:end]
    if not block.strip():
        return
    head = _tags(loose, False).search(block) if "-" in block else None
    if ended or (head and _has_title(block, loose)):
        begin = head.start() if head else len(block) - len(block.lstrip()) - 1
        if not head:
            yield Entry(lines.number(start + begin), block, _as_text, closed=False)
        else:
            yield from _apart(text, start, end, lines, (False, loose), begin)


def _as_text(block: str) -> Tags:
    return [("", block.strip())]


def _has_title(block: str, loose: bool) -> bool:
    return any(tag in _TITLES for tag, _ in (_LOOSE if loose else _STRICT)(block))


def _leading(text: str, start: int, end: int, loose: bool) -> int:
    """Where a record begins whose first tags stand directly above its type line, as CiteSource writes DB."""
    block = text[start:end]
    if "-" not in block or _has_title(block, loose):
        return end
    lines = block.split("\n")
    while len(lines) > 1 and _tags(loose, False).match(f"\n{lines[-1]}"):
        end -= len(lines.pop()) + 1
    return end


def count(text: Text) -> int:
    """Records by cutting the text at its type lines, and what lies behind the end of each part once more at ER."""
    total, loose = 0, _is_loose(text)
    for piece, _ in text.pieces(_cut):
        number, loose = _count(piece, loose)
        total += number
    return total


def _count(text: str, loose: bool) -> tuple[int, bool]:
    """Records of a piece, and whether its last type line is a loose one."""
    starts = [(found.start(), found["loose"] is not None) for found in _START.finditer(text)]
    first = starts[0][0] if starts else len(text)
    total = len(starts) + _outside(text[:first], loose)
    for (start, loose), (stop, _) in pairwise([*starts, (len(text), False)]):
        end = _ENDS[loose].search(text, start, stop)
        total += _more(text[start : end.start() if end else stop], loose)
        if end and stop - end.end() > _SHORTEST:
            total += _outside(text[end.end() : stop], loose)
    return total, loose


# "\nTI -" is the shortest text that can be an entry.
_SHORTEST = 4
_ENDS = {False: re.compile(_HEAD + _END.replace("{1,3}", "{2,3}")), True: re.compile(_HEAD + _END)}
_TITLE = {
    loose: tuple(re.compile(rf"\n{tag} {blanks}-[ \t][ \t]*+[^\n]") for tag in ("TI", "T1"))
    for loose, blanks in ((False, "{2}"), (True, ""))
}
_STRAY_TITLE = {
    loose: re.compile(rf"{_HEAD}(?:TI|T1|CT|AB|N2) {blanks}-(?:[ \t\u00a0\n]|\Z)") for loose, blanks in _BLANKS.items()
}


def _outside(text: str, loose: bool) -> int:
    """Entries without a type line: pieces before an ER that are not blank, and a last piece with a title."""
    if "-" not in text:
        return 0
    *pieces, last = _ENDS[loose].split(text)
    more = sum(_more(piece, loose) for piece in (*pieces, last))
    return more + sum(not piece.isspace() for piece in pieces if piece) + (_STRAY_TITLE[loose].search(last) is not None)


def _more(text: str, loose: bool) -> int:
    """How many paragraphs of one entry have a title besides the first that has one."""
    if text.find("\n\n") < 0:
        return 0
    paragraphs = re.split(r"\n(?=\n)", text)
    return max(0, *(sum(title.search(part) is not None for part in paragraphs) - 1 for title in _TITLE[loose]))
