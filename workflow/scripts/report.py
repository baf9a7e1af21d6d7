"""Render the page, the figures and the tables."""

from reviewflow import records, report
from reviewflow.provenance import describe
from reviewflow.step import logged
from reviewflow.tables import read_stages, write_tree

with logged(snakemake.log[0], "rendering the page and its figures"):
    inputs, output = snakemake.input, snakemake.output
    stages = (
        inputs.search,
        inputs.dedupe,
        inputs.screening,
        inputs.extraction,
        inputs.risk_of_bias,
        inputs.appraisal,
        inputs.synthesis,
        inputs.reported,
    )
    tables = records.for_report() | read_stages(path for stage in stages for path in stage)
    made = describe(snakemake.params.code)
    pages = report.build(snakemake.params.config, tables, made.lasting, records.strategies())
    write_tree(pages | {"provenance.json": made.dated}, "results/report", output.figures, output.tables)
