"""Consensus on risk of bias."""

from reviewflow import appraisal, records
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "consensus on risk of bias"):
    config = snakemake.params.config
    tables = appraisal.build(
        config,
        appraisal.read_tools(records.bundled_tools() | records.own_tools()),
        records.appraised(config),
        records.answered(config),
        records.one("records/appraisal/adjudication"),
        read_result(snakemake.input.studies),
        read_result(snakemake.input.contrasts),
    )
    write_results(tables, dict(snakemake.output.items()))
