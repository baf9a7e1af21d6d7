"""What an export says of itself: how many went out with which decision, and what the format has no place for."""

from collections.abc import Iterator

import pandas as pd

from .formats import FORMATS
from .told import DONE

# Characters that a cell of Excel holds (its own specification); longer ones are cut when the file is opened there.
EXCEL = 32_767
# The longest cell that Python's csv module takes unless told otherwise; ASReview, which reads CSV with it through
# pandas, refuses a file with a longer one.
ASREVIEW = 131_072


def summary(name: str, records: pd.DataFrame) -> list[str]:
    """Lines for the terminal."""
    return [_counts(records), *_lost(name, records), *_long(name, records)]


def _counts(records: pd.DataFrame) -> str:
    decided = records["decision"].value_counts()
    parts = [f"{decided.get(now, 0)} {past}" for now, past in DONE.items()]
    return f"{len(records)} entries: {', '.join(parts)}, {decided.get('', 0)} without a decision"


def _lost(name: str, records: pd.DataFrame) -> Iterator[str]:
    """The columns that stay behind, with the number of records that have something there."""
    kind = FORMATS[name]
    filled = {column: int((records[column] != "").sum()) for column in kind.lost}
    named = ", ".join(f"{column} ({number})" for column, number in filled.items() if number)
    if named:
        yield f"{kind.label} has no column for {named}; --format ris and csv have"


def _long(name: str, records: pd.DataFrame) -> Iterator[str]:
    if FORMATS[name].suffix != "csv" or records.empty:
        return
    longest = records.map(len).max(axis=1)
    if cut := int((longest > EXCEL).sum()):
        yield f"{cut} entries have a text longer than the {EXCEL} characters that Excel shows; the file has it whole"
    if name == "asreview" and (refused := int((longest > ASREVIEW).sum())):
        yield f"ASReview refuses a table with a text longer than {ASREVIEW} characters ({refused} here): give it RIS"
