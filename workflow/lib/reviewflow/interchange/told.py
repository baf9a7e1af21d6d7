"""What Rayyan, ASReview and Covidence write about a decision, in their own words."""

import json
import re
from collections.abc import Iterable, Mapping

from . import marker
from .columns import Row, decision, joined

# The decisions as words for a person, as people and reference managers use them.
DONE = {"include": "included", "exclude": "excluded", "unsure": "unsure"}
_RAYYAN = {"include": "Included", "exclude": "Excluded", "unsure": "Maybe"}
_FROM_RAYYAN = {word: ours for ours, word in _RAYYAN.items()}
# Rayyan names a person for each decision; this stands for the consensus, which is nobody's own.
CONSENSUS = "reviewflow consensus"
_INCLUSION = re.compile(r"RAYYAN-INCLUSION: +\{(?P<pairs>[^}]*)\}")
_PAIR = re.compile(r'"(?P<who>[^"]*)"\s*=>\s*"(?P<what>[^"]*)"')
_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS: +(?P<reasons>[^|]*)")
_USER_NOTES = re.compile(r"USER-NOTES: +\{(?P<notes>(?:[^}\"]|\"(?:[^\"\\]|\\.)*\")*)\}")
_OWN_NOTES = re.compile(r'"(?P<who>[^"]*)"\s*=>\s*\[(?P<texts>(?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]')
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ASREVIEW = {"ASReview_relevant": "include", "ASReview_irrelevant": "exclude"}
_ASREVIEW_CELL = re.compile(r"asreview_(note|time|user_name|user_email|tag_[^:]+): (.*)", re.DOTALL)
# A column for each tag, with 1 where it is ticked.
_TICKED = re.compile(r"tag_.+=1(?:\.0)?", re.DOTALL)
_COVIDENCE_REASON = re.compile(r"Exclusion reason: +([^;|]*)")


def rayyan_text(row: Row) -> str:
    """A decision as Rayyan writes it into the notes, or ""."""
    if not row["decision"]:
        return ""
    who = marker.pack(row["reviewer"]) or CONSENSUS
    parts = [f'RAYYAN-INCLUSION: {{"{who}"=>"{_RAYYAN[row["decision"]]}"}}']
    if row["reason"]:
        parts.append(f"RAYYAN-EXCLUSION-REASONS: {marker.pack(row['reason'], also=',')}")
    return " | ".join(parts)


def rayyan_notes(notes: Iterable[str]) -> list[Row]:
    """What each reviewer decided in Rayyan. Its reasons belong to the record: each who excludes it has them."""
    told = []
    for note in notes:
        found = _INCLUSION.search(note)
        reasons = _REASONS.search(note)
        named = joined(marker.unpack(r) for r in reasons["reasons"].split(",")) if reasons else ""
        own = _own_notes(note)
        for who, what in _PAIR.findall(found["pairs"]) if found else ():
            reviewer = "" if who == CONSENSUS else marker.unpack(who)
            # A word that Rayyan is not known to use stays as it is: the caller names it as a fault.
            says = _FROM_RAYYAN.get(what, what)
            reason = named if says == "exclude" else ""
            told.append(decision(decision=says, reason=reason, reviewer=reviewer, note=own.get(who, "")))
    return told


def _own_notes(note: str) -> dict[str, str]:
    found = _USER_NOTES.search(note)
    people = _OWN_NOTES.findall(found["notes"]) if found else ()
    return {who: joined(text.replace('\\"', '"') for text in _TEXT.findall(texts)) for who, texts in people}


def asreview_note(notes: Iterable[str]) -> list[Row]:
    """What ASReview says in the notes of a RIS file."""
    listed = list(notes)
    label = next((says for note in listed for word, says in _ASREVIEW.items() if word == paragraph(note)), "")
    cells = {found[1]: _json(found[2]) for note in listed if (found := _ASREVIEW_CELL.fullmatch(paragraph(note)))}
    return [asreview_cells(label, cells)] if label else []


def asreview_cells(label: str, cells: Mapping[str, str]) -> Row:
    """A label with ASReview's columns of note, time and user, and the tags that are ticked as reasons."""
    who, when = cells.get("user_name", "") or cells.get("user_email", ""), cells.get("time", "")
    tags = joined(name.removeprefix("tag_") for name, ticked in cells.items() if _TICKED.fullmatch(f"{name}={ticked}"))
    return decision(decision=label, reason=tags, note=cells.get("note", ""), reviewer=who, decided_at=when)


def paragraph(note: str) -> str:
    """A note without the <p> that Zotero wraps it in."""
    return note.removeprefix("<p>").removesuffix("</p>").strip()


def _json(text: str) -> str:
    """A value as ASReview writes it into RIS; what is blank stands there as null or NaN."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if value is None or value != value:  # noqa: PLR0124 NaN alone does
        return ""
    return value if isinstance(value, str) else text


def covidence_reason(notes: str) -> str:
    """The reason that Covidence notes with a full-text exclusion."""
    found = _COVIDENCE_REASON.search(notes)
    return found[1].strip() if found else ""
