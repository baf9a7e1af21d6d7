"""Certainty of the evidence and Summary of Findings."""

from reviewflow import appraisal, records
from reviewflow.step import logged
from reviewflow.tables import read_result, read_stages, write_results

with logged(snakemake.log[0], "certainty of the evidence, Summary of Findings"):
    names = ("config/analyses", "config/outcomes", "records/appraisal/certainty", "records/appraisal/grade")
    tables = appraisal.certainty(
        snakemake.params.config,
        appraisal.read_tools(records.bundled_tools() | records.own_tools()),
        records.named(*names),
        read_result(snakemake.input.risk_of_bias),
        read_stages(snakemake.input.synthesis),
    )
    write_results(tables, dict(snakemake.output.items()))
