"""What is exchanged: the columns of a row that goes out, and what comes back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from reviewflow.faults import Fault

# A cell may be blank but is always there; lists have ; between values.
Row = dict[str, str]
FIELDS = (
    "record_id", "record_ids", "sources", "searches", "accession", "database", "pmid", "pmcid", "doi", "trial_ids",
    "title", "translated_title", "authors", "year", "journal", "journal_abbreviation", "issn", "volume", "issue",
    "pages", "abstract", "language", "publication_type", "keywords", "notice", "notice_role", "url", "notes",
)  # fmt: skip
LISTS = frozenset(
    ("record_ids", "sources", "searches", "database", "trial_ids", "authors", "issn", "publication_type", "keywords")
)
DECISION = ("stage", "decision", "reason", "note", "reviewer", "decided_at")
# How far a record has come, in the words of CiteSource; no format but that one has a place for it.
PHASES = "phases"
DECISIONS = ("include", "exclude", "unsure")


@dataclass
class Parsed:
    """One entry of a file as a tool gives it back.

    `names` are the places that may hold our record_id, `accession` is the number that the entry has besides, `ours`
    the decision that we wrote into it and `told` what the tool itself says, a row a reviewer.
    """

    line: int
    fields: Row
    names: list[str]
    accession: str = ""
    ours: Row = field(default_factory=dict)
    told: list[Row] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


class Returned(NamedTuple):
    """A file that came back.

    `records` has the fields of each entry that is one of our records. `decisions` has a row for each reviewer whose
    decision on it the file gives, or one without a decision: record_id, the columns of `DECISION` (blank where the
    file does not say), `origin` and `line`. origin is `carried` where the decision is the one that the export took
    out, `told` where the tool says something else. `faults` are the entries that could not be read or identified.
    """

    records: pd.DataFrame
    decisions: pd.DataFrame
    faults: list[Fault]


def one_line(text: str) -> str:
    """Text on one line: each run of white space, line ends among it, is one blank."""
    return " ".join(text.split())


def blank() -> Row:
    """A row with every cell blank."""
    return dict.fromkeys((*FIELDS, *DECISION, PHASES), "")


def decision(**cells: str) -> Row:
    """What is said about one record."""
    return dict.fromkeys(DECISION, "") | cells


def joined(values: Iterable[str]) -> str:
    """Values as the tables write a list."""
    return "; ".join(value for value in values if value)
