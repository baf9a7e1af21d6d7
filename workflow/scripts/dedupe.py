"""Cluster the records into reports, and show what was found."""

from reviewflow import dedupe, duplicates, records
from reviewflow.step import logged, tell
from reviewflow.tables import read_result, read_stages, write_results, write_text

with logged(snakemake.log[0], "which records index the same report"):
    inputs, output = snakemake.input, dict(snakemake.output.items())
    page = output.pop("page")
    sightings = read_result(inputs.records)
    tables = dedupe.build(snakemake.params.config, sightings, records.one("records/dedupe/rulings"))
    tables |= dedupe.overview(sightings, tables)
    write_results(tables, output)
    found = {f"dedupe/{name}": table for name, table in tables.items()}
    write_text(page, duplicates.page(found | read_stages([inputs.balance, inputs.rejected])))
    tell(f"{duplicates.told(found)}: see {page}")
