"""The encoding of an export, decided strictly: no character is ever replaced, and what fits by accident is refused."""

import codecs
import re
from collections.abc import Iterator

from .stream import Raw, decoded

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
# Characters that have a meaning to nobody but the one who made them. Chinese has none; Big5 read as GB 18030 has many.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_SHARE = 0.01
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Western text in Windows-1252 has an accent on one letter in ten or less, Cyrillic or Greek misread as it on all.
_WESTERN_SHARE = 0.25
_SAMPLE = 1 << 20
_LETTER = "A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff\u0152\u0153\u0160\u0161\u017d\u017e\u0178"
_ACCENTED = re.compile(f"[\xc0-\xff\u0152\u0153\u0160\u0161\u017d\u017e\u0178][{_LETTER}]*+")
# Windows-1251 and -1253: words of accented letters alone. Windows-1250: signs within words (Polish), grave i or u
# before a letter and Danish \xf8 beside an acute letter (Czech); Italian and French have the grave ones last.
_RUBBISH = re.compile(
    "(?P<run>[\xc0-\xff]{4,})|"
    f"[{_LETTER}][\xa1\xa4-\xa6\xa8\xac\xaf\xb2\xb3\xb6\xb8\xb9\xbc-\xbf][a-z\xdf-\xff]|"
    "[a-z][\xec\xf9][a-z]|[\xc0-\xff]\xf8[a-z]?[\xe1\xed\xfd\xec]|\xf8[\xe1\xed\xfd\xec]|[\xe1\xed\xfd\xec][a-z]?\xf8"
)
# A single word in another alphabet is certain; a sign within a word may be a slip, as R\xb2adj.
_CERTAIN = 1 << 30
_RUBBISH_SHARE = 0.02


def decode(raw: Raw) -> tuple[str, str]:
    """Text and encoding. Raises UnicodeDecodeError where none fits; no character is ever replaced."""
    encoding = encoding_of(raw)
    return "".join(decoded(raw, encoding)), encoding


def encoding_of(raw: Raw) -> str:
    """The encoding that the whole file is in: byte order mark, UTF-16 by its zero bytes, UTF-8, GB 18030 where it
    gives Chinese (older CNKI, Wanfang and CBM exports), Windows-1252.

    Raises UnicodeDecodeError where none fits.
    """
    head = raw[:4096]
    named = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "") or _sixteen(head)
    if named:
        _decode_all(raw, named)
        return named
    try:
        _decode_all(raw, "utf-8")
    except UnicodeDecodeError as error:
        _refuse_mixture(raw, error)
    else:
        return "utf-8"
    if _chinese(raw):
        return "gb18030"
    sample = raw[:_SAMPLE]
    if len(_HIGH.findall(sample)) > _WESTERN_SHARE * len(sample):
        raise UnicodeDecodeError("cp1252", sample, 0, 1, "too many letters outside ASCII for Windows-1252")
    _refuse_rubbish(raw)
    return "cp1252"


def _refuse_rubbish(raw: Raw) -> None:
    """Windows-1252 gives a letter or sign for nearly every byte, so that text in Windows-1250 or -1251 passes for it.
    Its words then look like none of a Western European language."""
    found = words = start = 0
    first: int | None = None
    for step in decoded(raw, "cp1252"):
        words += len(_ACCENTED.findall(step))
        for word in _RUBBISH.finditer(step):
            found += _CERTAIN if len(set(word["run"] or "")) > 2 else 1
            first = start + word.start() if first is None else first
        start += len(step)
    if first is not None and found >= max(2, _RUBBISH_SHARE * words):
        raise UnicodeDecodeError("cp1252", b"", first, first + 1, "not the words of Western European text")


def _decode_all(raw: Raw, encoding: str) -> None:
    for _ in decoded(raw, encoding):
        pass


def _sixteen(head: bytes) -> str:
    """UTF-16 without byte order mark: every second byte of its ASCII is zero."""
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    return "utf-16-be" if half and head[::2].count(0) > 0.4 * half else ""


def _refuse_mixture(raw: Raw, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 but for a few bytes was cut within a character or glued together from two encodings:
    read as Windows-1252 its accents would turn to rubbish."""
    within = _SAMPLE if error.start < _SAMPLE else len(raw)
    paired = high = 0
    for part in _parts(raw, within):
        paired += sum(map(len, _UTF8_PAIR.findall(part)))
        high += len(_HIGH.findall(part))
    if paired > high / 2 and not _chinese(raw):
        raise error


def _parts(raw: Raw, size: int) -> Iterator[bytes]:
    """The first bytes in parts that end with a line where they can, so that no character is taken apart."""
    rest = b""
    for start in range(0, min(size, len(raw)), _SAMPLE):
        rest += raw[start : min(start + _SAMPLE, size)]
        end = rest.rfind(b"\n") + 1 or len(rest)
        yield rest[:end]
        rest = rest[end:]
    yield rest


def _chinese(raw: Raw) -> bool:
    """Whether the file is GB 18030. Windows-1252 text can pass as GB 18030, but then hardly any pair falls on the
    common Han characters, those of GB 2312."""
    try:
        _decode_all(raw, "gb18030")
        text = next(decoded(raw, "gb18030"))
    except UnicodeDecodeError as error:
        # Cut within a character at its very end: Chinese all the same, not Windows-1252.
        if error.start >= len(raw) - 4 and _is_chinese(raw[: min(error.start, _SAMPLE)].decode("gb18030", "ignore")):
            raise
        return False
    if chinese := _is_chinese(text):
        _refuse_private(text)
    return chinese


def _refuse_private(text: str) -> None:
    """Another encoding of East Asia, such as Big5, can pass as GB 18030, but much of it then has no meaning."""
    private = _PRIVATE.search(text)
    if private and len(_PRIVATE.findall(text)) > _PRIVATE_SHARE * 2 * len(_HAN.findall(text)):
        at = len(text[: private.start()].encode("gb18030"))
        raise UnicodeDecodeError("gb18030", b"", at, at + 1, "characters that Chinese does not have")


def _is_chinese(text: str) -> bool:
    pairs = _HAN.findall(text[:_SAMPLE])
    common = sum(len(pair.encode("gb2312", errors="ignore")) == 4 for pair in pairs)
    return len(pairs) >= 3 and common * 2 >= len(pairs)
