"""Read the exports."""

from reviewflow import records, search
from reviewflow.step import logged, tell
from reviewflow.tables import Spool, write_results

with logged(snakemake.log[0], "reading the exports"), Spool(snakemake.output.records) as rows:
    tables = search.build(records.one("records/search/searches"), records.exports(), rows.add)
    write_results({"records": rows} | tables, dict(snakemake.output.items()))
    balance, rejected = tables["balance"], tables["rejected"]
    tell(f"{balance['parsed'].sum()} records in {len(balance)} exports, {len(rejected)} entries rejected")
