"""Compare the extractors' tables and join them to contrasts."""

from reviewflow import extraction, records
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results

with logged(snakemake.log[0], "comparing the extractors"):
    config = snakemake.params.config
    tables = extraction.build(
        config,
        records.extracted(config, "studies"),
        records.extracted(config, "arms"),
        records.extracted(config, "results"),
        records.one("records/extraction/adjudication"),
        records.one("records/extraction/study_reports"),
        records.one("config/outcomes"),
        read_result(snakemake.input.ledger),
        read_result(snakemake.input.clusters),
        read_result(snakemake.input.reports),
        records.one("records/extraction/overlaps"),
    )
    write_results(tables, dict(snakemake.output.items()))
