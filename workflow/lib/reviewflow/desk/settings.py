"""What a person sets for the page: shortcuts, own highlighted words, what was put off. Kept in .reviewflow/."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from reviewflow.events import WORKROOM

# More words than this make a text unreadable and the page slow.
MOST_WORDS = 200
LONGEST_WORD = 100


@dataclass(frozen=True)
class Settings:
    """One person's settings; `skipped` are the reports put off at each stage, in this order."""

    shortcuts: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    skipped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_settings(root: Path, person: str) -> Settings:
    """A person's settings; the defaults where there are none or the file cannot be read."""
    try:
        found = json.loads(_place(root, person).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    skipped = found.get("skipped")
    put_off = {str(k): _words(v) for k, v in skipped.items()} if isinstance(skipped, dict) else {}
    include, exclude = _words(found.get("include")), _words(found.get("exclude"))
    return Settings(found.get("shortcuts") is not False, include, exclude, put_off)


def write_settings(root: Path, person: str, settings: Settings) -> None:
    """Keep a person's settings."""
    place = _place(root, person)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    beside.write_text(json.dumps(asdict(settings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, place)


def words_of(text: str) -> tuple[str, ...]:
    """Words and phrases, one a line. Raises ValueError where there are too many or one is too long."""
    found = tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip(" \t*")))
    if len(found) > MOST_WORDS:
        raise ValueError(f"{len(found)} words and phrases; {MOST_WORDS} are as many as the page marks")
    long = [word for word in found if len(word) > LONGEST_WORD]
    if long:
        raise ValueError(f'"{long[0][:40]}…" is longer than {LONGEST_WORD} characters')
    return found


def _words(found: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in found if isinstance(word, str)) if isinstance(found, list) else ()


def _place(root: Path, person: str) -> Path:
    return root / WORKROOM / f"settings_{person}.json"
