"""What people type, before it is written."""

import re
import unicodedata

# Everything of Unicode's categories Cc and Cs but line break and tab: no program that opens the file shows them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def note_of(text: str) -> str:
    """A note with one kind of line end and without control characters, composed as keyboards do it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", lines)).strip()
