"""Cluster the records into reports, and show what was found."""

from reviewflow import dedupe, duplicates, records
from reviewflow.step import logged, tell
from reviewflow.tables import read_stages, write_results, write_text
from reviewflow.tables.columns import read_columns, write_columns

with logged(snakemake.log[0], "which records index the same report"):
    inputs, output = snakemake.input, dict(snakemake.output.items())
    sightings = read_columns(inputs.records)
    tables = dedupe.build_columns(snakemake.params.config, sightings, records.one("records/dedupe/rulings"))
    seen = dedupe.overview_columns(sightings, tables)
    write_columns(tables, {name: output[name] for name in tables})
    write_results(seen, {name: output[name] for name in seen})
    shown = [output[name] for name in (*seen, "doubtful_pairs")]
    found = {f"dedupe/{name}": table for name, table in tables.items()}
    found |= read_stages([*shown, inputs.balance, inputs.rejected])
    write_text(output["page"], duplicates.page(found))
    tell(f"{duplicates.told(found)}: see {output['page']}")
