"""Cluster the records into reports, and count what was found."""

from reviewflow import dedupe, records
from reviewflow.step import logged, tell
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "which records index the same report"):
    sightings = read_result(snakemake.input.records)
    tables = dedupe.build(snakemake.params.config, sightings, records.one("records/dedupe/rulings"))
    tables |= dedupe.overview(sightings, tables)
    write_results(tables, dict(snakemake.output.items()))
    tell(f"{len(tables['reports'])} reports, {len(tables['doubtful_pairs'])} doubtful pairs to rule on")
