"""What else a reader must know of the state of a review: what waits, and whether the counts add up."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pandas as pd

from reviewflow.tables import parse_time, rows_of

from .findings import Finding, several
from .lines import Line, votes_of

_TASKS = {
    "decide": "decision", "adjudicate": "conflict", "resolve_collision": "collision", "retrieve": "report to retrieve",
    "link_to_study": "included report without a study",
}  # fmt: skip
_MANY = {"retrieve": "reports to retrieve", "link_to_study": "included reports without a study"}
_STAGES = ("title_abstract", "full_text")
# How a protocol may name the part that says what is eligible, in English and in Chinese.
_ELIGIBILITY = re.compile(r"eligib|criteri|inclusion|exclusion|picos?\b|纳入|排除|标准", re.IGNORECASE)


def unresolved(queue: pd.DataFrame) -> Iterator[Finding]:
    """What waits, by task and person: conflicts and collisions are for a person to look at."""
    counts = Counter(zip(*(queue[name] for name in ("stage", "task", "person", "file")), strict=True))
    for (stage, task, person, file), n in counts.items():
        severity = "warning" if task in ("adjudicate", "resolve_collision") else "note"
        said = f"{several(n, _TASKS[task], _MANY.get(task, ''))} {'waits' if n == 1 else 'wait'}"
        said += f" for {person or 'somebody'}"
        yield Finding(severity, "unresolved", said, "", stage if stage in _STAGES else "", person, file=file)


def identities(table: pd.DataFrame, file: str) -> Iterator[Finding]:
    """PRISMA identities that do not hold."""
    for row in rows_of(table[~table["ok"]]):
        said = f"{row['identity']}: {row['statement']}: {row['left']} and {row['right']}"
        yield Finding("error", "identity", said, "the flow diagram would be wrong; report this", file=file)


def balance(table: pd.DataFrame) -> Iterator[Finding]:
    """Exports whose entries, records and hits do not agree."""
    for row in rows_of(table[~table["ok"]]):
        said = f"{row['export_file']}: {row['note'] or 'entries, records and hits do not agree'}"
        file = "results/search/balance.csv"
        yield Finding("error", "balance", said, "export the search anew, or correct hits in searches.csv", file=file)


def amended(amendments: pd.DataFrame, lines: Iterable[Line]) -> Iterator[Finding]:
    """Changes of what is eligible, made when decisions had begun."""
    days = Counter(line.time.date() for line in votes_of(lines) if line.time)
    for row in rows_of(amendments):
        day = parse_time(row["date"])
        earlier = sum(n for decided, n in days.items() if decided < day.date()) if day else 0
        if earlier and _ELIGIBILITY.search(f"{row['section']} {row['change']}"):
            many = several(earlier, "decision is", "decisions are")
            said = f"{row['section']} was amended on {row['date']}; {many} older: {row['change']}"
            mend = "say in the report whether they were looked at again"
            yield Finding("note", "amendment", said, mend, file=row["_file"], line=int(row["_line"]))
