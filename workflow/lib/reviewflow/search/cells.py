"""Values of tags as cells: markup and white space off, lists taken apart."""

import re

from reviewflow.text import clean

_WRAP = 60
_SEPARATOR = re.compile(r"[;；]")
_DASHES = tuple("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d")


def is_list(value: str) -> bool:
    """Whether one tag may hold several values."""
    return ";" in value or "\n" in value or "；" in value


def split(value: str) -> list[str]:
    """The values of a list in one tag: on lines of their own, or with semicolons between them."""
    lines: list[str] = []
    for line in value.split("\n"):
        if lines and (line[:1].isspace() or len(lines[-1]) > _WRAP):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return [piece for line in lines for piece in _SEPARATOR.split(clean(line) if "&" in line else line)]


def tidy(text: str) -> str:
    """`reviewflow.text.clean`, at once where there is nothing to clean."""
    if text.isprintable() and "  " not in text and "&" not in text and "<" not in text:  # noqa: SIM102 fastest first
        if text.isascii() or not any(dash in text for dash in _DASHES):
            return text.strip()
    return clean(text)
