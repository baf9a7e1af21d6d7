"""What the pages of import and deduplication are made of, and where their tables and reports lie."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from reviewflow.page import wording
from reviewflow.page.document import Link, Table
from reviewflow.tables import rows_of

Line = dict[str, Any]


@dataclass(frozen=True)
class View:
    """Tables by their names below results/. Within the report of the review (`states` has the state of each report in
    the ledger) tables are written beside it and reports have a place to lead to; a page of its own, in
    results/dedupe/, leads to the tables as they are."""

    tables: Mapping[str, pd.DataFrame]
    states: Mapping[str, str] | None = None

    @property
    def alone(self) -> bool:
        """Whether this is the page in results/dedupe/."""
        return self.states is None

    def lines(self, name: str) -> list[Line]:
        """The rows of a table."""
        return rows_of(self.tables[name])

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return len(self.tables[name])

    def placed(self, table: Table, name: str) -> Table:
        """A table that lies somewhere as CSV: as the result `name`, or among the tables of the report."""
        folder, _, own = name.partition("/")
        if not self.alone:
            return replace(table, file=table.name)
        return replace(table, href=f"{own}.csv" if folder == "dedupe" else f"../{name}.csv")

    def report(self, report_id: str) -> Link:
        """A report, leading to its place where the page has one."""
        return Link(report_id, "" if self.alone else wording.to("report", report_id))

    def state(self, report_id: str) -> str:
        """The state of a report in the ledger; blank where there is no ledger."""
        return (self.states or {}).get(report_id, "")
