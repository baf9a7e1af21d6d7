"""Fail with the list of all that is missing or unresolved."""

from reviewflow import records
from reviewflow.step import logged
from reviewflow.tables import read_stages
from reviewflow.waiting import require_finished

with logged(snakemake.log[0], "is everything there and resolved?"):
    tables = records.for_report() | read_stages(snakemake.input.tables)
    require_finished(snakemake.params.config, tables)
