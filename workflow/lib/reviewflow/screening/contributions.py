"""What each source contributed to the included reports."""

import pandas as pd

from reviewflow.tables import frame, split_list


def contributions(ledger: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Table contributions from the ledger and reports.csv: every source that found any report."""
    included = set(ledger.loc[ledger["state"] == "included", "report_id"])
    found: dict[str, list[int]] = {source: [0, 0] for cell in set(reports["sources"]) for source in split_list(cell)}
    for report, cell in zip(reports["report_id"], reports["sources"], strict=True):
        sources = split_list(cell) if report in included else []
        for source in sources:
            found[source][0] += 1
            found[source][1] += len(sources) == 1
    rows = [{"source": name, "included": n, "unique_included": unique} for name, (n, unique) in found.items()]
    return frame("results/screening/contributions", rows)
