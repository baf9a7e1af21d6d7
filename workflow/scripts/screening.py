"""Turn votes into consensus, ledger, queue and flow."""

from pathlib import Path

from reviewflow import records, screening
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results, write_text

with logged(snakemake.log[0], "votes, consensus, ledger and flow"):
    config, inputs, output = snakemake.params.config, snakemake.input, dict(snakemake.output.items())
    worksheets, prisma = output.pop("worksheets"), output.pop("prisma")
    people = screening.People(
        {stage: records.decisions(config, stage) for stage in screening.STAGES},
        {stage: records.adjudication(stage) for stage in screening.STAGES},
        records.one("records/screening/retrieval"),
        records.one("records/extraction/study_reports"),
    )
    found = [read_result(inputs[name]) for name in ("records", "clusters", "reports", "notices")]
    tables = screening.build(config, people, records.one("records/search/searches"), *found)
    sheets = screening.worksheets(config, tables["queue"], found[2])
    write_results(tables, output)
    write_results(sheets, {Path(path).stem: path for path in worksheets})
    write_text(prisma, screening.prisma_csv(tables["flow"], records.one("config/exclusion_reasons")))
