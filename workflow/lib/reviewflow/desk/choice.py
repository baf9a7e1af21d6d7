"""What a person chooses on a report, and why a choice may not be taken."""

from dataclasses import dataclass

DECISIONS = ("include", "exclude", "unsure")
LONGEST_NOTE = 10_000
BUSY = (
    "Another window or process of reviewflow has this file open. You can read here; to decide, close the other one and "
    "start this one again. Nothing is lost."
)


class Refused(Exception):
    """A decision that cannot be taken; nothing was written. The text says why and what helps."""


class Stands(Exception):
    """Another decision on the report stands than the one that the page showed; nothing was written."""


class Changed(Exception):
    """The text of the report is not the one that the page showed; nothing was written."""


@dataclass(frozen=True)
class Choice:
    """What a person chose."""

    decision: str
    reason: str = ""
    note: str = ""
