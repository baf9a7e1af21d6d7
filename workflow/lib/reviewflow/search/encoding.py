"""The encoding of an export, decided strictly: no character is ever replaced, and what fits by accident is refused."""

import codecs
import re

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


def decode(raw: bytes) -> tuple[str, str]:
    """Text and encoding: byte order mark, UTF-16 by its zero bytes, UTF-8, GB 18030 where it gives Chinese
    (older CNKI, Wanfang and CBM exports), Windows-1252.

    Raises UnicodeDecodeError where none fits; no character is ever replaced.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding), encoding
    if sixteen := _sixteen(raw):
        return raw.decode(sixteen), sixteen
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_mixture(raw, error)
    if (chinese := _chinese(raw)) is not None:
        return chinese, "gb18030"
    sample = raw[:_SAMPLE]
    if len(_HIGH.findall(sample)) > _WESTERN_SHARE * len(sample):
        raise UnicodeDecodeError("cp1252", raw, 0, 1, "too many letters outside ASCII for Windows-1252")
    return raw.decode("cp1252"), "cp1252"


def _sixteen(raw: bytes) -> str:
    """UTF-16 without byte order mark: every second byte of its ASCII is zero."""
    head = raw[:4096]
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half:
        return "utf-16-le"
    return "utf-16-be" if half and head[::2].count(0) > 0.4 * half else ""


def _refuse_mixture(raw: bytes, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 but for a few bytes was cut within a character or glued together from two encodings:
    read as Windows-1252 its accents would turn to rubbish."""
    sample = raw[:_SAMPLE] if error.start < _SAMPLE else raw
    pairs = _UTF8_PAIR.findall(sample)
    if pairs and sum(map(len, pairs)) > len(_HIGH.findall(sample)) / 2 and _chinese(raw) is None:
        raise error


def _chinese(raw: bytes) -> str | None:
    """The text if it is GB 18030. Windows-1252 text can pass as GB 18030, but then hardly any pair falls on the
    common Han characters, those of GB 2312."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError as error:
        # Cut within a character at its very end: Chinese all the same, not Windows-1252.
        if error.start >= len(raw) - 4 and _is_chinese(raw[: error.start].decode("gb18030")):
            raise
        return None
    return text if _is_chinese(text) else None


def _is_chinese(text: str) -> bool:
    pairs = _HAN.findall(text[:_SAMPLE])
    common = sum(len(pair.encode("gb2312", errors="ignore")) == 4 for pair in pairs)
    return len(pairs) >= 3 and common * 2 >= len(pairs)
