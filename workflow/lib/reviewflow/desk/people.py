"""Who may come to the page: those whom the protocol names."""

from collections.abc import Mapping
from typing import Any

from reviewflow.config import CONFIG
from reviewflow.faults import Fault


def people_of(config: Mapping[str, Any]) -> list[str]:
    """The reviewers and the adjudicator of today. Former reviewers have nothing to decide any more."""
    screening = config["screening"]
    return [person for person in (*screening["reviewers"], screening["adjudicator"]) if person]


def unknown(person: str, config: Mapping[str, Any]) -> list[Fault]:
    """The fault of a name that the protocol does not have."""
    known = people_of(config)
    if person in known:
        return []
    mend = f"name one of {', '.join(known)}" if known else "name reviewers there first"
    return [Fault(CONFIG, 0, "screening", f'"{person}" is neither a reviewer nor the adjudicator', mend)]
