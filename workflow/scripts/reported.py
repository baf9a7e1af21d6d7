"""Audit the numbers that a publication prints."""

from reviewflow import records, reported
from reviewflow.step import logged
from reviewflow.tables import write_results

with logged(snakemake.log[0], "auditing the numbers that are printed"):
    write_results(reported.build(records.published(reported.TABLES)), dict(snakemake.output.items()))
