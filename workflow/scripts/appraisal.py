"""Consensus on risk of bias and certainty."""

from reviewflow import appraisal, records
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "risk of bias and certainty"):
    config = snakemake.params.config
    tables = appraisal.build(
        config,
        records.appraised(config),
        records.one("records/appraisal/adjudication"),
        records.one("records/appraisal/certainty"),
        read_result(snakemake.input.studies),
        records.one("config/analyses"),
    )
    write_results(tables, dict(snakemake.output.items()))
