"""Read the exports."""

from reviewflow import records, search
from reviewflow.step import logged, tell
from reviewflow.tables import raise_faults, write_results

with logged(snakemake.log[0], "reading the exports"):
    exports, faults = search.read_exports(records.exports())
    raise_faults(faults)
    tables = search.build(records.one("records/search/searches"), exports)
    write_results(tables, dict(snakemake.output.items()))
    tell(f"{len(tables['records'])} records in {len(exports)} exports, {len(tables['rejected'])} entries rejected")
