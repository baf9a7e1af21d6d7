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
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Western text in Windows-1252 has an accent on one letter in ten or less, Cyrillic or Greek misread as it on all.
_WESTERN_SHARE = 0.25
_SAMPLE = 1 << 20


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
    _decode_all(raw, "cp1252")
    return "cp1252"


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
        return _is_chinese(next(decoded(raw, "gb18030")))
    except UnicodeDecodeError as error:
        # Cut within a character at its very end: Chinese all the same, not Windows-1252.
        if error.start >= len(raw) - 4 and _is_chinese(raw[: min(error.start, _SAMPLE)].decode("gb18030", "ignore")):
            raise
        return False


def _is_chinese(text: str) -> bool:
    pairs = _HAN.findall(text[:_SAMPLE])
    common = sum(len(pair.encode("gb2312", errors="ignore")) == 4 for pair in pairs)
    return len(pairs) >= 3 and common * 2 >= len(pairs)
