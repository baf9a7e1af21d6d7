"""Pool every analysis and compare with published rows."""

from reviewflow import records, synthesis
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "pooling every analysis"):
    tables = synthesis.build(
        snakemake.params.config,
        records.one("config/analyses"),
        read_result(snakemake.input.contrasts),
        records.one("records/published/estimates"),
        records.one("config/outcomes"),
    )
    studies = read_result(snakemake.input.studies)
    tables["identities"] = synthesis.identities(tables["effects"], tables["pooled"], studies)
    write_results(tables, dict(snakemake.output.items()))
