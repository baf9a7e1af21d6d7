"""What was on the screen when a decision was made: a digest of the text, which the decision carries."""

import hashlib
import unicodedata

# A letter, so that no spreadsheet takes it for a number, and 12 hexadecimal digits.
_LENGTH = 12
_UNIT = "\x1f"


def seen_digest(title: str, translated_title: str, abstract: str) -> str:
    """The digest of a report's text. How characters are composed and where lines break does not count."""
    parts = [_plain(part) for part in (title, translated_title, abstract)]
    return "t" + hashlib.sha256(_UNIT.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _plain(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        # Nothing is composed, and the only white space is single spaces.
        return text.strip(" ")
    return " ".join(unicodedata.normalize("NFC", text).split())
