"""The boxes of the PRISMA 2020 flow diagram, each a query over the ledger.

Names are those of the PRISMA2020 package for R (Haddaway et al. 2022, Campbell Syst Rev 18:e1230); names that end in
`_awaiting...` or begin with `records_awaiting` are ours, for reviews that are not finished. `H` numbers are the
identities of results/screening/identities.csv.
"""

from dataclasses import dataclass

import pandas as pd

EXCLUDED_TITLE_ABSTRACT = frozenset({"excluded_title_abstract"})
AWAITING_TITLE_ABSTRACT = frozenset({"awaiting_title_abstract", "conflict_title_abstract"})
AWAITING_RETRIEVAL = frozenset({"awaiting_retrieval"})
NOT_RETRIEVED = frozenset({"not_retrieved"})
AWAITING_FULL_TEXT = frozenset({"awaiting_full_text", "conflict_full_text"})
EXCLUDED_FULL_TEXT = frozenset({"excluded_full_text"})
INCLUDED = frozenset({"included"})
ASSESSED = AWAITING_FULL_TEXT | EXCLUDED_FULL_TEXT | INCLUDED
SOUGHT = AWAITING_RETRIEVAL | NOT_RETRIEVED | ASSESSED
SCREENED = AWAITING_TITLE_ABSTRACT | EXCLUDED_TITLE_ABSTRACT | SOUGHT
PENDING = AWAITING_TITLE_ABSTRACT | AWAITING_RETRIEVAL | AWAITING_FULL_TEXT


@dataclass(frozen=True)
class Box:
    """A count of reports: those of `route` whose state in the ledger is one of `states`."""

    data: str
    route: str
    states: frozenset[str]
    by_reason: bool = False


BOXES = (
    Box("records_screened", "database", SCREENED),
    Box("records_excluded", "database", EXCLUDED_TITLE_ABSTRACT),
    Box("records_awaiting", "database", AWAITING_TITLE_ABSTRACT),
    Box("dbr_sought_reports", "database", SOUGHT),
    Box("dbr_notretrieved_reports", "database", NOT_RETRIEVED),
    Box("dbr_awaiting_retrieval", "database", AWAITING_RETRIEVAL),
    Box("dbr_assessed", "database", ASSESSED),
    Box("dbr_awaiting_assessment", "database", AWAITING_FULL_TEXT),
    Box("dbr_excluded", "database", EXCLUDED_FULL_TEXT, by_reason=True),
    Box("other_sought_reports", "other", SOUGHT),
    Box("other_notretrieved_reports", "other", NOT_RETRIEVED),
    Box("other_awaiting_retrieval", "other", AWAITING_RETRIEVAL),
    Box("other_assessed", "other", ASSESSED),
    Box("other_awaiting_assessment", "other", AWAITING_FULL_TEXT),
    Box("other_excluded", "other", EXCLUDED_FULL_TEXT, by_reason=True),
    Box("new_reports", "", INCLUDED),
)


def members(ledger: pd.DataFrame, box: Box) -> pd.DataFrame:
    """The rows of the ledger that a box counts."""
    chosen = ledger["state"].isin(box.states)
    if box.route:
        chosen &= ledger["route"] == box.route
    return ledger[chosen]


class BrokenIdentity(Exception):
    """A PRISMA identity does not hold: the flow diagram would be wrong."""


def prove(identities: pd.DataFrame) -> pd.DataFrame:
    """The identities as they are. Raises BrokenIdentity with both sides of each that does not hold."""
    broken = identities[~identities["ok"]]
    if len(broken):
        sides = zip(broken["identity"], broken["statement"], broken["left"], broken["right"], strict=True)
        raise BrokenIdentity("\n".join(f"{name}: {text}: {left} and {right}" for name, text, left, right in sides))
    return identities
