"""Pool every analysis, try how robust it is, and compare with published rows."""

from reviewflow import records, synthesis
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "pooling every analysis"):
    inputs = dict(snakemake.input.items())
    further = {name: read_result(inputs[name], only) for name, only in synthesis.FURTHER.items()}
    tables = synthesis.build(
        snakemake.params.config,
        records.one("config/analyses"),
        read_result(inputs["contrasts"]),
        records.one("records/published/estimates"),
        records.one("config/outcomes"),
        further,
    )
    tables["identities"] = synthesis.identities(tables["effects"], tables["pooled"], further["studies"])
    write_results(tables, dict(snakemake.output.items()))
